//! Files in memory: the modules `StringIO` and `cStringIO` of Python 2, and `io.BytesIO` and `io.StringIO`.

mod bytes_io;
mod classic;
mod memory_file;
mod text_io;

use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::Result;

/// Registers the modules.
pub(super) fn install<'gc>(ctx: Context<'gc>) -> Result<'gc, ()> {
    let io = ctx.new_module("io")?;
    io.set(ctx, "BytesIO", bytes_io::bytes_io(ctx)?)?;
    io.set(ctx, "StringIO", text_io::string_io(ctx)?)?;
    if ctx.dialect() == Dialect::Python2 {
        bytes_io::install_c_module(ctx)?;
        classic::install(ctx)?;
    }
    Ok(())
}
