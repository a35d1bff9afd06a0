//! [`value!`](crate::value!): Python's literals in Rust.
//!
//! The macro turns each literal into a `Result`, and what is here puts these together, so that a literal of any depth is
//! one expression with one `?`.

use crate::context::Context;
use crate::error::Result;
use crate::types::{Dict, List, Set, Tuple, Unicode};
use crate::value::Value;

/// Makes an object from a literal of Python: `value!(ctx, {"dill": [1, 2.5, None], "salt": (3, 4)})`.
///
/// | in the macro | object |
/// |---|---|
/// | `None`, `True`, `False` | as in Python |
/// | `"text"` | `str`; in Python 2 the bytes of UTF-8 |
/// | `u "text"` | `unicode`; `str` in Python 3. Rust has no `u"text"`, so there is a space |
/// | `b"bytes"` | `bytes`; `str` in Python 2 |
/// | `[a, b]` | a `list` |
/// | `()`, `(a,)`, `(a, b)` | a `tuple`; `(a)` is `a`, as in Python |
/// | `{a: b, c: d}`, `{}` | a `dict`, in this order |
/// | `{a, b}` | a `set` |
/// | any other expression | what its [`IntoValue`](crate::IntoValue) makes: numbers, `Value`s, `Vec`s, ... |
///
/// The macro gives a [`Result`](crate::Result), as a key may have no hash. Integers are `i32` unless they say otherwise,
/// as everywhere in Rust: `10_000_000_000_i64`. A block of Rust cannot stand in it, as braces are dicts and sets. Each item of a container that is more than one token (`-1` is two) takes one step of Rust's limit
/// for recursion of macros, which is 128 and can be raised by `#![recursion_limit]`.
///
/// # Errors
///
/// `TypeError` if a key of a dict or an item of a set is unhashable; what its `__hash__` and `__eq__` raise.
///
/// # Example
///
/// ```
/// use halfsour_runtime::{Runtime, value};
///
/// Runtime::python2().try_enter(|ctx| {
///     let dill = "dill".repeat(2);
///     let data = value!(ctx, {"a": [1, 2.0, -3, (4, 6)], "b": ("string", u "Unicode"), "c": None, dill: {7}})?;
///     let shown: String = data.repr(ctx)?.to(ctx)?;
///     assert_eq!(shown, "{'a': [1, 2.0, -3, (4, 6)], 'b': ('string', u'Unicode'), 'c': None, 'dilldill': set([7])}");
///     Ok(())
/// })?;
/// # Ok::<(), halfsour_runtime::Uncaught>(())
/// ```
#[macro_export]
macro_rules! value {
    ($ctx:expr, $($literal:tt)+) => {{
        let ctx: $crate::Context<'_> = $ctx;
        $crate::__value!(ctx $($literal)+)
    }};
}

/// What [`value!`](crate::value!) is made of. A rule that begins with `@` goes through the items of one container.
#[doc(hidden)]
#[macro_export]
macro_rules! __value {
    // Items that are one token each, which needs no recursion.
    (@items $ctx:ident $make:ident [] [$($item:tt),* $(,)?]) => {
        $crate::literal::$make($ctx, [$($crate::__value!($ctx $item)),*])
    };
    (@items $ctx:ident $make:ident [$($done:tt)*] []) => {
        $crate::literal::$make($ctx, [$($done)*])
    };
    (@items $ctx:ident $make:ident [$($done:tt)*] [$item:tt $(, $($rest:tt)*)?]) => {
        $crate::__value!(@items $ctx $make [$($done)* $crate::__value!($ctx $item),] [$($($rest)*)?])
    };
    (@items $ctx:ident $make:ident [$($done:tt)*] [u $text:literal $(, $($rest:tt)*)?]) => {
        $crate::__value!(@items $ctx $make [$($done)* $crate::__value!($ctx u $text),] [$($($rest)*)?])
    };
    (@items $ctx:ident $make:ident [$($done:tt)*] [$item:expr $(, $($rest:tt)*)?]) => {
        $crate::__value!(@items $ctx $make [$($done)* $crate::__value!($ctx $item),] [$($($rest)*)?])
    };

    // A key is all tokens up to a colon; braces without a colon are a set.
    (@braces $ctx:ident [$($all:tt)+] [$($key:tt)+] [: $($rest:tt)+]) => {
        $crate::__value!(@entry $ctx [] [$($key)+] [$($rest)+])
    };
    (@braces $ctx:ident [$($all:tt)+] [$($first:tt)+] [$(, $($rest:tt)*)?]) => {
        $crate::__value!(@items $ctx set [] [$($all)+])
    };
    (@braces $ctx:ident [$($all:tt)+] [$($key:tt)*] [$token:tt $($rest:tt)*]) => {
        $crate::__value!(@braces $ctx [$($all)+] [$($key)* $token] [$($rest)*])
    };
    (@key $ctx:ident [$($done:tt)*] [] []) => {
        $crate::literal::dict($ctx, [$($done)*])
    };
    (@key $ctx:ident [$($done:tt)*] [$($key:tt)+] [: $($rest:tt)+]) => {
        $crate::__value!(@entry $ctx [$($done)*] [$($key)+] [$($rest)+])
    };
    (@key $ctx:ident [$($done:tt)*] [$($key:tt)*] [$token:tt $($rest:tt)*]) => {
        $crate::__value!(@key $ctx [$($done)*] [$($key)* $token] [$($rest)*])
    };
    (@entry $ctx:ident [$($done:tt)*] [$($key:tt)+] [$value:tt $(, $($rest:tt)*)?]) => {
        $crate::__value!(@key $ctx [$($done)* ($crate::__value!($ctx $($key)+), $crate::__value!($ctx $value)),] [] [$($($rest)*)?])
    };
    (@entry $ctx:ident [$($done:tt)*] [$($key:tt)+] [u $text:literal $(, $($rest:tt)*)?]) => {
        $crate::__value!(@key $ctx [$($done)* ($crate::__value!($ctx $($key)+), $crate::__value!($ctx u $text)),] [] [$($($rest)*)?])
    };
    (@entry $ctx:ident [$($done:tt)*] [$($key:tt)+] [$value:expr $(, $($rest:tt)*)?]) => {
        $crate::__value!(@key $ctx [$($done)* ($crate::__value!($ctx $($key)+), $crate::__value!($ctx $value)),] [] [$($($rest)*)?])
    };

    ($ctx:ident None) => { $crate::Result::Ok($crate::Value::None) };
    ($ctx:ident True) => { $crate::Result::Ok($crate::Value::Bool(true)) };
    ($ctx:ident False) => { $crate::Result::Ok($crate::Value::Bool(false)) };
    ($ctx:ident u $text:literal) => { $crate::literal::unicode($ctx, $text) };
    ($ctx:ident [$($items:tt)*]) => { $crate::__value!(@items $ctx list [] [$($items)*]) };
    ($ctx:ident ()) => { $crate::literal::tuple($ctx, []) };
    ($ctx:ident ($item:tt)) => { $crate::__value!($ctx $item) };
    ($ctx:ident ($item:tt, $($rest:tt)*)) => { $crate::__value!(@items $ctx tuple [] [$item, $($rest)*]) };
    ($ctx:ident (u $text:literal)) => { $crate::__value!($ctx u $text) };
    ($ctx:ident ($item:expr)) => { $crate::__value!($ctx $item) };
    ($ctx:ident ($($items:tt)+)) => { $crate::__value!(@items $ctx tuple [] [$($items)+]) };
    ($ctx:ident {}) => { $crate::literal::dict($ctx, []) };
    // Entries of one token each, which needs no recursion.
    ($ctx:ident {$($key:tt : $value:tt),+ $(,)?}) => {
        $crate::literal::dict($ctx, [$(($crate::__value!($ctx $key), $crate::__value!($ctx $value))),+])
    };
    ($ctx:ident {$($entries:tt)+}) => { $crate::__value!(@braces $ctx [$($entries)+] [] [$($entries)+]) };
    ($ctx:ident $value:expr) => { $crate::Result::Ok($crate::IntoValue::into_value($value, $ctx)) };
}

pub fn unicode<'gc>(ctx: Context<'gc>, text: &str) -> Result<'gc> {
    Ok(Unicode::new(ctx, text).into())
}

pub fn list<'gc, const N: usize>(ctx: Context<'gc>, items: [Result<'gc>; N]) -> Result<'gc> {
    Ok(List::from_vec(ctx, all(items)?).into())
}

pub fn tuple<'gc, const N: usize>(ctx: Context<'gc>, items: [Result<'gc>; N]) -> Result<'gc> {
    Ok(Tuple::from_vec(ctx, all(items)?).into())
}

pub fn set<'gc, const N: usize>(ctx: Context<'gc>, items: [Result<'gc>; N]) -> Result<'gc> {
    Ok(Set::from_items(ctx, &all(items)?)?.into())
}

pub fn dict<'gc, const N: usize>(
    ctx: Context<'gc>,
    entries: [(Result<'gc>, Result<'gc>); N],
) -> Result<'gc> {
    let dict = Dict::new(ctx);
    dict.reserve(ctx, N);
    for (key, value) in entries {
        dict.insert(ctx, key?, value?)?;
    }
    Ok(dict.into())
}

fn all<'gc, const N: usize>(items: [Result<'gc>; N]) -> Result<'gc, Vec<Value<'gc>>> {
    items.into_iter().collect()
}
