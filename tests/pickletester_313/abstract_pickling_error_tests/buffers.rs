//! Buffers that cannot be written.

use halfsour::pickle::{PICKLE_ERROR, PickleBuffer};
use halfsour::{Context, Error, Result};

use crate::classes::{self, assert_custom_error};
use crate::implementation::Implementation;
use crate::objects::{bytes, function};

fn buffer<'gc>(ctx: Context<'gc>) -> Result<'gc> {
    Ok(PickleBuffer::new(ctx, bytes(ctx, b"foobar"))?.into())
}

pub(super) fn test_picklebuffer_error<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    for protocol in 0..5 {
        let error = by.dumps(ctx, buffer(ctx)?, protocol).expect_err("the protocol is too low");
        assert!(error.is(ctx, &PICKLE_ERROR), "{error:?}");
        let message = "PickleBuffer can only be pickled with protocol >= 5";
        assert_eq!(error.message(ctx), message);
    }
    Ok(())
}

pub(super) fn test_buffer_callback_error<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let raising = function(ctx, "buffer_callback", |ctx, _| {
        Err(Error::raise(classes::new(ctx, "CustomError")?))
    });
    let dumped = by.dumps_with(ctx, buffer(ctx)?, 5, &[("buffer_callback", raising)]);
    assert_custom_error(ctx, dumped, "buffer_callback")
}
