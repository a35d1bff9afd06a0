//! Names that lead nowhere, or elsewhere.

use halfsour::pickle::PICKLING_ERROR;
use halfsour::{Context, Dict, ExceptionType, Long, Module, Result, Unicode, Value, exc};
use num_bigint::BigInt;

use crate::assertions::assert_raises;
use crate::classes::{self, MODULE};
use crate::implementation::Implementation;
use crate::objects::{PROTOCOLS, function, tuple};

/// Dumping an object that says that it is `module.name` raises PicklingError.
fn check<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
    name: &str,
    modules: &[Value<'gc>],
) -> Result<'gc, ()> {
    let object = classes::new_of(ctx, "REX", &[ctx.str(name)])?;
    for &module in modules {
        object.set_attr(ctx, "__module__", module)?;
        for protocol in PROTOCOLS {
            let dumped = by.dumps(ctx, object, protocol);
            assert_raises(ctx, &[&PICKLING_ERROR, &exc::VALUE_ERROR], dumped, protocol);
        }
    }
    Ok(())
}

pub(super) fn test_global_lookup_error<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let modules = [ctx.str(MODULE), ctx.str("nonexisting"), ctx.str(""), Value::None];
    check(ctx, by, "spam", &modules)
}

pub(super) fn test_nested_lookup_error<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    check(ctx, by, "MyList.spam", &[ctx.str(MODULE), Value::None])
}

pub(super) fn test_wrong_object_lookup_error<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    check(ctx, by, "MyList", &[ctx.str(MODULE), Value::None])
}

/// A name that the protocol cannot write: beyond ASCII before protocol 3, half of a character at protocol 3.
fn unwritable(ctx: Context<'_>, protocol: i32) -> Value<'_> {
    let last = if protocol < 3 { 0xff } else { 0xdbff };
    let code_points = "name".chars().map(u32::from).chain([last]);
    Unicode::from_code_points(ctx, code_points).expect("these are code points").into()
}

const CANNOT_ENCODE: &[&ExceptionType] = &[&exc::UNICODE_ENCODE_ERROR, &PICKLING_ERROR];

pub(super) fn test_nonencodable_global_name_error<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    for protocol in 0..4 {
        let name = unwritable(ctx, protocol);
        let object = classes::new_of(ctx, "REX", &[name])?;
        object.set_attr(ctx, "__module__", MODULE)?;
        let namespace = ctx.import(MODULE)?.get_attr(ctx, "__dict__")?;
        namespace.set_item(ctx, name, object)?;
        assert_raises(ctx, CANNOT_ENCODE, by.dumps(ctx, object, protocol), protocol);
    }
    Ok(())
}

pub(super) fn test_nonencodable_module_name_error<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    for protocol in 0..4 {
        let name = unwritable(ctx, protocol);
        let object = classes::new_of(ctx, "REX", &[ctx.str("test")])?;
        object.set_attr(ctx, "__module__", name)?;
        let module = Module::new(ctx, "stub")?;
        module.set(ctx, "test", object)?;
        ctx.modules().insert(ctx, name, module.into())?;
        assert_raises(ctx, CANNOT_ENCODE, by.dumps(ctx, object, protocol), protocol);
    }
    Ok(())
}

/// A function that is in no module; then one that does not say in which; then one whose name says that too.
pub(super) fn test_local_lookup_error<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let local = function(ctx, "f", |_, _| Ok(Value::None));
    local.set_attr(ctx, "__qualname__", "test.<locals>.f")?;
    local.set_attr(ctx, "__module__", MODULE)?;
    let check = |local: Value<'gc>| {
        for protocol in PROTOCOLS {
            let errors: &[&'static ExceptionType] = &[&exc::ATTRIBUTE_ERROR, &PICKLING_ERROR];
            assert_raises(ctx, errors, by.dumps(ctx, local, protocol), protocol);
        }
    };
    check(local);
    local.del_attr(ctx, "__module__")?;
    check(local);
    local.set_attr(ctx, "__name__", "test.<locals>.f")?;
    check(local);
    Ok(())
}

/// Codes in the registry that `add_extension` would have refused.
pub(super) fn test_bad_ext_code<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let registry: Dict<'gc> = ctx.import_from("copyreg", "_extension_registry")?.to(ctx)?;
    let key = tuple(ctx, &[ctx.str(MODULE), ctx.str("MyList")]);
    let huge = |sign: i32| Value::from(Long::new(ctx, BigInt::from(sign) << 1000_u32));
    let (wrong, range): (&[&'static ExceptionType], &[&'static ExceptionType]) =
        (&[&exc::TYPE_ERROR], &[&exc::RUNTIME_ERROR]);
    let overflow: &[&'static ExceptionType] = &[&exc::OVERFLOW_ERROR];
    for (code, errors) in [
        (classes::new(ctx, "Object")?, wrong),
        (Value::None, wrong),
        (Value::Int(-1), range),
        (Value::Int(0), range),
        (Value::Int(1 << 31), &[&exc::RUNTIME_ERROR, &exc::OVERFLOW_ERROR]),
        (huge(1), overflow),
        (huge(-1), overflow),
    ] {
        registry.insert(ctx, key, code)?;
        for protocol in 2..=5 {
            let dumped = by.dumps(ctx, classes::class(ctx, "MyList")?, protocol);
            assert_raises(ctx, errors, dumped, protocol);
        }
    }
    Ok(())
}
