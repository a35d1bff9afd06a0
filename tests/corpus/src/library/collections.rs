//! `collections`: OrderedDict, defaultdict, deque.

use halfsour_runtime::{Class, Context, Dialect, Dict, Error, List, Result, Tuple, Value, exc};

use super::{pair, state, type_error};
use crate::classes::{builtin, with_self};

pub(super) fn define<'gc>(ctx: Context<'gc>) -> Result<'gc, ()> {
    let module = ctx.new_module("collections")?;
    module.class_named(ctx, ordered_dict(ctx)?)?;
    module.class_named(ctx, default_dict(ctx)?)?;
    module.class_named(ctx, deque(ctx)?)
}

/// A dict keeps its order here, so that only the way in and the way out are left.
fn ordered_dict<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    Class::builder(ctx, "OrderedDict")
        .module("collections")
        .base(ctx.types().dict)
        .method("__init__", |ctx, this, args| {
            let given = args.positional().len();
            if given > 1 {
                let message = format!("expected at most 1 arguments, got {given}");
                return Err(Error::new(&exc::TYPE_ERROR, message));
            }
            for source in args.positional() {
                update(ctx, this, *source)?;
            }
            for (name, value) in args.keywords() {
                this.set_item(ctx, name.value(), *value)?;
            }
            Ok(Value::None)
        })
        .method("__reduce__", |ctx, this, _| {
            if ctx.dialect() != Dialect::Python2 {
                let class = this.get_attr(ctx, "__class__")?;
                let items = builtin(ctx, "iter", this.call_method(ctx, "items", ())?)?;
                let none = Tuple::new(ctx, &[]).into();
                let parts = [class, none, state(ctx, this)?, Value::None, items];
                return Ok(Tuple::new(ctx, &parts).into());
            }
            let pairs = this.call_method(ctx, "items", ())?.iter(ctx)?.collect_vec(ctx)?;
            let lists = pairs.into_iter().map(|item| {
                let (key, value) = pair(ctx, item)?;
                Ok(List::from_vec(ctx, vec![key, value]).into())
            });
            let items = List::from_vec(ctx, lists.collect::<Result<'_, Vec<Value<'_>>>>()?);
            let class = this.get_attr(ctx, "__class__")?;
            let args = Tuple::new(ctx, &[items.into()]);
            let state = this.get_attr(ctx, "__dict__")?.call_method(ctx, "copy", ())?;
            if state.as_dict().is_some_and(Dict::is_empty) {
                return Ok(Tuple::new(ctx, &[class, args.into()]).into());
            }
            Ok(Tuple::new(ctx, &[class, args.into(), state]).into())
        })
        .build()
}

/// `this.update(source)`, a mapping or pairs, through the object's own `__setitem__`.
fn update<'gc>(ctx: Context<'gc>, this: Value<'gc>, source: Value<'gc>) -> Result<'gc, ()> {
    if let Some(dict) = source.as_dict() {
        for (key, value) in dict.entries() {
            this.set_item(ctx, key, value)?;
        }
        return Ok(());
    }
    for item in source.iter(ctx)?.collect_vec(ctx)? {
        let (key, value) = pair(ctx, item)?;
        this.set_item(ctx, key, value)?;
    }
    Ok(())
}

fn default_dict<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    Class::builder(ctx, "defaultdict")
        .module("collections")
        .base(ctx.types().dict)
        .slots(&["default_factory"])
        .method("__init__", |ctx, this, args| {
            let mut positional = args.positional().iter();
            let factory = positional.next().copied().unwrap_or(Value::None);
            if !factory.is_none() && !factory.is_callable(ctx) {
                return Err(type_error("first argument must be callable"));
            }
            this.set_attr(ctx, "default_factory", factory)?;
            for source in positional {
                update(ctx, this, *source)?;
            }
            Ok(Value::None)
        })
        .method("__missing__", |ctx, this, args| {
            let (this, key): (Value<'_>, Value<'_>) = with_self(ctx, this, args, "__missing__")?;
            let factory = factory(ctx, this)?;
            if factory.is_none() {
                return Err(Error::with_args(&exc::KEY_ERROR, &[key]));
            }
            let made = factory.call(ctx, ())?;
            this.set_item(ctx, key, made)?;
            Ok(made)
        })
        .method("__reduce__", |ctx, this, _| {
            let factory = factory(ctx, this)?;
            let args: &[Value<'_>] = if factory.is_none() { &[] } else { &[factory] };
            let class = Value::from(this.type_of(ctx));
            let items = ctx.dialect().pick("iteritems", "items");
            let items = builtin(ctx, "iter", this.call_method(ctx, items, ())?)?;
            let parts = [class, Tuple::new(ctx, args).into(), Value::None, Value::None, items];
            Ok(Tuple::new(ctx, &parts).into())
        })
        .build()
}

fn factory<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    Ok(this.find_attr(ctx, "default_factory")?.unwrap_or(Value::None))
}

fn deque<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    Class::builder(ctx, "deque")
        .module("collections")
        .slots(&["_items", "maxlen"])
        .attr("__hash__", Value::None)
        .method("__init__", |ctx, this, args| {
            let (this, items, most): (Value<'_>, Option<Value<'_>>, Option<i64>) =
                with_self(ctx, this, args, "deque")?;
            if most.is_some_and(|most| most < 0) {
                return Err(Error::new(&exc::VALUE_ERROR, "maxlen must be non-negative"));
            }
            this.set_attr(ctx, "maxlen", most)?;
            this.set_attr(ctx, "_items", List::new(ctx))?;
            items.map_or(Ok(()), |items| extend(ctx, this, items))?;
            Ok(Value::None)
        })
        .method("append", |ctx, this, args| {
            let (this, item): (Value<'_>, Value<'_>) = with_self(ctx, this, args, "append")?;
            append(ctx, this, item)?;
            Ok(Value::None)
        })
        .method("extend", |ctx, this, args| {
            let (this, items): (Value<'_>, Value<'_>) = with_self(ctx, this, args, "extend")?;
            extend(ctx, this, items)?;
            Ok(Value::None)
        })
        .method("__len__", |ctx, this, _| builtin(ctx, "len", items(ctx, this)?.into()))
        .method("__iter__", |ctx, this, _| builtin(ctx, "iter", items(ctx, this)?.into()))
        .method("__reduce__", |ctx, this, _| reduce_deque(ctx, this))
        .build()
}

/// The items; a deque whose `__init__` did not run has none.
fn items<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, List<'gc>> {
    if let Some(Value::List(items)) = this.find_attr(ctx, "_items")? {
        return Ok(items);
    }
    let items = List::new(ctx);
    this.set_attr(ctx, "_items", items)?;
    Ok(items)
}

fn append<'gc>(ctx: Context<'gc>, this: Value<'gc>, item: Value<'gc>) -> Result<'gc, ()> {
    let items = items(ctx, this)?;
    items.push(ctx, item);
    let most: Option<usize> = this.find_attr(ctx, "maxlen")?.unwrap_or(Value::None).to(ctx)?;
    if most.is_some_and(|most| items.len() > most) {
        items.update(ctx, |items| items.remove(0));
    }
    Ok(())
}

fn extend<'gc>(ctx: Context<'gc>, this: Value<'gc>, source: Value<'gc>) -> Result<'gc, ()> {
    for item in source.iter(ctx)?.collect_vec(ctx)? {
        append(ctx, this, item)?;
    }
    Ok(())
}

/// What 2.7's deque gives: a subclass's `__dict__` is the state, even when it is empty. Python 3's gives the items one by
/// one.
fn reduce_deque<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let class = Value::from(this.type_of(ctx));
    if ctx.dialect() != Dialect::Python2 {
        let most = this.find_attr(ctx, "maxlen")?.filter(|most| !most.is_none());
        let none = Value::from(Tuple::new(ctx, &[]));
        let args = most.map_or(none, |most| Tuple::new(ctx, &[none, most]).into());
        let items = builtin(ctx, "iter", this)?;
        return Ok(Tuple::new(ctx, &[class, args, state(ctx, this)?, items]).into());
    }
    let items = List::from_vec(ctx, items(ctx, this)?.to_vec()).into();
    let most = this.find_attr(ctx, "maxlen")?.unwrap_or(Value::None);
    let Some(state) = this.find_attr(ctx, "__dict__")? else {
        let args = if most.is_none() { vec![items] } else { vec![items, most] };
        return Ok(Tuple::new(ctx, &[class, Tuple::from_vec(ctx, args).into()]).into());
    };
    let args = Tuple::new(ctx, &[items, most]);
    Ok(Tuple::new(ctx, &[class, args.into(), state]).into())
}
