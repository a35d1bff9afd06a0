//! What the module `pickle` of Python 2 has to call.

use halfsour_runtime::{Args, Bytes, Context, Module, Result, Value};

use super::hooks::PicklerHooks;
use super::loading::Loading;
use super::{arguments, long, pickler, unpickler};
use crate::flavour::Flavour;
use crate::save::Memo;
use crate::sink::{PythonFile, Sink};
use crate::source::PythonReader;

pub(super) fn install<'gc>(
    ctx: Context<'gc>,
    module: Module<'gc>,
    loading: &Loading,
) -> Result<'gc, ()> {
    module.class_named(ctx, pickler::class(ctx)?)?;
    module.class_named(ctx, unpickler::class(ctx, loading)?)?;
    module.function(ctx, "encode_long", long::encode_long)?;
    module.function(ctx, "decode_long", long::decode_long)?;
    module.function(ctx, "dump", |ctx, args| {
        let [object, file, protocol] = args.bind("dump", ["obj", "file", "protocol"], 2)?;
        let mut sink = PythonFile::new(ctx, file.unwrap_or(Value::None))?;
        dump(ctx, Flavour::Pickle, object, protocol, &mut sink)?;
        Ok(Value::None)
    })?;
    module.function(ctx, "dumps", |ctx, args| dumps(ctx, Flavour::Pickle, &args))?;
    let own = loading.clone();
    module.function(ctx, "load", move |ctx, args| {
        let [file] = args.bind("load", ["file"], 1)?;
        own.load_file(ctx, PythonReader::new(ctx, file.unwrap_or(Value::None))?)
    })?;
    let own = loading.clone();
    module.function(ctx, "loads", move |ctx, args| {
        let [text] = args.bind("loads", ["str"], 1)?;
        match text.map(Value::content) {
            Some(Value::Bytes(text)) => own.loads(ctx, text.as_slice()),
            // What a StringIO makes of anything else.
            text => match text.unwrap_or(Value::None).str(ctx)?.content() {
                Value::Bytes(text) => own.loads(ctx, text.as_slice()),
                _ => own.loads(ctx, b""),
            },
        }
    })?;
    Ok(())
}

/// `dumps(obj, protocol)`.
pub(super) fn dumps<'gc>(ctx: Context<'gc>, flavour: Flavour, args: &Args<'gc>) -> Result<'gc> {
    let [object, protocol] = args.bind("dumps", ["obj", "protocol"], 1)?;
    let mut bytes = Vec::new();
    dump(ctx, flavour, object, protocol, &mut bytes)?;
    Ok(Bytes::new(ctx, &bytes).into())
}

pub(super) fn dump<'gc>(
    ctx: Context<'gc>,
    flavour: Flavour,
    object: Option<Value<'gc>>,
    protocol: Option<Value<'gc>>,
    sink: &mut dyn Sink<'gc>,
) -> Result<'gc, ()> {
    let encoder = arguments::encoder(ctx, flavour, protocol)?;
    let object = object.unwrap_or(Value::None);
    PicklerHooks::default().dump(ctx, encoder, Memo::new(flavour), object, sink).0
}
