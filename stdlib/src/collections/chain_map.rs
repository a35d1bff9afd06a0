//! Python 3's `ChainMap`: several mappings looked through in turn.

use halfsour_runtime::{Args, Class, Context, Dict, Error, List, Result, Value, exc};

use crate::support::{self, Kind, one, repr};

const MAPS: &str = "maps";

pub(super) fn class<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    support::class(ctx, super::MODULE, "ChainMap", Kind::Python)
        .method("__init__", |ctx, this, args| {
            let mut maps = args.positional().to_vec();
            if maps.is_empty() {
                maps.push(Dict::new(ctx).into());
            }
            this.set_attr(ctx, MAPS, List::from_vec(ctx, maps))?;
            Ok(Value::None)
        })
        .method("__getitem__", |ctx, this, args| {
            let key = one(&args, "__getitem__")?;
            match find(ctx, this, key)? {
                Some(value) => Ok(value),
                None => this.call_method(ctx, "__missing__", (key,)),
            }
        })
        .method("__missing__", |ctx, _, args| {
            Err(Error::with_args(
                &exc::KEY_ERROR,
                &[one(&args, "__missing__").unwrap_or(ctx.str(""))],
            ))
        })
        .method("get", |ctx, this, args| {
            let [key, default] = args.bind("get", ["key", "default"], 1)?;
            let found = find(ctx, this, key.unwrap_or(Value::None))?;
            Ok(found.or(default).unwrap_or(Value::None))
        })
        .method("__contains__", |ctx, this, args| {
            Ok(Value::Bool(find(ctx, this, one(&args, "__contains__")?)?.is_some()))
        })
        .method("__len__", |ctx, this, _| Ok(Value::int(ctx, joined(ctx, this)?.len().into())))
        .method("__iter__", |ctx, this, _| {
            Ok(Value::from(joined(ctx, this)?).iter(ctx)?.into_object(ctx))
        })
        .method("keys", |ctx, this, _| Value::from(joined(ctx, this)?).call_method(ctx, "keys", ()))
        .method("values", |ctx, this, _| {
            Value::from(joined(ctx, this)?).call_method(ctx, "values", ())
        })
        .method("items", |ctx, this, _| {
            Value::from(joined(ctx, this)?).call_method(ctx, "items", ())
        })
        .method("__setitem__", |ctx, this, args| {
            let (key, value): (Value<'_>, Value<'_>) = args.parse(ctx, "__setitem__")?;
            first(ctx, this)?.set_item(ctx, key, value)?;
            Ok(Value::None)
        })
        .method("__delitem__", delete)
        .method("new_child", new_child)
        .property("parents", |ctx, this| {
            let maps = maps(ctx, this)?;
            Value::from(this.type_of(ctx)).call(ctx, maps.get(1..).unwrap_or_default())
        })
        .method("__eq__", |ctx, this, args| {
            let other = one(&args, "__eq__")?;
            let other = match other.find_attr(ctx, MAPS)? {
                Some(_) => joined(ctx, other)?.into(),
                None => other,
            };
            Ok(Value::Bool(Value::from(joined(ctx, this)?).equals(ctx, other)?))
        })
        .method("__repr__", |ctx, this, _| {
            let name = support::class_name(ctx, this);
            support::show_once(ctx, this, "...", || {
                let maps = maps(ctx, this)?;
                let maps: Vec<String> =
                    maps.into_iter().map(|map| repr(ctx, map)).collect::<Result<'_, _>>()?;
                Ok(format!("{name}({})", maps.join(", ")))
            })
        })
        .build()
}

fn maps<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Vec<Value<'gc>>> {
    this.get_attr(ctx, MAPS)?.iter(ctx)?.collect_vec(ctx)
}

fn first<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    this.get_attr(ctx, MAPS)?.get_item(ctx, 0)
}

fn find<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    key: Value<'gc>,
) -> Result<'gc, Option<Value<'gc>>> {
    for map in maps(ctx, this)? {
        match map.get_item(ctx, key) {
            Ok(found) => return Ok(Some(found)),
            Err(error) if error.is(ctx, &exc::KEY_ERROR) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

/// All in one dict: the keys of the last mapping first, the values of the first one.
fn joined<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Dict<'gc>> {
    let all = Dict::new(ctx);
    for map in maps(ctx, this)?.into_iter().rev() {
        for (key, value) in super::updating::pairs_of(ctx, map)? {
            all.insert(ctx, key, value)?;
        }
    }
    Ok(all)
}

fn delete<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let key = one(&args, "__delitem__")?;
    match first(ctx, this)?.del_item(ctx, key) {
        Err(error) if error.is(ctx, &exc::KEY_ERROR) => {
            let message = format!("Key not found in the first mapping: {}", repr(ctx, key)?);
            Err(Error::new(&exc::KEY_ERROR, message))
        }
        other => other.map(|()| Value::None),
    }
}

fn new_child<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let [first] = args.bind("new_child", ["m"], 0)?;
    let mut all = vec![first.unwrap_or_else(|| Dict::new(ctx).into())];
    all.extend(maps(ctx, this)?);
    Value::from(this.type_of(ctx)).call(ctx, all.as_slice())
}
