//! `cPickle.Pickler`: the object that the function of this name makes.

use halfsour_runtime::{Args, Bytes, Class, Context, Error, Result, Value, exc};

use super::arguments::{encoder, integer};
use super::attribute::{attribute, read_only};
use super::hooks::PicklerHooks;
use super::native;
use super::read_write::writer;
use super::saved_memo::SavedMemo;
use crate::exceptions::cpickle;
use crate::flavour::Flavour;
use crate::sink::PythonFile;
use crate::tools;

/// The part of the object that is no Python object.
struct State {
    protocol: u8,
    fast: i32,
    /// What was written by a Pickler that has no file, and was not asked for yet.
    list: Option<Vec<u8>>,
}

const WRITE: &str = "write";
const PERSISTENT_ID: &str = "persistent_id";
const INSTANCE_PERSISTENT_ID: &str = "inst_persistent_id";
const MEMO: &str = "memo";

/// Makes the class.
pub(super) fn class<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    let mut builder = Class::builder(ctx, "Pickler")
        .module("cPickle")
        .native()
        .slots(&[])
        .method("dump", |ctx, this, args| dump(ctx, this, &args))
        .method("getvalue", |ctx, this, args| getvalue(ctx, this, &args))
        .method("clear_memo", |ctx, this, args| {
            let () = args.parse(ctx, "clear_memo")?;
            memo(ctx, this)?.clear(ctx)?;
            Ok(Value::None)
        });
    builder = attribute(ctx, builder, PERSISTENT_ID, hook, |ctx, this, hook| {
        native::set(ctx, this, PERSISTENT_ID, hook)
    });
    builder = attribute(ctx, builder, INSTANCE_PERSISTENT_ID, not_readable, |ctx, this, hook| {
        native::set(ctx, this, INSTANCE_PERSISTENT_ID, hook)
    });
    builder = attribute(
        ctx,
        builder,
        MEMO,
        |ctx, this| Ok(memo(ctx, this)?.dict(ctx)?.into()),
        |ctx, this, dict| match dict.content().as_dict() {
            Some(dict) => {
                memo(ctx, this)?.set_dict(ctx, dict);
                Ok(())
            }
            None => Err(Error::new(&exc::TYPE_ERROR, "memo must be a dictionary")),
        },
    );
    builder = attribute(
        ctx,
        builder,
        "fast",
        |_, this| Ok(Value::Int(native::content(this)?.data::<State>()?.fast.into())),
        |_, this, fast| {
            native::content(this)?.data_mut::<State>()?.fast = integer(fast)?;
            Ok(())
        },
    );
    builder = read_only(ctx, builder, "binary", |_, this| {
        let protocol = native::content(this)?.data::<State>()?.protocol;
        Ok(Value::Int((protocol > 0).into()))
    });
    read_only(ctx, builder, "PicklingError", |ctx, _| {
        Ok(ctx.exception_class(&cpickle::PICKLING_ERROR).into())
    })
    .build()
}

fn hook<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let hook = native::get(ctx, this, PERSISTENT_ID)?;
    hook.ok_or_else(|| Error::new(&exc::ATTRIBUTE_ERROR, PERSISTENT_ID))
}

fn not_readable<'gc>(_: Context<'gc>, _: Value<'gc>) -> Result<'gc> {
    let message = "attribute 'inst_persistent_id' of 'cPickle.Pickler' objects is not readable";
    Err(Error::new(&exc::ATTRIBUTE_ERROR, message))
}

fn memo<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, SavedMemo<'gc>> {
    SavedMemo::of(native::get(ctx, this, MEMO)?.unwrap_or(Value::None))
}

/// `Pickler(file, protocol=0)`, or `Pickler(protocol=0)` for one that keeps what it writes.
// DIFFERENCE: cPickle overlooks what is given by keyword when there is no other argument.
pub(super) fn make<'gc>(
    ctx: Context<'gc>,
    class: Class<'gc>,
    memo_class: Class<'gc>,
    args: &Args<'gc>,
) -> Result<'gc> {
    let [file, protocol] = args.bind("Pickler", ["file", "protocol"], 0)?;
    let (file, protocol) = match (file, protocol) {
        (Some(protocol), None) if integer(protocol).is_ok() => (None, Some(protocol)),
        other => other,
    };
    let protocol = encoder(ctx, Flavour::CPickle, protocol)?.protocol();
    let write = file.map(|file| writer(ctx, file)).transpose()?.map(PythonFile::write);
    let state = State { protocol, fast: 0, list: write.is_none().then(Vec::new) };
    let this = native::allocate(ctx, class, state);
    if let Some(write) = write {
        native::set(ctx, this, WRITE, write)?;
    }
    native::set(ctx, this, MEMO, SavedMemo::allocate(ctx, memo_class, Flavour::CPickle))?;
    Ok(this)
}

/// `dump(obj)` returns the Pickler; `dump(obj, True)` of one without a file, what it has written.
fn dump<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: &Args<'gc>) -> Result<'gc> {
    let (object, get): (Value<'gc>, Option<Value<'gc>>) = args.parse(ctx, "dump")?;
    let get = get.map(integer).transpose()?;
    let (protocol, fast) = {
        let content = native::content(this)?;
        let state = content.data::<State>()?;
        (state.protocol, state.fast != 0)
    };
    let encoder = encoder(ctx, Flavour::CPickle, Some(Value::Int(protocol.into())))?;
    let hooks = PicklerHooks {
        persistent_id: native::get(ctx, this, PERSISTENT_ID)?,
        instance_persistent_id: native::get(ctx, this, INSTANCE_PERSISTENT_ID)?,
        fast,
        ..PicklerHooks::default()
    };
    let saved = memo(ctx, this)?;
    let memo = saved.take(ctx)?;
    let known = memo.objects.len();
    let (dumped, memo) = match native::get(ctx, this, WRITE)? {
        Some(write) => hooks.dump(ctx, encoder, memo, object, &mut PythonFile::calling(write)),
        None => {
            let mut written = Vec::new();
            let (dumped, memo) = hooks.dump(ctx, encoder, memo, object, &mut written);
            if let Some(list) = &mut native::content(this)?.data_mut::<State>()?.list {
                list.append(&mut written);
            }
            (dumped, memo)
        }
    };
    saved.put_back(ctx, memo, known)?;
    dumped?;
    if get.is_some_and(|get| get != 0) { written(ctx, this, true) } else { Ok(this) }
}

/// `getvalue(clear=True)`: what was written since it was asked for last.
fn getvalue<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: &Args<'gc>) -> Result<'gc> {
    let (clear,): (Option<Value<'gc>>,) = args.parse(ctx, "getvalue")?;
    let clear = clear.map(integer).transpose()?;
    written(ctx, this, clear != Some(0))
}

/// Returns what a Pickler without a file has written: at the binary protocols without the PUTs that nothing fetches.
fn written<'gc>(ctx: Context<'gc>, this: Value<'gc>, clear: bool) -> Result<'gc> {
    let content = native::content(this)?;
    let (protocol, list) = {
        let mut state = content.data_mut::<State>()?;
        let protocol = state.protocol;
        match &mut state.list {
            Some(list) if clear => (protocol, std::mem::take(list)),
            Some(list) => (protocol, list.clone()),
            None => {
                let message = "Attempt to getvalue() a non-list-based pickler";
                return Err(Error::new(&cpickle::PICKLING_ERROR, message));
            }
        }
    };
    if clear {
        memo(ctx, this)?.clear(ctx)?;
    }
    let kept = if protocol == 0 { None } else { tools::without_unused_puts(&list).ok() };
    // A stream that cannot be listed, of a dump that was cut off, is given out as it is.
    Ok(Bytes::new(ctx, &kept.unwrap_or(list)).into())
}
