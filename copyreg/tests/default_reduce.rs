//! What `object.__reduce_ex__` makes of objects. Expected values were measured on CPython 2.7.18 and 3.13.0.

mod common;

use common::{python2, python3};
use halfsour_runtime::{Class, ClassBuilder, Context, Error, Instance, List, Result, Value, exc};

/// `object.__reduce_ex__(protocol)`, as text without addresses.
fn reduced<'gc>(ctx: Context<'gc>, object: Value<'gc>, protocol: i64) -> String {
    match object.call_method(ctx, "__reduce_ex__", (protocol,)) {
        Ok(result) => shown(ctx, result),
        Err(error) => error.message(ctx),
    }
}

fn shown<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> String {
    let list = |items: &[Value<'gc>]| {
        items.iter().map(|item| shown(ctx, *item)).collect::<Vec<_>>().join(", ")
    };
    match value {
        Value::Tuple(tuple) => format!("({})", list(tuple.as_slice())),
        Value::Dict(dict) => {
            let items = dict.entries().into_iter();
            let items: Vec<String> = items
                .map(|(key, value)| format!("{}: {}", shown(ctx, key), shown(ctx, value)))
                .collect();
            format!("{{{}}}", items.join(", "))
        }
        Value::Function(function) => shown(ctx, function.name()),
        Value::Class(class) => class.name(),
        Value::None => "None".to_owned(),
        Value::Instance(_) => {
            let items = value.iter(ctx).and_then(|it| it.collect_vec(ctx));
            items.map_or_else(|_| value.type_name(ctx), |items| format!("iter({})", list(&items)))
        }
        value => value
            .str(ctx)
            .and_then(|text| text.to::<String>(ctx))
            .unwrap_or_else(|error| error.message(ctx)),
    }
}

fn make<'gc>(ctx: Context<'gc>, class: ClassBuilder<'gc>) -> Result<'gc> {
    Value::from(class.build()?).call(ctx, ())
}

#[test]
fn plain_instances() {
    python2(|ctx| {
        let it = make(ctx, Class::builder(ctx, "O"))?;
        assert_eq!(reduced(ctx, it, 0), "(_reconstructor, (O, object, None))");
        assert_eq!(reduced(ctx, it, 2), "(__newobj__, (O), {}, None, None)");
        it.set_attr(ctx, "x", 1)?;
        assert_eq!(reduced(ctx, it, 1), "(_reconstructor, (O, object, None), {x: 1})");
        assert_eq!(reduced(ctx, it, 2), "(__newobj__, (O), {x: 1}, None, None)");
        // __reduce__ takes a protocol too, and 0 is its default.
        let without = it.call_method(ctx, "__reduce__", ())?;
        assert_eq!(shown(ctx, without), "(_reconstructor, (O, object, None), {x: 1})");
        Ok(())
    });
    python3(|ctx| {
        let it = make(ctx, Class::builder(ctx, "O"))?;
        assert_eq!(reduced(ctx, it, 2), "(__newobj__, (O), None, None, None)");
        it.set_attr(ctx, "x", 1)?;
        assert_eq!(reduced(ctx, it, 2), "(__newobj__, (O), {x: 1}, None, None)");
        let refused = it.call_method(ctx, "__reduce__", (2,)).unwrap_err();
        assert_eq!(refused.message(ctx), "object.__reduce__() takes no arguments (1 given)");
        Ok(())
    });
}

#[test]
fn slots() {
    let refusal = "a class that defines __slots__ without defining __getstate__ cannot be pickled";
    python2(|ctx| {
        let it = make(ctx, Class::builder(ctx, "S").slots(&["a"]))?;
        assert_eq!(reduced(ctx, it, 0), refusal);
        assert_eq!(reduced(ctx, it, 2), "(__newobj__, (S), None, None, None)");
        it.set_attr(ctx, "a", 1)?;
        assert_eq!(reduced(ctx, it, 2), "(__newobj__, (S), (None, {a: 1}), None, None)");
        let both = make(ctx, Class::builder(ctx, "SD").slots(&["a", "__dict__"]))?;
        assert_eq!(reduced(ctx, both, 2), "(__newobj__, (SD), {}, None, None)");
        both.set_attr(ctx, "a", 1)?;
        assert_eq!(reduced(ctx, both, 2), "(__newobj__, (SD), ({}, {a: 1}), None, None)");
        both.set_attr(ctx, "z", 2)?;
        assert_eq!(reduced(ctx, both, 2), "(__newobj__, (SD), ({z: 2}, {a: 1}), None, None)");
        let empty = make(ctx, Class::builder(ctx, "E").slots(&[]))?;
        assert_eq!(reduced(ctx, empty, 0), "(_reconstructor, (E, object, None))");
        Ok(())
    });
    python3(|ctx| {
        let it = make(ctx, Class::builder(ctx, "S").slots(&["a"]))?;
        assert_eq!(reduced(ctx, it, 0), refusal);
        let both = make(ctx, Class::builder(ctx, "SD").slots(&["a", "__dict__"]))?;
        assert_eq!(reduced(ctx, both, 2), "(__newobj__, (SD), None, None, None)");
        both.set_attr(ctx, "a", 1)?;
        assert_eq!(reduced(ctx, both, 2), "(__newobj__, (SD), (None, {a: 1}), None, None)");
        Ok(())
    });
}

#[test]
fn containers_give_their_items() {
    python2(|ctx| {
        let list = make(ctx, Class::builder(ctx, "L").base(ctx.types().list))?;
        list.call_method(ctx, "append", (1,))?;
        assert_eq!(reduced(ctx, list, 2), "(__newobj__, (L), {}, iter(1), None)");
        assert_eq!(reduced(ctx, list, 0), "(_reconstructor, (L, list, [1]))");
        let dict = make(ctx, Class::builder(ctx, "D").base(ctx.types().dict))?;
        dict.set_item(ctx, "k", 2)?;
        assert_eq!(reduced(ctx, dict, 2), "(__newobj__, (D), {}, None, iter((k, 2)))");
        Ok(())
    });
}

#[test]
fn content_comes_as_arguments() {
    python2(|ctx| {
        let tuple = Class::builder(ctx, "T").base(ctx.types().tuple).build()?;
        let it = Value::from(tuple).call(ctx, (vec![1, 2],))?;
        assert_eq!(reduced(ctx, it, 2), "(__newobj__, (T, (1, 2)), {}, None, None)");
        assert_eq!(reduced(ctx, it, 1), "(_reconstructor, (T, tuple, (1, 2)))");
        Ok(())
    });
}

#[test]
fn hooks() {
    python2(|ctx| {
        let state = Class::builder(ctx, "G").method("__getstate__", |_, _, _| Ok(Value::Int(0)));
        let it = make(ctx, state)?;
        assert_eq!(reduced(ctx, it, 0), "(_reconstructor, (G, object, None))");
        assert_eq!(reduced(ctx, it, 2), "(__newobj__, (G), 0, None, None)");
        let args = Class::builder(ctx, "N")
            .method("__getnewargs__", |ctx, _, _| {
                Ok(halfsour_runtime::Tuple::new(ctx, &[Value::Int(7)]).into())
            })
            .build()?;
        let it = Value::from(Instance::bare(ctx, args));
        assert_eq!(reduced(ctx, it, 2), "(__newobj__, (N, 7), {}, None, None)");
        let wrong = Class::builder(ctx, "W")
            .method("__getnewargs__", |ctx, _, _| Ok(List::new(ctx).into()))
            .build()?;
        let it = Value::from(Instance::bare(ctx, wrong));
        assert_eq!(reduced(ctx, it, 2), "__getnewargs__ should return a tuple, not 'list'");
        Ok(())
    });
    python3(|ctx| {
        let keywords = Class::builder(ctx, "K")
            .method("__getnewargs_ex__", |ctx, _, _| {
                let keywords = halfsour_runtime::Dict::new(ctx);
                keywords.insert(ctx, ctx.str("k"), Value::Int(1))?;
                let args = halfsour_runtime::Tuple::new(ctx, &[Value::Int(7)]);
                Ok(halfsour_runtime::Tuple::new(ctx, &[args.into(), keywords.into()]).into())
            })
            .build()?;
        let it = Value::from(Instance::bare(ctx, keywords));
        assert_eq!(reduced(ctx, it, 2), "(__newobj_ex__, (K, (7), {k: 1}), None, None, None)");
        Ok(())
    });
}

#[test]
fn what_has_no_reduction() {
    python2(|ctx| {
        let generator = Value::from(List::new(ctx)).iter(ctx)?.into_object(ctx);
        assert_eq!(reduced(ctx, generator, 0), "can't pickle listiterator objects");
        Ok(())
    });
    python3(|ctx| {
        let none = Value::None;
        let property = Value::property(ctx, none, none, none);
        assert_eq!(reduced(ctx, property, 2), "cannot pickle 'property' object");
        Ok(())
    });
}

#[test]
fn slot_names_that_change_while_they_are_read() {
    // CPython's issue 24097.
    python2(|ctx| {
        let class = Class::builder(ctx, "A")
            .method("__getattr__", |ctx, this, args| {
                let (name,): (String,) = args.parse(ctx, "__getattr__")?;
                if name != "spam" {
                    return Err(Error::bare(&exc::ATTRIBUTE_ERROR));
                }
                let names = Value::from(this.type_of(ctx)).get_attr(ctx, "__slotnames__")?;
                while names.len(ctx)? > 0 {
                    names.call_method(ctx, "pop", ())?;
                }
                Ok(Value::Int(42))
            })
            .attr("__slotnames__", vec!["spam"])
            .build()?;
        let it = Value::from(class).call(ctx, ())?;
        assert_eq!(reduced(ctx, it, 2), "(__newobj__, (A), ({}, {spam: 42}), None, None)");
        Ok(())
    });
}
