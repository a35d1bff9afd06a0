//! Readers, writers and closures that fail: an exception each, at every byte, and a runtime that goes on.

use std::cell::Cell;
use std::io::{self, ErrorKind, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use halfsour_pickle::{Callables, Flavour, Pickler, Unpickler};
use halfsour_runtime::{
    Class, Context, Dialect, Error, Function, Result, Runtime, Uncaught, Value, exc,
};

/// A pickle with arguments of every kind: lines, bytes, long ones.
fn stream() -> Vec<u8> {
    let long = [&b"X"[..], &70_000_u32.to_le_bytes(), &b"x".repeat(70_000)].concat();
    [
        &b"\x80\x02(I7\nL8L\nF1.5\nS'a'\nVb\nU\x01cT\x01\0\0\0dJ\x01\0\0\0G"[..],
        &[0; 8],
        &long,
        b"K\x01q\x01h\x01t.",
    ]
    .concat()
}

/// What a reader does when it comes to its end.
#[derive(Clone, Copy, Debug)]
enum Fault {
    Fails(ErrorKind),
    Ends,
    Panics,
    /// Says that it has read more than there was room for.
    Lies,
}

/// A reader that gives so many bytes, a few at a time, interrupted now and then, and then does something else.
struct Faulty<'a> {
    bytes: &'a [u8],
    at_once: usize,
    fault: Fault,
    interrupts: bool,
}

impl Read for Faulty<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.interrupts = !self.interrupts;
        if self.interrupts {
            return Err(ErrorKind::Interrupted.into());
        }
        let length = buffer.len().min(self.at_once);
        match (self.bytes.read(&mut buffer[..length])?, self.fault) {
            (0, Fault::Fails(kind)) => Err(kind.into()),
            (0, Fault::Ends) => Ok(0),
            (0, Fault::Panics) => panic!("the reader panics"),
            (0, Fault::Lies) => Ok(buffer.len() + 1),
            (read, _) => Ok(read),
        }
    }
}

fn runtimes() -> [(Flavour, Runtime); 3] {
    [
        (Flavour::Pickle, Runtime::python2()),
        (Flavour::CPickle, Runtime::python2()),
        (Flavour::Python3, Runtime::python3()),
    ]
}

#[test]
fn a_reader_that_fails_at_every_byte() {
    let stream = stream();
    // At every byte, but for the many of the long text.
    let places =
        (0..stream.len()).filter(|at| *at < 100 || *at > stream.len() - 20 || at % 7001 == 0);
    for (flavour, mut runtime) in runtimes() {
        for at in places.clone() {
            for fault in [
                Fault::Fails(ErrorKind::BrokenPipe),
                Fault::Fails(ErrorKind::WouldBlock),
                Fault::Fails(ErrorKind::UnexpectedEof),
                Fault::Lies,
            ] {
                let faulty = Faulty { bytes: &stream[..at], at_once: 3, fault, interrupts: false };
                let error = load(&mut runtime, flavour, faulty).expect_err("it fails");
                assert!(is_io_error(&error), "{flavour:?}, {fault:?} at {at}: {error}");
            }
            let fault = Fault::Ends;
            let cut = Faulty { bytes: &stream[..at], at_once: 5000, fault, interrupts: false };
            let error = load(&mut runtime, flavour, cut).expect_err("it is cut");
            assert!(!is_io_error(&error), "{flavour:?}, cut at {at}: {error}");
        }
        for at_once in [1, 2, 1000] {
            let fault = Fault::Ends;
            let slow = Faulty { bytes: &stream, at_once, fault, interrupts: false };
            load(&mut runtime, flavour, slow).expect("a slow reader is a reader");
        }
    }
}

/// Python 3 has one class for both.
fn is_io_error(error: &Uncaught) -> bool {
    error.is(&exc::IO_ERROR) || error.is(&exc::OS_ERROR)
}

fn load(
    runtime: &mut Runtime,
    flavour: Flavour,
    reader: impl Read,
) -> std::result::Result<(), Uncaught> {
    let mut reader = reader;
    let reader: &mut dyn Read = &mut reader;
    runtime.try_enter(|ctx| Unpickler::new().flavour(flavour).load(ctx, reader).map(drop))
}

/// What a writer does when it is full.
#[derive(Clone, Copy, Debug)]
enum Refusal {
    Fails(ErrorKind),
    /// It takes nothing.
    Nothing,
    /// Says that it has taken more than it was given.
    Lies,
}

/// A writer that takes so many bytes, a few at a time, interrupted now and then, and then refuses.
struct Full {
    written: Vec<u8>,
    room: usize,
    refusal: Refusal,
    interrupts: bool,
}

impl Full {
    fn new(room: usize, refusal: Refusal) -> Self {
        Self { written: Vec::new(), room, refusal, interrupts: false }
    }
}

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.interrupts = !self.interrupts;
        if self.interrupts {
            return Err(ErrorKind::Interrupted.into());
        }
        let taken = bytes.len().min(self.room).min(3);
        match (taken, self.refusal) {
            (0, Refusal::Fails(kind)) => Err(kind.into()),
            (0, Refusal::Lies) => Ok(bytes.len() + 1),
            _ => {
                self.written.extend_from_slice(&bytes[..taken]);
                self.room -= taken;
                Ok(taken)
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_writer_that_fails_at_every_byte() {
    for (flavour, mut runtime) in runtimes() {
        for protocol in 0..=i32::from(flavour.highest_protocol()) {
            let dump = |runtime: &mut Runtime, sink: &mut Full| {
                runtime.try_enter(|ctx| {
                    let graph =
                        Unpickler::new().loads(ctx, b"(I1\nVtext\n(lp0\nI2\nag0\nF0.5\nt.")?;
                    Pickler::new().flavour(flavour).protocol(protocol).dump(ctx, graph, sink)
                })
            };
            let mut whole = Full::new(usize::MAX, Refusal::Nothing);
            dump(&mut runtime, &mut whole).expect("there is room");
            for room in 0..whole.written.len() {
                for refusal in [
                    Refusal::Fails(ErrorKind::StorageFull),
                    Refusal::Fails(ErrorKind::WouldBlock),
                    Refusal::Nothing,
                    Refusal::Lies,
                ] {
                    let mut full = Full::new(room, refusal);
                    let error = dump(&mut runtime, &mut full).expect_err("there is no room");
                    assert!(is_io_error(&error), "{error}");
                    assert_eq!(full.written, whole.written[..full.written.len()]);
                }
            }
        }
    }
}

/// Defines a class whose every method panics, and a function that does.
fn install(ctx: Context<'_>) -> Result<'_, ()> {
    halfsour_copyreg::install(ctx)?;
    let module = ctx.new_module("panics")?;
    module.set(
        ctx,
        "function",
        Value::from(Function::new(ctx, "function", |_, _| panic!("here"))),
    )?;
    let mut classes = Vec::new();
    for method in [
        "__init__",
        "__setstate__",
        "append",
        "__setitem__",
        "__eq__",
        "__hash__",
        "__repr__",
        "__reduce__",
    ] {
        let name = format!("With{method}");
        let mut class = Class::builder(ctx, &name).method(method, |_, _, _| panic!("here"));
        if method == "__eq__" {
            class = class.method("__hash__", |_, _, _| Ok(Value::Int(1)));
        }
        classes.push(class.build()?);
    }
    classes.into_iter().try_for_each(|class| module.class_named(ctx, class).map(drop))
}

#[test]
fn a_closure_that_panics() {
    let panicking: &[&[u8]] = &[
        b"cpanics\nfunction\n(tR.",
        b"cpanics\nWith__init__\n(tR.",
        b"cpanics\nWith__setstate__\n)\x81Nb.",
        b"cpanics\nWithappend\n)\x81Na.",
        b"cpanics\nWith__setitem__\n)\x81NNs.",
        b"}cpanics\nWith__eq__\nq\0)\x81Nsh\0)\x81Ns.",
        b"(cpanics\nWith__eq__\nq\0)\x81Nh\0)\x81Nd.",
        b"\x8f(cpanics\nWith__eq__\nq\0)\x81h\0)\x81\x90.",
        b"}cpanics\nWith__hash__\n)\x81Ns.",
        b"Pid\n.",
    ];
    for dialect in [Dialect::Python2, Dialect::Python3] {
        let mut runtime = Runtime::new(dialect);
        runtime.try_enter(install).expect("the classes are defined");
        let unpickler = || {
            Unpickler::new()
                .flavour(Flavour::Python3)
                .callables(Callables::Any)
                .persistent_load(|_, _| panic!("here"))
        };
        let mut panics = 0;
        let mut panic_in =
            |runtime: &mut Runtime, work: &dyn for<'gc> Fn(Context<'gc>) -> Result<'gc, ()>| {
                let caught = catch_unwind(AssertUnwindSafe(|| runtime.try_enter(|ctx| work(ctx))));
                assert!(caught.is_err(), "it panics");
                panics += 1;
                goes_on(runtime);
            };
        for stream in panicking {
            panic_in(&mut runtime, &|ctx| unpickler().loads(ctx, stream).map(drop));
        }
        panic_in(&mut runtime, &|ctx| {
            let object = unpickler().loads(ctx, b"]cpanics\nWith__repr__\n)\x81a.")?;
            object.repr(ctx).map(drop)
        });
        panic_in(&mut runtime, &|ctx| {
            let object = unpickler().loads(ctx, b"]cpanics\nWith__reduce__\n)\x81a.")?;
            Pickler::new().dumps(ctx, object).map(drop)
        });
        panic_in(&mut runtime, &|ctx| {
            let reader =
                Faulty { bytes: b"(N", at_once: 1, fault: Fault::Panics, interrupts: false };
            let mut reader = reader;
            let reader: &mut dyn Read = &mut reader;
            Unpickler::new().load(ctx, reader).map(drop)
        });
        assert_eq!(panics, panicking.len() + 3);
    }
}

/// Checks that a runtime does what it should, and collects.
fn goes_on(runtime: &mut Runtime) {
    let loaded = runtime.try_enter(|ctx| {
        assert_eq!(ctx.depth(), 0);
        let graph = Unpickler::new().loads(ctx, b"(lp0\n(dp1\nI1\nI2\nsag0\na.")?;
        let bytes = Pickler::new().dumps(ctx, graph)?;
        Unpickler::new().loads(ctx, &bytes)?;
        assert_eq!(graph.repr(ctx)?.to::<String>(ctx)?, "[{1: 2}, [...]]");
        // Nothing bounds it any more.
        ctx.take_allowance(1 << 40)
    });
    assert!(loaded.is_ok(), "{loaded:?}");
    runtime.collect();
}

#[test]
fn a_session_whose_load_panics_says_so() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            let panics = Cell::new(true);
            let unpickler = Unpickler::new().persistent_load(|_, id| {
                assert!(!panics.get(), "here");
                Ok(id)
            });
            let session = unpickler.session(ctx);
            session.loads(ctx, &unpickler, b"Np0\n.")?;
            let caught = catch_unwind(AssertUnwindSafe(|| {
                session.loads(ctx, &unpickler, b"Pid\n.").is_ok()
            }));
            assert!(caught.is_err());
            panics.set(false);
            // What the memo held went with the load.
            let error = session.loads(ctx, &unpickler, b"g0\n.").unwrap_err();
            assert!(error.is(ctx, &exc::RUNTIME_ERROR), "{}", error.message(ctx));
            assert!(unpickler.loads(ctx, b"Pid\n.").is_ok());
            Ok::<(), Error<'_>>(())
        })
        .expect("no exception");
}
