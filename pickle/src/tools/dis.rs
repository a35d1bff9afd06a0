//! Streams as text that a person can read: `pickletools.dis`.

mod emulation;
mod line;

use halfsour_runtime::Dialect;

use self::emulation::{Effect, Emulation, Note};
use self::line::Layout;
use super::error::{Error, Problem};
use super::genops::{Operation, Operations};
use super::repr;
use crate::opcode::Opcode;

/// Disassembles one pickle.
///
/// The counterpart of `pickletools.dis`, whose text it gives; [`Disassembler`] has its options.
///
/// # Errors
/// [`Error`] when the stream cannot be listed to its STOP, or misuses stack, marks or memo: ValueError.
///
/// # Examples
/// ```
/// use halfsour_pickle::tools;
/// use halfsour_runtime::Dialect;
///
/// let text = tools::dis(b"(lp0\nS'spam'\na.", Dialect::Python2)?;
/// assert_eq!(
///     text,
///     "    0: (    MARK
///     1: l        LIST       (MARK at 0)
///     2: p    PUT        0
///     5: S    STRING     'spam'
///    13: a    APPEND
///    14: .    STOP
/// highest protocol among opcodes = 0
/// "
/// );
/// # Ok::<(), tools::Error>(())
/// ```
pub fn dis(stream: &[u8], dialect: Dialect) -> Result<String, Error> {
    Disassembler::new(dialect).text(stream)
}

/// How streams are disassembled: the options of `pickletools.dis`.
///
/// The dialect says whose `pickletools`: 2.7's knows the opcodes of protocols 0 to 2, and both write the
/// arguments as `repr` does there.
///
/// # Examples
/// ```
/// use halfsour_pickle::tools::Disassembler;
/// use halfsour_runtime::Dialect;
///
/// let disassembler = Disassembler::new(Dialect::Python3).indent(2);
/// for line in disassembler.lines(b"\x80\x04(K\x01l.") {
///     println!("{}", line?);
/// }
/// # Ok::<(), halfsour_pickle::tools::Error>(())
/// ```
#[must_use]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disassembler {
    dialect: Dialect,
    layout: Layout,
}

impl Disassembler {
    /// Returns a disassembler with the defaults of that Python's `pickletools`.
    pub const fn new(dialect: Dialect) -> Self {
        Self { dialect, layout: Layout::DEFAULT }
    }

    /// Sets by how many blanks what comes behind a MARK is indented, `indentlevel`; 4 by default.
    pub const fn indent(mut self, blanks: usize) -> Self {
        self.layout.indent = blanks;
        self
    }

    /// Sets at which column each line gets a note that says what its opcode does, `annotate`; with 0,
    /// the default, there are no notes.
    ///
    /// Python 2.7's `pickletools` has no such option.
    // DIFFERENCE: the notes are `Opcode::doc`, not CPython's words.
    pub const fn annotate(mut self, column: usize) -> Self {
        self.layout.annotate = column;
        self
    }

    /// Sets up to how many MARKs inside each other are indented; 150 by default.
    ///
    /// Each MARK makes all lines behind it longer, so the text of a stream of nothing else would be as long
    /// as the square of its length. CPython
    /// indents without a limit.
    // DIFFERENCE: pickletools has no such limit.
    pub const fn deepest_indent(mut self, marks: usize) -> Self {
        self.layout.deepest = marks;
        self
    }

    /// Disassembles one pickle to a text.
    ///
    /// # Errors
    /// As for [`dis`].
    pub fn text(&self, stream: &[u8]) -> Result<String, Error> {
        let mut text = String::new();
        for line in self.lines(stream) {
            text.push_str(&line?);
            text.push('\n');
        }
        Ok(text)
    }

    /// Disassembles a pickle line by line.
    ///
    /// As in `pickletools`, the line of an opcode at fault comes before the error.
    pub fn lines<'a>(&self, stream: &'a [u8]) -> Disassembly<'a> {
        self.lines_from(stream, 0)
    }

    /// Disassembles the pickle that begins at an offset of a longer stream; offsets are those of the stream.
    ///
    /// # Examples
    /// ```
    /// use halfsour_pickle::tools::Disassembler;
    /// use halfsour_runtime::Dialect;
    ///
    /// let mut lines = Disassembler::new(Dialect::Python3).lines_from(b"N.K\x01.", 2);
    /// assert_eq!(lines.next().expect("a line")?, "    2: K    BININT1    1");
    /// # Ok::<(), halfsour_pickle::tools::Error>(())
    /// ```
    pub fn lines_from<'a>(&self, stream: &'a [u8], start: usize) -> Disassembly<'a> {
        Disassembly {
            disassembler: *self,
            operations: Operations::from(stream, self.dialect, start),
            emulation: Emulation::new(self.dialect),
            column: self.layout.annotate,
            highest_protocol: 0,
            phase: Phase::Listing,
        }
    }
}

/// The lines of a disassembled pickle: the iterator that [`Disassembler::lines`] returns.
///
/// It ends behind the pickle's STOP; [`Disassembly::next_pickle`] goes on.
#[derive(Clone, Debug)]
pub struct Disassembly<'a> {
    disassembler: Disassembler,
    operations: Operations<'a>,
    emulation: Emulation,
    /// Where notes begin, which follows the lines that are longer.
    column: usize,
    highest_protocol: u8,
    phase: Phase,
}

/// What comes next.
#[derive(Clone, Debug)]
enum Phase {
    Listing,
    /// STOP was listed; it is at this offset.
    Summary(usize),
    Failing(Error),
    Done,
}

impl<'a> Disassembly<'a> {
    /// Returns where the next opcode would be; after STOP, where the pickle ends.
    pub const fn offset(&self) -> usize {
        self.operations.offset()
    }

    /// Goes on with the pickle behind the one that was listed, with its memo; `false` when nothing is there.
    ///
    /// # Examples
    /// ```
    /// use halfsour_pickle::tools::Disassembler;
    /// use halfsour_runtime::Dialect;
    ///
    /// // One pickler wrote both; the second refers to the first.
    /// let mut lines = Disassembler::new(Dialect::Python2).lines(b"(lp0\n.g0\n.");
    /// assert_eq!(lines.by_ref().last().expect("a summary")?, "highest protocol among opcodes = 0");
    /// assert!(lines.next_pickle());
    /// assert_eq!(lines.next().expect("a line")?, "    6: g    GET        0");
    /// # Ok::<(), halfsour_pickle::tools::Error>(())
    /// ```
    pub fn next_pickle(&mut self) -> bool {
        let more = matches!(self.phase, Phase::Done) && self.operations.next_pickle();
        if more {
            self.restart();
        }
        more
    }

    /// Goes on with a pickle in another stream, with the memo of what was listed: `memo`.
    pub fn next_stream(&mut self, stream: &'a [u8]) {
        self.operations = Operations::new(stream, self.disassembler.dialect);
        self.restart();
    }

    fn restart(&mut self) {
        self.emulation.restart();
        self.column = self.disassembler.layout.annotate;
        self.highest_protocol = 0;
        self.phase = Phase::Listing;
    }

    fn list(&mut self) -> Option<Result<String, Error>> {
        let operation = match self.operations.next()? {
            Ok(operation) => operation,
            Err(error) => return Some(Err(error)),
        };
        let listed = self.line_of(&operation);
        if listed.is_ok() && operation.opcode == Opcode::STOP && self.is_listing() {
            self.phase = Phase::Summary(operation.offset);
        }
        Some(listed)
    }

    fn is_listing(&self) -> bool {
        matches!(self.phase, Phase::Listing)
    }

    /// The line of an opcode. When it is at fault itself, the next phase is its error.
    fn line_of(&mut self, operation: &Operation<'_>) -> Result<String, Error> {
        let Disassembler { dialect, layout } = self.disassembler;
        let operand = operation.operand(dialect)?;
        let depth = self.emulation.depth();
        let fail = |problem| operation.error(problem);
        let Effect { note, fault } = self.emulation.step(operation, &operand).map_err(fail)?;
        let argument = repr::operand(&operand, dialect).map_err(fail)?;
        let line = layout.line(operation, depth, argument.as_deref(), note, &mut self.column);
        self.highest_protocol = self.highest_protocol.max(operation.opcode.protocol());
        if let Some(problem) = fault {
            self.phase = Phase::Failing(operation.error(problem));
        }
        Ok(line)
    }

    fn summary(&mut self, stop: usize) -> String {
        if let Some(left) = self.emulation.left() {
            let problem = Problem::other(format!("stack not empty after STOP: {left}"));
            self.phase = Phase::Failing(Error::of(Opcode::STOP, stop, problem));
        }
        format!("highest protocol among opcodes = {}", self.highest_protocol)
    }
}

impl Iterator for Disassembly<'_> {
    type Item = Result<String, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let item = match std::mem::replace(&mut self.phase, Phase::Done) {
            Phase::Listing => {
                self.phase = Phase::Listing;
                self.list()
            }
            Phase::Summary(stop) => Some(Ok(self.summary(stop))),
            Phase::Failing(error) => Some(Err(error)),
            Phase::Done => None,
        };
        if matches!(item, None | Some(Err(_))) {
            self.phase = Phase::Done;
        }
        item
    }
}

impl std::iter::FusedIterator for Disassembly<'_> {}
