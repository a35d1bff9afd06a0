//! Text forms that Python defines: code points, and the reprs of strings and numbers.

pub(crate) mod ascii;
pub mod codecs;
pub mod codepoints;
pub(crate) mod float_format;
pub(crate) mod float_literal;
pub mod float_text;
pub mod int_text;
pub mod string_text;
