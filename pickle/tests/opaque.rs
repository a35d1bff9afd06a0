//! Stand-ins for what is not registered: they keep what a stream says of them, and go back to the same bytes.

use halfsour_pickle::{Flavour, MadeBy, Missing, Opaque, OpaqueGlobal, Pickler, Unpickler};
use halfsour_runtime::{Class, ClassicClass, Runtime, Value, exc};

const fn opaque() -> Unpickler<'static> {
    Unpickler::new().missing(Missing::Opaque)
}

/// A runtime of Python 2 with `copy_reg` and `copy`.
fn python2() -> Runtime {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            halfsour_copyreg::install(ctx)?;
            halfsour_copyreg::copy::install(ctx).map(drop)
        })
        .expect("the modules are installed");
    runtime
}

/// Asserts that a stream of a protocol is written back as it was.
#[track_caller]
fn check_same(protocol: i32, stream: &[u8]) {
    check(protocol, stream, protocol, stream);
}

/// Asserts what a stream is written back as, at another protocol.
#[track_caller]
fn check(from: i32, stream: &[u8], protocol: i32, expected: &[u8]) {
    let flavour = if from > 2 || protocol > 2 { Flavour::Python3 } else { Flavour::Pickle };
    let mut runtime = if from > 2 || protocol > 2 {
        let mut runtime = Runtime::python3();
        runtime.try_enter(|ctx| halfsour_copyreg::install(ctx)).expect("copyreg is installed");
        runtime
    } else {
        python2()
    };
    let written = runtime.try_enter(|ctx| {
        let object = opaque().flavour(flavour).loads(ctx, stream)?;
        Pickler::new().flavour(flavour).protocol(protocol).dumps(ctx, object)
    });
    let shown = written.map(|written| written.escape_ascii().to_string());
    assert_eq!(
        shown.as_deref().map_err(ToString::to_string),
        Ok(&*expected.escape_ascii().to_string())
    );
}

#[test]
fn each_way_of_making_an_object_is_written_again() {
    check_same(0, b"clarder\nJar\np0\n.");
    check_same(0, b"clarder\nopen_jar\np0\n(S'dill'\np1\nI3\ntp2\nRp3\n.");
    check_same(0, b"(ilarder\nJar\np0\n(dp1\nS'lid'\np2\nI01\nsb.");
    check_same(0, b"(I1\nI2\nilarder\nJar\np0\n(dp1\nb.");
    check_same(1, b"(clarder\nJar\nq\x00K\x01oq\x01}q\x02b.");
    check_same(2, b"\x80\x02clarder\nJar\nq\x00)\x81q\x01}q\x02U\x03lidq\x03\x88sb.");
    check_same(2, b"\x80\x02clarder\nJars\nq\x00)\x81q\x01(K\x01K\x02e.");
    check_same(2, b"\x80\x02clarder\nJars\nq\x00)\x81q\x01K\x01a.");
    check_same(
        2,
        b"\x80\x02clarder\nShelf\nq\x00)\x81q\x01(U\x01aq\x02K\x01U\x01bq\x03K\x02u}q\x04b.",
    );
    check_same(4, b"\x80\x04\x95\x1f\x00\x00\x00\x00\x00\x00\x00\x8c\x06larder\x94\x8c\x03Jar\x94\x93\x94)}\x94\x8c\x03lid\x94\x88s\x92\x94.");
}

#[test]
fn one_stand_in_for_one_name() {
    check_same(0, b"(lp0\nclarder\nJar\np1\nag1\na.");
    python2()
        .try_enter(|ctx| {
            let pair = opaque().loads(ctx, b"clarder\nJar\nclarder\nJar\n\x86.")?;
            assert!(pair.get_item(ctx, 0)?.is(pair.get_item(ctx, 1)?));
            let other = opaque().loads(ctx, b"clarder\nJar\n.")?;
            assert!(other.equals(ctx, pair.get_item(ctx, 0)?)?);
            assert_eq!(other.hash(ctx)?, pair.get_item(ctx, 0)?.hash(ctx)?);
            assert!(!other.equals(ctx, opaque().loads(ctx, b"clarder\nJars\n.")?)?);
            Ok(())
        })
        .expect("no exception");
}

#[test]
fn cycles_through_stand_ins() {
    check_same(2, b"\x80\x02clarder\nJar\nq\x00)\x81q\x01}q\x02U\x06insideq\x03h\x01sb.");
}

#[test]
fn an_old_protocol_makes_new_objects_by_a_helper() {
    check(
        2,
        b"\x80\x02clarder\nJar\nq\x00K\x01\x85q\x01\x81q\x02.",
        0,
        b"ccopy_reg\n__newobj__\np0\n(clarder\nJar\np1\nI1\ntp2\nRp3\n.",
    );
    check(0, b"(I1\nilarder\nJar\np0\n.", 1, b"(clarder\nJar\nq\x00K\x01oq\x01.");
}

#[test]
fn helpers_of_copy_reg_leave_it_to_the_stand_in() {
    check_same(
        0,
        b"ccopy_reg\n_reconstructor\np0\n(clarder\nJar\np1\nc__builtin__\nobject\np2\nNtp3\nRp4\n(dp5\nS'lid'\np6\nI01\nsb.",
    );
}

#[test]
fn persistent_ids_and_extension_codes() {
    check_same(0, b"Pthe jar\n.");
    check_same(1, b"(U\x07the jarq\x00K\x01tq\x01Q.");
    check_same(2, b"\x80\x02\x82\x07.");
    check_same(2, b"\x80\x02\x84\x07\x00\x01\x00.");
}

/// An extension code is a name, too.
#[test]
fn one_stand_in_for_one_extension_code() {
    python2()
        .try_enter(|ctx| {
            // The second is the same as it is in the memo, the third by its code.
            let stream = b"\x80\x02\x82\x07q\x00h\x00\x82\x07\x87q\x01.";
            let loaded = opaque().loads(ctx, stream)?;
            let written = Pickler::new().protocol(2).dumps(ctx, loaded)?;
            for triple in [loaded, opaque().loads(ctx, &written)?] {
                let first = triple.get_item(ctx, 0)?;
                assert!(first.is(triple.get_item(ctx, 1)?) && first.is(triple.get_item(ctx, 2)?));
            }
            Ok(())
        })
        .expect("no exception");
}

/// The cache of extension codes is that of all loads of a runtime, most of which want no stand-ins.
#[test]
fn a_stand_in_for_a_registered_extension_code_is_of_its_load_alone() {
    python2()
        .try_enter(|ctx| {
            halfsour_copyreg::add_extension(ctx, "larder", "Jar", 7)?;
            let stand_in = opaque().loads(ctx, b"\x80\x02\x82\x07.")?;
            assert!(OpaqueGlobal::of(stand_in).is_some_and(|it| it.module() == "larder"));
            let error = Unpickler::new().loads(ctx, b"\x80\x02\x82\x07.").unwrap_err();
            assert!(error.is(ctx, &exc::IMPORT_ERROR));
            Ok(())
        })
        .expect("no exception");
}

/// Asserts that a stream loads in Python 3, and what a dump of that says at protocols that write lines.
#[track_caller]
fn check_no_line(stream: &[u8], protocols: std::ops::RangeInclusive<i32>, expected: &str) {
    let mut runtime = Runtime::python3();
    runtime
        .try_enter(|ctx| {
            halfsour_copyreg::install(ctx)?;
            let kept = opaque().flavour(Flavour::Python3).loads(ctx, stream)?;
            for protocol in 0..=5 {
                let dumped = Pickler::new().flavour(Flavour::Python3).protocol(protocol);
                match dumped.dumps(ctx, kept) {
                    Err(error) if protocols.contains(&protocol) => {
                        assert_eq!(error.message(ctx), expected, "protocol {protocol}");
                    }
                    dumped => {
                        opaque().flavour(Flavour::Python3).loads(ctx, &dumped?)?;
                    }
                }
            }
            Ok(())
        })
        .expect("no exception");
}

/// INST of protocol 0 would name a class by two empty lines.
#[test]
fn an_extension_code_that_means_nothing_has_no_name() {
    let expected =
        "extension code 9 is not registered, and only protocol 2 and higher can write it";
    for stream in [&b"\x80\x02\x82\x09."[..], b"\x80\x02(\x82\x09o."] {
        check_no_line(stream, 0..=1, expected);
    }
}

/// A stream that names something with newlines would choose the opcodes of what is made of it.
#[test]
fn no_name_gets_out_of_its_line() {
    let because = "its name is no line of text, and only protocol 4 and higher can write it";
    let refusal = |name: &str| format!("Can't pickle <opaque {name}>: {because}");
    let stream = b"\x80\x04\x8c\x03jar\x8c\x0dx\ncos\nsystem\n\x93.";
    check_no_line(stream, 0..=3, &refusal("jar.x\ncos\nsystem\n"));
    let stream = b"\x80\x04\x8c\x0dcos\nsystem\ncx\x8c\x01x\x93.";
    check_no_line(stream, 0..=3, &refusal("cos\nsystem\ncx.x"));
    check_no_line(b"\x80\x04\x8c\x03jar\x8c\0\x93.", 0..=3, &refusal("jar."));
    check_no_line(b"\x80\x04\x8c\x03jar\x8c\x03..x\x93.", 0..=3, &refusal("jar...x"));
    // What comes behind a dot is an argument of `getattr`.
    check_no_line(b"\x80\x04\x8c\x03jar\x8c\x05x.\n.y\x93.", 9..=9, "");
    check_no_line(b"(\x8c\x03jar\x8c\x02x\n\x93o.", 0..=3, &refusal("jar.x\n"));
    check_no_line(
        b"X\x0d\0\0\0x\ncos\nsystem\nQ.",
        0..=0,
        "a persistent id in protocol 0 must be a line of text",
    );
}

#[test]
fn what_may_not_be_called_is_kept_as_a_call() {
    python2()
        .try_enter(|ctx| {
            let module = ctx.new_module("launcher")?;
            module.function(ctx, "launch", |_, _| panic!("nothing is called"))?;
            let stream = b"clauncher\nlaunch\np0\n(I1\ntp1\nRp2\n.";
            let kept = opaque().loads(ctx, stream)?;
            let call = Opaque::of(kept).expect("it is not called");
            assert!(call.callable().is(ctx.import_from("launcher", "launch")?));
            assert_eq!(Pickler::new().dumps(ctx, kept)?, stream);
            Ok(())
        })
        .expect("no exception");
}

#[test]
fn registered_and_opaque_classes_mix() {
    python2()
        .try_enter(|ctx| {
            let module = ctx.new_module("kitchen")?;
            module.class_named(ctx, Class::builder(ctx, "Bowl").build()?)?;
            module.class_named(ctx, ClassicClass::builder(ctx, "Cup").build()?)?;
            let stream = b"\x80\x02ckitchen\nBowl\nq\x00)\x81q\x01}q\x02(U\x03jarq\x03clarder\nJar\nq\x04)\x81q\x05}q\x06U\x04bowlq\x07h\x01sbU\x03cupq\x08(ckitchen\nCup\nq\x09oq\x0a}q\x0bbub.";
            let bowl = opaque().loads(ctx, stream)?;
            assert_eq!(bowl.type_name(ctx), "Bowl");
            let jar = bowl.get_attr(ctx, "jar")?;
            assert!(jar.get_attr(ctx, "bowl")?.is(bowl));
            assert!(matches!(bowl.get_attr(ctx, "cup")?, Value::ClassicInstance(_)));
            assert_eq!(Pickler::new().protocol(2).dumps(ctx, bowl)?, stream);
            Ok(())
        })
        .expect("no exception");
}

#[test]
fn a_class_that_cannot_take_a_stand_in_is_kept_as_a_call() {
    python2()
        .try_enter(|ctx| {
            let picky = Class::builder(ctx, "Picky")
                .method("__new__", |ctx, class, args| {
                    let (number,): (i64,) = args.parse(ctx, "__new__")?;
                    let made = ctx.import_from("__builtin__", "object")?;
                    made.call_method(ctx, "__new__", (class,))?;
                    Ok(Value::Int(number))
                })
                .build()?;
            ctx.new_module("kitchen")?.class_named(ctx, picky)?;
            let stream = b"\x80\x02ckitchen\nPicky\nq\x00clarder\nJar\nq\x01\x85q\x02\x81q\x03.";
            let kept = opaque().loads(ctx, stream)?;
            assert!(Opaque::of(kept).is_some_and(|it| it.callable().is(picky.into())));
            assert_eq!(Pickler::new().protocol(2).dumps(ctx, kept)?, stream);
            // A mistake that no stand-in has a part in stays an error.
            let error = opaque().loads(ctx, b"ckitchen\nPicky\n(S'x'\ntR.").unwrap_err();
            assert!(error.is(ctx, &exc::TYPE_ERROR));
            Ok(())
        })
        .expect("no exception");
}

/// Below protocol 4 Python 3 names a class in a class by a call, which fails where the inner one is missing.
#[test]
fn a_class_that_is_missing_in_one_that_is_here() {
    let mut runtime = Runtime::python3();
    runtime
        .try_enter(|ctx| {
            halfsour_copyreg::install(ctx)?;
            let outer = Class::builder(ctx, "Outer").build()?;
            ctx.new_module("kitchen")?.class_named(ctx, outer)?;
            let stream = b"\x80\x03cbuiltins\ngetattr\nq\x00ckitchen\nOuter\nq\x01X\x05\x00\x00\x00Innerq\x02\x86q\x03Rq\x04.";
            let python3 = || opaque().flavour(Flavour::Python3);
            let kept = python3().loads(ctx, stream)?;
            assert!(Opaque::of(kept).is_some_and(|it| it.made_by() == MadeBy::Reduce));
            let pickler = Pickler::new().flavour(Flavour::Python3).protocol(3);
            assert_eq!(pickler.dumps(ctx, kept)?.escape_ascii().to_string(), stream.escape_ascii().to_string());
            let error = Unpickler::new().flavour(Flavour::Python3).loads(ctx, stream).unwrap_err();
            assert!(error.is(ctx, &exc::ATTRIBUTE_ERROR));
            Ok(())
        })
        .expect("no exception");
}

#[test]
fn everything_can_be_read_and_changed() {
    python2()
        .try_enter(|ctx| {
            let stream = b"\x80\x02clarder\nShelf\nq\x00K\x07\x85q\x01\x81q\x02(K\x01K\x02eU\x01aq\x03K\x03s}q\x04U\x04nameq\x05U\x03topq\x06sb.";
            let shelf = opaque().loads(ctx, stream)?;
            let parts = Opaque::of(shelf).expect("its class is not here");
            assert_eq!(parts.made_by(), MadeBy::NewObj);
            assert!(parts.is_made_by("larder", "Shelf"));
            assert_eq!(parts.callable_name(ctx), "larder.Shelf");
            assert!(parts.args().as_slice()[0].is(Value::Int(7)));
            assert_eq!(parts.list_items(ctx).len(), 2);
            assert!(parts.dict_items(ctx).get(0).is_some_and(|pair| pair.as_tuple().is_some()));
            assert!(parts.field(ctx, "name")?.is_some());
            assert!(parts.field(ctx, "nothing")?.is_none());
            assert_eq!(shelf.repr(ctx)?.to::<String>(ctx)?, "<opaque object of larder.Shelf>");

            parts.set_args(ctx, halfsour_runtime::Tuple::new(ctx, &[Value::Int(8)]));
            parts.list_items(ctx).push(ctx, Value::Int(9));
            shelf.set_attr(ctx, "name", "up")?;
            shelf.set_attr(ctx, "new", 1)?;
            shelf.del_attr(ctx, "new")?;
            shelf.get_attr(ctx, "new").unwrap_err();
            assert_eq!(
                Pickler::new().protocol(2).dumps(ctx, shelf)?.escape_ascii().to_string(),
                b"\x80\x02clarder\nShelf\nq\x00K\x08\x85q\x01\x81q\x02(K\x01K\x02K\x09eU\x01aq\x03K\x03s}q\x04U\x04nameq\x05U\x02upq\x06sb.".escape_ascii().to_string()
            );
            Ok(())
        })
        .expect("no exception");
}

#[test]
fn stand_ins_are_made_in_rust_too() {
    let mut runtime = python2();
    let written = runtime.try_enter(|ctx| {
        let class = OpaqueGlobal::new(ctx, "larder", "Jar")?;
        let jar = Opaque::new(ctx, MadeBy::NewObj, class.into(), &[])?;
        jar.set_field(ctx, "lid", Value::Bool(true))?;
        Pickler::new().protocol(2).dumps(ctx, jar.into())
    });
    let expected = b"\x80\x02clarder\nJar\nq\x00)\x81q\x01}q\x02U\x03lidq\x03\x88sb.";
    assert_eq!(written.expect("no exception"), expected);
}

#[test]
fn a_state_of_two_parts_has_the_fields_of_both() {
    python2()
        .try_enter(|ctx| {
            let stream = b"clarder\nJar\n)\x81}S'lid'\nI1\ns}S'slot'\nI2\ns\x86b.";
            let jar = opaque().loads(ctx, stream)?;
            assert!(jar.get_attr(ctx, "slot")?.is(Value::Int(2)));
            jar.set_attr(ctx, "slot", 3)?;
            let state = Opaque::of(jar).and_then(Opaque::state).expect("it has a state");
            assert_eq!(state.repr(ctx)?.to::<String>(ctx)?, "({'lid': 1}, {'slot': 3})");
            Ok(())
        })
        .expect("no exception");
}

#[test]
fn copies() {
    python2()
        .try_enter(|ctx| {
            let stream = b"\x80\x02clarder\nJar\nq\x00]q\x01\x85q\x02\x81q\x03K\x01a}q\x04U\x06insideq\x05h\x03sb.";
            let jar = opaque().loads(ctx, stream)?;
            let copied = halfsour_copyreg::copy::deepcopy(ctx, jar)?;
            assert!(!copied.is(jar));
            assert!(copied.get_attr(ctx, "inside")?.is(copied));
            let args = |jar| Opaque::of(jar).expect("it is opaque").args().as_slice()[0];
            assert!(!args(jar).is(args(copied)));
            assert_eq!(Pickler::new().protocol(2).dumps(ctx, copied)?, stream);
            let shallow = halfsour_copyreg::copy::copy(ctx, jar)?;
            assert!(args(jar).is(args(shallow)));
            Ok(())
        })
        .expect("no exception");
}

#[test]
fn nothing_calls_a_stand_in() {
    python2()
        .try_enter(|ctx| {
            let class = opaque().loads(ctx, b"clarder\nJar\n.")?;
            let error = class.call(ctx, ()).unwrap_err();
            assert_eq!(
                error.message(ctx),
                "<opaque larder.Jar> cannot be called: what it stands for is not registered"
            );
            Ok(())
        })
        .expect("no exception");
}

#[test]
fn by_default_what_is_missing_is_an_error() -> std::result::Result<(), halfsour_runtime::Uncaught> {
    python2().try_enter(|ctx| {
        let error = Unpickler::new().loads(ctx, b"clarder\nJar\n.").unwrap_err();
        assert!(error.is(ctx, &exc::IMPORT_ERROR));
        Ok(())
    })
}

#[test]
fn depth_costs_no_stack() {
    python2()
        .try_enter(|ctx| {
            ctx.set_recursion_limit(1_000_000);
            let depth = 100_000;
            let mut stream = b"clarder\nJar\np0\n".to_vec();
            for _ in 0..depth {
                stream.extend_from_slice(b"g0\n(");
            }
            stream.extend_from_slice(b"Nt");
            for _ in 1..depth {
                stream.extend_from_slice(b"\x81t");
            }
            stream.extend_from_slice(b"\x81.");
            let object = opaque().loads(ctx, &stream)?;
            Pickler::new().protocol(2).dumps(ctx, object)?;
            Ok(())
        })
        .expect("no exception");
}
