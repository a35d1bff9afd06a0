//! Several bases, and the order in which they are asked.

use halfsour_runtime::{Class, ClassBuilder, Context, Result, Value, exc};

use crate::common::{
    assert_attr, assert_call, assert_equal, assert_mro, assert_raises, class, classic, make,
    new_type, plain, plain_classic, python,
};

/// A class with methods that return texts.
fn speaking<'gc>(
    builder: ClassBuilder<'gc>,
    methods: &[(&'static str, &'static str)],
) -> ClassBuilder<'gc> {
    methods.iter().fold(builder, |builder, &(name, text)| {
        builder.method(name, move |ctx, _, _| Ok(ctx.str(text)))
    })
}

/// The state of CPython's class `C`, kept under a mangled name.
fn keeps_state<'gc>(builder: ClassBuilder<'gc>) -> ClassBuilder<'gc> {
    builder
        .method("__init__", |ctx, this, _| {
            this.set_attr(ctx, "_C__state", 0)?;
            Ok(Value::None)
        })
        .method("getstate", |ctx, this, _| this.get_attr(ctx, "_C__state"))
        .method("setstate", |ctx, this, args| {
            let (state,): (Value<'_>,) = args.parse(ctx, "setstate")?;
            this.set_attr(ctx, "_C__state", state)?;
            Ok(Value::None)
        })
}

#[test]
fn test_multiple_inheritance() {
    python(|ctx| {
        let object = Value::from(ctx.types().object);
        let dict = Value::from(ctx.types().dict);
        let c = keeps_state(class(ctx, "C")).build()?;
        let a = make(ctx, c)?;
        assert_call(ctx, a, "getstate", 0)?;
        a.call_method(ctx, "setstate", (10,))?;
        assert_call(ctx, a, "getstate", 10)?;
        let init = crate::common::function(ctx, "__init__", c, |ctx, c, args| {
            let (this,): (Value<'_>,) = args.parse(ctx, "__init__")?;
            Value::from(ctx.types().dict).call_method(ctx, "__init__", (this,))?;
            c.call_method(ctx, "__init__", (this,))
        });
        let d = class(ctx, "D").base(ctx.types().dict).base(c).attr("__init__", init).build()?;
        let it = make(ctx, d)?;
        assert_call(ctx, it, "keys", Vec::<Value<'_>>::new())?;
        it.set_item(ctx, "hello", "world")?;
        assert_call(ctx, it, "items", vec![("hello", "world")])?;
        assert_equal(ctx, it.get_item(ctx, "hello")?, "world")?;
        assert_call(ctx, it, "getstate", 0)?;
        it.call_method(ctx, "setstate", (10,))?;
        assert_call(ctx, it, "getstate", 10)?;
        assert_mro(d, &[d.into(), dict, c.into(), object]);
        Ok(())
    });
    python(|ctx| {
        let node = class(ctx, "Node")
            .method("__int__", |ctx, this, _| {
                let text = this.call_method(ctx, "foo", ())?;
                crate::common::call_builtin(ctx, "int", &[text])
            })
            .method("foo", |ctx, _, _| Ok(ctx.str("23")))
            .build()?;
        let frag = speaking(class(ctx, "Frag"), &[("foo", "42")])
            .base(node)
            .base(ctx.types().list)
            .build()?;
        for (class, number) in [(node, 23), (frag, 42)] {
            assert_call(ctx, make(ctx, class)?, "__int__", number)?;
            let int = crate::common::call_builtin(ctx, "int", &[make(ctx, class)?])?;
            assert_equal(ctx, int, number)?;
        }
        Ok(())
    });
    python(|ctx| mix_classic_and_new_style(ctx));
    python(|ctx| mix_methods(ctx));
    python(|ctx| {
        let old = plain_classic(ctx, "Classic", &[]);
        let new = class(ctx, "New").metaclass(ctx.types().type_).base(old).build();
        assert_raises(ctx, &exc::TYPE_ERROR, new);
        Ok(())
    });
}

fn mix_classic_and_new_style<'gc>(ctx: Context<'gc>) -> Result<'gc, ()> {
    let object = Value::from(ctx.types().object);
    let a = classic(ctx, "A").attr("x", 1).build()?;
    let b = plain_classic(ctx, "B", &[a]);
    let c = classic(ctx, "C").base(a).attr("x", 2).build()?;
    let d = plain_classic(ctx, "D", &[b, c]);
    assert_attr(ctx, d, "x", 1)?;
    // A classic base keeps its order.
    let e = class(ctx, "E").base(d).base(ctx.types().object).build()?;
    assert_mro(e, &[e.into(), d.into(), b.into(), a.into(), c.into(), object]);
    assert_attr(ctx, e, "x", 1)?;
    // The orders of several are joined as those of new-style classes.
    let f = class(ctx, "F").base(b).base(c).base(ctx.types().object).build()?;
    assert_mro(f, &[f.into(), b.into(), c.into(), a.into(), object]);
    assert_attr(ctx, f, "x", 2)
}

fn mix_methods<'gc>(ctx: Context<'gc>) -> Result<'gc, ()> {
    let object = ctx.types().object;
    let c = classic(ctx, "C")
        .method("cmethod", |ctx, _, _| Ok(ctx.str("C a")))
        .method("all_method", |ctx, _, _| Ok(ctx.str("C b")))
        .build()?;
    let m1 = speaking(class(ctx, "M1"), &[("m1method", "M1 a"), ("all_method", "M1 b")])
        .base(c)
        .base(object)
        .build()?;
    assert_mro(m1, &[m1.into(), c.into(), object.into()]);
    assert_calls(ctx, m1, &[("cmethod", "C a"), ("m1method", "M1 a"), ("all_method", "M1 b")])?;
    let d = classic(ctx, "D")
        .base(c)
        .method("dmethod", |ctx, _, _| Ok(ctx.str("D a")))
        .method("all_method", |ctx, _, _| Ok(ctx.str("D b")))
        .build()?;
    let m2 = speaking(class(ctx, "M2"), &[("m2method", "M2 a"), ("all_method", "M2 b")])
        .base(d)
        .base(object)
        .build()?;
    assert_mro(m2, &[m2.into(), d.into(), c.into(), object.into()]);
    let inherited = [("cmethod", "C a"), ("dmethod", "D a")];
    assert_calls(ctx, m2, &inherited)?;
    assert_calls(ctx, m2, &[("m2method", "M2 a"), ("all_method", "M2 b")])?;
    let m3 = speaking(class(ctx, "M3"), &[("m3method", "M3 a"), ("all_method", "M3 b")])
        .base(m1)
        .base(m2)
        .base(object)
        .build()?;
    assert_mro(m3, &[m3.into(), m1.into(), m2.into(), d.into(), c.into(), object.into()]);
    assert_calls(ctx, m3, &inherited)?;
    assert_calls(ctx, m3, &[("m1method", "M1 a"), ("m2method", "M2 a")])?;
    assert_calls(ctx, m3, &[("m3method", "M3 a"), ("all_method", "M3 b")])
}

#[track_caller]
fn assert_calls<'gc>(
    ctx: Context<'gc>,
    class: Class<'gc>,
    methods: &[(&str, &str)],
) -> Result<'gc, ()> {
    let it = make(ctx, class)?;
    for &(method, text) in methods {
        assert_call(ctx, it, method, text)?;
    }
    Ok(())
}

#[test]
fn test_diamond_inheritance() {
    python(|ctx| {
        let object = Value::from(ctx.types().object);
        let a = speaking(class(ctx, "A"), &[("spam", "A")]).build()?;
        assert_calls(ctx, a, &[("spam", "A")])?;
        let b = speaking(class(ctx, "B"), &[("boo", "B"), ("spam", "B")]).base(a).build()?;
        assert_calls(ctx, b, &[("spam", "B"), ("boo", "B")])?;
        let c = speaking(class(ctx, "C"), &[("boo", "C")]).base(a).build()?;
        assert_calls(ctx, c, &[("spam", "A"), ("boo", "C")])?;
        let d = plain(ctx, "D", &[b, c]);
        assert_calls(ctx, d, &[("spam", "B"), ("boo", "B")])?;
        assert_mro(d, &[d.into(), b.into(), c.into(), a.into(), object]);
        let e = plain(ctx, "E", &[c, b]);
        assert_calls(ctx, e, &[("spam", "B"), ("boo", "C")])?;
        assert_mro(e, &[e.into(), c.into(), b.into(), a.into(), object]);
        for (name, bases) in [("F", [d, e]), ("G", [e, d])] {
            assert_raises(ctx, &exc::TYPE_ERROR, new_type(ctx, name, &bases.map(Value::from)));
        }
        Ok(())
    });
}

#[test]
fn test_ex5_from_c3_switch() {
    python(|ctx| {
        let [a, b, c] = ["A", "B", "C"].map(|name| plain(ctx, name, &[]));
        let [x, y] = ["X", "Y"].map(|name| plain(ctx, name, &[a]));
        let z = plain(ctx, "Z", &[x, b, y, c]);
        let object = ctx.types().object;
        assert_mro(z, &[z, x, b, y, a, c, object].map(Value::from));
        Ok(())
    });
}

#[test]
fn test_monotonicity() {
    python(|ctx| {
        let object = ctx.types().object;
        let boat = plain(ctx, "Boat", &[]);
        let day = plain(ctx, "DayBoat", &[boat]);
        let wheel = plain(ctx, "WheelBoat", &[boat]);
        let engineless = plain(ctx, "EngineLess", &[day]);
        let multihull = plain(ctx, "SmallMultihull", &[day]);
        let pedal_wheel = plain(ctx, "PedalWheelBoat", &[engineless, wheel]);
        let catamaran = plain(ctx, "SmallCatamaran", &[multihull]);
        let pedalo = plain(ctx, "Pedalo", &[pedal_wheel, catamaran]);
        let order = [pedal_wheel, engineless, day, wheel, boat, object];
        assert_mro(pedal_wheel, &order.map(Value::from));
        assert_mro(catamaran, &[catamaran, multihull, day, boat, object].map(Value::from));
        let order =
            [pedalo, pedal_wheel, engineless, catamaran, multihull, day, wheel, boat, object];
        assert_mro(pedalo, &order.map(Value::from));
        Ok(())
    });
}

#[test]
fn test_consistency_with_epg() {
    python(|ctx| {
        let pane = plain(ctx, "Pane", &[]);
        let scrolling = plain(ctx, "ScrollingMixin", &[]);
        let editing = plain(ctx, "EditingMixin", &[]);
        let scrollable = plain(ctx, "ScrollablePane", &[pane, scrolling]);
        let editable = plain(ctx, "EditablePane", &[pane, editing]);
        let both = plain(ctx, "EditableScrollablePane", &[scrollable, editable]);
        let order = [both, scrollable, editable, pane, scrolling, editing, ctx.types().object];
        assert_mro(both, &order.map(Value::from));
        Ok(())
    });
}

#[test]
fn test_mro_disagreement() {
    const NO_ORDER: &str = "Cannot create a consistent method resolution\norder (MRO) for bases ";
    python(|ctx| {
        let a = plain(ctx, "A", &[]);
        let b = plain(ctx, "B", &[a]);
        let c = plain(ctx, "C", &[]);
        let grid = plain(ctx, "GridLayout", &[]);
        let horizontal = plain(ctx, "HorizontalGrid", &[grid]);
        let vertical = plain(ctx, "VerticalGrid", &[grid]);
        let hv = plain(ctx, "HVGrid", &[horizontal, vertical]);
        let vh = plain(ctx, "VHGrid", &[vertical, horizontal]);
        let cases: [(&[Class<'_>], &str); 4] = [
            (&[a, a], "duplicate base class A"),
            (&[a, b], NO_ORDER),
            (&[a, c, b], NO_ORDER),
            (&[hv, vh], NO_ORDER),
        ];
        for (bases, expected) in cases {
            let bases: Vec<Value<'_>> = bases.iter().map(|base| (*base).into()).collect();
            let message = assert_raises(ctx, &exc::TYPE_ERROR, new_type(ctx, "X", &bases));
            assert!(message.starts_with(expected), "{message}");
        }
        Ok(())
    });
}
