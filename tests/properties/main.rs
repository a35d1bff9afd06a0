//! Whatever graph is built, `loads(dumps(x))` is `x` up to isomorphism: types, order, sharing and cycles.

use std::cell::RefCell;

use halfsour::pickle::{Flavour, Pickler, Unpickler};
use halfsour::{Dialect, Runtime, Stashed, Uncaught, Value};
use proptest::prop_assert;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use halfsour_targets::graph::{Graph, Node, graphs};
use halfsour_targets::{graph, isomorphism};

/// Builds, dumps, loads and compares, each in an `enter` of its own.
fn round_trip(
    runtime: &mut Runtime,
    graph: &Graph,
    flavour: Flavour,
    protocol: i32,
) -> Result<(), Uncaught> {
    let original: Stashed<Value<'static>> =
        runtime.try_enter(|ctx| Ok(ctx.stash(graph::build(ctx, graph)?)))?;
    let bytes = runtime.try_enter(|ctx| {
        let pickler = Pickler::new().flavour(flavour).protocol(protocol);
        pickler.dumps(ctx, ctx.fetch(&original))
    })?;
    let copy = runtime
        .try_enter(|ctx| Ok(ctx.stash(Unpickler::new().flavour(flavour).loads(ctx, &bytes)?)))?;
    runtime.try_enter(|ctx| isomorphism::check(ctx, ctx.fetch(&original), ctx.fetch(&copy)))
}

/// Checks many generated graphs in one runtime, in its flavours and at every protocol.
fn holds_for_all_graphs(dialect: Dialect, stress: bool) {
    let mut runtime = Runtime::new(dialect);
    let flavours: &[Flavour] =
        dialect.pick(&[Flavour::Pickle, Flavour::CPickle], &[Flavour::Python3]);
    runtime
        .try_enter(|ctx| graph::define_classes(ctx))
        .expect("the classes of the graphs are defined");
    runtime.set_stress(stress);
    let runtime = RefCell::new(runtime);
    let config =
        Config { cases: 64, max_shrink_iters: 400, failure_persistence: None, ..Config::default() };
    let checked = TestRunner::new(config).run(&graphs(), |graph| {
        let mut runtime = runtime.borrow_mut();
        let before = runtime.collections();
        for &flavour in flavours {
            for protocol in 0..=flavour.highest_protocol() {
                round_trip(&mut runtime, &graph, flavour, protocol.into()).map_err(|error| {
                    TestCaseError::fail(format!("{flavour:?}, protocol {protocol}: {error}"))
                })?;
            }
        }
        let collections = runtime.collections() - before;
        prop_assert!(!stress || collections >= 24, "{collections} collections between the steps");
        Ok(())
    });
    if let Err(failure) = checked {
        panic!("{failure}");
    }
}

#[test]
fn a_loaded_dump_is_isomorphic() {
    holds_for_all_graphs(Dialect::Python2, false);
}

#[test]
fn a_loaded_dump_is_isomorphic_when_everything_is_collected_between_the_steps() {
    holds_for_all_graphs(Dialect::Python2, true);
}

#[test]
fn a_loaded_dump_of_python3_is_isomorphic() {
    holds_for_all_graphs(Dialect::Python3, false);
}

#[test]
fn a_loaded_dump_of_python3_is_isomorphic_when_everything_is_collected_between_the_steps() {
    holds_for_all_graphs(Dialect::Python3, true);
}

/// The comparison itself must not be satisfied with anything.
#[test]
fn different_graphs_are_told_apart() {
    let shared = Graph { nodes: vec![Node::List(vec![]), Node::List(vec![0, 0])], root: 1 };
    let apart = Graph {
        nodes: vec![Node::List(vec![]), Node::List(vec![]), Node::List(vec![0, 1])],
        root: 2,
    };
    let cycle = Graph { nodes: vec![Node::List(vec![0])], root: 0 };
    let mut runtime = Runtime::python2();
    let differ = |runtime: &mut Runtime, a: &Graph, b: &Graph| {
        runtime
            .try_enter(|ctx| {
                graph::define_classes(ctx)?;
                isomorphism::check(ctx, graph::build(ctx, a)?, graph::build(ctx, b)?)
            })
            .is_err()
    };
    assert!(!differ(&mut runtime, &shared, &shared));
    assert!(differ(&mut runtime, &shared, &apart));
    assert!(differ(&mut runtime, &apart, &shared));
    assert!(differ(&mut runtime, &cycle, &shared));
}
