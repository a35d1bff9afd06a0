//! One conversion: `%(key)#0- +5.3ld`.

use super::arguments::Arguments;
use crate::builtins::string::kind::Kind;
use crate::builtins::string::unit::Unit;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::value::Value;

/// What stands between `%` and the end of a conversion.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Specification {
    pub(super) left: bool,
    pub(super) plus: bool,
    pub(super) space: bool,
    pub(super) alternate: bool,
    pub(super) zero: bool,
    pub(super) width: usize,
    pub(super) precision: Option<usize>,
    /// The letter; 0 is none of ASCII.
    pub(super) conversion: u8,
}

impl Specification {
    /// Reads a conversion whose `%` stands before `at`; returns it with the position behind it.
    pub(super) fn read<'gc, K: Kind>(
        ctx: Context<'gc>,
        format: &[K::Unit],
        mut at: usize,
        values: &mut Arguments<'gc>,
    ) -> Result<'gc, (Self, usize)> {
        let mut specification = Self::default();
        if format.get(at).is_some_and(|unit| unit.is(b'(')) {
            let end = key_end(format, at + 1)?;
            values.look_up(ctx, K::make(ctx, &format[at + 1..end]))?;
            at = end + 1;
        }
        while format.get(at).is_some_and(|&unit| specification.flag(unit)) {
            at += 1;
        }
        at = specification.read_width(ctx, format, at, values)?;
        if format.get(at).is_some_and(|unit| unit.is(b'.')) {
            let (precision, end) = number(ctx, format, at + 1, values, "prec too big")?;
            specification.precision = Some(usize::try_from(precision.unwrap_or(0)).unwrap_or(0));
            at = end;
        }
        if format.get(at).is_some_and(|unit| b"hlL".iter().any(|&it| unit.is(it))) {
            at += 1;
        }
        let Some(&conversion) = format.get(at) else {
            return Err(Error::new(&exc::VALUE_ERROR, "incomplete format"));
        };
        specification.conversion = (0..0x80).find(|&ascii| conversion.is(ascii)).unwrap_or(0);
        Ok((specification, at + 1))
    }

    fn flag<U: Unit>(&mut self, unit: U) -> bool {
        for (ascii, flag) in [
            (b'-', &mut self.left),
            (b'+', &mut self.plus),
            (b' ', &mut self.space),
            (b'#', &mut self.alternate),
            (b'0', &mut self.zero),
        ] {
            if unit.is(ascii) {
                *flag = true;
                return true;
            }
        }
        false
    }

    fn read_width<'gc, U: Unit>(
        &mut self,
        ctx: Context<'gc>,
        format: &[U],
        at: usize,
        values: &mut Arguments<'gc>,
    ) -> Result<'gc, usize> {
        let (width, end) = number(ctx, format, at, values, "width too big")?;
        let width = width.unwrap_or(0);
        self.left |= width < 0;
        self.width = usize::try_from(width.unsigned_abs()).unwrap_or(usize::MAX);
        Ok(end)
    }

    /// Whether zeros may fill up what is converted.
    pub(super) fn is_number(&self) -> bool {
        b"diouxXeEfFgG".contains(&self.conversion)
    }
}

/// The position of the parenthesis that closes a key.
fn key_end<'gc, U: Unit>(format: &[U], start: usize) -> Result<'gc, usize> {
    let mut open = 1;
    for (at, unit) in format.iter().enumerate().skip(start) {
        if unit.is(b'(') {
            open += 1;
        } else if unit.is(b')') {
            open -= 1;
        }
        if open == 0 {
            return Ok(at);
        }
    }
    Err(Error::new(&exc::VALUE_ERROR, "incomplete format key"))
}

/// Reads a number, or takes the next value for `*`; returns it with the position behind it.
fn number<'gc, U: Unit>(
    ctx: Context<'gc>,
    format: &[U],
    at: usize,
    values: &mut Arguments<'gc>,
    too_big: &'static str,
) -> Result<'gc, (Option<i64>, usize)> {
    if format.get(at).is_some_and(|unit| unit.is(b'*')) {
        let value = values.next()?;
        return match value.content() {
            Value::Int(_) | Value::Bool(_) => Ok((Some(value.to(ctx)?), at + 1)),
            _ => Err(Error::new(&exc::TYPE_ERROR, "* wants int")),
        };
    }
    let mut end = at;
    let mut number = None;
    while let Some(digit) =
        format.get(end).and_then(|unit| (b'0'..=b'9').find(|&digit| unit.is(digit)))
    {
        let value = number.unwrap_or(0) * 10 + i64::from(digit - b'0');
        // DIFFERENCE: CPython takes any width for which there is memory.
        if value > i64::from(i32::MAX) {
            return Err(Error::new(&exc::VALUE_ERROR, too_big));
        }
        number = Some(value);
        end += 1;
    }
    Ok((number, end))
}
