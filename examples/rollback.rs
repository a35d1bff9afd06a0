//! A small game world of 10,000 objects, saved each turn and rolled back when a turn went wrong.
//!
//! The objects know each other, and the pond knows its fish. The terminal belongs to the host: it stays outside of the
//! snapshots by a persistent id. How long saving and restoring takes goes to standard error, as it differs from run to run.

use std::time::Instant;

use halfsour::graph::difference;
use halfsour::pickle::{Pickler, Snapshots, Unpickler};
use halfsour::{Class, Context, Result, Runtime, Uncaught, Value, value};

const FISH: i64 = 10_000;

fn main() -> std::result::Result<(), Uncaught> {
    let mut runtime = Runtime::python3();
    let snapshots = Snapshots::new()
        .pickler(Pickler::new().protocol(5).persistent_id(|ctx, object| {
            Ok(object.is(terminal(ctx)?).then(|| ctx.str("terminal")))
        }))
        .unpickler(Unpickler::new().persistent_load(|ctx, _| terminal(ctx)));

    let before = runtime.try_enter(|ctx| {
        build(ctx)?;
        timed("save", || snapshots.save_modules(ctx, &["world"]))
    })?;
    println!("The world at dawn: {} KB for {FISH} fish", before.as_bytes().len() / 1000);

    runtime.try_enter(|ctx| {
        storm(ctx)?;
        println!("After the storm: {}", report(ctx)?);
        let stormy = snapshots.save_modules(ctx, &["world"])?;
        timed("restore", || snapshots.restore_modules(ctx, &before))?;
        println!("Rolled back: {}", report(ctx)?);

        // The world is the one that was saved, up to the identity of its objects.
        let saved = Unpickler::new()
            .persistent_load(|ctx, _| terminal(ctx))
            .loads(ctx, before.as_bytes())?;
        let here = ctx.import_from("world", "pond")?;
        let there = saved.get_item(ctx, "world")?.get_item(ctx, "pond")?;
        println!("Differences to what was saved: {}", difference(ctx, here, there)?.len());
        // And the storm can be had again.
        snapshots.restore_modules(ctx, &stormy)?;
        println!("The storm again: {}", report(ctx)?);
        Ok(())
    })?;

    // A fork: the same world in a runtime of its own.
    let mut fork = Runtime::python3();
    fork.try_enter(|ctx| {
        define(ctx)?;
        snapshots.restore_modules(ctx, &before)?;
        println!("In the fork: {}", report(ctx)?);
        Ok(())
    })
}

/// The classes, and the host's terminal.
fn define(ctx: Context<'_>) -> Result<'_, ()> {
    ctx.new_module("host")?.set(ctx, "terminal", value!(ctx, ["the terminal"])?)?;
    let world = ctx.new_module("world")?;
    world.class_named(ctx, Class::builder(ctx, "Fish").build()?)?;
    world.class_named(ctx, Class::builder(ctx, "Pond").build()?)
}

fn terminal(ctx: Context<'_>) -> Result<'_> {
    ctx.import_from("host", "terminal")
}

fn build(ctx: Context<'_>) -> Result<'_, ()> {
    define(ctx)?;
    let pond = ctx.import_from("world", "Pond")?.call(ctx, ())?;
    let class = ctx.import_from("world", "Fish")?;
    let fish = value!(ctx, [])?;
    let mut friend = Value::None;
    for number in 0..FISH {
        let one = class.call(ctx, ())?;
        one.set_attr(ctx, "number", number)?;
        one.set_attr(ctx, "place", value!(ctx, (number % 100, number / 100))?)?;
        one.set_attr(ctx, "friend", friend)?;
        one.set_attr(ctx, "pond", pond)?;
        fish.call_method(ctx, "append", (one,))?;
        friend = one;
    }
    pond.set_attr(ctx, "fish", fish)?;
    pond.set_attr(ctx, "terminal", terminal(ctx)?)?;
    ctx.import("world")?.set_attr(ctx, "pond", pond)
}

/// Half of the fish are gone, and all others at the same place.
fn storm(ctx: Context<'_>) -> Result<'_, ()> {
    let fish = ctx.import_from("world", "pond")?.get_attr(ctx, "fish")?;
    for _ in 0..FISH / 2 {
        fish.call_method(ctx, "pop", ())?;
    }
    let place = value!(ctx, (0, 0))?;
    for one in fish.iter(ctx)?.collect_vec(ctx)? {
        one.set_attr(ctx, "place", place)?;
    }
    ctx.import("world")?.set_attr(ctx, "mood", "gloomy")
}

fn report(ctx: Context<'_>) -> Result<'_, String> {
    let pond = ctx.import_from("world", "pond")?;
    let fish = pond.get_attr(ctx, "fish")?;
    let last = fish.get_item(ctx, -1)?;
    let place: String = last.get_attr(ctx, "place")?.repr(ctx)?.to(ctx)?;
    let mood = ctx.import("world")?.find_attr(ctx, "mood")?.is_some();
    let own = pond.get_attr(ctx, "terminal")?.is(terminal(ctx)?);
    Ok(format!(
        "{} fish, the last at {place}, gloomy: {mood}, the host's terminal: {own}",
        fish.len(ctx)?
    ))
}

fn timed<T>(what: &str, run: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = run();
    eprintln!("{what}: {:.1} ms for {FISH} objects", start.elapsed().as_secs_f64() * 1000.0);
    result
}
