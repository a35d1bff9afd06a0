//! Operations over any object, dispatching to the special methods of its class.

mod content_order;
mod deep_equality;
pub(crate) mod describe;
pub(crate) mod equality;
pub(crate) mod hash;
pub(crate) mod hooks;
mod identity;
pub(crate) mod index;
pub(crate) mod instance_check;
mod item;
pub(crate) mod lookup;
mod membership;
pub(crate) mod number;
pub(crate) mod number_text;
pub(crate) mod order;
pub(crate) mod repr;
mod shown_once;
pub(crate) mod str;
pub(crate) mod truth;

pub use self::order::Operator;
