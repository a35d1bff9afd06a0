//! What is wrong with a stream.

use std::borrow::Cow;

/// The Python exception that a malformed stream ends in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StreamException {
    Eof,
    Unpickling,
    Value,
    UnicodeDecode,
}

/// A flaw of a stream: which exception it raises, and its text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Malformed {
    pub(crate) exception: StreamException,
    pub(crate) message: Cow<'static, str>,
}

impl Malformed {
    #[cold]
    pub(crate) fn eof(message: impl Into<Cow<'static, str>>) -> Self {
        Malformed { exception: StreamException::Eof, message: message.into() }
    }

    #[cold]
    pub(crate) fn unpickling(message: impl Into<Cow<'static, str>>) -> Self {
        Malformed { exception: StreamException::Unpickling, message: message.into() }
    }

    #[cold]
    pub(crate) fn value(message: impl Into<Cow<'static, str>>) -> Self {
        Malformed { exception: StreamException::Value, message: message.into() }
    }

    #[cold]
    pub(crate) fn unicode_decode(message: impl Into<Cow<'static, str>>) -> Self {
        Malformed { exception: StreamException::UnicodeDecode, message: message.into() }
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
