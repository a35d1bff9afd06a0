//! How a class of the suite dumps and loads.

use halfsour::pickle::tools::optimize;
use halfsour::{Args, Bytes, Context, Dialect, Error, Result, Value, exc};

use crate::objects::{bytes_io, content};

/// A way to dump, and a way to load.
#[derive(Clone)]
pub(crate) struct Implementation {
    pub(crate) dump: Dump,
    pub(crate) load: Load,
}

/// How to make a pickle.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dump {
    /// `pickle.dumps(object, protocol)`
    Function,
    /// `pickle.Pickler(file, protocol).dump(object)`
    Pickler,
    /// What [`optimize`] makes of that of the function.
    Optimized,
}

/// How to load a pickle.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Load {
    /// `pickle.loads(stream)`
    Function,
    /// `pickle.Unpickler(file).load()`
    Unpickler,
}

/// Arguments by their names.
pub(crate) type Keywords<'a, 'gc> = &'a [(&'a str, Value<'gc>)];

impl Implementation {
    /// Returns an object's pickle.
    pub(crate) fn dumps<'gc>(
        &self,
        ctx: Context<'gc>,
        object: Value<'gc>,
        protocol: i32,
    ) -> Result<'gc, Vec<u8>> {
        self.dumps_with(ctx, object, protocol, &[])
    }

    /// As [`dumps`](Self::dumps), with more arguments.
    pub(crate) fn dumps_with<'gc>(
        &self,
        ctx: Context<'gc>,
        object: Value<'gc>,
        protocol: i32,
        keywords: Keywords<'_, 'gc>,
    ) -> Result<'gc, Vec<u8>> {
        let protocol = Value::Int(protocol.into());
        if self.dump == Dump::Pickler {
            let file = bytes_io(ctx, b"")?;
            call(ctx, "Pickler", &[file, protocol], keywords)?.call_method(
                ctx,
                "dump",
                (object,),
            )?;
            return content(ctx, file);
        }
        let dumped = call(ctx, "dumps", &[object, protocol], keywords)?;
        let stream = dumped.as_bytes().expect("dumps gives bytes").as_slice().to_vec();
        if self.dump == Dump::Function {
            return Ok(stream);
        }
        optimize(&stream, Dialect::Python3)
            .map_err(|error| Error::new(&exc::VALUE_ERROR, error.to_string()))
    }

    /// Loads a pickle.
    pub(crate) fn loads<'gc>(&self, ctx: Context<'gc>, stream: &[u8]) -> Result<'gc> {
        self.loads_with(ctx, stream, &[])
    }

    /// As [`loads`](Self::loads), with more arguments.
    pub(crate) fn loads_with<'gc>(
        &self,
        ctx: Context<'gc>,
        stream: &[u8],
        keywords: Keywords<'_, 'gc>,
    ) -> Result<'gc> {
        match self.load {
            Load::Function => call(ctx, "loads", &[Bytes::new(ctx, stream).into()], keywords),
            Load::Unpickler => {
                let file = bytes_io(ctx, stream)?;
                call(ctx, "Unpickler", &[file], keywords)?.call_method(ctx, "load", ())
            }
        }
    }
}

/// Calls what the module has under a name.
pub(crate) fn call<'gc>(
    ctx: Context<'gc>,
    name: &str,
    positional: &[Value<'gc>],
    keywords: Keywords<'_, 'gc>,
) -> Result<'gc> {
    let args = keywords
        .iter()
        .fold(Args::new(positional), |args, &(name, value)| args.keyword(ctx, name, value));
    ctx.import_from("pickle", name)?.call(ctx, args)
}
