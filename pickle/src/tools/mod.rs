//! Tools for streams, without a runtime: list opcodes, shrink a pickle, compare two.
//!
//! The counterpart of Python's `pickletools`. Nothing here makes an object or calls anything, so a stream
//! of any origin can be looked at.

mod error;
mod genops;
mod optimize;

pub use self::error::Error;
pub use self::genops::{Operation, Operations, genops};
pub use self::optimize::{normalize, optimize};
