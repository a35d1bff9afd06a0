//! How many arguments a method in C takes, in CPython's words.

use halfsour_runtime::{Args, Context, Result, Value};

use super::type_error;

/// Refuses keywords.
pub(crate) fn no_keywords<'gc>(args: &Args<'gc>, name: &str) -> Result<'gc, ()> {
    if args.keywords().is_empty() {
        return Ok(());
    }
    Err(type_error(format!("{name}() takes no keyword arguments")))
}

/// Checks that there are no arguments.
pub(crate) fn none<'gc>(args: &Args<'gc>, name: &str) -> Result<'gc, ()> {
    no_keywords(args, name)?;
    match args.positional().len() {
        0 => Ok(()),
        given => Err(type_error(format!("{name}() takes no arguments ({given} given)"))),
    }
}

/// The one argument.
pub(crate) fn one<'gc>(args: &Args<'gc>, name: &str) -> Result<'gc, Value<'gc>> {
    no_keywords(args, name)?;
    match *args.positional() {
        [argument] => Ok(argument),
        ref given => {
            let given = given.len();
            Err(type_error(format!("{name}() takes exactly one argument ({given} given)")))
        }
    }
}

/// Between `least` and `most` positional arguments.
pub(crate) fn counted<'a, 'gc>(
    ctx: Context<'gc>,
    args: &'a Args<'gc>,
    name: &str,
    least: usize,
    most: usize,
) -> Result<'gc, &'a [Value<'gc>]> {
    no_keywords(args, name)?;
    let given = args.positional();
    let (word, number) = match given.len() {
        count if count < least => ("at least ", least),
        count if count > most => ("at most ", most),
        _ => return Ok(given),
    };
    let word = if least == most { "" } else { word };
    let plural = if super::python3(ctx) && number == 1 { "" } else { "s" };
    let message = format!("{name} expected {word}{number} argument{plural}, got {}", given.len());
    Err(type_error(message))
}
