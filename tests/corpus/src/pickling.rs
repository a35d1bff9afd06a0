//! Loading and dumping the way a line of a manifest was made: flavour, protocol, hooks, extension codes, several
//! objects in one stream.

use std::io::Read;

use halfsour_pickle::{Callables, Flavour, Pickler, Unpickler};
use halfsour_runtime::{Context, List, Result, Value};

use crate::classes;
use crate::golden::Options;

/// How a stream was made.
#[derive(Clone, Copy, Debug)]
pub struct Setup<'l> {
    /// Whose bytes and rules.
    pub flavour: Flavour,
    /// The protocol to write.
    pub protocol: i32,
    /// The hooks and registrations.
    pub options: &'l Options,
    /// How many objects are in the stream, if one pickler wrote several: then a list stands for them.
    pub loads: Option<usize>,
}

/// Readies a runtime for the streams of a corpus made in this way: its modules and classes, and the extension codes.
///
/// # Errors
/// Whatever defining a class or registering a code raises.
pub fn prepare<'gc>(ctx: Context<'gc>, options: &Options) -> Result<'gc, ()> {
    halfsour_copyreg::install(ctx)?;
    classes::install(ctx)?;
    for (module, name, code) in &options.ext {
        let register = ctx.import_from("copy_reg", "add_extension")?;
        register.call(ctx, (module.as_str(), name.as_str(), *code))?;
    }
    Ok(())
}

impl Setup<'_> {
    /// Loads a stream; several objects as a list.
    ///
    /// # Errors
    /// As the unpickler.
    pub fn load<'gc>(&self, ctx: Context<'gc>, mut stream: &[u8]) -> Result<'gc> {
        let mut unpickler = Unpickler::new().flavour(self.flavour).callables(Callables::Any);
        if self.options.pid {
            unpickler = unpickler
                .persistent_load(|ctx, pid| classes::global(ctx, "Ref")?.call(ctx, (pid,)));
        }
        let Some(loads) = self.loads else { return unpickler.loads(ctx, stream) };
        let session = unpickler.session(ctx);
        let loaded = (0..loads).map(|_| session.load(ctx, &unpickler, stream.by_ref()));
        Ok(List::from_vec(ctx, loaded.collect::<Result<'gc, _>>()?).into())
    }

    /// Dumps an object, or each of a list of objects into one stream.
    ///
    /// # Errors
    /// As the pickler.
    pub fn dump<'gc>(&self, ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, Vec<u8>> {
        let mut pickler =
            Pickler::new().protocol(self.protocol).flavour(self.flavour).fast(self.options.fast);
        if self.options.pid {
            pickler = pickler.persistent_id(persistent_id);
        }
        let Some(objects) = object.as_list().filter(|_| self.options.multi) else {
            return pickler.dumps(ctx, object);
        };
        let session = pickler.session(ctx)?;
        let mut stream = Vec::new();
        for (at, object) in objects.to_vec().into_iter().enumerate() {
            if self.options.clear.contains(&at) {
                session.clear_memo(ctx)?;
            }
            session.dump(ctx, &pickler, object, &mut stream)?;
        }
        Ok(stream)
    }
}

fn persistent_id<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, Option<Value<'gc>>> {
    if object.type_of(ctx).lookup(ctx, "is_persistent_ref").is_none() {
        return Ok(None);
    }
    object.get_attr(ctx, "pid").map(Some)
}
