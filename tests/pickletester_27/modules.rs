//! The two modules, and the exceptions that each raises for malformed streams.

use halfsour::pickle::{Flavour, UNPICKLING_ERROR, cpickle};
use halfsour::{Context, ExceptionType, Result, exc};

/// `pickle` or `cPickle`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Module {
    Pickle,
    CPickle,
}

/// Exceptions of which any will do.
pub(crate) type Errors = Vec<&'static ExceptionType>;

impl Module {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Module::Pickle => "pickle",
            Module::CPickle => "cPickle",
        }
    }

    pub(crate) const fn flavour(self) -> Flavour {
        match self {
            Module::Pickle => Flavour::Pickle,
            Module::CPickle => Flavour::CPickle,
        }
    }

    /// A function or class of the module.
    pub(crate) fn get<'gc>(self, ctx: Context<'gc>, name: &str) -> Result<'gc> {
        ctx.import_from(self.name(), name)
    }

    /// What fetching raises that was never stored.
    pub(crate) fn bad_get(self) -> Errors {
        match self {
            Module::Pickle => vec![&exc::KEY_ERROR],
            Module::CPickle => vec![&cpickle::BAD_PICKLE_GET],
        }
    }

    /// What an opcode raises that finds too few objects.
    pub(crate) fn bad_stack(self) -> Errors {
        match self {
            Module::Pickle => vec![&exc::INDEX_ERROR],
            Module::CPickle => vec![&cpickle::UNPICKLING_ERROR],
        }
    }

    /// What an opcode raises that finds a mark in place of an object.
    pub(crate) fn bad_mark(self) -> Errors {
        match self {
            Module::Pickle => vec![
                &exc::INDEX_ERROR,
                &UNPICKLING_ERROR,
                &exc::TYPE_ERROR,
                &exc::ATTRIBUTE_ERROR,
                &exc::EOF_ERROR,
            ],
            Module::CPickle => vec![&exc::EOF_ERROR],
        }
    }

    /// What an argument raises that is cut off.
    pub(crate) fn truncated(self) -> Errors {
        match self {
            // And struct.error, which nothing here raises.
            Module::Pickle => vec![
                &UNPICKLING_ERROR,
                &exc::EOF_ERROR,
                &exc::ATTRIBUTE_ERROR,
                &exc::VALUE_ERROR,
                &exc::INDEX_ERROR,
                &exc::IMPORT_ERROR,
                &exc::TYPE_ERROR,
                &exc::KEY_ERROR,
            ],
            Module::CPickle => vec![
                &cpickle::UNPICKLING_ERROR,
                &exc::EOF_ERROR,
                &exc::ATTRIBUTE_ERROR,
                &exc::VALUE_ERROR,
            ],
        }
    }
}
