//! The macro `value!`: what each literal makes.

mod common;

use common::python;
use halfsour_runtime::{Context, List, Result, Runtime, Value, exc, value};

fn shows<'gc>(ctx: Context<'gc>, value: Result<'gc>, expected: &str) -> Result<'gc, ()> {
    assert_eq!(value?.repr(ctx)?.to::<String>(ctx)?, expected);
    Ok(())
}

#[test]
fn atoms() {
    python(|ctx| {
        shows(ctx, value!(ctx, None), "None")?;
        shows(ctx, value!(ctx, True), "True")?;
        shows(ctx, value!(ctx, False), "False")?;
        shows(ctx, value!(ctx, 7), "7")?;
        shows(ctx, value!(ctx, -7), "-7")?;
        shows(ctx, value!(ctx, 10_000_000_000_i64), "10000000000")?;
        shows(ctx, value!(ctx, 2.5), "2.5")?;
        shows(ctx, value!(ctx, "it's"), "\"it's\"")?;
        shows(ctx, value!(ctx, u "caf\u{e9}"), "u'caf\\xe9'")?;
        shows(ctx, value!(ctx, b"\x00\xff"), "'\\x00\\xff'")
    });
}

#[test]
fn text_and_bytes_in_python_3() {
    let mut runtime = Runtime::python3();
    let shown = runtime
        .try_enter(|ctx| value!(ctx, ["a", u "b", b"c", -1])?.repr(ctx)?.to::<String>(ctx))
        .unwrap();
    assert_eq!(shown, "['a', 'b', b'c', -1]");
}

#[test]
fn containers() {
    python(|ctx| {
        shows(ctx, value!(ctx, []), "[]")?;
        shows(ctx, value!(ctx, [1, "two", [3.0], None,]), "[1, 'two', [3.0], None]")?;
        shows(ctx, value!(ctx, [1, -2, u "x", 1 + 2, "y".repeat(2)]), "[1, -2, u'x', 3, 'yy']")?;
        shows(ctx, value!(ctx, ()), "()")?;
        shows(ctx, value!(ctx, (1)), "1")?;
        shows(ctx, value!(ctx, (u "x")), "u'x'")?;
        shows(ctx, value!(ctx, (1 + 1)), "2")?;
        shows(ctx, value!(ctx, (1,)), "(1,)")?;
        shows(ctx, value!(ctx, (-1,)), "(-1,)")?;
        shows(ctx, value!(ctx, (1, (2, -3))), "(1, (2, -3))")?;
        shows(ctx, value!(ctx, {}), "{}")?;
        shows(ctx, value!(ctx, {"a": 1, 2: [], (3, 4): {}}), "{'a': 1, 2: [], (3, 4): {}}")?;
        shows(
            ctx,
            value!(ctx, {-1: -2, "a".repeat(2): u "b", u "c": 1 + 1, i64::MAX: None,}),
            "{-1: -2, 'aa': u'b', u'c': 2, 9223372036854775807: None}",
        )?;
        shows(ctx, value!(ctx, { 1 }), "set([1])")?;
        shows(ctx, value!(ctx, {-1,}), "set([-1])")?;
        let three = value!(ctx, {u "x", "y", (1, 2)})?;
        assert_eq!(three.len(ctx)?, 3);
        Ok(())
    });
}

#[test]
fn an_expression_is_the_object_itself() {
    python(|ctx| {
        let list = Value::from(List::new(ctx));
        let twice = value!(ctx, [list, {"again": list}, (list)])?;
        assert!(twice.get_item(ctx, 0)?.is(list));
        assert!(twice.get_item(ctx, 1)?.get_item(ctx, "again")?.is(list));
        assert!(twice.get_item(ctx, 2)?.is(list));
        let maybe: Option<i64> = None;
        shows(
            ctx,
            value!(ctx, [maybe, vec![1, 2], if maybe.is_none() { 1 } else { 2 }]),
            "[None, [1, 2], 1]",
        )
    });
}

#[test]
fn what_has_no_hash_is_a_type_error() {
    python(|ctx| {
        for error in [value!(ctx, {[]: 1}), value!(ctx, {1, {}}), value!(ctx, [1, ({[1, 2]: -1},)])]
        {
            assert!(error.unwrap_err().is(ctx, &exc::TYPE_ERROR));
        }
        Ok(())
    });
}

#[test]
fn long_literals_need_no_deep_recursion() {
    python(|ctx| {
        let many = value!(
            ctx,
            [
                0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7,
                8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5,
                6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3,
                4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1,
                2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
                0, 1, 2, 3, 4, 5, 6, 7, 8, 9
            ]
        )?;
        assert_eq!(many.len(ctx)?, 150);
        Ok(())
    });
}
