//! `halfsour globals`: what loading a file would reach, and whether it may.

use std::collections::HashMap;
use std::path::PathBuf;

use halfsour::pickle::tools::{self, Event, Incomplete, Target, Use};
use serde_json::json;

use super::each_file;
use crate::failure::{Failure, Result, Status};
use crate::input::{Input, Part};
use crate::known;
use crate::limits::LimitOptions;
use crate::policy::{self, Policy};
use crate::survey::Survey;
use crate::terminal::{Look, Terminal};

const INTRODUCTION: &str = "\
Lists every class, function and other global that loading a file would import, with what
it would do with it, and says of each whether it may. Nothing is loaded for that.

With --policy, a file says what is allowed, and what it does not allow is refused.
Without, what is known to be harmless is allowed: built-in types, and classes of Python's
library that are mere data (--print-policy shows which). Everything else is unknown, which
is no reproach, but who loads it with Python runs whatever is behind that name.";

const EXAMPLES: &str = "\
Examples:
  halfsour globals model.pkl
  halfsour globals --policy recipes.policy uploads/*.pkl || exit 1

Exit status: 0 if everything is allowed, 1 if something is refused or unknown, 2 if a file
cannot be read or followed to its end (what was found up to there is listed).";

/// List what loading a file would import and call, and whether that is allowed
#[derive(Debug, clap::Args)]
#[command(long_about = INTRODUCTION, after_help = EXAMPLES, after_long_help = help())]
pub(crate) struct Globals {
    /// The files; - is standard input
    #[arg(required_unless_present = "print_policy", value_name = "FILE")]
    files: Vec<String>,
    /// A file that says what is allowed; --help explains its form
    #[arg(short, long, value_name = "POLICY")]
    policy: Option<PathBuf>,
    /// Print the policy that holds without --policy, to begin with
    #[arg(long)]
    print_policy: bool,
    /// Print JSON, one object for each file
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    limits: LimitOptions,
}

fn help() -> String {
    format!("{}\n\n{EXAMPLES}", policy::HELP)
}

/// A global that a file reaches.
struct Row {
    target: Target,
    /// Where it is named first.
    offset: usize,
    uses: Vec<Use>,
    /// The first use that is not allowed.
    refused: Option<String>,
}

impl Globals {
    pub(crate) fn run(&self, terminal: &mut Terminal) -> Result<Status> {
        if self.print_policy {
            terminal.print(known::TEXT)?;
            return Ok(Status::Good);
        }
        let policy = self.policy.as_deref().map_or_else(|| Ok(known::policy()), Policy::read)?;
        // Titles between objects would be no JSON.
        let mut worst = Status::Good;
        if self.json {
            for file in &self.files {
                let done = Input::open(file, &self.limits)
                    .and_then(|input| self.list(terminal, &input, &policy));
                worst = worst.max(done.unwrap_or_else(|failure| {
                    terminal.fail(&failure);
                    Status::Failed
                }));
            }
            return Ok(worst);
        }
        each_file(terminal, &self.files, &self.limits, |terminal, input| {
            self.list(terminal, input, &policy)
        })
    }

    fn list(&self, terminal: &mut Terminal, input: &Input, policy: &Policy) -> Result<Status> {
        let (mut rows, mut failures) = (Rows::default(), Vec::new());
        for part in &input.parts {
            failures.extend(scan(part, &mut |event, offset| {
                let is_allowed = policy.allows(event.target, event.usage);
                note(rows.of(event, offset), event, offset, is_allowed);
            }));
        }
        let rows = rows.rows;
        let refused = rows.iter().any(|row| row.refused.is_some());
        if self.json {
            terminal.line(as_json(input, &rows, self.policy.is_some()))?;
        } else if rows.is_empty() && failures.is_empty() {
            terminal.line("no globals: it is made of built-in types alone")?;
        } else {
            print(terminal, &rows, self.policy.is_some())?;
        }
        for failure in &failures {
            terminal.fail(failure);
        }
        Ok(Status::found(refused).max(if failures.is_empty() {
            Status::Good
        } else {
            Status::Failed
        }))
    }
}

/// Goes through all uses of a part, whoever loads it and how: each pickle by itself, all with one memo, and what is behind
/// the last; and if there were arrays between opcodes, with these as opcodes. `see` gets each use, with its offset in the
/// file. Returns why the pickles could not be followed to their ends.
fn scan(part: &Part, see: &mut dyn FnMut(&Event<'_>, usize)) -> Option<Failure> {
    let Survey { pickles, rest, one_memo, .. } = &part.survey;
    let mut follow = |followed: std::result::Result<_, Incomplete>, of_whole: bool| {
        let found = followed.as_ref().unwrap_or_else(|incomplete| incomplete.found());
        for event in found.events() {
            see(&event, if of_whole { event.offset } else { part.offset(event.offset) });
        }
        followed.err().map(|incomplete| incomplete.error().clone())
    };
    let mut failure = None;
    for pickle in pickles {
        let error = follow(tools::globals_from(&part.bytes, pickle.range.start), false);
        // What one pickler wrote makes sense as a whole only.
        failure = failure.or(error.filter(|_| !one_memo));
    }
    if pickles.len() > 1 {
        let error = follow(tools::globals_of_all(&part.bytes), false);
        failure = failure.or(error.filter(|_| *one_memo && rest.is_none()));
    }
    if let Some(rest) = rest {
        follow(tools::globals_from(&part.bytes, rest.range.start), false);
    }
    if let Some(whole) = &part.whole {
        follow(tools::globals_of_all(whole), true);
    }
    // Offsets of tools are those of the whole stream.
    failure.map(|error| part.failure(error.into(), 0))
}

/// The globals of a file, each once, in the order in which they are named.
#[derive(Default)]
struct Rows {
    rows: Vec<Row>,
    places: HashMap<Target, usize>,
}

impl Rows {
    fn of(&mut self, event: &Event<'_>, offset: usize) -> &mut Row {
        let next = self.rows.len();
        let place = *self.places.entry(event.target.clone()).or_insert(next);
        if place == next {
            let target = event.target.clone();
            self.rows.push(Row { target, offset, uses: Vec::new(), refused: None });
        }
        &mut self.rows[place]
    }
}

/// Adds a use to a row.
fn note(row: &mut Row, event: &Event<'_>, offset: usize, is_allowed: bool) {
    if !row.uses.contains(&event.usage) {
        row.uses.push(event.usage);
    }
    if !is_allowed {
        row.refused.get_or_insert_with(|| {
            let word = policy::word(event.usage);
            format!("{word} by {} at offset {offset}", event.opcode)
        });
    }
}

/// The words for the verdict on a row.
fn verdict(row: &Row, has_policy: bool) -> &'static str {
    match (row.refused.is_none(), has_policy) {
        (true, true) => "allowed",
        (true, false) => "known",
        (false, true) => "refused",
        (false, false) => "unknown",
    }
}

fn words(row: &Row) -> Vec<&'static str> {
    row.uses.iter().map(|usage| policy::word(*usage)).collect()
}

fn print(terminal: &mut Terminal, rows: &[Row], has_policy: bool) -> Result<()> {
    let names: Vec<String> = rows.iter().map(|row| row.target.to_string()).collect();
    // Very long names do not push the others to the right.
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or(0).min(60);
    for (row, name) in rows.iter().zip(&names) {
        let look = if row.refused.is_none() { Look::Good } else { Look::Bad };
        terminal.look(look, format!("{:<8}", verdict(row, has_policy)))?;
        terminal.print(format!(" {:>8}  {name:<width$}  {}", row.offset, words(row).join(", ")))?;
        if has_policy && let Some(refused) = &row.refused {
            terminal.look(Look::Bad, format!("  ({refused})"))?;
        }
        terminal.print('\n')?;
    }
    Ok(())
}

fn as_json(input: &Input, rows: &[Row], has_policy: bool) -> serde_json::Value {
    let rows = rows.iter().map(|row| {
        json!({
            "global": row.target.to_string(),
            "verdict": verdict(row, has_policy),
            "uses": words(row),
            "offset": row.offset,
            "refused": row.refused,
        })
    });
    json!({ "file": input.name, "globals": rows.collect::<Vec<_>>() })
}

#[cfg(test)]
mod tests {
    use super::scan;
    use crate::input::Input;
    use crate::limits::LimitOptions;

    /// What a file reaches, each global with the offsets of its uses.
    fn reached(file: &[u8]) -> (Vec<(String, usize)>, bool) {
        let input = Input::of("it", file.to_vec(), &LimitOptions::default()).unwrap();
        let (mut found, mut failed) = (Vec::new(), false);
        for part in &input.parts {
            let failure = scan(part, &mut |event, offset| {
                let seen = (event.target.to_string(), offset);
                if !found.contains(&seen) {
                    found.push(seen);
                }
            });
            failed |= failure.is_some();
        }
        (found, failed)
    }

    #[track_caller]
    fn check(file: &[u8], expected: &[(&str, usize)], fails: bool) {
        let expected = expected.iter().map(|(name, offset)| ((*name).to_owned(), *offset));
        assert_eq!(reached(file), (expected.collect(), fails));
    }

    #[test]
    fn every_pickle_counts_and_what_is_behind_the_last() {
        check(b"ca\nb\n.cc\nd\n.", &[("a.b", 0), ("c.d", 6)], false);
        check(b"N.ca\nb\n(t\xff", &[("a.b", 2)], false);
        check(b"ca\nb\n(t", &[("a.b", 0)], true);
    }

    /// The second pickle names one thing to who keeps the memo, and another to who does not.
    #[test]
    fn both_readings_of_a_memo_count() {
        let first = b"\x80\x04\x8c\x01a\x94\x8c\x01b\x94\x86.";
        let second = b"\x80\x04\x8c\x02os\x94\x8c\x06system\x94h\0h\x01\x93.";
        let (found, _) = reached(&[&first[..], second].concat());
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert!(names.contains(&"os.system") && names.contains(&"a.b"), "{names:?}");
    }

    /// Joblib skips the bytes of an array; pickle would obey them.
    #[test]
    fn arrays_count_as_opcodes_too() {
        let wrapper = [
            &b"\x80\x02cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}(U\x05dtype"[..],
            b"cnumpy\ndtype\nU\x02i1\x85RU\x05shapeK\x0f\x85ub",
        ];
        let wrapper = wrapper.concat();
        let file = [&wrapper, &b"cos\nsystem\n0N.."[..], b"."].concat();
        let (found, failed) = reached(&file);
        assert!(!failed);
        assert!(found.contains(&("os.system".to_owned(), wrapper.len())), "{found:?}");
    }
}
