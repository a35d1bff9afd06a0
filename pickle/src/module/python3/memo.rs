//! `Pickler.memo` and `Unpickler.memo`: objects that stand for a memo, which can be copied, cleared and replaced.

use halfsour_runtime::{
    Args, Class, ClassBuilder, Context, Dict, Error, Instance, Result, Traced, Tuple, Value, exc,
};

use super::super::native;
use super::protocol::c_long;
use crate::flavour::Flavour;
use crate::pickler::PicklerSession;
use crate::unpickler::UnpicklerSession;
use crate::{load, save};

/// Makes the class of what `Pickler.memo` gives.
pub(super) fn pickler_memo_class<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    proxy(ctx, "PicklerMemoProxy", pickler_entries)
        .method("clear", |ctx, this, args| {
            none(&args, "PicklerMemoProxy.clear")?;
            pickler_memo(this)?.clear_memo(ctx)?;
            Ok(Value::None)
        })
        .build()
}

/// Makes the class of what `Unpickler.memo` gives.
pub(super) fn unpickler_memo_class<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    proxy(ctx, "UnpicklerMemoProxy", unpickler_entries)
        .method("clear", |ctx, this, args| {
            none(&args, "UnpicklerMemoProxy.clear")?;
            replace_load_memo(ctx, unpickler_memo(this)?, load::Memo::default())?;
            Ok(Value::None)
        })
        .build()
}

fn proxy<'gc>(
    ctx: Context<'gc>,
    name: &'static str,
    entries: for<'a> fn(Context<'a>, Value<'a>) -> Result<'a, Dict<'a>>,
) -> ClassBuilder<'gc> {
    Class::builder(ctx, name)
        .module(super::C_MODULE)
        .native()
        .slots(&[])
        .method("copy", move |ctx, this, args| {
            none(&args, "copy")?;
            Ok(entries(ctx, this)?.into())
        })
        .method("__reduce__", move |ctx, this, args| {
            none(&args, "__reduce__")?;
            let args = Tuple::new(ctx, &[entries(ctx, this)?.into()]);
            Ok(Tuple::new(ctx, &[ctx.types().dict.into(), args.into()]).into())
        })
        .attr("__hash__", Value::None)
}

/// Makes an empty memo of a Pickler, in an object of its class.
pub(super) fn new_pickler_memo<'gc>(ctx: Context<'gc>, class: Class<'gc>) -> Value<'gc> {
    let session = PicklerSession::new(ctx, Flavour::Python3);
    Instance::native(ctx, class, session.traced()).into()
}

/// Makes an empty memo of an Unpickler, in an object of its class.
pub(super) fn new_unpickler_memo<'gc>(ctx: Context<'gc>, class: Class<'gc>) -> Value<'gc> {
    Instance::native(ctx, class, UnpicklerSession::new(ctx).traced()).into()
}

/// Returns the memo of a Pickler that an object stands for.
pub(super) fn pickler_memo<'gc>(proxy: Value<'gc>) -> Result<'gc, PicklerSession<'gc>> {
    PicklerSession::resume(native::content(proxy)?)
}

/// Returns the memo of an Unpickler that an object stands for.
pub(super) fn unpickler_memo<'gc>(proxy: Value<'gc>) -> Result<'gc, UnpicklerSession<'gc>> {
    UnpicklerSession::resume(native::content(proxy)?)
}

/// `{id(object): (number, object)}`
fn pickler_entries<'gc>(ctx: Context<'gc>, proxy: Value<'gc>) -> Result<'gc, Dict<'gc>> {
    let entries = Dict::new(ctx);
    for (number, object) in pickler_memo(proxy)?.memo()? {
        let entry = Tuple::new(ctx, &[Value::Int(number.into()), object]);
        entries.insert(ctx, object.id(ctx), entry.into())?;
    }
    Ok(entries)
}

/// `{number: object}`
fn unpickler_entries<'gc>(ctx: Context<'gc>, proxy: Value<'gc>) -> Result<'gc, Dict<'gc>> {
    let entries = Dict::new(ctx);
    for (key, object) in unpickler_memo(proxy)?.memo()? {
        let number = Value::from(ctx.types().int).call(ctx, (key.as_str(),))?;
        entries.insert(ctx, number, object)?;
    }
    Ok(entries)
}

/// `pickler.memo = value`
pub(super) fn set_pickler_memo<'gc>(
    ctx: Context<'gc>,
    proxy: Value<'gc>,
    value: Value<'gc>,
) -> Result<'gc, ()> {
    let mut memo = save::Memo::new(Flavour::Python3);
    let entries = match (holds(value, |content| PicklerSession::resume(content).is_ok()), value) {
        (true, _) => pickler_entries(ctx, value)?,
        (false, value) => value.content().as_dict().ok_or_else(|| {
            refused(ctx, "'memo' attribute must be a PicklerMemoProxy object or dict", value)
        })?,
    };
    for (_, entry) in entries.entries() {
        let Some(&[number, object]) = entry.as_tuple().map(|entry| entry.as_slice()) else {
            return Err(Error::new(&exc::TYPE_ERROR, "'memo' values must be 2-item tuples"));
        };
        let number = match number.content() {
            Value::Int(_) | Value::Bool(_) | Value::Long(_) => c_long(ctx, number)?,
            _ => return Err(Error::new(&exc::TYPE_ERROR, "an integer is required")),
        };
        match (object.addr(), u32::try_from(number)) {
            (Some(address), Ok(number)) => memo.insert_as(address, number, object),
            _ => memo.objects.push(object),
        }
    }
    let session = pickler_memo(proxy)?;
    session.take(ctx)?;
    session.put_back(ctx, memo)
}

/// `unpickler.memo = value`
pub(super) fn set_unpickler_memo<'gc>(
    ctx: Context<'gc>,
    proxy: Value<'gc>,
    value: Value<'gc>,
) -> Result<'gc, ()> {
    let entries = match (holds(value, |content| UnpicklerSession::resume(content).is_ok()), value) {
        (true, _) => unpickler_entries(ctx, value)?,
        (false, value) => value.content().as_dict().ok_or_else(|| {
            refused(ctx, "'memo' attribute must be an UnpicklerMemoProxy object or dict", value)
        })?,
    };
    let mut memo = load::Memo::default();
    for (key, object) in entries.entries() {
        let number = match key.content() {
            Value::Int(_) | Value::Bool(_) | Value::Long(_) => c_long(ctx, key)?,
            _ => return Err(Error::new(&exc::TYPE_ERROR, "memo key must be integers")),
        };
        if number < 0 {
            return Err(Error::new(&exc::VALUE_ERROR, "memo key must be positive integers."));
        }
        memo.put_text(number.to_string().as_bytes(), object);
    }
    replace_load_memo(ctx, unpickler_memo(proxy)?, memo)
}

fn replace_load_memo<'gc>(
    ctx: Context<'gc>,
    session: UnpicklerSession<'gc>,
    memo: load::Memo<'gc>,
) -> Result<'gc, ()> {
    session.take(ctx)?;
    session.put_back(ctx, memo)
}

fn holds<'gc>(value: Value<'gc>, test: impl Fn(Traced<'gc>) -> bool) -> bool {
    native::content(value).is_ok_and(test)
}

fn none<'gc>(args: &Args<'gc>, method: &str) -> Result<'gc, ()> {
    let [] = args.bind(method, [], 0)?;
    Ok(())
}

#[cold]
fn refused<'gc>(ctx: Context<'gc>, message: &str, value: Value<'gc>) -> Error<'gc> {
    Error::new(&exc::TYPE_ERROR, format!("{message}, not {}", value.type_name(ctx)))
}
