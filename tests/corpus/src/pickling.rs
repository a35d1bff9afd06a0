//! Loading and dumping the way a line of a manifest was made: flavour, protocol, hooks, extension codes, several
//! objects in one stream.

use std::cell::Cell;
use std::io::Read;

use halfsour_pickle::{Callables, Flavour, Limits, Pickler, Placement, Unpickler};
use halfsour_runtime::{ByteArray, Bytes, Class, Context, List, Result, Runtime, Value};

use crate::CorpusError;
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
    /// The out-of-band buffers, each with whether it is read-only.
    pub buffers: &'l [(Vec<u8>, bool)],
    /// What Python 3 takes the byte strings of Python 2 for, unless for ASCII.
    pub encoding: Option<&'l str>,
}

/// Readies a runtime for the streams of a corpus made in this way: its modules and classes, and the extension codes.
///
/// # Errors
/// Whatever defining a class or registering a code raises.
pub fn prepare<'gc>(ctx: Context<'gc>, options: &Options) -> Result<'gc, ()> {
    halfsour_copyreg::install(ctx)?;
    classes::install(ctx)?;
    for (module, name, code) in &options.ext {
        // The other Python's reader has the same object under its own name.
        let own = ctx.dialect().builtins_module();
        let is_builtin = ["__builtin__", "builtins"].contains(&module.as_str());
        let module = if is_builtin { own } else { module };
        let register = ctx.import_from(ctx.dialect().copyreg_module(), "add_extension")?;
        register.call(ctx, (module, name.as_str(), *code))?;
    }
    Ok(())
}

/// The runtimes that were made for streams: one of each Python, and the last with registrations of its own. What one stream
/// leaves behind in one, such as names, must not matter to the next.
#[derive(Debug, Default)]
pub struct Runtimes {
    python2: Option<Runtime>,
    python3: Option<Runtime>,
    special: Option<Runtime>,
}

impl Runtimes {
    /// A runtime that has what a stream needs.
    ///
    /// # Errors
    /// Whatever [`prepare`] raises.
    pub fn with(&mut self, flavour: Flavour, options: &Options) -> crate::Result<&mut Runtime> {
        let place = match flavour {
            _ if !options.ext.is_empty() => &mut self.special,
            Flavour::Python3 => &mut self.python3,
            Flavour::Pickle | Flavour::CPickle => &mut self.python2,
        };
        if let Some(runtime) = place.take_if(|_| options.ext.is_empty()) {
            return Ok(place.insert(runtime));
        }
        let mut runtime = match flavour {
            Flavour::Python3 => Runtime::python3(),
            Flavour::Pickle | Flavour::CPickle => Runtime::python2(),
        };
        let prepared = runtime.try_enter(|ctx| prepare(ctx, options));
        prepared.map_err(|error| CorpusError::Runtime(error.to_string()))?;
        Ok(place.insert(runtime))
    }
}

impl Setup<'_> {
    fn limits(&self) -> Limits {
        match self.options.int_digits {
            None => Limits::new(),
            Some(0) => Limits::new().digits(usize::MAX),
            Some(digits) => Limits::new().digits(digits as usize),
        }
    }

    /// Loads a stream; several objects as a list.
    ///
    /// # Errors
    /// As the unpickler.
    pub fn load<'gc>(&self, ctx: Context<'gc>, mut stream: &[u8]) -> Result<'gc> {
        let mut unpickler = Unpickler::new()
            .flavour(self.flavour)
            .callables(Callables::Any)
            .limits(self.limits())
            .encoding(self.encoding.unwrap_or("ASCII"))
            .buffers(|ctx, number| Ok(self.buffers.get(number).map(|buffer| given(ctx, buffer))));
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
        let options = self.options;
        let mut pickler = Pickler::new()
            .protocol(self.protocol)
            .flavour(self.flavour)
            .fast(options.fast)
            .limits(self.limits())
            .fix_imports(options.fix_imports.unwrap_or(true));
        if let Some(placements) = options.oob.as_deref().filter(|_| self.protocol >= 5) {
            let met = Cell::new(0);
            pickler = pickler.buffer_callback(move |_, _| {
                met.set(met.get() + 1);
                Ok(match placements {
                    "inband" => Placement::InBand,
                    "alternate" if met.get() % 2 == 0 => Placement::InBand,
                    _ => Placement::OutOfBand,
                })
            });
        }
        if options.reducer_override {
            pickler = pickler.reducer_override(|ctx, object| {
                if !is_override(ctx, object.type_of(ctx))? {
                    return Ok(None);
                }
                classes::global(ctx, "reduce_override")?.call(ctx, (object,)).map(Some)
            });
        }
        if options.dispatch_table {
            pickler = pickler.dispatch_table(|ctx, class| {
                if is_override(ctx, class)? {
                    return classes::global(ctx, "reduce_override").map(Some);
                }
                halfsour_copyreg::reducer_of(ctx, class.into())
            });
        }
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

/// A buffer as the manifests hand it to an Unpickler: bytes or a bytearray.
fn given<'gc>(ctx: Context<'gc>, (bytes, read_only): &(Vec<u8>, bool)) -> Value<'gc> {
    match read_only {
        true => Bytes::new(ctx, bytes).into(),
        false => ByteArray::from_vec(ctx, bytes.clone()).into(),
    }
}

fn is_override<'gc>(ctx: Context<'gc>, class: Class<'gc>) -> Result<'gc, bool> {
    Ok(classes::global(ctx, "Override")?.is(class.into()))
}

pub(crate) fn persistent_id<'gc>(
    ctx: Context<'gc>,
    object: Value<'gc>,
) -> Result<'gc, Option<Value<'gc>>> {
    if object.type_of(ctx).lookup(ctx, "is_persistent_ref").is_none() {
        return Ok(None);
    }
    object.get_attr(ctx, "pid").map(Some)
}
