//! The options of a load that functions and the class `Unpickler` share.

use halfsour_runtime::{Context, Error, Result, Value, exc};

use super::protocol::{given, is_on};
use crate::load::{Options, TextEncoding};

/// `fix_imports`, `encoding`, `errors` and `buffers`.
pub(super) struct LoadOptions<'gc> {
    pub(super) fix_imports: bool,
    pub(super) encoding: String,
    pub(super) errors: String,
    /// An iterator.
    pub(super) buffers: Option<Value<'gc>>,
}

impl<'gc> LoadOptions<'gc> {
    /// Reads the arguments of a function.
    ///
    /// # Errors
    /// TypeError for one of another type.
    pub(super) fn new(
        ctx: Context<'gc>,
        function: &str,
        [fix_imports, encoding, errors, buffers]: [Option<Value<'gc>>; 4],
    ) -> Result<'gc, Self> {
        let buffers = given(buffers).map(|buffers| buffers.iter(ctx)).transpose()?;
        Ok(Self {
            fix_imports: is_on(ctx, fix_imports)?,
            encoding: text(ctx, function, "encoding", encoding)?.unwrap_or("ASCII".to_owned()),
            errors: text(ctx, function, "errors", errors)?.unwrap_or("strict".to_owned()),
            buffers: buffers.map(|buffers| buffers.into_object(ctx)),
        })
    }

    /// Those that are no objects.
    pub(super) fn options(&self) -> Options<'_> {
        Options {
            encoding: TextEncoding::new(&self.encoding, &self.errors),
            fix_imports: self.fix_imports,
            newer_protocols: false,
        }
    }
}

/// Takes the next of the buffers that an iterator has.
pub(super) fn next_buffer<'gc>(
    ctx: Context<'gc>,
    buffers: Value<'gc>,
) -> Result<'gc, Option<Value<'gc>>> {
    buffers.iter(ctx)?.next(ctx)
}

fn text<'gc>(
    ctx: Context<'gc>,
    function: &str,
    name: &str,
    argument: Option<Value<'gc>>,
) -> Result<'gc, Option<String>> {
    let Some(argument) = argument else { return Ok(None) };
    if let Value::Unicode(_) = argument.content() {
        return argument.to(ctx).map(Some);
    }
    let found = if argument.is_none() { "None".to_owned() } else { argument.type_name(ctx) };
    let message = format!("{function}() argument '{name}' must be str, not {found}");
    Err(Error::new(&exc::TYPE_ERROR, message))
}
