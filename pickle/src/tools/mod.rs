//! Tools for streams, without a runtime: list opcodes, shrink a pickle, compare two.
//!
//! The counterpart of Python's `pickletools`. Nothing here makes an object or calls anything, so a stream
//! of any origin can be looked at.

mod dis;
mod error;
mod framer;
#[cfg_attr(not(test), warn(clippy::arithmetic_side_effects))]
mod genops;
mod globals;
mod normalize;
mod numbered;
#[cfg_attr(not(test), warn(clippy::arithmetic_side_effects))]
mod operand;
mod optimize;
mod rename;
mod repr;

pub use self::dis::{Disassembler, Disassembly, dis};
pub use self::error::Error;
#[cfg(feature = "serde")]
pub(crate) use self::error::Problem;
pub use self::genops::{Operation, Operations, genops, genops_from};
pub use self::globals::{
    Event, Globals, Incomplete, Reached, Target, Use, Uses, globals, globals_from, globals_of_all,
};
#[cfg(feature = "serde")]
pub(crate) use self::globals::{Key, Memo, Stack, Style, extension_code};
pub use self::normalize::normalize;
pub(crate) use self::normalize::without_unused_puts;
pub use self::optimize::optimize;
pub use self::rename::rename_globals;
