//! `pickle` for halfsour.

mod flavour;
mod opcode;

pub use self::flavour::Flavour;
pub use self::opcode::{Argument, Opcode, StackItem};
