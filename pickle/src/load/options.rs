//! The options of a load that are no hooks.

use super::text_encoding::TextEncoding;

/// How a stream is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options<'h> {
    /// What Python 3 makes of Python 2's byte strings.
    pub(crate) encoding: TextEncoding<'h>,
    /// Globals are looked up under the names of the runtime's own Python.
    pub(crate) fix_imports: bool,
    /// Protocols beyond those of the flavour are read too.
    pub(crate) newer_protocols: bool,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self { encoding: TextEncoding::DEFAULT, fix_imports: true, newer_protocols: false }
    }
}
