//! How far the argument of an opcode reaches.

use halfsour_runtime::Dialect;

use crate::opcode::{Argument, Shape};
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
    match (argument.shape(), argument) {
        // 2.7 reads the numbers of LONG_BINGET and LONG_BINPUT as signed.
        (Shape::Fixed(length), Argument::Uint4) => {
            fixed(length, dialect.pick("int4", "uint4"), after)
        }
        (Shape::Fixed(length), _) => fixed(length, argument.name().unwrap_or_default(), after),
        (Shape::Lines(_), Argument::TwoLines) => two_lines(after, dialect),
        (Shape::Lines(count), Argument::UnicodeLine) => lines(count, "unicodestringnl", after),
        (Shape::Lines(count), _) => lines(count, "stringnl", after),
        (Shape::Counted(prefix), _) => counted(argument, prefix, after, dialect),
    }
}

fn fixed(length: usize, name: &str, after: &[u8]) -> Result<Extent, Problem> {
    if after.len() < length {
        return Err(too_little(name));
    }
    Ok(Extent { from: 0, to: length, end: length })
}

fn lines(count: usize, name: &str, after: &[u8]) -> Result<Extent, Problem> {
    let Some(newline) = memchr::memchr_iter(b'\n', after).nth(count.saturating_sub(1)) else {
        return Err(Problem::other(format!("no newline found when trying to read {name}")));
    };
    Ok(Extent { from: 0, to: newline, end: newline.saturating_add(1) })
}

fn two_lines(after: &[u8], dialect: Dialect) -> Result<Extent, Problem> {
    lines(2, "stringnl", after).or_else(|problem| {
        // `pickletools` reads the first line before it looks for the second.
        let first = lines(1, "stringnl", after)?;
        operand::plain(after.get(..first.to).unwrap_or_default(), dialect)?;
        Err(problem)
    })
}

/// What `pickletools` calls the number of `width` bytes in front of a counted argument, and whether it is signed.
fn prefix(argument: Argument, width: usize, dialect: Dialect) -> (&'static str, bool) {
    match (argument, width) {
        (_, 1) => ("uint1", false),
        (_, 8) => ("uint8", false),
        (Argument::Long4 | Argument::String4, _) => ("int4", true),
        // 2.7 reads the length of BINUNICODE as signed.
        (Argument::Unicode4, _) if dialect == Dialect::Python2 => ("int4", true),
        _ => ("uint4", false),
    }
}

fn counted(
    argument: Argument,
    width: usize,
    after: &[u8],
    dialect: Dialect,
) -> Result<Extent, Problem> {
    let (prefix_name, is_signed) = prefix(argument, width, dialect);
    let Some((number, content)) = after.split_at_checked(width) else {
        return Err(too_little(prefix_name));
    };
    let length = number.iter().rev().fold(0, |sum: u64, &byte| sum << 8 | u64::from(byte));
    let name = argument.name().unwrap_or_default();
    if is_signed && length > i32::MAX as u64 {
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
    let end = width.saturating_add(length as usize);
    Ok(Extent { from: width, to: end, end })
}

fn too_little(name: &str) -> Problem {
    Problem::other(format!("not enough data in stream to read {name}"))
}
