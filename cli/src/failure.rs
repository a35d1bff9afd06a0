//! [`Failure`]: what went wrong, in a line or two that a person understands; and [`Status`], what the program ends with.

use std::fmt;

use halfsour::Uncaught;
use halfsour::pickle::tools;
use halfsour::shelve::StoreError;

/// The result of what may go wrong.
pub(crate) type Result<T> = std::result::Result<T, Failure>;

/// How many characters of a message are shown.
const LONGEST: usize = 300;

/// How a command ended; the worse the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    /// It did what it was asked, and found nothing.
    Good = 0,
    /// It found what it looks for: something refused, different, or broken.
    Found = 1,
    /// It could not do what it was asked.
    Failed = 2,
}

impl Status {
    /// The status of a search.
    pub(crate) const fn found(found: bool) -> Self {
        if found { Status::Found } else { Status::Good }
    }
}

/// An error, and in which file.
#[derive(Debug)]
pub(crate) struct Failure(Box<Fault>);

#[derive(Debug, Default)]
struct Fault {
    /// The file, and what in it, as far as it is known.
    place: Option<String>,
    text: String,
    offset: Option<u64>,
    opcode: Option<&'static str>,
    path: Option<String>,
    hint: Option<String>,
}

impl Failure {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(Box::new(Fault { text: text.into(), ..Fault::default() }))
    }

    /// An error of the system, in its words.
    pub(crate) fn of_system(error: &dyn std::error::Error) -> Self {
        let text = error.to_string();
        // Rust adds the number of the error, which helps nobody here.
        let text = text.find(" (os error ").and_then(|end| text.get(..end)).unwrap_or(&text);
        let mut text = text.to_owned();
        if let Some(first) = text.get_mut(..1) {
            first.make_ascii_lowercase();
        }
        Self::new(text)
    }

    /// Notes in which file it is; what was noted before, nearer to the fault, stays.
    pub(crate) fn of(mut self, place: impl fmt::Display) -> Self {
        self.0.place.get_or_insert_with(|| place.to_string());
        self
    }

    /// Notes what would mend it.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint.get_or_insert_with(|| hint.into());
        self
    }

    /// Has the offset counted from elsewhere.
    pub(crate) fn moved(mut self, to_file: impl FnOnce(u64) -> u64) -> Self {
        self.0.offset = self.0.offset.map(to_file);
        self
    }

    /// What would mend it.
    pub(crate) fn mend(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// The error without file and hint.
    pub(crate) fn what(&self) -> String {
        let Fault { text, offset, opcode, path, .. } = &*self.0;
        // Some messages show what could not be read.
        let text = match text.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
            None => text.clone(),
        };
        let place = [
            offset.map(|offset| format!("offset {offset}")),
            opcode.map(str::to_owned),
            path.as_ref().map(|path| format!("at {path}")),
        ];
        let place: Vec<String> = place.into_iter().flatten().collect();
        match place.is_empty() {
            true => text,
            false => format!("{text} ({})", place.join(", ")),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.0.place {
            write!(f, "{place}: ")?;
        }
        f.write_str(&self.what())
    }
}

impl From<Uncaught> for Failure {
    fn from(error: Uncaught) -> Self {
        // Some of CPython's messages are of several lines.
        let message = error.message().lines().collect::<Vec<_>>().join(" ");
        // The library's limits are options here.
        let message = message.replace("Limits::", "--limit ");
        let text = match message.is_empty() {
            true => error.class().to_owned(),
            false => format!("{}: {message}", error.class()),
        };
        let location = error.location().cloned().unwrap_or_default();
        let mut failure = Self::new(text);
        failure.0.offset = location.offset;
        failure.0.opcode = location.opcode;
        failure.0.path = location.path;
        match error.class() {
            "UnicodeDecodeError" => failure.hint(
                "byte strings of Python 2: try --encoding latin-1, --encoding bytes or --python 2",
            ),
            _ => failure,
        }
    }
}

impl From<tools::Error> for Failure {
    fn from(error: tools::Error) -> Self {
        let mut failure = Self::new(error.message());
        failure.0.offset = Some(error.offset() as u64);
        failure.0.opcode = error.opcode().map(|opcode| opcode.name());
        failure
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::new(error.to_string())
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::of_system(&error)
    }
}
