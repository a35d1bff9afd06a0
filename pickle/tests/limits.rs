//! What a load may cost: each limit by the error that names it, and what is within the defaults.

use halfsour_pickle::{Callables, Flavour, Limits, Unpickler};
use halfsour_runtime::{Class, Context, Function, Result, Runtime, Value, exc};

/// The error of a load, by its class and text.
fn refusal(mut runtime: Runtime, unpickler: &Unpickler<'_>, stream: &[u8]) -> (String, String) {
    let error = runtime
        .try_enter(|ctx| {
            halfsour_copyreg::install(ctx)?;
            unpickler.loads(ctx, stream).map(drop)
        })
        .expect_err("a limit is exceeded");
    assert!(error.location().and_then(|it| it.offset).is_some(), "{error}");
    (error.class().to_owned(), error.message().to_owned())
}

/// Asserts that a limit is exceeded, in every flavour, and from a reader as from memory.
#[track_caller]
fn check(limits: Limits, stream: &[u8], expected: &str) {
    for flavour in [Flavour::Pickle, Flavour::CPickle, Flavour::Python3] {
        let unpickler = Unpickler::new().flavour(flavour).limits(limits);
        let (class, message) = refusal(Runtime::python2(), &unpickler, stream);
        assert_eq!(message, expected);
        assert!(class.ends_with("UnpicklingError") || class.ends_with("MemoryError"), "{class}");
        let read = Runtime::python2().try_enter(|ctx| unpickler.load(ctx, stream).map(drop));
        assert_eq!(read.expect_err("a limit is exceeded").message(), expected);
    }
}

#[test]
fn each_limit_names_itself_and_its_value() {
    let limits = Limits::new();
    check(limits.opcodes(3), b"NNNNt.", "more than 3 opcodes (Limits::opcodes raises the limit)");
    check(
        limits.nesting(2),
        b"(((ttt.",
        "more than 2 open marks (Limits::nesting raises the limit)",
    );
    check(
        limits.memo_entries(1),
        b"Nq\x00q\x01.",
        "more than 1 objects in the memo (Limits::memo_entries raises the limit)",
    );
    check(
        limits.string_length(3),
        b"X\x04\0\0\0dill.",
        "a string of 4 bytes exceeds the limit of 3 (Limits::string_length raises it)",
    );
    check(
        limits.memory(1000),
        &[&b"("[..], &b"]".repeat(30), b"t."].concat(),
        "more than 1000 bytes of memory (Limits::memory raises the limit)",
    );
    check(
        limits.memory(100_000),
        &[&b"("[..], &b"N".repeat(10_000), b"t."].concat(),
        "more than 100000 bytes of memory (Limits::memory raises the limit)",
    );
}

#[test]
fn calls() {
    let allowed = Unpickler::new().callables(Callables::Any).limits(Limits::new().calls(2));
    let list = b"c__builtin__\nlist\n(tR0";
    let stream = |times| [&list.repeat(times)[..], b"N."].concat();
    let mut runtime = Runtime::python2();
    runtime.try_enter(|ctx| allowed.loads(ctx, &stream(2)).map(drop)).expect("two calls");
    let (class, message) = refusal(runtime, &allowed, &stream(3));
    assert_eq!(message, "more than 2 calls (Limits::calls raises the limit)");
    assert!(class.ends_with("UnpicklingError"));

    let hooked = Unpickler::new().persistent_load(|_, id| Ok(id)).limits(Limits::new().calls(2));
    let (_, message) = refusal(Runtime::python2(), &hooked, b"(Pa\nPb\nPc\nt.");
    assert_eq!(message, "more than 2 calls (Limits::calls raises the limit)");
}

/// A few bytes that would make gigabytes, or never end.
#[test]
fn what_built_in_types_make_of_nothing() {
    let two: &[&[u8]] = &[
        b"c__builtin__\nbytearray\n(L1000000000000L\ntR.",
        b"c__builtin__\nlist\n(c__builtin__\nxrange\n(L1000000000000L\ntRtR.",
        b"c__builtin__\ntuple\n(c__builtin__\nxrange\n(L1000000000000L\ntRtR.",
        b"c__builtin__\nset\n(c__builtin__\nxrange\n(L1000000000000L\ntRtR.",
    ];
    let three: &[&[u8]] = &[
        b"cbuiltins\nbytes\n(L1000000000000L\ntR.",
        b"cbuiltins\nlist\n(cbuiltins\nrange\n(L1000000000000L\ntRtR.",
        b"cbuiltins\nlist\n(cbuiltins\nmap\n(cbuiltins\nstr\ncbuiltins\nrange\n(L1000000000000L\ntRtRtR.",
        b"cbuiltins\nlist\n(cbuiltins\nfilter\n(Ncbuiltins\nrange\n(L1000000000000L\ntRtRtR.",
        b"cbuiltins\nlist\n(cbuiltins\nzip\n(cbuiltins\nrange\n(L1000000000000L\ntRtRtR.",
    ];
    let unpickler = Unpickler::new();
    for (stream, make) in two
        .iter()
        .map(|it| (*it, Runtime::python2 as fn() -> Runtime))
        .chain(three.iter().map(|it| (*it, Runtime::python3 as fn() -> Runtime)))
    {
        let (class, message) = refusal(make(), &unpickler, stream);
        let shown = stream.escape_ascii();
        assert_eq!(class, "MemoryError", "{shown}");
        assert!(message.contains("Limits::memory"), "{shown}: {message}");
    }
}

/// A list that is copied again and again: a few bytes for each copy.
#[test]
fn copies_of_what_is_there() {
    let many = [
        &b"c__builtin__\nlist\np0\n0("[..],
        &b"N".repeat(20_000),
        b"lp1\n0",
        &b"(g0\n(g1\ntRl0".repeat(1000),
        b"N.",
    ]
    .concat();
    let (class, _) = refusal(Runtime::python2(), &Unpickler::new(), &many);
    assert_eq!(class, "MemoryError");
    let mapped = [
        &b"cbuiltins\nlist\np0\n0("[..],
        &b"N".repeat(20_000),
        b"lp1\n0g0\n(cbuiltins\nmap\n(g0\n(",
        &b"g1\n".repeat(1000),
        b"ltRtR.",
    ]
    .concat();
    let (class, _) = refusal(Runtime::python3(), &Unpickler::new(), &mapped);
    assert_eq!(class, "MemoryError");
}

/// What honest pickles are full of.
#[test]
fn the_defaults_are_generous() {
    let empty_dicts = [&b"\x80\x04]\x94("[..], &b"}\x94".repeat(200_000), b"e."].concat();
    let numbers = [&b"\x80\x02]q\0("[..], &b"K\x01".repeat(1_000_000), b"e."].concat();
    let nones = [&b"("[..], &b"N".repeat(2_000_000), b"t."].concat();
    let pairs = [&b"\x80\x02]q\0("[..], &b"}q\x01K\x01K\x02s".repeat(200_000), b"e."].concat();
    let text = [&b"X"[..], &20_000_000_u32.to_le_bytes(), &b"x".repeat(20_000_000), b"."].concat();
    let lists = [&b"\x80\x04]\x94("[..], &b"]\x94".repeat(400_000), b"e."].concat();
    for stream in [empty_dicts, numbers, nones, pairs, text, lists] {
        let loaded = Runtime::python3().try_enter(|ctx| {
            Unpickler::new().loads(ctx, &stream)?;
            Unpickler::new().load(ctx, &*stream).map(drop)
        });
        assert!(loaded.is_ok(), "{} bytes: {}", stream.len(), loaded.unwrap_err());
    }
}

#[test]
fn a_session_pays_for_each_load_alone() {
    let many = [&b"("[..], &b"N\x94".repeat(1_500_000), b"t."].concat();
    Runtime::python3()
        .try_enter(|ctx| {
            let unpickler = Unpickler::new();
            let session = unpickler.session(ctx);
            session.loads(ctx, &unpickler, &many)?;
            session.loads(ctx, &unpickler, b"h\x07.").map(drop)
        })
        .expect("no exception");
}

/// What called code takes counts, and an inner load keeps within what the outer one has left.
#[test]
fn loads_in_loads() {
    fn install<'gc>(ctx: Context<'gc>) -> Result<'gc, ()> {
        halfsour_copyreg::install(ctx)?;
        halfsour_pickle::install(ctx)?;
        let module = ctx.new_module("kitchen")?;
        let greedy = Function::new(ctx, "greedy", |ctx, _| {
            let many = [&b"("[..], &b"]".repeat(100_000), b"l."].concat();
            Unpickler::new().loads(ctx, &many)
        });
        module.set(ctx, "greedy", Value::from(greedy))
    }
    let stream = b"ckitchen\ngreedy\n(tR.";
    let loads = |limits| {
        Runtime::python2().try_enter(|ctx| {
            install(ctx)?;
            let any = Unpickler::new().callables(Callables::Any).limits(limits);
            any.loads(ctx, stream).map(drop)
        })
    };
    loads(Limits::new()).expect("it is within the default");
    let error = loads(Limits::new().memory(1 << 20)).expect_err("it is more than that");
    assert_eq!(error.class(), "MemoryError");
    assert!(error.message().contains("1048576"), "{error}");
}

#[test]
fn without_limits_nothing_is_refused() {
    let deep = [&b"(".repeat(1 << 21)[..], b"N", b"."].concat();
    let mut runtime = Runtime::python2();
    let error = runtime.try_enter(|ctx| Unpickler::new().loads(ctx, &deep).map(drop)).unwrap_err();
    assert!(error.message().contains("nesting"), "{error}");
    let none = Unpickler::new().limits(Limits::none());
    runtime.try_enter(|ctx| none.loads(ctx, &deep).map(drop)).expect("no limit");
}

/// Whatever there is room for, a load that has too little raises, and the runtime goes on.
#[test]
fn memory_that_ends_anywhere() {
    let stream = b"(lp0\n(dp1\nS'a'\nL123456789012345678901234567890L\nsVb\n(I1\nI2\ntsac__builtin__\nset\n((lI3\natRa\
                   c__builtin__\nbytearray\n(I300\ntRa.";
    for flavour in [Flavour::Pickle, Flavour::CPickle, Flavour::Python3] {
        let mut runtime = Runtime::python2();
        runtime.try_enter(|ctx| halfsour_copyreg::install(ctx)).expect("it is installed");
        let (mut refused, mut loaded) = (0, 0);
        for bytes in (0..8000).step_by(13) {
            let limits = Limits::new().memory(bytes);
            let unpickler = Unpickler::new().flavour(flavour).limits(limits);
            match runtime.try_enter(|ctx| unpickler.loads(ctx, stream).map(drop)) {
                Ok(()) => loaded += 1,
                Err(error) => {
                    assert_eq!(error.class(), "MemoryError", "{error}");
                    assert_eq!(loaded, 0, "{bytes} are not enough, and fewer were");
                    refused += 1;
                }
            }
        }
        assert!(refused > 50 && loaded > 50, "{refused} refused, {loaded} loaded");
    }
}

/// An instance whose code catches the error does not get away.
#[test]
fn a_memory_error_that_code_catches() {
    let loaded = Runtime::python2().try_enter(|ctx| {
        halfsour_copyreg::install(ctx)?;
        let class = Class::builder(ctx, "Stubborn")
            .method("__setstate__", |ctx, _, _| {
                let bytearray = ctx.import_from("__builtin__", "bytearray")?;
                match bytearray.call(ctx, (1_i64 << 40,)) {
                    Err(error) if error.is(ctx, &exc::MEMORY_ERROR) => Ok(Value::None),
                    other => other,
                }
            })
            .build()?;
        ctx.new_module("kitchen")?.class_named(ctx, class)?;
        let on = [&b"ckitchen\nStubborn\n)\x81Nb("[..], &b"]".repeat(1000), b"t."].concat();
        Unpickler::new().loads(ctx, &on).map(drop)
    });
    let error = loaded.expect_err("the load has taken all that it may");
    assert_eq!(error.class(), "MemoryError");
}
