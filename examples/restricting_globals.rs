//! A pickle of unknown origin: what it may reach, what it may call, and what happens when it tries more.
//!
//! CPython lets a pickle call any function that it can name. Here are four fences, each enough for this hostile pickle: what
//! the runtime does not define cannot be named; only classes and what was declared safe can be called; `find_class`
//! (cPickle's `find_global`) decides about every name; a policy decides about every use. Before all that, `tools::globals`
//! looks at the bytes alone.

use halfsour::pickle::tools::{self, Target, Use};
use halfsour::pickle::{Flavour, Unpickler, cpickle, loads};
use halfsour::{Class, Context, Error, IntoValue, Result, Runtime, Uncaught, Value};

/// Runs `os.system("echo pickled")` when CPython loads it.
const HOSTILE: &[u8] = b"cos\nsystem\n(S'echo pickled'\ntR.";

/// A `larder.Jar` with a label, and a `set` for its contents.
const FRIENDLY: &[u8] =
    b"\x80\x02clarder\nJar\n)\x81}(U\x05labelU\x04dillU\x05holdsc__builtin__\nset\n]K\x01a\x85Rub.";

fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    println!("A runtime that defines no module os has no way to it:");
    let mut bare = Runtime::python2();
    println!("  {}", refused(bare.try_enter(|ctx| loads(ctx, HOSTILE).map(drop))));

    // This host has a module os, for programs of its own.
    let mut runtime = Runtime::python2();
    runtime.try_enter(|ctx| {
        ctx.new_module("larder")?.class_named(ctx, Class::builder(ctx, "Jar").build()?)?;
        ctx.new_module("os")?.builtin(ctx, "system", |ctx, _| Ok("pickled".into_value(ctx)))?;
        Ok(())
    })?;

    println!("\nA function can be named, but is called only when it was declared safe:");
    try_both(&mut runtime, &Unpickler::new())?;

    println!("\nfind_class lets through what is on a list:");
    let listed = Unpickler::new().flavour(Flavour::CPickle).find_class(listed);
    try_both(&mut runtime, &listed)?;

    println!("\nA policy decides what may be done with what is named:");
    let allows = |target: &Target, usage| match target {
        Target::Global { module, name } => {
            usage != Use::Called || (&**module, &**name) == ("__builtin__", "set")
        }
        _ => false,
    };
    try_both(&mut runtime, &Unpickler::new().policy(allows))?;

    println!("\nBefore loading, the names that a pickle would call:");
    for (what, bytes) in [("friendly", FRIENDLY), ("hostile", HOSTILE)] {
        let globals = tools::globals(bytes)?;
        for usage in globals.refused_by(|_, usage| usage != Use::Called) {
            println!("  {what}: {usage}");
        }
    }
    Ok(())
}

/// A `find_class` for pickles of jars.
fn listed<'gc>(ctx: Context<'gc>, module: &str, name: &str) -> Result<'gc> {
    match (module, name) {
        ("larder", "Jar") | ("__builtin__", "set" | "frozenset") => ctx.import_from(module, name),
        _ => {
            let message = format!("global '{module}.{name}' is forbidden");
            Err(Error::new(&cpickle::UNPICKLING_ERROR, message))
        }
    }
}

fn try_both(runtime: &mut Runtime, unpickler: &Unpickler<'_>) -> std::result::Result<(), Uncaught> {
    runtime.try_enter(|ctx| {
        let jar = unpickler.loads(ctx, FRIENDLY)?;
        println!("  a jar of {}", label(ctx, jar)?);
        Ok(())
    })?;
    let hostile = runtime.try_enter(|ctx| unpickler.loads(ctx, HOSTILE).map(drop));
    println!("  {}", refused(hostile));
    Ok(())
}

fn label<'gc>(ctx: Context<'gc>, jar: Value<'gc>) -> Result<'gc, String> {
    jar.get_attr(ctx, "label")?.to(ctx)
}

/// Returns the error with the lines behind the first indented further.
fn refused(outcome: std::result::Result<(), Uncaught>) -> String {
    let error = outcome.expect_err("the hostile pickle is refused");
    error.to_string().replace('\n', "\n  ")
}
