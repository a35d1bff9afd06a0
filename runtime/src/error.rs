//! [`Error`], an exception on its way inside the heap, and [`Uncaught`], one that left it.

use std::borrow::Cow;
use std::fmt;

use crate::class::Class;
use crate::context::Context;
use crate::exception_type::ExceptionType;
use crate::types::{Bytes, Tuple, Unicode};
use crate::value::Value;

/// The result of whatever may raise a Python exception.
pub type Result<'gc, T = Value<'gc>> = std::result::Result<T, Error<'gc>>;

/// A Python exception on its way through Rust: one word.
///
/// It is lazy: [`Error::new`] needs no context, and the exception object is made only when somebody looks
/// ([`into_value`](Self::into_value)).
#[derive(Clone)]
pub struct Error<'gc>(Box<Raised<'gc>>);

#[derive(Clone)]
struct Raised<'gc> {
    what: What<'gc>,
    location: Option<Location>,
    hint: Option<Cow<'static, str>>,
}

#[derive(Clone)]
enum What<'gc> {
    Lazy(&'static ExceptionType, LazyArgs<'gc>),
    Object(Value<'gc>),
}

#[derive(Clone)]
enum LazyArgs<'gc> {
    Nothing,
    Message(Cow<'static, str>),
    /// An error number of the system and its text.
    System(i32, String),
    Values(Vec<Value<'gc>>),
}

/// Where in a stream or an object graph something went wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Location {
    /// The offset in the stream, in bytes, of the opcode at fault.
    pub offset: Option<u64>,
    /// The name of the opcode at fault.
    pub opcode: Option<&'static str>,
    /// The path through the objects, such as `root['users'][3].profile`.
    pub path: Option<String>,
}

impl<'gc> Error<'gc> {
    /// Returns an exception of a class with a message as its one argument.
    #[cold]
    pub fn new(class: &'static ExceptionType, message: impl Into<Cow<'static, str>>) -> Self {
        Self::lazy(class, LazyArgs::Message(message.into()))
    }

    /// Returns an exception of a class without arguments.
    #[cold]
    #[must_use]
    pub fn bare(class: &'static ExceptionType) -> Self {
        Self::lazy(class, LazyArgs::Nothing)
    }

    /// Returns an exception of a class with any arguments, such as the key of a `KeyError`.
    #[cold]
    #[must_use]
    pub fn with_args(class: &'static ExceptionType, args: &[Value<'gc>]) -> Self {
        Self::lazy(class, LazyArgs::Values(args.to_vec()))
    }

    /// Returns an exception that is raised as it is (Python's `raise object`).
    #[cold]
    #[must_use]
    pub fn raise(exception: Value<'gc>) -> Self {
        Self(Box::new(Raised { what: What::Object(exception), location: None, hint: None }))
    }

    fn lazy(class: &'static ExceptionType, args: LazyArgs<'gc>) -> Self {
        Self(Box::new(Raised { what: What::Lazy(class, args), location: None, hint: None }))
    }

    /// Returns the exception's class (an `instance`'s classic class is possible in Python 2, hence a value).
    #[must_use]
    pub fn class(&self, ctx: Context<'gc>) -> Value<'gc> {
        match &self.0.what {
            What::Lazy(ty, _) => ctx.exception_class(ty).into(),
            What::Object(object) => object.class_of(ctx),
        }
    }

    /// Returns whether an `except` clause for `class` would catch it.
    #[must_use]
    pub fn is(&self, ctx: Context<'gc>, class: &'static ExceptionType) -> bool {
        if let What::Lazy(own, _) = &self.0.what
            && std::ptr::eq(*own, class)
        {
            return true;
        }
        self.matches(ctx, ctx.exception_class(class))
    }

    /// Returns whether an `except` clause for `class` would catch it.
    #[must_use]
    pub fn matches(&self, ctx: Context<'gc>, class: Class<'gc>) -> bool {
        match self.class(ctx) {
            Value::Class(own) => own.is_subclass_of(class),
            _ => false,
        }
    }

    /// Returns the exception object, made now if nobody looked before.
    ///
    /// If the class's constructor raises, that exception is returned instead, as in Python.
    #[must_use]
    pub fn into_value(self, ctx: Context<'gc>) -> Value<'gc> {
        let (class, args) = match self.0.what {
            What::Object(object) => return object,
            What::Lazy(class, args) => (class, args),
        };
        let args = match args {
            LazyArgs::Nothing => Vec::new(),
            LazyArgs::Message(text) => vec![ctx.str(&text)],
            LazyArgs::System(number, text) => vec![number.into(), ctx.str(&text)],
            LazyArgs::Values(values) => values,
        };
        ctx.new_exception(ctx.exception_class(class), Tuple::from_vec(ctx, args)).into()
    }

    /// Returns where it went wrong, if that was noted.
    #[must_use]
    pub fn location(&self) -> Option<&Location> {
        self.0.location.as_ref()
    }

    /// Notes where it went wrong; what was noted before, nearer to the fault, stays.
    #[must_use]
    pub fn at(mut self, location: Location) -> Self {
        let noted = self.0.location.get_or_insert_with(Location::default);
        noted.offset = noted.offset.or(location.offset);
        noted.opcode = noted.opcode.or(location.opcode);
        if noted.path.is_none() {
            noted.path = location.path;
        }
        self
    }

    /// Returns what would mend it, if anybody noted that.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// Notes what would mend it, for people to read; what was noted before, nearer to the fault, stays.
    ///
    /// The message is Python's, which programs may compare. A hint is no part of it, and is lost when Python-shaped code
    /// catches the exception and raises it again.
    ///
    /// # Examples
    ///
    /// ```
    /// use halfsour_runtime::{Error, Runtime, exc};
    ///
    /// let mut runtime = Runtime::python2();
    /// let uncaught = runtime
    ///     .try_enter(|_| {
    ///         let error = Error::new(&exc::VALUE_ERROR, "no such jar");
    ///         Err::<(), _>(error.with_hint("there are jars on the shelf"))
    ///     })
    ///     .unwrap_err();
    /// assert_eq!(uncaught.message(), "no such jar");
    /// assert_eq!(uncaught.to_string(), "ValueError: no such jar\n  hint: there are jars on the shelf");
    /// ```
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<Cow<'static, str>>) -> Self {
        self.0.hint.get_or_insert_with(|| hint.into());
        self
    }

    /// Returns the message (Python's `str(exception)`).
    #[must_use]
    pub fn message(&self, ctx: Context<'gc>) -> String {
        // A KeyError shows its argument as it is written in a program.
        if let What::Lazy(class, LazyArgs::Message(text)) = &self.0.what
            && !std::ptr::eq(*class, &crate::exception_type::exc::KEY_ERROR)
        {
            return text.to_string();
        }
        let text = self.clone().into_value(ctx).str(ctx);
        match text {
            Ok(Value::Bytes(text)) => text.to_string_lossy().into_owned(),
            Ok(Value::Unicode(text)) => text.to_string_lossy().into_owned(),
            _ => "<exception str() failed>".to_owned(),
        }
    }

    /// Takes the exception out of the heap.
    #[must_use]
    pub fn into_uncaught(self, ctx: Context<'gc>) -> Uncaught {
        let message = self.message(ctx);
        let (class, bases) = class_names(ctx, self.class(ctx));
        let Raised { location, hint, .. } = *self.0;
        Uncaught(Box::new(Report { class, bases, message, location, hint }))
    }
}

/// Returns the dotted name of an exception's class, and those of every class that it is a subclass of.
fn class_names<'gc>(ctx: Context<'gc>, class: Value<'gc>) -> (String, Vec<String>) {
    match class {
        Value::Class(class) => {
            let names = class
                .mro()
                .as_slice()
                .iter()
                .filter_map(|entry| match entry {
                    Value::Class(class) => Some(class.dotted_name(ctx)),
                    _ => None,
                })
                .collect();
            (class.dotted_name(ctx), names)
        }
        Value::ClassicClass(class) => (class.dotted_name(ctx), vec![class.dotted_name(ctx)]),
        other => (other.type_name(ctx), Vec::new()),
    }
}

impl fmt::Debug for Error<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.what {
            What::Lazy(ty, LazyArgs::Message(text)) => write!(f, "{}: {text}", ty.name()),
            What::Lazy(ty, LazyArgs::System(number, text)) => {
                write!(f, "{}: [Errno {number}] {text}", ty.name())
            }
            What::Lazy(ty, LazyArgs::Values(values)) => write!(f, "{}: {values:?}", ty.name()),
            What::Lazy(ty, LazyArgs::Nothing) => f.write_str(ty.name()),
            What::Object(object) => write!(f, "{object:?}"),
        }
    }
}

impl<'gc> From<std::io::Error> for Error<'gc> {
    /// Raises `IOError` with the system's error number and message.
    ///
    /// # Examples
    ///
    /// ```
    /// use halfsour_runtime::{Error, Runtime};
    ///
    /// let mut runtime = Runtime::python2();
    /// let uncaught = runtime
    ///     .try_enter(|_| Err::<(), _>(Error::from(std::io::Error::from_raw_os_error(2))))
    ///     .unwrap_err();
    /// assert!(uncaught.to_string().starts_with("IOError: [Errno 2] "));
    /// ```
    fn from(error: std::io::Error) -> Self {
        let class = &crate::exception_type::exc::IO_ERROR;
        let text = error.to_string();
        match error.raw_os_error() {
            Some(number) => {
                // Rust repeats the number at the end of the text.
                let own = text.strip_suffix(&format!(" (os error {number})")).unwrap_or(&text);
                Self::lazy(class, LazyArgs::System(number, own.to_owned()))
            }
            None => Self::new(class, text),
        }
    }
}

/// A Python exception that left the runtime: owned, `Send` and `Sync`.
///
/// Its text is `class: message`, with where it happened behind it, if that is known, and what would mend it on a line of its
/// own.
#[derive(Clone)]
pub struct Uncaught(Box<Report>);

#[derive(Clone)]
struct Report {
    class: String,
    bases: Vec<String>,
    message: String,
    location: Option<Location>,
    hint: Option<Cow<'static, str>>,
}

impl Uncaught {
    /// Returns the name of the exception's class: dotted, unless it is built in.
    #[must_use]
    pub fn class(&self) -> &str {
        &self.0.class
    }

    /// Returns the message (Python's `str(exception)`).
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns where it went wrong, if that is known.
    #[must_use]
    pub fn location(&self) -> Option<&Location> {
        self.0.location.as_ref()
    }

    /// Takes the hint away, for a log of one line each.
    #[must_use]
    pub fn without_hint(mut self) -> Self {
        self.0.hint = None;
        self
    }

    /// Returns what would mend it, if that is known.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// Returns whether an `except` clause for `class` would have caught it.
    #[must_use]
    pub fn is(&self, class: &ExceptionType) -> bool {
        let dotted = match class.module() {
            "" => class.name().to_owned(),
            module => format!("{module}.{}", class.name()),
        };
        self.0.bases.contains(&dotted)
    }
}

impl fmt::Display for Uncaught {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.class)?;
        if !self.0.message.is_empty() {
            write!(f, ": {}", self.0.message)?;
        }
        if let Some(location) = &self.0.location {
            write!(f, " ({location})")?;
        }
        match &self.0.hint {
            Some(hint) => write!(f, "\n  hint: {hint}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        if let Some(offset) = self.offset {
            write!(f, "at offset {offset}")?;
            separator = ", ";
        }
        if let Some(opcode) = self.opcode {
            write!(f, "{separator}opcode {opcode}")?;
            separator = ", ";
        }
        if let Some(path) = &self.path {
            write!(f, "{separator}at {path}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Uncaught {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Uncaught({self})")
    }
}

impl std::error::Error for Uncaught {}

impl<'gc> Context<'gc> {
    /// Returns a string of the dialect's `str` type (Python 2: its UTF-8 bytes).
    #[must_use]
    pub fn str(self, text: &str) -> Value<'gc> {
        match self.dialect() {
            crate::dialect::Dialect::Python2 => Bytes::new(self, text.as_bytes()).into(),
            crate::dialect::Dialect::Python3 => Unicode::new(self, text).into(),
        }
    }
}
