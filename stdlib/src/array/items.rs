//! The kinds of items: how each is laid out in bytes, read, and written. The order of bytes is little-endian, as on the
//! machines whose pickles are compared.

use halfsour_runtime::{Context, Error, Long, Result, Unicode, Value, exc};
use num_bigint::BigInt;

use crate::support::{python3, text, type_error};

/// What items are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Signed,
    Unsigned,
    Float,
    /// A code point in four bytes.
    Character,
    /// One byte, as a string of length one (Python 2).
    Byte,
}

/// A type code with what it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Code {
    pub(super) letter: char,
    pub(super) form: Form,
    pub(super) size: usize,
    /// The number of the layout in pickles of protocol 3 and later.
    pub(super) layout: i64,
}

const fn code(letter: char, form: Form, size: usize, layout: i64) -> Code {
    Code { letter, form, size, layout }
}

const CODES: [Code; 15] = [
    code('c', Form::Byte, 1, 0),
    code('b', Form::Signed, 1, 1),
    code('B', Form::Unsigned, 1, 0),
    code('u', Form::Character, 4, 20),
    code('w', Form::Character, 4, 20),
    code('h', Form::Signed, 2, 4),
    code('H', Form::Unsigned, 2, 2),
    code('i', Form::Signed, 4, 8),
    code('I', Form::Unsigned, 4, 6),
    code('l', Form::Signed, 8, 12),
    code('L', Form::Unsigned, 8, 10),
    code('q', Form::Signed, 8, 12),
    code('Q', Form::Unsigned, 8, 10),
    code('f', Form::Float, 4, 14),
    code('d', Form::Float, 8, 16),
];

/// The letters that a dialect knows.
pub(super) fn codes(python3: bool) -> impl Iterator<Item = char> {
    let missing = if python3 { &['c'][..] } else { &['q', 'Q', 'w'][..] };
    CODES.iter().map(|code| code.letter).filter(move |letter| !missing.contains(letter))
}

impl Code {
    pub(super) fn of(ctx: Context<'_>, letter: char) -> Option<Self> {
        let known = codes(python3(ctx)).any(|known| known == letter);
        CODES.iter().copied().find(|code| known && code.letter == letter)
    }

    /// The last code of a form and size, which stands for arrays of another machine.
    pub(super) fn fitting(form: Form, size: usize) -> Option<Self> {
        CODES.iter().rev().copied().find(|code| code.form == form && code.size == size)
    }

    /// An item from its bytes.
    pub(super) fn item<'gc>(self, ctx: Context<'gc>, bytes: &[u8]) -> Value<'gc> {
        let word = bytes.iter().rev().fold(0_u64, |word, byte| word << 8 | u64::from(*byte));
        match self.form {
            Form::Byte => halfsour_runtime::Bytes::new(ctx, bytes).into(),
            Form::Character => {
                let point = u32::try_from(word).unwrap_or(u32::MAX);
                Unicode::from_code_points(ctx, [point]).map_or(Value::None, Value::from)
            }
            Form::Float if self.size == 4 => {
                Value::Float(f32::from_bits(u32::try_from(word).unwrap_or_default()).into())
            }
            Form::Float => Value::Float(f64::from_bits(word)),
            Form::Signed => {
                let unused = 64 - 8 * self.size;
                Value::Int((word << unused).cast_signed() >> unused)
            }
            // 2.7 makes longs of those that might not fit an int.
            Form::Unsigned if self.size >= 4 && !python3(ctx) => Long::new(ctx, word).into(),
            Form::Unsigned => Value::int(ctx, word.into()),
        }
    }

    /// The bytes of an item.
    pub(super) fn bytes<'gc>(self, ctx: Context<'gc>, item: Value<'gc>) -> Result<'gc, Vec<u8>> {
        let mut bytes = match self.form {
            Form::Byte => match item.as_bytes() {
                Some(byte) if byte.len() == 1 => byte.as_slice().to_vec(),
                _ => return Err(type_error("array item must be char")),
            },
            Form::Character => match item.content() {
                Value::Unicode(character) if character.len() == 1 => {
                    let point = character.code_points().next().unwrap_or_default();
                    point.to_le_bytes().to_vec()
                }
                _ => return Err(type_error("array item must be unicode character")),
            },
            Form::Float => {
                let number = self.float(ctx, item)?;
                if self.size == 4 {
                    (number as f32).to_bits().to_le_bytes().to_vec()
                } else {
                    number.to_bits().to_le_bytes().to_vec()
                }
            }
            Form::Signed | Form::Unsigned => {
                let number = self.whole(ctx, item)?;
                let word = i128::try_from(number).unwrap_or_default();
                word.to_le_bytes().to_vec()
            }
        };
        bytes.truncate(self.size);
        Ok(bytes)
    }

    fn float<'gc>(self, ctx: Context<'gc>, item: Value<'gc>) -> Result<'gc, f64> {
        match item.content() {
            Value::Float(_) | Value::Int(_) | Value::Bool(_) | Value::Long(_) => item.to(ctx),
            _ => match item.find_attr(ctx, "__float__")? {
                Some(convert) => convert.call(ctx, ())?.to(ctx),
                None if python3(ctx) => {
                    let found = item.type_name(ctx);
                    Err(type_error(format!("must be real number, not {found}")))
                }
                None => Err(type_error("a float is required")),
            },
        }
    }

    fn whole<'gc>(self, ctx: Context<'gc>, item: Value<'gc>) -> Result<'gc, BigInt> {
        let number: BigInt = match item.content() {
            Value::Int(_) | Value::Bool(_) | Value::Long(_) => item.to(ctx)?,
            Value::Float(_) if !python3(ctx) => {
                return Err(type_error("integer argument expected, got float"));
            }
            _ if python3(ctx) => item.index(ctx)?.to(ctx)?,
            _ => match item.find_attr(ctx, "__int__")? {
                Some(convert) => convert.call(ctx, ())?.to(ctx)?,
                None => return Err(type_error("an integer is required")),
            },
        };
        let bits = 8 * self.size;
        let (least, most) = if self.form == Form::Signed {
            let half = BigInt::from(1) << (bits - 1);
            (-&half, half - 1)
        } else {
            (BigInt::default(), (BigInt::from(1) << bits) - 1)
        };
        if number > most || number < least {
            let message = self.out_of_range(ctx, number < least);
            return Err(Error::new(&exc::OVERFLOW_ERROR, message));
        }
        Ok(number)
    }

    fn out_of_range(self, ctx: Context<'_>, below: bool) -> String {
        let kind = match self.letter {
            'b' => "signed char",
            'B' => "unsigned byte integer",
            'h' => "signed short integer",
            'H' => "unsigned short",
            'i' => "signed integer",
            'I' => "unsigned int",
            'l' => return "Python int too large to convert to C long".to_owned(),
            'L' if !python3(ctx) && !below => return "long int too large to convert".to_owned(),
            'L' if !below => {
                return "Python int too large to convert to C unsigned long".to_owned();
            }
            'L' => "unsigned int",
            _ => return "int too big to convert".to_owned(),
        };
        if below && python3(ctx) && matches!(self.letter, 'I' | 'L') {
            return "can't convert negative value to unsigned int".to_owned();
        }
        let end = if below { "less than minimum" } else { "greater than maximum" };
        format!("{kind} is {end}")
    }
}

/// The code that an argument names.
pub(super) fn given_code<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Code> {
    let letters = text(value);
    let mut characters = letters.chars();
    let is_string = match value.content() {
        Value::Bytes(_) => !python3(ctx),
        Value::Unicode(_) => true,
        _ => false,
    };
    let (Some(letter), None, true) = (characters.next(), characters.next(), is_string) else {
        let found = value.type_name(ctx);
        return Err(type_error(if python3(ctx) {
            format!("array() argument 1 must be a unicode character, not {found}")
        } else {
            format!(
                "array() argument 1 or typecode must be char (string or ascii-unicode with length \
                 1), not {found}"
            )
        }));
    };
    Code::of(ctx, letter).ok_or_else(|| {
        crate::support::value_error(ctx.dialect().pick(
            "bad typecode (must be c, b, B, u, h, H, i, I, l, L, f or d)",
            "bad typecode (must be b, B, u, h, H, i, I, l, L, q, Q, f or d)",
        ))
    })
}
