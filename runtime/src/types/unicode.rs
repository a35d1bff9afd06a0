//! [`Unicode`]: Python 2's `unicode`, Python 3's `str`.

use std::cell::Cell;

use gc_arena::{Collect, Gc};

use super::byte_data::ByteData;
use crate::context::Context;
use crate::handle::handle;
use crate::text::codepoints::{self, CodePoints};

handle! {
    /// An immutable text string: Python 2's `unicode`, Python 3's `str`.
    ///
    /// A sequence of code points, lone surrogates included, kept as generalised UTF-8: UTF-8 in which a surrogate
    /// takes three bytes like any other code point of its range.
    ///
    /// # Examples
    ///
    /// ```
    /// use halfsour_runtime::{Runtime, Unicode};
    ///
    /// Runtime::python2().enter(|ctx| {
    ///     let text = Unicode::new(ctx, "smörgås");
    ///     assert_eq!(text.len(), 7);
    ///     assert_eq!(text.as_str(), Some("smörgås"));
    ///     let lone = Unicode::from_code_points(ctx, [0xD800]).unwrap();
    ///     assert_eq!(lone.as_str(), None);
    /// });
    /// ```
    Unicode(UnicodeInner), "unicode"
}

#[derive(Collect)]
#[collect(require_static)]
pub(crate) struct UnicodeInner {
    /// The cached hash; 0 means not computed.
    pub(crate) hash: Cell<i64>,
    /// The number of code points; `UNCOUNTED` means not counted, or too many.
    length: Cell<u32>,
    pub(crate) interned: Cell<bool>,
    data: ByteData,
}

const UNCOUNTED: u32 = u32::MAX;

// With the collector's two words it fits an allocation of 64 bytes, of which the allocator has eight.
#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<UnicodeInner>() == 40);

impl<'gc> Unicode<'gc> {
    /// Returns a string with a copy of `text`.
    #[must_use]
    pub fn new(ctx: Context<'gc>, text: &str) -> Self {
        Self::from_valid(ctx, text.as_bytes())
    }

    /// Returns a string from generalised UTF-8, or `None` if it is not well formed.
    #[must_use]
    pub fn from_generalised_utf8(ctx: Context<'gc>, data: &[u8]) -> Option<Self> {
        if codepoints::validate(data).is_err() {
            return None;
        }
        Some(Self::from_valid(ctx, data))
    }

    /// Returns a string of the code points, or `None` if one is above 0x10FFFF.
    #[must_use]
    pub fn from_code_points(
        ctx: Context<'gc>,
        points: impl IntoIterator<Item = u32>,
    ) -> Option<Self> {
        let mut data = Vec::new();
        for point in points {
            codepoints::push(&mut data, point)?;
        }
        Some(Self::from_valid(ctx, &data))
    }

    /// `data` must be generalised UTF-8 already.
    #[inline]
    pub(crate) fn from_valid(ctx: Context<'gc>, data: &[u8]) -> Self {
        match ctx.state.shared_unicode(data) {
            Some(shared) => shared,
            None => Self::allocate(ctx.mc, data.into()),
        }
    }

    #[inline(always)]
    pub(crate) fn allocate(mc: &gc_arena::Mutation<'gc>, data: ByteData) -> Self {
        data.charge(mc);
        Self(Gc::new(
            mc,
            UnicodeInner {
                hash: Cell::new(0),
                length: Cell::new(UNCOUNTED),
                interned: Cell::new(false),
                data,
            },
        ))
    }

    /// Returns the generalised UTF-8.
    #[must_use]
    #[inline]
    pub fn as_generalised_utf8(self) -> &'gc [u8] {
        self.0.as_ref().data.as_slice()
    }

    /// Returns the text, or `None` if it has lone surrogates.
    #[must_use]
    pub fn as_str(self) -> Option<&'gc str> {
        simdutf8::basic::from_utf8(self.as_generalised_utf8()).ok()
    }

    /// Returns the text for people, with replacement characters for lone surrogates.
    #[must_use]
    pub fn to_string_lossy(self) -> std::borrow::Cow<'gc, str> {
        String::from_utf8_lossy(self.as_generalised_utf8())
    }

    /// Returns the code points.
    #[must_use]
    pub fn code_points(self) -> CodePoints<'gc> {
        CodePoints::new(self.as_generalised_utf8())
    }

    /// Returns the number of code points (Python's `len`).
    #[must_use]
    pub fn len(self) -> usize {
        let cached = self.0.length.get();
        if cached != UNCOUNTED {
            return cached as usize;
        }
        let length = codepoints::count(self.as_generalised_utf8());
        self.0.length.set(length.try_into().unwrap_or(UNCOUNTED));
        length
    }

    /// Returns whether there are no code points.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.as_generalised_utf8().is_empty()
    }

    /// Returns whether every code point is below 128.
    #[must_use]
    pub fn is_ascii(self) -> bool {
        self.as_generalised_utf8().is_ascii()
    }

    /// Returns the hash, computed once; of ASCII text it is that of the equal [`Bytes`](super::Bytes), which are
    /// equal to it in Python 2.
    pub(crate) fn hash(self, ctx: Context<'gc>) -> i64 {
        let cached = self.0.hash.get();
        if cached != 0 {
            return cached;
        }
        let hash = ctx.state.hash_bytes(self.as_generalised_utf8());
        self.0.hash.set(hash);
        hash
    }
}
