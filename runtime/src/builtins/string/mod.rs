//! The methods of `str`, `unicode` (Python 3: `bytes`, `str`) and `bytearray`, each written once for all three.

mod affix;
mod bytearray;
mod bytes;
mod case;
mod format;
mod kind;
mod operators;
mod padding;
mod search;
mod split;
mod subscript;
mod text;
mod unit;

use self::affix::{endswith, lstrip, rstrip, startswith, strip};
use self::case::{
    capitalize, isalnum, isalpha, isdigit, islower, isspace, istitle, isupper, lower, swapcase,
    title, upper,
};
use self::kind::{ByteArrayString, ByteString, Kind, TextString};
use self::padding::{center, expandtabs, ljust, rjust, zfill};
use self::search::{count, find, index, replace, rfind, rindex};
use self::split::{join, partition, rpartition, rsplit, split, splitlines};
use super::comparison;
use super::define::Define;
use crate::context::Context;

/// Defines the methods of the types of strings.
pub(super) fn install<'gc>(ctx: Context<'gc>) {
    let types = ctx.types();
    let bytes = Define::new(ctx, types.bytes);
    methods::<ByteString>(bytes);
    bytes::install(bytes);
    let text = Define::new(ctx, types.unicode);
    methods::<TextString>(text);
    text::install(text);
    let bytearray = Define::new(ctx, types.bytearray);
    methods::<ByteArrayString>(bytearray);
    bytearray::install(bytearray);
    comparison::refuse_hash(bytearray);
    for define in [bytes, text] {
        comparison::install_hash(define);
    }
    for define in [bytes, text, bytearray] {
        comparison::install(define);
        subscript::install(define);
    }
    subscript::install_assignment(bytearray);
}

macro_rules! methods {
    ($($method:ident)*) => {
        /// Defines the methods that all types of strings have; in Python 2 an argument that is text makes a byte
        /// string's method that of the text.
        fn methods<K: Kind>(define: Define<'_>) {
            $(define.method(stringify!($method), |ctx, this, args| {
                match K::promoted(ctx, this, &args)? {
                    Some(text) => $method::<TextString>(ctx, text, args),
                    None => $method::<K>(ctx, this, args),
                }
            });)*
            // These take no text from which a byte string could become one.
            define
                .method("center", center::<K>)
                .method("endswith", endswith::<K>)
                .method("join", join::<K>)
                .method("ljust", ljust::<K>)
                .method("rjust", rjust::<K>)
                .method("startswith", startswith::<K>);
        }
    };
}

methods! {
    capitalize count expandtabs find index isalnum isalpha isdigit islower isspace istitle isupper lower lstrip
    partition replace rfind rindex rpartition rsplit rstrip split splitlines strip swapcase title upper zfill
}
