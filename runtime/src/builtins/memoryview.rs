//! `memoryview`.

use crate::value::Value;

/// Returns the bytes that a memoryview shows.
pub(super) fn bytes_of(_: Value<'_>) -> Option<std::borrow::Cow<'_, [u8]>> {
    None
}
