//! The opcodes of a stream, one after another: `pickletools.genops`.

mod extent;

use halfsour_runtime::Dialect;

use super::error::{Error, Problem};
use super::operand::Operand;
use super::repr;
use crate::opcode::Opcode;

/// Lists the opcodes of a pickle, up to and including its STOP.
///
/// The counterpart of `pickletools.genops`, which knows the opcodes of all protocols. After STOP,
/// [`Operations::offset`] tells where the pickle ends, and [`Operations::next_pickle`] goes on behind it.
///
/// # Examples
/// ```
/// use halfsour_pickle::{Opcode, tools};
///
/// let stream = b"\x80\x02]q\x00(K\x01K\x02e.";
/// let opcodes: Result<Vec<Opcode>, _> =
///     tools::genops(stream).map(|found| found.map(|operation| operation.opcode)).collect();
/// use Opcode::*;
/// assert_eq!(
///     opcodes?,
///     [PROTO, EMPTY_LIST, BINPUT, MARK, BININT1, BININT1, APPENDS, STOP]
/// );
/// # Ok::<(), tools::Error>(())
/// ```
pub fn genops(stream: &[u8]) -> Operations<'_> {
    Operations::new(stream, Dialect::Python3)
}

/// Lists the opcodes of the pickle that begins at an offset of a longer stream.
///
/// Offsets are counted from the beginning of the stream. A start behind its end is its end.
///
/// # Examples
/// ```
/// use halfsour_pickle::tools;
///
/// let mut operations = tools::genops_from(b"prefix(t.suffix", 6);
/// assert_eq!(operations.next().expect("an opcode")?.offset, 6);
/// assert_eq!(operations.by_ref().count(), 2);
/// assert_eq!(operations.offset(), 9);
/// # Ok::<(), tools::Error>(())
/// ```
pub fn genops_from(stream: &[u8], start: usize) -> Operations<'_> {
    Operations::from(stream, Dialect::Python3, start)
}

/// One opcode of a stream and the bytes of its argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation<'a> {
    /// The opcode.
    pub opcode: Opcode,
    /// Where the opcode is in the stream.
    pub offset: usize,
    /// The argument without its length and without the newline that ends it.
    pub argument: &'a [u8],
    /// The opcode with everything that belongs to it, as it is in the stream.
    pub bytes: &'a [u8],
}

impl<'a> Operation<'a> {
    /// Returns the argument as `repr` writes what `pickletools` makes of it; `None` for no argument.
    ///
    /// # Errors
    /// [`Error`] when `pickletools` of that Python refuses the argument: ValueError.
    ///
    /// # Examples
    /// ```
    /// use halfsour_pickle::tools;
    /// use halfsour_runtime::Dialect;
    ///
    /// let operation = tools::genops(b"U\x04spam.").next().expect("there is one")?;
    /// assert_eq!(operation.argument_repr(Dialect::Python3)?.as_deref(), Some("'spam'"));
    /// # Ok::<(), tools::Error>(())
    /// ```
    pub fn argument_repr(&self, dialect: Dialect) -> Result<Option<String>, Error> {
        let operand = self.operand(dialect)?;
        repr::operand(&operand, dialect).map_err(|problem| self.error(problem))
    }

    /// Reads the argument as `pickletools` does.
    pub(super) fn operand(&self, dialect: Dialect) -> Result<Operand<'a>, Error> {
        Operand::read(self.opcode, self.argument, dialect).map_err(|problem| self.error(problem))
    }

    #[cold]
    pub(crate) fn error(&self, problem: Problem) -> Error {
        Error::of(self.opcode, self.offset, problem)
    }
}

/// The iterator that [`genops`] returns.
#[derive(Clone, Debug)]
pub struct Operations<'a> {
    stream: &'a [u8],
    dialect: Dialect,
    offset: usize,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Listing,
    Stopped,
    Failed,
}

impl<'a> Operations<'a> {
    /// The opcodes that this Python knows.
    pub(super) fn new(stream: &'a [u8], dialect: Dialect) -> Self {
        Self::from(stream, dialect, 0)
    }

    pub(super) fn from(stream: &'a [u8], dialect: Dialect, start: usize) -> Self {
        Self { stream, dialect, offset: start.min(stream.len()), state: State::Listing }
    }

    /// Returns where the next opcode would be; after STOP, where the pickle ends.
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// Goes on with the pickle behind the STOP that was listed last; `false` when nothing is there.
    ///
    /// # Examples
    /// ```
    /// use halfsour_pickle::tools;
    ///
    /// let mut operations = tools::genops(b"N.(t.");
    /// assert_eq!(operations.by_ref().count(), 2);
    /// assert!(operations.next_pickle());
    /// assert_eq!(operations.by_ref().count(), 3);
    /// assert!(!operations.next_pickle());
    /// ```
    pub fn next_pickle(&mut self) -> bool {
        let more = self.state == State::Stopped && self.offset < self.stream.len();
        if more {
            self.state = State::Listing;
        }
        more
    }

    fn read(&mut self) -> Result<Operation<'a>, Error> {
        let start = self.offset;
        let rest = self.stream.get(start..).unwrap_or_default();
        let Some((&byte, after)) = rest.split_first() else {
            return Err(Error::new(start, Problem::Exhausted));
        };
        let known = Opcode::from_byte(byte).filter(|opcode| self.knows(*opcode));
        let Some(opcode) = known else {
            return Err(Error::new(start, Problem::UnknownOpcode(byte, self.dialect)));
        };
        let fail = |problem| Error::of(opcode, start, problem);
        let extent = extent::measure(opcode.argument(), after, self.dialect).map_err(fail)?;
        // `measure` found all of it in `after`.
        let argument = after.get(extent.from..extent.to).unwrap_or_default();
        let bytes = rest.get(..=extent.end).unwrap_or_default();
        self.offset = self.offset.saturating_add(bytes.len());
        Ok(Operation { opcode, offset: start, argument, bytes })
    }

    fn knows(&self, opcode: Opcode) -> bool {
        opcode.protocol() <= self.dialect.pick(2, 5)
    }
}

impl<'a> Iterator for Operations<'a> {
    type Item = Result<Operation<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.state != State::Listing {
            return None;
        }
        let operation = self.read();
        match &operation {
            Ok(operation) if operation.opcode == Opcode::STOP => self.state = State::Stopped,
            Ok(_) => {}
            Err(_) => self.state = State::Failed,
        }
        Some(operation)
    }
}

impl std::iter::FusedIterator for Operations<'_> {}

#[cfg(test)]
mod tests {
    use super::{Operation, genops};
    use crate::opcode::Opcode;

    fn arguments(stream: &[u8]) -> Vec<(Opcode, usize, &[u8])> {
        let operations: Result<Vec<Operation<'_>>, _> = genops(stream).collect();
        let operations = operations.expect("a sound stream");
        let bytes: Vec<&[u8]> = operations.iter().map(|operation| operation.bytes).collect();
        assert_eq!(bytes.concat(), stream);
        operations.iter().map(|it| (it.opcode, it.offset, it.argument)).collect()
    }

    #[test]
    fn every_kind_of_argument_is_measured() {
        assert_eq!(
            arguments(
                b"I01\nS'a'\ncm\nn\nJ\x01\0\0\0G\0\0\0\0\0\0\0\0U\x02abT\x01\0\0\0x\x8a\x01\x05."
            ),
            [
                (Opcode::INT, 0, &b"01"[..]),
                (Opcode::STRING, 4, b"'a'"),
                (Opcode::GLOBAL, 9, b"m\nn"),
                (Opcode::BININT, 14, b"\x01\0\0\0"),
                (Opcode::BINFLOAT, 19, &[0; 8]),
                (Opcode::SHORT_BINSTRING, 28, b"ab"),
                (Opcode::BINSTRING, 32, b"x"),
                (Opcode::LONG1, 38, b"\x05"),
                (Opcode::STOP, 41, b""),
            ]
        );
        assert_eq!(
            arguments(b"\x8e\x02\0\0\0\0\0\0\0ab\x8c\x01x\x95\x01\0\0\0\0\0\0\0."),
            [
                (Opcode::BINBYTES8, 0, &b"ab"[..]),
                (Opcode::SHORT_BINUNICODE, 11, b"x"),
                (Opcode::FRAME, 14, b"\x01\0\0\0\0\0\0\0"),
                (Opcode::STOP, 23, b""),
            ]
        );
    }

    #[test]
    fn listing_ends_at_stop() {
        let mut operations = genops(b"N.N.");
        assert_eq!(operations.by_ref().count(), 2);
        assert_eq!(operations.offset(), 2);
        assert!(operations.next_pickle());
        assert_eq!(operations.by_ref().count(), 2);
        assert!(!operations.next_pickle());
    }

    #[test]
    fn a_bad_stream_is_an_error_with_its_offset() {
        let error = |stream: &[u8]| {
            let error = genops(stream).find_map(Result::err).expect("an error");
            (error.offset(), error.to_string())
        };
        assert_eq!(error(b"N").1, "at offset 1: the stream ends before STOP");
        assert_eq!(error(b"NA.").1, "at offset 1: byte 0x41 is no opcode");
        assert_eq!(
            error(b"NI1").1,
            "at offset 1, INT: no newline found when trying to read stringnl"
        );
        assert_eq!(error(b"T\xff\xff\xff\xff").0, 0);
        assert_eq!(error(b"\x8e\xff\xff\xff\xff\xff\xff\xff\xffx").0, 0);
        assert_eq!(error(b"cm\nn").0, 0);
    }

    #[test]
    fn an_error_ends_the_listing() {
        let mut operations = genops(b"NA.");
        assert_eq!(operations.by_ref().count(), 2);
        assert!(!operations.next_pickle());
        assert!(operations.next().is_none());
    }
}
