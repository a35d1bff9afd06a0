//! `halfsour shelf export`.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use halfsour::shelve::Flag;

use super::{each_entry, open};
use crate::failure::{Failure, Result, Status};
use crate::terminal::Terminal;

const AFTER_HELP: &str = "\
Each value becomes a file KEY.pickle. In its name, bytes of the key other than letters,
digits and - _ . are %HH in hexadecimal; keys whose names would be too long are numbered,
and the file keys.tsv says which file has which key.";

/// Write each value of a shelf into a file of a new directory
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Export {
    /// The shelf
    #[arg(value_name = "SHELF")]
    shelf: String,
    /// The directory, which is made; if it is there, it is to be empty
    #[arg(value_name = "DIRECTORY")]
    to: PathBuf,
}

/// How long the name of a file may be; systems allow 255.
const LONGEST: usize = 200;

impl Export {
    pub(crate) fn run(&self, terminal: &mut Terminal) -> Result<Status> {
        let store = open(&self.shelf, Flag::Read)?;
        let of_folder = |error: io::Error| Failure::from(error).of(self.to.display());
        fs::create_dir_all(&self.to).map_err(of_folder)?;
        if fs::read_dir(&self.to).map_err(of_folder)?.next().is_some() {
            let failure = Failure::new("the directory is not empty").of(self.to.display());
            return Err(failure);
        }
        let (mut count, mut index) = (0_u64, String::new());
        each_entry(&*store, &self.shelf, true, |key, value| {
            count += 1;
            let name = file_name(key, count);
            index.push_str(&format!("{name}\t{}\n", crate::key::show(key)));
            create(&self.to, &name, &value)?;
            terminal.progress(format_args!("{count} keys"));
            Ok(())
        })?;
        create(&self.to, "keys.tsv", index.as_bytes())?;
        terminal.line(format!("{count} keys are in {}", self.to.display()))?;
        Ok(Status::Good)
    }
}

/// Makes a file that is not there yet.
fn create(folder: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    let path = folder.join(name);
    let made = OpenOptions::new().write(true).create_new(true).open(&path);
    made.and_then(|mut file| file.write_all(bytes))
        .map_err(|error| Failure::from(error).of(path.display()))
}

/// The name of the file of a key.
fn file_name(key: &[u8], number: u64) -> String {
    let mut name = String::new();
    for (at, &byte) in key.iter().enumerate() {
        match byte {
            // No file is hidden, and none is a directory's own.
            b'.' if at > 0 => name.push('.'),
            b'-' | b'_' => name.push(byte.into()),
            _ if byte.is_ascii_alphanumeric() => name.push(byte.into()),
            _ => name.push_str(&format!("%{byte:02x}")),
        }
    }
    match name.len() {
        1..=LONGEST => name + ".pickle",
        _ => format!("%{number}.pickle"),
    }
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn no_key_leads_out_of_the_directory() {
        assert_eq!(file_name(b"dill.1", 1), "dill.1.pickle");
        assert_eq!(file_name(b"../etc/passwd", 1), "%2e.%2fetc%2fpasswd.pickle");
        assert_eq!(file_name(b"C:\\a", 1), "C%3a%5ca.pickle");
        assert_eq!(file_name("ü\0".as_bytes(), 1), "%c3%bc%00.pickle");
        assert_eq!(file_name(b"", 7), "%7.pickle");
        assert_eq!(file_name(&[b'a'; 201], 12), "%12.pickle");
    }
}
