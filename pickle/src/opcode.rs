//! The opcodes of pickle, protocols 0 to 5: what the letters of a stream are, in one place.
//!
//! Loader, writer and tools all read this table, so they cannot disagree about what a stream says.
//! Its Python counterpart is `pickletools.opcodes`; opcodes keep the names that they have there.

mod table;

pub use self::table::Opcode;

/// What follows an opcode in the stream.
///
/// The counterparts of `pickletools`' argument descriptors, named by [`Argument::name`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Argument {
    /// Nothing follows.
    None,
    /// A line with a decimal number, or `00` or `01` for a bool.
    DecimalLine,
    /// A line with a decimal number that ends in `L`.
    LongLine,
    /// A line with the `repr` of a byte string, quotes and escapes included.
    QuotedLine,
    /// A line of plain text.
    PlainLine,
    /// Two lines of plain text: a module and a name.
    TwoLines,
    /// A line of text in Python's `raw-unicode-escape` encoding.
    UnicodeLine,
    /// A line with a decimal floating point number.
    FloatLine,
    /// One unsigned byte.
    Uint1,
    /// Two bytes, unsigned, little-endian.
    Uint2,
    /// Four bytes, signed, little-endian.
    Int4,
    /// Four bytes, unsigned, little-endian.
    Uint4,
    /// Eight bytes, unsigned, little-endian.
    Uint8,
    /// Eight bytes, an IEEE double, big-endian.
    Float8,
    /// A one-byte length and a little-endian two's complement number of that many bytes.
    Long1,
    /// A four-byte signed length and a little-endian two's complement number of that many bytes.
    Long4,
    /// A one-byte length and a byte string of Python 2.
    String1,
    /// A four-byte signed length and a byte string of Python 2.
    String4,
    /// A one-byte length and bytes.
    Bytes1,
    /// A four-byte unsigned length and bytes.
    Bytes4,
    /// An eight-byte unsigned length and bytes.
    Bytes8,
    /// An eight-byte unsigned length and the content of a bytearray.
    ByteArray8,
    /// A one-byte length and UTF-8 text.
    Unicode1,
    /// A four-byte unsigned length and UTF-8 text.
    Unicode4,
    /// An eight-byte unsigned length and UTF-8 text.
    Unicode8,
}

/// How far an argument reaches.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    /// So many bytes.
    Fixed(usize),
    /// So many lines.
    Lines(usize),
    /// A length of so many bytes, and as many bytes as that says.
    Counted(usize),
}

impl Argument {
    /// Returns the name that `pickletools` gives this kind of argument, `None` for no argument.
    pub const fn name(self) -> Option<&'static str> {
        Some(match self {
            Argument::None => return None,
            Argument::DecimalLine => "decimalnl_short",
            Argument::LongLine => "decimalnl_long",
            Argument::QuotedLine => "stringnl",
            Argument::PlainLine => "stringnl_noescape",
            Argument::TwoLines => "stringnl_noescape_pair",
            Argument::UnicodeLine => "unicodestringnl",
            Argument::FloatLine => "floatnl",
            Argument::Uint1 => "uint1",
            Argument::Uint2 => "uint2",
            Argument::Int4 => "int4",
            Argument::Uint4 => "uint4",
            Argument::Uint8 => "uint8",
            Argument::Float8 => "float8",
            Argument::Long1 => "long1",
            Argument::Long4 => "long4",
            Argument::String1 => "string1",
            Argument::String4 => "string4",
            Argument::Bytes1 => "bytes1",
            Argument::Bytes4 => "bytes4",
            Argument::Bytes8 => "bytes8",
            Argument::ByteArray8 => "bytearray8",
            Argument::Unicode1 => "unicodestring1",
            Argument::Unicode4 => "unicodestring4",
            Argument::Unicode8 => "unicodestring8",
        })
    }

    /// How far the argument reaches.
    pub(crate) const fn shape(self) -> Shape {
        match self {
            Argument::None => Shape::Fixed(0),
            Argument::Uint1 => Shape::Fixed(1),
            Argument::Uint2 => Shape::Fixed(2),
            Argument::Int4 | Argument::Uint4 => Shape::Fixed(4),
            Argument::Uint8 | Argument::Float8 => Shape::Fixed(8),
            Argument::DecimalLine
            | Argument::LongLine
            | Argument::QuotedLine
            | Argument::PlainLine
            | Argument::UnicodeLine
            | Argument::FloatLine => Shape::Lines(1),
            Argument::TwoLines => Shape::Lines(2),
            Argument::Long1 | Argument::String1 | Argument::Bytes1 | Argument::Unicode1 => {
                Shape::Counted(1)
            }
            Argument::Long4 | Argument::String4 | Argument::Bytes4 | Argument::Unicode4 => {
                Shape::Counted(4)
            }
            Argument::Bytes8 | Argument::ByteArray8 | Argument::Unicode8 => Shape::Counted(8),
        }
    }
}

/// What an opcode finds on the stack or leaves there.
///
/// The counterparts of `pickletools`' stack objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StackItem {
    /// Any object.
    Any,
    /// `None`.
    None,
    /// A bool.
    Bool,
    /// An int.
    Int,
    /// An int or a bool.
    IntOrBool,
    /// An int that Python 2 calls a long.
    Long,
    /// A float.
    Float,
    /// A byte string of Python 2, which Python 3 may read as bytes or as text.
    BytesOrStr,
    /// Bytes.
    Bytes,
    /// A bytearray.
    ByteArray,
    /// An object that gives access to a buffer.
    Buffer,
    /// A text: `unicode` in Python 2, `str` in Python 3.
    Unicode,
    /// A tuple.
    Tuple,
    /// A list.
    List,
    /// A dict.
    Dict,
    /// A set.
    Set,
    /// A frozenset.
    FrozenSet,
    /// The mark that MARK pushed.
    Mark,
    /// Everything above the topmost mark.
    StackSlice,
}

/// One row of the table.
#[derive(Debug)]
struct Row {
    name: &'static str,
    argument: Argument,
    protocol: u8,
    before: &'static [StackItem],
    after: &'static [StackItem],
    doc: &'static str,
}

impl Opcode {
    /// Returns the byte that stands for this opcode in a stream.
    #[inline]
    pub const fn byte(self) -> u8 {
        self as u8
    }

    /// Returns the opcode that a byte stands for, `None` when it stands for none.
    ///
    /// # Examples
    /// ```
    /// use halfsour_pickle::Opcode;
    ///
    /// assert_eq!(Opcode::from_byte(b'q'), Some(Opcode::BINPUT));
    /// assert_eq!(Opcode::from_byte(b'A'), None);
    /// ```
    #[inline]
    #[allow(clippy::indexing_slicing, reason = "there is an entry for every byte")]
    pub const fn from_byte(byte: u8) -> Option<Opcode> {
        BY_BYTE[byte as usize]
    }

    /// Returns the name of this opcode, as `pickletools` spells it.
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// Returns what follows this opcode in the stream.
    pub const fn argument(self) -> Argument {
        self.row().argument
    }

    /// Returns the first protocol that has this opcode.
    pub const fn protocol(self) -> u8 {
        self.row().protocol
    }

    /// Returns what this opcode takes from the stack, topmost last.
    pub const fn before(self) -> &'static [StackItem] {
        self.row().before
    }

    /// Returns what this opcode puts on the stack in exchange, topmost last.
    pub const fn after(self) -> &'static [StackItem] {
        self.row().after
    }

    /// Returns a line that says what this opcode does.
    pub const fn doc(self) -> &'static str {
        self.row().doc
    }
}

/// The opcode of every byte.
#[allow(clippy::indexing_slicing, reason = "it is filled when this is compiled")]
static BY_BYTE: [Option<Opcode>; 256] = {
    let mut by_byte = [None; 256];
    let mut index = 0;
    while index < Opcode::ALL.len() {
        by_byte[Opcode::ALL[index] as usize] = Some(Opcode::ALL[index]);
        index += 1;
    }
    by_byte
};

impl std::fmt::Display for Opcode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_opcode_is_found_by_its_byte() {
        for &opcode in Opcode::ALL {
            assert_eq!(Opcode::from_byte(opcode.byte()), Some(opcode), "{opcode}");
        }
        let known = (0..=255).filter(|&byte| Opcode::from_byte(byte).is_some()).count();
        assert_eq!(known, Opcode::ALL.len());
    }

    #[test]
    fn protocols_have_the_opcodes_that_python_documents() {
        let count = |protocol| Opcode::ALL.iter().filter(|op| op.protocol() == protocol).count();
        assert_eq!([0, 1, 2, 3, 4, 5].map(count), [22, 19, 12, 2, 10, 3]);
    }

    #[test]
    fn a_slice_of_the_stack_begins_at_a_mark() {
        for &opcode in Opcode::ALL {
            let before = opcode.before();
            let has = |item| before.contains(&item);
            assert_eq!(has(StackItem::Mark), has(StackItem::StackSlice), "{opcode}");
        }
    }
}
