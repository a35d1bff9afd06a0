//! `file` objects over what a host reads and writes.

use std::cell::RefCell;
use std::io::{self, Cursor, SeekFrom};
use std::rc::Rc;

use halfsour_runtime::{Context, HostFile, Result, Runtime, Value, exc};

const TEXT: &[u8] = b"dill\nhalf sour\nkosher";

fn reader(ctx: Context<'_>) -> Value<'_> {
    ctx.new_file("jars.txt", "r", Cursor::new(TEXT.to_vec())).into()
}

fn text<'gc>(ctx: Context<'gc>, file: Value<'gc>, method: &str, count: i64) -> Result<'gc, String> {
    file.call_method(ctx, method, (count,))?.to(ctx)
}

/// Runs code that must raise, and returns the exception's class and message.
fn raised(work: impl for<'gc> FnOnce(Context<'gc>) -> Result<'gc, ()>) -> (String, String) {
    let uncaught = Runtime::python2().try_enter(work).expect_err("it raises");
    (uncaught.class().to_owned(), uncaught.message().to_owned())
}

#[test]
fn reading() {
    let mut runtime = Runtime::python2();
    let outcome = runtime.try_enter(|ctx| {
        let file = reader(ctx);
        assert_eq!(text(ctx, file, "read", 2)?, "di");
        assert_eq!(text(ctx, file, "readline", -1)?, "ll\n");
        assert_eq!(file.call_method(ctx, "tell", ())?.to::<i64>(ctx)?, 5);
        assert_eq!(text(ctx, file, "readline", 4)?, "half");
        file.call_method(ctx, "seek", (-6, 2))?;
        assert_eq!(text(ctx, file, "read", -1)?, "kosher");
        assert_eq!(text(ctx, file, "read", 5)?, "");
        file.call_method(ctx, "seek", (0,))?;
        let lines = file.call_method(ctx, "readlines", ())?;
        assert_eq!(lines.repr(ctx)?.to::<String>(ctx)?, r"['dill\n', 'half sour\n', 'kosher']");
        file.call_method(ctx, "seek", (5,))?;
        let rest = file.iter(ctx)?.collect_vec(ctx)?;
        assert_eq!(rest.len(), 2);
        Ok(())
    });
    outcome.unwrap();
}

#[test]
fn attributes_and_closing() {
    let mut runtime = Runtime::python2();
    let outcome = runtime.try_enter(|ctx| {
        let file = reader(ctx);
        assert_eq!(file.get_attr(ctx, "name")?.to::<String>(ctx)?, "jars.txt");
        assert_eq!(file.get_attr(ctx, "mode")?.to::<String>(ctx)?, "r");
        assert!(file.call_method(ctx, "__enter__", ())?.is(file));
        let none = Value::None;
        file.call_method(ctx, "__exit__", (none, none, none))?;
        assert!(file.get_attr(ctx, "closed")?.is(Value::Bool(true)));
        file.call_method(ctx, "close", ())?;
        let repr = file.repr(ctx)?.to::<String>(ctx)?;
        assert!(repr.starts_with("<closed file 'jars.txt', mode 'r' at 0x"), "{repr}");
        Ok(())
    });
    outcome.unwrap();
}

#[test]
fn refusals() {
    let closed = raised(|ctx| {
        let file = reader(ctx);
        file.call_method(ctx, "close", ())?;
        file.call_method(ctx, "read", ()).map(drop)
    });
    assert_eq!(closed, ("ValueError".into(), "I/O operation on closed file".into()));
    let written = raised(|ctx| reader(ctx).call_method(ctx, "write", ("x",)).map(drop));
    assert_eq!(written, ("IOError".into(), "File not open for writing".into()));
    let read = raised(|ctx| {
        let file = ctx.new_file("out", "w", Cursor::new(Vec::new()));
        Value::from(file).call_method(ctx, "read", ()).map(drop)
    });
    assert_eq!(read, ("IOError".into(), "File not open for reading".into()));
    let number = raised(|ctx| {
        let file = ctx.new_file("out", "w", Cursor::new(Vec::new()));
        Value::from(file).call_method(ctx, "write", (5,)).map(drop)
    });
    assert_eq!(number, ("TypeError".into(), "expected a character buffer object".into()));
    let opened = raised(|ctx| Value::from(ctx.types().file).call(ctx, ("jars.txt",)).map(drop));
    assert_eq!(opened.0, "IOError");
}

/// Keeps what is written where the test sees it; it cannot seek.
struct Shared(Rc<RefCell<Vec<u8>>>);

impl HostFile for Shared {
    fn write_all(&mut self, data: &[u8]) -> io::Result<()> {
        self.0.borrow_mut().extend_from_slice(data);
        Ok(())
    }

    fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
        Err(io::Error::other("a pipe has no positions"))
    }
}

#[test]
fn writing() {
    let written = Rc::new(RefCell::new(Vec::new()));
    let shared = Shared(written.clone());
    let mut runtime = Runtime::python2();
    let outcome = runtime.try_enter(|ctx| {
        let file = Value::from(ctx.new_file("out", "w", shared));
        file.call_method(ctx, "write", ("dill",))?;
        file.call_method(ctx, "writelines", (vec![" and ", "salt"],))?;
        file.call_method(ctx, "flush", ())?;
        let error = file.call_method(ctx, "tell", ()).unwrap_err();
        assert!(error.is(ctx, &exc::IO_ERROR));
        assert_eq!(error.message(ctx), "a pipe has no positions");
        Ok(())
    });
    outcome.unwrap();
    assert_eq!(written.borrow().as_slice(), b"dill and salt");
}

#[test]
fn writing_goes_on_where_reading_stood() {
    let mut runtime = Runtime::python2();
    let outcome = runtime.try_enter(|ctx| {
        let file = Value::from(ctx.new_file("jars", "r+", Cursor::new(b"abcdef".to_vec())));
        assert_eq!(text(ctx, file, "read", 2)?, "ab");
        file.call_method(ctx, "write", ("X",))?;
        file.call_method(ctx, "seek", (0,))?;
        assert_eq!(text(ctx, file, "read", -1)?, "abXdef");
        Ok(())
    });
    outcome.unwrap();
}

#[test]
fn a_view_of_a_hosts_bytes() {
    let mut runtime = Runtime::python2();
    let outcome = runtime.try_enter(|ctx| {
        let view = Value::from(ctx.memoryview_of_host(b"dill".to_vec()));
        assert_eq!(view.len(ctx)?, 4);
        assert!(view.get_attr(ctx, "readonly")?.is(Value::Bool(true)));
        assert_eq!(view.get_item(ctx, -1)?.to::<String>(ctx)?, "l");
        let copy = view.call_method(ctx, "tobytes", ())?;
        assert!(view.equals(ctx, copy)?);
        Ok(())
    });
    outcome.unwrap();
}
