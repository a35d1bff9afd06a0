//! Text forms that Python defines: code points, and later the reprs of strings and numbers.

pub(crate) mod ascii;
pub mod codecs;
pub mod codepoints;
pub(crate) mod float_format;
