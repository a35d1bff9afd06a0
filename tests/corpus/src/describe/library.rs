//! The fields of the library's objects whose state is not in their `__dict__`.

use halfsour_runtime::{Class, Context, Dict, Result, Tuple, Unicode, Value};

/// The fields of an object of the library; nothing of another object.
pub(super) fn fields<'gc>(
    ctx: Context<'gc>,
    value: Value<'gc>,
) -> Result<'gc, Option<Vec<Value<'gc>>>> {
    let class = value.type_of(ctx);
    let attributes = |names: &[&str]| {
        let fields =
            names.iter().map(|name| Ok(value.find_attr(ctx, *name)?.unwrap_or(Value::None)));
        fields.collect::<Result<'gc, Vec<_>>>()
    };
    let text = |value: Value<'gc>| -> Result<'gc, Value<'gc>> {
        let text: String = value.to(ctx)?;
        Ok(Unicode::new(ctx, &text).into())
    };
    let name = class.dotted_name(ctx);
    let fields = match name.as_str() {
        "datetime.date" => attributes(&["year", "month", "day"])?,
        "datetime.datetime" => moment(
            ctx,
            value,
            &["year", "month", "day", "hour", "minute", "second", "microsecond"],
        )?,
        "datetime.time" => moment(ctx, value, &["hour", "minute", "second", "microsecond"])?,
        "datetime.timedelta" => attributes(&["days", "seconds", "microseconds"])?,
        "datetime.timezone" => {
            let given = value.call_method(ctx, "__getinitargs__", ())?;
            given.as_tuple().map_or(&[][..], Tuple::as_slice).to_vec()
        }
        "fractions.Fraction" => attributes(&["numerator", "denominator"])?,
        "functools.partial" => {
            let mut fields = attributes(&["func", "args", "keywords"])?;
            if let Some(keywords) = fields.last_mut()
                && keywords.is_none()
            {
                *keywords = Dict::new(ctx).into();
            }
            fields
        }
        "decimal.Decimal" | "uuid.UUID" => vec![text(value.str(ctx)?)?],
        "array.array" => {
            let mut fields = vec![text(value.get_attr(ctx, "typecode")?)?];
            fields.extend(value.iter(ctx)?.collect_vec(ctx)?);
            fields
        }
        "random.Random" => vec![value.call_method(ctx, "getstate", ())?],
        "_sre.SRE_Pattern" | "re.Pattern" => attributes(&["pattern", "flags"])?,
        "collections.ChainMap" => value.get_attr(ctx, "maps")?.iter(ctx)?.collect_vec(ctx)?,
        name if is_shown_as_text(name) => vec![text(value.str(ctx)?)?],
        _ if derives_from(ctx, class, "collections.defaultdict") => {
            attributes(&["default_factory"])?
        }
        _ if derives_from(ctx, class, "collections.deque") => {
            let mut fields = attributes(&["maxlen"])?;
            fields.extend(value.iter(ctx)?.collect_vec(ctx)?);
            fields
        }
        _ => return Ok(None),
    };
    Ok(Some(fields))
}

/// Whether the attributes of such an object stay out of its description.
pub(super) fn hides_attributes<'gc>(ctx: Context<'gc>, class: Class<'gc>) -> bool {
    let name = class.dotted_name(ctx);
    let others = ["decimal.Decimal", "uuid.UUID", "fractions.Fraction", "collections.ChainMap"];
    others.contains(&name.as_str()) || is_shown_as_text(&name)
}

/// Paths and network addresses.
fn is_shown_as_text(name: &str) -> bool {
    ["pathlib", "ipaddress"].contains(&name.split('.').next().unwrap_or_default())
}

/// The parts of a time or datetime, then its fold and its zone.
fn moment<'gc>(
    ctx: Context<'gc>,
    value: Value<'gc>,
    names: &[&str],
) -> Result<'gc, Vec<Value<'gc>>> {
    let parts = names.iter().map(|name| value.get_attr(ctx, *name));
    let mut fields = parts.collect::<Result<'gc, Vec<_>>>()?;
    fields.push(value.find_attr(ctx, "fold")?.unwrap_or(Value::Int(0)));
    fields.push(value.get_attr(ctx, "tzinfo")?);
    Ok(fields)
}

fn derives_from<'gc>(ctx: Context<'gc>, class: Class<'gc>, name: &str) -> bool {
    let named =
        |base: &Value<'gc>| matches!(base, Value::Class(base) if base.dotted_name(ctx) == name);
    class.mro().as_slice().iter().any(named)
}
