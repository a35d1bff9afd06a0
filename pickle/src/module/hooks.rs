//! Attributes of Python objects as the hooks of dumps and loads.

use halfsour_runtime::{Context, Error, Result, Value};

use crate::encode::Encoder;
use crate::exceptions::cpickle;
use crate::save::{self, Memo, Saver};
use crate::sink::Sink;

/// The hooks that the object of a Pickler has.
#[derive(Clone, Copy, Default)]
pub(super) struct PicklerHooks<'gc> {
    pub(super) persistent_id: Option<Value<'gc>>,
    pub(super) instance_persistent_id: Option<Value<'gc>>,
    pub(super) fast: bool,
}

impl<'gc> PicklerHooks<'gc> {
    /// Writes an object's pickle; returns the memo too, which stays usable when that fails.
    pub(super) fn dump(
        self,
        ctx: Context<'gc>,
        encoder: Encoder,
        memo: Memo<'gc>,
        object: Value<'gc>,
        sink: &mut dyn Sink<'gc>,
    ) -> (Result<'gc, ()>, Memo<'gc>) {
        let ask = |hook: Value<'gc>, object| hook.call(ctx, (object,)).map(Some);
        let persistent_id = self.persistent_id.map(|hook| move |_, object| ask(hook, object));
        let instance = self.instance_persistent_id.map(|hook| move |_, object| ask(hook, object));
        let hooks = save::Hooks {
            persistent_id: persistent_id.as_ref().map(|hook| hook as _),
            instance_persistent_id: instance.as_ref().map(|hook| hook as _),
            ..save::Hooks::default()
        };
        let mut saver = Saver::new(ctx, encoder, memo, hooks).fast(self.fast);
        let dumped = saver.dump(object, sink);
        (dumped, saver.into_memo())
    }
}

/// Finds an object by its persistent id as cPickle does: a list gets the id, and the id stands for the object.
pub(super) fn find_or_collect<'gc>(
    ctx: Context<'gc>,
    persistent_load: Value<'gc>,
    id: Value<'gc>,
) -> Result<'gc> {
    match persistent_load {
        Value::List(ids) => {
            ids.push(ctx, id);
            Ok(id)
        }
        hook => hook.call(ctx, (id,)),
    }
}

/// Finds a global as cPickle's `find_global` does: `None` refuses every one.
pub(super) fn find_global<'gc>(
    ctx: Context<'gc>,
    find_global: Value<'gc>,
    module: &str,
    name: &str,
) -> Result<'gc> {
    if find_global.is_none() {
        let message = "Global and instance pickles are not supported.";
        return Err(Error::new(&cpickle::UNPICKLING_ERROR, message));
    }
    find_global.call(ctx, (module, name))
}
