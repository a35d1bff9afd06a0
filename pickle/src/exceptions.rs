//! The exceptions of `pickle`, and those of `cPickle`, which are other classes of the same names.

use halfsour_runtime::{ExceptionType, exc};

use crate::flavour::Flavour;

// DIFFERENCE: in Python 3 the module of these classes is `_pickle`, and the C unpickler's `pickle` has them from there.
/// `pickle.PickleError`, the base of the two others.
pub static PICKLE_ERROR: ExceptionType =
    ExceptionType::new("pickle", "PickleError", &exc::EXCEPTION);

/// `pickle.PicklingError`: an object cannot be written.
pub static PICKLING_ERROR: ExceptionType =
    ExceptionType::new("pickle", "PicklingError", &PICKLE_ERROR);

/// `pickle.UnpicklingError`: a stream cannot be read.
pub static UNPICKLING_ERROR: ExceptionType =
    ExceptionType::new("pickle", "UnpicklingError", &PICKLE_ERROR);

/// The exceptions of `cPickle`. In Python 2 they share nothing with those of `pickle` but their names.
pub mod cpickle {
    use halfsour_runtime::{ExceptionType, exc};

    /// `cPickle.PickleError`.
    pub static PICKLE_ERROR: ExceptionType =
        ExceptionType::new("cPickle", "PickleError", &exc::EXCEPTION);

    /// `cPickle.PicklingError`.
    pub static PICKLING_ERROR: ExceptionType =
        ExceptionType::new("cPickle", "PicklingError", &PICKLE_ERROR);

    /// `cPickle.UnpickleableError`: an object has no way to be reduced.
    pub static UNPICKLEABLE_ERROR: ExceptionType =
        ExceptionType::new("cPickle", "UnpickleableError", &PICKLING_ERROR);

    /// `cPickle.UnpicklingError`.
    pub static UNPICKLING_ERROR: ExceptionType =
        ExceptionType::new("cPickle", "UnpicklingError", &PICKLE_ERROR);

    /// `cPickle.BadPickleGet`: a stream fetches what it never stored.
    pub static BAD_PICKLE_GET: ExceptionType =
        ExceptionType::new("cPickle", "BadPickleGet", &UNPICKLING_ERROR);
}

impl Flavour {
    /// The PicklingError that this implementation raises.
    pub(crate) const fn pickling_error(self) -> &'static ExceptionType {
        match self {
            Flavour::CPickle => &cpickle::PICKLING_ERROR,
            Flavour::Pickle | Flavour::Python3 => &PICKLING_ERROR,
        }
    }

    /// The PickleError that this implementation raises.
    pub(crate) const fn pickle_error(self) -> &'static ExceptionType {
        match self {
            Flavour::CPickle => &cpickle::PICKLE_ERROR,
            Flavour::Pickle | Flavour::Python3 => &PICKLE_ERROR,
        }
    }

    /// The UnpicklingError that this implementation raises.
    pub(crate) const fn unpickling_error(self) -> &'static ExceptionType {
        match self {
            Flavour::CPickle => &cpickle::UNPICKLING_ERROR,
            Flavour::Pickle | Flavour::Python3 => &UNPICKLING_ERROR,
        }
    }
}
