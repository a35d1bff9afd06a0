//! `halfsour diff`: how the objects of two files differ.

use std::cell::Cell;

use halfsour::graph::Comparison;
use halfsour::{Context, Dialect, Result as PyResult, Value};

use super::note_rests;
use crate::failure::{Result, Status};
use crate::input::Input;
use crate::load::{LoadOptions, Reading, runtime};
use crate::terminal::{Look, Terminal};

const AFTER_HELP: &str = "\
Objects are compared, not bytes: protocols, memos and compression make no difference, but
types, values and what is shared with what do. A difference is a place in the objects and
what is there on the left, in A, and on the right, in B.

Examples:
  halfsour diff before.pkl after.pkl
  halfsour diff --order a.pkl b.pkl     another order of a dict's keys counts, too

Exit status: 0 if they are the same, 1 if they differ, 2 if one cannot be loaded.";

/// Compare the objects of two files
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Diff {
    /// The file on the left; - is standard input
    #[arg(value_name = "A")]
    left: String,
    /// The file on the right
    #[arg(value_name = "B")]
    right: String,
    /// Take another order of a dict's entries for a difference
    #[arg(long)]
    order: bool,
    /// Stop after so many differences
    #[arg(long, value_name = "N", default_value_t = 100)]
    most: usize,
    #[command(flatten)]
    load: LoadOptions,
}

impl Diff {
    pub(crate) fn run(&self, terminal: &mut Terminal) -> Result<Status> {
        let left = Input::open(&self.left, &self.load.limits)?;
        let right = Input::open(&self.right, &self.load.limits)?;
        let of_python2 = |input: &Input| {
            let mut surveys = input.parts.iter().map(|part| &part.survey);
            surveys.any(|survey| survey.dialect_of(&survey.pickles) == Dialect::Python2)
        };
        // Only objects of one Python can be compared, and Python 3 loads both's.
        let dialect =
            self.load.dialect().unwrap_or(match of_python2(&left) && of_python2(&right) {
                true => Dialect::Python2,
                false => Dialect::Python3,
            });
        let found = self.compare(dialect, &left, &right)?;
        for difference in &found {
            let (place, what) = difference;
            terminal.look(Look::Mark, place)?;
            terminal.line(format!(": {what}"))?;
        }
        if found.len() >= self.most {
            terminal.note(format!("the search ends after --most {}", self.most));
        }
        note_rests(terminal, &left);
        note_rests(terminal, &right);
        Ok(Status::found(!found.is_empty()))
    }

    /// The places that differ, and how.
    fn compare(
        &self,
        dialect: Dialect,
        left: &Input,
        right: &Input,
    ) -> Result<Vec<(String, String)>> {
        // Which file an error is of, and where in it.
        let (at, file, part) = (Cell::new(0), Cell::new(left), Cell::new(0));
        let compared = runtime(dialect).try_enter(|ctx| {
            let load = |input| {
                file.set(input);
                self.load_all(ctx, dialect, input, &at, &part)
            };
            let (lefts, rights) = (load(left)?, load(right)?);
            let comparison = Comparison::new().order(self.order).most(self.most);
            let mut found = Vec::new();
            for (number, (&one, &other)) in lefts.iter().zip(&rights).enumerate() {
                for difference in comparison.compare(ctx, one, other)? {
                    let text = difference.to_string();
                    let what = text.strip_prefix(difference.path()).unwrap_or(&text);
                    let place = match lefts.len().max(rights.len()) {
                        1 => difference.path().to_owned(),
                        _ => format!("pickle {}: {}", number + 1, difference.path()),
                    };
                    found.push((place, what.trim_start_matches(": ").to_owned()));
                }
            }
            if lefts.len() != rights.len() {
                let what = format!("{} on the left, {} on the right", lefts.len(), rights.len());
                found.push(("pickles".to_owned(), what));
            }
            found.truncate(self.most);
            Ok(found)
        });
        compared.map_err(|error| {
            let failure = error.into();
            match file.get().parts.get(part.get()) {
                Some(part) => part.failure(failure, at.get()),
                None => failure,
            }
        })
    }

    fn load_all<'gc>(
        &self,
        ctx: Context<'gc>,
        dialect: Dialect,
        input: &Input,
        at: &Cell<usize>,
        number: &Cell<usize>,
    ) -> PyResult<'gc, Vec<Value<'gc>>> {
        let mut values = Vec::new();
        for (place, part) in input.parts.iter().enumerate() {
            number.set(place);
            for reading in Reading::of(&self.load, part, Some(dialect)) {
                reading.load(ctx, at, |_, value| {
                    values.push(value);
                    Ok(())
                })?;
            }
        }
        Ok(values)
    }
}
