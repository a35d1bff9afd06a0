//! A manifest with what belongs to it, and how its lines are counted.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use halfsour_corpus::{
    Descriptions, Failures, GoldenLine, Listed, Recipes, Result, folder, listed,
};

use crate::line::{Route, check_line};

/// How many lines may be listed as not exact.
const MOST_LISTED: usize = 20;

/// The version of Python 3 whose bytes are the right ones.
const FOLLOWED: &str = "3.13.";

/// A manifest of a CPython's pickles.
pub(crate) struct Manifest {
    pub(crate) name: String,
    pub(crate) lines: Vec<GoldenLine>,
    pub(crate) descriptions: Descriptions,
    pub(crate) recipes: Recipes,
    /// For Python 3: what the pickler that is followed made of the same object, by case and protocol.
    followed: HashMap<(String, i32), GoldenLine>,
    listed: Vec<Listed>,
}

/// What came of a line.
pub(crate) enum Checked {
    /// It came out exactly.
    Exact,
    /// It came out exactly but for the order of a set or dict. It has the order in which it was filled, by the stream or
    /// by a class's methods, where 2.7 orders by hash.
    ByHash,
    /// The graph came out exactly. The bytes are those of an implementation that is not followed.
    GraphOnly,
    /// There is no saying what object was dumped, so its dump could not be tried.
    Unknown,
}

/// The manifests of every corpus.
pub(crate) fn all() -> Result<Vec<Manifest>> {
    let mut manifests = Vec::new();
    for corpus in folder::corpora() {
        let golden = corpus.join("golden");
        let mut of_corpus = Vec::new();
        for path in folder::golden_manifests(&corpus)? {
            let lines = GoldenLine::read_manifest(&path)?;
            if !lines.is_empty() {
                of_corpus.push(manifest(&path, &golden, lines)?);
            }
        }
        let followed: HashMap<_, _> = of_corpus.iter().flat_map(Manifest::followed_lines).collect();
        for manifest in &mut of_corpus {
            if manifest.lines.iter().all(|line| line.python.starts_with("3.")) {
                manifest.followed = followed.clone();
            }
        }
        manifests.extend(of_corpus);
    }
    Ok(manifests)
}

/// The out-of-band buffers of a line, each with whether it is read-only.
pub(crate) fn buffers(line: &GoldenLine) -> Result<Vec<(Vec<u8>, bool)>> {
    line.buffers.iter().map(|buffer| Ok((buffer.bytes()?, buffer.read_only))).collect()
}

fn manifest(path: &Path, folder: &Path, lines: Vec<GoldenLine>) -> Result<Manifest> {
    Ok(Manifest {
        name: folder::name(path),
        lines,
        descriptions: Descriptions::read_folder(folder)?,
        recipes: Recipes::read_folder(folder)?,
        followed: HashMap::new(),
        listed: listed(folder)?,
    })
}

impl Manifest {
    /// The implementations that wrote lines, and `both`.
    pub(crate) fn implementations(&self) -> BTreeSet<String> {
        self.lines.iter().map(|line| line.implementation.clone()).collect()
    }

    /// What the pickler that is followed wrote, by case and protocol.
    fn followed_lines(&self) -> Vec<((String, i32), GoldenLine)> {
        let lines = self
            .lines
            .iter()
            .filter(|line| line.python.starts_with(FOLLOWED) && line.implementation != "_Pickler");
        lines.map(|line| ((line.case.clone(), line.protocol), line.clone())).collect()
    }

    /// Whether bytes and errors of a line are those to write and raise.
    pub(crate) fn is_followed(&self, line: &GoldenLine) -> bool {
        if !line.python.starts_with("3.") {
            return true;
        }
        self.counterpart(line).is_some_and(|same| {
            line.implementation != "_Pickler"
                && same.stream().ok() == line.stream().ok()
                && same.redumped().ok() == line.redumped().ok()
                && same.redump_error() == line.redump_error()
                && same.dump_error == line.dump_error
                && same.load_error == line.load_error
        })
    }

    /// Whether a line is of a Python 3 before the one that is followed.
    pub(crate) fn is_of_older_python3(&self, line: &GoldenLine) -> bool {
        line.python.starts_with("3.") && !line.python.starts_with(FOLLOWED)
    }

    /// Whether the implementation that is followed refuses to load a line's object.
    pub(crate) fn is_refused(&self, line: &GoldenLine) -> bool {
        self.counterpart(line).is_some_and(|same| same.load_error.is_some())
    }

    fn counterpart(&self, line: &GoldenLine) -> Option<&GoldenLine> {
        self.followed.get(&(line.case.clone(), line.protocol))
    }

    /// Whether a module of the Python that wrote the lines is there.
    pub(crate) fn has_modules(&self) -> bool {
        self.lines.iter().all(|line| line.python.starts_with("2."))
    }

    /// Checks every line of one implementation and prints the totals.
    pub(crate) fn check(
        &self,
        implementation: &str,
        route: Route,
    ) -> std::result::Result<(), String> {
        let lines = self.lines.iter().filter(|line| line.implementation == implementation);
        let (mut all, mut exact, mut by_hash, mut graphs) = (0, 0, 0, 0);
        let (mut unknown, mut listed) = (0, 0);
        let mut wrong = Failures::default();
        for line in lines {
            all += 1;
            let entry = self.listed.iter().find(|entry| entry.is_about(line));
            match (check_line(self, line, route), entry) {
                (Ok(Checked::Unknown), _) => unknown += 1,
                (Ok(_), Some(_)) => {
                    wrong.add(line.label(), "is exact, but listed as not".to_owned())
                }
                (Ok(checked), None) => {
                    exact += 1;
                    by_hash += usize::from(matches!(checked, Checked::ByHash));
                    graphs += usize::from(matches!(checked, Checked::GraphOnly));
                }
                (Err(_), Some(_)) => listed += 1,
                (Err(error), None) => wrong.add(line.label(), error),
            }
        }
        let through = if route == Route::Modules { " through the modules" } else { "" };
        let mut totals =
            format!("golden {} {implementation}{through}: {exact} of {all}", self.name);
        for (number, what) in [
            (by_hash, "of them but for an order that 2.7 takes from hashes"),
            (graphs, "of them by the graph alone"),
            (listed, "listed as not exact, with the rule"),
            (unknown, "without a description of the object to dump"),
        ] {
            if number > 0 {
                totals.push_str(&format!(", {number} {what}"));
            }
        }
        println!("{totals}");
        if self.listed.len() > MOST_LISTED {
            return Err(format!("{} lines are listed as not exact", self.listed.len()));
        }
        wrong.into_result("lines")
    }
}
