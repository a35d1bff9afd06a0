//! Instances of subclasses of built-in types.

use halfsour::pickle::Opcode;
use halfsour::{Class, Context, Result, Value};

use super::round_trip;
use crate::assertions::{assert_equal, assert_is, assert_same_attr};
use crate::classes::{self, MY_CLASSES, WITH_PROXIES};
use crate::implementation::Implementation;
use crate::objects::{PROTOCOLS, list};
use crate::streams::{contains, opcode_in_pickle};

pub(super) fn test_newobj_tuple<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    check_with_attributes(ctx, by, "MyTuple", ctx.types().tuple)
}

pub(super) fn test_newobj_list<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    check_with_attributes(ctx, by, "MyList", ctx.types().list)
}

fn check_with_attributes<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
    class: &str,
    base: Class<'gc>,
) -> Result<'gc, ()> {
    let original = numbers_with_attributes(ctx, class)?;
    for protocol in PROTOCOLS {
        check_copy(ctx, base, original, round_trip(ctx, by, original, protocol)?)?;
    }
    Ok(())
}

/// A collection of the class from `[1, 2, 3]`, with the attributes `foo` and `bar`.
pub(super) fn numbers_with_attributes<'gc>(ctx: Context<'gc>, class: &str) -> Result<'gc> {
    let original = classes::new_of(ctx, class, &[list(ctx, &[1, 2, 3].map(Value::Int))])?;
    original.set_attr(ctx, "foo", 42)?;
    original.set_attr(ctx, "bar", "hello")?;
    Ok(original)
}

/// `base(object) == base(copy) and object.__dict__ == copy.__dict__`
pub(super) fn check_copy<'gc>(
    ctx: Context<'gc>,
    base: Class<'gc>,
    object: Value<'gc>,
    copy: Value<'gc>,
) -> Result<'gc, ()> {
    let base = Value::from(base);
    assert_equal(ctx, base.call(ctx, (object,))?, base.call(ctx, (copy,))?)?;
    assert_same_attr(ctx, object, copy, "__dict__")
}

pub(super) fn test_newobj_generic<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    for protocol in PROTOCOLS {
        for name in MY_CLASSES {
            let (original, base) = sample(ctx, name)?;
            check_copy(ctx, base, original, round_trip(ctx, by, original, protocol)?)?;
        }
    }
    Ok(())
}

/// An instance of the class with the value of its `sample` and an attribute `foo`, and the base of the class.
fn sample<'gc>(ctx: Context<'gc>, name: &str) -> Result<'gc, (Value<'gc>, Class<'gc>)> {
    let class = classes::class(ctx, name)?;
    let original = class.call(ctx, (class.get_attr(ctx, "sample")?,))?;
    original.set_attr(ctx, "foo", 42)?;
    let Value::Class(base) = class.get_attr(ctx, "__base__")? else {
        panic!("{name} has no base");
    };
    Ok((original, base))
}

/// The class of a pickled proxy is the `__class__` that it claims to have.
pub(super) fn test_newobj_proxies<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    for protocol in PROTOCOLS {
        for name in WITH_PROXIES {
            let (original, base) = sample(ctx, name)?;
            let loaded = round_trip(ctx, by, classes::proxy(ctx, original)?, protocol)?;
            assert_is(ctx, loaded.type_of(ctx).into(), original.type_of(ctx).into());
            check_copy(ctx, base, original, loaded)?;
        }
    }
    Ok(())
}

pub(super) fn test_simple_newobj<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    check_new(ctx, by, "SimpleNewObj", [b"\nI64206", b"M\xce\xfa", b"M\xce\xfa"])
}

pub(super) fn test_complex_newobj<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    check_new(ctx, by, "ComplexNewObj", [b"\nI64206", b"M\xce\xfa", b"U\x04FACE"])
}

/// An int of a class that cannot be initialised, which each protocol writes in a form of its own.
fn check_new<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
    class: &str,
    forms: [&[u8]; 3],
) -> Result<'gc, ()> {
    let class = classes::class(ctx, class)?;
    let original = class.call_method(ctx, "__new__", (class, 0xface))?;
    original.set_attr(ctx, "abc", 666)?;
    for (protocol, form) in PROTOCOLS.into_iter().zip(forms) {
        let stream = by.dumps(ctx, original, protocol)?;
        assert!(contains(&stream, form), "{}", stream.escape_ascii());
        assert_eq!(opcode_in_pickle(Opcode::NEWOBJ, &stream), protocol >= 2);
        // Raises TypeError if `__init__` is called.
        let loaded = by.loads(ctx, &stream)?;
        assert_equal(ctx, loaded.get_attr(ctx, "abc")?, Value::Int(666))?;
        assert_same_attr(ctx, original, loaded, "__dict__")?;
    }
    Ok(())
}

pub(super) fn test_newobj_list_slots<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let original = numbers_with_attributes(ctx, "SlotList")?;
    let loaded = round_trip(ctx, by, original, 2)?;
    check_copy(ctx, ctx.types().list, original, loaded)?;
    assert_same_attr(ctx, original, loaded, "foo")?;
    assert_same_attr(ctx, original, loaded, "bar")
}
