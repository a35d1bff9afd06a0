//! The object that `dumbdbm.open` and its like return: a store as Python-shaped code sees it.

use std::ops::Bound;

use halfsour_runtime::{
    Bytes, Class, Context, Dialect, Error, Instance, List, Result, Traced, Tuple, Value, exc,
};

use super::mapping;
use crate::error::StoreResult;
use crate::overlay::Overlay;
use crate::store::{Op, Scan, Store};

/// What the object holds.
struct State {
    overlay: Overlay,
    /// The key that the ordered walk (`first`, `next`, ...) has come to.
    position: Option<Vec<u8>>,
}

/// Makes the class.
pub(super) fn class(ctx: Context<'_>) -> Result<'_, Class<'_>> {
    let dialect = ctx.dialect();
    let builder = Class::builder(ctx, "_Database")
        .module(dialect.pick("dumbdbm", "dbm.dumb"))
        .native()
        .slots(&[])
        .attr("__hash__", Value::None);
    let builder = mapping::methods(dialect, builder)
        .method("__getitem__", |ctx, this, args| {
            let (key,): (Value<'_>,) = args.parse(ctx, "__getitem__")?;
            let bytes = text(ctx, key, KEY)?;
            let found = with(ctx, this, |overlay| overlay.get(bytes))?;
            found.map(|value| Bytes::from_vec(ctx, value).into()).ok_or_else(|| missing(ctx, key))
        })
        .method("__setitem__", |ctx, this, args| {
            let (key, value): (Value<'_>, Value<'_>) = args.parse(ctx, "__setitem__")?;
            let op = Op::put(text(ctx, key, KEY)?, text(ctx, value, VALUE)?);
            with(ctx, this, |overlay| overlay.apply(vec![op]))?;
            Ok(Value::None)
        })
        .method("__delitem__", |ctx, this, args| {
            let (key,): (Value<'_>,) = args.parse(ctx, "__delitem__")?;
            let bytes = text(ctx, key, KEY)?;
            let found = with(ctx, this, |overlay| {
                overlay.check_writable()?;
                let found = overlay.contains(bytes)?;
                if found {
                    overlay.apply(vec![Op::delete(bytes)])?;
                }
                Ok(found)
            })?;
            if found { Ok(Value::None) } else { Err(missing(ctx, key)) }
        })
        .method("__contains__", |ctx, this, args| {
            let (key,): (Value<'_>,) = args.parse(ctx, "__contains__")?;
            let bytes = text(ctx, key, KEY)?;
            Ok(with(ctx, this, |overlay| overlay.contains(bytes))?.into())
        })
        .method("__len__", |ctx, this, args| {
            let () = args.parse(ctx, "__len__")?;
            Ok(Value::Int(with(ctx, this, |overlay| overlay.len())? as i64))
        })
        .method("__iter__", |ctx, this, args| {
            let () = args.parse(ctx, "__iter__")?;
            Ok(Value::from(keys(ctx, this)?).iter(ctx)?.into_object(ctx))
        })
        .method("keys", |ctx, this, args| {
            let () = args.parse(ctx, "keys")?;
            Ok(keys(ctx, this)?.into())
        })
        .method("get", |ctx, this, args| {
            let [key, default] = args.bind("get", ["key", "default"], 1)?;
            let found = this.get_item(ctx, key.unwrap_or(Value::None));
            Ok(mapping::unless_missing(ctx, found)?.or(default).unwrap_or(Value::None))
        })
        .method("clear", |ctx, this, args| {
            let () = args.parse(ctx, "clear")?;
            let keys = with(ctx, this, |overlay| overlay.keys())?;
            let batch = keys.into_iter().map(|key| Op::Delete { key }).collect();
            with(ctx, this, |overlay| overlay.apply(batch))?;
            Ok(Value::None)
        });
    walk(files(builder)).build()
}

/// The methods of what has files.
fn files(builder: halfsour_runtime::ClassBuilder<'_>) -> halfsour_runtime::ClassBuilder<'_> {
    builder
        .method("sync", |ctx, this, args| {
            let () = args.parse(ctx, "sync")?;
            with(ctx, this, |overlay| overlay.sync())?;
            Ok(Value::None)
        })
        .method("reorganize", |ctx, this, args| {
            let () = args.parse(ctx, "reorganize")?;
            with(ctx, this, |overlay| overlay.reorganize())?;
            Ok(Value::None)
        })
        .method("close", |ctx, this, args| {
            let () = args.parse(ctx, "close")?;
            with(ctx, this, |overlay| overlay.close())?;
            Ok(Value::None)
        })
        .method("__enter__", |_, this, _| Ok(this))
        .method("__exit__", |ctx, this, _| this.call_method(ctx, "close", ()))
}

/// The ordered walk that `BsdDbShelf` asks for, as the trees of `bsddb` have it.
fn walk(builder: halfsour_runtime::ClassBuilder<'_>) -> halfsour_runtime::ClassBuilder<'_> {
    builder
        .method("first", |ctx, this, args| {
            let () = args.parse(ctx, "first")?;
            arrive(ctx, this, |overlay, _| first_from(overlay, Bound::Unbounded))
        })
        .method("last", |ctx, this, args| {
            let () = args.parse(ctx, "last")?;
            arrive(ctx, this, |overlay, _| Ok(sorted_keys(overlay)?.pop()))
        })
        .method("next", |ctx, this, args| {
            let () = args.parse(ctx, "next")?;
            arrive(ctx, this, |overlay, from| {
                first_from(overlay, from.map_or(Bound::Unbounded, Bound::Excluded))
            })
        })
        .method("previous", |ctx, this, args| {
            let () = args.parse(ctx, "previous")?;
            // A scan goes forwards only.
            arrive(ctx, this, |overlay, from| {
                let mut keys = sorted_keys(overlay)?.into_iter().rev();
                Ok(keys.find(|key| from.is_none_or(|from| key.as_slice() < from)))
            })
        })
        .method("set_location", |ctx, this, args| {
            let (key,): (Value<'_>,) = args.parse(ctx, "set_location")?;
            let sought = text(ctx, key, KEY)?;
            arrive(ctx, this, |overlay, _| first_from(overlay, Bound::Included(sought)))
        })
}

/// Returns the first key from a bound on.
fn first_from(overlay: &mut Overlay, start: Bound<&[u8]>) -> StoreResult<Option<Vec<u8>>> {
    if !overlay.caps().ordered {
        let is_behind = |key: &[u8]| match start {
            Bound::Included(start) => key >= start,
            Bound::Excluded(start) => key > start,
            Bound::Unbounded => true,
        };
        return Ok(sorted_keys(overlay)?.into_iter().find(|key| is_behind(key)));
    }
    let scan = Scan { range: (start, Bound::Unbounded), max: 1, values: false, ..Scan::all() };
    Ok(overlay.scan(&scan)?.items.into_iter().next().map(|(key, _)| key))
}

/// Returns all keys in their order, also where the store has none.
fn sorted_keys(overlay: &mut Overlay) -> StoreResult<Vec<Vec<u8>>> {
    let mut keys = overlay.keys()?;
    if !overlay.caps().ordered {
        keys.sort_unstable();
    }
    Ok(keys)
}

/// Goes to a key, which is chosen by the one before, and returns its item.
fn arrive<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    choose: impl FnOnce(&mut Overlay, Option<&[u8]>) -> StoreResult<Option<Vec<u8>>>,
) -> Result<'gc> {
    let content = content(this)?;
    let from = content.data::<State>()?.position.clone();
    let Some(key) = with(ctx, this, |overlay| choose(overlay, from.as_deref()))? else {
        return Err(Error::bare(&exc::KEY_ERROR));
    };
    content.data_mut::<State>()?.position = Some(key.clone());
    let key = Bytes::from_vec(ctx, key).into();
    Ok(Tuple::new(ctx, &[key, this.get_item(ctx, key)?]).into())
}

/// Makes the object for an opened store.
pub(super) fn allocate<'gc>(
    ctx: Context<'gc>,
    class: Class<'gc>,
    store: Box<dyn Store>,
) -> Value<'gc> {
    let state = State { overlay: Overlay::new(store, false), position: None };
    Instance::native(ctx, class, Traced::new(ctx, state)).into()
}

/// Returns whether an object is one of these, and changes several keys together.
pub(super) fn has_transactions<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, bool> {
    match content(object).is_ok_and(|content| content.holds::<State>()) {
        true => with(ctx, object, |overlay| Ok(overlay.caps().atomic_batch)),
        false => Ok(false),
    }
}

fn content<'gc>(this: Value<'gc>) -> Result<'gc, Traced<'gc>> {
    let content = match this {
        Value::Instance(instance) => instance.native_content(),
        _ => None,
    };
    content.ok_or_else(|| Error::new(&exc::TYPE_ERROR, "an open database is needed"))
}

/// Works on an object's store. No code runs meanwhile.
pub(super) fn with<'gc, T>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    work: impl FnOnce(&mut Overlay) -> StoreResult<T>,
) -> Result<'gc, T> {
    let content = content(this)?;
    let mut state = content.data_mut::<State>()?;
    work(&mut state.overlay).map_err(|error| error.into_exception(ctx))
}

// DIFFERENCE: the order is that of the keys' bytes; CPython's is that of its dict, or of SQLite's rows.
fn keys<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, List<'gc>> {
    let keys = with(ctx, this, |overlay| overlay.keys())?;
    let keys = keys.into_iter().map(|key| Bytes::from_vec(ctx, key).into());
    Ok(List::from_vec(ctx, keys.collect()))
}

const KEY: &str = "keys";
const VALUE: &str = "values";

/// Reads a key or a value: in Python 2 a str, in Python 3 bytes, or a text that is encoded.
fn text<'gc>(ctx: Context<'gc>, object: Value<'gc>, what: &str) -> Result<'gc, &'gc [u8]> {
    match (object.content(), ctx.dialect()) {
        (Value::Bytes(bytes), _) => Ok(bytes.as_slice()),
        (Value::Unicode(text), Dialect::Python3) => {
            let encoded = object.call_method(ctx, "encode", ("utf-8",))?;
            Ok(encoded.as_bytes().map_or(text.as_generalised_utf8(), |bytes| bytes.as_slice()))
        }
        (Value::ByteArray(bytes), Dialect::Python3) if what == VALUE => {
            Ok(Bytes::new(ctx, &bytes.to_vec()).as_slice())
        }
        (Value::ByteArray(_), Dialect::Python3) => {
            Err(Error::new(&exc::TYPE_ERROR, "unhashable type: 'bytearray'"))
        }
        (_, Dialect::Python2) => {
            Err(Error::new(&exc::TYPE_ERROR, "keys and values must be strings"))
        }
        (_, _) => Err(Error::new(&exc::TYPE_ERROR, format!("{what} must be bytes or strings"))),
    }
}

/// The KeyError for a key as it was given; Python 3 shows it encoded.
fn missing<'gc>(ctx: Context<'gc>, key: Value<'gc>) -> Error<'gc> {
    let shown = text(ctx, key, KEY).map(|bytes| Bytes::new(ctx, bytes).into());
    Error::with_args(&exc::KEY_ERROR, &[shown.unwrap_or(key)])
}
