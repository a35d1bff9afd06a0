//! [`Input`]: a file, whatever holds its pickles.
//!
//! What a file is, its first bytes tell, never its name. Compressed files are unpacked up to a limit, and what comes out is
//! looked at again.

mod archive;
mod foreign;
mod joblib;
mod packing;

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek};

use halfsour::pickle::Opcode;
use halfsour::pickle::tools;

use crate::failure::{Failure, Result};
use crate::limits::LimitOptions;
use crate::survey::{Pickle, Rest, Survey};

use self::packing::Packing;

/// How often a file may be packed.
const PACKED: usize = 4;

/// The number that PyTorch's old files begin with, as the little end first of a LONG1.
const LEGACY_TORCH: &[u8] = b"\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";

/// A file and its pickles.
#[derive(Debug)]
pub(crate) struct Input {
    /// Its name, as the user has given it.
    pub(crate) name: String,
    pub(crate) container: Container,
    /// Where there are pickles in it.
    pub(crate) parts: Vec<Part>,
}

/// In what the pickles of a file are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Container {
    /// Nothing: the file is one pickle, or several.
    Plain,
    /// Compressed, how it was.
    Packed(Vec<Packing>),
    /// An archive of PyTorch.
    Archive,
    /// An old file of PyTorch: five pickles, then the storages.
    LegacyTorch,
    /// A file of joblib, with arrays between opcodes.
    Joblib { packings: Vec<Packing>, arrays: usize, bytes: usize },
    /// An array of numpy whose items are pickled.
    Npy,
}

/// A stream of pickles in a file.
#[derive(Debug)]
pub(crate) struct Part {
    /// The name of the file, and of the part if there are others.
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) survey: Survey,
    /// Where the stream begins in what the file unpacks to.
    base: usize,
    /// What was taken out of it.
    gaps: Vec<Gap>,
    /// The stream with what was taken out, if anything was.
    pub(crate) whole: Option<Vec<u8>>,
}

/// A place between the opcodes of a stream where bytes were taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Gap {
    /// Before which byte of the stream they were.
    at: usize,
    /// How many were taken out here and before.
    taken: usize,
}

impl Input {
    /// Opens a file; `-` is standard input.
    pub(crate) fn open(name: &str, limits: &LimitOptions) -> Result<Self> {
        let input = Self::open_unnamed(name, limits).map_err(|failure| failure.of(shown(name)))?;
        Ok(input)
    }

    fn open_unnamed(name: &str, limits: &LimitOptions) -> Result<Self> {
        if name == "-" {
            return Self::of(name, limits.input().read(io::stdin().lock())?, limits);
        }
        let mut file = File::open(name)?;
        let is_file = file.metadata().map(|it| (it.is_file(), it.is_dir()))?;
        if is_file.1 {
            return Err(Failure::new("it is a directory"));
        }
        // An archive may be larger than memory: only what is looked at is read.
        let mut head = [0; 4];
        if is_file.0 && file.read(&mut head)? == 4 && archive::is_one(&head) {
            let parts = archive::open(name, file, limits)?;
            return Ok(Self { name: shown(name), container: Container::Archive, parts });
        }
        if is_file.0 {
            file.rewind()?;
        }
        Self::of(name, limits.input().read(file)?, limits)
    }

    /// A pickle that is not in a file of its own.
    pub(crate) fn of_pickle(name: &str, bytes: Vec<u8>) -> Self {
        let parts = vec![Part::new(name.to_owned(), bytes)];
        Self { name: name.to_owned(), container: Container::Plain, parts }
    }

    /// Looks into the bytes of a file.
    pub(crate) fn of(name: &str, mut bytes: Vec<u8>, limits: &LimitOptions) -> Result<Self> {
        let mut packings = Vec::new();
        while let Some(packing) = Packing::of(&bytes) {
            if packings.len() == PACKED {
                return Err(Failure::new(format!("it is packed more than {PACKED} times")));
            }
            bytes = packing.unpack(&bytes, limits.unpacked())?;
            packings.push(packing);
        }
        let name = shown(name);
        if archive::is_one(&bytes) {
            let parts = archive::open(&name, io::Cursor::new(bytes), limits)?;
            return Ok(Self { name, container: Container::Archive, parts });
        }
        if bytes.is_empty() {
            return Err(Failure::new("the file is empty"));
        }
        if let Some(header) = npy_header(&bytes) {
            let pickles = bytes.get(header..).unwrap_or_default().to_vec();
            let parts = vec![Part { base: header, ..Part::new(name.clone(), pickles) }];
            return Ok(Self { name, container: Container::Npy, parts });
        }
        if let Some(foreign) = foreign::recognise(&bytes) {
            return Err(foreign);
        }
        if joblib::may_be_one(&bytes) {
            return Ok(joblib::open(name, bytes, packings));
        }
        let part = Part::new(name.clone(), bytes);
        let mut container = match packings.is_empty() {
            true => Container::Plain,
            false => Container::Packed(packings),
        };
        let first = part.survey.pickles.first().map(|it| part.of(it)).unwrap_or_default();
        if memchr::memmem::find(first, LEGACY_TORCH).is_some_and(|at| at <= 2) {
            container = Container::LegacyTorch;
        }
        let mut input = Self { name, container, parts: vec![part] };
        input.unpack_rest(limits)?;
        Ok(input)
    }

    /// Unpacks what is behind the last pickle, if that is packed: a cache may keep the time when a value expires before
    /// the packed value.
    fn unpack_rest(&mut self, limits: &LimitOptions) -> Result<()> {
        let Some(part) = self.parts.last_mut() else { return Ok(()) };
        let Some(Rest { range, .. }) = &part.survey.rest else { return Ok(()) };
        let rest = part.bytes.get(range.clone()).unwrap_or_default();
        let Some(packing) = Packing::of(rest) else { return Ok(()) };
        let Ok(unpacked) = packing.unpack(rest, limits.unpacked()) else { return Ok(()) };
        part.bytes.truncate(range.start);
        part.survey.rest = None;
        let name = format!("{}: {packing} behind the first pickle", self.name);
        self.parts.push(Part::new(name, unpacked));
        Ok(())
    }

    /// How many pickles there are.
    pub(crate) fn pickles(&self) -> usize {
        self.parts.iter().map(|part| part.survey.pickles.len()).sum()
    }

    /// Says of the bytes that are no pickle where they are, and why.
    pub(crate) fn rests(&self) -> impl Iterator<Item = String> {
        // These are the storages.
        let are_no_rests = self.container == Container::LegacyTorch;
        self.parts.iter().filter(move |_| !are_no_rests).filter_map(Part::rest)
    }
}

impl Part {
    fn new(name: String, bytes: Vec<u8>) -> Self {
        let survey = Survey::of(&bytes);
        Self { name, bytes, survey, base: 0, gaps: Vec::new(), whole: None }
    }

    /// The bytes of a pickle.
    pub(crate) fn of(&self, pickle: &Pickle) -> &[u8] {
        self.bytes.get(pickle.range.clone()).unwrap_or_default()
    }

    /// Where in the file a place of the stream is.
    pub(crate) fn offset(&self, at: usize) -> usize {
        let before = self.gaps.partition_point(|gap| gap.at <= at);
        let last = before.checked_sub(1).and_then(|last| self.gaps.get(last));
        self.base + at + last.map_or(0, |gap| gap.taken)
    }

    /// An error of a pickle, as one of the file.
    pub(crate) fn failure(&self, failure: Failure, start: usize) -> Failure {
        self.failure_of_stream(failure).moved(|offset| {
            let at = start.saturating_add(usize::try_from(offset).unwrap_or(usize::MAX));
            self.offset(at) as u64
        })
    }

    /// An error of the stream, with the offset in the stream.
    pub(crate) fn failure_of_stream(&self, failure: Failure) -> Failure {
        let failure = failure.of(&self.name);
        match foreign::guess(&self.bytes) {
            Some(what) => failure.hint(what),
            None => failure,
        }
    }

    /// Says what is behind the last pickle, unless it is blanks.
    fn rest(&self) -> Option<String> {
        let Rest { range, why } = self.survey.rest.as_ref()?;
        let rest = self.bytes.get(range.clone()).unwrap_or_default();
        if rest.iter().all(u8::is_ascii_whitespace) {
            return None;
        }
        let (name, from) = (&self.name, self.offset(range.start));
        Some(format!(
            "{name}: {} bytes from offset {from} on are no pickle: {}",
            rest.len(),
            why.what()
        ))
    }
}

impl fmt::Display for Container {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let packed = |packings: &[Packing]| {
            let packings: Vec<String> = packings.iter().map(Packing::to_string).collect();
            packings.join(", ")
        };
        match self {
            Container::Plain => f.write_str("pickle"),
            Container::Packed(packings) => f.write_str(&packed(packings)),
            Container::Archive => f.write_str("PyTorch archive"),
            Container::LegacyTorch => f.write_str("old PyTorch file"),
            Container::Npy => f.write_str("numpy array of objects"),
            Container::Joblib { packings, arrays, bytes } => {
                if !packings.is_empty() {
                    write!(f, "{}, ", packed(packings))?;
                }
                write!(f, "joblib, {arrays} arrays of {bytes} bytes left out")
            }
        }
    }
}

/// A file's name, as messages have it.
fn shown(name: &str) -> String {
    if name == "-" { "standard input".to_owned() } else { name.to_owned() }
}

/// Where the pickle of an array of objects begins, in a file of numpy.
fn npy_header(bytes: &[u8]) -> Option<usize> {
    let length = match bytes.strip_prefix(b"\x93NUMPY")? {
        [1, _, low, high, ..] => 10 + usize::from(u16::from_le_bytes([*low, *high])),
        [2 | 3, _, a, b, c, d, ..] => {
            let length = u32::from_le_bytes([*a, *b, *c, *d]);
            12_usize.saturating_add(usize::try_from(length).ok()?)
        }
        _ => return None,
    };
    // Others have plain numbers there.
    let pickle = bytes.get(length..)?;
    let has_stop = tools::genops(pickle).map_while(std::result::Result::ok);
    has_stop.into_iter().any(|it| it.opcode == Opcode::STOP).then_some(length)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{GzEncoder, ZlibEncoder};

    use super::{Container, Input, Packing};
    use crate::limits::LimitOptions;

    const PICKLE: &[u8] = b"(lp0\nI1\na.";

    fn open(bytes: &[u8]) -> crate::failure::Result<Input> {
        Input::of("it", bytes.to_vec(), &LimitOptions::default())
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zlib(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn content_tells_what_a_file_is() {
        assert_eq!(open(PICKLE).unwrap().container, Container::Plain);
        let packed = open(&gzip(PICKLE)).unwrap();
        assert_eq!(packed.container, Container::Packed(vec![Packing::Gzip]));
        assert_eq!(packed.parts[0].bytes, PICKLE);
        let twice = open(&zlib(&gzip(PICKLE))).unwrap();
        assert_eq!(twice.container, Container::Packed(vec![Packing::Zlib, Packing::Gzip]));
        let npy = open(&[b"\x93NUMPY\x01\0\x02\0{}", PICKLE].concat()).unwrap();
        assert_eq!((npy.container, npy.parts[0].offset(0)), (Container::Npy, 12));
    }

    #[test]
    fn what_is_packed_behind_a_pickle_is_unpacked() {
        let input = open(&[b"F1.5\n.", &zlib(PICKLE)[..]].concat()).unwrap();
        assert_eq!(input.parts.len(), 2);
        assert_eq!(input.parts[1].bytes, PICKLE);
        assert_eq!(input.rests().count(), 0);
    }

    #[test]
    fn bombs_are_defused() {
        let mut bomb = vec![0; 1 << 20];
        for _ in 0..6 {
            bomb = gzip(&bomb);
        }
        assert!(open(&bomb).unwrap_err().to_string().contains("packed more than 4 times"));
    }

    #[test]
    fn offsets_are_those_of_the_file() {
        let failure = open(b"N.\x80").unwrap();
        assert_eq!(
            failure.rests().next().unwrap().split(" (").next(),
            Some(
                "it: 1 bytes from offset 2 on are no pickle: not enough data in stream to read uint1"
            )
        );
    }
}
