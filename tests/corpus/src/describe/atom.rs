//! What is written where it occurs: None, numbers, strings, classes, functions, modules.

use halfsour_runtime::{Context, Result, Value};
use num_bigint::BigInt;
use serde_json::{Value as Json, json};

use super::Walk;

/// Longer texts are checked for a unit that repeats.
const LONG: usize = 1000;

/// The lengths of units that are looked for.
const UNITS: [usize; 12] = [1, 2, 3, 4, 5, 7, 10, 16, 26, 64, 100, 256];

impl<'gc> Walk<'gc> {
    /// The atom that stands for a value, or nothing if it is an object with a number.
    pub(super) fn atom(&mut self, value: Value<'gc>) -> Result<'gc, Option<Json>> {
        let ctx = self.ctx;
        Ok(Some(match value {
            Value::None => Json::Null,
            Value::Bool(it) => json!(it),
            Value::Int(it) => json!(["int", int_text(&it.into())]),
            Value::Long(it) => {
                json!([ctx.dialect().pick("long", "int"), int_text(it.as_bigint())])
            }
            Value::Float(it) => json!(["float", repr(ctx, it)?, bits(it)]),
            Value::Complex(it) => {
                let (real, imaginary) = (it.get().re, it.get().im);
                let parts = [repr(ctx, real)?, bits(real), repr(ctx, imaginary)?, bits(imaginary)];
                json!(["complex", parts[0], parts[1], parts[2], parts[3]])
            }
            Value::Bytes(it) => {
                self.strings.push((it.addr(), it.len()));
                bytes_form(it.as_slice())
            }
            Value::Unicode(it) => {
                let points: Vec<u32> = it.code_points().collect();
                self.strings.push((it.addr(), points.len()));
                text_form("unicode", &points)
            }
            Value::Tuple(it) if it.is_empty() => json!(["tuple"]),
            Value::Ellipsis => json!(["Ellipsis"]),
            Value::NotImplemented => json!(["NotImplemented"]),
            Value::Class(_) | Value::ClassicClass(_) => class_form(ctx, value)?,
            Value::Function(_) => named(ctx, "function", value)?,
            Value::Builtin(it) if matches!(it.receiver(), None | Some(Value::Module(_))) => {
                named(ctx, "builtin", value)?
            }
            Value::Module(_) => json!(["module", text(ctx, value.get_attr(ctx, "__name__")?)]),
            Value::Instance(it) if it.class().metaclass().name() == "EnumType" => {
                let class = Value::from(it.class());
                let (module, qualname) =
                    (class.get_attr(ctx, "__module__")?, class.get_attr(ctx, "__qualname__")?);
                let name = text(ctx, value.get_attr(ctx, "_name_")?);
                let inner = self.child(value.get_attr(ctx, "_value_")?)?;
                json!(["enum", text(ctx, module), text(ctx, qualname), name, inner])
            }
            _ => return Ok(None),
        }))
    }
}

/// `["class", module, name]`
pub(super) fn class_form<'gc>(ctx: Context<'gc>, class: Value<'gc>) -> Result<'gc, Json> {
    let kind = if matches!(class, Value::ClassicClass(_)) { "oldclass" } else { "class" };
    named(ctx, kind, class)
}

fn named<'gc>(ctx: Context<'gc>, kind: &str, value: Value<'gc>) -> Result<'gc, Json> {
    let module = value.get_attr(ctx, "__module__")?;
    let name = value.find_attr(ctx, "__qualname__")?;
    let name = name.map_or_else(|| value.get_attr(ctx, "__name__"), Ok)?;
    Ok(json!([kind, text(ctx, module), text(ctx, name)]))
}

/// A string's text, as a JSON string; None, as null.
pub(super) fn text<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Json {
    value.to::<Option<String>>(ctx).map_or(Json::Null, |text| json!(text))
}

/// Each byte is the character of that code.
pub(super) fn bytes_form(bytes: &[u8]) -> Json {
    let points: Vec<u32> = bytes.iter().map(|byte| u32::from(*byte)).collect();
    text_form("bytes", &points)
}

fn text_form(kind: &str, points: &[u32]) -> Json {
    let Some(characters) =
        points.iter().map(|point| char::from_u32(*point)).collect::<Option<Vec<_>>>()
    else {
        return json!([format!("{kind}#"), points]);
    };
    match unit(&characters) {
        Some(unit) => {
            json!([format!("{kind}*"), unit.iter().collect::<String>(), characters.len()])
        }
        None => json!([kind, characters.iter().collect::<String>()]),
    }
}

/// The unit of a long text that is one unit over and over.
fn unit(characters: &[char]) -> Option<&[char]> {
    if characters.len() <= LONG {
        return None;
    }
    let unit = UNITS.into_iter().find(|unit| {
        let shifted = characters.get(*unit..).unwrap_or_default();
        shifted.iter().zip(characters).all(|(one, other)| one == other)
    })?;
    characters.get(..unit)
}

/// Decimal below 2**64 in size, else hexadecimal.
fn int_text(number: &BigInt) -> String {
    if number.bits() <= 64 { number.to_string() } else { format!("{number:#x}") }
}

fn repr<'gc>(ctx: Context<'gc>, number: f64) -> Result<'gc, String> {
    Value::Float(number).repr(ctx)?.to(ctx)
}

fn bits(number: f64) -> String {
    format!("{:016x}", number.to_bits())
}
