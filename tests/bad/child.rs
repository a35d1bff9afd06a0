//! The child: loads the streams that it is given and says what came of each.

use std::io::{self, BufRead, Write};
use std::process::ExitCode;

use halfsour_corpus::pickling::{Setup, prepare};
use halfsour_corpus::{Description, Options, decode_base64, describe};
use halfsour_pickle::{Flavour, PICKLE_ERROR, cpickle};
use halfsour_runtime::{ExceptionType, Runtime, Uncaught, exc};
use serde::{Deserialize, Serialize};

/// The environment variable that makes this program the child.
pub(crate) const VARIABLE: &str = "HALFSOUR_BAD_CHILD";

/// A stream to load.
#[derive(Deserialize, Serialize)]
pub(crate) struct Question {
    /// The implementation whose flavour to follow.
    pub(crate) implementation: String,
    pub(crate) stream: String,
}

/// What came of it.
#[derive(Deserialize, Serialize)]
pub(crate) enum Answer {
    Loaded(Description),
    Raised(Raised),
}

#[derive(Deserialize, Serialize)]
pub(crate) struct Raised {
    pub(crate) class: String,
    pub(crate) message: String,
    /// Whether the class is one of those that a malformed stream may raise, or derives from one.
    pub(crate) expected: bool,
    pub(crate) offset: Option<u64>,
    pub(crate) opcode: Option<String>,
}

/// What a malformed stream may raise.
static EXPECTED: [&ExceptionType; 10] = [
    &PICKLE_ERROR,
    &cpickle::PICKLE_ERROR,
    &exc::EOF_ERROR,
    &exc::IMPORT_ERROR,
    &exc::ATTRIBUTE_ERROR,
    &exc::VALUE_ERROR,
    &exc::TYPE_ERROR,
    &exc::KEY_ERROR,
    &exc::INDEX_ERROR,
    &exc::OVERFLOW_ERROR,
];

/// Answers each line of standard input by a line of standard output.
pub(crate) fn serve() -> ExitCode {
    for line in io::stdin().lock().lines() {
        let answered = line.map_err(|error| error.to_string()).and_then(|line| answer(&line));
        let text = match answered {
            Ok(text) => text,
            Err(error) => {
                eprintln!("the child gives up: {error}");
                return ExitCode::FAILURE;
            }
        };
        if writeln!(io::stdout(), "{text}").is_err() {
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn answer(line: &str) -> Result<String, String> {
    let question: Question = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let stream = decode_base64(&question.stream).map_err(|error| error.to_string())?;
    let (flavour, mut runtime) = match question.implementation.as_str() {
        "pickle.py" => (Flavour::Pickle, Runtime::python2()),
        "cPickle" => (Flavour::CPickle, Runtime::python2()),
        _ => (Flavour::Python3, Runtime::python3()),
    };
    let options = Options::default();
    let setup = Setup {
        flavour,
        protocol: 0,
        options: &options,
        loads: None,
        buffers: &[],
        encoding: None,
    };
    runtime.try_enter(|ctx| prepare(ctx, &options)).map_err(|error| error.to_string())?;
    let loaded = runtime.try_enter(|ctx| {
        let value = setup.load(ctx, &stream)?;
        // A graph may hold what cannot be described, such as a class whose name is no string.
        describe(ctx, value)
    });
    let answer = match loaded {
        Ok(description) => Answer::Loaded(description),
        Err(error) => Answer::Raised(raised(&error)),
    };
    serde_json::to_string(&answer).map_err(|error| error.to_string())
}

fn raised(error: &Uncaught) -> Raised {
    let location = error.location();
    Raised {
        class: error.class().to_owned(),
        message: error.message().to_owned(),
        expected: EXPECTED.iter().any(|class| error.is(class)),
        offset: location.and_then(|location| location.offset),
        opcode: location.and_then(|location| location.opcode).map(str::to_owned),
    }
}
