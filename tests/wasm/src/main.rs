//! Pickles where there is no operating system: built for `wasm32-unknown-unknown`, this runs in any engine of WebAssembly.
//!
//! `main` needs no import, and fails the run if something is not as it should be. `.ci/run` runs it in node, where there is
//! one; `cargo test -p halfsour-wasm` is the same on the machine itself.

use halfsour_pickle::serde::from_slice;
use halfsour_pickle::{Missing, Pickler, Unpickler, dumps, loads, tools};
use halfsour_runtime::{Class, Context, Result, Runtime, Uncaught, Value, value};

fn main() -> std::result::Result<(), Uncaught> {
    run()
}

#[test]
fn it_runs_here() -> std::result::Result<(), Uncaught> {
    run()
}

fn run() -> std::result::Result<(), Uncaught> {
    for mut runtime in [Runtime::python2(), Runtime::python3()] {
        runtime.try_enter(|ctx| {
            halfsour_copyreg::install(ctx)?;
            halfsour_pickle::install(ctx)?;
            there_and_back(ctx)?;
            claims(ctx)?;
            deep_data(ctx)?;
            deep_calls(ctx)
        })?;
        runtime.collect();
    }
    deep_types();
    Ok(())
}

/// Types are read with the stack, as deep as `Reader::nesting` has it by default.
fn deep_types() {
    #[derive(serde::Deserialize)]
    struct Deep(Vec<Deep>);
    let nested = |depth| [b"]".repeat(depth), b"a".repeat(depth - 1), b".".to_vec()].concat();
    assert!(from_slice::<Deep>(&nested(100)).is_ok_and(|it| it.0.len() == 1));
    assert!(from_slice::<Deep>(&nested(100_000)).is_err());
}

fn there_and_back(ctx: Context<'_>) -> Result<'_, ()> {
    let data = value!(ctx, {"dill": [1, 2.5, (3, 4)], "label": u "Caf\u{e9}", "salt": -5_000_000_000_i64})?;
    for protocol in 0..=ctx.dialect().pick(2, 5) {
        let bytes = Pickler::new().protocol(protocol).dumps(ctx, data)?;
        assert!(loads(ctx, &bytes)?.equals(ctx, data)?, "protocol {protocol}");
        assert!(tools::globals(&bytes).is_ok_and(|globals| globals.reached().next().is_none()));
    }
    let unknown = b"\x80\x02clarder\nJar\nq\x00)\x81q\x01}q\x02U\x06insideq\x03h\x01sb.";
    let jar = Unpickler::new().missing(Missing::Opaque).loads(ctx, unknown)?;
    assert!(jar.get_attr(ctx, "inside")?.is(jar));
    Ok(())
}

/// Lengths that 32 bits cannot hold are no allocations and no smaller lengths.
fn claims(ctx: Context<'_>) -> Result<'_, ()> {
    for claim in [&b"\x8e\x01\0\0\0\x01\0\0\0a."[..], b"\x8d\xff\xff\xff\xff\xff\xff\xff\x7fa."] {
        assert!(loads(ctx, claim).is_err());
    }
    Ok(())
}

/// Data of any depth takes no stack.
fn deep_data(ctx: Context<'_>) -> Result<'_, ()> {
    let bytes = [b"]".repeat(100_000), b"a".repeat(99_999), b".".to_vec()].concat();
    loads(ctx, &bytes).map(drop)
}

/// Calls of native code by native code end in an exception, wherever the stack ends.
fn deep_calls(ctx: Context<'_>) -> Result<'_, ()> {
    let class = Class::builder(ctx, "Jar")
        .method("__reduce__", |ctx, this, _| dumps(ctx, value!(ctx, [this])?).map(|_| Value::None));
    let jar = Value::from(class.build()?).call(ctx, ())?;
    for limit in [ctx.recursion_limit(), usize::MAX] {
        ctx.set_recursion_limit(limit);
        let error = dumps(ctx, jar).expect_err("a jar that is pickled by pickling it");
        assert!(error.message(ctx).contains("recursion depth"), "{}", error.message(ctx));
    }
    Ok(())
}
