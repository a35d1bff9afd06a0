//! Writes two objects into one file, each in its own protocol, and reads them back one after the other.
//!
//! The first example of Python 2.7's documentation of `pickle`. The dictionary goes by protocol 0, the default, which a
//! text editor can show; the list, which holds itself, by the highest there is.

use std::error::Error;
use std::fs::{self, File};
use std::io::BufReader;
use std::path::Path;

use halfsour::pickle::{Pickler, dump, load};
use halfsour::{Complex, Context, Dict, List, Result, Runtime, Stashed, Uncaught, Unicode, Value};

fn main() -> std::result::Result<(), Box<dyn Error>> {
    let path = std::env::temp_dir().join(format!("data-{}.pkl", std::process::id()));
    write(&path)?;
    println!("data.pkl has {} bytes.", fs::metadata(&path)?.len());
    let outcome = read(&path);
    fs::remove_file(&path)?;
    outcome
}

fn write(path: &Path) -> std::result::Result<(), Box<dyn Error>> {
    let mut output = File::create(path)?;
    Runtime::python2().try_enter(|ctx| {
        dump(ctx, dictionary(ctx)?, &mut output)?;
        Pickler::new().protocol(-1).dump(ctx, list_with_itself(ctx), &mut output)
    })?;
    Ok(())
}

/// Reads the objects in a runtime that never saw the first ones.
fn read(path: &Path) -> std::result::Result<(), Box<dyn Error>> {
    let mut input = BufReader::new(File::open(path)?);
    let mut runtime = Runtime::python2();
    let first = load_next(&mut runtime, &mut input)?;
    let second = load_next(&mut runtime, &mut input)?;
    runtime.try_enter(|ctx| {
        let (first, second) = (ctx.fetch(&first), ctx.fetch(&second));
        println!("{}", first.repr(ctx)?.to::<String>(ctx)?);
        println!("{}", second.repr(ctx)?.to::<String>(ctx)?);
        println!("The list is its own last item: {}.", second.get_item(ctx, 3)?.is(second));
        Ok(())
    })?;
    Ok(())
}

/// Reads one object. `load` takes no byte behind its pickle.
fn load_next(
    runtime: &mut Runtime,
    input: &mut BufReader<File>,
) -> std::result::Result<Stashed<Value<'static>>, Uncaught> {
    runtime.try_enter(|ctx| load(ctx, input).map(|object| ctx.stash(object)))
}

/// `{'a': [1, 2.0, 3, 4+6j], 'b': ('string', u'Unicode string'), 'c': None}`
fn dictionary(ctx: Context<'_>) -> Result<'_> {
    let complex = Complex::new(ctx, 4.0, 6.0);
    let numbers =
        List::from_vec(ctx, vec![Value::Int(1), Value::Float(2.0), Value::Int(3), complex.into()]);
    let data = Value::from(Dict::new(ctx));
    data.set_item(ctx, "a", numbers)?;
    data.set_item(ctx, "b", ("string", Unicode::new(ctx, "Unicode string")))?;
    data.set_item(ctx, "c", Value::None)?;
    Ok(data)
}

/// `[1, 2, 3, <itself>]`
fn list_with_itself(ctx: Context<'_>) -> Value<'_> {
    let list = List::from_vec(ctx, vec![Value::Int(1), Value::Int(2), Value::Int(3)]);
    list.push(ctx, list.into());
    list.into()
}
