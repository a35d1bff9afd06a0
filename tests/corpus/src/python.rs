//! The CPython 2.7 of this machine, if it has one: what we wrote goes to it, and comes back as a description.

mod find;
mod session;

pub use find::{find_any, find_python27};
pub use session::{Described, Question, Session};
