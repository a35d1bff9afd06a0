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

#[cfg(test)]
mod tests {
    use super::Packing;
    use crate::limits::LimitOptions;

    /// `(lp0\nI1\na.`, as Python's modules compress it.
    const PACKED: [(Packing, &[u8]); 5] = [
        (Packing::Gzip, b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xd3\xc8\x29\x30\xe0\xf2\x34\xe4\x4a\xd4\x03\x00\x45\x39\x2c\x10\x0a\x00\x00\x00"),
        (Packing::Zlib, b"\x78\x9c\xd3\xc8\x29\x30\xe0\xf2\x34\xe4\x4a\xd4\x03\x00\x0d\xb1\x02\x52"),
        (Packing::Bzip2, b"\x42\x5a\x68\x39\x31\x41\x59\x26\x53\x59\x65\x9a\x20\x28\x00\x00\x01\x5d\x80\x00\x10\x00\x41\x60\x00\x00\x20\x20\x04\x40\x00\x20\x00\x31\x06\x4c\x41\x01\x82\x70\x0a\x35\x4e\x78\xbb\x92\x29\xc2\x84\x83\x2c\xd1\x01\x40"),
        (Packing::Xz, b"\xfd\x37\x7a\x58\x5a\x00\x00\x04\xe6\xd6\xb4\x46\x02\x00\x21\x01\x16\x00\x00\x00\x74\x2f\xe5\xa3\x01\x00\x09\x28\x6c\x70\x30\x0a\x49\x31\x0a\x61\x2e\x00\x00\x00\xfa\xca\x07\x8d\x55\x9d\x1b\x22\x00\x01\x22\x0a\x15\x1a\xe1\x67\x1f\xb6\xf3\x7d\x01\x00\x00\x00\x00\x04\x59\x5a"),
        (Packing::Lzma, b"\x5d\x00\x00\x80\x00\xff\xff\xff\xff\xff\xff\xff\xff\x00\x14\x1b\x0a\x02\xff\x93\x9d\x04\x53\x9f\x3a\x55\x61\x40\x97\xff\xe5\x5c\x80\x00"),
    ];

    #[test]
    fn each_is_known_and_unpacked() {
        let bound = LimitOptions::default().unpacked();
        for (packing, packed) in PACKED {
            assert_eq!(Packing::of(packed), Some(packing));
            assert_eq!(packing.unpack(packed, bound).unwrap(), b"(lp0\nI1\na.");
            // One that is cut, or is something else behind its first bytes, is an error.
            for length in 0..packed.len() - 8 {
                if Packing::of(&packed[..length]).is_some() {
                    assert!(
                        packing.unpack(&packed[..length], bound).is_err(),
                        "{packing} {length}"
                    );
                }
            }
            let mut damaged = packed.to_vec();
            damaged[14..].fill(0xff);
            assert!(packing.unpack(&damaged, bound).is_err(), "{packing}");
        }
    }

    #[test]
    fn no_pickle_is_taken_for_one() {
        for pickle in [&b"]\x94."[..], b"]q\0.", b"BZh9\0.", b"x", b"(lp0\n.", b"\x80\x04N."] {
            assert_eq!(Packing::of(pickle), None);
        }
    }
}
