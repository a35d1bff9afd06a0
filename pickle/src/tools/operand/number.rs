//! Numbers in text.

use std::ops::Neg;

use halfsour_runtime::{Dialect, int_text};
use num_bigint::BigInt;

use super::Operand;
use crate::decode::{Integer, float_line as float};
use crate::flavour::Flavour;
use crate::limits::Limits;
use crate::tools::error::Problem;
use crate::tools::repr;

/// How many decimal digits of an int are read, and in Python 3 also written.
pub(in crate::tools) fn most_digits(dialect: Dialect) -> usize {
    const MOST_SHOWN: usize = 100_000;
    Limits::new().digits_for(dialect.pick(Flavour::Pickle, Flavour::Python3)).min(MOST_SHOWN)
}

/// The line of an INT, a GET or a PUT: a bool, or an int.
pub(super) fn short_line(line: &[u8], dialect: Dialect) -> Result<Operand<'static>, Problem> {
    match line {
        b"00" => return Ok(Operand::Bool(false)),
        b"01" => return Ok(Operand::Bool(true)),
        _ => {}
    }
    if dialect == Dialect::Python3 {
        return python3_int(line).map(Operand::Int);
    }
    if line.ends_with(b"L") {
        let shown = repr::bytes(line, dialect);
        return Err(Problem::other(format!("trailing 'L' not allowed in {shown}")));
    }
    Ok(match python2_int(line, line, "int")? {
        Integer::Big(big) => Operand::Long(Integer::Big(big)),
        small => Operand::Int(small),
    })
}

/// The line of a LONG.
pub(super) fn long_line(line: &[u8], dialect: Dialect) -> Result<Operand<'static>, Problem> {
    let digits = line.strip_suffix(b"L");
    if dialect == Dialect::Python3 {
        return python3_int(digits.unwrap_or(line)).map(Operand::Long);
    }
    let Some(digits) = digits else {
        let shown = repr::bytes(line, dialect);
        return Err(Problem::other(format!("trailing 'L' required in {shown}")));
    };
    if digits.last().is_some_and(is_space) {
        return Err(invalid("long", line, dialect));
    }
    python2_int(digits, line, "long").map(Operand::Long)
}

/// The line of a FLOAT.
pub(super) fn float_line(line: &[u8], dialect: Dialect) -> Result<f64, Problem> {
    if dialect == Dialect::Python3 {
        let number = without_underscores(line).and_then(|text| float(&text, Flavour::Pickle).ok());
        return number.ok_or_else(|| {
            let shown = repr::bytes(line, dialect);
            Problem::other(format!("could not convert string to float: {shown}"))
        });
    }
    float(line, Flavour::Pickle).map_err(|_| {
        let shown: String = until_nul(line).iter().copied().map(char::from).collect();
        Problem::other(match begins_with_number(line) {
            true => format!("invalid literal for float(): {shown}"),
            false => format!("could not convert string to float: {shown}"),
        })
    })
}

/// What `int` and `long` of Python 2 read in base 10; `shown` is what their messages quote.
fn python2_int(text: &[u8], shown: &[u8], function: &str) -> Result<Integer, Problem> {
    let c_text = until_nul(text);
    let (negative, digits) = sign(trim(c_text));
    let digits = trim_start(digits);
    if !are_digits(digits) {
        return Err(invalid(function, until_nul(shown), Dialect::Python2));
    }
    if c_text.len() < text.len() {
        return Err(Problem::other(format!("null byte in argument for {function}()")));
    }
    // DIFFERENCE: Python 2 has no limit, and takes time that grows with the square of the length.
    let limit = most_digits(Dialect::Python2);
    if digits.len() > limit {
        return Err(Problem::other(format!("an int of more than {limit} digits")));
    }
    Ok(number(negative, digits))
}

/// What `int` of Python 3 reads in base 10.
fn python3_int(line: &[u8]) -> Result<Integer, Problem> {
    let invalid = || invalid("int", line, Dialect::Python3);
    let (negative, digits) = sign(trim(line));
    let digits = without_underscores(digits).ok_or_else(invalid)?;
    if !are_digits(&digits) {
        return Err(invalid());
    }
    let limit = most_digits(Dialect::Python3);
    if digits.len() > limit {
        return Err(Problem::other(format!(
            "Exceeds the limit ({limit} digits) for integer string conversion: value has {} \
             digits; use sys.set_int_max_str_digits() to increase the limit",
            digits.len()
        )));
    }
    Ok(number(negative, &digits))
}

fn invalid(function: &str, shown: &[u8], dialect: Dialect) -> Problem {
    let shown = repr::bytes(shown, dialect);
    Problem::other(format!("invalid literal for {function}() with base 10: {shown}"))
}

fn number(negative: bool, digits: &[u8]) -> Integer {
    let magnitude: BigInt = int_text::decimal(digits);
    Integer::from(if negative { magnitude.neg() } else { magnitude })
}

fn are_digits(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(u8::is_ascii_digit)
}

/// The text without the underscores between digits; `None` when there is one elsewhere.
fn without_underscores(text: &[u8]) -> Option<Vec<u8>> {
    let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let mut kept = Vec::with_capacity(text.len());
    let mut before = None;
    let mut rest = text.iter();
    while let Some(byte) = rest.next() {
        if *byte != b'_' {
            kept.push(*byte);
        } else if !is_digit(before) || !is_digit(rest.as_slice().first()) {
            return None;
        }
        before = Some(byte);
    }
    Some(kept)
}

/// Whether C's `strtod` would read at least the beginning of this text, which decides Python 2's message.
fn begins_with_number(text: &[u8]) -> bool {
    let (_, text) = sign(trim_start(text));
    match text {
        [b'0'..=b'9', ..] | [b'.', b'0'..=b'9', ..] => true,
        _ => text.get(..3).is_some_and(|word| {
            word.eq_ignore_ascii_case(b"inf") || word.eq_ignore_ascii_case(b"nan")
        }),
    }
}

/// The text up to the NUL that ends a string of C.
fn until_nul(text: &[u8]) -> &[u8] {
    text.split(|&byte| byte == 0).next().unwrap_or_default()
}

fn sign(text: &[u8]) -> (bool, &[u8]) {
    match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    }
}

fn trim(text: &[u8]) -> &[u8] {
    let mut text = trim_start(text);
    while let [rest @ .., last] = text {
        if !is_space(last) {
            break;
        }
        text = rest;
    }
    text
}

fn trim_start(mut text: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = text {
        if !is_space(first) {
            break;
        }
        text = rest;
    }
    text
}

/// Whether C calls a byte white space; Rust leaves out the vertical tab.
fn is_space(byte: &u8) -> bool {
    byte.is_ascii_whitespace() || *byte == 0x0b
}
