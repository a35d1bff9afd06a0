//! A manifest with what belongs to it, and how its lines are counted.

use std::path::Path;

use halfsour_corpus::{
    Descriptions, Failures, GoldenLine, Listed, Recipes, Result, folder, listed,
};

use crate::line::check_line;

/// How many lines may be listed as not exact.
const MOST_LISTED: usize = 20;

/// A manifest of CPython 2.7's pickles.
pub(crate) struct Manifest {
    pub(crate) name: String,
    pub(crate) lines: Vec<GoldenLine>,
    pub(crate) descriptions: Descriptions,
    pub(crate) recipes: Recipes,
    listed: Vec<Listed>,
}

/// What came of a line.
pub(crate) enum Checked {
    /// It came out exactly.
    Exact,
    /// It came out exactly but for the order of a set or dict. It has the order in which it was filled, by the stream or
    /// by a class's methods, where 2.7 orders by hash.
    ByHash,
    /// There is no saying what object was dumped, so its dump could not be tried.
    Unknown,
}

/// The manifests of every corpus that are of Python 2.
pub(crate) fn of_python2() -> Result<Vec<Manifest>> {
    let mut manifests = Vec::new();
    for corpus in folder::corpora() {
        let golden = corpus.join("golden");
        for path in folder::golden_manifests(&corpus)? {
            let mut lines = GoldenLine::read_manifest(&path)?;
            lines.retain(|line| line.python.starts_with("2.") && line.group() != "lib");
            if !lines.is_empty() {
                manifests.push(manifest(&path, &golden, lines)?);
            }
        }
    }
    Ok(manifests)
}

fn manifest(path: &Path, folder: &Path, lines: Vec<GoldenLine>) -> Result<Manifest> {
    Ok(Manifest {
        name: folder::name(path),
        lines,
        descriptions: Descriptions::read_folder(folder)?,
        recipes: Recipes::read_folder(folder)?,
        listed: listed(folder)?,
    })
}

impl Manifest {
    /// Checks every line of one implementation and prints the totals.
    pub(crate) fn check(&self, implementation: &str) -> std::result::Result<(), String> {
        let lines = self.lines.iter().filter(|line| line.implementation == implementation);
        let (mut all, mut exact, mut by_hash, mut unknown, mut listed) = (0, 0, 0, 0, 0);
        let mut wrong = Failures::default();
        for line in lines {
            all += 1;
            let entry = self.listed.iter().find(|entry| entry.is_about(line));
            match (check_line(self, line), entry) {
                (Ok(Checked::Unknown), _) => unknown += 1,
                (Ok(_), Some(_)) => {
                    wrong.add(line.label(), "is exact, but listed as not".to_owned())
                }
                (Ok(checked), None) => {
                    exact += 1;
                    by_hash += usize::from(matches!(checked, Checked::ByHash));
                }
                (Err(_), Some(_)) => listed += 1,
                (Err(error), None) => wrong.add(line.label(), error),
            }
        }
        let mut totals = format!("golden {} {implementation}: {exact} of {all}", self.name);
        for (number, what) in [
            (by_hash, "of them but for an order that 2.7 takes from hashes"),
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
