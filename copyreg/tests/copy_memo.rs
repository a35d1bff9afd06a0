//! The memo of `deepcopy`, as hooks and callers see it: measured on CPython 2.7.18 and 3.13.0.

mod common;

use common::{
    assert_is, assert_is_not, assert_raises, deep, deep_with, installed, ints, item, list, python2,
    python3, shown, tuple,
};
use halfsour_copyreg::copy;
use halfsour_runtime::{
    Class, ClassicClass, Context, Dict, FrozenSet, Function, List, Result, Runtime, Value, exc,
};

/// The number of entries that a deep copy leaves, and the types of the objects that it keeps alive.
fn left_by<'gc>(
    ctx: Context<'gc>,
    object: impl Into<Value<'gc>>,
) -> Result<'gc, (usize, Vec<String>)> {
    let memo = Dict::new(ctx);
    copy::deepcopy_with_memo(ctx, object.into(), memo)?;
    let kept = memo.get(ctx, Value::from(memo).id(ctx))?;
    let kept = kept.map_or(Vec::new(), |kept| kept.as_list().expect("a list").to_vec());
    Ok((memo.len(), kept.iter().map(|kept| kept.type_name(ctx)).collect()))
}

#[track_caller]
fn check_left<'gc>(
    ctx: Context<'gc>,
    object: impl Into<Value<'gc>>,
    entries: usize,
    kept: &[&str],
) -> Result<'gc, ()> {
    let (found, types) = left_by(ctx, object)?;
    assert_eq!(types, kept);
    assert_eq!(found, entries);
    Ok(())
}

#[test]
fn python2_notes_everything_even_atoms() {
    python2(|ctx| {
        let (one, two) = (Value::Int(1), Value::Int(2));
        check_left(ctx, 5, 2, &["int"])?;
        check_left(ctx, Value::None, 2, &["NoneType"])?;
        check_left(ctx, tuple(ctx, &[one, two]), 4, &["int", "int", "tuple"])?;
        check_left(ctx, ints(ctx, &[1]), 3, &["int", "list"])?;
        check_left(ctx, list(ctx, &[]), 2, &["list"])?;
        check_left(ctx, tuple(ctx, &[list(ctx, &[])]), 3, &["list", "tuple"])?;
        // The value of an entry goes before its key.
        let dict = Dict::new(ctx);
        dict.insert(ctx, ctx.str("a"), list(ctx, &[]))?;
        check_left(ctx, dict, 4, &["list", "str", "dict"])?;
        let set = FrozenSet::from_items(ctx, &[one])?;
        check_left(ctx, set, 5, &["int", "list", "tuple", "frozenset"])
    });
}

#[test]
fn python2_notes_what_an_instance_is_made_of() {
    python2(|ctx| {
        let class = Class::builder(ctx, "P").build()?;
        let object = Value::from(class).call(ctx, ())?;
        check_left(ctx, object, 5, &["type", "tuple", "dict", "P"])?;
        object.set_attr(ctx, "a", 1)?;
        check_left(ctx, object, 7, &["type", "tuple", "int", "str", "dict", "P"])?;
        let classic = ClassicClass::builder(ctx, "Q").build()?;
        let object = Value::from(classic).call(ctx, ())?;
        object.set_attr(ctx, "a", ints(ctx, &[1]))?;
        check_left(ctx, object, 6, &["int", "list", "str", "dict", "instance"])
    });
}

#[test]
fn python3_notes_only_what_changed() {
    python3(|ctx| {
        let (one, two) = (Value::Int(1), Value::Int(2));
        check_left(ctx, 5, 0, &[])?;
        check_left(ctx, tuple(ctx, &[one, two]), 0, &[])?;
        check_left(ctx, ints(ctx, &[1, 2, 3, 4]), 2, &["list"])?;
        check_left(ctx, list(ctx, &[tuple(ctx, &[one, two])]), 2, &["list"])?;
        check_left(ctx, tuple(ctx, &[list(ctx, &[])]), 3, &["list", "tuple"])?;
        check_left(ctx, FrozenSet::from_items(ctx, &[one])?, 3, &["list", "frozenset"])?;
        let object = Value::from(Class::builder(ctx, "P").build()?).call(ctx, ())?;
        check_left(ctx, object, 2, &["P"])?;
        object.set_attr(ctx, "a", 1)?;
        check_left(ctx, object, 3, &["dict", "P"])
    });
}

#[test]
fn what_the_memo_holds_already_is_taken() {
    for runtime in [Runtime::python2(), Runtime::python3()] {
        let outcome = installed(runtime).try_enter(|ctx| {
            let memo = Dict::new(ctx);
            memo.insert(ctx, Value::Int(5).id(ctx), ctx.str("five"))?;
            memo.insert(ctx, Value::None.id(ctx), ctx.str("none"))?;
            let copied = deep_with(ctx, list(ctx, &[Value::Int(5), Value::None]), memo)?;
            assert_eq!(shown(ctx, copied)?, "['five', 'none']");
            let replaced = list(ctx, &[]);
            memo.insert(ctx, replaced.id(ctx), Value::None)?;
            assert_is(deep_with(ctx, replaced, memo)?, Value::None);
            assert_is(item(deep_with(ctx, list(ctx, &[replaced]), memo)?, 0), Value::None);
            Ok(())
        });
        outcome.expect("the memo decides");
    }
}

/// A class whose `__deepcopy__` appends the size of the memo to the class attribute `sizes`, and returns the object.
fn witness<'gc>(ctx: Context<'gc>) -> Result<'gc, (Value<'gc>, List<'gc>)> {
    let sizes = List::new(ctx);
    let class = Class::builder(ctx, "Witness")
        .attr("sizes", sizes)
        .method("__deepcopy__", |ctx, this, args| {
            let (memo,): (Dict<'_>,) = args.parse(ctx, "__deepcopy__")?;
            let sizes = this.get_attr(ctx, "sizes")?.to::<List<'_>>(ctx)?;
            sizes.push(ctx, Value::Int(memo.len().try_into().expect("a small number")));
            Ok(this)
        })
        .build()?;
    Ok((Value::from(class).call(ctx, ())?, sizes))
}

#[test]
fn a_hook_that_returns_its_object_is_asked_once_in_python2_and_each_time_in_python3() {
    python2(|ctx| {
        let (object, sizes) = witness(ctx)?;
        deep(ctx, list(ctx, &[list(ctx, &[]), object, object]))?;
        // Both lists, and what keeps the inner one alive.
        assert_eq!(shown(ctx, sizes.into())?, "[3]");
        check_left(ctx, object, 2, &["Witness"])
    });
    python3(|ctx| {
        let (object, sizes) = witness(ctx)?;
        deep(ctx, list(ctx, &[list(ctx, &[]), object, object]))?;
        assert_eq!(shown(ctx, sizes.into())?, "[3, 3]");
        check_left(ctx, object, 0, &[])
    });
}

#[test]
fn a_hook_sees_what_is_copied_so_far_and_may_add_to_it() {
    python2(|ctx| {
        let class = Class::builder(ctx, "Adder")
            .method("__deepcopy__", |ctx, this, args| {
                let (memo,): (Dict<'_>,) = args.parse(ctx, "__deepcopy__")?;
                let parent = this.get_attr(ctx, "parent")?;
                let copied = memo.get(ctx, parent.id(ctx))?.expect("the list is begun");
                memo.insert(ctx, this.get_attr(ctx, "next")?.id(ctx), ctx.str("added"))?;
                Ok(copied)
            })
            .build()?;
        let adder = Value::from(class).call(ctx, ())?;
        let next = list(ctx, &[]);
        let parent = list(ctx, &[Value::Int(1), adder, next]);
        adder.set_attr(ctx, "parent", parent)?;
        adder.set_attr(ctx, "next", next)?;
        let copied = deep(ctx, parent)?;
        assert_is(item(copied, 1), copied);
        assert_eq!(shown(ctx, item(copied, 2))?, "'added'");
        Ok(())
    });
}

#[test]
fn a_hook_that_passes_the_memo_on_keeps_sharing() {
    python2(|ctx| {
        let class = Class::builder(ctx, "Pair")
            .method("__deepcopy__", |ctx, this, args| {
                let (memo,): (Dict<'_>,) = args.parse(ctx, "__deepcopy__")?;
                let copied = Value::from(this.type_of(ctx)).call(ctx, ())?;
                memo.insert(ctx, this.id(ctx), copied)?;
                let inner = copy::deepcopy_with_memo(ctx, this.get_attr(ctx, "inner")?, memo)?;
                copied.set_attr(ctx, "inner", inner)?;
                Ok(copied)
            })
            .build()?;
        let pair = Value::from(class).call(ctx, ())?;
        let shared = list(ctx, &[]);
        let back = list(ctx, &[pair, shared]);
        pair.set_attr(ctx, "inner", back)?;
        let copied = deep(ctx, list(ctx, &[shared, pair, back]))?;
        let inner = item(copied, 1).get_attr(ctx, "inner")?;
        assert_is(inner, item(copied, 2));
        assert_is(item(inner, 0), item(copied, 1));
        assert_is(item(inner, 1), item(copied, 0));
        assert_is_not(item(inner, 1), shared);
        Ok(())
    });
}

#[test]
fn none_from_a_hook_is_remembered() {
    python2(|ctx| {
        let calls = List::new(ctx);
        let class = Class::builder(ctx, "N")
            .attr("calls", calls)
            .method("__deepcopy__", |ctx, this, _| {
                this.get_attr(ctx, "calls")?.to::<List<'_>>(ctx)?.push(ctx, Value::None);
                Ok(Value::None)
            })
            .build()?;
        let object = Value::from(class).call(ctx, ())?;
        let copied = deep(ctx, list(ctx, &[object, object]))?;
        assert_eq!(shown(ctx, copied)?, "[None, None]");
        assert_eq!(calls.len(), 1);
        Ok(())
    });
}

#[test]
fn any_object_that_acts_like_a_dict_can_be_the_memo() {
    python2(|ctx| {
        let class = Class::builder(ctx, "D").base(ctx.types().dict).build()?;
        let memo = Value::from(class).call(ctx, ())?;
        let copied = deep_with(ctx, list(ctx, &[list(ctx, &[])]), memo)?;
        assert_eq!(shown(ctx, copied)?, "[[]]");
        assert_eq!(memo.as_dict().expect("its content").len(), 3);
        let message = assert_raises(ctx, &exc::ATTRIBUTE_ERROR, deep_with(ctx, 1, 5));
        assert_eq!(message, "'int' object has no attribute 'get'");
        Ok(())
    });
}

#[test]
fn a_memo_whose_list_of_kept_objects_was_replaced_says_so() {
    python2(|ctx| {
        let memo = Dict::new(ctx);
        memo.insert(ctx, Value::from(memo).id(ctx), ctx.str("taken"))?;
        let copied = deep_with(ctx, list(ctx, &[]), memo);
        let message = assert_raises(ctx, &exc::ATTRIBUTE_ERROR, copied);
        assert_eq!(message, "'str' object has no attribute 'append'");
        Ok(())
    });
}

#[test]
fn the_copy_of_a_dict_of_attributes_is_not_that_of_the_copied_instance() {
    python2(|ctx| {
        let class = Class::builder(ctx, "B").build()?;
        let object = Value::from(class).call(ctx, ())?;
        let x = ints(ctx, &[1]);
        object.set_attr(ctx, "x", x)?;
        let dict = object.get_attr(ctx, "__dict__")?;
        for order in [[dict, object, dict], [object, dict, dict], [dict, dict, object]] {
            let copied = deep(ctx, list(ctx, &order))?;
            let of = |wanted: Value<'_>| order.iter().position(|it| it.addr() == wanted.addr());
            let object_at = of(object).expect("in each order");
            let dict_at = of(dict).expect("in each order");
            let (own, other) = (item(copied, object_at), item(copied, dict_at));
            assert_is_not(own.get_attr(ctx, "__dict__")?, other);
            let inner = other.as_dict().expect("a dict").get(ctx, ctx.str("x"))?;
            assert_is(inner.expect("x was copied"), own.get_attr(ctx, "x")?);
            let last = (0..3).rev().find(|&at| at != object_at).expect("two of three");
            assert_is(item(copied, last), other);
        }
        Ok(())
    });
}

#[test]
fn attributes_that_hold_themselves() {
    python2(|ctx| {
        let class = Class::builder(ctx, "B").build()?;
        let object = Value::from(class).call(ctx, ())?;
        object.set_attr(ctx, "d", object.get_attr(ctx, "__dict__")?)?;
        let copied = deep(ctx, object)?;
        let dict = copied.get_attr(ctx, "d")?;
        assert_is_not(dict, copied.get_attr(ctx, "__dict__")?);
        let inner = dict.as_dict().expect("a dict").get(ctx, ctx.str("d"))?;
        assert_is(inner.expect("d was copied"), dict);
        Ok(())
    });
}

/// A memo that is kept by the host, between visits with a collection at the end of each.
#[test]
fn the_memo_keeps_alive_what_it_names() {
    let mut runtime = installed(Runtime::python2());
    runtime.set_stress(true);
    let memo = runtime.enter(|ctx| ctx.stash(Dict::new(ctx)));
    let address = runtime
        .try_enter(|ctx| {
            let memo = ctx.fetch(&memo);
            let temporary = list(ctx, &[]);
            copy::deepcopy_with_memo(ctx, temporary, memo)?;
            Ok(temporary.addr())
        })
        .expect("a list is copied");
    runtime
        .try_enter(|ctx| {
            let memo = ctx.fetch(&memo);
            let fresh: Vec<Value<'_>> = (0..100).map(|_| list(ctx, &[])).collect();
            assert!(fresh.iter().all(|fresh| fresh.addr() != address));
            let copied = copy::deepcopy_with_memo(ctx, list(ctx, &fresh), memo)?;
            assert_is_not(item(copied, 0), item(copied, 1));
            Ok(())
        })
        .expect("new lists are copied");
}

#[test]
fn copies_survive_collections() {
    let mut runtime = installed(Runtime::python2());
    runtime.set_stress(true);
    let copied = runtime
        .try_enter(|ctx| {
            let class = Class::builder(ctx, "C").module("__main__").build()?;
            let object = Value::from(class).call(ctx, ())?;
            let f = Function::new(ctx, "f", |_, _| Ok(Value::Int(7)));
            object.set_attr(ctx, "f", f)?;
            object.set_attr(ctx, "own", object)?;
            let graph = list(ctx, &[object, tuple(ctx, &[object, ints(ctx, &[1, 2])])]);
            Ok(ctx.stash(deep(ctx, graph)?))
        })
        .expect("the graph is copied");
    runtime
        .try_enter(|ctx| {
            let copied = ctx.fetch(&copied);
            let object = item(copied, 0);
            assert_is(object.get_attr(ctx, "own")?, object);
            assert_is(item(item(copied, 1), 0), object);
            assert_is(object.call_method(ctx, "f", ())?, Value::Int(7));
            assert_eq!(shown(ctx, item(item(copied, 1), 1))?, "[1, 2]");
            Ok(())
        })
        .expect("the copy is whole");
}
