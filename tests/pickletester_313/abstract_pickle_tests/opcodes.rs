//! Which opcodes are written.

use halfsour::pickle::Opcode;
use halfsour::{Context, Dict, Long, Result, Set, Value, exc};
use num_bigint::BigInt;

use crate::assertions::{assert_equal, assert_is};
use crate::implementation::Implementation;
use crate::objects::{PROTOCOLS, assert_copy, list, tuple};
use crate::streams::{count_opcode, opcode_in_pickle};

pub(super) fn test_proto<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    for protocol in PROTOCOLS {
        let stream = by.dumps(ctx, Value::None, protocol)?;
        if protocol >= 2 {
            assert_eq!(stream[..2], [0x80, protocol as u8]);
        } else {
            assert!(!opcode_in_pickle(Opcode::PROTO, &stream));
        }
    }
    let error = by.loads(ctx, b"\x80\x06N.").expect_err("there is no protocol 6");
    assert!(error.is(ctx, &exc::VALUE_ERROR), "{error:?}");
    assert!(error.message(ctx).contains("unsupported pickle protocol"), "{error:?}");
    Ok(())
}

fn large() -> BigInt {
    BigInt::from(12_345_678_910_111_213_141_516_178_920_i128)
}

pub(super) fn test_long1<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    check_long(ctx, by, large(), Opcode::LONG1)
}

pub(super) fn test_long4<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    check_long(ctx, by, large() << (256 * 8_u32), Opcode::LONG4)
}

/// A number is written by an opcode, from protocol 2 on.
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
    let items = [1, 2, 3, 4].map(Value::Int);
    for protocol in PROTOCOLS {
        let opcodes = match protocol {
            0 => [TUPLE; 5],
            1 => [EMPTY_TUPLE, TUPLE, TUPLE, TUPLE, TUPLE],
            _ => [EMPTY_TUPLE, TUPLE1, TUPLE2, TUPLE3, TUPLE],
        };
        for (length, opcode) in opcodes.into_iter().enumerate() {
            let original = tuple(ctx, &items[..length]);
            let stream = by.dumps(ctx, original, protocol)?;
            assert_copy(ctx, original, by.loads(ctx, &stream)?)?;
            assert!(opcode_in_pickle(opcode, &stream), "{opcode:?} at protocol {protocol}");
        }
    }
    Ok(())
}

pub(super) fn test_singletons<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    use Opcode::{INT, NEWFALSE, NEWTRUE, NONE};
    for protocol in PROTOCOLS {
        let (yes, no) = if protocol < 2 { (INT, INT) } else { (NEWTRUE, NEWFALSE) };
        let singletons = [(Value::None, NONE), (Value::Bool(true), yes), (Value::Bool(false), no)];
        for (singleton, opcode) in singletons {
            let stream = by.dumps(ctx, singleton, protocol)?;
            assert_is(ctx, singleton, by.loads(ctx, &stream)?);
            assert!(opcode_in_pickle(opcode, &stream), "{opcode:?} at protocol {protocol}");
        }
    }
    Ok(())
}

pub(super) fn test_list_chunking<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    check_chunks(ctx, by, Opcode::APPENDS, 1, |numbers| Ok(list(ctx, numbers)))
}

pub(super) fn test_dict_chunking<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    check_chunks(ctx, by, Opcode::SETITEMS, 1, |numbers| {
        let dict = Dict::new(ctx);
        for &number in numbers {
            dict.insert(ctx, number, Value::None)?;
        }
        Ok(dict.into())
    })
}

pub(super) fn test_set_chunking<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    check_chunks(ctx, by, Opcode::ADDITEMS, 4, |numbers| Ok(Set::from_items(ctx, numbers)?.into()))
}

/// From a protocol on, few items are added at once, and many in several batches.
fn check_chunks<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
    opcode: Opcode,
    from: i32,
    collection: impl Fn(&[Value<'gc>]) -> Result<'gc>,
) -> Result<'gc, ()> {
    for (length, batches) in [(10, 1..2), (2500, 2..usize::MAX)] {
        let numbers: Vec<_> = (0..length).map(Value::Int).collect();
        let original = collection(&numbers)?;
        for protocol in PROTOCOLS {
            let stream = by.dumps(ctx, original, protocol)?;
            assert_copy(ctx, original, by.loads(ctx, &stream)?)?;
            let found = count_opcode(opcode, &stream);
            let expected = if protocol < from { 0..1 } else { batches.clone() };
            assert!(expected.contains(&found), "{found} of {opcode:?} at protocol {protocol}");
        }
    }
    Ok(())
}

/// A larger number takes no fewer bytes, and no text where there are bytes for it.
pub(super) fn test_int_pickling_efficiency<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    for protocol in PROTOCOLS {
        let mut before = 0;
        for exponent in 0..70_u32 {
            let number = Long::new(ctx, BigInt::from(1) << exponent).into();
            let stream = by.dumps(ctx, number, protocol)?;
            assert!(stream.len() >= before, "2**{exponent} at protocol {protocol}");
            before = stream.len();
            assert!(protocol < 2 || !opcode_in_pickle(Opcode::LONG, &stream));
        }
    }
    Ok(())
}
