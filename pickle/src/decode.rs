//! What follows an opcode: numbers, strings and lines, from their bytes to their values.
//!
//! Nothing here knows of objects. The rules differ a little between the [`Flavour`](crate::Flavour)s,
//! mostly in how much malformed text is let pass.

mod arguments;
mod escape;
mod float;
mod integer;
mod malformed;

pub(crate) use self::arguments::{Arguments, Fault};
pub(crate) use self::escape::{quoted_line, unescape, unicode_line};
pub(crate) use self::float::float_line;
pub(crate) use self::integer::{Integer, Number, int_line, long_bytes, long_line, memo_number};
pub(crate) use self::malformed::{Malformed, StreamException};
