//! [`Job`]: what is measured, of whom, on which pickle.

use std::fmt;
use std::path::PathBuf;

use halfsour_runtime::Dialect;

/// Who does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    Halfsour,
    /// The CPython that made the pickle.
    CPython,
    SerdePickle,
    /// The least that it can take: the graph built through the runtime's API by someone who knows it, and the bytes
    /// written by someone who has them.
    Floor,
}

impl Who {
    pub(crate) const ALL: [Self; 4] =
        [Self::Halfsour, Self::CPython, Self::SerdePickle, Self::Floor];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Halfsour => "halfsour",
            Self::CPython => "cpython",
            Self::SerdePickle => "serde-pickle",
            Self::Floor => "floor",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|who| who.name() == name)
    }
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    /// Loads the pickle and drops what was made.
    Load,
    /// Dumps what was loaded.
    Dump,
    /// Copies what was loaded deeply.
    DeepCopy,
    /// Loads the pickle once, keeps it, and says how much memory the process took.
    Hold,
}

impl Task {
    pub(crate) const ALL: [Self; 4] = [Self::Load, Self::Dump, Self::DeepCopy, Self::Hold];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Load => "load",
            Self::Dump => "dump",
            Self::DeepCopy => "deepcopy",
            Self::Hold => "memory",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|task| task.name() == name)
    }
}

/// One task on one pickle.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) task: Task,
    /// Whose pickle it is.
    pub(crate) dialect: Dialect,
    pub(crate) protocol: u8,
    pub(crate) path: PathBuf,
}

impl Job {
    /// The job as arguments of a program.
    pub(crate) fn arguments(&self) -> [String; 4] {
        [
            self.task.name().to_owned(),
            self.dialect.pick("2", "3").to_owned(),
            self.protocol.to_string(),
            self.path.to_string_lossy().into_owned(),
        ]
    }

    /// Reads what [`arguments`](Self::arguments) made.
    pub(crate) fn from_arguments(arguments: &[String]) -> Option<Self> {
        let [task, dialect, protocol, path] = arguments else { return None };
        Some(Self {
            task: Task::from_name(task)?,
            dialect: if dialect == "2" { Dialect::Python2 } else { Dialect::Python3 },
            protocol: protocol.parse().ok()?,
            path: path.into(),
        })
    }
}

impl fmt::Display for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let python = self.dialect.pick("Python 2", "Python 3");
        write!(f, "{} at protocol {} of {python}", self.task.name(), self.protocol)
    }
}
