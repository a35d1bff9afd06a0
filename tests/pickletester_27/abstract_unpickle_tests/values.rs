//! Streams of strings, numbers and constants, and of everything at once.

use halfsour::{Bytes, Context, Result, Unicode, Value, exc};

use crate::assertions::{assert_equal, assert_is, assert_raises};
use crate::implementation::Implementation;
use crate::objects::create_data;

/// What a CPython 2.7 wrote for the object of most tests, at each protocol, by each module.
const CANNED: [&[u8]; 6] = [
    include_bytes!("../../data/pickletester_27/cPickle.0.pickle"),
    include_bytes!("../../data/pickletester_27/cPickle.1.pickle"),
    include_bytes!("../../data/pickletester_27/cPickle.2.pickle"),
    include_bytes!("../../data/pickletester_27/pickle.0.pickle"),
    include_bytes!("../../data/pickletester_27/pickle.1.pickle"),
    include_bytes!("../../data/pickletester_27/pickle.2.pickle"),
];

pub(super) fn test_load_from_canned_string<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let expected = create_data(ctx)?;
    for stream in CANNED {
        let loaded = by.loads(ctx, stream)?;
        assert_equal(ctx, expected, loaded)?;
        assert!(loaded.type_of(ctx).is(expected.type_of(ctx)));
        // [.., pair, pair, 5], where pair is (text, text, instance, instance)
        let (pair, again) = (loaded.get_item(ctx, -3)?, loaded.get_item(ctx, -2)?);
        assert_is(ctx, pair, again);
        assert_is(ctx, pair.get_item(ctx, 2)?, pair.get_item(ctx, 3)?);
    }
    Ok(())
}

pub(super) fn test_maxint64<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let largest = format!("I{}\n.", i64::MAX);
    assert_equal(ctx, by.loads(ctx, largest.as_bytes())?, Value::Int(i64::MAX))?;
    let bogus = format!("I{}JUNK\n.", i64::MAX);
    assert_raises(ctx, &[&exc::VALUE_ERROR], by.loads(ctx, bogus.as_bytes()), bogus);
    Ok(())
}

pub(super) fn test_correctly_quoted_string<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let streams = [("S''\n.", ""), ("S\"\"\n.", ""), ("S\"\\n\"\n.", "\n"), ("S'\\n'\n.", "\n")];
    for (stream, expected) in streams {
        assert_equal(ctx, by.loads(ctx, stream.as_bytes())?, ctx.str(expected))?;
    }
    Ok(())
}

pub(super) fn test_load_str<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let expected = Bytes::new(ctx, b"a\x00\xa0").into();
    for stream in [&b"S'a\\x00\\xa0'\n."[..], b"U\x03a\x00\xa0.", b"\x80\x02U\x03a\x00\xa0."] {
        let loaded = by.loads(ctx, stream)?;
        assert!(matches!(loaded, Value::Bytes(_)));
        assert_equal(ctx, loaded, expected)?;
    }
    Ok(())
}

pub(super) fn test_load_unicode<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let expected = Unicode::new(ctx, "\u{3c0}").into();
    let binary = b"\x80\x02X\x02\x00\x00\x00\xcf\x80.";
    for stream in [&b"V\\u03c0\n."[..], &binary[2..], binary] {
        assert_equal(ctx, by.loads(ctx, stream)?, expected)?;
    }
    Ok(())
}

pub(super) fn test_constants<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let streams: [(&[u8], Value<'gc>); 5] = [
        (b"N.", Value::None),
        (b"\x88.", Value::Bool(true)),
        (b"\x89.", Value::Bool(false)),
        (b"I01\n.", Value::Bool(true)),
        (b"I00\n.", Value::Bool(false)),
    ];
    for (stream, constant) in streams {
        assert_is(ctx, by.loads(ctx, stream)?, constant);
    }
    Ok(())
}
