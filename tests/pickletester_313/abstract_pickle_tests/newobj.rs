//! Instances of subclasses of built-in types.

use halfsour::pickle::{Opcode, UNPICKLING_ERROR};
use halfsour::{Class, Context, Module, Result, Value, exc};

use super::{check, round_trip};
use crate::assertions::{assert_equal, assert_is, assert_raises, assert_same_attr};
use crate::classes::{self, MODULE, MY_CLASSES, WITHOUT_PROXIES};
use crate::implementation::Implementation;
use crate::objects::{PROTOCOLS, assert_copy, builtin, list};
use crate::streams::{contains, opcode_in_pickle};

pub(super) fn test_newobj_tuple<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    check(ctx, by, numbers_with_attributes(ctx, "MyTuple")?)
}

pub(super) fn test_newobj_list<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    check(ctx, by, numbers_with_attributes(ctx, "MyList")?)
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

/// An instance of the class with the value of its `sample` and an attribute `foo`, and the base of the class.
fn sample<'gc>(ctx: Context<'gc>, name: &str) -> Result<'gc, (Value<'gc>, Class<'gc>)> {
    let class = classes::class(ctx, name)?;
    let original = class.call(ctx, (class.get_attr(ctx, "sample")?,))?;
    original.set_attr(ctx, "foo", 42)?;
    Ok((original, class.get_attr(ctx, "__base__")?.to(ctx)?))
}

pub(super) fn test_newobj_generic<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    for protocol in PROTOCOLS {
        for name in MY_CLASSES {
            let (original, base) = sample(ctx, name)?;
            let loaded = round_trip(ctx, by, original, protocol)?;
            assert_copy(ctx, original, loaded)?;
            check_copy(ctx, base, original, loaded)?;
        }
    }
    Ok(())
}

/// The class of a pickled proxy is the `__class__` that it claims to have.
pub(super) fn test_newobj_proxies<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    for protocol in PROTOCOLS {
        for name in MY_CLASSES.into_iter().filter(|name| !WITHOUT_PROXIES.contains(name)) {
            let (original, base) = sample(ctx, name)?;
            let loaded = round_trip(ctx, by, classes::proxy(ctx, original)?, protocol)?;
            assert_is(ctx, loaded.type_of(ctx).into(), original.type_of(ctx).into());
            check_copy(ctx, base, original, loaded)?;
        }
    }
    Ok(())
}

pub(super) fn test_newobj_overridden_new<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let original = classes::new_of(ctx, "MyIntWithNew2", &[Value::Int(1)])?;
    original.set_attr(ctx, "foo", 42)?;
    for protocol in PROTOCOLS {
        let loaded = round_trip(ctx, by, original, protocol)?;
        assert_is(ctx, loaded.type_of(ctx).into(), original.type_of(ctx).into());
        assert_equal(ctx, builtin(ctx, "int")?.call(ctx, (loaded,))?, Value::Int(1))?;
        assert_equal(ctx, loaded.get_attr(ctx, "foo")?, Value::Int(42))?;
    }
    Ok(())
}

/// The class has made way for a number before its instance is loaded.
pub(super) fn test_newobj_not_class<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let stream = by.dumps(ctx, face(ctx, "SimpleNewObj")?, 4)?;
    let module: Module<'gc> = match ctx.import(MODULE)? {
        Value::Module(module) => module,
        _ => panic!("{MODULE} is no module"),
    };
    module.set(ctx, "SimpleNewObj", 42)?;
    let loaded = by.loads(ctx, &stream);
    assert_raises(ctx, &[&exc::TYPE_ERROR, &UNPICKLING_ERROR], loaded, "42.__new__");
    Ok(())
}

/// The number `0xface` of a class that cannot be initialised.
fn face<'gc>(ctx: Context<'gc>, class: &str) -> Result<'gc> {
    let class = classes::class(ctx, class)?;
    let original = class.call_method(ctx, "__new__", (class, 0xface))?;
    original.set_attr(ctx, "abc", 666)?;
    Ok(original)
}

/// The number is written in a form of each protocol, and made by NEWOBJ or NEWOBJ_EX from a protocol on.
fn check_new<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
    class: &str,
    forms: [&[u8]; 6],
    (newobj, newobj_ex): (i32, i32),
) -> Result<'gc, ()> {
    let original = face(ctx, class)?;
    for (protocol, form) in PROTOCOLS.into_iter().zip(forms) {
        let stream = by.dumps(ctx, original, protocol)?;
        assert!(contains(&stream, form), "{}", stream.escape_ascii());
        assert_eq!(opcode_in_pickle(Opcode::NEWOBJ, &stream), protocol >= newobj);
        assert_eq!(opcode_in_pickle(Opcode::NEWOBJ_EX, &stream), protocol >= newobj_ex);
        // Raises TypeError if `__init__` is called.
        assert_copy(ctx, original, by.loads(ctx, &stream)?)?;
    }
    Ok(())
}

const NEVER: i32 = 6;
const IN_TEXT: &[u8] = b"\nI64206";
const IN_BINARY: &[u8] = b"M\xce\xfa";
const LONG: &[u8] = b"X\x04\0\0\0FACE";
const SHORT: &[u8] = b"\x8c\x04FACE";

pub(super) fn test_simple_newobj<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let forms = [IN_TEXT, IN_BINARY, IN_BINARY, IN_BINARY, IN_BINARY, IN_BINARY];
    check_new(ctx, by, "SimpleNewObj", forms, (2, NEVER))
}

pub(super) fn test_complex_newobj<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let forms = [IN_TEXT, IN_BINARY, LONG, LONG, SHORT, SHORT];
    check_new(ctx, by, "ComplexNewObj", forms, (2, NEVER))
}

pub(super) fn test_complex_newobj_ex<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let forms = [IN_TEXT, IN_BINARY, LONG, LONG, SHORT, SHORT];
    check_new(ctx, by, "ComplexNewObjEx", forms, (NEVER, 4))
}

pub(super) fn test_newobj_list_slots<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let original = numbers_with_attributes(ctx, "SlotList")?;
    let loaded = round_trip(ctx, by, original, 2)?;
    assert_copy(ctx, original, loaded)?;
    assert_same_attr(ctx, original, loaded, "foo")?;
    assert_same_attr(ctx, original, loaded, "bar")
}
