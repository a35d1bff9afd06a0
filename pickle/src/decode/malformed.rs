//! What is wrong with a stream.

use std::borrow::Cow;

use halfsour_runtime::codepoints;

/// The Python exception that a malformed stream ends in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StreamException {
    /// There is no further opcode: EOFError.
    Eof,
    /// The argument of an opcode is cut short: EOFError in Python 2, UnpicklingError in Python 3.
    Truncated,
    /// A line of text is cut so short that cPickle takes it for none: UnpicklingError there too.
    NoLine,
    Unpickling,
    Value,
}

/// What is wrong with a stream.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Malformed {
    /// The exception that it raises, and its text.
    Flaw { exception: StreamException, message: Cow<'static, str> },
    /// A text that is not in its encoding: UnicodeDecodeError.
    Undecodable {
        codec: &'static str,
        bytes: Box<[u8]>,
        start: usize,
        end: usize,
        reason: &'static str,
    },
}

impl Malformed {
    #[cold]
    pub(crate) fn eof(message: impl Into<Cow<'static, str>>) -> Self {
        Malformed::Flaw { exception: StreamException::Eof, message: message.into() }
    }

    #[cold]
    pub(crate) fn truncated(message: impl Into<Cow<'static, str>>) -> Self {
        Malformed::Flaw { exception: StreamException::Truncated, message: message.into() }
    }

    /// A string is longer than the host allows.
    pub(crate) fn too_long(length: u64, limit: usize) -> Self {
        Self::unpickling(format!(
            "a string of {length} bytes exceeds the limit of {limit} (Limits::string_length raises it)"
        ))
    }

    /// The flaw of a stream that ends inside a line, of which this is there.
    #[cold]
    pub(crate) fn cut_line(start: &[u8]) -> Self {
        let exception =
            if start.len() < 2 { StreamException::NoLine } else { StreamException::Truncated };
        Malformed::Flaw { exception, message: "the stream ends inside a line of text".into() }
    }

    #[cold]
    pub(crate) fn unpickling(message: impl Into<Cow<'static, str>>) -> Self {
        Malformed::Flaw { exception: StreamException::Unpickling, message: message.into() }
    }

    #[cold]
    pub(crate) fn value(message: impl Into<Cow<'static, str>>) -> Self {
        Malformed::Flaw { exception: StreamException::Value, message: message.into() }
    }

    #[cold]
    pub(super) fn undecodable(
        codec: &'static str,
        bytes: &[u8],
        place: std::ops::Range<usize>,
        reason: &'static str,
    ) -> Self {
        let (start, end) = (place.start, place.end);
        Malformed::Undecodable { codec, bytes: bytes.into(), start, end, reason }
    }

    /// The text of the exception.
    #[cfg(any(test, feature = "serde"))]
    pub(crate) fn message(&self) -> String {
        match self {
            Malformed::Flaw { message, .. } => message.to_string(),
            Malformed::Undecodable { codec, start, end, reason, .. } => {
                format!("{codec} {start}..{end}: {reason}")
            }
        }
    }

    /// The flaw of a text that is no UTF-8. Surrogates are no flaw: Python 2 lets them pass, and Python 3
    /// with the error handler `surrogatepass`.
    #[cold]
    pub(crate) fn no_utf8(bytes: &[u8]) -> Self {
        match codepoints::validate(bytes) {
            Err(flaw) => Self::undecodable("utf8", bytes, flaw.start..flaw.end, flaw.reason),
            Ok(()) => Self::undecodable("utf8", bytes, 0..bytes.len(), "invalid text"),
        }
    }

    /// The flaw of a text that is no ASCII.
    #[cold]
    pub(crate) fn no_ascii(bytes: &[u8]) -> Self {
        let start = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
        Self::undecodable(
            "ascii",
            bytes,
            start..start.saturating_add(1),
            "ordinal not in range(128)",
        )
    }

    /// Replaces this flaw by the one behind it when the line that has it ends in CR: the stream has been
    /// through a text mode. Protocol 0 never ends a line so, apart from the texts of UNICODE.
    pub(crate) fn or_damaged(self, line: &[u8]) -> Self {
        if line.ends_with(b"\r") { Malformed::damaged() } else { self }
    }

    /// The flaw of a stream that has been through a text mode.
    #[cold]
    pub(crate) fn damaged() -> Self {
        Malformed::unpickling(
            "the line ends in CR LF: the pickle was written or transferred in a text mode that changed \
             its line ends (reading it through TextMode repairs it)",
        )
    }
}

/// Returns a line as messages quote it: like `repr`, and not more of it than a reader wants to see.
pub(super) fn quoted(line: &[u8]) -> String {
    const SHOWN: usize = 200;
    match line.get(..SHOWN) {
        Some(start) => format!("'{}...'", start.escape_ascii()),
        None => format!("'{}'", line.escape_ascii()),
    }
}
