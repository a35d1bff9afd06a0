//! The iterators that built-in types and functions give, as objects.

use super::arguments::{none, operands, receiver};
use super::define::Define;
use super::positions;
use crate::args::Args;
use crate::class::Class;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::instance::{Instance, Payload};
use crate::iter::{IterState, iterator_state, next_builtin};
use crate::types::Tuple;
use crate::value::Value;

use gc_arena::{Gc, RefLock};

/// Defines the methods of the iterators, and the types among them that are called by name.
pub(super) fn install<'gc>(ctx: Context<'gc>) {
    let types = ctx.types();
    let with_length = [
        types.list_iterator,
        types.list_reverse_iterator,
        types.tuple_iterator,
        types.bytearray_iterator,
        types.dict_key_iterator,
        types.dict_value_iterator,
        types.dict_item_iterator,
        types.set_iterator,
        types.range_iterator,
        types.sequence_iterator,
        types.reversed,
    ];
    for class in with_length {
        Define::new(ctx, class).method("__length_hint__", |ctx, this, args| {
            none(&args, "__length_hint__")?;
            length_hint(ctx, this)
        });
    }
    let others = [
        types.string_iterator,
        types.callable_iterator,
        types.generator,
        types.enumerate,
        types.zip,
        types.map,
        types.filter,
    ];
    for class in with_length.into_iter().chain(others) {
        stepping(ctx, class);
    }
    named_types(ctx);
}

fn stepping<'gc>(ctx: Context<'gc>, class: Class<'gc>) {
    Define::new(ctx, class)
        .special("__iter__", |_, this, args| {
            let [] = operands(&args, "__iter__")?;
            Ok(this)
        })
        .special(ctx.dialect().pick("next", "__next__"), |ctx, this, args| {
            let [] = operands(&args, "next")?;
            let state = receiver(ctx, this, iterator_state(this))?;
            next_builtin(ctx, state)?.ok_or_else(|| Error::bare(&exc::STOP_ITERATION))
        });
}

fn length_hint<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let state = receiver(ctx, this, iterator_state(this))?;
    let (known, sequence) = match &*state.borrow() {
        IterState::Sequence(object, at) => (None, Some((*object, *at))),
        other => (other.length_hint(), None),
    };
    if let Some((object, at)) = sequence {
        let length = i64::try_from(object.len(ctx)?).unwrap_or(i64::MAX);
        return Ok(Value::Int((length - at).max(0)));
    }
    Ok(known.map_or(Value::NotImplemented, |it| Value::Int(it.try_into().unwrap_or(i64::MAX))))
}

/// The types that a program calls: `enumerate` and `reversed`, and Python 3's `zip`, `map` and `filter`.
fn named_types<'gc>(ctx: Context<'gc>) {
    let types = ctx.types();
    Define::new(ctx, types.enumerate).new_with(new_enumerate);
    Define::new(ctx, types.reversed).new_with(new_reversed);
    if ctx.dialect() == Dialect::Python2 {
        return;
    }
    Define::new(ctx, types.zip).new_with(|ctx, class, args| {
        let sources = iterators(ctx, args.positional())?;
        Ok(make(ctx, class, IterState::Zip(sources)))
    });
    Define::new(ctx, types.map).new_with(|ctx, class, mut args| {
        match (args.take_first(), args.positional()) {
            (Some(function), sources @ [_, ..]) => {
                let sources = iterators(ctx, sources)?;
                Ok(make(ctx, class, IterState::Map(function, sources)))
            }
            _ => {
                let message = "map() must have at least two arguments.";
                Err(Error::new(&exc::TYPE_ERROR, message))
            }
        }
    });
    Define::new(ctx, types.filter).new_with(|ctx, class, args| {
        let args = super::arguments::between(&args, "filter", 2, 2)?;
        let source = args[1].iter(ctx)?.into_object(ctx);
        Ok(make(ctx, class, IterState::Filter(args[0], source)))
    });
}

fn iterators<'gc>(ctx: Context<'gc>, sources: &[Value<'gc>]) -> Result<'gc, Tuple<'gc>> {
    let iterators: Result<'gc, Vec<Value<'gc>>> =
        sources.iter().map(|source| Ok(source.iter(ctx)?.into_object(ctx))).collect();
    Ok(Tuple::from_vec(ctx, iterators?))
}

fn make<'gc>(ctx: Context<'gc>, class: Class<'gc>, state: IterState<'gc>) -> Value<'gc> {
    let state = Gc::new(ctx.mc, RefLock::new(state));
    Instance::with_payload(ctx, class, Payload::Iterator(state)).into()
}

fn new_enumerate<'gc>(ctx: Context<'gc>, class: Class<'gc>, args: Args<'gc>) -> Result<'gc> {
    let name = ctx.dialect().pick("sequence", "iterable");
    let [source, start] = super::arguments::named(&args, "enumerate", [name, "start"], 0)?;
    let Some(source) = source else {
        let message = format!("Required argument '{name}' (pos 1) not found");
        return Err(Error::new(&exc::TYPE_ERROR, message));
    };
    let start = match start {
        None => Value::Int(0),
        Some(start) => match positions::as_index(ctx, start)? {
            Some(start) => start,
            // For its error.
            None => Value::Int(positions::count(ctx, start)?),
        },
    };
    let source = source.iter(ctx)?.into_object(ctx);
    Ok(make(ctx, class, IterState::Enumerate(source, start)))
}

fn new_reversed<'gc>(ctx: Context<'gc>, class: Class<'gc>, args: Args<'gc>) -> Result<'gc> {
    let object = super::arguments::between(&args, "reversed", 1, 1)?[0];
    if let Some(hook) = object.special(ctx, ctx.intern("__reversed__"))? {
        return hook.call(ctx, ());
    }
    let is_sequence = !matches!(object.content(), Value::Dict(_) | Value::Set(_))
        && object.special(ctx, ctx.names().getitem)?.is_some();
    if !is_sequence {
        let message = match ctx.dialect() {
            Dialect::Python2 => "argument to reversed() must be a sequence".to_owned(),
            Dialect::Python3 => {
                format!("'{}' object is not reversible", object.type_name(ctx))
            }
        };
        return Err(Error::new(&exc::TYPE_ERROR, message));
    }
    let length = i64::try_from(object.len(ctx)?).unwrap_or(i64::MAX);
    Ok(make(ctx, class, IterState::Reversed(object, length)))
}
