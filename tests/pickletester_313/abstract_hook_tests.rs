//! `reducer_override`.

use halfsour::pickle::PICKLING_ERROR;
use halfsour::{Class, Context, Error, Result, Value, exc};

use crate::assertions::{assert_equal, assert_is, assert_raises};
use crate::implementation::{Implementation, call};
use crate::objects::{
    PROTOCOLS, builtin, bytes, bytes_io, content, derived, function, list, tuple,
};
use crate::row::{Group, rows};

pub(crate) const GROUP: Group = Group { name: "AbstractHookTests", rows: rows![test_pickler_hook] };

/// The hook decides by an object's name.
fn override_by_name<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc> {
    let Some(name) = object.find_attr(ctx, "__name__")? else { return Ok(Value::NotImplemented) };
    let reduced =
        |function, argument| Ok(tuple(ctx, &[builtin(ctx, function)?, tuple(ctx, &[argument])]));
    match name.to::<String>(ctx)?.as_str() {
        "f" => reduced("int", Value::Int(5)),
        "MyClass" => reduced("str", ctx.str("some str")),
        // This is no reduce value.
        "g" => Ok(Value::Bool(false)),
        "h" => Err(Error::new(&exc::VALUE_ERROR, "The reducer just failed")),
        _ => Ok(Value::NotImplemented),
    }
}

fn test_pickler_hook<'gc>(ctx: Context<'gc>, _: &Implementation) -> Result<'gc, ()> {
    let class = derived(ctx, "Pickler")?.method("reducer_override", |ctx, _, args| {
        let (object,): (Value<'_>,) = args.parse(ctx, "reducer_override")?;
        override_by_name(ctx, object)
    });
    let class = Value::from(class.build()?);
    let named = |name| function(ctx, name, |_, _| Ok(Value::None));
    let [f, g, h] = ["f", "g", "h"].map(named);
    let my_class = Value::from(Class::builder(ctx, "MyClass").build()?);
    let len = builtin(ctx, "len")?;
    for protocol in PROTOCOLS {
        let file = bytes_io(ctx, b"")?;
        let pickler = class.call(ctx, (file, protocol))?;
        pickler.call_method(ctx, "dump", (list(ctx, &[f, my_class, len]),))?;
        let stream = bytes(ctx, content(ctx, file)?);
        let loaded = call(ctx, "loads", &[stream], &[])?;
        assert_equal(ctx, loaded.get_item(ctx, 0)?, Value::Int(5))?;
        assert_equal(ctx, loaded.get_item(ctx, 1)?, ctx.str("some str"))?;
        assert_is(ctx, loaded.get_item(ctx, 2)?, len);
        let dumped = pickler.call_method(ctx, "dump", (g,));
        assert_raises(ctx, &[&PICKLING_ERROR], dumped, "g");
        let error = pickler.call_method(ctx, "dump", (h,)).expect_err("the hook fails");
        assert!(error.is(ctx, &exc::VALUE_ERROR), "{error:?}");
        assert!(error.message(ctx).contains("The reducer just failed"), "{error:?}");
    }
    Ok(())
}
