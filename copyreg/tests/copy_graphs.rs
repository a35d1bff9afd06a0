//! Deep copies of large, deep and tangled graphs.

mod common;

use std::collections::HashMap;

use common::{assert_raises, deep, installed, list, python2, python3, tuple};
use halfsour_copyreg::copy;
use halfsour_runtime::{Class, ClassicClass, Context, Dict, List, Result, Runtime, Value, exc};

/// Far beyond what Rust's stack would hold, were it used.
const DEPTH: usize = 20_000;
const DEPTH_OF_LISTS: usize = 200_000;

/// How to put an object into another one, and how to get it out again.
type Nest = for<'gc> fn(Context<'gc>, Value<'gc>, Value<'gc>) -> Result<'gc>;
type Unnest = for<'gc> fn(Context<'gc>, Value<'gc>) -> Result<'gc, Option<Value<'gc>>>;

/// Copies objects nested in each other, where `nest` puts one into a new one; it gets a class, too.
fn check_depth(
    runtime: Runtime,
    depth: usize,
    class: for<'gc> fn(Context<'gc>) -> Result<'gc>,
    nest: Nest,
    unnest: Unnest,
) {
    let mut runtime = installed(runtime);
    let outcome = runtime.try_enter(|ctx| {
        let class = class(ctx)?;
        let mut object = list(ctx, &[]);
        for _ in 0..depth {
            object = nest(ctx, class, object)?;
        }
        assert_raises(ctx, &exc::RUNTIME_ERROR, copy::deepcopy(ctx, object));
        ctx.set_recursion_limit(4 * depth);
        let mut copied = copy::deepcopy(ctx, object)?;
        for _ in 0..depth {
            assert!(!copied.is(object), "the copy shares a part");
            object = unnest(ctx, object)?.expect("the object has a part");
            copied = unnest(ctx, copied)?.expect("the copy has a part");
        }
        assert!(matches!(copied, Value::List(innermost) if innermost.is_empty()));
        assert!(!copied.is(object));
        Ok(())
    });
    outcome.expect("the depth is allowed");
    runtime.collect();
}

fn no_class<'gc>(_: Context<'gc>) -> Result<'gc> {
    Ok(Value::None)
}

fn first_item<'gc>(_: Context<'gc>, object: Value<'gc>) -> Result<'gc, Option<Value<'gc>>> {
    Ok(match object {
        Value::List(list) => list.get(0),
        Value::Tuple(tuple) => tuple.as_slice().first().copied(),
        Value::Dict(dict) => dict.next_entry(&mut 0).map(|(_, value)| value),
        _ => None,
    })
}

#[test]
fn deep_lists() {
    for runtime in [Runtime::python2(), Runtime::python3()] {
        let nest: Nest = |ctx, _, object| Ok(list(ctx, &[object]));
        check_depth(runtime, DEPTH_OF_LISTS, no_class, nest, first_item);
    }
}

#[test]
fn deep_tuples() {
    check_depth(
        Runtime::python2(),
        DEPTH,
        no_class,
        |ctx, _, object| Ok(tuple(ctx, &[object])),
        first_item,
    );
}

#[test]
fn deep_dicts() {
    let nest: Nest = |ctx, _, object| {
        let dict = Dict::new(ctx);
        dict.insert(ctx, ctx.str("inner"), object)?;
        Ok(dict.into())
    };
    check_depth(Runtime::python2(), DEPTH, no_class, nest, first_item);
}

fn instance_around<'gc>(ctx: Context<'gc>, class: Value<'gc>, object: Value<'gc>) -> Result<'gc> {
    let outer = class.call(ctx, ())?;
    outer.set_attr(ctx, "inner", object)?;
    Ok(outer)
}

fn inner<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, Option<Value<'gc>>> {
    object.find_attr(ctx, "inner")
}

#[test]
fn deep_instances() {
    check_depth(
        Runtime::python2(),
        DEPTH,
        |ctx| Ok(Class::builder(ctx, "Plain").build()?.into()),
        instance_around,
        inner,
    );
}

#[test]
fn deep_instances_with_slots() {
    check_depth(
        Runtime::python2(),
        DEPTH,
        |ctx| Ok(Class::builder(ctx, "Slotted").slots(&["inner"]).build()?.into()),
        instance_around,
        inner,
    );
}

#[test]
fn deep_classic_instances() {
    check_depth(
        Runtime::python2(),
        DEPTH,
        |ctx| Ok(ClassicClass::builder(ctx, "Classic").build()?.into()),
        instance_around,
        inner,
    );
}

/// Hooks that call `deepcopy` nest calls of native code, which have a limit of their own.
#[test]
fn hooks_that_nest_too_deep_raise() {
    python2(|ctx| {
        let class = Class::builder(ctx, "Nested")
            .method("__deepcopy__", |ctx, this, args| {
                let (memo,): (Value<'_>,) = args.parse(ctx, "__deepcopy__")?;
                let copied = Value::from(this.type_of(ctx)).call(ctx, ())?;
                let inner = common::deep_with(ctx, this.get_attr(ctx, "inner")?, memo)?;
                copied.set_attr(ctx, "inner", inner)?;
                Ok(copied)
            })
            .build()?;
        let mut object = list(ctx, &[]);
        for _ in 0..5_000 {
            object = instance_around(ctx, class.into(), object)?;
        }
        assert_raises(ctx, &exc::RUNTIME_ERROR, deep(ctx, object));
        ctx.set_recursion_limit(1_000_000);
        assert_raises(ctx, &exc::RUNTIME_ERROR, deep(ctx, object));
        Ok(())
    });
}

#[test]
fn the_limit_counts_what_is_nested_not_what_is_there() {
    python3(|ctx| {
        let wide: Vec<Value<'_>> = (0..2_000).map(|_| list(ctx, &[list(ctx, &[])])).collect();
        deep(ctx, list(ctx, &wide)).map(drop)
    });
}

/// In 2.7 and here a shared tuple is walked once; an unchanged one is its own copy.
#[test]
fn shared_tuples_are_walked_once() {
    python2(|ctx| {
        let mut object = tuple(ctx, &[Value::Int(1)]);
        for _ in 0..200 {
            object = tuple(ctx, &[object, object]);
        }
        assert!(deep(ctx, object)?.is(object));
        Ok(())
    });
}

/// xorshift64*, so that every run has the same graphs.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % bound
    }
}

/// A graph of lists, dicts, instances of all kinds and tuples, tangled by random references.
fn graph<'gc>(ctx: Context<'gc>, random: &mut Random) -> Result<'gc> {
    let plain = Class::builder(ctx, "Plain").build()?;
    let slotted = Class::builder(ctx, "Slotted").slots(&["a", "b"]).build()?;
    let stateful = Class::builder(ctx, "Stateful")
        .method("__getstate__", |ctx, this, _| Ok(tuple(ctx, &[this.get_attr(ctx, "__dict__")?])))
        .method("__setstate__", |ctx, this, args| {
            let (state,): (Value<'_>,) = args.parse(ctx, "__setstate__")?;
            let state = common::item(state, 0).to::<Dict<'_>>(ctx)?;
            for (name, value) in state.entries() {
                this.set_attr(ctx, ctx.name_of(name).expect("a string"), value)?;
            }
            Ok(Value::None)
        })
        .build()?;
    let classic = ClassicClass::builder(ctx, "Classic").build()?;
    let mut nodes = vec![Value::from(List::new(ctx))];
    for _ in 0..400 {
        let node = match random.below(7) {
            0 | 1 => List::new(ctx).into(),
            2 => Dict::new(ctx).into(),
            3 => Value::from(plain).call(ctx, ())?,
            4 => Value::from(slotted).call(ctx, ())?,
            5 => Value::from(classic).call(ctx, ())?,
            _ => Value::from(stateful).call(ctx, ())?,
        };
        nodes.push(node);
    }
    for edge in 0..1200 {
        let from = nodes[random.below(nodes.len())];
        let mut to = nodes[random.below(nodes.len())];
        match random.below(6) {
            0 => to = Value::Int(edge),
            1 => to = tuple(ctx, &[to, nodes[random.below(nodes.len())]]),
            2 => to = tuple(ctx, &[Value::Int(edge), ctx.str("atoms")]),
            _ => {}
        }
        match from {
            Value::List(list) => list.push(ctx, to),
            Value::Dict(dict) => dict.insert(ctx, Value::Int(random.below(9) as i64), to)?,
            object => object.set_attr(ctx, ["a", "b"][random.below(2)], to)?,
        }
    }
    Ok(list(ctx, &nodes))
}

/// The parts of an object, in an order that is the same for its copy.
fn parts<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, Vec<Value<'gc>>> {
    Ok(match object {
        Value::List(list) => list.to_vec(),
        Value::Tuple(tuple) => tuple.as_slice().to_vec(),
        Value::Dict(dict) => dict.entries().into_iter().flat_map(|(k, v)| [k, v]).collect(),
        Value::Instance(_) | Value::ClassicInstance(_) => {
            let mut parts = vec![object.get_attr(ctx, "__class__")?];
            for name in ["a", "b"] {
                parts.push(object.find_attr(ctx, name)?.unwrap_or(Value::Ellipsis));
            }
            parts
        }
        _ => Vec::new(),
    })
}

/// Checks that a copy has the shape of the original, and shares nothing with it that can be changed.
fn check_isomorphic<'gc>(
    ctx: Context<'gc>,
    original: Value<'gc>,
    copied: Value<'gc>,
) -> Result<'gc, usize> {
    let (mut there, mut back) = (HashMap::new(), HashMap::new());
    let mut due = vec![(original, copied)];
    while let Some((original, copied)) = due.pop() {
        assert!(original.type_of(ctx).is(copied.type_of(ctx)));
        let (Some(from), Some(to)) = (original.addr(), copied.addr()) else {
            assert!(original.is(copied), "another atom");
            continue;
        };
        if let Some(known) = there.insert(from, to) {
            assert_eq!(known, to, "one object became two");
            continue;
        }
        assert!(back.insert(to, from).is_none(), "two objects became one");
        let (own, other) = (parts(ctx, original)?, parts(ctx, copied)?);
        assert_eq!(own.len(), other.len());
        let mutable = !own.is_empty() && !matches!(original, Value::Tuple(_))
            || matches!(original, Value::List(_) | Value::Dict(_));
        assert!(!mutable || from != to, "the copy shares {original:?}");
        due.extend(own.into_iter().zip(other));
    }
    Ok(there.len())
}

#[test]
fn copies_have_the_shape_of_the_original() {
    for seed in 1..=4 {
        let mut runtime = installed(Runtime::python2());
        let outcome = runtime.try_enter(|ctx| {
            let graph = graph(ctx, &mut Random(seed))?;
            let copied = copy::deepcopy(ctx, graph)?;
            assert!(check_isomorphic(ctx, graph, copied)? > 400);
            // The same with a memo of the caller's, which takes the long way.
            let copied = copy::deepcopy_with_memo(ctx, graph, Dict::new(ctx))?;
            assert!(check_isomorphic(ctx, graph, copied)? > 400);
            Ok(())
        });
        outcome.expect("the graph is copied");
    }
}
