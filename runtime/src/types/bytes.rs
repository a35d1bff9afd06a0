//! [`Bytes`]: Python 2's `str`, Python 3's `bytes`.

use std::cell::Cell;

use gc_arena::{Collect, Gc};

use super::byte_data::ByteData;
use crate::context::Context;
use crate::handle::handle;
use crate::value::Value;

handle! {
    /// An immutable byte string: Python 2's `str`, Python 3's `bytes`.
    ///
    /// # Examples
    ///
    /// ```
    /// use halfsour_runtime::{Bytes, Runtime};
    ///
    /// Runtime::python2().enter(|ctx| {
    ///     let text = Bytes::new(ctx, b"spam");
    ///     assert_eq!(text.as_slice(), b"spam");
    /// });
    /// ```
    Bytes(BytesInner), "str"
}

#[derive(Collect)]
#[collect(require_static)]
pub(crate) struct BytesInner {
    /// The cached hash; 0 means not computed.
    pub(crate) hash: Cell<i64>,
    /// Whether the runtime's table of interned strings holds this object.
    pub(crate) interned: Cell<bool>,
    data: ByteData,
}

impl<'gc> Bytes<'gc> {
    /// Returns a byte string with a copy of `data`; strings shorter than two bytes are shared, as in CPython.
    #[must_use]
    pub fn new(ctx: Context<'gc>, data: &[u8]) -> Self {
        match ctx.state.shared_bytes(data) {
            Some(shared) => shared,
            None => Self::fresh(ctx, data.into()),
        }
    }

    /// Returns a byte string that is no other, however short; only the empty one is always shared.
    ///
    /// CPython's codecs make such strings: what `'a'.decode('string-escape')` returns is not the `'a'` of a program.
    #[must_use]
    pub fn unshared(ctx: Context<'gc>, data: &[u8]) -> Self {
        if data.is_empty() {
            return Self::new(ctx, data);
        }
        Self::fresh(ctx, data.into())
    }

    /// Returns a byte string that takes over `data`.
    #[must_use]
    pub fn from_vec(ctx: Context<'gc>, data: Vec<u8>) -> Self {
        match ctx.state.shared_bytes(&data) {
            Some(shared) => shared,
            None => Self::fresh(ctx, data.into()),
        }
    }

    #[inline]
    pub(crate) fn fresh(ctx: Context<'gc>, data: ByteData) -> Self {
        Self::allocate(ctx.mc, data)
    }

    #[inline(always)]
    pub(crate) fn allocate(mc: &gc_arena::Mutation<'gc>, data: ByteData) -> Self {
        data.charge(mc);
        Self(Gc::new(mc, BytesInner { hash: Cell::new(0), interned: Cell::new(false), data }))
    }

    /// Returns the bytes.
    #[must_use]
    #[inline]
    pub fn as_slice(self) -> &'gc [u8] {
        self.0.as_ref().data.as_slice()
    }

    /// Returns the number of bytes.
    #[must_use]
    pub fn len(self) -> usize {
        self.as_slice().len()
    }

    /// Returns whether there are no bytes.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.as_slice().is_empty()
    }

    /// Returns the text for people: UTF-8, with replacement characters for what is not.
    #[must_use]
    pub fn to_string_lossy(self) -> std::borrow::Cow<'gc, str> {
        String::from_utf8_lossy(self.as_slice())
    }

    /// Returns the hash, computed once.
    pub(crate) fn hash(self, ctx: Context<'gc>) -> i64 {
        let cached = self.0.hash.get();
        if cached != 0 {
            return cached;
        }
        let hash = ctx.state.hash_bytes(self.as_slice());
        self.0.hash.set(hash);
        hash
    }
}

impl<'gc> crate::convert::IntoValue<'gc> for &[u8] {
    fn into_value(self, ctx: Context<'gc>) -> Value<'gc> {
        Bytes::new(ctx, self).into()
    }
}

impl<'gc, const N: usize> crate::convert::IntoValue<'gc> for &[u8; N] {
    fn into_value(self, ctx: Context<'gc>) -> Value<'gc> {
        self.as_slice().into_value(ctx)
    }
}
