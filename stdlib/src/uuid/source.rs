//! What a UUID is made of: text, bytes, fields or a number.

use halfsour_runtime::{Args, Context, Result, Value};
use num_bigint::{BigInt, BigUint, Sign};
use num_traits::{Signed, ToPrimitive};

use super::{attribute_error, set_attributes, unknown};
use crate::support::{python3, repr, text, type_error, value_error};

const PARAMETERS: [&str; 7] = ["hex", "bytes", "bytes_le", "fields", "int", "version", "is_safe"];

pub(super) fn init<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let given = args.bind("__init__", PARAMETERS, 0)?.map(|it| it.filter(|it| !it.is_none()));
    let [hex, bytes, bytes_le, fields, int, version, safe] = given;
    let sources = [hex, bytes, bytes_le, fields, int];
    if sources.iter().flatten().count() != 1 {
        let message = "one of the hex, bytes, bytes_le, fields, or int arguments must be given";
        return Err(type_error(
            ctx.dialect().pick("need one of hex, bytes, bytes_le, fields, or int", message),
        ));
    }
    let mut number = match sources {
        [Some(hex), ..] => of_hex(ctx, hex)?,
        [_, Some(bytes), ..] => of_bytes(bytes, "bytes")?,
        [_, _, Some(bytes), ..] => swapped(&of_bytes(bytes, "bytes_le")?),
        [_, _, _, Some(fields), _] => of_fields(ctx, fields)?,
        [.., int] => int.unwrap_or(Value::None).to(ctx)?,
    };
    if number.is_negative() || number.bits() > 128 {
        return Err(value_error("int is out of range (need a 128-bit value)"));
    }
    if let Some(version) = version {
        let version: i64 = version.to(ctx)?;
        let most = if python3(ctx) { 8 } else { 5 };
        if !(1..=most).contains(&version) {
            return Err(value_error("illegal version number"));
        }
        number = with_version(&number, u128::from(version.unsigned_abs()));
    }
    // An int is kept as it was given; what was read from text or bytes is a long in 2.7.
    let number = match (int, version) {
        (Some(int), None) => int,
        _ if python3(ctx) => Value::int(ctx, number),
        _ => Value::long(ctx, number),
    };
    set_attributes(ctx, this, &[("int", number)])?;
    if python3(ctx) {
        let safe = safe.map_or_else(|| unknown(ctx), Ok)?;
        set_attributes(ctx, this, &[("is_safe", safe)])?;
    }
    Ok(Value::None)
}

fn of_hex<'gc>(ctx: Context<'gc>, hex: Value<'gc>) -> Result<'gc, BigInt> {
    if !matches!(hex.content(), Value::Bytes(_) | Value::Unicode(_)) {
        return Err(attribute_error(ctx, hex, "replace"));
    }
    let digits = text(hex).replace("urn:", "").replace("uuid:", "");
    let digits = digits.trim_matches(['{', '}']).replace('-', "");
    if digits.chars().count() != 32 {
        return Err(value_error("badly formed hexadecimal UUID string"));
    }
    BigInt::parse_bytes(digits.as_bytes(), 16).ok_or_else(|| {
        let kind = ctx.dialect().pick("long", "int");
        match repr(ctx, ctx.str(&digits)) {
            Ok(shown) => value_error(format!("invalid literal for {kind}() with base 16: {shown}")),
            Err(error) => error,
        }
    })
}

fn of_bytes<'gc>(bytes: Value<'gc>, name: &str) -> Result<'gc, BigInt> {
    let wrong = || value_error(format!("{name} is not a 16-char string"));
    let bytes = bytes.as_bytes().ok_or_else(|| type_error(format!("{name} must be bytes")))?;
    if bytes.len() != 16 {
        return Err(wrong());
    }
    Ok(BigInt::from_bytes_be(Sign::Plus, bytes.as_slice()))
}

/// The number whose first three fields have their bytes the other way round.
pub(super) fn swapped(number: &BigInt) -> BigInt {
    let number = number.to_u128().unwrap_or_default();
    let swapped = ::uuid::Uuid::from_u128(number).to_bytes_le();
    BigUint::from_bytes_be(&swapped).into()
}

fn of_fields<'gc>(ctx: Context<'gc>, fields: Value<'gc>) -> Result<'gc, BigInt> {
    let fields: Vec<Value<'gc>> = fields.iter(ctx)?.collect_vec(ctx)?;
    if fields.len() != 6 {
        return Err(value_error("fields is not a 6-tuple"));
    }
    let widths = [32, 16, 16, 8, 8, 48];
    let mut number = BigInt::default();
    for (at, (field, width)) in fields.into_iter().zip(widths).enumerate() {
        let field: BigInt = field.to(ctx)?;
        if field.is_negative() || field.bits() > width {
            let at = at + 1;
            return Err(value_error(format!("field {at} out of range (need a {width}-bit value)")));
        }
        number = (number << width) | field;
    }
    Ok(number)
}

/// Sets the variant to that of RFC 4122, and the version.
fn with_version(number: &BigInt, version: u128) -> BigInt {
    let number = number.to_u128().unwrap_or_default();
    let number = number & !(0xc000 << 48) | (0x8000 << 48);
    let number = number & !(0xf000 << 64) | (version << 76);
    BigUint::from(number).into()
}
