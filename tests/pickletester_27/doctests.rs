//! The examples in the documentation of `pickle.encode_long` and `pickle.decode_long`.

use halfsour::{Bytes, Context, Long, Result, Value};

use crate::assertions::assert_equal;
use crate::implementation::Implementation;
use crate::row::{Group, rows};

pub(crate) const GROUP: Group = Group { name: "pickle", rows: rows![encode_long, decode_long] };

/// Numbers, and their shortest two's complement in bytes.
const EXAMPLES: [(i64, &[u8]); 7] = [
    (0, b""),
    (255, b"\xff\x00"),
    (32767, b"\xff\x7f"),
    (-256, b"\x00\xff"),
    (-32768, b"\x00\x80"),
    (-128, b"\x80"),
    (127, b"\x7f"),
];

fn encode_long<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    for (number, encoded) in EXAMPLES {
        let result = by.module().get(ctx, "encode_long")?.call(ctx, (Long::new(ctx, number),))?;
        assert_equal(ctx, result, Bytes::new(ctx, encoded).into())?;
    }
    Ok(())
}

fn decode_long<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    for (number, encoded) in EXAMPLES {
        let result = by.module().get(ctx, "decode_long")?.call(ctx, (Bytes::new(ctx, encoded),))?;
        assert!(matches!(result, Value::Long(_)));
        assert_equal(ctx, result, Long::new(ctx, number).into())?;
    }
    Ok(())
}
