//! The methods of `BaseException`, and `KeyError.__str__`.

use crate::args::Args;
use crate::attr::generic_assign;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception::ExceptionState;
use crate::exception_type::exc;
use crate::instance::Instance;
use crate::types::{Dict, Tuple};
use crate::value::Value;

use super::super::define::Define;
use super::state_of;

pub(super) fn install<'gc>(ctx: Context<'gc>, define: Define<'gc>) {
    let define = define
        .special("__repr__", repr)
        .special("__str__", str)
        .method("__reduce__", reduce)
        .method("__setstate__", set_state)
        .getset("args", args, Some(set_args))
        .getset("__dict__", dict, Some(set_dict));
    match ctx.dialect() {
        Dialect::Python2 => {
            define
                .special("__getitem__", get_item)
                .special("__getslice__", get_item)
                .method("__unicode__", unicode)
                .getset("message", message, Some(set_message));
        }
        Dialect::Python3 => {
            define.method("with_traceback", with_traceback).method("add_note", add_note);
        }
    }
}

/// Sets `args`, and `message` if there is one argument.
pub(super) fn initialize<'gc>(ctx: Context<'gc>, state: ExceptionState<'gc>, args: &Args<'gc>) {
    state.set_args(ctx, args.to_tuple(ctx));
    if let [message] = args.positional() {
        state.set_message(ctx, Some(*message));
    }
}

fn repr<'gc>(ctx: Context<'gc>, this: Value<'gc>, _: Args<'gc>) -> Result<'gc> {
    let args = state_of(ctx, this)?.args();
    let shown = match (args.as_slice(), ctx.dialect()) {
        ([one], Dialect::Python3) => format!("({})", one.repr(ctx)?.to::<String>(ctx)?),
        _ => Value::from(args).repr(ctx)?.to::<String>(ctx)?,
    };
    Ok(ctx.str(&format!("{}{shown}", this.type_of(ctx).name())))
}

pub(super) fn str<'gc>(ctx: Context<'gc>, this: Value<'gc>, _: Args<'gc>) -> Result<'gc> {
    let args = state_of(ctx, this)?.args();
    match args.as_slice() {
        [] => Ok(ctx.str("")),
        [one] => one.str(ctx),
        _ => Value::from(args).str(ctx),
    }
}

/// A missing key shows as it is written, so that an empty string is seen.
pub(super) fn key_error_str<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: Args<'gc>,
) -> Result<'gc> {
    match state_of(ctx, this)?.args().as_slice() {
        [key] => key.repr(ctx),
        _ => str(ctx, this, args),
    }
}

fn unicode<'gc>(ctx: Context<'gc>, this: Value<'gc>, _: Args<'gc>) -> Result<'gc> {
    let args = state_of(ctx, this)?.args();
    let convert = |value: Value<'gc>| Value::from(ctx.types().unicode).call(ctx, (value,));
    match args.as_slice() {
        [] => convert(ctx.str("")),
        [one] => convert(*one),
        _ => convert(args.into()),
    }
}

/// `(class, args)`, with `__dict__` behind them if there is something in it.
fn reduce<'gc>(ctx: Context<'gc>, this: Value<'gc>, _: Args<'gc>) -> Result<'gc> {
    let args = state_of(ctx, this)?.args();
    Ok(reduce_with(ctx, this, args))
}

pub(super) fn reduce_with<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: Tuple<'gc>,
) -> Value<'gc> {
    let class = Value::from(this.type_of(ctx));
    let parts = match existing_dict(this) {
        Some(dict) if !dict.is_empty() => Tuple::new(ctx, &[class, args.into(), dict.into()]),
        _ => Tuple::new(ctx, &[class, args.into()]),
    };
    parts.into()
}

pub(super) fn existing_dict(this: Value<'_>) -> Option<Dict<'_>> {
    match this {
        Value::Instance(instance) => instance.existing_dict(),
        _ => None,
    }
}

/// Sets each item of a dict as an attribute.
fn set_state<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let (state,): (Value<'gc>,) = args.parse(ctx, "__setstate__")?;
    if state.is_none() {
        return Ok(Value::None);
    }
    let Some(state) = state.as_dict() else {
        return Err(Error::new(&exc::TYPE_ERROR, "state is not a dictionary"));
    };
    for (key, value) in state.entries() {
        let Some(name) = ctx.name_of(key) else {
            let message = format!("attribute name must be string, not '{}'", key.type_name(ctx));
            return Err(Error::new(&exc::TYPE_ERROR, message));
        };
        this.set_attr(ctx, name, value)?;
    }
    Ok(Value::None)
}

/// `exception[index]`: an item of `args`.
fn get_item<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let items = Value::from(state_of(ctx, this)?.args());
    match *args.positional() {
        [index] => items.get_item(ctx, index),
        [start, stop] => {
            let slice = Value::from(ctx.types().slice).call(ctx, (start, stop))?;
            items.get_item(ctx, slice)
        }
        _ => Err(Error::new(&exc::TYPE_ERROR, "expected 1 arguments")),
    }
}

fn args<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    Ok(state_of(ctx, this)?.args().into())
}

fn set_args<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    value: Option<Value<'gc>>,
) -> Result<'gc, ()> {
    let Some(value) = value else {
        return Err(Error::new(&exc::TYPE_ERROR, "args may not be deleted"));
    };
    let items = match value {
        Value::Tuple(tuple) => tuple,
        other => Tuple::from_vec(ctx, other.iter(ctx)?.collect_vec(ctx)?),
    };
    state_of(ctx, this)?.set_args(ctx, items);
    Ok(())
}

/// Python 2's `message`: one that was set is in `__dict__`.
fn message<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let own = existing_dict(this).and_then(|dict| dict.get_name(ctx, ctx.intern("message")));
    own.or(state_of(ctx, this)?.message())
        .ok_or_else(|| Error::new(&exc::ATTRIBUTE_ERROR, "message attribute was deleted"))
}

fn set_message<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    value: Option<Value<'gc>>,
) -> Result<'gc, ()> {
    let name = ctx.intern("message");
    match value {
        Some(value) => {
            let Value::Instance(instance) = this else { return Ok(()) };
            match instance.dict(ctx) {
                Some(dict) => dict.insert_name(ctx, name, value),
                None => generic_assign(ctx, this, name, Some(value)),
            }
        }
        None => {
            if let Some(dict) = existing_dict(this) {
                dict.remove_name(ctx, name);
            }
            state_of(ctx, this)?.set_message(ctx, None);
            Ok(())
        }
    }
}

fn dict<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let dict = match this {
        Value::Instance(instance) => Instance::dict(instance, ctx),
        _ => None,
    };
    Ok(dict.map_or(Value::None, Into::into))
}

fn set_dict<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    value: Option<Value<'gc>>,
) -> Result<'gc, ()> {
    let refuse = |message: String| Err(Error::new(&exc::TYPE_ERROR, message));
    let Some(value) = value else {
        let message = ctx.dialect().pick("__dict__ may not be deleted", "cannot delete __dict__");
        return refuse(message.to_owned());
    };
    match (value.as_dict(), this) {
        (Some(dict), Value::Instance(instance)) => {
            instance.set_dict(ctx, dict);
            Ok(())
        }
        _ => refuse(match ctx.dialect() {
            Dialect::Python2 => "__dict__ must be a dictionary".to_owned(),
            Dialect::Python3 => {
                let got = value.type_name(ctx);
                format!("__dict__ must be set to a dictionary, not a '{got}'")
            }
        }),
    }
}

/// Python 3's `with_traceback`: without an interpreter there are no tracebacks to set.
fn with_traceback<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let (traceback,): (Value<'gc>,) = args.parse(ctx, "with_traceback")?;
    if !traceback.is_none() {
        return Err(Error::new(&exc::TYPE_ERROR, "__traceback__ must be a traceback or None"));
    }
    Ok(this)
}

/// Python 3's `add_note`: notes are a list, `__notes__`.
fn add_note<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let (note,): (Value<'gc>,) = args.parse(ctx, "add_note")?;
    if note.as_unicode().is_none() {
        let message = format!("note must be a str, not '{}'", note.type_name(ctx));
        return Err(Error::new(&exc::TYPE_ERROR, message));
    }
    let notes = match this.find_attr(ctx, "__notes__")? {
        Some(notes) => notes,
        None => {
            let notes = Value::from(crate::types::List::new(ctx));
            this.set_attr(ctx, "__notes__", notes)?;
            notes
        }
    };
    let Some(list) = notes.as_list() else {
        return Err(Error::new(&exc::TYPE_ERROR, "Cannot add note: __notes__ is not a list"));
    };
    list.push(ctx, note);
    Ok(Value::None)
}
