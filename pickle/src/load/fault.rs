//! From what is wrong with a source or a stream to the exception that Python raises.

use std::convert::Infallible;
use std::io;

use halfsour_runtime::{Bytes, Context, Error, Value, exc};

use super::hints;
use crate::decode::{Fault, Malformed, StreamException};
use crate::flavour::Flavour;

/// What the C implementations say of an argument that is cut short.
pub(super) const TRUNCATED: &str = "pickle data was truncated";

/// What a source fails with, as an exception.
pub(crate) trait InputError<'gc> {
    fn into_error(self) -> Error<'gc>;
}

impl<'gc> InputError<'gc> for Infallible {
    fn into_error(self) -> Error<'gc> {
        match self {}
    }
}

impl<'gc> InputError<'gc> for io::Error {
    fn into_error(self) -> Error<'gc> {
        self.into()
    }
}

impl<'gc> InputError<'gc> for Error<'gc> {
    fn into_error(self) -> Error<'gc> {
        self
    }
}

/// Returns the exception for what a source could not give.
#[cold]
pub(super) fn raise<'gc, E: InputError<'gc>>(
    ctx: Context<'gc>,
    flavour: Flavour,
    fault: Fault<E>,
) -> Error<'gc> {
    match fault {
        Fault::Input(error) => error.into_error(),
        Fault::Stream(malformed) => raise_malformed(ctx, flavour, *malformed),
    }
}

/// Returns the exception for a flaw of a stream.
#[cold]
pub(super) fn raise_malformed<'gc>(
    ctx: Context<'gc>,
    flavour: Flavour,
    malformed: Malformed,
) -> Error<'gc> {
    match malformed {
        Malformed::Flaw { exception, message } => {
            let error = match exception {
                StreamException::Truncated if flavour == Flavour::Python3 => {
                    Error::new(flavour.unpickling_error(), TRUNCATED)
                }
                StreamException::NoLine if flavour != Flavour::Pickle => {
                    Error::new(flavour.unpickling_error(), TRUNCATED)
                }
                StreamException::Truncated | StreamException::NoLine => {
                    Error::new(&exc::EOF_ERROR, message)
                }
                StreamException::Eof => return Error::new(&exc::EOF_ERROR, message),
                StreamException::Unpickling => {
                    return Error::new(flavour.unpickling_error(), message);
                }
                StreamException::Value => return Error::new(&exc::VALUE_ERROR, message),
            };
            error.with_hint(hints::CUT)
        }
        Malformed::Undecodable { codec, bytes, start, end, reason } => {
            let place = |offset: usize| Value::Int(i64::try_from(offset).unwrap_or(i64::MAX));
            let args = [
                ctx.str(codec),
                Bytes::new(ctx, &bytes).into(),
                place(start),
                place(end),
                ctx.str(reason),
            ];
            Error::with_args(&exc::UNICODE_DECODE_ERROR, &args)
        }
    }
}
