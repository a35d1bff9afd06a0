//! The streams of the corpora, to begin with.

use halfsour_corpus::{BadInput, GoldenLine, Result, WildFile, folder, wild_manifests};

/// Returns every different golden and malformed stream of the corpora, and those of libraries, up to a length.
///
/// # Errors
/// When a manifest cannot be read.
pub fn seeds(longest: usize) -> Result<Vec<Vec<u8>>> {
    let mut streams = Vec::new();
    for corpus in folder::corpora() {
        for path in folder::golden_manifests(&corpus)? {
            for line in GoldenLine::read_manifest(&path)? {
                streams.extend(line.stream()?);
            }
        }
        for path in folder::bad_manifests(&corpus)? {
            for input in BadInput::read_manifest(&path)? {
                streams.push(input.stream()?);
            }
        }
        for path in wild_manifests(&corpus)? {
            for file in WildFile::read_manifest(&path)? {
                streams.extend(file.streams()?.into_iter().map(|stream| stream.bytes));
            }
        }
    }
    streams.retain(|stream| stream.len() <= longest);
    streams.sort();
    streams.dedup();
    Ok(streams)
}
