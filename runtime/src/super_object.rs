//! The content of a `super` object.

use gc_arena::Collect;

use crate::class::Class;
use crate::value::Value;

#[derive(Collect)]
#[collect(no_drop)]
pub(crate) struct Super<'gc> {
    /// Lookup starts behind this class.
    pub(crate) class: Class<'gc>,
    /// The object, or class, that what is found is bound to; `None` for `super(C)`.
    pub(crate) object: Option<Value<'gc>>,
    /// The class in whose MRO is looked.
    pub(crate) object_class: Option<Class<'gc>>,
}
