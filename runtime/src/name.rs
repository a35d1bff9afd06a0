//! [`Name`]: an interned attribute name.

use gc_arena::Collect;

use crate::context::Context;
use crate::value::Value;

/// An attribute name: an interned string of the dialect's `str` type.
///
/// CPython interns the names that it stores, which shows in pickles: two instances share the strings of their
/// attributes' names.
///
/// # Examples
///
/// ```
/// use halfsour_runtime::Runtime;
///
/// Runtime::python2().enter(|ctx| {
///     let name = ctx.intern("spam");
///     assert!(name.is(ctx.intern("spam")));
///     assert_eq!(name.to_string_lossy(), "spam");
/// });
/// ```
#[derive(Clone, Copy, Debug, Collect)]
#[collect(no_drop)]
pub struct Name<'gc>(Value<'gc>);

impl<'gc> Name<'gc> {
    /// `value` must be an interned string.
    pub(crate) fn of_interned(value: Value<'gc>) -> Self {
        Self(value)
    }

    /// Returns the string object.
    #[must_use]
    pub fn value(self) -> Value<'gc> {
        self.0
    }

    /// Returns whether both are the same name.
    #[must_use]
    #[inline]
    pub fn is(self, other: Self) -> bool {
        self.addr() == other.addr()
    }

    /// The address of the string, which is that of no other name.
    #[inline]
    pub(crate) fn addr(self) -> usize {
        match self.0 {
            Value::Bytes(name) => name.addr(),
            Value::Unicode(name) => name.addr(),
            // No other object is a name.
            _ => 0,
        }
    }

    /// Returns the text: Python 2's bytes, or Python 3's generalised UTF-8.
    #[must_use]
    pub fn as_slice(self) -> &'gc [u8] {
        match self.0 {
            Value::Bytes(name) => name.as_slice(),
            Value::Unicode(name) => name.as_generalised_utf8(),
            _ => &[],
        }
    }

    /// Returns the text for people.
    #[must_use]
    pub fn to_string_lossy(self) -> std::borrow::Cow<'gc, str> {
        String::from_utf8_lossy(self.as_slice())
    }

    /// Returns whether the name is `__of_this_form__`.
    #[must_use]
    pub fn is_dunder(self) -> bool {
        let text = self.as_slice();
        text.len() > 4 && text.starts_with(b"__") && text.ends_with(b"__")
    }
}

/// What can be given where an attribute name is wanted: `&str`, or a [`Name`] interned before.
pub trait IntoName<'gc> {
    /// Interns it.
    fn into_name(self, ctx: Context<'gc>) -> Name<'gc>;
}

impl<'gc> IntoName<'gc> for Name<'gc> {
    fn into_name(self, _: Context<'gc>) -> Self {
        self
    }
}

impl<'gc> IntoName<'gc> for &str {
    fn into_name(self, ctx: Context<'gc>) -> Name<'gc> {
        ctx.intern(self)
    }
}

impl<'gc> IntoName<'gc> for &String {
    fn into_name(self, ctx: Context<'gc>) -> Name<'gc> {
        ctx.intern(self)
    }
}
