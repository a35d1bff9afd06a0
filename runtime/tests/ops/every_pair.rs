//! Every pair of many objects under every comparison, as 2.7.18 compares them.

use std::cmp::Ordering;

use halfsour_runtime::{ByteArray, Operator, Slice};

use crate::support::*;

/// What each row and column of the tables stands for.
fn objects<'gc>(ctx: Context<'gc>) -> Result<'gc, Vec<Value<'gc>>> {
    let (one, two) = (Value::Int(1), Value::Int(2));
    let slice = |stop| Value::from(Slice::new(ctx, Value::None, stop, Value::None));
    Ok(vec![
        Value::None,
        false.into(),
        0.into(),
        one,
        1.5.into(),
        long(ctx, -2),
        Value::long(ctx, num_bigint::BigInt::from(1) << 70),
        f64::INFINITY.into(),
        complex(ctx, 0.0, 1.0),
        complex(ctx, 1.0, 0.0),
        ctx.str(""),
        ctx.str("a"),
        unicode(ctx, "a"),
        unicode(ctx, "b"),
        tuple(ctx, &[]),
        tuple(ctx, &[one]),
        tuple(ctx, &[1.0.into(), ctx.str("a")]),
        list(ctx, &[]),
        list(ctx, &[one]),
        list(ctx, &[list(ctx, &[two])]),
        dict(ctx, &[])?,
        dict(ctx, &[(one, two)])?,
        dict(ctx, &[(one, 3.into())])?,
        dict(ctx, &[(two, one)])?,
        set(ctx, &[one])?,
        frozenset(ctx, &[one])?,
        frozenset(ctx, &[one, two])?,
        ByteArray::from_vec(ctx, b"a".to_vec()).into(),
        slice(one),
        slice(two),
    ])
}

/// `T` and `F` are outcomes of an operator, `<`, `=` and `>` of `cmp`, and `!` is a TypeError.
#[track_caller]
fn check(
    table: [&str; 30],
    compare: impl for<'gc> Fn(Context<'gc>, Value<'gc>, Value<'gc>) -> Result<'gc, char>,
) {
    in_python2(|ctx| {
        let objects = objects(ctx)?;
        for (a, row) in objects.iter().zip(table) {
            let found: String = objects
                .iter()
                .map(|b| match compare(ctx, *a, *b) {
                    Err(error) if error.is(ctx, &exc::TYPE_ERROR) => Ok('!'),
                    outcome => outcome,
                })
                .collect::<Result<'_, _>>()?;
            assert_eq!(found, row, "{a:?}");
        }
        Ok(())
    });
}

fn apply<'gc>(
    ctx: Context<'gc>,
    a: Value<'gc>,
    b: Value<'gc>,
    operator: Operator,
) -> Result<'gc, char> {
    Ok(if a.rich_compare(ctx, b, operator)?.truth(ctx)? { 'T' } else { 'F' })
}

#[test]
fn cmp() {
    let table = [
        "=<<<<<<<<<<<<<<<<<<<<<<<<<<<<<",
        ">==<<><<!!<<<<<<<<<<<<<<<<<<<<",
        ">==<<><<!!<<<<<<<<<<<<<<<<<<<<",
        ">>>=<><<!=<<<<<<<<<<<<<<<<<<<<",
        ">>>>=><<!!<<<<<<<<<<<<<<<<<<<<",
        "><<<<=<<!!<<<<<<<<<<<<<<<<<<<<",
        ">>>>>>=<!!<<<<<<<<<<<<<<<<<<<<",
        ">>>>>>>=!!<<<<<<<<<<<<<<<<<<<<",
        ">!!!!!!!=!<<<<<<<<<<<<<<<<<<<<",
        ">!!=!!!!!=<<<<<<<<<<<<<<<<<<<<",
        ">>>>>>>>>>=<<<<<<>>>>>>>>>><>>",
        ">>>>>>>>>>>==<<<<>>>>>>>>>>=>>",
        ">>>>>>>>>>>==<>>>>>>>>>>>>>>>>",
        ">>>>>>>>>>>>>=>>>>>>>>>>>>>>>>",
        ">>>>>>>>>>>><<=<<>>>>>>>>>>>>>",
        ">>>>>>>>>>>><<>=<>>>>>>>>>>>>>",
        ">>>>>>>>>>>><<>>=>>>>>>>>>>>>>",
        ">>>>>>>>>><<<<<<<=<<>>>><>>><<",
        ">>>>>>>>>><<<<<<<>=<>>>><>>><<",
        ">>>>>>>>>><<<<<<<>>=>>>><>>><<",
        ">>>>>>>>>><<<<<<<<<<=<<<<<<><<",
        ">>>>>>>>>><<<<<<<<<<>=<<<<<><<",
        ">>>>>>>>>><<<<<<<<<<>>=<<<<><<",
        ">>>>>>>>>><<<<<<<<<<>>>=<<<><<",
        ">>>>>>>>>><<<<<<<>>>>>>>==<><<",
        ">>>>>>>>>><<<<<<<<<<>>>>==!><<",
        ">>>>>>>>>><<<<<<<<<<>>>>>!=><<",
        ">>>>>>>>>>>=<<<<<<<<<<<<<<<=<<",
        ">>>>>>>>>><<<<<<<>>>>>>>>>>>=<",
        ">>>>>>>>>><<<<<<<>>>>>>>>>>>>=",
    ];
    check(table, |ctx, a, b| {
        Ok(match a.compare(ctx, b)? {
            Ordering::Less => '<',
            Ordering::Equal => '=',
            Ordering::Greater => '>',
        })
    });
}

#[test]
fn less() {
    let table = [
        "FTTTTTTTTTTTTTTTTTTTTTTTTTTTTT",
        "FFFTTFTT!!TTTTTTTTTTTTTTTTTTTT",
        "FFFTTFTT!!TTTTTTTTTTTTTTTTTTTT",
        "FFFFTFTT!!TTTTTTTTTTTTTTTTTTTT",
        "FFFFFFTT!!TTTTTTTTTTTTTTTTTTTT",
        "FTTTTFTT!!TTTTTTTTTTTTTTTTTTTT",
        "FFFFFFFT!!TTTTTTTTTTTTTTTTTTTT",
        "FFFFFFFF!!TTTTTTTTTTTTTTTTTTTT",
        "F!!!!!!!!!TTTTTTTTTTTTTTTTTTTT",
        "F!!!!!!!!!TTTTTTTTTTTTTTTTTTTT",
        "FFFFFFFFFFFTTTTTTFFFFFFFFFFTFF",
        "FFFFFFFFFFFFFTTTTFFFFFFFFFFFFF",
        "FFFFFFFFFFFFFTFFFFFFFFFFFFFFFF",
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
        "FFFFFFFFFFFFTTFTTFFFFFFFFFFFFF",
        "FFFFFFFFFFFFTTFFTFFFFFFFFFFFFF",
        "FFFFFFFFFFFFTTFFFFFFFFFFFFFFFF",
        "FFFFFFFFFFTTTTTTTFTTFFFFTFFFTT",
        "FFFFFFFFFFTTTTTTTFFTFFFFTFFFTT",
        "FFFFFFFFFFTTTTTTTFFFFFFFTFFFTT",
        "FFFFFFFFFFTTTTTTTTTTFTTTTTTFTT",
        "FFFFFFFFFFTTTTTTTTTTFFTTTTTFTT",
        "FFFFFFFFFFTTTTTTTTTTFFFTTTTFTT",
        "FFFFFFFFFFTTTTTTTTTTFFFFTTTFTT",
        "FFFFFFFFFFTTTTTTTFFFFFFFFFTFTT",
        "FFFFFFFFFFTTTTTTTTTTFFFFFFTFTT",
        "FFFFFFFFFFTTTTTTTTTTFFFFFFFFTT",
        "FFFFFFFFFFFFTTTTTTTTTTTTTTTFTT",
        "FFFFFFFFFFTTTTTTTFFFFFFFFFFFFT",
        "FFFFFFFFFFTTTTTTTFFFFFFFFFFFFF",
    ];
    check(table, |ctx, a, b| apply(ctx, a, b, Operator::Less));
}

#[test]
fn less_or_equal() {
    let table = [
        "TTTTTTTTTTTTTTTTTTTTTTTTTTTTTT",
        "FTTTTFTT!!TTTTTTTTTTTTTTTTTTTT",
        "FTTTTFTT!!TTTTTTTTTTTTTTTTTTTT",
        "FFFTTFTT!!TTTTTTTTTTTTTTTTTTTT",
        "FFFFTFTT!!TTTTTTTTTTTTTTTTTTTT",
        "FTTTTTTT!!TTTTTTTTTTTTTTTTTTTT",
        "FFFFFFTT!!TTTTTTTTTTTTTTTTTTTT",
        "FFFFFFFT!!TTTTTTTTTTTTTTTTTTTT",
        "F!!!!!!!!!TTTTTTTTTTTTTTTTTTTT",
        "F!!!!!!!!!TTTTTTTTTTTTTTTTTTTT",
        "FFFFFFFFFFTTTTTTTFFFFFFFFFFTFF",
        "FFFFFFFFFFFTTTTTTFFFFFFFFFFTFF",
        "FFFFFFFFFFFTTTFFFFFFFFFFFFFFFF",
        "FFFFFFFFFFFFFTFFFFFFFFFFFFFFFF",
        "FFFFFFFFFFFFTTTTTFFFFFFFFFFFFF",
        "FFFFFFFFFFFFTTFTTFFFFFFFFFFFFF",
        "FFFFFFFFFFFFTTFFTFFFFFFFFFFFFF",
        "FFFFFFFFFFTTTTTTTTTTFFFFTFFFTT",
        "FFFFFFFFFFTTTTTTTFTTFFFFTFFFTT",
        "FFFFFFFFFFTTTTTTTFFTFFFFTFFFTT",
        "FFFFFFFFFFTTTTTTTTTTTTTTTTTFTT",
        "FFFFFFFFFFTTTTTTTTTTFTTTTTTFTT",
        "FFFFFFFFFFTTTTTTTTTTFFTTTTTFTT",
        "FFFFFFFFFFTTTTTTTTTTFFFTTTTFTT",
        "FFFFFFFFFFTTTTTTTFFFFFFFTTTFTT",
        "FFFFFFFFFFTTTTTTTTTTFFFFTTTFTT",
        "FFFFFFFFFFTTTTTTTTTTFFFFFFTFTT",
        "FFFFFFFFFFFTTTTTTTTTTTTTTTTTTT",
        "FFFFFFFFFFTTTTTTTFFFFFFFFFFFTT",
        "FFFFFFFFFFTTTTTTTFFFFFFFFFFFFT",
    ];
    check(table, |ctx, a, b| apply(ctx, a, b, Operator::LessEqual));
}

#[test]
fn equal() {
    let table = [
        "TFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
        "FTTFFFFFFFFFFFFFFFFFFFFFFFFFFF",
        "FTTFFFFFFFFFFFFFFFFFFFFFFFFFFF",
        "FFFTFFFFFTFFFFFFFFFFFFFFFFFFFF",
        "FFFFTFFFFFFFFFFFFFFFFFFFFFFFFF",
        "FFFFFTFFFFFFFFFFFFFFFFFFFFFFFF",
        "FFFFFFTFFFFFFFFFFFFFFFFFFFFFFF",
        "FFFFFFFTFFFFFFFFFFFFFFFFFFFFFF",
        "FFFFFFFFTFFFFFFFFFFFFFFFFFFFFF",
        "FFFTFFFFFTFFFFFFFFFFFFFFFFFFFF",
        "FFFFFFFFFFTFFFFFFFFFFFFFFFFFFF",
        "FFFFFFFFFFFTTFFFFFFFFFFFFFFTFF",
        "FFFFFFFFFFFTTFFFFFFFFFFFFFFFFF",
        "FFFFFFFFFFFFFTFFFFFFFFFFFFFFFF",
        "FFFFFFFFFFFFFFTFFFFFFFFFFFFFFF",
        "FFFFFFFFFFFFFFFTFFFFFFFFFFFFFF",
        "FFFFFFFFFFFFFFFFTFFFFFFFFFFFFF",
        "FFFFFFFFFFFFFFFFFTFFFFFFFFFFFF",
        "FFFFFFFFFFFFFFFFFFTFFFFFFFFFFF",
        "FFFFFFFFFFFFFFFFFFFTFFFFFFFFFF",
        "FFFFFFFFFFFFFFFFFFFFTFFFFFFFFF",
        "FFFFFFFFFFFFFFFFFFFFFTFFFFFFFF",
        "FFFFFFFFFFFFFFFFFFFFFFTFFFFFFF",
        "FFFFFFFFFFFFFFFFFFFFFFFTFFFFFF",
        "FFFFFFFFFFFFFFFFFFFFFFFFTTFFFF",
        "FFFFFFFFFFFFFFFFFFFFFFFFTTFFFF",
        "FFFFFFFFFFFFFFFFFFFFFFFFFFTFFF",
        "FFFFFFFFFFFTFFFFFFFFFFFFFFFTFF",
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFTF",
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFT",
    ];
    check(table, |ctx, a, b| apply(ctx, a, b, Operator::Equal));
}

#[test]
fn not_equal() {
    let table = [
        "FTTTTTTTTTTTTTTTTTTTTTTTTTTTTT",
        "TFFTTTTTTTTTTTTTTTTTTTTTTTTTTT",
        "TFFTTTTTTTTTTTTTTTTTTTTTTTTTTT",
        "TTTFTTTTTFTTTTTTTTTTTTTTTTTTTT",
        "TTTTFTTTTTTTTTTTTTTTTTTTTTTTTT",
        "TTTTTFTTTTTTTTTTTTTTTTTTTTTTTT",
        "TTTTTTFTTTTTTTTTTTTTTTTTTTTTTT",
        "TTTTTTTFTTTTTTTTTTTTTTTTTTTTTT",
        "TTTTTTTTFTTTTTTTTTTTTTTTTTTTTT",
        "TTTFTTTTTFTTTTTTTTTTTTTTTTTTTT",
        "TTTTTTTTTTFTTTTTTTTTTTTTTTTTTT",
        "TTTTTTTTTTTFFTTTTTTTTTTTTTTFTT",
        "TTTTTTTTTTTFFTTTTTTTTTTTTTTTTT",
        "TTTTTTTTTTTTTFTTTTTTTTTTTTTTTT",
        "TTTTTTTTTTTTTTFTTTTTTTTTTTTTTT",
        "TTTTTTTTTTTTTTTFTTTTTTTTTTTTTT",
        "TTTTTTTTTTTTTTTTFTTTTTTTTTTTTT",
        "TTTTTTTTTTTTTTTTTFTTTTTTTTTTTT",
        "TTTTTTTTTTTTTTTTTTFTTTTTTTTTTT",
        "TTTTTTTTTTTTTTTTTTTFTTTTTTTTTT",
        "TTTTTTTTTTTTTTTTTTTTFTTTTTTTTT",
        "TTTTTTTTTTTTTTTTTTTTTFTTTTTTTT",
        "TTTTTTTTTTTTTTTTTTTTTTFTTTTTTT",
        "TTTTTTTTTTTTTTTTTTTTTTTFTTTTTT",
        "TTTTTTTTTTTTTTTTTTTTTTTTFFTTTT",
        "TTTTTTTTTTTTTTTTTTTTTTTTFFTTTT",
        "TTTTTTTTTTTTTTTTTTTTTTTTTTFTTT",
        "TTTTTTTTTTTFTTTTTTTTTTTTTTTFTT",
        "TTTTTTTTTTTTTTTTTTTTTTTTTTTTFT",
        "TTTTTTTTTTTTTTTTTTTTTTTTTTTTTF",
    ];
    check(table, |ctx, a, b| apply(ctx, a, b, Operator::NotEqual));
}

#[test]
fn greater() {
    let table = [
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
        "TFFFFTFF!!FFFFFFFFFFFFFFFFFFFF",
        "TFFFFTFF!!FFFFFFFFFFFFFFFFFFFF",
        "TTTFFTFF!!FFFFFFFFFFFFFFFFFFFF",
        "TTTTFTFF!!FFFFFFFFFFFFFFFFFFFF",
        "TFFFFFFF!!FFFFFFFFFFFFFFFFFFFF",
        "TTTTTTFF!!FFFFFFFFFFFFFFFFFFFF",
        "TTTTTTTF!!FFFFFFFFFFFFFFFFFFFF",
        "T!!!!!!!!!FFFFFFFFFFFFFFFFFFFF",
        "T!!!!!!!!!FFFFFFFFFFFFFFFFFFFF",
        "TTTTTTTTTTFFFFFFFTTTTTTTTTTFTT",
        "TTTTTTTTTTTFFFFFFTTTTTTTTTTFTT",
        "TTTTTTTTTTTFFFTTTTTTTTTTTTTTTT",
        "TTTTTTTTTTTTTFTTTTTTTTTTTTTTTT",
        "TTTTTTTTTTTTFFFFFTTTTTTTTTTTTT",
        "TTTTTTTTTTTTFFTFFTTTTTTTTTTTTT",
        "TTTTTTTTTTTTFFTTFTTTTTTTTTTTTT",
        "TTTTTTTTTTFFFFFFFFFFTTTTFTTTFF",
        "TTTTTTTTTTFFFFFFFTFFTTTTFTTTFF",
        "TTTTTTTTTTFFFFFFFTTFTTTTFTTTFF",
        "TTTTTTTTTTFFFFFFFFFFFFFFFFFTFF",
        "TTTTTTTTTTFFFFFFFFFFTFFFFFFTFF",
        "TTTTTTTTTTFFFFFFFFFFTTFFFFFTFF",
        "TTTTTTTTTTFFFFFFFFFFTTTFFFFTFF",
        "TTTTTTTTTTFFFFFFFTTTTTTTFFFTFF",
        "TTTTTTTTTTFFFFFFFFFFTTTTFFFTFF",
        "TTTTTTTTTTFFFFFFFFFFTTTTTTFTFF",
        "TTTTTTTTTTTFFFFFFFFFFFFFFFFFFF",
        "TTTTTTTTTTFFFFFFFTTTTTTTTTTTFF",
        "TTTTTTTTTTFFFFFFFTTTTTTTTTTTTF",
    ];
    check(table, |ctx, a, b| apply(ctx, a, b, Operator::Greater));
}

#[test]
fn greater_or_equal() {
    let table = [
        "TFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
        "TTTFFTFF!!FFFFFFFFFFFFFFFFFFFF",
        "TTTFFTFF!!FFFFFFFFFFFFFFFFFFFF",
        "TTTTFTFF!!FFFFFFFFFFFFFFFFFFFF",
        "TTTTTTFF!!FFFFFFFFFFFFFFFFFFFF",
        "TFFFFTFF!!FFFFFFFFFFFFFFFFFFFF",
        "TTTTTTTF!!FFFFFFFFFFFFFFFFFFFF",
        "TTTTTTTT!!FFFFFFFFFFFFFFFFFFFF",
        "T!!!!!!!!!FFFFFFFFFFFFFFFFFFFF",
        "T!!!!!!!!!FFFFFFFFFFFFFFFFFFFF",
        "TTTTTTTTTTTFFFFFFTTTTTTTTTTFTT",
        "TTTTTTTTTTTTTFFFFTTTTTTTTTTTTT",
        "TTTTTTTTTTTTTFTTTTTTTTTTTTTTTT",
        "TTTTTTTTTTTTTTTTTTTTTTTTTTTTTT",
        "TTTTTTTTTTTTFFTFFTTTTTTTTTTTTT",
        "TTTTTTTTTTTTFFTTFTTTTTTTTTTTTT",
        "TTTTTTTTTTTTFFTTTTTTTTTTTTTTTT",
        "TTTTTTTTTTFFFFFFFTFFTTTTFTTTFF",
        "TTTTTTTTTTFFFFFFFTTFTTTTFTTTFF",
        "TTTTTTTTTTFFFFFFFTTTTTTTFTTTFF",
        "TTTTTTTTTTFFFFFFFFFFTFFFFFFTFF",
        "TTTTTTTTTTFFFFFFFFFFTTFFFFFTFF",
        "TTTTTTTTTTFFFFFFFFFFTTTFFFFTFF",
        "TTTTTTTTTTFFFFFFFFFFTTTTFFFTFF",
        "TTTTTTTTTTFFFFFFFTTTTTTTTTFTFF",
        "TTTTTTTTTTFFFFFFFFFFTTTTTTFTFF",
        "TTTTTTTTTTFFFFFFFFFFTTTTTTTTFF",
        "TTTTTTTTTTTTFFFFFFFFFFFFFFFTFF",
        "TTTTTTTTTTFFFFFFFTTTTTTTTTTTTF",
        "TTTTTTTTTTFFFFFFFTTTTTTTTTTTTT",
    ];
    check(table, |ctx, a, b| apply(ctx, a, b, Operator::GreaterEqual));
}
