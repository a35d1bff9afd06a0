//! How far the argument of an opcode reaches.

use halfsour_runtime::Dialect;

use crate::opcode::Argument;
use crate::tools::error::Problem;
use crate::tools::operand;

/// Where an argument is, counted from behind its opcode.
pub(super) struct Extent {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) end: usize,
}

/// Measures the argument that begins with `after`, all of which has to be there.
///
/// # Errors
/// The words of `pickletools` for an argument that is cut short or whose length is absurd.
pub(super) fn measure(
    argument: Argument,
    after: &[u8],
    dialect: Dialect,
) -> Result<Extent, Problem> {
    match argument {
        Argument::None => Ok(Extent { from: 0, to: 0, end: 0 }),
        Argument::Uint1 => fixed(1, "uint1", after),
        Argument::Uint2 => fixed(2, "uint2", after),
        Argument::Int4 => fixed(4, "int4", after),
        // 2.7 reads the numbers of LONG_BINGET and LONG_BINPUT as signed.
        Argument::Uint4 => fixed(4, dialect.pick("int4", "uint4"), after),
        Argument::Uint8 => fixed(8, "uint8", after),
        Argument::Float8 => fixed(8, "float8", after),
        Argument::DecimalLine
        | Argument::LongLine
        | Argument::QuotedLine
        | Argument::PlainLine
        | Argument::FloatLine => lines(1, "stringnl", after),
        Argument::TwoLines => two_lines(after, dialect),
        Argument::UnicodeLine => lines(1, "unicodestringnl", after),
        Argument::Long1
        | Argument::String1
        | Argument::Bytes1
        | Argument::Unicode1
        | Argument::Long4
        | Argument::String4
        | Argument::Bytes4
        | Argument::Unicode4
        | Argument::Bytes8
        | Argument::ByteArray8
        | Argument::Unicode8 => counted(argument, after, dialect),
    }
}

fn fixed(length: usize, name: &str, after: &[u8]) -> Result<Extent, Problem> {
    if after.len() < length {
        return Err(too_little(name));
    }
    Ok(Extent { from: 0, to: length, end: length })
}

fn lines(count: usize, name: &str, after: &[u8]) -> Result<Extent, Problem> {
    let Some(newline) = memchr::memchr_iter(b'\n', after).nth(count - 1) else {
        return Err(Problem::other(format!("no newline found when trying to read {name}")));
    };
    Ok(Extent { from: 0, to: newline, end: newline + 1 })
}

fn two_lines(after: &[u8], dialect: Dialect) -> Result<Extent, Problem> {
    lines(2, "stringnl", after).or_else(|problem| {
        // `pickletools` reads the first line before it looks for the second.
        let first = lines(1, "stringnl", after)?;
        operand::plain(after.get(..first.to).unwrap_or_default(), dialect)?;
        Err(problem)
    })
}

/// The number in front of a counted argument.
struct Prefix {
    length: usize,
    name: &'static str,
    signed: bool,
}

impl Prefix {
    const ONE: Self = Self { length: 1, name: "uint1", signed: false };
    const SIGNED: Self = Self { length: 4, name: "int4", signed: true };
    const FOUR: Self = Self { length: 4, name: "uint4", signed: false };
    const EIGHT: Self = Self { length: 8, name: "uint8", signed: false };

    const fn of(argument: Argument, dialect: Dialect) -> Self {
        match argument {
            Argument::Long4 | Argument::String4 => Self::SIGNED,
            // 2.7 reads the length of BINUNICODE as signed.
            Argument::Unicode4 if matches!(dialect, Dialect::Python2) => Self::SIGNED,
            Argument::Bytes4 | Argument::Unicode4 => Self::FOUR,
            Argument::Bytes8 | Argument::ByteArray8 | Argument::Unicode8 => Self::EIGHT,
            _ => Self::ONE,
        }
    }
}

fn counted(argument: Argument, after: &[u8], dialect: Dialect) -> Result<Extent, Problem> {
    let prefix = Prefix::of(argument, dialect);
    let Some((number, content)) = after.split_at_checked(prefix.length) else {
        return Err(too_little(prefix.name));
    };
    let length = number.iter().rev().fold(0, |sum: u64, &byte| sum << 8 | u64::from(byte));
    let name = argument.name().unwrap_or_default();
    if prefix.signed && length > i32::MAX as u64 {
        let negative = length as u32 as i32;
        return Err(Problem::other(format!("{name} byte count < 0: {negative}")));
    }
    if length > i64::MAX as u64 {
        return Err(Problem::other(format!("{name} byte count > sys.maxsize: {length}")));
    }
    if length > content.len() as u64 {
        return Err(match argument {
            Argument::Long1 | Argument::Long4 => too_little(name),
            _ => Problem::other(format!(
                "expected {length} bytes in a {name}, but only {} remain",
                content.len()
            )),
        });
    }
    let end = prefix.length + length as usize;
    Ok(Extent { from: prefix.length, to: end, end })
}

fn too_little(name: &str) -> Problem {
    Problem::other(format!("not enough data in stream to read {name}"))
}
