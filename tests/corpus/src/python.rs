//! The CPythons of this machine, if it has any: what we wrote goes to it, and comes back as a description.

mod dialogue;
mod find;
mod session;

pub use dialogue::Dialogue;
pub use find::{find_any, find_python, find_python27, find_python313, find_with_module};
pub use session::{Described, Question, Session};
