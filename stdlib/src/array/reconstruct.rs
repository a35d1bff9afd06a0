//! `array._array_reconstructor`, which pickles of protocol 3 and later name: an array from bytes of any machine.

use halfsour_runtime::{Args, Bytes, Class, Context, Result, Value};

use super::class::push;
use super::items::{Code, Form, given_code};
use crate::support::{counted, given_class, python3, type_error, value_error};

/// How a number of a layout is to be read: form, size, and whether the first byte is the highest.
fn layout(number: i64) -> Option<(Form, usize, bool)> {
    Some(match number {
        0 => (Form::Unsigned, 1, false),
        1 => (Form::Signed, 1, false),
        2..=13 => {
            let form = if number / 2 % 2 == 1 { Form::Unsigned } else { Form::Signed };
            let size = match number {
                2..=5 => 2,
                6..=9 => 4,
                _ => 8,
            };
            (form, size, number % 2 == 1)
        }
        14..=17 => (Form::Float, if number < 16 { 4 } else { 8 }, number % 2 == 1),
        18..=21 => (Form::Character, if number < 20 { 2 } else { 4 }, number % 2 == 1),
        _ => return None,
    })
}

pub(super) fn from_python<'gc>(ctx: Context<'gc>, args: Args<'gc>) -> Result<'gc> {
    let &[class, letter, number, bytes] = counted(ctx, &args, "_array_reconstructor", 4, 4)? else {
        return Err(type_error("_array_reconstructor expected 4 arguments"));
    };
    let array = given_class(ctx, ctx.import_from(super::MODULE, "array")?)?;
    let Value::Class(class) = class else {
        let message = "first argument must be a type object, not ";
        return Err(type_error(format!("{message}{}", class.type_name(ctx))));
    };
    if !class.is_subclass_of(array) {
        let name = class.name();
        return Err(type_error(format!("{name} is not a subtype of array.array")));
    }
    let code = match given_code(ctx, letter) {
        Err(error) if python3(ctx) && error.is(ctx, &halfsour_runtime::exc::VALUE_ERROR) => {
            return Err(value_error("second argument must be a valid type code"));
        }
        code => code?,
    };
    let number: i64 = number.to(ctx)?;
    let Some((form, size, big)) = layout(number) else {
        let message = "third argument must be a valid machine format code.";
        return Err(value_error(message));
    };
    let Some(bytes) = bytes.as_bytes() else {
        let found = bytes.type_name(ctx);
        return Err(type_error(format!("fourth argument should be bytes, not {found}")));
    };
    if !bytes.len().is_multiple_of(size) && number != code.layout {
        return Err(value_error("bytes length not a multiple of item size"));
    }
    if number == code.layout {
        return call(ctx, class, code, Some(bytes));
    }
    // The type code of another machine may stand for another width here.
    let code = match form {
        Form::Signed | Form::Unsigned => Code::fitting(form, size).unwrap_or(code),
        _ => code,
    };
    let made = call(ctx, class, code, None)?;
    for item in items(ctx, form, size, big, bytes.as_slice())? {
        push(ctx, made, item)?;
    }
    Ok(made)
}

fn call<'gc>(
    ctx: Context<'gc>,
    class: Class<'gc>,
    code: Code,
    bytes: Option<Bytes<'gc>>,
) -> Result<'gc> {
    let letter = ctx.str(&code.letter.to_string());
    let args: Vec<Value<'gc>> = std::iter::once(letter).chain(bytes.map(Value::from)).collect();
    let class = Value::from(class);
    let new = class.get_attr(ctx, ctx.names().new)?;
    let all: Vec<Value<'gc>> = std::iter::once(class).chain(args).collect();
    new.call(ctx, all.as_slice())
}

/// The items in bytes of a layout.
fn items<'gc>(
    ctx: Context<'gc>,
    form: Form,
    size: usize,
    big: bool,
    bytes: &[u8],
) -> Result<'gc, Vec<Value<'gc>>> {
    let words = bytes.chunks_exact(size).map(|bytes| {
        let mut bytes = bytes.to_vec();
        if big {
            bytes.reverse();
        }
        bytes
    });
    if form == Form::Character && size == 2 {
        let units: Vec<u16> = words
            .map(|bytes| bytes.iter().rev().fold(0, |word, byte| word << 8 | u16::from(*byte)))
            .collect();
        let text = String::from_utf16(&units);
        let text = text.map_err(|_| value_error("illegal UTF-16 surrogate"))?;
        return Ok(text.chars().map(|character| ctx.str(&character.to_string())).collect());
    }
    // Every layout but that of two bytes is one of a type code.
    let Some(code) = Code::fitting(form, size) else { return Ok(Vec::new()) };
    Ok(words.map(|bytes| code.item(ctx, &bytes)).collect())
}
