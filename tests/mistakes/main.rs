//! What a program sees that makes a mistake: class, message, place and hint of every typical one, as
//! `tests/data/mistakes.txt` shows them.
//!
//! Each mistake is made twice, following `pickle.py` and following `cPickle`. Where a CPython 2.7 is installed, it makes the
//! same mistakes, and its exceptions are the same. With `UPDATE_EXPECT=1` the file is written anew.

mod dumping;
mod live;
mod loading;

use std::fs;
use std::path::Path;

use halfsour::pickle::{Flavour, Pickler, Unpickler, cpickle};
use halfsour::{
    Class, ClassBuilder, Context, ExceptionType, Function, IntoValue, Result, Runtime, Uncaught,
    Value,
};

/// A mistake that programs make with pickles.
struct Mistake {
    title: &'static str,
    /// The same in Python 2.7, where `pickle` is either of the modules and `larder` a module; none where Python lacks what
    /// is done here.
    python: Option<&'static str>,
    make: for<'gc> fn(Context<'gc>, Flavour) -> Result<'gc, ()>,
}

impl Mistake {
    /// Makes the mistake in a new runtime.
    fn error(&self, flavour: Flavour) -> Uncaught {
        let outcome = Runtime::python2().try_enter(|ctx| {
            ctx.new_module("larder")?;
            (self.make)(ctx, flavour)
        });
        outcome.expect_err(self.title)
    }
}

const INTRODUCTION: &str = "\
Typical mistakes with pickles: each in Python 2.7, as code of a module `larder`, then the error that the same mistake ends in
here. Its first line has the exception's class and message, and in parentheses where it happened. Where cPickle says
something else than pickle.py, its error comes second.

";

#[test]
fn mistakes_are_explained() {
    let mut shown = INTRODUCTION.to_owned();
    for (part, mistakes) in [("Dumping", dumping::MISTAKES), ("Loading", loading::MISTAKES)] {
        shown.push_str(&format!("{part}\n{}\n\n", "=".repeat(part.len())));
        for mistake in mistakes {
            shown.push_str(&explained(mistake));
        }
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/mistakes.txt");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&file, &shown).unwrap();
    }
    let expected = fs::read_to_string(&file).unwrap().replace("\r\n", "\n");
    let differing = shown.lines().zip(expected.lines()).find(|(ours, expected)| ours != expected);
    assert_eq!(differing, None, "the first line that differs from {}", file.display());
    assert_eq!(shown.lines().count(), expected.lines().count());
}

/// Shows a mistake: once, if both implementations say the same of it.
fn explained(mistake: &Mistake) -> String {
    let by_pickle = without_addresses(&mistake.error(Flavour::Pickle).to_string());
    let by_cpickle = without_addresses(&mistake.error(Flavour::CPickle).to_string());
    let mut shown = format!("{}\n", mistake.title);
    for line in mistake.python.unwrap_or_default().lines() {
        shown.push_str(&format!("    {line}\n"));
    }
    shown.push_str(&format!("{by_pickle}\n"));
    if by_cpickle != by_pickle {
        shown.push_str(&format!("{by_cpickle}\n"));
    }
    shown + "\n"
}

/// Replaces the addresses in a text, which differ from run to run.
fn without_addresses(text: &str) -> String {
    let mut parts = text.split("0x");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |shown, part| {
        shown + "0x..." + part.trim_start_matches(|it: char| it.is_ascii_hexdigit())
    })
}

/// Dumps at protocol 2.
fn dump<'gc>(ctx: Context<'gc>, flavour: Flavour, object: Value<'gc>) -> Result<'gc, ()> {
    Pickler::new().flavour(flavour).protocol(2).dumps(ctx, object).map(drop)
}

fn load<'gc>(ctx: Context<'gc>, flavour: Flavour, bytes: &[u8]) -> Result<'gc, ()> {
    Unpickler::new().flavour(flavour).loads(ctx, bytes).map(drop)
}

/// Makes a class, puts it into the module `larder`, and returns an instance.
fn new_jar<'gc>(
    ctx: Context<'gc>,
    define: impl FnOnce(ClassBuilder<'gc>) -> ClassBuilder<'gc>,
) -> Result<'gc> {
    let class = define(Class::builder(ctx, "Jar").module("larder")).build()?;
    ctx.import("larder")?.set_attr(ctx, "Jar", Value::from(class))?;
    Value::from(class).call(ctx, ())
}

/// Returns a function whose module is `larder`, but which the module does not have.
fn function<'gc>(ctx: Context<'gc>, name: &str) -> Value<'gc> {
    let function = Function::new(ctx, name, |_, _| Ok(Value::None));
    function.set_module(ctx, "larder".into_value(ctx));
    function.into()
}

/// Returns the UnpicklingError of an implementation.
fn unpickling_error(flavour: Flavour) -> &'static ExceptionType {
    match flavour {
        Flavour::CPickle => &cpickle::UNPICKLING_ERROR,
        _ => &halfsour::pickle::UNPICKLING_ERROR,
    }
}
