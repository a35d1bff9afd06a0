//! How much a pickle may cost.

use crate::flavour::Flavour;

/// Limits on what loading a pickle may cost, on by default and generous.
///
/// A stream of a few bytes can claim to be huge. No claim is ever an allocation, whatever the limits say;
/// these bound what a stream that really is big, or really is laborious, may do.
///
/// # Examples
/// ```
/// use halfsour_pickle::Limits;
///
/// let strict = Limits::new().digits(4300).string_length(1 << 20);
/// assert_ne!(strict, Limits::new());
/// ```
#[must_use]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    digits: Option<usize>,
    pub(crate) string_length: usize,
    pub(crate) memo_entries: usize,
}

impl Limits {
    /// Returns the default limits.
    pub const fn new() -> Self {
        Limits { digits: None, string_length: usize::MAX, memo_entries: usize::MAX }
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

    /// Sets how many bytes one string may have in the stream, as it stands there, which in text is escaped and quoted; by
    /// default as many as there are.
    pub const fn string_length(mut self, bytes: usize) -> Self {
        self.string_length = bytes;
        self
    }

    /// Sets how many objects the memo may hold; by default as many as the stream stores.
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
