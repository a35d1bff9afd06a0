//! Operations over any object, dispatching to the special methods of its class.

mod equality;
mod hash;
pub(crate) mod lookup;
mod text;
mod truth;
