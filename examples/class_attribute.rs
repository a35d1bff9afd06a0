//! What a pickle does not hold: the code and the attributes of a class.
//!
//! A class is pickled by name. The environment that loads it has a class of its own under that name, and that one's
//! attributes count, not those that the class had when the pickle was written. Attributes of an instance travel.

use halfsour::pickle::{dumps, loads};
use halfsour::{ClassicClass, Context, Result, Runtime, Uncaught, Value};

fn main() -> std::result::Result<(), Uncaught> {
    let (class, instance) = Runtime::python2().try_enter(|ctx| {
        let class = define_foo(ctx, "a class attr")?;
        let instance = class.call(ctx, ())?;
        instance.set_attr(ctx, "own", "an instance attr")?;
        println!("Where they were pickled:");
        show(ctx, instance)?;
        Ok((dumps(ctx, class)?, dumps(ctx, instance)?))
    })?;
    println!("The pickle of the class is {}", class.escape_ascii());

    Runtime::python2().try_enter(|ctx| {
        let here = define_foo(ctx, "something else here")?;
        println!("Where they are loaded:");
        println!("  the class is the one that is here: {}", loads(ctx, &class)?.is(here));
        show(ctx, loads(ctx, &instance)?)
    })
}

/// ```python
/// class Foo:
///     attr = 'a class attr'
/// ```
fn define_foo<'gc>(ctx: Context<'gc>, attr: &str) -> Result<'gc> {
    let class = ClassicClass::builder(ctx, "Foo").attr("attr", attr).build()?;
    ctx.new_module("__main__")?.class_named(ctx, class)?;
    Ok(class.into())
}

fn show<'gc>(ctx: Context<'gc>, instance: Value<'gc>) -> Result<'gc, ()> {
    for name in ["attr", "own"] {
        println!("  {name}: {}", instance.get_attr(ctx, name)?.to::<String>(ctx)?);
    }
    Ok(())
}
