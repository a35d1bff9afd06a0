//! Attributes of Python objects as the hooks of dumps and loads.

use halfsour_runtime::{Class, Context, Error, Result, Value, exc};

use crate::encode::Encoder;
use crate::exceptions::cpickle;
use crate::pickle_buffer::{PickleBuffer, Placement};
use crate::save::{self, Memo, Saver};
use crate::sink::Sink;

/// The hooks that the object of a Pickler has.
#[derive(Clone, Copy, Default)]
pub(super) struct PicklerHooks<'gc> {
    pub(super) persistent_id: Option<Value<'gc>>,
    pub(super) instance_persistent_id: Option<Value<'gc>>,
    pub(super) fast: bool,
    /// Those of Python 3.
    pub(super) reducer_override: Option<Value<'gc>>,
    pub(super) dispatch_table: Option<Value<'gc>>,
    pub(super) buffer_callback: Option<Value<'gc>>,
    pub(super) fix_imports: bool,
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
        let reducer_override = self.reducer_override.map(|hook| {
            move |_, object| Ok(ask(hook, object)?.filter(|it| !it.is(Value::NotImplemented)))
        });
        let dispatch_table =
            self.dispatch_table.map(|table| move |_, class| reducer_in(ctx, table, class));
        let buffer_callback =
            self.buffer_callback.map(|hook| move |_, buffer| placement_by(ctx, hook, buffer));
        let hooks = save::Hooks {
            persistent_id: persistent_id.as_ref().map(|hook| hook as _),
            instance_persistent_id: instance.as_ref().map(|hook| hook as _),
            reducer_override: reducer_override.as_ref().map(|hook| hook as _),
            dispatch_table: dispatch_table.as_ref().map(|hook| hook as _),
            buffer_callback: buffer_callback.as_ref().map(|hook| hook as _),
        };
        let mut saver =
            Saver::new(ctx, encoder, memo, hooks).fast(self.fast).fix_imports(self.fix_imports);
        let dumped = saver.dump(object, sink);
        (dumped, saver.into_memo())
    }
}

/// `dispatch_table[class]`, if there is such an item.
fn reducer_in<'gc>(
    ctx: Context<'gc>,
    table: Value<'gc>,
    class: Class<'gc>,
) -> Result<'gc, Option<Value<'gc>>> {
    match table {
        Value::Dict(table) => table.get(ctx, class.into()),
        table => match table.get_item(ctx, class) {
            Err(error) if error.is(ctx, &exc::KEY_ERROR) => Ok(None),
            found => found.map(Some),
        },
    }
}

/// Asks a `buffer_callback`: what it calls true is written into the pickle.
fn placement_by<'gc>(
    ctx: Context<'gc>,
    callback: Value<'gc>,
    buffer: PickleBuffer<'gc>,
) -> Result<'gc, Placement> {
    let in_band = callback.call(ctx, (Value::from(buffer),))?.truth(ctx)?;
    Ok(if in_band { Placement::InBand } else { Placement::OutOfBand })
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
