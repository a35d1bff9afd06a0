//! Text, numbers and singletons.

use halfsour::{Context, Long, Result, Unicode, Value};
use num_bigint::BigInt;

use super::{check, round_trip};
use crate::assertions::{assert_equal, assert_is};
use crate::implementation::Implementation;
use crate::objects::{PROTOCOLS, tuple};

pub(super) fn test_unicode<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let texts = ["", "<\\u>", "<\\\u{1234}>", "<\n>", "<\\>", "<\\\u{12345}>"];
    let surrogate = [u32::from('<'), 0xdc80, u32::from('>')];
    let surrogate = Unicode::from_code_points(ctx, surrogate).expect("these are code points");
    let texts = texts.into_iter().map(|text| Unicode::new(ctx, text));
    for text in texts.chain([surrogate]) {
        check(ctx, by, text.into())?;
    }
    Ok(())
}

pub(super) fn test_unicode_high_plane<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    check(ctx, by, ctx.str("\u{12345}"))
}

pub(super) fn test_unicode_memoization<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    for protocol in PROTOCOLS {
        for text in ["", "xyz", "xyz\n", "x\\yz", "x\u{a1}yz\r"] {
            let text = ctx.str(text);
            let loaded = round_trip(ctx, by, tuple(ctx, &[text, text]), protocol)?;
            assert_is(ctx, loaded.get_item(ctx, 0)?, loaded.get_item(ctx, 1)?);
        }
    }
    Ok(())
}

pub(super) fn test_ints<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    for shift in 0..63 {
        let number = i64::MAX >> shift;
        check(ctx, by, Value::Int(number))?;
        check(ctx, by, Value::Int(-number))?;
    }
    Ok(())
}

pub(super) fn test_long<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let int = |number: BigInt| Value::from(Long::new(ctx, number));
    // LONG4 begins at 256 bytes.
    for bits in [1_u32, 8, 8 * 254, 8 * 255, 8 * 256, 8 * 257] {
        let base = BigInt::from(1) << bits;
        for number in [&base - 1, base.clone(), &base + 1] {
            for number in [int(-&number), int(number)] {
                for protocol in PROTOCOLS {
                    assert_equal(ctx, number, round_trip(ctx, by, number, protocol)?)?;
                }
            }
        }
    }
    // Text of such a number takes long to read.
    let monster = BigInt::from(0xdead_beef_feed_face_u64);
    let monster = &monster + (&monster << 1_000_000_u32);
    for number in [int(-&monster), int(monster)] {
        assert_equal(ctx, number, round_trip(ctx, by, number, 2)?)?;
    }
    Ok(())
}

pub(super) fn test_float<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let numbers = [
        0.0,
        4.94e-324,
        1e-310,
        7e-308,
        6.626e-34,
        0.1,
        0.5,
        3.15,
        263.445_820_623_740_53,
        6.022e23,
        1e30,
    ];
    for number in numbers {
        check(ctx, by, Value::Float(number))?;
        check(ctx, by, Value::Float(-number))?;
    }
    Ok(())
}

pub(super) fn test_float_format<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    // There are no locales here that could ask for a comma.
    assert!(by.dumps(ctx, Value::Float(1.2), 0)?.starts_with(b"F1."));
    Ok(())
}

pub(super) fn test_ellipsis<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    check_singleton(ctx, by, Value::Ellipsis)
}

pub(super) fn test_notimplemented<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    check_singleton(ctx, by, Value::NotImplemented)
}

fn check_singleton<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
    singleton: Value<'gc>,
) -> Result<'gc, ()> {
    for protocol in PROTOCOLS {
        assert_is(ctx, round_trip(ctx, by, singleton, protocol)?, singleton);
    }
    Ok(())
}
