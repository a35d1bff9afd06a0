//! What a host lets a stream do: every way of reaching, calling and altering something is asked about first.

use halfsour_pickle::tools::{Target, Use};
use halfsour_pickle::{Callables, Unpickler};
use halfsour_runtime::{Class, Context, Error, Function, Result, Runtime, Value, exc};

/// A module with a class and a function that raise when they are used in any way.
fn install(ctx: Context<'_>) -> Result<'_, ()> {
    halfsour_copyreg::install(ctx)?;
    let module = ctx.new_module("trap")?;
    module.function(ctx, "spring", |_, _| reached())?;
    let class = Class::builder(ctx, "Trap")
        .method("__new__", |_, _, _| reached())
        .method("__setstate__", |_, _, _| reached())
        .build()?;
    module.class_named(ctx, class)?;
    let open = Class::builder(ctx, "Open")
        .method("__setstate__", |_, _, _| reached())
        .method("append", |_, _, _| reached())
        .method("extend", |_, _, _| reached())
        .method("__setitem__", |_, _, _| reached())
        .method("__call__", |_, _, _| reached())
        .build()?;
    module.class_named(ctx, open)?;
    halfsour_copyreg::add_extension(ctx, "trap", "Trap", 7)
}

fn reached<'gc>() -> Result<'gc> {
    Err(Error::new(&exc::ASSERTION_ERROR, "reached"))
}

/// Asserts what is refused first of a stream in both dialects, by a policy that refuses one use of one thing.
#[track_caller]
fn check(stream: &[u8], refused: &str, usage: Use) {
    for mut runtime in [Runtime::python2(), Runtime::python3()] {
        let unpickler = Unpickler::new()
            .flavour(halfsour_pickle::Flavour::Python3)
            .persistent_load(|_, _| reached())
            .policy(|target, it| (target.to_string().as_str(), it) != (refused, usage));
        let error = runtime
            .try_enter(|ctx| {
                install(ctx)?;
                unpickler.loads(ctx, stream).map(drop)
            })
            .expect_err("the policy refuses it");
        let expected = format!("{refused} {usage}, which the policy does not allow");
        assert_eq!(error.message(), expected);
        assert!(error.class().ends_with("UnpicklingError"), "{error}");
        assert!(error.location().and_then(|it| it.offset).is_some());
    }
}

#[test]
fn names() {
    check(b"ctrap\nTrap\n.", "trap.Trap", Use::Referenced);
    check(b"\x80\x04\x8c\x04trap\x8c\x04Trap\x93.", "trap.Trap", Use::Referenced);
    check(b"\x82\x07.", "trap.Trap", Use::Referenced);
    check(b"(itrap\nTrap\n.", "trap.Trap", Use::Referenced);
    check(b"Px\n.", "an object with a persistent id", Use::Referenced);
    check(b"K\x01Q.", "an object with a persistent id", Use::Referenced);
}

/// What an extension code means is kept for all loads of a runtime, and for this one only if its policy says so.
#[test]
fn an_extension_code_that_an_earlier_load_has_found() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            install(ctx)?;
            Unpickler::new().loads(ctx, b"\x82\x07.")?;
            let strict = Unpickler::new().policy(|target, _| target.to_string() != "trap.Trap");
            let error = strict.loads(ctx, b"\x82\x07.").unwrap_err();
            assert!(error.message(ctx).starts_with("trap.Trap is referenced"), "{error:?}");
            Ok(())
        })
        .expect("no exception");
}

#[test]
fn an_extension_code_that_is_not_registered() {
    let opaque = || Unpickler::new().missing(halfsour_pickle::Missing::Opaque);
    Runtime::python2()
        .try_enter(|ctx| {
            halfsour_copyreg::install(ctx)?;
            let none = opaque().policy(|_, _| false);
            let error = none.loads(ctx, b"\x82\x08.").unwrap_err();
            assert!(error.message(ctx).starts_with("extension code 8 is referenced"));
            let named = opaque().policy(|_, usage| usage == Use::Referenced);
            let error = named.loads(ctx, b"\x82\x08)R.").unwrap_err();
            assert!(error.message(ctx).starts_with("extension code 8 is called"));
            Ok(())
        })
        .expect("no exception");
}

#[test]
fn a_dotted_name_is_asked_about_as_a_whole() {
    let stream = b"\x80\x04\x8c\x04trap\x8c\x0eTrap.__class__\x93.";
    check(stream, "trap.Trap.__class__", Use::Referenced);
}

#[test]
fn calls() {
    check(b"ctrap\nspring\n(tR.", "trap.spring", Use::Called);
    check(b"ctrap\nTrap\n(tR.", "trap.Trap", Use::Called);
    check(b"(itrap\nTrap\n.", "trap.Trap", Use::Instantiated);
    check(b"(ctrap\nTrap\no.", "trap.Trap", Use::Instantiated);
    check(b"ctrap\nTrap\n)\x81.", "trap.Trap", Use::Instantiated);
    check(b"ctrap\nTrap\n)}\x92.", "trap.Trap", Use::Instantiated);
    check(b"ctrap\nOpen\n)\x81(tR.", "trap.Open", Use::ResultCalled);
}

#[test]
fn a_helper_of_copy_reg_makes_no_exception() {
    let helpers = ["copy_reg\n__newobj__", "copyreg\n__newobj__"];
    let stream = |helper: &str| format!("c{helper}\n(ctrap\nTrap\ntR.").into_bytes();
    for (mut runtime, helper) in [Runtime::python2(), Runtime::python3()].into_iter().zip(helpers) {
        let unpickler = Unpickler::new()
            .policy(|target, usage| target.to_string() != "trap.Trap" || usage == Use::Referenced);
        let error = runtime
            .try_enter(|ctx| {
                install(ctx)?;
                unpickler.loads(ctx, &stream(helper)).map(drop)
            })
            .expect_err("the policy refuses it");
        assert!(error.message().starts_with("trap.Trap is instantiated, which"), "{error}");
    }
}

#[test]
fn changes() {
    check(b"ctrap\nOpen\n)\x81}b.", "trap.Open", Use::GivenState);
    check(b"ctrap\nOpen\n)\x81Na.", "trap.Open", Use::GivenItems);
    check(b"ctrap\nOpen\n)\x81(NNe.", "trap.Open", Use::GivenItems);
    check(b"ctrap\nOpen\n)\x81NNs.", "trap.Open", Use::GivenItems);
    check(b"ctrap\nOpen\n)\x81(NNu.", "trap.Open", Use::GivenItems);
    check(b"ctrap\nOpen\n)\x81(NN\x90.", "trap.Open", Use::GivenItems);
    check(b"ctrap\nOpen\n}b.", "trap.Open", Use::Altered);
    check(b"ctrap\nOpen\nN}U\x01xNs\x86b.", "trap.Open", Use::Altered);
}

#[test]
fn what_the_memo_of_an_earlier_load_holds_is_asked_about_too() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            install(ctx)?;
            let open = Unpickler::new();
            let session = open.session(ctx);
            session.loads(ctx, &open, b"ctrap\nspring\np0\n.")?;
            let strict =
                Unpickler::new().policy(|target, _| !matches!(target, Target::Unresolved { .. }));
            let error = session.loads(ctx, &strict, b"g0\n(tR.").unwrap_err();
            assert!(error.message(ctx).starts_with("the global ?.? is called, which"));
            Ok(())
        })
        .expect("no exception");
}

#[test]
fn a_policy_that_allows_it_calls_what_is_not_declared_safe() {
    Runtime::python2()
        .try_enter(|ctx| {
            ctx.new_module("kitchen")?.function(ctx, "boil", |_, _| Ok(Value::Int(100)))?;
            let boils = Unpickler::new().policy(|target, _| target.to_string() == "kitchen.boil");
            assert!(boils.loads(ctx, b"ckitchen\nboil\n(tR.")?.is(Value::Int(100)));
            Ok(())
        })
        .expect("no exception");
}

/// Asserts whether the safe default lets a stream call a function that says so itself.
#[track_caller]
fn check_declared(
    declared: impl for<'gc> Fn(Context<'gc>, Function<'gc>) -> Result<'gc, ()>,
    loads: bool,
) {
    Runtime::python2()
        .try_enter(|ctx| {
            halfsour_copyreg::install(ctx)?;
            let function =
                ctx.new_module("kitchen")?.function(ctx, "boil", |_, _| Ok(Value::None))?;
            declared(ctx, function)?;
            for stream in
                [&b"ckitchen\nboil\n(tR."[..], b"(ikitchen\nboil\n.", b"(ckitchen\nboil\no."]
            {
                let loaded = Unpickler::new().loads(ctx, stream);
                assert_eq!(loaded.is_ok(), loads, "{}", stream.escape_ascii());
                if let Err(error) = loaded {
                    assert!(error.message(ctx).contains("is not safe for unpickling"));
                    assert!(error.hint().is_some_and(|it| it.contains("copy_reg.constructor")));
                }
                assert!(Unpickler::new().callables(Callables::Any).loads(ctx, stream).is_ok());
            }
            Ok(())
        })
        .expect("no exception");
}

#[test]
fn safe_constructors() {
    check_declared(|_, _| Ok(()), false);
    check_declared(|ctx, function| halfsour_copyreg::constructor(ctx, function.into()), true);
    check_declared(
        |ctx, function| {
            let class = Class::builder(ctx, "Jar").build()?;
            halfsour_copyreg::pickle(ctx, class.into(), function.into(), Some(function.into()))
        },
        true,
    );
    let mark = "__safe_for_unpickling__";
    check_declared(|ctx, function| Value::from(function).set_attr(ctx, mark, true), true);
    check_declared(|ctx, function| Value::from(function).set_attr(ctx, mark, 0), false);
}

#[test]
fn a_class_in_a_class_is_found_and_nothing_else_of_getattr() {
    Runtime::python3()
        .try_enter(|ctx| {
            halfsour_copyreg::install(ctx)?;
            let inner = Class::builder(ctx, "Inner").build()?;
            let outer = Class::builder(ctx, "Outer").attr("Inner", inner).build()?;
            ctx.new_module("kitchen")?.class_named(ctx, outer)?;
            let nested = b"cbuiltins\ngetattr\n(ckitchen\nOuter\nX\x05\x00\x00\x00InnertR.";
            assert!(Unpickler::new().loads(ctx, nested)?.is(inner.into()));
            let of_object = b"cbuiltins\ngetattr\n(]X\x06\x00\x00\x00appendtR.";
            let error = Unpickler::new().loads(ctx, of_object).unwrap_err();
            assert!(error.message(ctx).contains("is not safe for unpickling"));
            Ok(())
        })
        .expect("no exception");
}
