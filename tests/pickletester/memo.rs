//! What is fetched is the object that was stored.

use halfsour::{Context, List, Result};

use crate::assertions::{assert_equal, assert_is};
use crate::implementation::Implementation;
use crate::objects::tuple;

pub(super) fn test_get<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    check(ctx, by, b"((lp100000\ng100000\nt.")
}

pub(super) fn test_binget<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    check(ctx, by, b"(]q\xffh\xfft.")
}

pub(super) fn test_long_binget<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    check(ctx, by, b"(]r\0\0\x01\0j\0\0\x01\0t.")
}

pub(super) fn test_dup<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    check(ctx, by, b"((l2t.")
}

/// A stream is a tuple that has one empty list twice.
fn check<'gc>(ctx: Context<'gc>, by: &Implementation, stream: &[u8]) -> Result<'gc, ()> {
    let loaded = by.loads(ctx, stream)?;
    let (first, second) = (List::new(ctx).into(), List::new(ctx).into());
    assert_equal(ctx, loaded, tuple(ctx, &[first, second]))?;
    assert_is(ctx, loaded.get_item(ctx, 0)?, loaded.get_item(ctx, 1)?);
    Ok(())
}
