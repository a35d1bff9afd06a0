//! `__reduce__` and `__reduce_ex__`.

use halfsour::pickle::Opcode;
use halfsour::{Context, Dict, Result, Value};

use crate::assertions::assert_equal;
use crate::classes;
use crate::implementation::Implementation;
use crate::objects::{PROTOCOLS, list};
use crate::streams::opcode_in_pickle;

pub(super) fn test_reduce_overrides_default_reduce_ex<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    check(ctx, by, "REX_one", "_reduce_called", |_| [0, 1, 0].map(Value::Int))
}

pub(super) fn test_reduce_ex_called<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    check(ctx, by, "REX_two", "_proto", |protocol| [Value::None, protocol, Value::None])
}

pub(super) fn test_reduce_ex_overrides_reduce<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    check(ctx, by, "REX_three", "_proto", |protocol| [Value::None, protocol, Value::None])
}

pub(super) fn test_reduce_ex_calls_base<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    check(ctx, by, "REX_four", "_proto", |protocol| [Value::None, protocol, protocol])
}

pub(super) fn test_reduce_calls_base<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    check(ctx, by, "REX_five", "_reduce_called", |_| [0, 1, 1].map(Value::Int))
}

/// An attribute is this before the instance is dumped, that afterwards, and something in the loaded instance.
fn check<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
    class: &str,
    attribute: &str,
    expected: impl Fn(Value<'gc>) -> [Value<'gc>; 3],
) -> Result<'gc, ()> {
    for protocol in PROTOCOLS {
        let [before, after, loaded] = expected(protocol.into());
        let original = classes::new(ctx, class)?;
        assert_equal(ctx, original.get_attr(ctx, attribute)?, before)?;
        let stream = by.dumps(ctx, original, protocol)?;
        assert_equal(ctx, original.get_attr(ctx, attribute)?, after)?;
        assert_equal(ctx, by.loads(ctx, &stream)?.get_attr(ctx, attribute)?, loaded)?;
    }
    Ok(())
}

pub(super) fn test_appends_on_non_lists<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let items = list(ctx, &[1, 2, 3].map(Value::Int));
    let original = classes::new_of(ctx, "REX_six", &[items])?;
    check_opcodes(ctx, by, original, Opcode::APPEND, Opcode::APPENDS)
}

pub(super) fn test_setitems_on_non_dicts<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let table = Dict::new(ctx);
    for number in 1..=3 {
        table.insert(ctx, Value::Int(number), Value::Int(-number))?;
    }
    let original = classes::new_of(ctx, "REX_seven", &[table.into()])?;
    check_opcodes(ctx, by, original, Opcode::SETITEM, Opcode::SETITEMS)
}

/// The object comes back equal, written with the protocol's opcode.
fn check_opcodes<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
    original: Value<'gc>,
    in_text: Opcode,
    in_binary: Opcode,
) -> Result<'gc, ()> {
    for protocol in PROTOCOLS {
        let opcode = if protocol == 0 { in_text } else { in_binary };
        let stream = by.dumps(ctx, original, protocol)?;
        assert!(opcode_in_pickle(opcode, &stream));
        assert_equal(ctx, original, by.loads(ctx, &stream)?)?;
    }
    Ok(())
}
