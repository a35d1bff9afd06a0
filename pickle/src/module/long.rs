//! `pickle.encode_long` and `pickle.decode_long`: integers in two's complement, lowest byte first.

use halfsour_runtime::{Args, Bytes, Context, Error, Long, Result, Value, exc};
use num_bigint::BigInt;

use crate::decode::{Integer, long_bytes};
use crate::encode::long_to_bytes;

/// `encode_long(x)`: no bytes for zero, else the fewest that keep the sign.
pub(super) fn encode_long<'gc>(ctx: Context<'gc>, args: Args<'gc>) -> Result<'gc> {
    let [number] = args.bind("encode_long", ["x"], 1)?;
    let number = match number.map(Value::content) {
        Some(Value::Bool(number)) => BigInt::from(i64::from(number)),
        Some(Value::Int(number)) => BigInt::from(number),
        Some(Value::Long(number)) => number.as_bigint().clone(),
        _ => {
            let message = "hex() argument can't be converted to hex";
            return Err(Error::new(&exc::TYPE_ERROR, message));
        }
    };
    Ok(Bytes::new(ctx, &long_to_bytes(&number)).into())
}

/// `decode_long(data)`: a long, even if it is small.
pub(super) fn decode_long<'gc>(ctx: Context<'gc>, args: Args<'gc>) -> Result<'gc> {
    let [data] = args.bind("decode_long", ["data"], 1)?;
    let data = data.unwrap_or(Value::None);
    let Some(bytes) = data.content().as_bytes() else {
        let message = format!("decode_long() needs a string, not {}", data.type_name(ctx));
        return Err(Error::new(&exc::TYPE_ERROR, message));
    };
    let number = match long_bytes(bytes.as_slice()) {
        Integer::Small(small) => BigInt::from(small),
        Integer::Big(big) => big,
    };
    Ok(Long::new(ctx, number).into())
}
