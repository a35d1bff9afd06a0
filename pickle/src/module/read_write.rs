//! File-like objects as the C modules take them.

use halfsour_runtime::{Context, Error, Result, Value, exc};

use crate::sink::PythonFile;
use crate::source::PythonReader;

/// Returns a file to write to.
///
/// # Errors
/// TypeError when it has no `write`.
pub(super) fn writer<'gc>(ctx: Context<'gc>, file: Value<'gc>) -> Result<'gc, PythonFile<'gc>> {
    PythonFile::new(ctx, file)
        .map_err(|error| lacks(ctx, error, "argument must have 'write' attribute"))
}

/// Returns a file to read from.
///
/// # Errors
/// TypeError when it has no `read` or no `readline`.
pub(super) fn reader<'gc>(ctx: Context<'gc>, file: Value<'gc>) -> Result<'gc, PythonReader<'gc>> {
    PythonReader::new(ctx, file)
        .map_err(|error| lacks(ctx, error, "argument must have 'read' and 'readline' attributes"))
}

#[cold]
pub(super) fn lacks<'gc>(
    ctx: Context<'gc>,
    error: Error<'gc>,
    message: &'static str,
) -> Error<'gc> {
    if error.is(ctx, &exc::ATTRIBUTE_ERROR) {
        return Error::new(&exc::TYPE_ERROR, message);
    }
    error
}
