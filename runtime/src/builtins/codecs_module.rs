//! The modules `_codecs`, whose `encode` pickles name, and `codecs`.

use super::arguments::named;
use super::buffer;
use super::codec::Request;
use crate::args::Args;
use crate::context::Context;
use crate::error::Result;
use crate::types::Bytes;
use crate::value::Value;

/// Registers the modules.
///
/// # Errors
///
/// `MemoryError`, in theory only.
pub(super) fn install<'gc>(ctx: Context<'gc>) -> Result<'gc, ()> {
    let native = ctx.new_module("_codecs")?;
    let encode = native.builtin(ctx, "encode", |ctx, args| {
        let (object, request) = arguments(ctx, &args, "encode")?;
        Ok(Bytes::from_vec(ctx, request.encode(ctx, object)?).into())
    })?;
    let decode = native.builtin(ctx, "decode", |ctx, args| {
        let (object, request) = arguments(ctx, &args, "decode")?;
        let bytes = match object.content() {
            // Python 2 decodes text that is ASCII, too.
            Value::Unicode(_) => Request::new("ascii", "strict").encode(ctx, object)?,
            _ => buffer::required(ctx, object)?.into_owned(),
        };
        request.decode(ctx, &bytes)
    })?;
    let codecs = ctx.new_module("codecs")?;
    codecs.set(ctx, "encode", encode)?;
    codecs.set(ctx, "decode", decode)
}

fn arguments<'gc>(
    ctx: Context<'gc>,
    args: &Args<'gc>,
    function: &str,
) -> Result<'gc, (Value<'gc>, Request)> {
    let [object, encoding, errors] = named(args, function, ["obj", "encoding", "errors"], 1)?;
    let request = Request::of_values(ctx, function, [encoding, errors], 2)?;
    Ok((object.unwrap_or(Value::None), request))
}
