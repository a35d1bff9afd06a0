//! `file`: Python's file objects over a host's reader or writer. The runtime itself opens nothing.

mod host;
mod methods;
mod state;

pub use self::host::HostFile;
pub(super) use self::methods::install;

use self::state::FileState;
use crate::context::Context;
use crate::instance::Instance;
use crate::payload::Traced;
use crate::value::Value;

/// The positions of the values in a file's payload.
const NAME: usize = 0;
const MODE: usize = 1;

impl<'gc> Context<'gc> {
    /// Returns a `file` object over what the host gives; `mode` is as for Python's `open`.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::io::Cursor;
    ///
    /// use halfsour_runtime::{Runtime, Value};
    ///
    /// let mut runtime = Runtime::python2();
    /// runtime.try_enter(|ctx| {
    ///     let file = ctx.new_file("jars.txt", "r", Cursor::new(b"dill\nhalf sour\n".to_vec()));
    ///     let line = Value::from(file).call_method(ctx, "readline", ())?;
    ///     assert_eq!(line.to::<String>(ctx)?, "dill\n");
    ///     Ok(())
    /// })?;
    /// # Ok::<(), halfsour_runtime::Uncaught>(())
    /// ```
    #[must_use]
    pub fn new_file(self, name: &str, mode: &str, host: impl HostFile) -> Instance<'gc> {
        let content = Traced::new(self, FileState::open(mode, Box::new(host)));
        content.push(self, self.str(name));
        content.push(self, self.str(mode));
        Instance::native(self, self.types().file, content)
    }
}

/// A file that was never opened: what `file.__new__` alone makes.
fn unopened<'gc>(ctx: Context<'gc>) -> Traced<'gc> {
    let content = Traced::new(ctx, FileState::default());
    content.push(ctx, ctx.str("<uninitialized file>"));
    content.push(ctx, ctx.str("<uninitialized file>"));
    content
}

fn value_at<'gc>(content: Traced<'gc>, at: usize) -> Value<'gc> {
    content.get(at).unwrap_or(Value::None)
}
