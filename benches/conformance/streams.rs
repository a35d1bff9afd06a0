//! The pickles: those of the golden manifests and those of libraries.

use halfsour_corpus::{
    Description, Descriptions, GoldenLine, Result, WildFile, folder, wild_manifests,
};
use halfsour_runtime::Dialect;

/// The pickles of one origin.
pub(crate) struct Manifest {
    pub(crate) name: String,
    pub(crate) streams: Vec<Stream>,
}

/// One pickle.
pub(crate) struct Stream {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) dialect: Dialect,
    pub(crate) expected: Expected,
}

/// How it is known what it means.
pub(crate) enum Expected {
    /// A CPython has said so.
    Graph { description: Box<Description>, line: Box<GoldenLine> },
    /// It needs libraries, and is written again as it was (`cargo test --test wild`).
    StandIns,
}

/// Every manifest.
pub(crate) fn manifests() -> Result<Vec<Manifest>> {
    let mut manifests = Vec::new();
    for corpus in folder::corpora() {
        for path in folder::golden_manifests(&corpus)? {
            let descriptions = Descriptions::read_folder(&corpus.join("golden"))?;
            let lines = GoldenLine::read_manifest(&path)?;
            let streams =
                lines.into_iter().filter_map(|line| golden(line, &descriptions).transpose());
            let streams = streams.collect::<Result<_>>()?;
            manifests.push(Manifest { name: folder::name(&path), streams });
        }
        for path in wild_manifests(&corpus)? {
            let mut streams = Vec::new();
            for file in WildFile::read_manifest(&path)? {
                streams.extend(file.streams()?.into_iter().map(|stream| Stream {
                    name: file.file.clone(),
                    dialect: file.dialect(&stream),
                    bytes: stream.bytes,
                    expected: Expected::StandIns,
                }));
            }
            manifests.push(Manifest { name: folder::name(&path), streams });
        }
    }
    Ok(manifests)
}

/// The pickle of a line that has a description and needs no hooks, which not everybody has.
fn golden(line: GoldenLine, descriptions: &Descriptions) -> Result<Option<Stream>> {
    let (Some(bytes), Some(key)) = (line.stream()?, &line.desc) else { return Ok(None) };
    let has_hooks =
        line.options.pid || !line.options.ext.is_empty() || line.options.int_digits.is_some();
    // Python 3's pickler in Python writes some states that its unpickler in C, which is followed, refuses.
    let is_followed = line.implementation != "_Pickler";
    if !is_followed || has_hooks || line.loads.is_some() || !line.buffers.is_empty() {
        return Ok(None);
    }
    let description = Box::new(descriptions.get(key)?.clone());
    let dialect = if line.python.starts_with('2') { Dialect::Python2 } else { Dialect::Python3 };
    let name = line.label();
    let expected = Expected::Graph { description, line: Box::new(line) };
    Ok(Some(Stream { name, bytes, dialect, expected }))
}
