//! x
use num_bigint::BigInt;
use num_traits::{One, Zero};
use num_integer::Integer;
/// A finite float as numerator and denominator in lowest terms.
pub(crate) fn ratio_of_float(number: f64) -> Option<(BigInt, BigInt)> {
    if !number.is_finite() {
        return None;
    }
    if number.is_zero() {
        return Some((BigInt::zero(), BigInt::one()));
    }
    let (mantissa, exponent, sign) = num_traits::Float::integer_decode(number);
    let mantissa = BigInt::from(mantissa) * i64::from(sign);
    let power = |exponent: i16| BigInt::one() << exponent.unsigned_abs();
    if exponent >= 0 {
        return Some((mantissa * power(exponent), BigInt::one()));
    }
    let denominator = power(exponent);
    let common = mantissa.gcd(&denominator);
    Some((mantissa / &common, denominator / common))
}
