//! [`Dialect`]: which Python a runtime speaks.

/// Which Python a runtime speaks; chosen when it is made.
///
/// It decides names of built-in types and modules, reprs, whether ints and longs differ, whether byte strings equal
/// text, whether classic classes exist. Each place that asks says why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dialect {
    /// Python 2.7.
    Python2,
    /// Python 3.13.
    Python3,
}

impl Dialect {
    /// Returns the name of the module of built-in types and functions.
    #[must_use]
    pub const fn builtins_module(self) -> &'static str {
        match self {
            Self::Python2 => "__builtin__",
            Self::Python3 => "builtins",
        }
    }

    /// Returns the name of the module of built-in exceptions.
    #[must_use]
    pub const fn exceptions_module(self) -> &'static str {
        match self {
            Self::Python2 => "exceptions",
            Self::Python3 => "builtins",
        }
    }

    /// Returns the name of the module that registers reduction functions.
    #[must_use]
    pub const fn copyreg_module(self) -> &'static str {
        match self {
            Self::Python2 => "copy_reg",
            Self::Python3 => "copyreg",
        }
    }

    /// Picks one of two by the dialect.
    #[must_use]
    pub const fn pick<T: Copy>(self, python2: T, python3: T) -> T {
        match self {
            Self::Python2 => python2,
            Self::Python3 => python3,
        }
    }
}
