//! How much a pickle may cost.

use std::fmt::Display;

use crate::flavour::Flavour;

/// Limits on what loading a pickle may cost, on by default and generous.
///
/// A stream of a few bytes can claim to be huge. No claim is ever an allocation, whatever the limits say;
/// these bound what a stream that really is big, or really is laborious, may do. Each is an UnpicklingError, but for two that
/// CPython has exceptions for: [`digits`](Self::digits) (ValueError) and [`memory`](Self::memory) (MemoryError). The message
/// names the limit and its value.
///
/// | limit | by default |
/// |---|---|
/// | [`memory`](Self::memory) | 16 MiB and 64 bytes for each byte read |
/// | [`opcodes`](Self::opcodes) | 4,294,967,296 |
/// | [`calls`](Self::calls) | 268,435,456 |
/// | [`nesting`](Self::nesting) | 1,048,576 |
/// | [`memo_entries`](Self::memo_entries) | 1,073,741,824 |
/// | [`digits`](Self::digits) | 1,000,000 in Python 2, 4300 in Python 3 |
/// | [`string_length`](Self::string_length) | 4,294,967,296 |
///
/// [`Limits::none`] has none of them, for streams that are trusted.
///
/// # Examples
/// ```
/// use halfsour_pickle::{Limits, Unpickler};
/// use halfsour_runtime::Runtime;
///
/// let strict = Unpickler::new().limits(Limits::new().string_length(3).opcodes(1000));
/// let error = Runtime::python2()
///     .try_enter(|ctx| strict.loads(ctx, b"U\x04dill.").map(drop))
///     .unwrap_err();
/// assert_eq!(
///     error.message(),
///     "a string of 4 bytes exceeds the limit of 3 (Limits::string_length raises it)"
/// );
/// ```
#[must_use]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    digits: Option<usize>,
    pub(crate) memory: Option<u64>,
    pub(crate) opcodes: u64,
    pub(crate) calls: u64,
    pub(crate) nesting: usize,
    pub(crate) string_length: usize,
    pub(crate) memo_entries: usize,
}

/// By default a load may take so many bytes for each byte that it has read, and so many more.
const MEMORY_FOR_EACH_BYTE: u64 = 64;
const MEMORY_AT_LEAST: u64 = 16 << 20;

impl Limits {
    /// Returns the default limits.
    // DIFFERENCE: CPython loads whatever fits into memory. No honest pickle comes near these limits, but for one that is
    // nothing but hundreds of thousands of empty dicts without PUTs.
    pub const fn new() -> Self {
        Limits {
            digits: None,
            memory: None,
            opcodes: 1 << 32,
            calls: 1 << 28,
            nesting: 1 << 20,
            string_length: at_most(1 << 32),
            memo_entries: 1 << 30,
        }
    }

    /// Returns limits that nothing exceeds.
    pub const fn none() -> Self {
        Limits {
            digits: Some(usize::MAX),
            memory: Some(u64::MAX),
            opcodes: u64::MAX,
            calls: u64::MAX,
            nesting: usize::MAX,
            string_length: usize::MAX,
            memo_entries: usize::MAX,
        }
    }

    /// Sets how many digits an int in text may have; by default 1,000,000 in Python 2, and 4300 in Python 3
    /// as that has it (`sys.get_int_max_str_digits`).
    ///
    /// The time that decimal text takes to read grows faster than its length. Longs in binary have no such
    /// limit, nor has hexadecimal text.
    pub const fn digits(mut self, digits: usize) -> Self {
        self.digits = Some(digits);
        self
    }

    pub(crate) fn digits_for(&self, flavour: Flavour) -> usize {
        self.digits.unwrap_or(match flavour {
            Flavour::Pickle | Flavour::CPickle => 1_000_000,
            Flavour::Python3 => 4300,
        })
    }

    /// Sets how many bytes one load may make the heap and its own tables hold; by default 16 MiB, and 64 bytes for each
    /// byte that the load has read.
    ///
    /// The load counts what it makes, by the sizes of objects as they are in memory, and nothing is collected before it
    /// has ended. Of what a call makes it counts the arguments, and what the built-in types make of next to nothing
    /// (`bytearray(10 ** 12)`, `list(xrange(10 ** 12))`), before they do; what a host's own code allocates it cannot see.
    pub const fn memory(mut self, bytes: u64) -> Self {
        self.memory = Some(bytes);
        self
    }

    /// How much may be held when so many bytes have been read.
    pub(crate) fn memory_at(&self, read: u64) -> u64 {
        match self.memory {
            Some(bytes) => bytes,
            None => read.saturating_mul(MEMORY_FOR_EACH_BYTE).saturating_add(MEMORY_AT_LEAST),
        }
    }

    /// Sets how many opcodes one load may obey; by default 4,294,967,296.
    pub const fn opcodes(mut self, opcodes: u64) -> Self {
        self.opcodes = opcodes;
        self
    }

    /// Sets how many calls one load may make: of classes and functions, of `__setstate__`, of the methods that fill objects,
    /// and of `persistent_load`; by default 268,435,456.
    ///
    /// Calls of special methods of dict keys do not count, nor does what the called code calls.
    pub const fn calls(mut self, calls: u64) -> Self {
        self.calls = calls;
        self
    }

    /// Sets how many MARKs may be open at once, which is how deep a stream may nest what it builds from the outside in; by
    /// default 1,048,576.
    ///
    /// This protects nothing here: no depth of any kind uses Rust's stack. What is built from the inside out, as tuples are,
    /// nests without being open.
    pub const fn nesting(mut self, marks: usize) -> Self {
        self.nesting = marks;
        self
    }

    /// Sets how many bytes one string may have in the stream, as it stands there, which in text is escaped and quoted; by
    /// default 4,294,967,296, or as many as can be addressed.
    pub const fn string_length(mut self, bytes: usize) -> Self {
        self.string_length = bytes;
        self
    }

    /// Sets how many objects the memo may hold; by default 1,073,741,824.
    pub const fn memo_entries(mut self, entries: usize) -> Self {
        self.memo_entries = entries;
        self
    }
}

impl Default for Limits {
    fn default() -> Self {
        Limits::new()
    }
}

/// A number that may be more than can be addressed.
const fn at_most(number: u64) -> usize {
    if number > usize::MAX as u64 { usize::MAX } else { number as usize }
}

/// Says which limit is exceeded, and how it is raised.
#[cold]
pub(crate) fn exceeded(limit: impl Display, what: &str, setter: &str) -> String {
    format!("more than {limit} {what} (Limits::{setter} raises the limit)")
}
