//! Pickles that outlive their class: a version number in the state, and a `__setstate__` that upgrades what is older.
//!
//! The first release of this program had jars with ounces, and no version in their state. The second has grams, and says
//! so. Pickles of both load to jars of the second.

use halfsour::pickle::{Pickler, loads};
use halfsour::{Class, Context, Dict, Error, Result, Runtime, Uncaught, Value, exc};

/// What CPython 2.7 wrote with the first release: `[Jar('dill', 1), Jar('salt', 16)]`, protocol 2.
const OF_FIRST_RELEASE: &[u8] =
    b"\x80\x02]q\x00(clarder\nJar\nq\x01)\x81q\x02}q\x03(U\x06ouncesq\x04K\x01U\x05labelq\x05U\
      \x04dillq\x06ubh\x01)\x81q\x07}q\x08(h\x04K\x10h\x05U\x04saltq\tube.";

const VERSION: i64 = 2;
const GRAMS_PER_OUNCE: f64 = 28.349_523_125;

fn main() -> std::result::Result<(), Uncaught> {
    let mut runtime = Runtime::python2();
    runtime.try_enter(|ctx| {
        define_larder(ctx)?;
        println!("Jars of the first release:");
        let jars = loads(ctx, OF_FIRST_RELEASE)?;
        show(ctx, jars)?;

        println!("Pickled and loaded by the second:");
        let bytes = Pickler::new().protocol(2).dumps(ctx, jars)?;
        show(ctx, loads(ctx, &bytes)?)
    })?;

    println!("A jar of the third, which has not been written yet:");
    let third = b"\x80\x02clarder\nJar\n)\x81}U\x07versionK\x03sb.";
    let error = runtime.try_enter(|ctx| loads(ctx, third).map(drop));
    println!("  {}", error.expect_err("no release reads the states of a later one"));
    Ok(())
}

fn define_larder(ctx: Context<'_>) -> Result<'_, ()> {
    let jar = Class::builder(ctx, "Jar")
        .method("__getstate__", |ctx, this, _| {
            let state = this.get_attr(ctx, "__dict__")?.call_method(ctx, "copy", ())?;
            state.set_item(ctx, "version", VERSION)?;
            Ok(state)
        })
        .method("__setstate__", |ctx, this, args| {
            let (state,): (Dict<'_>,) = args.parse(ctx, "__setstate__")?;
            let state = upgraded(ctx, state.into())?;
            this.get_attr(ctx, "__dict__")?.call_method(ctx, "update", (state,))?;
            Ok(Value::None)
        });
    ctx.new_module("larder")?.class_named(ctx, jar.build()?)
}

/// Returns a state as this release has it, from a state of any release.
fn upgraded<'gc>(ctx: Context<'gc>, state: Value<'gc>) -> Result<'gc> {
    // The first release had not thought of versions.
    let version: i64 = state.call_method(ctx, "pop", ("version", 1))?.to(ctx)?;
    match version {
        1 => {
            let ounces: f64 = state.call_method(ctx, "pop", ("ounces",))?.to(ctx)?;
            state.set_item(ctx, "grams", (ounces * GRAMS_PER_OUNCE).round() as i64)?;
            Ok(state)
        }
        VERSION => Ok(state),
        later => {
            let message = format!("a jar of version {later}; this program knows up to {VERSION}");
            Err(Error::new(&exc::VALUE_ERROR, message))
        }
    }
}

fn show<'gc>(ctx: Context<'gc>, jars: Value<'gc>) -> Result<'gc, ()> {
    for jar in jars.to::<Vec<Value<'gc>>>(ctx)? {
        let label: String = jar.get_attr(ctx, "label")?.to(ctx)?;
        let grams: i64 = jar.get_attr(ctx, "grams")?.to(ctx)?;
        println!("  {grams} g of {label}");
    }
    Ok(())
}
