//! Streams of classic instances.

use halfsour::{Context, Result, Value};

use crate::assertions::{assert_equal, assert_same_attr};
use crate::classes;
use crate::implementation::Implementation;

/// The class gives `__main__` a name for `X` in these.
const STREAMS: [&[u8]; 3] = [
    b"(i__main__\nX\np0\n(dp1\nb.",
    b"(c__main__\nX\nq\x00oq\x01}q\x02b.",
    b"\x80\x02(c__main__\nX\nq\x00oq\x01}q\x02b.",
];

pub(super) fn test_load_classic_instance<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    for (name, args) in [("C", &[][..]), ("D", &[ctx.str("x")]), ("E", &[])] {
        let original = classes::new_of(ctx, name, args)?;
        for stream in STREAMS {
            let at = stream.iter().position(|&byte| byte == b'X').expect("X is in each");
            let stream = [&stream[..at], name.as_bytes(), &stream[at + 1..]].concat();
            assert_copy(ctx, original, by.loads(ctx, &stream)?)?;
        }
    }
    Ok(())
}

/// Equal, of the same class, with equal attributes in a dict of its own.
fn assert_copy<'gc>(ctx: Context<'gc>, object: Value<'gc>, copy: Value<'gc>) -> Result<'gc, ()> {
    assert_equal(ctx, object, copy)?;
    assert!(object.class_of(ctx).is(copy.class_of(ctx)));
    assert_same_attr(ctx, object, copy, "__dict__")?;
    assert!(!object.get_attr(ctx, "__dict__")?.is(copy.get_attr(ctx, "__dict__")?));
    Ok(())
}

pub(super) fn test_load_classic_instance_error<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    for stream in [&b"(i__main__\nI\n(db."[..], b"(c__main__\nI\no}b."] {
        let raised = by.loads(ctx, stream).expect_err("the class refuses");
        assert!(raised.class(ctx).is(classes::class(ctx, "MyErr")?), "{raised:?}");
    }
    Ok(())
}
