//! What was found.

use std::fmt;
use std::sync::Arc;

use crate::opcode::Opcode;
use crate::tools::error::Error;

/// Something outside of a stream that loading it would reach.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Target {
    /// A global, by the names that the stream has for it.
    Global {
        /// The module.
        module: Arc<str>,
        /// The name in it, perhaps with dots.
        name: Arc<str>,
    },
    /// The global that is registered under this extension code, if one is.
    Extension(i64),
    /// Whatever `persistent_load` finds for persistent ids: all of it together.
    Persistent,
    /// A global of which a name is not to be told from the stream: one that a call would give, or that is
    /// no text.
    Unresolved {
        /// The module, where it is known.
        module: Option<Arc<str>>,
        /// The name, where it is known.
        name: Option<Arc<str>>,
    },
}

impl Target {
    /// Whether this is one of the functions that make an object of the class which is their first argument.
    pub(crate) fn makes_objects(&self) -> bool {
        let Target::Global { module, name } = self else { return false };
        matches!(&**module, "copy_reg" | "copyreg")
            && matches!(&**name, "_reconstructor" | "__newobj__" | "__newobj_ex__")
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Global { module, name } => {
                write!(f, "{}.{}", module.escape_debug(), name.escape_debug())
            }
            Target::Extension(code) => write!(f, "extension code {code}"),
            Target::Persistent => f.write_str("an object with a persistent id"),
            Target::Unresolved { module, name } => {
                let shown = |name: &Option<Arc<str>>| match name {
                    Some(name) => name.escape_debug().to_string(),
                    None => "?".to_owned(),
                };
                write!(f, "the global {}.{}", shown(module), shown(name))
            }
        }
    }
}

/// What a stream does with something that it reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Use {
    /// It is named, which imports its module and fetches it.
    Referenced,
    /// REDUCE calls it.
    Called,
    /// INST, OBJ, NEWOBJ or NEWOBJ_EX makes an object of it, or REDUCE by one of `copyreg`'s helpers.
    Instantiated,
    /// BUILD gives state to an object that it made.
    GivenState,
    /// Items are added to an object that it made, by APPEND, SETITEM, ADDITEMS or their like.
    GivenItems,
    /// An object that it made is called or instantiated in turn.
    ResultCalled,
    /// It is given state or items itself, where well-meant streams do that to objects only.
    Altered,
}

impl Use {
    const ALL: [Use; 7] = [
        Use::Referenced,
        Use::Called,
        Use::Instantiated,
        Use::GivenState,
        Use::GivenItems,
        Use::ResultCalled,
        Use::Altered,
    ];
}

impl fmt::Display for Use {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Use::Referenced => "is referenced",
            Use::Called => "is called",
            Use::Instantiated => "is instantiated",
            Use::GivenState => "has an object given state",
            Use::GivenItems => "has an object given items",
            Use::ResultCalled => "has its result called",
            Use::Altered => "is altered",
        })
    }
}

/// A set of [`Use`]s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Uses(u8);

impl Uses {
    /// Returns whether a use is in the set.
    pub const fn contains(self, usage: Use) -> bool {
        self.0 & (1 << usage as u8) != 0
    }

    /// Returns the uses in the set, in the order in which [`Use`] names them.
    pub fn iter(self) -> impl Iterator<Item = Use> {
        Use::ALL.into_iter().filter(move |usage| self.contains(*usage))
    }

    fn insert(&mut self, usage: Use) {
        self.0 |= 1 << usage as u8;
    }
}

/// One thing that a stream reaches, and all that is done with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    target: Target,
    uses: Uses,
    offset: usize,
}

impl Reached {
    /// Returns what it is.
    pub const fn target(&self) -> &Target {
        &self.target
    }

    /// Returns what is done with it, anywhere in the stream.
    pub const fn uses(&self) -> Uses {
        self.uses
    }

    /// Returns the offset of the opcode that names it first.
    pub const fn offset(&self) -> usize {
        self.offset
    }
}

/// One use of one thing, at one place of the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event<'a> {
    /// What is used.
    pub target: &'a Target,
    /// How it is used.
    pub usage: Use,
    /// The opcode that does it.
    pub opcode: Opcode,
    /// Where that opcode is in the stream.
    pub offset: usize,
}

impl fmt::Display for Event<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Event { target, usage, opcode, offset } = self;
        write!(f, "{target} {usage} by {opcode} at offset {offset}")
    }
}

/// What loading a pickle would reach: the result of [`globals`](super::globals).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Globals {
    reached: Vec<Reached>,
    events: Vec<Record>,
    persistent_ids: usize,
    end: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Record {
    /// An index of `reached`.
    target: u32,
    usage: Use,
    opcode: Opcode,
    offset: usize,
}

impl Globals {
    /// Returns what is reached, each thing once, in the order in which the stream names them.
    pub fn reached(&self) -> impl Iterator<Item = &Reached> {
        self.reached.iter()
    }

    /// Returns every single use, in the order of the stream.
    pub fn events(&self) -> impl Iterator<Item = Event<'_>> {
        self.events.iter().filter_map(|record| {
            let Record { target, usage, opcode, offset } = *record;
            let target = &self.reached.get(target as usize)?.target;
            Some(Event { target, usage, opcode, offset })
        })
    }

    /// Returns the uses that a policy does not allow, in the order of the stream.
    ///
    /// The policy is asked about each use of each thing, unresolved ones included.
    pub fn refused_by(&self, mut allows: impl FnMut(&Target, Use) -> bool) -> Vec<Event<'_>> {
        self.events().filter(|event| !allows(event.target, event.usage)).collect()
    }

    /// Returns whether the names of all globals could be told.
    pub fn is_resolved(&self) -> bool {
        !self.reached.iter().any(|it| matches!(it.target, Target::Unresolved { .. }))
    }

    /// Returns how many times a persistent id is loaded.
    pub const fn persistent_ids(&self) -> usize {
        self.persistent_ids
    }

    /// Returns where the pickle ends: just behind its STOP.
    pub const fn end(&self) -> usize {
        self.end
    }

    pub(super) fn set_end(&mut self, end: usize) {
        self.end = end;
    }

    /// Adds something that is reached, and returns its number.
    pub(super) fn add(&mut self, target: Target, offset: usize) -> u32 {
        // A stream has fewer opcodes than bytes, and the number of a target is that of its opcode at most.
        let number = u32::try_from(self.reached.len()).unwrap_or(u32::MAX);
        self.reached.push(Reached { target, uses: Uses::default(), offset });
        number
    }

    pub(super) fn target(&self, number: u32) -> Option<&Target> {
        Some(&self.reached.get(number as usize)?.target)
    }

    /// Notes a use of something that was added.
    pub(super) fn note(&mut self, number: u32, usage: Use, opcode: Opcode, offset: usize) {
        let Some(reached) = self.reached.get_mut(number as usize) else { return };
        reached.uses.insert(usage);
        if reached.target == Target::Persistent && usage == Use::Referenced {
            self.persistent_ids += 1;
        }
        self.events.push(Record { target: number, usage, opcode, offset });
    }
}

/// A stream that could not be followed to its STOP, with what was found up to there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incomplete(Box<(Globals, Error)>);

impl Incomplete {
    pub(super) fn new(found: Globals, error: Error) -> Self {
        Self(Box::new((found, error)))
    }

    /// Returns what was found before the error, all of which a load may reach before it fails.
    pub fn found(&self) -> &Globals {
        &self.0.0
    }

    /// Returns why and where the stream could not be followed further.
    pub fn error(&self) -> &Error {
        &self.0.1
    }
}

impl fmt::Display for Incomplete {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error().fmt(f)
    }
}

impl std::error::Error for Incomplete {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(self.error())
    }
}
