//! The classes of the module `shelve`, over any mapping that Python-shaped code has.

use std::rc::Rc;

use halfsour_pickle::{Flavour, Pickler, Unpickler};
use halfsour_runtime::{
    Args, Bytes, Class, ClassicClass, Context, Dialect, Dict, Error, Function, Iter, Module,
    Result, Tuple, Value, exc,
};

use super::database;
use super::define::Define;
use super::mapping::{self, unless_missing};

/// Adds `Shelf`, `BsdDbShelf`, `DbfilenameShelf` and the marker of what is closed.
pub(super) fn install<'gc>(
    ctx: Context<'gc>,
    module: Module<'gc>,
    unpickler: &Rc<Unpickler<'static>>,
) -> Result<'gc, ()> {
    match ctx.dialect() {
        // Classes of Python 2 without a base are classic.
        Dialect::Python2 => {
            let shelf = shelf(ctx, ClassicClass::builder(ctx, "Shelf"), unpickler).build()?;
            let ordered = ordered(ClassicClass::builder(ctx, "BsdDbShelf").base(shelf), unpickler);
            let named = named(ClassicClass::builder(ctx, "DbfilenameShelf").base(shelf));
            module.class_named(ctx, shelf)?;
            module.class_named(ctx, ordered.build()?)?;
            module.class_named(ctx, named.build()?)?;
            module.class_named(ctx, closed(ClassicClass::builder(ctx, "_ClosedDict")).build()?)
        }
        _ => {
            let shelf = shelf(ctx, Class::builder(ctx, "Shelf"), unpickler)
                .attr("__hash__", Value::None)
                .build()?;
            let ordered = ordered(Class::builder(ctx, "BsdDbShelf").base(shelf), unpickler);
            let named = named(Class::builder(ctx, "DbfilenameShelf").base(shelf));
            let named = named.method("clear", |ctx, this, args| {
                let () = args.parse(ctx, "clear")?;
                this.get_attr(ctx, "cache")?.call_method(ctx, "clear", ())?;
                this.get_attr(ctx, "dict")?.call_method(ctx, "clear", ())
            });
            module.class_named(ctx, shelf)?;
            module.class_named(ctx, ordered.build()?)?;
            module.class_named(ctx, named.build()?)?;
            module.class_named(ctx, closed(Class::builder(ctx, "_ClosedDict")).build()?)
        }
    }
}

fn shelf<B: Define>(ctx: Context<'_>, builder: B, unpickler: &Rc<Unpickler<'static>>) -> B {
    let own = Rc::clone(unpickler);
    let builder = mapping::methods(ctx.dialect(), builder)
        .define("__init__", |ctx, this, args| {
            let names = ["dict", "protocol", "writeback", "keyencoding"];
            let [dict, protocol, writeback, encoding] = match ctx.dialect() {
                Dialect::Python2 => {
                    let [a, b, c] = args.bind("__init__", [names[0], names[1], names[2]], 1)?;
                    [a, b, c, None]
                }
                _ => args.bind("__init__", names, 1)?,
            };
            initialise(ctx, this, dict.unwrap_or(Value::None), protocol, writeback, encoding)
        })
        .define("__len__", |ctx, this, _| {
            Ok(Value::Int(this.get_attr(ctx, "dict")?.len(ctx)? as i64))
        })
        .define("__contains__", |ctx, this, args| {
            let (key,): (Value<'_>,) = args.parse(ctx, "__contains__")?;
            Ok(holds(ctx, this, key)?.into())
        })
        .define("__iter__", |ctx, this, args| {
            let () = args.parse(ctx, "__iter__")?;
            iterate(ctx, this)
        })
        .define("get", |ctx, this, args| {
            let [key, default] = args.bind("get", ["key", "default"], 1)?;
            let key = key.unwrap_or(Value::None);
            match holds(ctx, this, key)? {
                true => this.get_item(ctx, key),
                false => Ok(default.unwrap_or(Value::None)),
            }
        })
        .define("__getitem__", move |ctx, this, args| {
            let (key,): (Value<'_>,) = args.parse(ctx, "__getitem__")?;
            get(ctx, this, key, &own)
        })
        .define("__setitem__", |ctx, this, args| {
            let (key, value): (Value<'_>, Value<'_>) = args.parse(ctx, "__setitem__")?;
            set(ctx, this, key, value)
        })
        .define("__delitem__", |ctx, this, args| {
            let (key,): (Value<'_>,) = args.parse(ctx, "__delitem__")?;
            this.get_attr(ctx, "dict")?.del_item(ctx, encoded(ctx, this, key)?)?;
            let forgotten = this.get_attr(ctx, "cache")?.del_item(ctx, key);
            unless_missing(ctx, forgotten.map(|()| Value::None))?;
            Ok(Value::None)
        })
        .define("sync", |ctx, this, args| {
            let () = args.parse(ctx, "sync")?;
            sync(ctx, this)
        })
        .define("close", |ctx, this, args| {
            let () = args.parse(ctx, "close")?;
            close(ctx, this)
        })
        .define("__del__", |ctx, this, _| match this.find_attr(ctx, "writeback")? {
            Some(_) => this.call_method(ctx, "close", ()),
            // `__init__` has failed.
            None => Ok(Value::None),
        });
    match ctx.dialect() {
        Dialect::Python2 => builder
            .define("keys", |ctx, this, args| {
                let () = args.parse(ctx, "keys")?;
                this.get_attr(ctx, "dict")?.call_method(ctx, "keys", ())
            })
            .define("clear", |ctx, this, args| {
                let () = args.parse(ctx, "clear")?;
                clear(ctx, this)
            }),
        _ => builder
            .define("__enter__", |_, this, _| Ok(this))
            .define("__exit__", |ctx, this, _| this.call_method(ctx, "close", ()))
            .define("clear", |ctx, this, args| {
                let () = args.parse(ctx, "clear")?;
                clear(ctx, this)
            }),
    }
}

fn initialise<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    dict: Value<'gc>,
    protocol: Option<Value<'gc>>,
    writeback: Option<Value<'gc>>,
    encoding: Option<Value<'gc>>,
) -> Result<'gc> {
    this.set_attr(ctx, "dict", dict)?;
    let default = Value::Int(ctx.dialect().pick(0, 4));
    let protocol = protocol.filter(|protocol| !protocol.is_none()).unwrap_or(default);
    this.set_attr(ctx, "_protocol", protocol)?;
    this.set_attr(ctx, "writeback", writeback.unwrap_or(Value::Bool(false)))?;
    this.set_attr(ctx, "cache", Dict::new(ctx))?;
    if ctx.dialect() == Dialect::Python3 {
        this.set_attr(ctx, "keyencoding", encoding.unwrap_or_else(|| ctx.str("utf-8")))?;
    }
    Ok(Value::None)
}

/// Returns a key as the dict has it: in Python 3 a text is encoded.
fn encoded<'gc>(ctx: Context<'gc>, this: Value<'gc>, key: Value<'gc>) -> Result<'gc> {
    match ctx.dialect() {
        Dialect::Python2 => Ok(key),
        _ => key.call_method(ctx, "encode", (this.get_attr(ctx, "keyencoding")?,)),
    }
}

fn holds<'gc>(ctx: Context<'gc>, this: Value<'gc>, key: Value<'gc>) -> Result<'gc, bool> {
    this.get_attr(ctx, "dict")?.contains(ctx, encoded(ctx, this, key)?)
}

fn iterate<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let keys = this.get_attr(ctx, "dict")?.call_method(ctx, "keys", ())?.iter(ctx)?;
    if ctx.dialect() == Dialect::Python2 {
        return Ok(keys.into_object(ctx));
    }
    let encoding = this.get_attr(ctx, "keyencoding")?;
    let captured = Tuple::new(ctx, &[keys.into_object(ctx), encoding]);
    let next = Function::capturing(ctx, "__iter__", captured, |ctx, captured, _| {
        let captured = captured.as_tuple().map_or(&[][..], |captured| captured.as_slice());
        let &[keys, encoding] = captured else { return Err(Error::bare(&exc::STOP_ITERATION)) };
        match keys.iter(ctx)?.next(ctx)? {
            Some(key) => key.call_method(ctx, "decode", (encoding,)),
            None => Err(Error::bare(&exc::STOP_ITERATION)),
        }
    });
    Ok(Iter::generator(ctx, next.into()).into_object(ctx))
}

fn get<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    key: Value<'gc>,
    unpickler: &Unpickler<'static>,
) -> Result<'gc> {
    let cache = this.get_attr(ctx, "cache")?;
    if let Some(kept) = unless_missing(ctx, cache.get_item(ctx, key))? {
        return Ok(kept);
    }
    let pickle = this.get_attr(ctx, "dict")?.get_item(ctx, encoded(ctx, this, key)?)?;
    let value = load(ctx, pickle, unpickler)?;
    if this.get_attr(ctx, "writeback")?.truth(ctx)? {
        this.get_attr(ctx, "cache")?.set_item(ctx, key, value)?;
    }
    Ok(value)
}

fn load<'gc>(ctx: Context<'gc>, pickle: Value<'gc>, unpickler: &Unpickler<'static>) -> Result<'gc> {
    match pickle.content() {
        Value::Bytes(bytes) => unpickler.loads(ctx, bytes.as_slice()),
        Value::ByteArray(bytes) => unpickler.loads(ctx, &bytes.to_vec()),
        _ => {
            let found = pickle.type_name(ctx);
            let message = format!("a bytes-like object is required, not '{found}'");
            Err(Error::new(&exc::TYPE_ERROR, message))
        }
    }
}

/// What cannot be pickled is kept all the same with `writeback`, as in CPython.
fn set<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    key: Value<'gc>,
    value: Value<'gc>,
) -> Result<'gc> {
    if this.get_attr(ctx, "writeback")?.truth(ctx)? {
        this.get_attr(ctx, "cache")?.set_item(ctx, key, value)?;
    }
    let protocol: i64 = this.get_attr(ctx, "_protocol")?.to(ctx)?;
    let protocol = i32::try_from(protocol).unwrap_or(i32::MAX);
    let pickler = Pickler::new().flavour(flavour(ctx.dialect())).protocol(protocol);
    let pickle = Bytes::from_vec(ctx, pickler.dumps(ctx, value)?);
    this.get_attr(ctx, "dict")?.set_item(ctx, encoded(ctx, this, key)?, pickle)?;
    Ok(Value::None)
}

/// Returns whose pickles a shelf has.
pub(super) const fn flavour(dialect: Dialect) -> Flavour {
    dialect.pick(Flavour::CPickle, Flavour::Python3)
}

fn clear<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    for key in mapping::keys(ctx, this)?.collect_vec(ctx)? {
        this.del_item(ctx, key)?;
    }
    Ok(Value::None)
}

fn sync<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let cache = this.get_attr(ctx, "cache")?;
    if this.get_attr(ctx, "writeback")?.truth(ctx)? && cache.truth(ctx)? {
        let dict = this.get_attr(ctx, "dict")?;
        this.set_attr(ctx, "writeback", false)?;
        let written = write_back(ctx, this, cache, dict);
        // DIFFERENCE: in CPython a `sync` that fails leaves `writeback` off.
        this.set_attr(ctx, "writeback", true)?;
        written?;
        this.set_attr(ctx, "cache", Dict::new(ctx))?;
    }
    match this.get_attr(ctx, "dict")?.find_attr(ctx, "sync")? {
        Some(sync) => sync.call(ctx, ()).map(|_| Value::None),
        None => Ok(Value::None),
    }
}

/// Assigns every kept entry again: to a database that can do that all of them, or none if one fails.
fn write_back<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    cache: Value<'gc>,
    dict: Value<'gc>,
) -> Result<'gc, ()> {
    let Value::Dict(entries) = cache.content() else {
        return Err(Error::new(&exc::TYPE_ERROR, "the cache of a shelf must be a dict"));
    };
    let assign = || {
        let mut entries = entries.entries().into_iter();
        entries.try_for_each(|(key, entry)| this.set_item(ctx, key, entry))
    };
    if !database::has_transactions(ctx, dict)? {
        return assign();
    }
    database::with(ctx, dict, |overlay| overlay.begin())?;
    match assign() {
        Ok(()) => database::with(ctx, dict, |overlay| overlay.commit()),
        Err(error) => {
            database::with(ctx, dict, |overlay| {
                overlay.roll_back();
                Ok(())
            })?;
            Err(error)
        }
    }
}

fn close<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    if this.get_attr(ctx, "dict")?.is_none() {
        return Ok(Value::None);
    }
    let closed = this
        .call_method(ctx, "sync", ())
        .and_then(|_| this.get_attr(ctx, "dict")?.call_method(ctx, "close", ()));
    // Whatever has happened, the shelf is closed.
    let marker = ctx.import_from("shelve", "_ClosedDict").and_then(|class| class.call(ctx, ()));
    this.set_attr(ctx, "dict", marker.unwrap_or(Value::None))?;
    match closed {
        Err(error) if !error.is(ctx, &exc::ATTRIBUTE_ERROR) => Err(error),
        // A plain dict has no `close`.
        _ => Ok(Value::None),
    }
}

/// Adds the methods that walk in the order of the keys.
fn ordered<B: Define>(mut builder: B, unpickler: &Rc<Unpickler<'static>>) -> B {
    for name in ["next", "previous", "first", "last"] {
        let own = Rc::clone(unpickler);
        builder = builder.define(name, move |ctx, this, args| {
            let () = args.parse(ctx, name)?;
            let item = this.get_attr(ctx, "dict")?.call_method(ctx, name, ())?;
            loaded(ctx, this, item, &own)
        });
    }
    let own = Rc::clone(unpickler);
    builder.define("set_location", move |ctx, this, args| {
        let (key,): (Value<'_>,) = args.parse(ctx, "set_location")?;
        let item = this.get_attr(ctx, "dict")?.call_method(ctx, "set_location", (key,))?;
        loaded(ctx, this, item, &own)
    })
}

/// Returns an item of the dict with its key decoded and its value loaded.
fn loaded<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    item: Value<'gc>,
    unpickler: &Unpickler<'static>,
) -> Result<'gc> {
    let (key, value) = (item.get_item(ctx, 0)?, item.get_item(ctx, 1)?);
    let key = match ctx.dialect() {
        Dialect::Python2 => key,
        _ => key.call_method(ctx, "decode", (this.get_attr(ctx, "keyencoding")?,))?,
    };
    Ok(Tuple::new(ctx, &[key, load(ctx, value, unpickler)?]).into())
}

/// Adds what opens a file, by the module of the dialect that does.
fn named<B: Define>(builder: B) -> B {
    builder.define("__init__", |ctx, this, args| {
        let names = ["filename", "flag", "protocol", "writeback"];
        let [filename, flag, protocol, writeback] = args.bind("__init__", names, 1)?;
        let dbm = ctx.import(ctx.dialect().pick("anydbm", "dbm"))?;
        let (filename, flag) = (filename.unwrap_or(Value::None), flag.unwrap_or(ctx.str("c")));
        let dict = dbm.call_method(ctx, "open", (filename, flag))?;
        initialise(ctx, this, dict, protocol, writeback, None)
    })
}

/// Adds the methods of the marker that a closed shelf has for its dict.
fn closed<B: Define>(mut builder: B) -> B {
    let names = [
        "__getitem__",
        "__setitem__",
        "__delitem__",
        "__contains__",
        "__iter__",
        "__len__",
        "keys",
    ];
    for name in names {
        builder = builder.define(name, |_, _, _: Args<'_>| {
            Err(Error::new(&exc::VALUE_ERROR, "invalid operation on closed shelf"))
        });
    }
    builder
}
