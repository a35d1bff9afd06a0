//! [`Policy`]: which globals a pickle may reach and what it may do with them, by lines of a file.

use std::path::Path;
use std::str::FromStr;

use halfsour::pickle::tools::{Target, Use};

use crate::failure::{Failure, Result};

/// The form of a policy file, for people.
pub(crate) const HELP: &str = "\
Policy files:
  A line allows or denies a global, and may say for which uses. The last line that
  matches a use decides about it; what no line matches is refused.

    # what our recipes consist of
    allow collections.OrderedDict
    allow datetime.*              # any name in the module datetime
    deny  datetime.tzinfo         # but not this one
    allow numpy.**                # any name in numpy and in the modules below it
    allow larder.Jar make state   # these uses only
    allow persistent-ids          # what persistent ids stand for
    allow extension-codes         # what extension codes stand for

  The uses are
    name         it is imported
    call         it is called (REDUCE)
    make         an object of it is made (NEWOBJ, OBJ, INST, copy_reg's helpers)
    state        such an object is given state (BUILD)
    items        such an object is given items (APPEND, SETITEM and their like)
    call-result  what it made is called in turn
    alter        it is given state or items itself
  An `allow` without uses allows the first five, an `allow` with some allows these and
  `name`; a `deny` without uses denies all. In an `allow`, * and ** match names without
  dots only, so that nothing leads on to other modules; in a `deny`, `os.*` is whatever
  begins with `os.`. Names are those of the stream: os.system is posix.system or
  nt.system, and Python 2 says __builtin__ and copy_reg for builtins and copyreg.";

/// The words for uses, in the order of [`Use`].
const USES: [(&str, Use); 7] = [
    ("name", Use::Referenced),
    ("call", Use::Called),
    ("make", Use::Instantiated),
    ("state", Use::GivenState),
    ("items", Use::GivenItems),
    ("call-result", Use::ResultCalled),
    ("alter", Use::Altered),
];

/// The word for a use.
pub(crate) fn word(usage: Use) -> &'static str {
    USES.iter().find(|(_, known)| *known == usage).map_or("?", |(word, _)| word)
}

/// A policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Policy(Vec<Line>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    allows: bool,
    pattern: Pattern,
    uses: Vec<Use>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Pattern {
    /// One global, by its dotted name.
    Global(String),
    /// Any name in a module.
    Module(String),
    /// Any name in a module and those below it.
    Package(String),
    PersistentIds,
    ExtensionCodes,
}

impl Policy {
    /// Reads a policy file.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let place = path.display();
        let text =
            std::fs::read_to_string(path).map_err(|error| Failure::from(error).of(&place))?;
        text.parse().map_err(|failure: Failure| failure.of(&place))
    }

    /// Whether a use is allowed.
    pub(crate) fn allows(&self, target: &Target, usage: Use) -> bool {
        let deciding = self.0.iter().rev().find(|line| line.is_about(target, usage));
        deciding.is_some_and(|line| line.allows)
    }
}

impl FromStr for Policy {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self> {
        let mut lines = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let line = line.split('#').next().unwrap_or_default().trim();
            if line.is_empty() {
                continue;
            }
            let read = line.parse();
            lines.push(read.map_err(|what: String| {
                Failure::new(format!("line {}: {what}", number + 1))
                    .hint("`halfsour globals --help` explains policy files")
            })?);
        }
        Ok(Self(lines))
    }
}

impl FromStr for Line {
    type Err = String;

    fn from_str(line: &str) -> std::result::Result<Self, String> {
        let mut words = line.split_whitespace();
        let allows = match words.next() {
            Some("allow") => true,
            Some("deny") => false,
            other => {
                let other = other.unwrap_or_default();
                return Err(format!("a line begins with allow or deny, not with {other:?}"));
            }
        };
        let pattern = words.next().ok_or("what is it about? A global is to follow")?.parse()?;
        let mut uses = Vec::new();
        for word in words {
            let known = USES.iter().find(|(known, _)| *known == word);
            let all = || USES.map(|(word, _)| word).join(", ");
            uses.push(known.ok_or_else(|| format!("{word:?} is no use: there are {}", all()))?.1);
        }
        match (allows, uses.is_empty()) {
            (true, true) => uses.extend(USES[..5].iter().map(|(_, usage)| *usage)),
            (true, false) => uses.push(Use::Referenced),
            (false, true) => uses.extend(USES.map(|(_, usage)| usage)),
            (false, false) => {}
        }
        Ok(Self { allows, pattern, uses })
    }
}

impl FromStr for Pattern {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let of_module = |module: &str| {
            let is_plain = !module.is_empty() && !module.contains('*');
            is_plain.then(|| module.to_owned()).ok_or(format!("{text:?}: a * is the last name"))
        };
        match text {
            "persistent-ids" => Ok(Pattern::PersistentIds),
            "extension-codes" => Ok(Pattern::ExtensionCodes),
            _ => {
                if let Some(module) = text.strip_suffix(".**") {
                    return of_module(module).map(Pattern::Package);
                }
                if let Some(module) = text.strip_suffix(".*") {
                    return of_module(module).map(Pattern::Module);
                }
                if !text.contains('.') {
                    return Err(format!("{text:?} has no dot: a global is MODULE.NAME"));
                }
                of_module(text).map(Pattern::Global)
            }
        }
    }
}

impl Line {
    fn is_about(&self, target: &Target, usage: Use) -> bool {
        if !self.uses.contains(&usage) {
            return false;
        }
        match (target, &self.pattern) {
            (Target::Global { module, name }, pattern) => {
                pattern.matches(module, name, self.allows)
            }
            (Target::Persistent, Pattern::PersistentIds)
            | (Target::Extension(_), Pattern::ExtensionCodes) => true,
            // What it is cannot be told, so that nothing allows it.
            _ => false,
        }
    }
}

impl Pattern {
    fn matches(&self, module: &str, name: &str, allows: bool) -> bool {
        let below = |package: &str| {
            module
                .strip_prefix(package)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        match self {
            Pattern::Global(global) => {
                let rest = global.strip_prefix(module).and_then(|rest| rest.strip_prefix('.'));
                rest == Some(name)
            }
            Pattern::Module(prefix) | Pattern::Package(prefix) if !allows => {
                let whole = format!("{module}.{name}");
                whole.strip_prefix(prefix.as_str()).is_some_and(|rest| rest.starts_with('.'))
            }
            Pattern::Module(expected) => module == expected && !name.contains('.'),
            Pattern::Package(package) => below(package) && !name.contains('.'),
            Pattern::PersistentIds | Pattern::ExtensionCodes => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use halfsour::pickle::tools::{Target, Use};

    use super::Policy;

    const POLICY: &str = "
# a comment
allow datetime.*   # and another
allow numpy.**
allow larder.Jar make state
allow larder.Shelf.Lid
deny  numpy.f2py.*
deny  datetime.tzinfo call
allow persistent-ids name
";

    fn allows(module: &str, name: &str, usage: Use) -> bool {
        let policy: Policy = POLICY.parse().unwrap();
        policy.allows(&Target::Global { module: module.into(), name: name.into() }, usage)
    }

    #[test]
    fn the_last_line_that_matches_decides() {
        assert!(allows("datetime", "date", Use::Called));
        assert!(allows("datetime", "tzinfo", Use::Referenced));
        assert!(!allows("datetime", "tzinfo", Use::Called));
        assert!(allows("numpy", "ndarray", Use::Referenced));
        assert!(allows("numpy.core.multiarray", "_reconstruct", Use::Called));
        assert!(!allows("numpy.f2py", "main", Use::Referenced));
        assert!(!allows("numpy.f2py.deep", "main", Use::Referenced));
        assert!(!allows("numpylon", "x", Use::Referenced));
        assert!(!allows("os", "system", Use::Referenced));
    }

    #[test]
    fn uses_are_told_apart() {
        assert!(allows("larder", "Jar", Use::Referenced));
        assert!(allows("larder", "Jar", Use::Instantiated));
        assert!(!allows("larder", "Jar", Use::Called));
        assert!(allows("datetime", "date", Use::GivenItems));
        assert!(!allows("datetime", "date", Use::Altered));
        assert!(!allows("datetime", "date", Use::ResultCalled));
    }

    #[test]
    fn a_star_leads_to_no_other_module() {
        assert!(!allows("datetime", "sys.modules.get", Use::Called));
        assert!(!allows("numpy", "os.system", Use::Referenced));
        assert!(!allows("numpy.f2py", "os.system", Use::Referenced));
        assert!(allows("larder", "Shelf.Lid", Use::Referenced));
        assert!(allows("larder.Shelf", "Lid", Use::Referenced));
        assert!(!allows("larder.Shel", "f.Lid", Use::Referenced));
    }

    #[test]
    fn what_is_no_global() {
        let policy: Policy = POLICY.parse().unwrap();
        assert!(policy.allows(&Target::Persistent, Use::Referenced));
        assert!(!policy.allows(&Target::Persistent, Use::Called));
        assert!(!policy.allows(&Target::Extension(7), Use::Referenced));
    }

    #[test]
    fn the_example_is_a_policy() {
        let lines = super::HELP.lines().filter(|line| line.starts_with("    "));
        let example =
            lines.take_while(|line| !line.trim().starts_with("name ")).collect::<Vec<_>>();
        let policy: Policy = example.join("\n").parse().unwrap();
        assert_eq!(policy.0.len(), 7);
    }

    #[test]
    fn bad_lines_are_told_by_number() {
        let error = |text: &str| text.parse::<Policy>().unwrap_err().to_string();
        assert_eq!(
            error("allow a.b\n\nperhaps a.b"),
            "line 3: a line begins with allow or deny, not with \"perhaps\""
        );
        assert_eq!(error("allow"), "line 1: what is it about? A global is to follow");
        assert_eq!(error("allow os"), "line 1: \"os\" has no dot: a global is MODULE.NAME");
        assert_eq!(error("deny a.*.b"), "line 1: \"a.*.b\": a * is the last name");
        assert_eq!(
            error("deny a.b fly"),
            "line 1: \"fly\" is no use: there are name, call, make, state, items, call-result, alter"
        );
    }
}
