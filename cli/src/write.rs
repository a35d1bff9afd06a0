//! Writing a file: as a whole or not at all.

use std::fs;
use std::io::Write;
use std::path::Path;

use crate::failure::{Failure, Result};
use crate::terminal::Terminal;

/// Writes a file, `-` being standard output. A file that is there is replaced when everything is written, and stays as it
/// is if that fails: it may be what was read.
pub(crate) fn write(terminal: &mut Terminal, name: &str, bytes: &[u8]) -> Result<()> {
    if name == "-" {
        return terminal.raw(bytes);
    }
    replace(Path::new(name), bytes).map_err(|error| Failure::from(error).of(name))
}

fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    // Of a link, what it leads to is replaced.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let there = fs::metadata(&target).ok();
    if there.as_ref().is_some_and(|it| !it.is_file()) {
        // A device, a pipe.
        return fs::OpenOptions::new().write(true).open(&target)?.write_all(bytes);
    }
    let folder = target.parent().filter(|it| !it.as_os_str().is_empty());
    let mut builder = tempfile::Builder::new();
    builder.prefix(".halfsour-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder.unwrap_or(Path::new(".")))?;
    file.write_all(bytes)?;
    if let Some(there) = there {
        file.as_file().set_permissions(there.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(&target)?;
    Ok(())
}
