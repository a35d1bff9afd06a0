//! What a test over thousands of lines prints when some are wrong.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write;

/// How many different errors are shown.
const SHOWN: usize = 40;

/// What went wrong, each with what it went wrong with.
#[derive(Debug, Default)]
pub struct Failures(BTreeMap<String, Vec<String>>);

impl Failures {
    /// Notes an error.
    pub fn add(&mut self, label: String, error: String) {
        self.0.entry(error).or_default().push(label);
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.values().map(Vec::len).sum()
    }

    /// An error that says how many there are and shows the commonest, each with one of what it is about; nothing is
    /// wrong if there are none.
    ///
    /// # Errors
    /// If anything was noted.
    pub fn into_result(self, what: &str) -> Result<(), String> {
        if self.0.is_empty() {
            return Ok(());
        }
        let mut text = format!("{} {what} are wrong:", self.count());
        let mut groups: Vec<_> = self.0.iter().collect();
        groups.sort_by_key(|(_, labels)| Reverse(labels.len()));
        for (error, labels) in groups.iter().take(SHOWN) {
            let one = labels.first().map_or("", String::as_str);
            // Writing to a string does not fail.
            let _ = write!(text, "\n  {} like {one}: {error}", labels.len());
        }
        if groups.len() > SHOWN {
            let _ = write!(text, "\n  and {} other errors", groups.len() - SHOWN);
        }
        Err(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commonest_error_comes_first() {
        let mut failures = Failures::default();
        for (label, error) in [("one", "rare"), ("two", "common"), ("three", "common")] {
            failures.add(label.to_owned(), error.to_owned());
        }
        let text = "3 lines are wrong:\n  2 like two: common\n  1 like one: rare";
        assert_eq!(failures.into_result("lines"), Err(text.to_owned()));
        assert_eq!(Failures::default().into_result("lines"), Ok(()));
    }
}
