//! Loads of streams written by hand, after those of CPython's own behaviour (measured on 2.7.18).

use std::io::Cursor;

use halfsour_runtime::{
    Args, Class, ClassicClass, Context, Error, Instance, List, Result, Runtime, Value, exc,
};

use crate::{Callables, Flavour, Limits, Pickler, PythonReader, TextMode, Unpickler};

const PYTHON2: [Flavour; 2] = [Flavour::Pickle, Flavour::CPickle];

/// Loads a stream from a slice and from a reader, and writes what it gives at protocol 2.
fn redump(stream: &[u8], flavour: Flavour) -> std::result::Result<Vec<u8>, String> {
    let mut runtime = Runtime::python2();
    let outcome = runtime.try_enter(|ctx| {
        define_module(ctx)?;
        let unpickler = Unpickler::new().flavour(flavour);
        let pickler = Pickler::new().protocol(2);
        let from_slice = unpickler.loads(ctx, stream).and_then(|it| pickler.dumps(ctx, it));
        define_module(ctx)?;
        let from_reader = unpickler.load(ctx, stream).and_then(|it| pickler.dumps(ctx, it));
        match (from_slice, from_reader) {
            (Ok(slice), Ok(reader)) => {
                assert_eq!(slice, reader, "slice and reader disagree");
                Ok(slice)
            }
            (Err(slice), Err(reader)) => {
                assert_eq!(slice.message(ctx), reader.message(ctx));
                assert_eq!(slice.location(), reader.location());
                Err(slice)
            }
            (slice, reader) => panic!("slice {slice:?}, reader {reader:?}"),
        }
    });
    outcome.map_err(|uncaught| uncaught.without_hint().to_string())
}

/// Checks that a stream loads to what another one, of protocol 2, holds.
#[track_caller]
fn check(stream: &[u8], expected: &[u8]) {
    for flavour in PYTHON2 {
        let redumped = redump(stream, flavour);
        let expected = redump(expected, flavour);
        assert_eq!(redumped, expected, "{}", stream.escape_ascii());
        assert!(redumped.is_ok(), "{redumped:?}");
    }
}

/// Checks what both implementations of Python 2 say of a stream.
#[track_caller]
fn check_error(stream: &[u8], pickle: &str, cpickle: &str) {
    for (flavour, expected) in PYTHON2.into_iter().zip([pickle, cpickle]) {
        let outcome = redump(stream, flavour);
        assert_eq!(outcome, Err(expected.to_owned()), "{}", stream.escape_ascii());
    }
}

/// The module `m`: a classic class `Old`, a new-style class `New`, a list subclass `Items`, and `log`, a
/// list of what was called.
fn define_module(ctx: Context<'_>) -> Result<'_, ()> {
    let module = ctx.new_module("m")?;
    module.set(ctx, "log", Value::from(List::new(ctx)))?;
    let old = ClassicClass::builder(ctx, "Old").method("__init__", |ctx, this, args| {
        this.set_attr(ctx, "args", Value::Int(args.positional().len() as i64))?;
        Ok(Value::None)
    });
    module.class_named(ctx, old.build()?)?;
    let new = Class::builder(ctx, "New").method("__setattr__", |_, _, _| {
        Err(Error::new(&exc::ATTRIBUTE_ERROR, "BUILD does not set attributes one by one"))
    });
    module.class_named(ctx, new.build()?)?;
    let stateful = Class::builder(ctx, "Stateful").method("__setstate__", log_call("setstate"));
    module.class_named(ctx, stateful.build()?)?;
    let items = Class::builder(ctx, "Items")
        .base(ctx.types().list)
        .method("append", log_call("append"))
        .method("extend", log_call("extend"));
    module.class_named(ctx, items.build()?)
}

/// A method that writes its name and argument into `m.log`.
fn log_call(
    name: &'static str,
) -> impl for<'gc> Fn(Context<'gc>, Value<'gc>, Args<'gc>) -> Result<'gc> + 'static {
    move |ctx, _, args| {
        let log = ctx.import_from("m", "log")?;
        if let Some(log) = log.as_list() {
            log.push(ctx, ctx.str(name));
            log.extend(ctx, args.positional());
        }
        Ok(Value::None)
    }
}

#[test]
fn atoms() {
    check(b"N.", b"\x80\x02N.");
    check(b"I01\n.", b"\x88.");
    check(b"I00\n.", b"\x89.");
    check(b"I-5\n.", b"J\xfb\xff\xff\xff.");
    check(b"L5L\n.", b"\x8a\x01\x05.");
    check(b"\x8b\x03\x00\x00\x00\xff\xff\x7f.", b"L8388607L\n.");
    check(b"F-0.5\n.", b"G\xbf\xe0\0\0\0\0\0\0.");
    check(b"S'a\\x00b'\n.", b"U\x03a\0b.");
    check(b"V\\u20ac\n.", b"X\x03\0\0\0\xe2\x82\xac.");
    check(b"X\x03\0\0\0\xed\xa0\x80.", b"V\\ud800\n.");
}

#[test]
fn containers() {
    check(b"(lp0\n(lp1\nag1\na.", b"](]q\x01h\x01e.");
    check(b"(dp0\nS'a'\nI1\ns.", b"}U\x01aK\x01s.");
    check(b"(I1\nI2\nt.", b"K\x01K\x02\x86.");
    check(b"(I1\nI2\nI3\nI4\nd.", b"}(K\x01K\x02K\x03K\x04u.");
    check(b"(](K\x01K\x02e)t.", b"](K\x01K\x02e)\x86.");
}

#[test]
fn every_nan_is_a_key_of_its_own() {
    let nan = b"G\x7f\xf8\0\0\0\0\0\0";
    let stream = [&b"}("[..], nan, b"N", nan, b"K\x01u."].concat();
    Runtime::python2()
        .try_enter(|ctx| {
            let dict = crate::loads(ctx, &stream)?;
            assert_eq!(dict.as_dict().map(|dict| dict.len()), Some(2));
            Ok(())
        })
        .unwrap();
}

#[test]
fn the_stack() {
    check(b"NN.", b"N.");
    check(b"(0N.", b"N.");
    check(b"N(NN1.", b"N.");
    check(b"]2\x86.", b"]q\0h\0\x86.");
}

#[test]
fn objects() {
    // Neither `__init__` nor `__setattr__` runs.
    check(b"(im\nOld\n(dS'x'\nI1\nsb.", b"(cm\nOld\no}U\x01xK\x01sb.");
    check(b"cm\nNew\n)\x81}U\x01xK\x01sb.", b"cm\nNew\n)R}U\x01xK\x01sb.");
    // With arguments the class is called.
    check(b"(N(dim\nOld\n.", b"(cm\nOld\nN}o.");
    check_error(
        b"(cm\nlog\no.",
        "AttributeError: 'list' object has no attribute '__name__' (at offset 8, opcode OBJ)",
        "TypeError: 'list' object is not callable (at offset 8, opcode OBJ)",
    );
}

#[test]
fn what_is_called() {
    check(b"cm\nStateful\n)\x81K\x07b0cm\nlog\n.", b"](U\x08setstateK\x07e.");
    let pickle = |stream| redump(stream, Flavour::Pickle);
    let cpickle = |stream| redump(stream, Flavour::CPickle);
    // cPickle writes into a list subclass past its methods.
    let append = b"cm\nItems\n)\x81K\x01a0cm\nlog\n.";
    assert_eq!(pickle(append), pickle(b"](U\x06appendK\x01e."));
    assert_eq!(cpickle(append), cpickle(b"]."));
    let extend = b"cm\nItems\n)\x81(K\x01e0cm\nlog\n.";
    assert_eq!(pickle(extend), pickle(b"](U\x06extend]K\x01ae."));
    assert_eq!(cpickle(extend), cpickle(b"]."));
    // REDUCE of a classic class without arguments calls it in pickle.py only.
    let reduce = b"cm\nOld\n)R.";
    assert_eq!(pickle(reduce), pickle(b"(cm\nOld\no}U\x04argsK\x00sb."));
    assert_eq!(cpickle(reduce), cpickle(b"(cm\nOld\no."));
}

#[test]
fn malformed_streams_say_where() {
    check_error(
        b"",
        "EOFError: the stream ends without STOP (at offset 0)",
        "EOFError: the stream ends without STOP (at offset 0)",
    );
    check_error(
        b"N]a.",
        "AttributeError: 'NoneType' object has no attribute 'append' (at offset 2, opcode APPEND)",
        "AttributeError: 'NoneType' object has no attribute 'append' (at offset 2, opcode APPEND)",
    );
    check_error(
        b"NA.",
        "pickle.UnpicklingError: invalid load key, 'A'. (at offset 1)",
        "cPickle.UnpicklingError: invalid load key, 'A'. (at offset 1)",
    );
    check_error(
        b"N\x8c\x01a.",
        "pickle.UnpicklingError: invalid load key, '\\x8c'. (at offset 1, opcode SHORT_BINUNICODE)",
        "cPickle.UnpicklingError: invalid load key, '\\x8c'. (at offset 1, opcode SHORT_BINUNICODE)",
    );
    check_error(
        b"h\x07.",
        "KeyError: '7' (at offset 0, opcode BINGET)",
        "cPickle.BadPickleGet: 7 (at offset 0, opcode BINGET)",
    );
    check_error(
        b"T\xff\xff\xff\xff.",
        "pickle.UnpicklingError: BINSTRING pickle has negative byte count (at offset 0, opcode BINSTRING)",
        "cPickle.UnpicklingError: BINSTRING pickle has negative byte count (at offset 0, opcode BINSTRING)",
    );
    check_error(
        b"0",
        "IndexError: pop from empty list (at offset 0, opcode POP)",
        "cPickle.UnpicklingError: unpickling stack underflow (at offset 0, opcode POP)",
    );
    check_error(
        b"e",
        "IndexError: list index out of range (at offset 0, opcode APPENDS)",
        "cPickle.UnpicklingError: could not find MARK (at offset 0, opcode APPENDS)",
    );
    check_error(
        b"\x80\x03N.",
        "ValueError: unsupported pickle protocol: 3 (at offset 0, opcode PROTO)",
        "ValueError: unsupported pickle protocol: 3 (at offset 0, opcode PROTO)",
    );
    check_error(
        b"(dNQ.",
        "AttributeError: Unpickler instance has no attribute 'persistent_load' (at offset 3, opcode BINPERSID)",
        "cPickle.UnpicklingError: A load persistent id instruction was encountered,\n\
         but no persistent_load function was specified. (at offset 3, opcode BINPERSID)",
    );
}

#[test]
fn a_get_that_is_cut_off_is_looked_up_first() {
    let missing = "(at offset 0, opcode GET)";
    check_error(
        b"garyp",
        &format!("KeyError: 'ary' {missing}"),
        &format!("cPickle.BadPickleGet: ary {missing}"),
    );
    let found = "EOFError: the stream ends without STOP (at offset 8)";
    check_error(b"(lp1\ng12", found, found);
}

#[test]
fn a_key_without_a_value() {
    let (index, odd) = ("IndexError: list index out of range", "odd number of items for SETITEMS");
    let place = "(at offset 3, opcode SETITEMS)";
    check_error(
        b"}(Nu.",
        &format!("{index} {place}"),
        &format!("cPickle.UnpicklingError: {odd} {place}"),
    );
    let dropped = redump(b"(I1\nI2\nNd.", Flavour::CPickle);
    assert_eq!(dropped, redump(b"(I1\nI2\nd.", Flavour::CPickle));
    assert!(redump(b"(Nd.", Flavour::Pickle).is_err_and(|error| error.starts_with(index)));
}

#[test]
fn a_stream_damaged_by_a_text_mode() {
    let damaged = b"(lp0\r\nS'a'\r\np1\r\na.";
    for flavour in PYTHON2 {
        let error = redump(damaged, flavour).unwrap_err();
        assert!(error.contains("CR LF") && error.contains("TextMode"), "{error}");
    }
    Runtime::python2()
        .try_enter(|ctx| {
            let mut file = &damaged[..];
            let list = Unpickler::new().load(ctx, TextMode::new(&mut file))?;
            assert_eq!(Pickler::new().dumps(ctx, list)?, b"(lp0\nS'a'\np1\na.");
            assert_eq!(file, b"", "the reader is just behind STOP");
            Ok(())
        })
        .unwrap();
}

#[test]
fn pickles_one_behind_the_other() {
    let mut runtime = Runtime::python2();
    let mut file = Cursor::new(b"K\x01.(lp0\n.rest");
    runtime
        .try_enter(|ctx| {
            let unpickler = Unpickler::new();
            assert!(unpickler.load(ctx, &mut file)?.is(Value::Int(1)));
            assert!(unpickler.load(ctx, &mut file)?.as_list().is_some());
            Ok(())
        })
        .unwrap();
    assert_eq!(file.position(), 9);
}

#[test]
fn file_like_objects() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            let class = ClassicClass::builder(ctx, "File")
                .attr("lines", List::new(ctx))
                .method("read", |ctx, _, args| {
                    let (count,): (i64,) = args.parse(ctx, "read")?;
                    Ok(ctx.str(if count == 1 { "V" } else { "" }))
                })
                .method("readline", |_, _, _| Ok(Value::None));
            let file = Value::from(class.build()?).call(ctx, ())?;
            let error = Unpickler::new().load(ctx, PythonReader::new(ctx, file)?).unwrap_err();
            assert!(error.is(ctx, &exc::TYPE_ERROR));
            assert!(PythonReader::new(ctx, Value::None).is_err());
            Ok(())
        })
        .unwrap();
}

#[test]
fn depth_costs_no_stack() {
    const DEPTH: usize = 200_000;
    for stream in [
        [&b"]".repeat(DEPTH)[..], &b"a".repeat(DEPTH - 1), b"."].concat(),
        [b")", &b"\x85".repeat(DEPTH)[..], b"."].concat(),
        [&b"(".repeat(DEPTH)[..], &b"l".repeat(DEPTH), b"."].concat(),
    ] {
        let mut runtime = Runtime::python2();
        runtime.try_enter(|ctx| crate::loads(ctx, &stream).map(|_| ())).unwrap();
        runtime.collect();
    }
}

#[test]
fn limits() {
    #[track_caller]
    fn refused(limits: Limits, stream: &[u8], what: &str) {
        let unpickler = Unpickler::new().limits(limits);
        let error = Runtime::python2()
            .try_enter(|ctx| unpickler.loads(ctx, stream).map(|_| ()))
            .unwrap_err();
        assert!(error.message().contains(what), "{error}");
    }
    refused(Limits::new().digits(3), b"L1234L\n.", "digits");
    refused(Limits::new().string_length(3), b"U\x04abcd.", "string_length");
    refused(Limits::new().string_length(5), b"S'abcd'\n.", "string_length");
    refused(Limits::new().string_length(3), b"Vabcd\n.", "string_length");
    refused(Limits::new().memo_entries(1), b"Nq\x00q\x01.", "memo_entries");
}

#[test]
fn what_may_be_called() {
    let loads = |callables, stream: &'static [u8]| {
        Runtime::python2().try_enter(|ctx| {
            halfsour_copyreg::install(ctx)?;
            define_module(ctx)?;
            let module = ctx.new_module("f")?;
            module.function(ctx, "plain", |_, _| Ok(Value::Int(1)))?;
            let declared = module.function(ctx, "declared", |_, _| Ok(Value::Int(2)))?;
            halfsour_copyreg::constructor(ctx, declared.into())?;
            let marked = module.function(ctx, "marked", |_, _| Ok(Value::Int(3)))?;
            Value::from(marked).set_attr(ctx, "__safe_for_unpickling__", 1)?;
            let loaded = Unpickler::new().callables(callables).loads(ctx, stream)?;
            Ok(format!("{loaded:?}"))
        })
    };
    for (stream, safe) in [
        (&b"cf\nplain\n)R."[..], false),
        (b"(if\nplain\n.", false),
        (b"(cf\nplain\no.", false),
        (b"cf\ndeclared\n)R.", true),
        (b"cf\nmarked\n)R.", true),
        (b"cm\nNew\n)R.", true),
        (b"(im\nOld\n.", true),
        (b"ccopy_reg\n__newobj__\n(cm\nNew\ntR.", true),
    ] {
        assert!(loads(Callables::Any, stream).is_ok(), "{}", stream.escape_ascii());
        let outcome = loads(Callables::Safe, stream);
        assert_eq!(outcome.is_ok(), safe, "{}: {outcome:?}", stream.escape_ascii());
    }
    let refused = loads(Callables::Safe, b"cf\nplain\n)R.").unwrap_err();
    assert!(refused.is(&crate::UNPICKLING_ERROR));
    assert!(refused.message().contains("is not safe for unpickling"), "{refused}");
}

#[test]
fn a_memo_that_holds_its_own_session_is_freed() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            let class = Class::builder(ctx, "Holder").native().build()?;
            ctx.new_module("m")?.class_named(ctx, class)
        })
        .unwrap();
    let first = objects_after_a_cycle_through_a_memo(&mut runtime);
    assert_eq!(objects_after_a_cycle_through_a_memo(&mut runtime), first);
}

/// Loads a list, puts its session into it, drops both, and counts what is left.
fn objects_after_a_cycle_through_a_memo(runtime: &mut Runtime) -> usize {
    runtime
        .try_enter(|ctx| {
            let class: Class<'_> = ctx.import_from("m", "Holder")?.to(ctx)?;
            let unpickler = Unpickler::new();
            let session = unpickler.session(ctx);
            let holder = Instance::native(ctx, class, session.traced());
            let list = session.loads(ctx, &unpickler, b"]q\x00.")?;
            if let Some(list) = list.as_list() {
                list.push(ctx, holder.into());
            }
            assert!(session.loads(ctx, &unpickler, b"h\x00.")?.is(list));
            Ok(())
        })
        .unwrap();
    runtime.collect();
    runtime.objects()
}
