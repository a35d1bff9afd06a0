//! `pickle` for halfsour.

mod encode;
mod flavour;
mod opcode;
mod save;
pub mod tools;

pub use self::flavour::Flavour;
pub use self::opcode::{Argument, Opcode, StackItem};
