//! [`Path`]: where in a graph an object is, as a Python expression.

use std::fmt;

use halfsour_runtime::Value;

use crate::shown;

/// One step from an object to a part of it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Step<'gc> {
    /// An item of a list or a tuple.
    Index(usize),
    /// The value of a key in a dict.
    Value(Value<'gc>),
    /// A key of a dict, by its place.
    Key(usize),
    /// An item of a set, by its place.
    Item(usize),
    /// An attribute, or a field in the state of an opaque object.
    Attribute(String),
    /// What an opaque object is made by, if it is no name.
    Maker,
    /// An argument with which an opaque object is made.
    Argument(usize),
    /// An argument with which an opaque object is made, by keyword.
    Keyword(Value<'gc>),
    /// The state of an opaque object that has no fields.
    State,
    /// The function that gives an opaque object its state.
    StateSetter,
    /// What an object of a type in native code holds.
    Held(usize),
}

impl fmt::Display for Step<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Index(index) => write!(f, "[{index}]"),
            Step::Value(key) => write!(f, "[{}]", shown::key(*key)),
            Step::Key(index) => write!(f, ".keys()[{index}]"),
            Step::Item(index) => write!(f, ".items()[{index}]"),
            Step::Attribute(name) => write!(f, ".{}", shown::name(name)),
            Step::Maker => f.write_str(".__reduce__()[0]"),
            Step::Argument(index) => write!(f, ".__reduce__()[1][{index}]"),
            Step::Keyword(name) => write!(f, ".__getnewargs_ex__()[1][{}]", shown::key(*name)),
            Step::State => f.write_str(".__getstate__()"),
            Step::StateSetter => f.write_str(".__reduce__()[5]"),
            Step::Held(index) => write!(f, ".<held {index}>"),
        }
    }
}

/// The steps from the root of a graph to an object in it.
#[derive(Clone, Debug)]
pub struct Path<'gc> {
    pub(crate) steps: Vec<Step<'gc>>,
}

/// How many steps of a long path are shown at either end.
pub(crate) const SHOWN: usize = 16;

impl<'gc> Path<'gc> {
    /// Returns the steps, from the root on.
    #[must_use]
    pub fn steps(&self) -> &[Step<'gc>] {
        &self.steps
    }
}

impl fmt::Display for Path<'_> {
    /// Writes `root['users'][3].profile`; the middle of a very long path is left out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, last) = match self.steps.len() {
            length if length > 2 * SHOWN => {
                (&self.steps[..SHOWN], Some(&self.steps[length - SHOWN..]))
            }
            _ => (&self.steps[..], None),
        };
        Shortened { first, last }.fmt(f)
    }
}

/// A path of which the middle may be left out.
pub(crate) struct Shortened<'a, 'gc> {
    pub(crate) first: &'a [Step<'gc>],
    /// The last steps, if there are others between.
    pub(crate) last: Option<&'a [Step<'gc>]>,
}

impl fmt::Display for Shortened<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("root")?;
        self.first.iter().try_for_each(|step| write!(f, "{step}"))?;
        let Some(last) = self.last else { return Ok(()) };
        f.write_str(" ... ")?;
        last.iter().try_for_each(|step| write!(f, "{step}"))
    }
}
