//! `bytes` and `bytearray`.

use halfsour::pickle::Opcode;
use halfsour::{Context, Result, Value};

use super::{check, round_trip};
use crate::assertions::assert_is;
use crate::classes;
use crate::implementation::Implementation;
use crate::objects::{PROTOCOLS, assert_copy, bytes, tuple};
use crate::streams::{contains, opcode_in_pickle};

/// Nothing, few bytes, and more than the shortest opcode holds.
fn samples() -> [Vec<u8>; 3] {
    [Vec::new(), b"xyz".to_vec(), b"xyz".repeat(100)]
}

pub(super) fn test_bytes<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let single = (0..=255).flat_map(|byte| [vec![byte], vec![byte, byte]]);
    for sample in samples().into_iter().chain(single) {
        check(ctx, by, bytes(ctx, sample))?;
    }
    Ok(())
}

/// What is there twice is loaded once; two equal objects come back equal.
fn check_shared<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
    classes: [Value<'gc>; 2],
    distinct: bool,
) -> Result<'gc, ()> {
    for protocol in PROTOCOLS {
        for class in classes {
            for sample in samples() {
                let new = || class.call(ctx, (bytes(ctx, &sample),));
                let shared = new()?;
                let loaded = round_trip(ctx, by, tuple(ctx, &[shared, shared]), protocol)?;
                assert_is(ctx, loaded.get_item(ctx, 0)?, loaded.get_item(ctx, 1)?);
                let pair = [new()?, new()?];
                let loaded = round_trip(ctx, by, tuple(ctx, &pair), protocol)?;
                for (place, object) in pair.into_iter().enumerate() {
                    assert_copy(ctx, object, loaded.get_item(ctx, place as i64)?)?;
                }
                if distinct {
                    assert!(!loaded.get_item(ctx, 0)?.is(loaded.get_item(ctx, 1)?));
                }
            }
        }
    }
    Ok(())
}

pub(super) fn test_bytes_memoization<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let zero_copy = classes::class(ctx, "ZeroCopyBytes")?;
    check_shared(ctx, by, [ctx.types().bytes.into(), zero_copy], false)
}

pub(super) fn test_bytearray_memoization<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let zero_copy = classes::class(ctx, "ZeroCopyBytearray")?;
    check_shared(ctx, by, [ctx.types().bytearray.into(), zero_copy], true)
}

pub(super) fn test_bytearray<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    for protocol in PROTOCOLS {
        for sample in samples() {
            let original = Value::from(ctx.types().bytearray).call(ctx, (bytes(ctx, &sample),))?;
            let stream = by.dumps(ctx, original, protocol)?;
            let loaded = by.loads(ctx, &stream)?;
            assert!(!loaded.is(original));
            assert_copy(ctx, original, loaded)?;
            let opcode = match protocol {
                0..=3 => Opcode::GLOBAL,
                4 => Opcode::STACK_GLOBAL,
                _ => Opcode::BYTEARRAY8,
            };
            assert!(opcode_in_pickle(opcode, &stream));
            assert_eq!(contains(&stream, "bytearray"), protocol < 5);
        }
    }
    Ok(())
}
