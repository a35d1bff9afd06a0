//! Frames.

use halfsour::pickle::Opcode;
use halfsour::pickle::tools::genops;
use halfsour::{Bytes, Class, Context, Result, Value};

use crate::assertions::assert_equal;
use crate::implementation::{Dump, Implementation, call};
use crate::objects::{bytes, bytes_io, content, dict, items, list, tuple};
use crate::streams::count_opcode;

const SIZE: usize = 64 * 1024;
/// The opcode and its argument.
const HEADER: usize = 9;

/// Where the FRAMEs of a stream are, with the number of bytes that each announces.
fn frames(stream: &[u8]) -> Vec<(usize, usize)> {
    let operations = genops(stream).map(|it| it.expect("the stream consists of opcodes"));
    operations
        .filter(|it| it.opcode == Opcode::FRAME)
        .map(|it| {
            let at = it.offset;
            let size = stream[at + 1..at + HEADER].try_into().expect("it has eight bytes");
            (at, u64::from_le_bytes(size) as usize)
        })
        .collect()
}

/// Frames neither overlap nor reach beyond the stream, and between two of them there are only large objects.
fn check_frames(stream: &[u8]) {
    let mut end = 0;
    for (at, size) in frames(stream) {
        let between = at.checked_sub(end).expect("a frame begins within another");
        assert!(end == 0 || !(4..=SIZE).contains(&between), "{between} bytes are in no frame");
        assert!(size >= 4);
        end = at + HEADER + size;
    }
    assert!(end <= stream.len());
}

pub(super) fn test_framing_many_objects<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let numbers: Vec<_> = (0..100_000).map(Value::Int).collect();
    let object = list(ctx, &numbers);
    for protocol in [4, 5] {
        let stream = by.dumps(ctx, object, protocol)?;
        assert_equal(ctx, object, by.loads(ctx, &stream)?)?;
        let per_frame = stream.len() / count_opcode(Opcode::FRAME, &stream);
        assert!((SIZE / 2..=SIZE).contains(&per_frame), "{per_frame}");
        check_frames(&stream);
    }
    Ok(())
}

pub(super) fn test_framing_large_objects<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let large = |letter: &str| letter.repeat(1 << 20);
    let mut parts = vec![bytes(ctx, large("x"))];
    parts.extend((0..10).map(|number| list(ctx, &[Value::Int(number)])));
    parts.extend([bytes(ctx, large("y")), ctx.str(&large("z"))]);
    let object = list(ctx, &parts);
    for protocol in [4, 5] {
        let mut streams = vec![by.dumps(ctx, object, protocol)?];
        if by.dump == Dump::Pickler {
            let file = bytes_io(ctx, b"")?;
            let pickler = call(ctx, "Pickler", &[file, Value::Int(protocol.into())], &[])?;
            pickler.set_attr(ctx, "fast", true)?;
            pickler.call_method(ctx, "dump", (object,))?;
            streams.push(content(ctx, file)?);
        }
        for stream in streams {
            assert_equal(ctx, object, by.loads(ctx, &stream)?)?;
            assert_eq!(count_opcode(Opcode::FRAME, &stream), 1);
            check_frames(&stream);
        }
    }
    Ok(())
}

/// Without the FRAMEs that a test does not keep.
fn without_frames(stream: &[u8], keep: impl Fn(usize) -> bool) -> Vec<u8> {
    let (mut kept, mut from) = (Vec::new(), 0);
    for (number, (at, _)) in frames(stream).into_iter().enumerate() {
        if !keep(number) {
            kept.extend_from_slice(&stream[from..at]);
            from = at + HEADER;
        }
    }
    kept.extend_from_slice(&stream[from..]);
    kept
}

pub(super) fn test_optional_frames<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    for class in [ctx.types().bytes, ctx.types().bytearray] {
        let large = |number: u8| Value::from(class).call(ctx, (bytes(ctx, vec![number; SIZE]),));
        let items = (0..20).map(|number| Ok((Value::Int(number.into()), large(number)?)));
        let object = dict(ctx, &items.collect::<Result<'gc, Vec<_>>>()?)?;
        for protocol in [4, 5] {
            let stream = by.dumps(ctx, object, protocol)?;
            let none = without_frames(&stream, |_| false);
            assert_eq!(count_opcode(Opcode::FRAME, &none), 0);
            assert_equal(ctx, object, by.loads(ctx, &none)?)?;
            let some = without_frames(&stream, |number| number % 2 == 1);
            let found = count_opcode(Opcode::FRAME, &some);
            assert!(found < count_opcode(Opcode::FRAME, &stream));
            assert_equal(ctx, object, by.loads(ctx, &some)?)?;
        }
    }
    Ok(())
}

/// What is written comes in pieces of about a frame, and each piece stays what it was.
pub(super) fn test_framed_write_sizes_with_delayed_writer<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let class = Class::builder(ctx, "ChunkAccumulator").method("write", |ctx, this, args| {
        let (chunk,): (Value<'_>,) = args.parse(ctx, "write")?;
        this.get_attr(ctx, "chunks")?.call_method(ctx, "append", (chunk,))
    });
    let class = Value::from(class.build()?);
    for protocol in [4, 5] {
        let mut objects = Vec::new();
        for number in 0..10_000 {
            let text = format!("{number}");
            let attributes = dict(ctx, &[(ctx.str("i"), ctx.str(&text))])?;
            objects.push(tuple(ctx, &[bytes(ctx, &text), Value::Int(number % 42), attributes]));
        }
        objects.push(ctx.str(&"0123456789abcdef".repeat(SIZE / 16 + 1)));
        let objects = list(ctx, &objects);
        let writer = class.call(ctx, ())?;
        writer.set_attr(ctx, "chunks", list(ctx, &[]))?;
        let pickler = call(ctx, "Pickler", &[writer, Value::Int(protocol)], &[])?;
        pickler.call_method(ctx, "dump", (objects,))?;

        let chunks = items(ctx, writer.get_attr(ctx, "chunks")?)?;
        let chunks: Vec<Bytes<'gc>> =
            chunks.into_iter().map(|chunk| chunk.as_bytes().expect("bytes")).collect();
        let stream = chunks.iter().map(|chunk| chunk.as_slice()).collect::<Vec<_>>().concat();
        assert_equal(ctx, by.loads(ctx, &stream)?, objects)?;
        let full = (stream.len() - 1) / SIZE + 1;
        assert!((full..=2 * full + 3).contains(&chunks.len()), "{} chunks", chunks.len());
        assert!(chunks.iter().all(|chunk| chunk.len() < 2 * SIZE));
        let small = chunks.iter().filter(|chunk| chunk.len() <= HEADER).count();
        assert!(small <= chunks.len() - small + 3, "{small} small chunks");
    }
    Ok(())
}
