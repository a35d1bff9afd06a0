//! `pickle` for halfsour.

mod decode;
mod encode;
mod flavour;
mod limits;
mod opcode;
mod save;
mod source;
pub mod tools;

pub use self::flavour::Flavour;
pub use self::limits::Limits;
pub use self::opcode::{Argument, Opcode, StackItem};
pub use self::source::TextMode;
