//! Hooks that return nonsense, raise, or change what is being copied: measured on CPython 2.7.18 and 3.13.0.

mod common;

use common::{
    assert_is, assert_is_not, assert_raises, both, classic_holder, deep, ints, item, list, python2,
    python3, shallow, shown, tuple,
};
use halfsour_runtime::{
    Class, Context, Dict, Error, ExceptionType, Function, List, Result, Value, exc,
};

/// An object whose `__reduce_ex__` returns `reduced`.
fn reducing_to<'gc>(ctx: Context<'gc>, reduced: impl Into<Value<'gc>>) -> Result<'gc> {
    let class = Class::builder(ctx, "R")
        .module("__main__")
        .method("__reduce_ex__", |ctx, this, _| this.get_attr(ctx, "reduced"))
        .build()?;
    let object = Value::from(class).call(ctx, ())?;
    object.set_attr(ctx, "reduced", reduced.into())?;
    Ok(object)
}

/// `def mk(*args): return a new object whose a is args`, of the module `__main__`.
fn maker<'gc>(ctx: Context<'gc>) -> Result<'gc> {
    let class = Class::builder(ctx, "C").module("__main__").build()?;
    let function = Function::capturing(ctx, "mk", Value::from(class), |ctx, class, args| {
        let object = class.call(ctx, ())?;
        object.set_attr(ctx, "a", args.to_tuple(ctx))?;
        Ok(object)
    });
    ctx.new_module("__main__")?.set(ctx, "mk", function)?;
    Ok(function.into())
}

/// Checks what both copies of an object that reduces to something raise.
#[track_caller]
fn check_refused<'gc>(
    ctx: Context<'gc>,
    reduced: impl Into<Value<'gc>>,
    class: &'static ExceptionType,
    message: &str,
) -> Result<'gc, ()> {
    let object = reducing_to(ctx, reduced)?;
    assert_eq!(assert_raises(ctx, class, shallow(ctx, object)), message);
    assert_eq!(assert_raises(ctx, class, deep(ctx, object)), message);
    Ok(())
}

#[test]
fn python2_asserts_a_tuple_of_two_to_five() {
    python2(|ctx| {
        let make = maker(ctx)?;
        let none = Value::None;
        for reduced in [
            none,
            Value::Int(5),
            halfsour_runtime::Unicode::new(ctx, "text").into(),
            list(ctx, &[]),
            list(ctx, &[make, tuple(ctx, &[])]),
            tuple(ctx, &[]),
            tuple(ctx, &[make]),
            tuple(ctx, &[make, tuple(ctx, &[]), none, none, none, none]),
        ] {
            check_refused(ctx, reduced, &exc::ASSERTION_ERROR, "")?;
        }
        Ok(())
    });
}

#[test]
fn python3_takes_any_iterable_of_two_to_five() {
    python3(|ctx| {
        let make = maker(ctx)?;
        let none = Value::None;
        let refused = [
            (none, "Value after * must be an iterable, not NoneType"),
            (Value::Int(5), "Value after * must be an iterable, not int"),
            (
                list(ctx, &[]),
                "_reconstruct() missing 2 required positional arguments: 'func' and 'args'",
            ),
            (tuple(ctx, &[make]), "_reconstruct() missing 1 required positional argument: 'args'"),
            (
                tuple(ctx, &[make, tuple(ctx, &[]), none, none, none, none]),
                "_reconstruct() takes from 4 to 7 positional arguments but 8 were given",
            ),
        ];
        for (reduced, message) in refused {
            check_refused(ctx, reduced, &exc::TYPE_ERROR, message)?;
        }
        let object = reducing_to(ctx, list(ctx, &[make, tuple(ctx, &[Value::Int(1)])]))?;
        for copied in [shallow(ctx, object)?, deep(ctx, object)?] {
            assert_eq!(shown(ctx, copied.get_attr(ctx, "a")?)?, "(1,)");
        }
        Ok(())
    });
}

#[test]
fn any_iterable_will_do_for_the_arguments() {
    python2(|ctx| {
        let make = maker(ctx)?;
        let inner = ints(ctx, &[2]);
        let args = list(ctx, &[Value::Int(1), inner]);
        let object = reducing_to(ctx, tuple(ctx, &[make, args]))?;
        let made = shallow(ctx, object)?.get_attr(ctx, "a")?;
        assert_eq!(shown(ctx, made)?, "(1, [2])");
        assert_is(item(made, 1), inner);
        let made = deep(ctx, object)?.get_attr(ctx, "a")?;
        assert_eq!(shown(ctx, made)?, "(1, [2])");
        assert_is_not(item(made, 1), inner);
        let five = tuple(ctx, &[make, Value::Int(5)]);
        check_refused(
            ctx,
            five,
            &exc::TYPE_ERROR,
            "mk() argument after * must be an iterable, not int",
        )?;
        let call = tuple(ctx, &[Value::Int(5), tuple(ctx, &[])]);
        check_refused(ctx, call, &exc::TYPE_ERROR, "'int' object is not callable")
    });
    python3(|ctx| {
        let make = maker(ctx)?;
        let object = reducing_to(ctx, tuple(ctx, &[make, Value::Int(5)]))?;
        assert_eq!(
            assert_raises(ctx, &exc::TYPE_ERROR, shallow(ctx, object)),
            "__main__.mk() argument after * must be an iterable, not int"
        );
        assert_eq!(
            assert_raises(ctx, &exc::TYPE_ERROR, deep(ctx, object)),
            "'int' object is not iterable"
        );
        Ok(())
    });
}

/// An object that reduces to `(mk, (), state)`.
fn with_state<'gc>(ctx: Context<'gc>, state: impl Into<Value<'gc>>) -> Result<'gc> {
    Ok(tuple(ctx, &[maker(ctx)?, tuple(ctx, &[]), state.into()]))
}

#[test]
fn states_of_no_use_are_refused() {
    python2(|ctx| {
        let zero = with_state(ctx, 0)?;
        check_refused(ctx, zero, &exc::TYPE_ERROR, "'int' object is not iterable")?;
        let slots = Dict::new(ctx);
        slots.insert(ctx, Value::Int(5), Value::Int(1))?;
        let named_five = with_state(ctx, tuple(ctx, &[Value::None, slots.into()]))?;
        let message = "attribute name must be string, not 'int'";
        check_refused(ctx, named_five, &exc::TYPE_ERROR, message)?;
        let no_dict = with_state(ctx, tuple(ctx, &[Value::None, Value::Int(5)]))?;
        let message = "'int' object has no attribute 'iteritems'";
        check_refused(ctx, no_dict, &exc::ATTRIBUTE_ERROR, message)?;
        let attribute = Dict::new(ctx);
        attribute.insert(ctx, ctx.str("a"), Value::Int(1))?;
        let class = ctx.types().list.into();
        let of_list = tuple(ctx, &[class, tuple(ctx, &[]), attribute.into()]);
        let message = "'list' object has no attribute '__dict__'";
        check_refused(ctx, of_list, &exc::ATTRIBUTE_ERROR, message)
    });
}

#[test]
fn states_that_a_dict_can_be_updated_with_are_taken() {
    python2(|ctx| {
        let pairs = list(ctx, &[tuple(ctx, &[ctx.str("k"), ctx.str("v")])]);
        let slots = Dict::new(ctx);
        slots.insert(ctx, ctx.str("k"), ctx.str("v"))?;
        let both = tuple(ctx, &[Dict::new(ctx).into(), slots.into()]);
        for state in [pairs, both, slots.into()] {
            let object = reducing_to(ctx, with_state(ctx, state)?)?;
            for copied in [shallow(ctx, object)?, deep(ctx, object)?] {
                assert_eq!(shown(ctx, copied.get_attr(ctx, "k")?)?, "'v'");
            }
        }
        for state in [list(ctx, &[]), tuple(ctx, &[]), ctx.str("")] {
            let object = reducing_to(ctx, with_state(ctx, state)?)?;
            for copied in [shallow(ctx, object)?, deep(ctx, object)?] {
                assert_eq!(shown(ctx, copied.get_attr(ctx, "a")?)?, "()");
            }
        }
        Ok(())
    });
}

/// An object that reduces to `(dict, (), None, None, items)`.
fn with_items<'gc>(ctx: Context<'gc>, items: impl Into<Value<'gc>>) -> Value<'gc> {
    let class = ctx.types().dict.into();
    tuple(ctx, &[class, tuple(ctx, &[]), Value::None, Value::None, items.into()])
}

#[test]
fn items_that_are_no_pairs_are_refused() {
    python2(|ctx| {
        let one = ints(ctx, &[1]);
        let cases = [
            (one, &exc::TYPE_ERROR, "'int' object is not iterable"),
            (list(ctx, &[one]), &exc::VALUE_ERROR, "need more than 1 value to unpack"),
            (list(ctx, &[ints(ctx, &[1, 2, 3])]), &exc::VALUE_ERROR, "too many values to unpack"),
            (Value::Int(7), &exc::TYPE_ERROR, "'int' object is not iterable"),
        ];
        for (items, class, message) in cases {
            check_refused(ctx, with_items(ctx, items), class, message)?;
        }
        let object = reducing_to(ctx, with_items(ctx, list(ctx, &[ctx.str("ab")])))?;
        assert_eq!(shown(ctx, deep(ctx, object)?)?, "{'a': 'b'}");
        Ok(())
    });
    python3(|ctx| {
        let one = ints(ctx, &[1]);
        let cases = [
            (one, &exc::TYPE_ERROR, "cannot unpack non-iterable int object"),
            (
                list(ctx, &[one]),
                &exc::VALUE_ERROR,
                "not enough values to unpack (expected 2, got 1)",
            ),
            (
                list(ctx, &[ints(ctx, &[1, 2, 3])]),
                &exc::VALUE_ERROR,
                "too many values to unpack (expected 2)",
            ),
        ];
        for (items, class, message) in cases {
            check_refused(ctx, with_items(ctx, items), class, message)?;
        }
        Ok(())
    });
}

#[test]
fn items_without_append_are_refused() {
    python2(|ctx| {
        let reduced = tuple(ctx, &[maker(ctx)?, tuple(ctx, &[]), Value::None, ints(ctx, &[1])]);
        let message = "'C' object has no attribute 'append'";
        check_refused(ctx, reduced, &exc::ATTRIBUTE_ERROR, message)
    });
}

#[test]
fn state_comes_before_items_and_items_one_by_one() {
    python2(|ctx| {
        let log = List::new(ctx);
        fn note<'gc>(ctx: Context<'gc>, this: Value<'gc>, what: &str) -> Result<'gc> {
            let log = this.get_attr(ctx, "log")?.to::<List<'gc>>(ctx)?;
            log.push(ctx, ctx.str(what));
            Ok(Value::None)
        }
        let class = Class::builder(ctx, "Log")
            .attr("log", log)
            .method("__init__", |ctx, this, _| note(ctx, this, "init"))
            .method("__setstate__", |ctx, this, _| note(ctx, this, "setstate"))
            .method("append", |ctx, this, _| note(ctx, this, "append"))
            .method("__setitem__", |ctx, this, _| note(ctx, this, "setitem"))
            .method("__reduce_ex__", |ctx, this, args| {
                let (protocol,): (i64,) = args.parse(ctx, "__reduce_ex__")?;
                note(ctx, this, &format!("reduce_ex {protocol}"))?;
                let pair = tuple(ctx, &[Value::Int(1), Value::Int(2)]);
                let class = this.get_attr(ctx, "__class__")?;
                let items = ints(ctx, &[1, 2]);
                Ok(tuple(ctx, &[class, tuple(ctx, &[]), Value::Int(0), items, list(ctx, &[pair])]))
            })
            .build()?;
        let object = Value::from(class).call(ctx, ())?;
        for copied in [shallow, deep] {
            log.update(ctx, |log| log.clear());
            copied(ctx, object)?;
            let expected = "['reduce_ex 2', 'init', 'setstate', 'append', 'append', 'setitem']";
            assert_eq!(shown(ctx, log.into())?, expected);
        }
        Ok(())
    });
}

/// `deepcopy` looks at the instance for `__deepcopy__`, `copy` at the class for `__copy__`.
#[test]
fn hooks_of_an_instance_alone() {
    python2(|ctx| {
        let class = Class::builder(ctx, "I").build()?;
        let object = Value::from(class).call(ctx, ())?;
        object.set_attr(ctx, "__copy__", Function::new(ctx, "c", |ctx, _| Ok(ctx.str("copy"))))?;
        let hook = Function::new(ctx, "d", |ctx, _| Ok(ctx.str("deep")));
        object.set_attr(ctx, "__deepcopy__", hook)?;
        assert_eq!(shown(ctx, deep(ctx, object)?)?, "'deep'");
        assert_is(shallow(ctx, object)?.type_of(ctx).into(), class.into());
        let object = Value::from(class).call(ctx, ())?;
        let hook = Function::new(ctx, "r", |ctx, _| Ok(ctx.str("a string")));
        object.set_attr(ctx, "__reduce_ex__", hook)?;
        assert_is(deep(ctx, object)?, object);
        assert_is(shallow(ctx, object)?, object);
        Ok(())
    });
}

#[test]
fn hooks_that_are_none_are_not_asked() {
    both(|ctx| {
        let class = Class::builder(ctx, "J")
            .attr("__copy__", Value::None)
            .attr("__deepcopy__", Value::None)
            .build()?;
        let object = Value::from(class).call(ctx, ())?;
        for copied in [shallow(ctx, object)?, deep(ctx, object)?] {
            assert_is_not(copied, object);
            assert_is(copied.type_of(ctx).into(), class.into());
        }
        Ok(())
    });
}

#[test]
fn hooks_that_raise() {
    python2(|ctx| {
        for hook in ["__deepcopy__", "__reduce_ex__", "__reduce__", "__getstate__", "__setstate__"]
        {
            let class = Class::builder(ctx, "Raises")
                .method(hook, |_, _, _| Err(Error::new(&exc::VALUE_ERROR, "no")))
                .build()?;
            let object = Value::from(class).call(ctx, ())?;
            object.set_attr(ctx, "x", 1)?;
            let graph = list(ctx, &[ints(ctx, &[1]), tuple(ctx, &[object])]);
            assert_eq!(assert_raises(ctx, &exc::VALUE_ERROR, deep(ctx, graph)), "no");
        }
        // The runtime goes on.
        assert_eq!(shown(ctx, deep(ctx, ints(ctx, &[1]))?)?, "[1]");
        Ok(())
    });
}

#[test]
fn classic_hooks_that_raise() {
    python2(|ctx| {
        for hook in ["__deepcopy__", "__getinitargs__", "__getstate__", "__setstate__"] {
            let class = classic_holder(ctx)
                .method(hook, |_, _, _| Err(Error::new(&exc::VALUE_ERROR, "no")))
                .build()?;
            let object = Value::from(class).call(ctx, (1,))?;
            let graph = list(ctx, &[object]);
            assert_eq!(assert_raises(ctx, &exc::VALUE_ERROR, deep(ctx, graph)), "no");
        }
        Ok(())
    });
}

/// In 2.7 `hasattr` takes any exception of `__getattr__` for a no.
#[test]
fn a_classic_instance_is_asked_in_order() {
    python2(|ctx| {
        let asked = List::new(ctx);
        let class = halfsour_runtime::ClassicClass::builder(ctx, "Asked")
            .attr("asked", asked)
            .method("__getattr__", |ctx, this, args| {
                let (name,): (String,) = args.parse(ctx, "__getattr__")?;
                let asked = this.get_attr(ctx, "asked")?.to::<List<'_>>(ctx)?;
                asked.push(ctx, ctx.str(&name));
                Err(Error::new(&exc::KEY_ERROR, name))
            })
            .build()?;
        let object = Value::from(class).call(ctx, ())?;
        asked.update(ctx, |asked| asked.clear());
        shallow(ctx, object)?;
        let expected = "['__copy__', '__getinitargs__', '__getstate__', '__setstate__']";
        assert_eq!(shown(ctx, asked.into())?, expected);
        asked.update(ctx, |asked| asked.clear());
        deep(ctx, object)?;
        let expected = "['__deepcopy__', '__getinitargs__', '__getstate__', '__setstate__']";
        assert_eq!(shown(ctx, asked.into())?, expected);
        Ok(())
    });
}

/// An object whose `__deepcopy__` calls `change` with its attribute `target`, and returns 'g'.
fn changing<'gc>(
    ctx: Context<'gc>,
    target: Value<'gc>,
    change: for<'a> fn(Context<'a>, Value<'a>) -> Result<'a, ()>,
) -> Result<'gc> {
    let class = Class::builder(ctx, "Changing")
        .method("__deepcopy__", move |ctx, this, _| {
            change(ctx, this.get_attr(ctx, "target")?)?;
            Ok(ctx.str("g"))
        })
        .build()?;
    let object = Value::from(class).call(ctx, ())?;
    object.set_attr(ctx, "target", target)?;
    Ok(object)
}

#[test]
fn a_list_that_grows_or_shrinks_meanwhile() {
    python2(|ctx| {
        let grows = List::new(ctx);
        let object = changing(ctx, grows.into(), |ctx, target| {
            target.to::<List<'_>>(ctx)?.push(ctx, Value::Int(1));
            Ok(())
        })?;
        grows.push(ctx, object);
        assert_eq!(shown(ctx, deep(ctx, grows)?)?, "['g', 1]");
        let shrinks = List::from_vec(ctx, vec![Value::Int(1)]);
        let object = changing(ctx, shrinks.into(), |ctx, target| {
            target.to::<List<'_>>(ctx)?.update(ctx, |items| items.clear());
            Ok(())
        })?;
        shrinks.extend(ctx, &[object, Value::Int(2)]);
        assert_eq!(shown(ctx, deep(ctx, shrinks)?)?, "[1, 'g']");
        Ok(())
    });
}

#[test]
fn a_dict_that_changes_size_meanwhile() {
    python2(|ctx| {
        let dict = Dict::new(ctx);
        let object = changing(ctx, dict.into(), |ctx, target| {
            let target = target.to::<Dict<'_>>(ctx)?;
            target.insert(ctx, Value::Int(target.len().try_into().expect("small")), Value::None)
        })?;
        dict.insert(ctx, ctx.str("a"), object)?;
        let message = assert_raises(ctx, &exc::RUNTIME_ERROR, deep(ctx, dict));
        assert_eq!(message, "dictionary changed size during iteration");
        Ok(())
    });
}

/// A class that gets a hook while its instances are being copied: the next one is asked.
#[test]
fn a_class_that_changes_meanwhile() {
    python2(|ctx| {
        let class = Class::builder(ctx, "Plain").build()?;
        let (first, last) = (Value::from(class).call(ctx, ())?, Value::from(class).call(ctx, ())?);
        let object = changing(ctx, class.into(), |ctx, target| {
            let hook = Function::new(ctx, "d", |ctx, _| Ok(ctx.str("hooked")));
            target.set_attr(ctx, "__deepcopy__", hook)
        })?;
        let copied = deep(ctx, list(ctx, &[first, object, last]))?;
        assert_is(item(copied, 0).type_of(ctx).into(), class.into());
        assert_eq!(shown(ctx, item(copied, 2))?, "'hooked'");
        Ok(())
    });
}

#[test]
fn arguments_that_lead_back_to_the_object_never_end() {
    both(|ctx| {
        let class = Class::builder(ctx, "A")
            .method("__init__", |_, _, _| Ok(Value::None))
            .method("__reduce__", |ctx, this, _| {
                let class = this.get_attr(ctx, "__class__")?;
                Ok(tuple(ctx, &[class, tuple(ctx, &[this])]))
            })
            .build()?;
        let object = Value::from(class).call(ctx, ())?;
        assert_raises(ctx, &exc::RUNTIME_ERROR, deep(ctx, object));
        Ok(())
    });
}

#[test]
fn the_value_of_an_entry_is_copied_before_its_key() {
    python2(|ctx| {
        let log = List::new(ctx);
        let class = Class::builder(ctx, "O")
            .attr("log", log)
            .method("__init__", |ctx, this, args| {
                let (name,): (Value<'_>,) = args.parse(ctx, "__init__")?;
                this.set_attr(ctx, "name", name)?;
                Ok(Value::None)
            })
            .method("__deepcopy__", |ctx, this, _| {
                let log = this.get_attr(ctx, "log")?.to::<List<'_>>(ctx)?;
                log.push(ctx, this.get_attr(ctx, "name")?);
                Ok(this)
            })
            .build()?;
        let make = |name: &str| Value::from(class).call(ctx, (name,));
        let dict = Dict::new(ctx);
        dict.insert(ctx, make("key")?, make("value")?)?;
        deep(ctx, dict)?;
        // The items of a reduce value are copied in the other order.
        let pair = tuple(ctx, &[make("item key")?, make("item value")?]);
        let object = reducing_to(ctx, with_items(ctx, list(ctx, &[pair])))?;
        deep(ctx, object)?;
        let expected = "['value', 'key', 'item key', 'item value']";
        assert_eq!(shown(ctx, log.into())?, expected);
        Ok(())
    });
}

#[test]
fn a_method_of_an_object_whose_copy_is_none() {
    fn method<'gc>(ctx: Context<'gc>) -> Result<'gc> {
        let class = Class::builder(ctx, "X")
            .method("m", |_, _, _| Ok(Value::None))
            .method("__deepcopy__", |_, _, _| Ok(Value::None))
            .build()?;
        Value::from(class).call(ctx, ())?.get_attr(ctx, "m")
    }
    python2(|ctx| {
        let copied = deep(ctx, method(ctx)?)?;
        assert_eq!(shown(ctx, copied)?, "<unbound method X.m>");
        Ok(())
    });
    python3(|ctx| {
        let message = assert_raises(ctx, &exc::TYPE_ERROR, deep(ctx, method(ctx)?));
        assert_eq!(message, "instance must not be None");
        Ok(())
    });
}

/// 2.7 asks a metaclass for `__copy__`; `deepcopy`, and Python 3, take every class for an atom.
#[test]
fn hooks_of_a_metaclass() {
    fn class<'gc>(ctx: Context<'gc>) -> Result<'gc> {
        let meta = Class::builder(ctx, "M")
            .base(ctx.types().type_)
            .method("__copy__", |ctx, _, _| Ok(ctx.str("meta copy")))
            .method("__deepcopy__", |ctx, _, _| Ok(ctx.str("meta deep")))
            .build()?;
        Ok(Class::builder(ctx, "K").metaclass(meta).build()?.into())
    }
    python2(|ctx| {
        let class = class(ctx)?;
        assert_eq!(shown(ctx, shallow(ctx, class)?)?, "'meta copy'");
        assert_is(deep(ctx, class)?, class);
        Ok(())
    });
    python3(|ctx| {
        let class = class(ctx)?;
        assert_is(shallow(ctx, class)?, class);
        assert_is(deep(ctx, class)?, class);
        Ok(())
    });
}

/// The unfinished copy of a dict is in the memo, where a hook may write to it.
#[test]
fn an_unfinished_dict_that_a_hook_writes_to() {
    python2(|ctx| {
        let class = Class::builder(ctx, "Writer")
            .method("__deepcopy__", |ctx, this, args| {
                let (memo,): (Dict<'_>,) = args.parse(ctx, "__deepcopy__")?;
                let id = this.get_attr(ctx, "dict")?.id(ctx);
                let unfinished = memo.get(ctx, id)?.expect("begun").to::<Dict<'_>>(ctx)?;
                unfinished.insert(ctx, ctx.str("c"), ctx.str("early"))?;
                unfinished.insert(ctx, ctx.str("new"), Value::None)?;
                unfinished.remove(ctx, ctx.str("a"))?;
                Ok(ctx.str("g"))
            })
            .build()?;
        let writer = Value::from(class).call(ctx, ())?;
        let dict = Dict::new(ctx);
        writer.set_attr(ctx, "dict", dict)?;
        for (name, value) in [("a", Value::Int(1)), ("b", writer), ("c", Value::Int(3))] {
            dict.insert(ctx, ctx.str(name), value)?;
        }
        let copied = deep(ctx, dict)?;
        assert_eq!(shown(ctx, copied)?, "{'c': 3, 'new': None, 'b': 'g'}");
        Ok(())
    });
}

#[test]
fn keys_that_become_equal_are_one() {
    python2(|ctx| {
        let object = |ctx| -> Result<'_, Value<'_>> {
            let class = Class::builder(ctx, "Key")
                .method("__deepcopy__", |ctx, _, _| Ok(ctx.str("a")))
                .build()?;
            Value::from(class).call(ctx, ())
        };
        let dict = Dict::new(ctx);
        dict.insert(ctx, object(ctx)?, Value::Int(1))?;
        dict.insert(ctx, ctx.str("a"), Value::Int(2))?;
        dict.insert(ctx, object(ctx)?, Value::Int(3))?;
        assert_eq!(shown(ctx, deep(ctx, dict)?)?, "{'a': 3}");
        Ok(())
    });
}

#[test]
fn slots_of_all_kinds() {
    python2(|ctx| {
        let base = Class::builder(ctx, "Base").slots(&["__private", "b"]).build()?;
        let class = Class::builder(ctx, "Derived").base(base).slots(&["c"]).build()?;
        let object = Value::from(class).call(ctx, ())?;
        let items = ints(ctx, &[1]);
        object.set_attr(ctx, "_Base__private", items)?;
        object.set_attr(ctx, "c", tuple(ctx, &[items, object]))?;
        let copied = deep(ctx, object)?;
        let own = copied.get_attr(ctx, "_Base__private")?;
        assert_is_not(own, items);
        assert_is(item(copied.get_attr(ctx, "c")?, 0), own);
        assert_is(item(copied.get_attr(ctx, "c")?, 1), copied);
        assert!(copied.find_attr(ctx, "b")?.is_none());
        Ok(())
    });
}

/// With a `__setattr__` of its own, the slots are set through it.
#[test]
fn slots_that_are_set_through_a_hook() {
    python2(|ctx| {
        let names = List::new(ctx);
        let class = Class::builder(ctx, "Noting")
            .slots(&["a"])
            .attr("names", names)
            .method("__setattr__", |ctx, this, args| {
                let (name, value): (Value<'_>, Value<'_>) = args.parse(ctx, "__setattr__")?;
                this.get_attr(ctx, "names")?.to::<List<'_>>(ctx)?.push(ctx, name);
                let set = Value::from(ctx.types().object).get_attr(ctx, "__setattr__")?;
                set.call(ctx, (this, name, value))
            })
            .build()?;
        let object = Value::from(class).call(ctx, ())?;
        object.set_attr(ctx, "a", 1)?;
        deep(ctx, object)?;
        assert_eq!(shown(ctx, names.into())?, "['a', 'a']");
        Ok(())
    });
}

/// What `copy_reg` knows goes before what a set says of itself.
#[test]
fn a_registered_reducer_for_sets() {
    python2(|ctx| {
        let set = Value::from(halfsour_runtime::Set::from_items(ctx, &[Value::Int(1)])?);
        let copied = deep(ctx, list(ctx, &[set]))?;
        assert_is_not(item(copied, 0), set);
        assert_eq!(shown(ctx, copied)?, "[set([1])]");
        let reducer = Function::new(ctx, "reduce", |ctx, _| Ok(ctx.str("its own copy")));
        halfsour_copyreg::pickle(ctx, ctx.types().set.into(), reducer.into(), None)?;
        assert_is(item(deep(ctx, list(ctx, &[set]))?, 0), set);
        Ok(())
    });
}

/// A class whose `__getstate__` returns the attribute `state`, and whose `__setstate__` keeps what it is given as `got`;
/// both note that they were called.
fn noting<'gc>(ctx: Context<'gc>, calls: List<'gc>) -> Result<'gc, Class<'gc>> {
    let note = |name| {
        Function::capturing(ctx, name, Value::from(calls), move |ctx, calls, args| {
            calls.to::<List<'_>>(ctx)?.push(ctx, ctx.str(name));
            match *args.positional() {
                [this, state] => this.set_attr(ctx, "got", state).map(|()| Value::None),
                [this] => this.get_attr(ctx, "state"),
                _ => Ok(Value::None),
            }
        })
    };
    let builder = Class::builder(ctx, "Noting");
    builder.attr("__getstate__", note("get")).attr("__setstate__", note("set")).build()
}

/// `__getstate__` is called before the copy is made, and `__setstate__` with a copy of what it returned, unless that is None.
#[test]
fn the_hooks_of_the_state() {
    both(|ctx| {
        let calls = List::new(ctx);
        let class = Value::from(noting(ctx, calls)?);
        for (state, got) in
            [(Value::None, None), (Dict::new(ctx).into(), Some("{}")), (Value::Int(5), Some("5"))]
        {
            let object = class.call(ctx, ())?;
            object.set_attr(ctx, "state", state)?;
            calls.update(ctx, |calls| calls.clear());
            let copy = deep(ctx, object)?;
            let expected = if got.is_some() { "['get', 'set']" } else { "['get']" };
            assert_eq!(shown(ctx, calls.into())?, expected);
            assert!(copy.find_attr(ctx, "state")?.is_none());
            match (copy.find_attr(ctx, "got")?, got) {
                (Some(found), Some(got)) => assert_eq!(shown(ctx, found)?, got),
                (found, got) => assert!(found.is_none() && got.is_none()),
            }
        }
        let object = class.call(ctx, ())?;
        object.set_attr(ctx, "state", list(ctx, &[object]))?;
        let copy = deep(ctx, object)?;
        assert_is(item(copy.get_attr(ctx, "got")?, 0), copy);
        Ok(())
    });
}

/// The second object is copied by the hook that the first one has given to their class.
#[test]
fn a_hook_that_gives_its_class_another() {
    both(|ctx| {
        let class = Class::builder(ctx, "Changing").build()?;
        let hook = Function::capturing(ctx, "__getstate__", Value::from(class), |ctx, class, _| {
            let hooked = Function::new(ctx, "__deepcopy__", |ctx, _| Ok(ctx.str("hooked")));
            class.set_attr(ctx, "__deepcopy__", hooked)?;
            Ok(Value::None)
        });
        Value::from(class).set_attr(ctx, "__getstate__", hook)?;
        let make = || Value::from(class).call(ctx, ());
        let copies = deep(ctx, list(ctx, &[make()?, make()?]))?;
        assert_is(item(copies, 0).type_of(ctx).into(), class.into());
        assert_eq!(shown(ctx, item(copies, 1))?, "'hooked'");
        Ok(())
    });
}
