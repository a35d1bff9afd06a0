//! Instances, classes and functions of a module `m`, hooks and sessions.

use halfsour_runtime::{Class, ClassicClass, Context, Function, Result, Runtime, Tuple, Value};

use super::{Make, assert_cpickle, assert_pickle, error_of, list};
use crate::flavour::Flavour;
use crate::pickler::Pickler;

/// Module `m` with classic classes `Old`, `Init` and `State`, a new-style `New`, and a function `f`.
fn module(ctx: Context<'_>) -> Result<'_, halfsour_runtime::Module<'_>> {
    if let Ok(Value::Module(module)) = ctx.import("m") {
        return Ok(module);
    }
    let module = ctx.new_module("m")?;
    module.class_named(ctx, ClassicClass::builder(ctx, "Old").build()?)?;
    let init = ClassicClass::builder(ctx, "Init")
        .method("__getinitargs__", |ctx, _, _| Ok(Tuple::new(ctx, &[ctx.str("x")]).into()));
    module.class_named(ctx, init.build()?)?;
    let state = ClassicClass::builder(ctx, "State").method("__getstate__", |ctx, _, _| {
        let dict = halfsour_runtime::Dict::new(ctx);
        dict.insert_name(ctx, ctx.intern("a"), Value::Int(1))?;
        Ok(dict.into())
    });
    module.class_named(ctx, state.build()?)?;
    module.class_named(ctx, Class::builder(ctx, "New").build()?)?;
    module.function(ctx, "f", |_, _| Ok(Value::None))?;
    Ok(module)
}

fn instance<'gc>(ctx: Context<'gc>, class: &str) -> Result<'gc> {
    let module = module(ctx)?;
    module.get(ctx, class).expect("a class of the module").call(ctx, ())
}

#[test]
fn a_classic_instance_in_its_own_dict() {
    let make: Make = |ctx| {
        let old = instance(ctx, "Old")?;
        old.set_attr(ctx, "a", 1)?;
        old.set_attr(ctx, "me", old)?;
        Ok(old)
    };
    assert_pickle(make, 0, b"(im\nOld\np0\n(dp1\nS'a'\np2\nI1\nsS'me'\np3\ng0\nsb.");
    assert_pickle(make, 1, b"(cm\nOld\nq\x00oq\x01}q\x02(U\x01aq\x03K\x01U\x02meq\x04h\x01ub.");
    assert_cpickle(make, 0, b"(im\nOld\np1\n(dp2\nS'a'\nI1\nsS'me'\np3\ng1\nsb.");
    assert_cpickle(make, 2, b"\x80\x02(cm\nOld\nq\x01oq\x02}q\x03(U\x01aK\x01U\x02meq\x04h\x02ub.");
}

#[test]
fn the_first_temporary_of_a_pickler_takes_a_memo_number() {
    let make: Make = |ctx| {
        let (init, state) = (instance(ctx, "Init")?, instance(ctx, "State")?);
        Ok(list(ctx, &[init, state]))
    };
    assert_pickle(
        make,
        0,
        b"(lp0\n(S'x'\np2\nim\nInit\np3\n(dp4\nba(im\nState\np5\n(dp6\nS'a'\np7\nI1\nsba.",
    );
    assert_pickle(
        make,
        1,
        b"]q\x00((cm\nInit\nq\x02U\x01xq\x03oq\x04}q\x05b(cm\nState\nq\x06oq\x07}q\x08U\x01aq\tK\x01sbe.",
    );
    assert_cpickle(
        make,
        1,
        b"]q\x01((cm\nInit\nq\x02U\x01xoq\x03}q\x04b(cm\nState\nq\x05oq\x06}q\x07U\x01aK\x01sbe.",
    );
}

#[test]
fn a_new_style_instance_and_a_cycle_through_its_dict() {
    let make: Make = |ctx| {
        let new = instance(ctx, "New")?;
        new.set_attr(ctx, "a", list(ctx, &[new]))?;
        Ok(list(ctx, &[new, new]))
    };
    let expected = b"\x80\x02]q\x00(cm\nNew\nq\x01)\x81q\x02}q\x03U\x01aq\x04]q\x05h\x02asbh\x02e.";
    assert_pickle(make, 2, expected);
    let expected = b"\x80\x02]q\x01(cm\nNew\nq\x02)\x81q\x03}q\x04U\x01a]q\x05h\x03asbh\x03e.";
    assert_cpickle(make, 2, expected);
}

#[test]
fn functions_and_classes_are_names() {
    let make: Make = |ctx| {
        let module = module(ctx)?;
        let get = |name| module.get(ctx, name).expect("a name of the module");
        Ok(list(ctx, &[get("f"), get("New"), get("Old"), get("f")]))
    };
    assert_pickle(make, 1, b"]q\x00(cm\nf\nq\x01cm\nNew\nq\x02cm\nOld\nq\x03h\x01e.");
}

#[test]
fn a_function_without_a_module_is_searched_for() {
    let make: Make = |ctx| {
        let module = ctx.new_module("somewhere")?;
        let lost = Function::new(ctx, "lost", |_, _| Ok(Value::None));
        module.dict().insert_name(ctx, ctx.intern("lost"), lost.into())?;
        Ok(lost.into())
    };
    assert_pickle(make, 0, b"csomewhere\nlost\np0\n.");
}

#[test]
fn what_is_not_found_under_its_name_cannot_be_pickled() {
    let replaced: Make = |ctx| {
        let module = module(ctx)?;
        let old = module.get(ctx, "New").expect("a class");
        module.set(ctx, "New", Value::None)?;
        Ok(old)
    };
    let missing: Make = |ctx| Ok(Class::builder(ctx, "Gone").module("m").build()?.into());
    let [pickle, cpickle] =
        [Flavour::Pickle, Flavour::CPickle].map(|it| Pickler::new().flavour(it));
    assert_eq!(
        error_of(&pickle, replaced),
        "pickle.PicklingError: Can't pickle <class 'm.New'>: it's not the same object as m.New (at root)"
    );
    assert_eq!(
        error_of(&pickle, missing),
        "pickle.PicklingError: Can't pickle <class 'm.Gone'>: it's not found as m.Gone (at root)"
    );
    assert_eq!(
        error_of(&cpickle, missing),
        "cPickle.PicklingError: Can't pickle <class 'm.Gone'>: import of module m failed (at root)"
    );
}

#[test]
fn an_error_names_the_path_through_the_objects() {
    let make: Make = |ctx| {
        let gone = Class::builder(ctx, "Gone").module("m2").build()?;
        let old = instance(ctx, "Old")?;
        old.set_attr(ctx, "profile", Tuple::new(ctx, &[Value::None, gone.into()]))?;
        let dict = halfsour_runtime::Dict::new(ctx);
        dict.insert(ctx, ctx.str("users"), list(ctx, &[Value::None, old]))?;
        Ok(dict.into())
    };
    for protocol in [0, 1, 2] {
        let error = error_of(&Pickler::new().protocol(protocol), make);
        assert!(error.ends_with("(at root['users'][1].profile[1])"), "{error}");
    }
}

#[test]
fn the_path_leads_through_the_state_of_a_new_style_instance() {
    let make: Make = |ctx| {
        let gone = Class::builder(ctx, "Gone").module("m2").build()?;
        let (whole, broken) = (instance(ctx, "New")?, instance(ctx, "New")?);
        whole.set_attr(ctx, "profile", 1)?;
        broken.set_attr(ctx, "profile", Tuple::new(ctx, &[Value::None, gone.into()]))?;
        // Of the second, the class is in the memo already, so that only its state is waited for.
        Ok(list(ctx, &[whole, broken]))
    };
    let error = error_of(&Pickler::new().protocol(2), make);
    assert!(error.ends_with("(at root[1].profile[1])"), "{error}");
}

#[test]
fn persistent_ids_replace_objects() {
    let make: Make = |ctx| Ok(list(ctx, &[Value::Int(7), Value::Int(8)]));
    let dumps = |flavour, protocol| {
        let pickler =
            Pickler::new().flavour(flavour).protocol(protocol).persistent_id(|_, object| {
                Ok(matches!(object, Value::Int(7)).then_some(Value::Int(70)))
            });
        Runtime::python2().try_enter(|ctx| pickler.dumps(ctx, make(ctx)?))
    };
    assert_eq!(dumps(Flavour::Pickle, 0).expect("a pickle"), b"(lp0\nP70\naI8\na.");
    assert_eq!(dumps(Flavour::Pickle, 2).expect("a pickle"), b"\x80\x02]q\x00(K\x46QK\x08e.");
    assert_eq!(dumps(Flavour::CPickle, 1).expect("a pickle"), b"]q\x01(K\x46QK\x08e.");
    let error = dumps(Flavour::CPickle, 0).expect_err("an id that is no string");
    assert_eq!(error.message(), "persistent id must be string");
}

#[test]
fn a_session_goes_on_with_its_memo_after_collections() {
    let mut runtime = Runtime::python2();
    runtime.set_stress(true);
    let pickler = Pickler::new().protocol(1);
    let mut file = Vec::new();
    let (memo, spam) = runtime
        .try_enter(|ctx| {
            let holder = Class::builder(ctx, "Holder").native().build()?;
            let session = pickler.session(ctx)?;
            let spam = list(ctx, &[]);
            session.dump(ctx, &pickler, spam, &mut file)?;
            let holder = halfsour_runtime::Instance::native(ctx, holder, session.traced());
            // The memo holds the holder of the memo.
            session.traced().push(ctx, holder.into());
            Ok((ctx.stash(holder), ctx.stash(spam)))
        })
        .expect("a dump");
    runtime
        .try_enter(|ctx| {
            let traced = ctx.fetch(&memo).native_content().expect("the memo");
            let session = crate::pickler::PicklerSession::resume(traced)?;
            let spam = ctx.fetch(&spam);
            session.dump(ctx, &pickler, spam, &mut file)?;
            session.clear_memo(ctx)?;
            session.dump(ctx, &pickler, spam, &mut file)
        })
        .expect("two dumps");
    assert_eq!(file, b"]q\x00.h\x00.]q\x00.");
    assert!(runtime.collections() > 0);
}

#[test]
fn a_failed_dump_leaves_what_it_wrote_and_a_usable_memo() {
    let mut file = Vec::new();
    Runtime::python2()
        .try_enter(|ctx| {
            let gone = Class::builder(ctx, "Gone").module("m2").build()?;
            let spam = list(ctx, &[]);
            let pickler = Pickler::new();
            let session = pickler.session(ctx)?;
            assert!(
                session.dump(ctx, &pickler, list(ctx, &[spam, gone.into()]), &mut file).is_err()
            );
            session.dump(ctx, &pickler, spam, &mut file)
        })
        .expect("a dump");
    assert_eq!(file, b"(lp0\n(lp1\nag1\n.");
}
