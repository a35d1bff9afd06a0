//! Operations over any object, dispatching to the special methods of its class.

mod equality;
mod hash;
mod identity;
pub(crate) mod lookup;
mod text;
mod truth;
