//! `dump`, `dumps`, `load` and `loads`.

use halfsour_runtime::{Bytes, Context, Error, Module, Result, Value, exc};

use super::super::hooks::PicklerHooks;
use super::super::loading::{Loading, Mode, UnpicklerHooks};
use super::load_options::{LoadOptions, next_buffer};
use super::protocol::{encoder, given, is_on};
use super::signature::Signature;
use super::{pickler, unpickler};
use crate::flavour::Flavour;
use crate::load;
use crate::save::Memo;
use crate::sink::Sink;

const DUMP: Signature<5> = Signature {
    function: "dump",
    parameters: ["obj", "file", "protocol", "fix_imports", "buffer_callback"],
    positional_only: 0,
    positional: 3,
    required: 2,
};

const DUMPS: Signature<4> = Signature {
    function: "dumps",
    parameters: ["obj", "protocol", "fix_imports", "buffer_callback"],
    positional_only: 0,
    positional: 2,
    required: 1,
};

const LOAD: Signature<5> = Signature {
    function: "load",
    parameters: ["file", "fix_imports", "encoding", "errors", "buffers"],
    positional_only: 0,
    positional: 1,
    required: 1,
};

const LOADS: Signature<5> = Signature {
    function: "loads",
    parameters: ["", "fix_imports", "encoding", "errors", "buffers"],
    positional_only: 1,
    positional: 1,
    required: 1,
};

pub(super) fn install<'gc>(
    ctx: Context<'gc>,
    module: Module<'gc>,
    loading: &Loading,
) -> Result<'gc, ()> {
    module.builtin(ctx, "dump", |ctx, args| {
        let [object, file, options @ ..] = DUMP.bind(&args)?;
        let file = file.unwrap_or(Value::None);
        dump(ctx, object, options, |ctx| pickler::writer(ctx, file)).map(|_| Value::None)
    })?;
    module.builtin(ctx, "dumps", |ctx, args| {
        let [object, options @ ..] = DUMPS.bind(&args)?;
        let bytes = dump(ctx, object, options, |_| Ok(Vec::new()))?;
        Ok(Bytes::new(ctx, &bytes).into())
    })?;
    let own = loading.clone();
    module.builtin(ctx, "load", move |ctx, args| {
        let [file, options @ ..] = LOAD.bind(&args)?;
        let options = LoadOptions::new(ctx, LOAD.function, options)?;
        let file = unpickler::reader(ctx, file.unwrap_or(Value::None))?;
        with_hooks(ctx, &options, |hooks| {
            own.load(ctx, Mode::Load, file, hooks, load::Memo::default()).0
        })
    })?;
    let own = loading.clone();
    module.builtin(ctx, "loads", move |ctx, args| {
        let [data, options @ ..] = LOADS.bind(&args)?;
        let options = LoadOptions::new(ctx, LOADS.function, options)?;
        match data.unwrap_or(Value::None) {
            Value::Bytes(bytes) => {
                with_hooks(ctx, &options, |hooks| own.loads_with(ctx, bytes.as_slice(), hooks))
            }
            // What a load calls may change it.
            data => {
                let bytes = bytes_of(ctx, data)?;
                with_hooks(ctx, &options, |hooks| own.loads_with(ctx, &bytes, hooks))
            }
        }
    })?;
    Ok(())
}

/// The bytes of any object that has some.
fn bytes_of<'gc>(ctx: Context<'gc>, data: Value<'gc>) -> Result<'gc, Vec<u8>> {
    let Ok(view) = ctx.memoryview(data) else {
        let found = data.type_name(ctx);
        let message = format!("a bytes-like object is required, not '{found}'");
        return Err(Error::new(&exc::TYPE_ERROR, message));
    };
    Ok(Value::from(view).with_bytes(<[u8]>::to_vec).unwrap_or_default())
}

/// Writes an object's pickle to what `open` gives, which is looked at after the protocol, and returns that.
fn dump<'gc, S: Sink<'gc>>(
    ctx: Context<'gc>,
    object: Option<Value<'gc>>,
    [protocol, fix_imports, buffer_callback]: [Option<Value<'gc>>; 3],
    open: impl FnOnce(Context<'gc>) -> Result<'gc, S>,
) -> Result<'gc, S> {
    let buffer_callback = given(buffer_callback);
    let fix_imports = is_on(ctx, fix_imports)?;
    let encoder = encoder(ctx, protocol, buffer_callback)?;
    let mut sink = open(ctx)?;
    let hooks = PicklerHooks { buffer_callback, fix_imports, ..PicklerHooks::default() };
    let object = object.unwrap_or(Value::None);
    hooks.dump(ctx, encoder, Memo::new(Flavour::Python3), object, &mut sink).0?;
    Ok(sink)
}

/// Loads with the options of a call.
fn with_hooks<'gc>(
    ctx: Context<'gc>,
    options: &LoadOptions<'gc>,
    load: impl FnOnce(UnpicklerHooks<'_, 'gc>) -> Result<'gc>,
) -> Result<'gc> {
    let buffers = options.buffers.map(|buffers| move |_, _| next_buffer(ctx, buffers));
    load(UnpicklerHooks {
        buffers: buffers.as_ref().map(|hook| hook as _),
        options: Some(options.options()),
        ..UnpicklerHooks::default()
    })
}
