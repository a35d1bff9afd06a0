//! [`Packing`]: how a file is compressed.

use std::fmt;
use std::io::Read;

use bzip2::read::MultiBzDecoder;
use flate2::read::{MultiGzDecoder, ZlibDecoder};
use lzma_rust2::{LzmaReader, XzReader};

use crate::failure::{Failure, Result};
use crate::limits::Bound;

/// A way to compress a file. None of their first bytes begin a pickle that loads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packing {
    Gzip,
    Zlib,
    Bzip2,
    Xz,
    Lzma,
}

impl Packing {
    /// Tells from the first bytes of a file.
    pub(crate) fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0x1f, 0x8b, 8, ..] => Some(Packing::Gzip),
            // The two bytes are a multiple of 31.
            [0x78, flags, ..] if (0x7800 + u16::from(*flags)) % 31 == 0 => Some(Packing::Zlib),
            [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, ..] => {
                Some(Packing::Bzip2)
            }
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Packing::Xz),
            // Properties that every encoder chooses, a dictionary of whole kilobytes, and a length.
            [0x5d, 0, 0, _, _, _, _, _, _, _, _, _, _, 0, ..] => Some(Packing::Lzma),
            _ => None,
        }
    }

    /// Unpacks a file, up to a limit.
    pub(crate) fn unpack(self, bytes: &[u8], bound: Bound) -> Result<Vec<u8>> {
        // What a dictionary may take, in KiB.
        let memory = u32::try_from(bound.most >> 10).unwrap_or(u32::MAX);
        let reader: Box<dyn Read + '_> = match self {
            Packing::Gzip => Box::new(MultiGzDecoder::new(bytes)),
            Packing::Zlib => Box::new(ZlibDecoder::new(bytes)),
            Packing::Bzip2 => Box::new(MultiBzDecoder::new(bytes)),
            Packing::Xz => Box::new(XzReader::new_mem_limit(bytes, true, memory)),
            Packing::Lzma => Box::new(LzmaReader::new_mem_limit(bytes, memory, None)?),
        };
        bound.read(reader).map_err(|failure| Failure::new(format!("{self}: {failure}")))
    }
}

impl fmt::Display for Packing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Packing::Gzip => "gzip",
            Packing::Zlib => "zlib",
            Packing::Bzip2 => "bzip2",
            Packing::Xz => "xz",
            Packing::Lzma => "lzma",
        })
    }
}
