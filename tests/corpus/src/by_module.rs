//! Loading and dumping as [`Setup`] says, through the modules that Python-shaped code imports.

use halfsour_pickle::{Callables, Flavour, Unpickler};
use halfsour_runtime::{Bytes, Context, Function, List, Result, Value};

use crate::classes;
use crate::pickling::{Setup, persistent_id};

/// Installs the modules as the implementations that wrote the manifests have them: what a stream names, it may call.
///
/// # Errors
/// Whatever making a module raises.
pub fn install(ctx: Context<'_>) -> Result<'_, ()> {
    halfsour_pickle::install_with(ctx, Unpickler::new().callables(Callables::Any))
}

impl Setup<'_> {
    /// Loads a stream by the module of the flavour; several objects as a list.
    ///
    /// # Errors
    /// As the module's Unpickler.
    pub fn load_by_module<'gc>(&self, ctx: Context<'gc>, stream: &[u8]) -> Result<'gc> {
        let (module, stream) = (self.module(ctx)?, Value::from(Bytes::new(ctx, stream)));
        if !self.options.pid && self.loads.is_none() {
            return module.call_method(ctx, "loads", (stream,));
        }
        let unpickler = module.call_method(ctx, "Unpickler", (file(ctx, Some(stream))?,))?;
        if self.options.pid {
            let find = Function::new(ctx, "persistent_load", |ctx, args| {
                classes::global(ctx, "Ref")?.call(ctx, args)
            });
            unpickler.set_attr(ctx, "persistent_load", find)?;
        }
        let load = || unpickler.call_method(ctx, "load", ());
        match self.loads {
            None => load(),
            Some(loads) => {
                let loaded = (0..loads).map(|_| load()).collect::<Result<'gc, _>>()?;
                Ok(List::from_vec(ctx, loaded).into())
            }
        }
    }

    /// Dumps an object, or each of a list of objects into one stream, by the module of the flavour.
    ///
    /// # Errors
    /// As the module's Pickler.
    pub fn dump_by_module<'gc>(
        &self,
        ctx: Context<'gc>,
        object: Value<'gc>,
    ) -> Result<'gc, Vec<u8>> {
        let module = self.module(ctx)?;
        let options = self.options;
        if !options.pid && !options.fast && !options.multi {
            return bytes(ctx, module.call_method(ctx, "dumps", (object, self.protocol))?);
        }
        let out = file(ctx, None)?;
        let pickler = module.call_method(ctx, "Pickler", (out, self.protocol))?;
        pickler.set_attr(ctx, "fast", i32::from(options.fast))?;
        if options.pid {
            let name = Function::new(ctx, "persistent_id", |ctx, args| {
                let (object,): (Value<'_>,) = args.parse(ctx, "persistent_id")?;
                Ok(persistent_id(ctx, object)?.unwrap_or(Value::None))
            });
            pickler.set_attr(ctx, "persistent_id", name)?;
        }
        let objects = match object.as_list().filter(|_| options.multi) {
            Some(objects) => objects.to_vec(),
            None => vec![object],
        };
        for (at, object) in objects.into_iter().enumerate() {
            if options.clear.contains(&at) {
                pickler.call_method(ctx, "clear_memo", ())?;
            }
            pickler.call_method(ctx, "dump", (object,))?;
        }
        bytes(ctx, out.call_method(ctx, "getvalue", ())?)
    }

    fn module<'gc>(&self, ctx: Context<'gc>) -> Result<'gc> {
        ctx.import(match self.flavour {
            Flavour::CPickle => "cPickle",
            Flavour::Pickle | Flavour::Python3 => "pickle",
        })
    }
}

/// A file in memory.
fn file<'gc>(ctx: Context<'gc>, content: Option<Value<'gc>>) -> Result<'gc> {
    let class = ctx.import_from("io", "BytesIO")?;
    match content {
        Some(content) => class.call(ctx, (content,)),
        None => class.call(ctx, ()),
    }
}

fn bytes<'gc>(ctx: Context<'gc>, string: Value<'gc>) -> Result<'gc, Vec<u8>> {
    Ok(string.to::<Bytes<'gc>>(ctx)?.as_slice().to_vec())
}
