//! Objects that stay outside of the pickle, which has only a name for them: persistent ids.
//!
//! The example of the documentation of `cPickle`. The pickler writes an id for whatever has an attribute `x`, and the
//! unpickler makes something fancier of each id.

use halfsour::pickle::{Flavour, Pickler, UNPICKLING_ERROR, Unpickler, dumps};
use halfsour::{ClassicClass, Context, Error, IntoValue, Result, Runtime, Uncaught, Value};

fn main() -> std::result::Result<(), Uncaught> {
    let mut runtime = Runtime::python2();
    let fancy_integer = runtime.try_enter(|ctx| Ok(ctx.stash(define_integers(ctx)?)))?;

    let pickler = Pickler::new().flavour(Flavour::CPickle).persistent_id(persistent_id);
    let unpickler = Unpickler::new().flavour(Flavour::CPickle).persistent_load(|ctx, id| {
        let id: String = id.to(ctx)?;
        match id.strip_prefix("the value ").map(str::parse::<i64>) {
            Some(Ok(value)) => ctx.fetch(&fancy_integer).call(ctx, (value,)),
            _ => Err(Error::new(&UNPICKLING_ERROR, "Invalid persistent id")),
        }
    });

    runtime.try_enter(|ctx| {
        let integer = ctx.import_from("__main__", "Integer")?.call(ctx, (7,))?;
        println!("{}", integer.str(ctx)?.to::<String>(ctx)?);

        let bytes = pickler.dumps(ctx, integer)?;
        println!("its pickle: {}", bytes.escape_ascii());
        println!("without the hook it would take {} bytes", dumps(ctx, integer)?.len());

        let loaded = unpickler.loads(ctx, &bytes)?;
        println!("{}", loaded.str(ctx)?.to::<String>(ctx)?);
        Ok(())
    })?;

    let unknown = runtime.try_enter(|ctx| unpickler.loads(ctx, b"Pthe colour 7\n.").map(drop));
    println!("{}", unknown.expect_err("the hook knows no colours"));
    Ok(())
}

/// Called for every object that is pickled: its name, or `None` for "pickle it".
fn persistent_id<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, Option<Value<'gc>>> {
    let Some(x) = object.find_attr(ctx, "x")? else { return Ok(None) };
    Ok(Some(format!("the value {}", x.to::<i64>(ctx)?).into_value(ctx)))
}

/// ```python
/// class Integer:
///     def __init__(self, x):
///         self.x = x
///     def __str__(self):
///         return 'My name is integer %d' % self.x
///
/// class FancyInteger(Integer):
///     def __str__(self):
///         return 'I am the fancy integer %d' % self.x
/// ```
fn define_integers(ctx: Context<'_>) -> Result<'_> {
    let main = ctx.new_module("__main__")?;
    let integer = ClassicClass::builder(ctx, "Integer")
        .method("__init__", |ctx, this, args| {
            let (x,): (i64,) = args.parse(ctx, "__init__")?;
            this.set_attr(ctx, "x", x)?;
            Ok(Value::None)
        })
        .method("__str__", |ctx, this, _| name(ctx, this, "My name is integer"))
        .build()?;
    main.class_named(ctx, integer)?;
    let fancy = ClassicClass::builder(ctx, "FancyInteger")
        .base(integer)
        .method("__str__", |ctx, this, _| name(ctx, this, "I am the fancy integer"))
        .build()?;
    main.class_named(ctx, fancy)?;
    Ok(fancy.into())
}

fn name<'gc>(ctx: Context<'gc>, integer: Value<'gc>, words: &str) -> Result<'gc> {
    let x: i64 = integer.get_attr(ctx, "x")?.to(ctx)?;
    Ok(format!("{words} {x}").into_value(ctx))
}
