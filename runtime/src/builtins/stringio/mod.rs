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
    // The classes say that they are of `_io`, where pickles look for them.
    let (bytes_io, string_io) = (bytes_io::bytes_io(ctx)?, text_io::string_io(ctx)?);
    for module in ["_io", "io"] {
        let module = ctx.new_module(module)?;
        module.set(ctx, "BytesIO", bytes_io)?;
        module.set(ctx, "StringIO", string_io)?;
    }
    if ctx.dialect() == Dialect::Python2 {
        bytes_io::install_c_module(ctx)?;
        classic::install(ctx)?;
    }
    Ok(())
}
