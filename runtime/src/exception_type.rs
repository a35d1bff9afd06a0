//! [`ExceptionType`]: names an exception class without a runtime, so that errors can be made lazily.

/// Names an exception class: a built-in one of [`exc`], or one that a module defines.
///
/// The class itself is made in each runtime when it is first needed; see
/// [`Context::exception_class`](crate::Context::exception_class).
///
/// # Examples
///
/// ```
/// use halfsour_runtime::{Error, ExceptionType, Runtime, exc};
///
/// static SPOILED: ExceptionType = ExceptionType::new("larder", "SpoiledError", &exc::VALUE_ERROR);
///
/// let mut runtime = Runtime::python2();
/// let uncaught = runtime
///     .try_enter(|_| Err::<(), _>(Error::new(&SPOILED, "smell it")))
///     .unwrap_err();
/// assert_eq!(uncaught.to_string(), "larder.SpoiledError: smell it");
/// ```
#[derive(Debug)]
pub struct ExceptionType {
    module: &'static str,
    name: &'static str,
    base: Option<&'static ExceptionType>,
}

impl ExceptionType {
    /// Names an exception class of a module, derived from `base`.
    #[must_use]
    pub const fn new(
        module: &'static str,
        name: &'static str,
        base: &'static ExceptionType,
    ) -> Self {
        Self { module, name, base: Some(base) }
    }

    const fn builtin(name: &'static str) -> Self {
        Self { module: "", name, base: None }
    }

    /// Returns the module's name; empty for built-in exceptions, whose module depends on the dialect.
    #[must_use]
    pub const fn module(&self) -> &'static str {
        self.module
    }

    /// Returns the class's name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the base class of an exception that a module defines.
    #[must_use]
    pub const fn base(&self) -> Option<&'static ExceptionType> {
        self.base
    }

    /// Returns whether this is one of [`exc`].
    #[must_use]
    pub const fn is_builtin(&self) -> bool {
        self.base.is_none()
    }
}

/// The built-in exceptions that Rust code raises by name.
pub mod exc {
    use super::ExceptionType;

    macro_rules! builtin_exceptions {
        ($($constant:ident = $name:literal;)*) => {
            $(
                #[doc = concat!("`", $name, "`.")]
                pub static $constant: ExceptionType = ExceptionType::builtin($name);
            )*
        };
    }

    builtin_exceptions! {
        BASE_EXCEPTION = "BaseException";
        EXCEPTION = "Exception";
        ARITHMETIC_ERROR = "ArithmeticError";
        ASSERTION_ERROR = "AssertionError";
        ATTRIBUTE_ERROR = "AttributeError";
        BUFFER_ERROR = "BufferError";
        EOF_ERROR = "EOFError";
        IMPORT_ERROR = "ImportError";
        INDEX_ERROR = "IndexError";
        IO_ERROR = "IOError";
        KEY_ERROR = "KeyError";
        LOOKUP_ERROR = "LookupError";
        MEMORY_ERROR = "MemoryError";
        MODULE_NOT_FOUND_ERROR = "ModuleNotFoundError";
        NAME_ERROR = "NameError";
        NOT_IMPLEMENTED_ERROR = "NotImplementedError";
        OS_ERROR = "OSError";
        OVERFLOW_ERROR = "OverflowError";
        REFERENCE_ERROR = "ReferenceError";
        RECURSION_ERROR = "RecursionError";
        RUNTIME_ERROR = "RuntimeError";
        STOP_ITERATION = "StopIteration";
        SYSTEM_ERROR = "SystemError";
        TYPE_ERROR = "TypeError";
        UNICODE_DECODE_ERROR = "UnicodeDecodeError";
        UNICODE_ENCODE_ERROR = "UnicodeEncodeError";
        UNICODE_ERROR = "UnicodeError";
        VALUE_ERROR = "ValueError";
        WARNING = "Warning";
        ZERO_DIVISION_ERROR = "ZeroDivisionError";
    }
}
