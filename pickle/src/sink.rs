//! Where a pickle is written to.

use std::io;

use halfsour_runtime::{Bytes, Context, Result, Value};

/// What a pickle can be written to: any [`io::Write`] (a `Vec<u8>`, a file, a socket), or a [`PythonFile`].
///
/// This trait is sealed. The bytes come in pieces of some 64 KiB. When a dump fails, the sink has got
/// everything that was written before, as Python documents.
// DIFFERENCE: `pickle.py` calls `write` for every opcode.
pub trait Sink<'gc>: sealed::Sink<'gc> {}

impl<'gc, T: sealed::Sink<'gc> + ?Sized> Sink<'gc> for T {}

pub(crate) mod sealed {
    use super::{Context, Result};

    pub trait Sink<'gc> {
        fn accept(&mut self, ctx: Context<'gc>, bytes: &[u8]) -> Result<'gc, ()>;
    }
}

impl<'gc, W: io::Write + ?Sized> sealed::Sink<'gc> for W {
    fn accept(&mut self, _: Context<'gc>, bytes: &[u8]) -> Result<'gc, ()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            // `write_all` would panic if the writer says that it has taken more than it was given.
            rest = match self.write(rest) {
                Ok(0) => return Err(io::Error::from(io::ErrorKind::WriteZero).into()),
                Ok(taken) => rest.get(taken..).ok_or_else(|| io::Error::other(LIES))?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => rest,
                Err(error) => return Err(error.into()),
            };
        }
        Ok(())
    }
}

const LIES: &str = "the writer says that it has taken more than it was given";

/// A Python object with a `write` method, as a sink.
///
/// # Examples
/// ```
/// # use halfsour_pickle::{Pickler, PythonFile};
/// # use halfsour_runtime::{Class, Runtime, Value};
/// # let mut runtime = Runtime::python2();
/// # runtime.try_enter(|ctx| {
/// let class = Class::builder(ctx, "Recorder")
///     .method("write", |ctx, this, args| {
///         let (text,): (Value<'_>,) = args.parse(ctx, "write")?;
///         this.set_attr(ctx, "written", text)?;
///         Ok(Value::None)
///     })
///     .build()?;
/// let file = Value::from(class).call(ctx, ())?;
/// Pickler::new().dump(ctx, Value::Int(7), PythonFile::new(ctx, file)?)?;
/// assert!(file.get_attr(ctx, "written")?.equals(ctx, ctx.str("I7\n."))?);
/// # Ok(())
/// # })?;
/// # Ok::<(), halfsour_runtime::Uncaught>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct PythonFile<'gc> {
    write: Value<'gc>,
}

impl<'gc> PythonFile<'gc> {
    /// Looks up the `write` method of a file-like object.
    ///
    /// # Errors
    /// AttributeError when it has none.
    pub fn new(ctx: Context<'gc>, file: Value<'gc>) -> Result<'gc, Self> {
        Ok(Self::calling(file.get_attr(ctx, "write")?))
    }

    /// A file of which the `write` method is known.
    pub(crate) const fn calling(write: Value<'gc>) -> Self {
        Self { write }
    }

    /// The `write` method.
    pub(crate) const fn write(self) -> Value<'gc> {
        self.write
    }
}

impl<'gc> sealed::Sink<'gc> for PythonFile<'gc> {
    fn accept(&mut self, ctx: Context<'gc>, bytes: &[u8]) -> Result<'gc, ()> {
        if bytes.is_empty() {
            return Ok(());
        }
        let text = Bytes::new(ctx, bytes);
        self.write.call(ctx, (Value::from(text),))?;
        Ok(())
    }
}
