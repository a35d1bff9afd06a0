//! The containers: how to get at the pickles in a file.

use std::io::{Cursor, Read};

use flate2::read::{GzDecoder, ZlibDecoder};
use halfsour_pickle::{Opcode, tools};

use super::joblib;
use crate::stream::decode_base64;

/// A pickle of a file.
#[derive(Clone, Debug)]
pub struct WildStream {
    /// The pickle alone.
    pub bytes: Vec<u8>,
    /// How many pickles it is, if one pickler wrote several, over one memo.
    pub pickles: usize,
    /// The offsets before which something else than opcodes was taken out.
    pub gaps: Vec<usize>,
}

type Opened = std::result::Result<Vec<WildStream>, String>;

/// The pickles of a file.
pub(super) fn open(container: &str, file: &[u8]) -> Opened {
    match container {
        "pickle" => Ok(WildStream::end_to_end(file)),
        "pickle+gzip" => Ok(WildStream::end_to_end(&read_all(GzDecoder::new(file))?)),
        "npy" => npy(file),
        "torch-zip" => torch_zip(file),
        // A number that marks the format, the version of the format, facts about the machine, the data, and the keys of
        // the storages that follow.
        "torch-legacy" => Ok(WildStream::end_to_end(file).into_iter().take(5).collect()),
        "django-session" => django_session(file),
        "django-filecache" => django_filecache(file),
        // Its index, which is text; the pickles are in another file.
        "shelve-dbm_dumb-bak" => Ok(Vec::new()),
        _ => match container.strip_prefix("joblib") {
            Some(packing) => joblib::open(&unpack(packing, file)?),
            None => Err(format!("container {container} is unknown")),
        },
    }
}

impl WildStream {
    /// Pickles that follow each other, up to what is none.
    pub(super) fn end_to_end(file: &[u8]) -> Vec<Self> {
        let mut streams = Vec::new();
        let mut start = 0;
        loop {
            let mut operations = tools::genops_from(file, start);
            if !operations.by_ref().all(|operation| operation.is_ok()) {
                return streams;
            }
            let bytes = file.get(start..operations.offset()).unwrap_or_default().to_vec();
            start = operations.offset();
            streams.push(Self { bytes, pickles: 1, gaps: Vec::new() });
            if !operations.next_pickle() {
                return streams;
            }
        }
    }

    /// Pickles that one pickler wrote.
    pub(super) fn over_one_memo(bytes: Vec<u8>) -> Self {
        let mut operations = tools::genops(&bytes);
        let mut pickles = 1;
        operations.by_ref().for_each(drop);
        while operations.next_pickle() {
            operations.by_ref().for_each(drop);
            pickles += 1;
        }
        Self { bytes, pickles, gaps: Vec::new() }
    }

    /// The protocol: what PROTO says, else what the opcodes need.
    pub fn protocol(&self) -> u8 {
        let mut needed = 0;
        for operation in tools::genops(&self.bytes).map_while(Result::ok) {
            if operation.opcode == Opcode::PROTO {
                return operation.argument.first().copied().unwrap_or_default();
            }
            needed = needed.max(operation.opcode.protocol());
        }
        needed
    }

    /// Whether the opcodes of Python 2's `str` are in it.
    pub(super) fn has_byte_strings(&self) -> bool {
        use Opcode::{BINSTRING, SHORT_BINSTRING, STRING};
        tools::genops(&self.bytes)
            .map_while(Result::ok)
            .any(|operation| [STRING, BINSTRING, SHORT_BINSTRING].contains(&operation.opcode))
    }
}

/// An array of objects: a header with its length, then a pickle.
fn npy(file: &[u8]) -> Opened {
    let length = match file {
        [0x93, b'N', b'U', b'M', b'P', b'Y', 1, _, low, high, ..] => {
            10 + usize::from(u16::from_le_bytes([*low, *high]))
        }
        [0x93, b'N', b'U', b'M', b'P', b'Y', 2 | 3, _, length @ ..] => match length {
            [a, b, c, d, ..] => 12 + u32::from_le_bytes([*a, *b, *c, *d]) as usize,
            _ => return Err("the header ends early".to_owned()),
        },
        _ => return Err("it is no npy file".to_owned()),
    };
    Ok(WildStream::end_to_end(file.get(length..).unwrap_or_default()))
}

/// A zip archive whose `data.pkl` refers to the storages beside it by persistent ids.
fn torch_zip(file: &[u8]) -> Opened {
    let mut archive = zip::ZipArchive::new(Cursor::new(file)).map_err(say)?;
    let names: Vec<_> = archive.file_names().collect::<Result<_, _>>().map_err(say)?;
    let name = names.into_iter().find(|name| name.ends_with("/data.pkl"));
    let name = name.ok_or("it has no data.pkl")?.into_owned();
    Ok(WildStream::end_to_end(&read_all(archive.by_name(&name).map_err(say)?)?))
}

/// Base64 of a digest, a colon and a pickle.
fn django_session(file: &[u8]) -> Opened {
    let text = String::from_utf8_lossy(file);
    let decoded = decode_base64(text.trim()).map_err(say)?;
    let digest = decoded.iter().take_while(|byte| **byte != b':').count();
    Ok(WildStream::end_to_end(decoded.get(digest + 1..).unwrap_or_default()))
}

/// The pickle of when it expires, then the pickle of the value, deflated.
fn django_filecache(file: &[u8]) -> Opened {
    let mut operations = tools::genops(file);
    operations.by_ref().for_each(drop);
    let (expiry, value) = file.split_at_checked(operations.offset()).ok_or("it ends early")?;
    let mut streams = WildStream::end_to_end(expiry);
    streams.extend(WildStream::end_to_end(&read_all(ZlibDecoder::new(value))?));
    Ok(streams)
}

/// What joblib packed.
fn unpack(packing: &str, file: &[u8]) -> Result<Vec<u8>, String> {
    match packing {
        "" => Ok(file.to_vec()),
        "+zlib" => read_all(ZlibDecoder::new(file)),
        "+gzip" => read_all(GzDecoder::new(file)),
        "+bz2" => read_all(bzip2::read::BzDecoder::new(file)),
        "+lzma" => {
            read_all(lzma_rust2::LzmaReader::new_mem_limit(file, u32::MAX, None).map_err(say)?)
        }
        _ => Err(format!("packing {packing} is unknown")),
    }
}

fn read_all(mut reader: impl Read) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes).map_err(say)?;
    Ok(bytes)
}

fn say(error: impl std::fmt::Display) -> String {
    error.to_string()
}
