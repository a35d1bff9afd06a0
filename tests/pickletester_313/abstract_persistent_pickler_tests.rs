//! Persistent ids by methods of subclasses.

use halfsour::pickle::{PICKLING_ERROR, UNPICKLING_ERROR};
use halfsour::{Context, List, Result, Value};

use crate::assertions::{assert_equal, assert_is, assert_raises};
use crate::implementation::Implementation;
use crate::objects::{PROTOCOLS, assert_copy, builtin, bytes, bytes_io, content, derived, list};
use crate::row::{Group, rows};

pub(crate) const GROUP: Group =
    Group { name: "AbstractPersistentPicklerTests", rows: rows![test_persistence] };

pub(crate) const IDENTITY: Group = Group {
    name: "AbstractIdentityPersistentPicklerTests",
    rows: rows![test_return_correct_type, test_protocol0_is_ascii_only],
};

/// What CPython's class for the classes in Python has besides, and the one for those in C inherits.
pub(crate) const SUPER: Group =
    Group { name: "PyIdPersPicklerTests", rows: rows![test_pickler_super, test_unpickler_super] };

/// The text whose id is the empty string, which is not `None`.
const FALSE_VALUE: &str = "test_false_value";

/// Even ints and one text are objects outside of the pickle.
fn test_persistence<'gc>(ctx: Context<'gc>, _: &Implementation) -> Result<'gc, ()> {
    let mut items: Vec<_> = (0..10).map(Value::Int).collect();
    items.push(ctx.str(FALSE_VALUE));
    let original = list(ctx, &items);
    for protocol in PROTOCOLS {
        let (saved, loaded) = (List::new(ctx), List::new(ctx));
        let pickler = derived(ctx, "Pickler")?.attr("seen", saved).method(
            "persistent_id",
            |ctx, this, args| {
                let (object,): (Value<'_>,) = args.parse(ctx, "persistent_id")?;
                let id = match object {
                    Value::Int(number) if number % 2 == 0 => object.str(ctx)?,
                    _ if object.equals(ctx, ctx.str(FALSE_VALUE))? => ctx.str(""),
                    _ => return Ok(Value::None),
                };
                this.get_attr(ctx, "seen")?.call_method(ctx, "append", (id,))?;
                Ok(id)
            },
        );
        let unpickler = derived(ctx, "Unpickler")?.attr("seen", loaded).method(
            "persistent_load",
            |ctx, this, args| {
                let (id,): (Value<'_>,) = args.parse(ctx, "persistent_load")?;
                this.get_attr(ctx, "seen")?.call_method(ctx, "append", (id,))?;
                if !id.truth(ctx)? {
                    return Ok(ctx.str(FALSE_VALUE));
                }
                Value::from(ctx.types().int).call(ctx, (id,))
            },
        );
        let file = bytes_io(ctx, b"")?;
        let pickler = Value::from(pickler.build()?).call(ctx, (file, protocol))?;
        pickler.call_method(ctx, "dump", (original,))?;
        let stream = content(ctx, file)?;
        let unpickler = Value::from(unpickler.build()?).call(ctx, (bytes_io(ctx, &stream)?,))?;
        assert_equal(ctx, unpickler.call_method(ctx, "load", ())?, original)?;
        let ids = ["0", "2", "4", "6", "8", ""].map(|id| ctx.str(id));
        assert_equal(ctx, saved.into(), list(ctx, &ids))?;
        assert_equal(ctx, loaded.into(), list(ctx, &ids))?;
    }
    Ok(())
}

/// Dumps by a Pickler to which every object is its own id.
fn dumps<'gc>(ctx: Context<'gc>, object: Value<'gc>, protocol: i32) -> Result<'gc, Vec<u8>> {
    let class = derived(ctx, "Pickler")?.method("persistent_id", |ctx, _, args| {
        let (object,): (Value<'_>,) = args.parse(ctx, "persistent_id")?;
        Ok(object)
    });
    let file = bytes_io(ctx, b"")?;
    let pickler = Value::from(class.build()?).call(ctx, (file, protocol))?;
    pickler.call_method(ctx, "dump", (object,))?;
    content(ctx, file)
}

/// Loads by an Unpickler to which every id is its object.
fn loads<'gc>(ctx: Context<'gc>, stream: &[u8]) -> Result<'gc> {
    let class = derived(ctx, "Unpickler")?.method("persistent_load", |ctx, _, args| {
        let (id,): (Value<'_>,) = args.parse(ctx, "persistent_load")?;
        Ok(id)
    });
    let unpickler = Value::from(class.build()?).call(ctx, (bytes_io(ctx, stream)?,))?;
    unpickler.call_method(ctx, "load", ())
}

fn test_return_correct_type<'gc>(ctx: Context<'gc>, _: &Implementation) -> Result<'gc, ()> {
    let text = ctx.str("abc");
    assert_copy(ctx, text, loads(ctx, &dumps(ctx, text, 0)?)?)?;
    for protocol in 1..=5 {
        let objects = [
            bytes(ctx, b"abc\n"),
            ctx.str("abc\n"),
            Value::Int(-1),
            Value::Float(-1.1 * 0.1),
            builtin(ctx, "str")?,
        ];
        for object in objects {
            let loaded = loads(ctx, &dumps(ctx, object, protocol)?)?;
            assert_is(ctx, loaded.type_of(ctx).into(), object.type_of(ctx).into());
            assert_equal(ctx, loaded, object)?;
        }
    }
    Ok(())
}

fn test_protocol0_is_ascii_only<'gc>(ctx: Context<'gc>, _: &Implementation) -> Result<'gc, ()> {
    let message = "persistent IDs in protocol 0 must be ASCII strings";
    let error = dumps(ctx, ctx.str("\u{2205}"), 0).expect_err("the id is not ASCII");
    assert!(error.is(ctx, &PICKLING_ERROR), "{error:?}");
    assert_eq!(error.message(ctx), message);
    let error = loads(ctx, "P\u{2205}\n.".as_bytes()).expect_err("the id is not ASCII");
    assert!(error.is(ctx, &UNPICKLING_ERROR), "{error:?}");
    assert_eq!(error.message(ctx), message);
    Ok(())
}

/// `super().persistent_id(obj)` is there, and names nothing.
fn test_pickler_super<'gc>(ctx: Context<'gc>, _: &Implementation) -> Result<'gc, ()> {
    let class = derived(ctx, "Pickler")?.method("persistent_id", |ctx, this, args| {
        let (object,): (Value<'_>,) = args.parse(ctx, "persistent_id")?;
        let base = ctx.import_from("pickle", "Pickler")?;
        let id = base.get_attr(ctx, "persistent_id")?.call(ctx, (this, object))?;
        assert!(id.is_none());
        Ok(object)
    });
    for protocol in PROTOCOLS {
        let file = bytes_io(ctx, b"")?;
        let pickler = Value::from(derived(ctx, "Pickler")?.build()?).call(ctx, (file, protocol))?;
        assert!(pickler.call_method(ctx, "persistent_id", ("abc",))?.is_none());
    }
    let file = bytes_io(ctx, b"")?;
    let pickler = Value::from(class.build()?).call(ctx, (file, 1))?;
    pickler.call_method(ctx, "dump", ("abc",))?;
    assert_equal(ctx, loads(ctx, &content(ctx, file)?)?, ctx.str("abc"))
}

/// `super().persistent_load(pid)` is there, and raises.
fn test_unpickler_super<'gc>(ctx: Context<'gc>, _: &Implementation) -> Result<'gc, ()> {
    let class = derived(ctx, "Unpickler")?.method("persistent_load", |ctx, this, args| {
        let (id,): (Value<'_>,) = args.parse(ctx, "persistent_load")?;
        let base = ctx.import_from("pickle", "Unpickler")?;
        let loaded = base.get_attr(ctx, "persistent_load")?.call(ctx, (this, id));
        assert_raises(ctx, &[&UNPICKLING_ERROR], loaded, "super().persistent_load");
        Ok(id)
    });
    let class = Value::from(class.build()?);
    for protocol in PROTOCOLS {
        let stream = dumps(ctx, ctx.str("abc"), protocol)?;
        let unpickler = class.call(ctx, (bytes_io(ctx, &stream)?,))?;
        assert_equal(ctx, unpickler.call_method(ctx, "load", ())?, ctx.str("abc"))?;
    }
    Ok(())
}
