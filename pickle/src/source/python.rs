//! A pickle that comes from a file-like object of Python.

use halfsour_runtime::{Bytes, Context, Error, Result, Value, exc};

use super::sealed;

/// A Python object with the methods `read` and `readline`, as a source.
///
/// As the documentation says, `read` takes an integer and `readline` takes nothing, and both return a string.
///
/// # Examples
/// ```
/// use halfsour_pickle::{PythonReader, Unpickler};
/// use halfsour_runtime::{Class, Runtime, Value};
///
/// let mut runtime = Runtime::python2();
/// let number = runtime.try_enter(|ctx| {
///     let class = Class::builder(ctx, "Tape")
///         .attr("opcodes", "I")
///         .method("read", |ctx, this, _| {
///             let opcodes = this.get_attr(ctx, "opcodes")?;
///             this.set_attr(ctx, "opcodes", ".")?;
///             Ok(opcodes)
///         })
///         .method("readline", |ctx, _, _| Ok(ctx.str("7\n")))
///         .build()?;
///     let tape = Value::from(class).call(ctx, ())?;
///     Unpickler::new().load(ctx, PythonReader::new(ctx, tape)?)?.to::<i64>(ctx)
/// })?;
/// assert_eq!(number, 7);
/// # Ok::<(), halfsour_runtime::Uncaught>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct PythonReader<'gc> {
    read: Value<'gc>,
    readline: Value<'gc>,
}

/// How much is asked of `read` at once: a length in the stream is a claim.
const READ_AT_ONCE: usize = 1 << 20;

impl<'gc> PythonReader<'gc> {
    /// Looks up the `read` and `readline` methods of a file-like object.
    ///
    /// # Errors
    /// AttributeError when one is missing.
    pub fn new(ctx: Context<'gc>, file: Value<'gc>) -> Result<'gc, Self> {
        let readline = file.get_attr(ctx, "readline")?;
        Ok(Self::calling(file.get_attr(ctx, "read")?, readline))
    }

    /// A file of which the methods are known.
    pub(crate) const fn calling(read: Value<'gc>, readline: Value<'gc>) -> Self {
        Self { read, readline }
    }

    /// The methods `read` and `readline`.
    pub(crate) const fn methods(self) -> (Value<'gc>, Value<'gc>) {
        (self.read, self.readline)
    }

    /// Calls `read` once.
    fn read_once(self, ctx: Context<'gc>, count: usize) -> Result<'gc, Bytes<'gc>> {
        let count = count.min(READ_AT_ONCE) as i64;
        let read = string(ctx, self.read.call(ctx, (count,))?)?;
        if read.len() as u64 > count.unsigned_abs() {
            let message = format!("read() returned {} bytes, not {count} or fewer", read.len());
            return Err(Error::new(&exc::VALUE_ERROR, message));
        }
        Ok(read)
    }
}

impl<'gc> sealed::Source<'gc> for PythonReader<'gc> {
    fn fill(&mut self, ctx: Context<'gc>, buffer: &mut [u8]) -> Result<'gc, bool> {
        let read = self.read_once(ctx, buffer.len())?.as_slice();
        let filled = read.len() == buffer.len();
        if filled {
            buffer.copy_from_slice(read);
        }
        Ok(filled)
    }

    fn read(&mut self, ctx: Context<'gc>, count: usize, bytes: &mut Vec<u8>) -> Result<'gc, ()> {
        let mut left = count;
        while left > 0 {
            let asked = left.min(READ_AT_ONCE);
            let read = self.read_once(ctx, asked)?.as_slice();
            bytes.extend_from_slice(read);
            left = left.saturating_sub(read.len());
            // As in Python, a short read is the end.
            if read.len() < asked {
                break;
            }
        }
        Ok(())
    }

    fn read_line(&mut self, ctx: Context<'gc>, line: &mut Vec<u8>) -> Result<'gc, ()> {
        let read = self.readline.call(ctx, ())?;
        line.extend_from_slice(string(ctx, read)?.as_slice());
        Ok(())
    }
}

/// Returns what a method of a file has read.
fn string<'gc>(ctx: Context<'gc>, read: Value<'gc>) -> Result<'gc, Bytes<'gc>> {
    read.as_bytes().ok_or_else(|| {
        let message =
            format!("read() and readline() must return a string, not {}", read.type_name(ctx));
        Error::new(&exc::TYPE_ERROR, message)
    })
}
