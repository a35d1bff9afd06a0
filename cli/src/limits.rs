//! The options that bound what reading a file may cost.

use std::str::FromStr;

use halfsour::pickle;

use crate::failure::{Failure, Result};

/// How many bytes of a file that is not compressed are read.
const INPUT: u64 = 4 << 30;

/// How many bytes come out of a compressed file.
const UNPACKED: u64 = 256 << 20;

/// Options that bound what reading a file may cost.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Limits")]
pub(crate) struct LimitOptions {
    /// Raise or lower a limit, like memory=1G; several times for several (--help lists them)
    ///
    ///   input          bytes of a file: 4G
    ///   unpacked       bytes that come out of a compressed file: 256M
    ///   memory         bytes of a pickle's objects: 16M, and 64 for each byte of it
    ///   opcodes        4G
    ///   calls          of classes and functions: 256M
    ///   nesting        marks that are open at once: 1M
    ///   memo_entries   1G
    ///   digits         of a number in text: 4300, of Python 2's 1000000
    ///   string_length  in bytes: 4G
    #[arg(long = "limit", value_name = "NAME=NUMBER", verbatim_doc_comment)]
    limits: Vec<Limit>,
    /// Have no limits, for files that are trusted
    #[arg(long)]
    no_limits: bool,
}

/// A limit, and what it is set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Limit {
    what: What,
    value: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Input,
    Unpacked,
    Memory,
    Opcodes,
    Calls,
    Nesting,
    MemoEntries,
    Digits,
    StringLength,
}

const NAMES: [(&str, What); 9] = [
    ("input", What::Input),
    ("unpacked", What::Unpacked),
    ("memory", What::Memory),
    ("opcodes", What::Opcodes),
    ("calls", What::Calls),
    ("nesting", What::Nesting),
    ("memo_entries", What::MemoEntries),
    ("digits", What::Digits),
    ("string_length", What::StringLength),
];

impl FromStr for Limit {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let (name, value) = text.split_once('=').ok_or("a limit is NAME=NUMBER")?;
        let name = name.trim().replace('-', "_");
        let found = NAMES.iter().find(|(known, _)| *known == name);
        let Some(&(_, what)) = found else {
            let known: Vec<&str> = NAMES.iter().map(|(known, _)| *known).collect();
            return Err(format!("there is no limit {name}: there are {}", known.join(", ")));
        };
        Ok(Self { what, value: number(value.trim())? })
    }
}

/// Reads a number, perhaps with a letter for 2 to the power of 10, 20, 30 or 40.
fn number(text: &str) -> std::result::Result<u64, String> {
    let digits = text.trim_end_matches(['K', 'M', 'G', 'T', 'k', 'm', 'g', 't']);
    let shift = match text.get(digits.len()..).unwrap_or_default() {
        "" => 0,
        "K" | "k" => 10,
        "M" | "m" => 20,
        "G" | "g" => 30,
        "T" | "t" => 40,
        other => return Err(format!("{other} is none of K, M, G and T")),
    };
    let number: u64 = digits.parse().map_err(|_| format!("{text:?} is no number, like 64M"))?;
    number.checked_shl(shift).filter(|it| it >> shift == number).ok_or("too large".to_owned())
}

impl LimitOptions {
    fn get(&self, what: What) -> Option<u64> {
        let set = self.limits.iter().rev().find(|limit| limit.what == what);
        set.map(|limit| limit.value).or(self.no_limits.then_some(u64::MAX))
    }

    /// How many bytes are read.
    pub(crate) fn input(&self) -> Bound {
        Bound { name: "input", most: self.get(What::Input).unwrap_or(INPUT) }
    }

    /// How many bytes come out of what is compressed.
    pub(crate) fn unpacked(&self) -> Bound {
        Bound { name: "unpacked", most: self.get(What::Unpacked).unwrap_or(UNPACKED) }
    }

    /// What loading a pickle may cost.
    pub(crate) fn of_load(&self) -> pickle::Limits {
        let mut limits =
            if self.no_limits { pickle::Limits::none() } else { pickle::Limits::new() };
        let size = |value: u64| usize::try_from(value).unwrap_or(usize::MAX);
        for &Limit { what, value } in &self.limits {
            limits = match what {
                What::Input | What::Unpacked => limits,
                What::Memory => limits.memory(value),
                What::Opcodes => limits.opcodes(value),
                What::Calls => limits.calls(value),
                What::Nesting => limits.nesting(size(value)),
                What::MemoEntries => limits.memo_entries(size(value)),
                What::Digits => limits.digits(size(value)),
                What::StringLength => limits.string_length(size(value)),
            };
        }
        limits
    }
}

/// How many bytes there may be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bound {
    name: &'static str,
    pub(crate) most: u64,
}

impl Bound {
    /// Reads everything, unless that is more than there may be, or than there is memory for.
    pub(crate) fn read(self, mut reader: impl std::io::Read) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut chunk = vec![0; 1 << 16];
        loop {
            let count = match reader.read(&mut chunk) {
                Ok(0) => return Ok(bytes),
                Ok(count) => count,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error.into()),
            };
            if (bytes.len() + count) as u64 > self.most {
                return Err(self.exceeded());
            }
            if bytes.try_reserve(count).is_err() {
                return Err(Failure::new("there is not enough memory for it"));
            }
            bytes.extend_from_slice(chunk.get(..count).unwrap_or_default());
        }
    }

    fn exceeded(self) -> Failure {
        let Self { name, most } = self;
        Failure::new(format!("more than {most} bytes (--limit {name} raises the limit)"))
    }
}

#[cfg(test)]
mod tests {
    use super::{Bound, Limit, What, number};

    #[test]
    fn numbers_have_letters() {
        assert_eq!(number("17"), Ok(17));
        assert_eq!(number("3K"), Ok(3072));
        assert_eq!(number("2g"), Ok(2 << 30));
        assert!(number("").is_err() && number("M").is_err() && number("1KM").is_err());
        assert!(number("99999999999T").is_err());
    }

    #[test]
    fn limits_are_known_by_name() {
        assert_eq!("unpacked=1K".parse(), Ok(Limit { what: What::Unpacked, value: 1024 }));
        assert_eq!("memo-entries=1".parse(), Ok(Limit { what: What::MemoEntries, value: 1 }));
        assert!("dills=1".parse::<Limit>().is_err_and(|error| error.contains("no limit dills")));
    }

    #[test]
    fn no_more_is_read_than_there_may_be() {
        let bound = Bound { name: "unpacked", most: 10 };
        assert!(bound.read(&[0; 10][..]).is_ok_and(|bytes| bytes.len() == 10));
        let error = bound.read(std::io::repeat(0)).unwrap_err();
        assert_eq!(error.to_string(), "more than 10 bytes (--limit unpacked raises the limit)");
    }
}
