//! The rows of the opcode table.

use super::{Argument, Row, StackItem};

/// Defines [`Opcode`] and its table from the rows
/// `NAME = byte, protocol, Argument, [before] => [after], doc`.
macro_rules! opcodes {
    ($($name:ident = $byte:literal, $protocol:literal, $argument:ident,
       [$($before:ident)*] => [$($after:ident)*], $doc:literal;)*) => {
        /// One opcode of a pickle, by the name that Python's `pickletools` gives it.
        ///
        /// # Examples
        /// ```
        /// use halfsour_pickle::Opcode;
        ///
        /// assert_eq!(Opcode::STOP.byte(), b'.');
        /// assert_eq!(Opcode::STACK_GLOBAL.protocol(), 4);
        /// assert_eq!(Opcode::EXT2.argument().name(), Some("uint2"));
        /// ```
        // The names are Python's; respelled they could not be searched for.
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Opcode {
            $(#[doc = $doc] $name = $byte,)*
        }

        impl Opcode {
            /// Every opcode, in the order of `pickletools.opcodes`.
            pub const ALL: &'static [Opcode] = &[$(Opcode::$name),*];

            pub(super) const fn row(self) -> &'static Row {
                match self {
                    $(Opcode::$name => &Row {
                        name: stringify!($name),
                        argument: Argument::$argument,
                        protocol: $protocol,
                        before: &[$(StackItem::$before),*],
                        after: &[$(StackItem::$after),*],
                        doc: $doc,
                    },)*
                }
            }
        }
    };
}

opcodes! {
    // Integers.
    INT = b'I', 0, DecimalLine, [] => [IntOrBool],
        "Pushes an int, or a bool when the line is `00` or `01`.";
    BININT = b'J', 1, Int4, [] => [Int],
        "Pushes a four-byte signed int.";
    BININT1 = b'K', 1, Uint1, [] => [Int],
        "Pushes a one-byte unsigned int.";
    BININT2 = b'M', 1, Uint2, [] => [Int],
        "Pushes a two-byte unsigned int.";
    LONG = b'L', 0, LongLine, [] => [Long],
        "Pushes a long from its decimal text.";
    LONG1 = 0x8a, 2, Long1, [] => [Long],
        "Pushes a long of up to 255 bytes.";
    LONG4 = 0x8b, 2, Long4, [] => [Long],
        "Pushes a long of any size.";

    // Byte strings.
    STRING = b'S', 0, QuotedLine, [] => [BytesOrStr],
        "Pushes a byte string from its `repr`.";
    BINSTRING = b'T', 1, String4, [] => [BytesOrStr],
        "Pushes a byte string of up to 2 GiB.";
    SHORT_BINSTRING = b'U', 1, String1, [] => [BytesOrStr],
        "Pushes a byte string of up to 255 bytes.";
    BINBYTES = b'B', 3, Bytes4, [] => [Bytes],
        "Pushes bytes of up to 4 GiB.";
    SHORT_BINBYTES = b'C', 3, Bytes1, [] => [Bytes],
        "Pushes bytes of up to 255 bytes.";
    BINBYTES8 = 0x8e, 4, Bytes8, [] => [Bytes],
        "Pushes bytes of any size.";
    BYTEARRAY8 = 0x96, 5, ByteArray8, [] => [ByteArray],
        "Pushes a bytearray.";

    // Buffers beside the stream.
    NEXT_BUFFER = 0x97, 5, None, [] => [Buffer],
        "Pushes the next of the buffers that travel beside the stream.";
    READONLY_BUFFER = 0x98, 5, None, [Buffer] => [Buffer],
        "Makes the buffer on the stack read-only.";

    // None and bools.
    NONE = b'N', 0, None, [] => [None],
        "Pushes `None`.";
    NEWTRUE = 0x88, 2, None, [] => [Bool],
        "Pushes `True`.";
    NEWFALSE = 0x89, 2, None, [] => [Bool],
        "Pushes `False`.";

    // Texts.
    UNICODE = b'V', 0, UnicodeLine, [] => [Unicode],
        "Pushes a text from its `raw-unicode-escape` form.";
    SHORT_BINUNICODE = 0x8c, 4, Unicode1, [] => [Unicode],
        "Pushes a text of up to 255 bytes of UTF-8.";
    BINUNICODE = b'X', 1, Unicode4, [] => [Unicode],
        "Pushes a text of up to 4 GiB of UTF-8.";
    BINUNICODE8 = 0x8d, 4, Unicode8, [] => [Unicode],
        "Pushes a text of any size in UTF-8.";

    // Floats.
    FLOAT = b'F', 0, FloatLine, [] => [Float],
        "Pushes a float from its decimal text.";
    BINFLOAT = b'G', 1, Float8, [] => [Float],
        "Pushes a float from its eight bytes.";

    // Lists.
    EMPTY_LIST = b']', 1, None, [] => [List],
        "Pushes a new empty list.";
    APPEND = b'a', 0, None, [List Any] => [List],
        "Appends the topmost object to the list below it.";
    APPENDS = b'e', 1, None, [List Mark StackSlice] => [List],
        "Extends a list by the objects above the mark.";
    LIST = b'l', 0, None, [Mark StackSlice] => [List],
        "Builds a list of the objects above the mark.";

    // Tuples.
    EMPTY_TUPLE = b')', 1, None, [] => [Tuple],
        "Pushes the empty tuple.";
    TUPLE = b't', 0, None, [Mark StackSlice] => [Tuple],
        "Builds a tuple of the objects above the mark.";
    TUPLE1 = 0x85, 2, None, [Any] => [Tuple],
        "Builds a tuple of the topmost object.";
    TUPLE2 = 0x86, 2, None, [Any Any] => [Tuple],
        "Builds a tuple of the two topmost objects.";
    TUPLE3 = 0x87, 2, None, [Any Any Any] => [Tuple],
        "Builds a tuple of the three topmost objects.";

    // Dicts.
    EMPTY_DICT = b'}', 1, None, [] => [Dict],
        "Pushes a new empty dict.";
    DICT = b'd', 0, None, [Mark StackSlice] => [Dict],
        "Builds a dict of the keys and values above the mark.";
    SETITEM = b's', 0, None, [Dict Any Any] => [Dict],
        "Sets a key of a dict.";
    SETITEMS = b'u', 1, None, [Dict Mark StackSlice] => [Dict],
        "Sets the keys and values above the mark in a dict.";

    // Sets.
    EMPTY_SET = 0x8f, 4, None, [] => [Set],
        "Pushes a new empty set.";
    ADDITEMS = 0x90, 4, None, [Set Mark StackSlice] => [Set],
        "Adds the objects above the mark to a set.";
    FROZENSET = 0x91, 4, None, [Mark StackSlice] => [FrozenSet],
        "Builds a frozenset of the objects above the mark.";

    // The stack.
    POP = b'0', 0, None, [Any] => [],
        "Drops the topmost object, or the mark on top.";
    DUP = b'2', 0, None, [Any] => [Any Any],
        "Pushes the topmost object again.";
    MARK = b'(', 0, None, [] => [Mark],
        "Pushes a mark.";
    POP_MARK = b'1', 1, None, [Mark StackSlice] => [],
        "Drops everything from the mark on.";

    // The memo.
    GET = b'g', 0, DecimalLine, [] => [Any],
        "Pushes the object of the memo with this number.";
    BINGET = b'h', 1, Uint1, [] => [Any],
        "Pushes the object of the memo with this one-byte number.";
    LONG_BINGET = b'j', 1, Uint4, [] => [Any],
        "Pushes the object of the memo with this four-byte number.";
    PUT = b'p', 0, DecimalLine, [] => [],
        "Stores the topmost object in the memo under this number.";
    BINPUT = b'q', 1, Uint1, [] => [],
        "Stores the topmost object in the memo under this one-byte number.";
    LONG_BINPUT = b'r', 1, Uint4, [] => [],
        "Stores the topmost object in the memo under this four-byte number.";
    MEMOIZE = 0x94, 4, None, [Any] => [Any],
        "Stores the topmost object in the memo under the next number.";

    // Globals.
    EXT1 = 0x82, 2, Uint1, [] => [Any],
        "Pushes the global with this one-byte extension code.";
    EXT2 = 0x83, 2, Uint2, [] => [Any],
        "Pushes the global with this two-byte extension code.";
    EXT4 = 0x84, 2, Int4, [] => [Any],
        "Pushes the global with this four-byte extension code.";
    GLOBAL = b'c', 0, TwoLines, [] => [Any],
        "Pushes a global: a module and a name in it.";
    STACK_GLOBAL = 0x93, 4, None, [Unicode Unicode] => [Any],
        "Pushes a global whose module and name are on the stack.";

    // Objects.
    REDUCE = b'R', 0, None, [Any Any] => [Any],
        "Calls a callable with a tuple of arguments.";
    BUILD = b'b', 0, None, [Any Any] => [Any],
        "Gives an object its state.";
    INST = b'i', 0, TwoLines, [Mark StackSlice] => [Any],
        "Makes an instance of the class in the stream with the arguments above the mark.";
    OBJ = b'o', 1, None, [Mark Any StackSlice] => [Any],
        "Makes an instance of the class above the mark with the arguments above it.";
    NEWOBJ = 0x81, 2, None, [Any Any] => [Any],
        "Makes an object by `cls.__new__(cls, *args)`.";
    NEWOBJ_EX = 0x92, 4, None, [Any Any Any] => [Any],
        "Makes an object by `cls.__new__(cls, *args, **kwargs)`.";

    // The stream.
    PROTO = 0x80, 2, Uint1, [] => [],
        "Says the protocol of the stream.";
    STOP = b'.', 0, None, [Any] => [],
        "Ends the pickle: the topmost object is the result.";
    FRAME = 0x95, 4, Uint8, [] => [],
        "Says how many bytes of the stream follow as one frame.";

    // Persistent ids.
    PERSID = b'P', 0, PlainLine, [] => [Any],
        "Pushes the object with this persistent id.";
    BINPERSID = b'Q', 1, None, [Any] => [Any],
        "Pushes the object whose persistent id is on the stack.";
}
