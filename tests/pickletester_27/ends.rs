//! How a test ends.

use halfsour::{ExceptionType, Uncaught};

/// How a test ends.
#[derive(Clone, Copy)]
pub(crate) enum Ends {
    /// It passes.
    Passes,
    /// Dumping raises an exception of this class with this message.
    Raises(&'static ExceptionType, &'static str),
}

impl Ends {
    /// Says what is wrong with how a test ended.
    pub(crate) fn judge(self, outcome: Result<(), Uncaught>) -> Result<(), String> {
        match (outcome, self) {
            (Ok(()), Ends::Passes) => Ok(()),
            (Err(error), Ends::Passes) => Err(format!("raised {error}")),
            (Err(error), Ends::Raises(class, message)) if is_raised(&error, class, message) => {
                Ok(())
            }
            (outcome, Ends::Raises(class, message)) => {
                Err(format!("{outcome:?}, not {}: {message}", class.name()))
            }
        }
    }
}

fn is_raised(error: &Uncaught, class: &ExceptionType, message: &str) -> bool {
    error.is(class) && error.message().contains(message)
}
