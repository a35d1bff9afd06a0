//! CPython 3.13's own tests of `PickleBuffer` (`test_picklebuffer.py`), under their names. Those of buffers with several
//! dimensions or with steps have no counterpart: `_testbuffer.ndarray` makes them.

use std::cell::RefCell;
use std::rc::Rc;

use halfsour_pickle::pickle_buffer_class;
use halfsour_runtime::{
    ByteArray, Bytes, Context, Error, ExceptionType, Instance, Result, Runtime, Traced, Value, exc,
};

#[track_caller]
fn run(test: impl for<'gc> FnOnce(Context<'gc>) -> Result<'gc, ()>) {
    let outcome = Runtime::python3().try_enter(|ctx| {
        halfsour_copyreg::install(ctx)?;
        halfsour_pickle::install(ctx)?;
        test(ctx)
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

/// `PickleBuffer(*args)`
fn new<'gc>(ctx: Context<'gc>, args: &[Value<'gc>]) -> Result<'gc> {
    ctx.import_from("pickle", "PickleBuffer")?.call(ctx, args)
}

#[track_caller]
fn assert_raises<'gc>(ctx: Context<'gc>, class: &'static ExceptionType, result: Result<'gc>) {
    let error = result.expect_err("it raises");
    assert!(error.is(ctx, class), "{error:?}");
}

const RELEASED: &str = "operation forbidden on released PickleBuffer object";

#[track_caller]
fn assert_released<'gc>(ctx: Context<'gc>, result: Result<'gc>) {
    let error: Error<'gc> = result.expect_err("it raises");
    assert!(error.is(ctx, &exc::VALUE_ERROR), "{error:?}");
    assert_eq!(error.message(ctx), RELEASED);
}

/// `memoryview(buffer)`
fn view<'gc>(ctx: Context<'gc>, buffer: Value<'gc>) -> Result<'gc> {
    ctx.import_from("builtins", "memoryview")?.call(ctx, (buffer,))
}

fn check_view<'gc>(
    ctx: Context<'gc>,
    view: Value<'gc>,
    content: &[u8],
    read_only: bool,
) -> Result<'gc, ()> {
    let bytes = view.call_method(ctx, "tobytes", ())?;
    assert_eq!(bytes.as_bytes().expect("bytes").as_slice(), content);
    assert!(view.get_attr(ctx, "readonly")?.is(Value::Bool(read_only)));
    Ok(())
}

/// CPython's test releases a memoryview; those of the runtime cannot be released, so that this is a PickleBuffer.
#[test]
fn test_constructor_failure() {
    run(|ctx| {
        assert_raises(ctx, &exc::TYPE_ERROR, new(ctx, &[]));
        assert_raises(ctx, &exc::TYPE_ERROR, new(ctx, &[ctx.str("foo")]));
        let released = new(ctx, &[Bytes::new(ctx, b"foo").into()])?;
        released.call_method(ctx, "release", ())?;
        assert_raises(ctx, &exc::VALUE_ERROR, new(ctx, &[released]));
        Ok(())
    });
}

#[test]
fn test_basics() {
    run(|ctx| {
        let buffer = new(ctx, &[Bytes::new(ctx, b"foo").into()])?;
        check_view(ctx, view(ctx, buffer)?, b"foo", true)?;
        let bytearray = ByteArray::from_vec(ctx, b"foo".to_vec());
        let buffer = new(ctx, &[bytearray.into()])?;
        let written = view(ctx, buffer)?;
        check_view(ctx, written, b"foo", false)?;
        written.set_item(ctx, 0, 48)?;
        assert_eq!(bytearray.to_vec(), b"0oo");
        Ok(())
    });
}

#[test]
fn test_release() {
    run(|ctx| {
        let buffer = new(ctx, &[Bytes::new(ctx, b"foo").into()])?;
        buffer.call_method(ctx, "release", ())?;
        assert_released(ctx, view(ctx, buffer));
        buffer.call_method(ctx, "release", ())?;
        Ok(())
    });
}

/// What is dropped when its object is freed.
struct Noted(Rc<RefCell<u32>>);

impl Drop for Noted {
    fn drop(&mut self) {
        *self.0.borrow_mut() += 1;
    }
}

/// A buffer that holds itself is freed.
#[test]
fn test_cycle() {
    let freed = Rc::new(RefCell::new(0));
    let mut runtime = Runtime::python3();
    let outcome = runtime.try_enter(|ctx| {
        let base = pickle_buffer_class(ctx)?;
        let class = halfsour_runtime::Class::builder(ctx, "Cycle").base(base).build()?;
        let buffer = Value::from(class).call(ctx, (Bytes::new(ctx, b"foo"),))?;
        buffer.set_attr(ctx, "cycle", buffer)?;
        let noted = halfsour_runtime::Class::builder(ctx, "Noted").native().build()?;
        let noted = Instance::native(ctx, noted, Traced::new(ctx, Noted(freed.clone())));
        buffer.set_attr(ctx, "noted", noted)
    });
    outcome.expect("nothing raises");
    runtime.collect();
    assert_eq!(*freed.borrow(), 1);
}

#[test]
fn test_raw() {
    run(|ctx| {
        for object in
            [Bytes::new(ctx, b"foo").into(), ByteArray::from_vec(ctx, b"foo".to_vec()).into()]
        {
            let raw = new(ctx, &[object])?.call_method(ctx, "raw", ())?;
            check_view(ctx, raw, b"foo", matches!(object, Value::Bytes(_)))?;
        }
        Ok(())
    });
}

#[test]
fn test_raw_released() {
    run(|ctx| {
        let buffer = new(ctx, &[Bytes::new(ctx, b"foo").into()])?;
        buffer.call_method(ctx, "release", ())?;
        assert_released(ctx, buffer.call_method(ctx, "raw", ()));
        Ok(())
    });
}
