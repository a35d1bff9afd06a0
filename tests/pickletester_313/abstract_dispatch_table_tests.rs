//! Tables of reducers that belong to one Pickler.

use halfsour::{Complex, Context, Dict, Result, Value, exc};

use crate::assertions::{assert_equal, assert_instance, assert_raises};
use crate::classes;
use crate::implementation::{Implementation, call};
use crate::objects::{bytes, bytes_io, content, derived, dict, function, tuple};
use crate::row::{Group, rows};

pub(crate) const GROUP: Group = Group {
    name: "AbstractDispatchTableTests",
    rows: rows![
        test_default_dispatch_table,
        test_class_dispatch_table,
        test_instance_dispatch_table,
        test_dispatch_table_None_item,
    ],
};

/// The same, with a table that looks further into that of `copyreg`.
pub(crate) const CHAINED: Group = Group {
    name: "AbstractDispatchTableTests",
    rows: rows![
        test_default_dispatch_table,
        chained::test_class_dispatch_table,
        chained::test_instance_dispatch_table,
        test_dispatch_table_None_item,
    ],
};

mod chained {
    use super::{Context, Dict, Implementation, Result, check_of_class, check_of_instance};

    /// `collections.ChainMap({}, copyreg.dispatch_table)`
    fn table<'gc>(ctx: Context<'gc>) -> Result<'gc> {
        let further = ctx.import_from("copyreg", "dispatch_table")?;
        ctx.import_from("collections", "ChainMap")?.call(ctx, (Dict::new(ctx), further))
    }

    pub(super) fn test_class_dispatch_table<'gc>(
        ctx: Context<'gc>,
        _: &Implementation,
    ) -> Result<'gc, ()> {
        check_of_class(ctx, table(ctx)?)
    }

    pub(super) fn test_instance_dispatch_table<'gc>(
        ctx: Context<'gc>,
        _: &Implementation,
    ) -> Result<'gc, ()> {
        check_of_instance(ctx, table(ctx)?)
    }
}

fn test_default_dispatch_table<'gc>(ctx: Context<'gc>, _: &Implementation) -> Result<'gc, ()> {
    let pickler = call(ctx, "Pickler", &[bytes_io(ctx, b"")?, Value::Int(0)], &[])?;
    let found = pickler.get_attr(ctx, "dispatch_table");
    assert_raises(ctx, &[&exc::ATTRIBUTE_ERROR], found, "dispatch_table");
    Ok(())
}

/// `copyreg.dispatch_table.copy()`
fn copied<'gc>(ctx: Context<'gc>) -> Result<'gc> {
    ctx.import_from("copyreg", "dispatch_table")?.call_method(ctx, "copy", ())
}

fn test_class_dispatch_table<'gc>(ctx: Context<'gc>, _: &Implementation) -> Result<'gc, ()> {
    check_of_class(ctx, copied(ctx)?)
}

fn test_instance_dispatch_table<'gc>(ctx: Context<'gc>, _: &Implementation) -> Result<'gc, ()> {
    check_of_instance(ctx, copied(ctx)?)
}

#[allow(non_snake_case, reason = "the test has CPython's name")]
fn test_dispatch_table_None_item<'gc>(ctx: Context<'gc>, _: &Implementation) -> Result<'gc, ()> {
    let object = Value::from(ctx.types().object).call(ctx, ())?;
    let pickler = call(ctx, "Pickler", &[bytes_io(ctx, b"")?], &[])?;
    let table = dict(ctx, &[(ctx.types().object.into(), Value::None)])?;
    pickler.set_attr(ctx, "dispatch_table", table)?;
    let dumped = pickler.call_method(ctx, "dump", (object,));
    assert_raises(ctx, &[&exc::TYPE_ERROR], dumped, "None");
    Ok(())
}

fn check_of_class<'gc>(ctx: Context<'gc>, table: Value<'gc>) -> Result<'gc, ()> {
    let class = Value::from(derived(ctx, "Pickler")?.attr("dispatch_table", table).build()?);
    check(ctx, table, |file| class.call(ctx, (file, 0)))
}

fn check_of_instance<'gc>(ctx: Context<'gc>, table: Value<'gc>) -> Result<'gc, ()> {
    check(ctx, table, |file| {
        let pickler = call(ctx, "Pickler", &[file, Value::Int(0)], &[])?;
        pickler.set_attr(ctx, "dispatch_table", table)?;
        Ok(pickler)
    })
}

/// A change of the table changes what its Pickler writes, and nothing else.
fn check<'gc>(
    ctx: Context<'gc>,
    table: Value<'gc>,
    pickler: impl Fn(Value<'gc>) -> Result<'gc>,
) -> Result<'gc, ()> {
    let custom = |object: Value<'gc>| {
        let file = bytes_io(ctx, b"")?;
        let pickler = pickler(file)?;
        assert_equal(ctx, pickler.get_attr(ctx, "dispatch_table")?, table)?;
        pickler.call_method(ctx, "dump", (object,))?;
        call(ctx, "loads", &[bytes(ctx, content(ctx, file)?)], &[])
    };
    let default = |object: Value<'gc>| {
        let stream = call(ctx, "dumps", &[object, Value::Int(0)], &[])?;
        call(ctx, "loads", &[stream], &[])
    };
    let reducer = |name: &'static str, text: &'static str| {
        function(ctx, name, move |ctx, _| {
            let args = tuple(ctx, &[ctx.str(text)]);
            Ok(tuple(ctx, &[ctx.types().unicode.into(), args]))
        })
    };
    let (complex, a) = (Value::from(Complex::new(ctx, 1.0, 2.0)), classes::new(ctx, "AAA")?);
    let (b, b_class) = (classes::new(ctx, "BBB")?, classes::class(ctx, "BBB")?);
    let reduced = ctx.str("reduce_A");
    assert_equal(ctx, custom(complex)?, complex)?;
    assert_equal(ctx, default(complex)?, complex)?;

    table.set_item(ctx, ctx.types().complex, reducer("reduce_1", "reduce_1"))?;
    assert_equal(ctx, custom(complex)?, ctx.str("reduce_1"))?;
    assert_equal(ctx, default(complex)?, complex)?;
    for load in [&custom as &dyn Fn(Value<'gc>) -> Result<'gc>, &default] {
        assert_equal(ctx, load(a)?, reduced)?;
        assert_instance(ctx, load(b)?, b_class)?;
    }

    table.set_item(ctx, b_class, reducer("reduce_1", "reduce_1"))?;
    assert_equal(ctx, custom(a)?, reduced)?;
    assert_equal(ctx, custom(b)?, ctx.str("reduce_1"))?;
    assert_instance(ctx, default(b)?, b_class)?;

    table.set_item(ctx, classes::class(ctx, "AAA")?, reducer("reduce_2", "reduce_2"))?;
    table.del_item(ctx, b_class)?;
    assert_equal(ctx, custom(a)?, ctx.str("reduce_2"))?;
    assert_instance(ctx, custom(b)?, b_class)?;
    assert_equal(ctx, default(a)?, reduced)?;
    assert_equal(ctx, default(b)?.get_attr(ctx, "a")?, ctx.str("BBB.__setstate__"))?;

    // The sixth part of a reduce value has priority over `__setstate__`.
    let with_setter = function(ctx, "reduce_bbb", |ctx, args| {
        let (object,): (Value<'_>,) = args.parse(ctx, "reduce_bbb")?;
        let none = Value::None;
        let state = object.get_attr(ctx, "__dict__")?;
        let (class, setter) = (classes::class(ctx, "BBB")?, classes::class(ctx, "setstate_bbb")?);
        Ok(tuple(ctx, &[class, tuple(ctx, &[]), state, none, none, setter]))
    });
    table.set_item(ctx, b_class, with_setter)?;
    assert_equal(ctx, custom(b)?.get_attr(ctx, "a")?, ctx.str("custom state_setter"))
}
