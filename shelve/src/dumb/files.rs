//! The files of a database: their names, and writing one so that a crash leaves the old or the new.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The names of the files of a database.
#[derive(Clone, Debug)]
pub(super) struct Files {
    pub(super) name: PathBuf,
    /// The values.
    pub(super) dat: PathBuf,
    /// The index.
    pub(super) dir: PathBuf,
    /// The index before, a courtesy of CPython's.
    pub(super) bak: PathBuf,
    /// The values and the index that `reorganize` makes. That there is the index says that both are complete.
    pub(super) new_dat: PathBuf,
    pub(super) new_dir: PathBuf,
    /// An index that is being written.
    partial: PathBuf,
}

impl Files {
    pub(super) fn new(name: &Path) -> Self {
        let with = |suffix: &str| {
            let mut path = name.as_os_str().to_owned();
            path.push(suffix);
            PathBuf::from(path)
        };
        Self {
            name: name.to_owned(),
            dat: with(".dat"),
            dir: with(".dir"),
            bak: with(".bak"),
            new_dat: with(".dat.new"),
            new_dir: with(".dir.new"),
            partial: with(".dir.partial"),
        }
    }

    /// Deletes the database.
    pub(super) fn remove(&self) -> io::Result<()> {
        let files = [&self.new_dir, &self.new_dat, &self.partial, &self.dir, &self.bak, &self.dat];
        files.into_iter().try_for_each(|path| remove_if_there(path))
    }

    /// Ends what a crash has interrupted: a reorganised database takes the place of the old one, or is forgotten. Returns
    /// whether the files were replaced. The caller has the lock.
    pub(super) fn roll_forward(&self) -> io::Result<bool> {
        if !self.new_dir.exists() {
            return remove_if_there(&self.new_dat).map(|()| false);
        }
        if self.new_dat.exists() {
            fs::rename(&self.new_dat, &self.dat)?;
        }
        fs::rename(&self.new_dir, &self.dir)?;
        sync_directory(&self.dir).map(|()| true)
    }

    /// Replaces the index, and keeps the old one as `.bak`.
    pub(super) fn replace_index(&self, index: &[u8], mode: u32) -> io::Result<()> {
        self.write_durably(index, mode)?;
        if self.dir.exists() {
            remove_if_there(&self.bak)?;
            if fs::hard_link(&self.dir, &self.bak).is_err() {
                fs::copy(&self.dir, &self.bak)?;
            }
        }
        fs::rename(&self.partial, &self.dir)?;
        sync_directory(&self.dir)
    }

    /// Writes the index of a reorganised database, which makes it valid.
    pub(super) fn write_new_index(&self, index: &[u8], mode: u32) -> io::Result<()> {
        self.write_durably(index, mode)?;
        fs::rename(&self.partial, &self.new_dir)?;
        sync_directory(&self.dir)
    }

    fn write_durably(&self, index: &[u8], mode: u32) -> io::Result<()> {
        let mut file =
            with_mode(mode).write(true).create(true).truncate(true).open(&self.partial)?;
        file.write_all(index)?;
        file.sync_all()
    }
}

/// Returns options to make files with permissions, from which the system takes its umask.
pub(crate) fn with_mode(mode: u32) -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    options
}

/// Deletes a file, if there is one.
pub(crate) fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Makes the names in a file's directory last.
pub(crate) fn sync_directory(file: &Path) -> io::Result<()> {
    let directory = match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    if cfg!(unix) { File::open(directory)?.sync_all() } else { Ok(()) }
}
