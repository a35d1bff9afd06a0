//! Bytes inside and outside of the pickle.

use halfsour::pickle::{Opcode, PickleBuffer, UNPICKLING_ERROR};
use halfsour::{Context, Result, Value, exc};

use crate::assertions::{assert_equal, assert_is, assert_raises};
use crate::classes;
use crate::implementation::Implementation;
use crate::objects::{assert_copy, builtin, bytes, function, items, list};
use crate::streams::{contains, count_opcode};

const CONTENT: &[u8] = b"abcdefgh";

/// Two objects with buffers, and whether these can only be read.
fn buffer_like_objects<'gc>(ctx: Context<'gc>) -> Result<'gc, [(Value<'gc>, bool); 2]> {
    let new = |class| classes::new_of(ctx, class, &[bytes(ctx, CONTENT)]);
    Ok([(new("ZeroCopyBytes")?, true), (new("ZeroCopyBytearray")?, false)])
}

pub(super) fn test_in_band_buffers<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    for (object, read_only) in buffer_like_objects(ctx)? {
        for protocol in 0..=5 {
            let stream = by.dumps(ctx, object, protocol)?;
            assert_eq!(count_opcode(Opcode::NEXT_BUFFER, &stream), 0);
            if protocol >= 5 {
                assert!(contains(&stream, CONTENT));
                assert_eq!(count_opcode(Opcode::SHORT_BINBYTES, &stream), usize::from(read_only));
                assert_eq!(count_opcode(Opcode::BYTEARRAY8, &stream), usize::from(!read_only));
                let keep = function(ctx, "buffer_callback", |_, _| Ok(Value::Bool(true)));
                let kept = by.dumps_with(ctx, object, protocol, &[("buffer_callback", keep)])?;
                assert_eq!(kept, stream);
            }
            let loaded = by.loads(ctx, &stream)?;
            assert!(!loaded.is(object));
            assert_copy(ctx, object, loaded)?;
        }
    }
    Ok(())
}

pub(super) fn test_oob_buffers<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    for (object, read_only) in buffer_like_objects(ctx)? {
        let taken = list(ctx, &[]);
        let callback = [("buffer_callback", taken.get_attr(ctx, "append")?)];
        for protocol in 0..5 {
            let dumped = by.dumps_with(ctx, object, protocol, &callback);
            assert_raises(ctx, &[&exc::VALUE_ERROR], dumped, protocol);
        }
        let stream = by.dumps_with(ctx, object, 5, &callback)?;
        assert!(!contains(&stream, CONTENT));
        assert_eq!(count_opcode(Opcode::SHORT_BINBYTES, &stream), 0);
        assert_eq!(count_opcode(Opcode::BYTEARRAY8, &stream), 0);
        assert_eq!(count_opcode(Opcode::NEXT_BUFFER, &stream), 1);
        assert_eq!(count_opcode(Opcode::READONLY_BUFFER, &stream), usize::from(read_only));
        let raw: Vec<Value<'gc>> = items(ctx, taken)?
            .into_iter()
            .map(|buffer| buffer.call_method(ctx, "raw", ()))
            .collect::<Result<'gc, _>>()?;
        let content = builtin(ctx, "bytes")?.call(ctx, (raw[0],))?;
        assert_equal(ctx, content, bytes(ctx, CONTENT))?;
        assert_raises(ctx, &[&UNPICKLING_ERROR], by.loads(ctx, &stream), "no buffers");
        let buffers = list(ctx, &raw);
        for buffers in [buffers, buffers.iter(ctx)?.into_object(ctx)] {
            assert_is(ctx, by.loads_with(ctx, &stream, &[("buffers", buffers)])?, object);
        }
    }
    Ok(())
}

pub(super) fn test_oob_buffers_writable_to_readonly<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let object = classes::new_of(ctx, "ZeroCopyBytes", &[bytes(ctx, b"foobar")])?;
    let taken = list(ctx, &[]);
    let callback = [("buffer_callback", taken.get_attr(ctx, "append")?)];
    let stream = by.dumps_with(ctx, object, 5, &callback)?;
    let buffers = builtin(ctx, "map")?.call(ctx, (builtin(ctx, "bytearray")?, taken))?;
    assert_copy(ctx, object, by.loads_with(ctx, &stream, &[("buffers", buffers)])?)
}

pub(super) fn test_buffers_error<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let buffer = PickleBuffer::new(ctx, bytes(ctx, b"foobar"))?.into();
    let callback = [("buffer_callback", list(ctx, &[]).get_attr(ctx, "append")?)];
    let stream = by.dumps_with(ctx, buffer, 5, &callback)?;
    let no_iterable = [("buffers", classes::new(ctx, "Object")?)];
    let loaded = by.loads_with(ctx, &stream, &no_iterable);
    assert_raises(ctx, &[&exc::TYPE_ERROR], loaded, "object()");
    let loaded = by.loads_with(ctx, &stream, &[("buffers", list(ctx, &[]))]);
    assert_raises(ctx, &[&UNPICKLING_ERROR], loaded, "[]");
    Ok(())
}

pub(super) fn test_inband_accept_default_buffers_argument<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let none = [("buffer_callback", Value::None)];
    let stream = by.dumps_with(ctx, Value::Int(1), 5, &none)?;
    let loaded = by.loads_with(ctx, &stream, &[("buffers", Value::None)])?;
    assert_is(ctx, loaded, Value::Int(1));
    Ok(())
}
