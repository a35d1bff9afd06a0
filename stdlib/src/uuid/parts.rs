//! The parts of a UUID, each a property.

use halfsour_runtime::{Bytes, ClassBuilder, Context, Result, Value};
use num_bigint::BigUint;

use super::number;
use crate::support::{python3, tuple};

/// `12345678-1234-5678-1234-567812345678`
pub(super) fn text(number: u128) -> String {
    ::uuid::Uuid::from_u128(number).hyphenated().to_string()
}

/// The fields by name: how many bits are behind each, and how wide it is.
const FIELDS: [(&str, u32, u32); 6] = [
    ("time_low", 96, 32),
    ("time_mid", 80, 16),
    ("time_hi_version", 64, 16),
    ("clock_seq_hi_variant", 56, 8),
    ("clock_seq_low", 48, 8),
    ("node", 0, 48),
];

pub(super) fn define(mut builder: ClassBuilder<'_>) -> ClassBuilder<'_> {
    for (name, behind, width) in FIELDS {
        builder = builder.property(name, move |ctx, this| {
            let found = field(ctx, number(ctx, this)?, behind, width);
            // Only what is shifted becomes a long in 2.7.
            match this.get_attr(ctx, "int")? {
                Value::Int(_) if behind == 0 => Ok(Value::int(ctx, found.to(ctx)?)),
                _ => Ok(found),
            }
        });
    }
    builder
        .property("fields", |ctx, this| {
            let [a, b, c, d, e, f] = FIELDS.map(|(name, ..)| this.get_attr(ctx, name));
            Ok(tuple(ctx, &[a?, b?, c?, d?, e?, f?]))
        })
        .property("time", |ctx, this| {
            let number = number(ctx, this)?;
            let part = |behind: u32, width: u32| number >> behind & ((1 << width) - 1);
            let time = part(64, 12) << 48 | part(80, 16) << 32 | part(96, 32);
            Ok(whole(ctx, time))
        })
        .property("clock_seq", |ctx, this| {
            let number = number(ctx, this)?;
            Ok(whole(ctx, (number >> 56 & 0x3f) << 8 | number >> 48 & 0xff))
        })
        .property(
            "bytes",
            |ctx, this| Ok(Bytes::new(ctx, &number(ctx, this)?.to_be_bytes()).into()),
        )
        .property("bytes_le", |ctx, this| {
            let bytes = ::uuid::Uuid::from_u128(number(ctx, this)?).to_bytes_le();
            Ok(Bytes::new(ctx, &bytes).into())
        })
        .property("hex", |ctx, this| Ok(ctx.str(&format!("{:032x}", number(ctx, this)?))))
        .property("urn", |ctx, this| Ok(ctx.str(&format!("urn:uuid:{}", text(number(ctx, this)?)))))
        .property("variant", |ctx, this| Ok(ctx.str(variant(number(ctx, this)?))))
        .property("version", |ctx, this| version(ctx, this))
}

fn whole(ctx: Context<'_>, number: u128) -> Value<'_> {
    let number = BigUint::from(number).into();
    if python3(ctx) { Value::int(ctx, number) } else { Value::long(ctx, number) }
}

fn field(ctx: Context<'_>, number: u128, behind: u32, width: u32) -> Value<'_> {
    whole(ctx, number >> behind & ((1 << width) - 1))
}

fn variant(number: u128) -> &'static str {
    match number >> 61 & 0b111 {
        0b000..=0b011 => "reserved for NCS compatibility",
        0b100 | 0b101 => "specified in RFC 4122",
        0b110 => "reserved for Microsoft compatibility",
        _ => "reserved for future definition",
    }
}

fn version<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let number = number(ctx, this)?;
    if variant(number) != "specified in RFC 4122" {
        return Ok(Value::None);
    }
    let version = number >> 76 & 0xf;
    Ok(Value::Int(i64::try_from(version).unwrap_or_default()))
}
