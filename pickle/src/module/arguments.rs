//! Arguments as the modules read them.

use halfsour_runtime::{Context, Error, Result, Value, exc};
use num_traits::ToPrimitive;

use crate::encode::Encoder;
use crate::flavour::Flavour;
use crate::pickler::{HIGHEST_PROTOCOL, Pickler};

/// Returns the encoder for the protocol that a caller asks for: an argument, or the default if there is none.
///
/// `pickle.py` takes whatever can be compared with a number, and `None` for the default; `cPickle` an int only.
pub(super) fn encoder<'gc>(
    ctx: Context<'gc>,
    flavour: Flavour,
    protocol: Option<Value<'gc>>,
) -> Result<'gc, Encoder> {
    let pickler = Pickler::new().flavour(flavour);
    let asked = match (protocol, flavour) {
        (None, _) | (Some(Value::None), Flavour::Pickle | Flavour::Python3) => {
            return pickler.encoder(ctx);
        }
        (Some(protocol), Flavour::Pickle) => any_number(protocol),
        (Some(protocol), Flavour::CPickle | Flavour::Python3) => integer(protocol)?,
    };
    pickler.protocol(asked).encoder(ctx)
}

/// Reads a protocol as `pickle.py` does, to which whatever is no number is greater than any.
fn any_number(protocol: Value<'_>) -> i32 {
    match protocol.content() {
        Value::Float(protocol) if protocol < 0.0 => -1,
        // It is compared as it is, and cut to an integer then.
        Value::Float(protocol) if protocol <= f64::from(HIGHEST_PROTOCOL) => protocol as i32,
        Value::Float(_) => i32::MAX,
        Value::Int(..0) => -1,
        Value::Long(protocol) if protocol.as_bigint().sign() == num_bigint::Sign::Minus => -1,
        _ => integer(protocol).unwrap_or(i32::MAX),
    }
}

/// Reads an int, as the C modules do.
pub(super) fn integer<'gc>(value: Value<'gc>) -> Result<'gc, i32> {
    let number = match value.content() {
        Value::Bool(number) => Some(i64::from(number)),
        Value::Int(number) => Some(number),
        Value::Long(number) => number.as_bigint().to_i64(),
        Value::Float(_) => {
            return Err(Error::new(&exc::TYPE_ERROR, "integer argument expected, got float"));
        }
        _ => return Err(Error::new(&exc::TYPE_ERROR, "an integer is required")),
    };
    let out_of_range = |message| Err(Error::new(&exc::OVERFLOW_ERROR, message));
    match number {
        None => out_of_range("Python int too large to convert to C long"),
        Some(number) => match i32::try_from(number) {
            Ok(number) => Ok(number),
            Err(_) if number < 0 => out_of_range("signed integer is less than minimum"),
            Err(_) => out_of_range("signed integer is greater than maximum"),
        },
    }
}
