//! [`Unit`]: a byte, or a code point, as the methods of strings see it.

/// An element of a string: a byte of a byte string, of which only ASCII has a case or is a letter, or a code point.
pub(super) trait Unit: Copy + Eq + From<u8> {
    fn is_space(self) -> bool;
    fn is_digit(self) -> bool;
    fn is_alpha(self) -> bool;
    fn is_alphanumeric(self) -> bool;
    fn is_upper(self) -> bool;
    fn is_lower(self) -> bool;
    /// Whether it is a capital of title case, such as the letter DZ with a small z.
    fn is_title(self) -> bool;
    fn upper(self) -> Self;
    fn lower(self) -> Self;
    fn title(self) -> Self;
    /// Whether a line ends behind it.
    fn ends_line(self) -> bool;
    /// The position of the first occurrence of a part that is not empty.
    fn find(text: &[Self], part: &[Self]) -> Option<usize>;
    /// The position of the last occurrence of a part that is not empty.
    fn rfind(text: &[Self], part: &[Self]) -> Option<usize>;

    fn is_cased(self) -> bool {
        self.is_upper() || self.is_lower() || self.is_title()
    }

    fn is(self, ascii: u8) -> bool {
        self == Self::from(ascii)
    }
}

impl Unit for u8 {
    fn is_space(self) -> bool {
        matches!(self, b' ' | 0x09..=0x0D)
    }

    fn is_digit(self) -> bool {
        self.is_ascii_digit()
    }

    fn is_alpha(self) -> bool {
        self.is_ascii_alphabetic()
    }

    fn is_alphanumeric(self) -> bool {
        self.is_ascii_alphanumeric()
    }

    fn is_upper(self) -> bool {
        self.is_ascii_uppercase()
    }

    fn is_lower(self) -> bool {
        self.is_ascii_lowercase()
    }

    fn is_title(self) -> bool {
        false
    }

    fn upper(self) -> Self {
        self.to_ascii_uppercase()
    }

    fn lower(self) -> Self {
        self.to_ascii_lowercase()
    }

    fn title(self) -> Self {
        self.to_ascii_uppercase()
    }

    fn ends_line(self) -> bool {
        matches!(self, b'\n' | b'\r')
    }

    fn find(text: &[Self], part: &[Self]) -> Option<usize> {
        memchr::memmem::find(text, part)
    }

    fn rfind(text: &[Self], part: &[Self]) -> Option<usize> {
        memchr::memmem::rfind(text, part)
    }
}

/// The character of a code point; a surrogate is none, and has no properties.
fn character(point: u32) -> Option<char> {
    char::from_u32(point)
}

/// What a mapping of one character to perhaps several gives, as CPython 2.7 has it: one for one, or unchanged.
// DIFFERENCE: Python 3 maps to several characters where Unicode says so.
fn one_for_one(point: u32, mut mapped: impl Iterator<Item = char>) -> u32 {
    match (mapped.next(), mapped.next()) {
        (Some(single), None) => single.into(),
        _ => point,
    }
}

impl Unit for u32 {
    fn is_space(self) -> bool {
        matches!(self, 0x1C..=0x1F) || character(self).is_some_and(char::is_whitespace)
    }

    fn is_digit(self) -> bool {
        numeric_value(self).is_some()
    }

    fn is_alpha(self) -> bool {
        // Letters without the marks and letter numbers that Rust counts as alphabetic.
        character(self).is_some_and(|it| {
            it.is_alphabetic() && !matches!(self, 0x0345 | 0x2160..=0x2188 | 0x24B6..=0x24E9)
        })
    }

    fn is_alphanumeric(self) -> bool {
        self.is_alpha() || character(self).is_some_and(char::is_numeric)
    }

    fn is_upper(self) -> bool {
        !self.is_title() && character(self).is_some_and(char::is_uppercase)
    }

    fn is_lower(self) -> bool {
        character(self).is_some_and(char::is_lowercase)
    }

    fn is_title(self) -> bool {
        matches!(
            self,
            0x01C5 | 0x01C8 | 0x01CB | 0x01F2 | 0x1F88..=0x1F8F | 0x1F98..=0x1F9F
                | 0x1FA8..=0x1FAF | 0x1FBC | 0x1FCC | 0x1FFC
        )
    }

    fn upper(self) -> Self {
        character(self).map_or(self, |it| one_for_one(self, it.to_uppercase()))
    }

    fn lower(self) -> Self {
        match self {
            // One character in CPython's table, two in Unicode's rules for full mapping.
            0x0130 => 0x69,
            _ => character(self).map_or(self, |it| one_for_one(self, it.to_lowercase())),
        }
    }

    fn title(self) -> Self {
        match self {
            0x01C4..=0x01C6 => 0x01C5,
            0x01C7..=0x01C9 => 0x01C8,
            0x01CA..=0x01CC => 0x01CB,
            0x01F1..=0x01F3 => 0x01F2,
            _ => self.upper(),
        }
    }

    fn ends_line(self) -> bool {
        matches!(self, 0x0A..=0x0D | 0x1C..=0x1E | 0x85 | 0x2028 | 0x2029)
    }

    fn find(text: &[Self], part: &[Self]) -> Option<usize> {
        text.windows(part.len().max(1)).position(|window| window == part)
    }

    fn rfind(text: &[Self], part: &[Self]) -> Option<usize> {
        text.windows(part.len().max(1)).rposition(|window| window == part)
    }
}

/// The blocks of ten decimal digits, each by its zero.
const ZEROS: &[u32] = &[
    0x0030, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6,
    0x0D66, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90,
    0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xAA50, 0xFF10, 0x104A0,
];

/// Returns the value of a decimal digit of any script.
pub(in super::super) fn decimal_value(point: u32) -> Option<u32> {
    let after = ZEROS.partition_point(|&zero| zero <= point);
    let zero = ZEROS.get(after.checked_sub(1)?)?;
    Some(point - zero).filter(|&value| value < 10)
}

/// The value of a digit, superscripts and the like included.
fn numeric_value(point: u32) -> Option<u32> {
    match point {
        0xB2 | 0xB3 => Some(point - 0xB0),
        0xB9 => Some(1),
        0x2070 | 0x2074..=0x2079 => Some(point - 0x2070),
        0x2080..=0x2089 => Some(point - 0x2080),
        0x2460..=0x2468 => Some(point - 0x245F),
        0x2474..=0x247C => Some(point - 0x2473),
        0x2488..=0x2490 => Some(point - 0x2487),
        _ => decimal_value(point),
    }
}
