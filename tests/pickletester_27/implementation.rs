//! How a class of the suite dumps and loads.

use std::sync::Arc;

use halfsour::pickle::tools::optimize;
use halfsour::pickle::{Callables, Flavour, Pickler, Unpickler};
use halfsour::{Bytes, Context, Dialect, Error, Result, Value, exc};

use crate::bounce::Worker;
use crate::medium::Medium;
use crate::modules::Module;

/// A way to dump, and a way to load.
#[derive(Clone)]
pub(crate) struct Implementation {
    pub(crate) dump: Dump,
    pub(crate) load: Load,
}

/// How to make a pickle.
#[derive(Clone)]
pub(crate) enum Dump {
    /// `module.dumps(object, protocol)`
    Function(Module),
    /// `module.Pickler(file, protocol).dump(object)`, perhaps with `fast` set.
    Pickler { module: Module, file: Medium, fast: bool },
    /// `cPickle.Pickler(protocol)`, and its `getvalue()`.
    Collecting,
    /// What [`Pickler::dumps`] writes.
    Rust(Flavour),
    /// What [`optimize`] makes of that.
    Optimized(Flavour),
    /// What a CPython writes after it loaded that.
    Bounced(Module, Arc<Worker>),
}

/// How to load a pickle.
#[derive(Clone, Copy)]
pub(crate) enum Load {
    /// `module.loads(stream)`
    Function(Module),
    /// `module.Unpickler(file).load()`
    Unpickler(Module, Medium),
    /// What [`Unpickler::loads`] reads.
    Rust(Flavour),
}

impl Implementation {
    /// Returns an object's pickle.
    pub(crate) fn dumps<'gc>(
        &self,
        ctx: Context<'gc>,
        object: Value<'gc>,
        protocol: i32,
    ) -> Result<'gc, Vec<u8>> {
        match &self.dump {
            Dump::Function(module) => {
                bytes(ctx, module.get(ctx, "dumps")?.call(ctx, (object, protocol))?)
            }
            &Dump::Pickler { module, file, fast } => {
                let file = file.output(ctx)?;
                let pickler = module.get(ctx, "Pickler")?.call(ctx, (file, protocol))?;
                if fast {
                    pickler.set_attr(ctx, "fast", 1)?;
                }
                pickler.call_method(ctx, "dump", (object,))?;
                file.call_method(ctx, "seek", (0,))?;
                bytes(ctx, file.call_method(ctx, "read", ())?)
            }
            Dump::Collecting => {
                let pickler = Module::CPickle.get(ctx, "Pickler")?.call(ctx, (protocol,))?;
                pickler.call_method(ctx, "dump", (object,))?;
                bytes(ctx, pickler.call_method(ctx, "getvalue", ())?)
            }
            &Dump::Rust(flavour) => rust_dumps(ctx, flavour, object, protocol),
            &Dump::Optimized(flavour) => {
                let stream = rust_dumps(ctx, flavour, object, protocol)?;
                optimize(&stream, Dialect::Python2)
                    .map_err(|error| Error::new(&exc::VALUE_ERROR, error.to_string()))
            }
            Dump::Bounced(module, worker) => {
                let stream = rust_dumps(ctx, module.flavour(), object, protocol)?;
                worker
                    .bounce(*module, &stream, protocol)
                    .map_err(|error| Error::new(&exc::RUNTIME_ERROR, error))
            }
        }
    }

    /// Loads a pickle.
    pub(crate) fn loads<'gc>(&self, ctx: Context<'gc>, stream: &[u8]) -> Result<'gc> {
        match self.load {
            Load::Function(module) => {
                module.get(ctx, "loads")?.call(ctx, (Bytes::new(ctx, stream),))
            }
            Load::Unpickler(module, medium) => {
                let file = medium.input(ctx, stream)?;
                module.get(ctx, "Unpickler")?.call(ctx, (file,))?.call_method(ctx, "load", ())
            }
            Load::Rust(flavour) => {
                Unpickler::new().flavour(flavour).callables(Callables::Any).loads(ctx, stream)
            }
        }
    }

    /// The module whose functions and classes are under test, and whose errors loading raises.
    pub(crate) fn module(&self) -> Module {
        match self.load {
            Load::Function(module) | Load::Unpickler(module, _) => module,
            Load::Rust(Flavour::CPickle) => Module::CPickle,
            Load::Rust(_) => Module::Pickle,
        }
    }
}

fn rust_dumps<'gc>(
    ctx: Context<'gc>,
    flavour: Flavour,
    object: Value<'gc>,
    protocol: i32,
) -> Result<'gc, Vec<u8>> {
    Pickler::new().flavour(flavour).protocol(protocol).dumps(ctx, object)
}

/// The bytes of a `str`.
pub(crate) fn bytes<'gc>(ctx: Context<'gc>, text: Value<'gc>) -> Result<'gc, Vec<u8>> {
    match text {
        Value::Bytes(text) => Ok(text.as_slice().to_vec()),
        other => {
            let message = format!("a str was expected, not {}", other.type_name(ctx));
            Err(Error::new(&exc::TYPE_ERROR, message))
        }
    }
}
