//! Which opcodes are written.

use halfsour::pickle::Opcode;
use halfsour::{Context, Dict, Long, Result, Value, exc};
use num_bigint::BigInt;

use crate::assertions::{assert_equal, assert_is};
use crate::implementation::Implementation;
use crate::objects::{PROTOCOLS, list, tuple};
use crate::streams::{count_opcode, opcode_in_pickle};

pub(super) fn test_proto<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    for (protocol, expected) in PROTOCOLS.into_iter().zip([&b"N."[..], b"N.", b"\x80\x02N."]) {
        assert_eq!(by.dumps(ctx, Value::None, protocol)?, expected);
    }
    let error = by.loads(ctx, b"\x80\x03N.").expect_err("there is no protocol 3");
    assert!(error.is(ctx, &exc::VALUE_ERROR), "{error:?}");
    assert!(error.message(ctx).starts_with("unsupported pickle protocol"), "{error:?}");
    Ok(())
}

pub(super) fn test_long1<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    check_long(ctx, by, large(), Opcode::LONG1)
}

pub(super) fn test_long4<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    check_long(ctx, by, large() << (256 * 8_u32), Opcode::LONG4)
}

fn large() -> BigInt {
    BigInt::from(12_345_678_910_111_213_141_516_178_920_i128)
}

/// A number is written by an opcode, at protocol 2 only.
fn check_long<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
    number: BigInt,
    opcode: Opcode,
) -> Result<'gc, ()> {
    let number = Long::new(ctx, number).into();
    for protocol in PROTOCOLS {
        let stream = by.dumps(ctx, number, protocol)?;
        assert_equal(ctx, number, by.loads(ctx, &stream)?)?;
        assert_eq!(opcode_in_pickle(opcode, &stream), protocol >= 2);
    }
    Ok(())
}

pub(super) fn test_short_tuples<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    use Opcode::{EMPTY_TUPLE, TUPLE, TUPLE1, TUPLE2, TUPLE3};
    let by_length = [
        [TUPLE, TUPLE, TUPLE, TUPLE, TUPLE],
        [EMPTY_TUPLE, TUPLE, TUPLE, TUPLE, TUPLE],
        [EMPTY_TUPLE, TUPLE1, TUPLE2, TUPLE3, TUPLE],
    ];
    let items = [1, 2, 3, 4].map(Value::Int);
    for (protocol, opcodes) in PROTOCOLS.into_iter().zip(by_length) {
        for (length, opcode) in opcodes.into_iter().enumerate() {
            let original = tuple(ctx, &items[..length]);
            let stream = by.dumps(ctx, original, protocol)?;
            assert_equal(ctx, original, by.loads(ctx, &stream)?)?;
            assert!(opcode_in_pickle(opcode, &stream), "{opcode:?} at protocol {protocol}");
        }
    }
    Ok(())
}

pub(super) fn test_singletons<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    use Opcode::{INT, NEWFALSE, NEWTRUE, NONE};
    let singletons = [Value::None, Value::Bool(true), Value::Bool(false)];
    let opcodes = [[NONE, INT, INT], [NONE, INT, INT], [NONE, NEWTRUE, NEWFALSE]];
    for (protocol, opcodes) in PROTOCOLS.into_iter().zip(opcodes) {
        for (singleton, opcode) in singletons.into_iter().zip(opcodes) {
            let stream = by.dumps(ctx, singleton, protocol)?;
            assert_is(ctx, singleton, by.loads(ctx, &stream)?);
            assert!(opcode_in_pickle(opcode, &stream), "{opcode:?} at protocol {protocol}");
        }
    }
    Ok(())
}

pub(super) fn test_list_chunking<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    check_chunks(ctx, by, Opcode::APPENDS, |numbers| {
        let numbers: Vec<_> = (0..numbers).map(Value::Int).collect();
        Ok(list(ctx, &numbers))
    })
}

pub(super) fn test_dict_chunking<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    check_chunks(ctx, by, Opcode::SETITEMS, |numbers| {
        let dict = Dict::new(ctx);
        for number in 0..numbers {
            dict.insert(ctx, Value::Int(number), Value::None)?;
        }
        Ok(dict.into())
    })
}

/// The items of a short collection are one batch, those of a long one are several; at protocol 0 there are no batches.
fn check_chunks<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
    opcode: Opcode,
    of_length: impl Fn(i64) -> Result<'gc>,
) -> Result<'gc, ()> {
    let (short, long) = (of_length(10)?, of_length(2500)?);
    for protocol in PROTOCOLS {
        let batches = |original| -> Result<'gc, usize> {
            let stream = by.dumps(ctx, original, protocol)?;
            assert_equal(ctx, original, by.loads(ctx, &stream)?)?;
            Ok(count_opcode(opcode, &stream))
        };
        assert_eq!(batches(short)?, usize::from(protocol > 0));
        let batches = batches(long)?;
        assert!(if protocol == 0 { batches == 0 } else { batches >= 2 }, "{batches} batches");
    }
    Ok(())
}
