//! Archives of PyTorch: zip files in which `data.pkl` refers to the storages beside it.

use std::io::{Read, Seek};

use zip::ZipArchive;
use zip::result::ZipError;

use super::Part;
use crate::failure::{Failure, Result};
use crate::limits::LimitOptions;

/// How many members are named when none is a pickle.
const NAMED: usize = 5;

/// Whether a file begins as a zip file does.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// Opens the members that are pickles, as PyTorch names them: all whose names end in `.pkl`.
pub(super) fn open(
    file: &str,
    archive: impl Read + Seek,
    limits: &LimitOptions,
) -> Result<Vec<Part>> {
    let mut archive = ZipArchive::new(archive).map_err(say)?;
    let (mut parts, mut others) = (Vec::new(), Vec::new());
    let mut left = limits.unpacked();
    // By number, so that of two members with one name neither hides the other.
    for number in 0..archive.len() {
        let name = {
            let member = archive.by_index_raw(number).map_err(say)?;
            String::from_utf8_lossy(member.name_raw()).into_owned()
        };
        if !name.ends_with(".pkl") {
            if others.len() < NAMED {
                others.push(name);
            }
            continue;
        }
        let place = format!("{file}: {name}");
        let member = archive.by_index(number).map_err(|error| say(error).of(&place))?;
        let bytes = left.read(member).map_err(|failure| failure.of(&place))?;
        left.most -= bytes.len() as u64;
        parts.push(Part::new(place, bytes));
    }
    if parts.is_empty() {
        let what = match archive.len() {
            0 => "an empty zip archive".to_owned(),
            _ => format!("a zip archive of {} members without a pickle", archive.len()),
        };
        let hint = format!("there are {}", others.join(", "));
        return Err(Failure::new(format!("it is {what}")).hint(hint));
    }
    Ok(parts)
}

fn say(error: ZipError) -> Failure {
    Failure::new(format!("the zip archive: {error}"))
}
