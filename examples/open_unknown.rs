//! Opens a pickle whose classes are not here, and prints what is in it as a tree.
//!
//! It is a model that scikit-learn 1.9 fitted and pickled in Python 3.13. Neither of them is needed: what the pickle
//! names and nobody registered is loaded as stand-ins, and nothing of it is run.

use halfsour::pickle::{Missing, Opaque, Unpickler};
use halfsour::{Context, Result, Runtime, Uncaught, Value};

const MODEL: &[u8] = include_bytes!("../tests/data/unknown/linear_regression.pickle");

fn main() -> std::result::Result<(), Uncaught> {
    Runtime::python3().try_enter(|ctx| {
        let model = Unpickler::new().missing(Missing::Opaque).loads(ctx, MODEL)?;
        show(ctx, 0, "", model)
    })
}

/// Prints an object, and below it what it is made of.
fn show<'gc>(ctx: Context<'gc>, depth: usize, name: &str, value: Value<'gc>) -> Result<'gc, ()> {
    print!("{:1$}{name}", "", 2 * depth);
    let depth = depth + 1;
    match value {
        Value::List(items) => {
            println!("list");
            show_all(ctx, depth, &items.to_vec())
        }
        Value::Dict(items) => {
            println!("dict");
            show_fields(ctx, depth, items.entries())
        }
        _ => match Opaque::of(value) {
            Some(opaque) => {
                println!("{}", opaque.callable_name(ctx));
                show_all(ctx, depth, opaque.args().as_slice())?;
                show_all(ctx, depth, &opaque.list_items(ctx).to_vec())?;
                match opaque.state() {
                    Some(Value::Dict(fields)) => show_fields(ctx, depth, fields.entries()),
                    Some(state) => show(ctx, depth, "state: ", state),
                    None => Ok(()),
                }
            }
            None => {
                println!("{}", value.repr(ctx)?.to::<String>(ctx)?);
                Ok(())
            }
        },
    }
}

fn show_all<'gc>(ctx: Context<'gc>, depth: usize, items: &[Value<'gc>]) -> Result<'gc, ()> {
    items.iter().try_for_each(|&item| show(ctx, depth, "- ", item))
}

fn show_fields<'gc>(
    ctx: Context<'gc>,
    depth: usize,
    fields: Vec<(Value<'gc>, Value<'gc>)>,
) -> Result<'gc, ()> {
    for (key, value) in fields {
        show(ctx, depth, &format!("{}: ", key.str(ctx)?.to::<String>(ctx)?), value)?;
    }
    Ok(())
}
