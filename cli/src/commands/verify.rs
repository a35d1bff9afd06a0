//! `halfsour verify`: whether a file comes back from a load and a dump as it was.

use std::cell::Cell;
use std::ops::Range;

use halfsour::Runtime;
use halfsour::graph::{Comparison, Difference};
use halfsour::pickle::tools;

use super::each_file;
use crate::failure::{Result, Status};
use crate::input::{Input, Part};
use crate::load::{LoadOptions, Reading, Runtimes};
use crate::survey::Pickle;
use crate::terminal::{Look, Terminal};

const AFTER_HELP: &str = "\
Each pickle is loaded, written in its own protocol and compared with what it was:
  same bytes    byte for byte
  same opcodes  but for frames, memo numbers, and what the memo keeps for nothing
  same graph    other bytes, which load to the same objects
  not the same  and how they differ

Examples:
  halfsour verify backups/*.pkl
  halfsour verify --exact menu.pickle     only the same bytes will do

Exit status: 0 if everything is the same, 1 if something is not or is no pickle, 2 if a
file cannot be loaded.";

/// Load a file, write it again, and compare
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Verify {
    /// The files; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
    /// Take other bytes for a difference, even if they mean the same
    #[arg(long)]
    exact: bool,
    #[command(flatten)]
    load: LoadOptions,
}

/// How many differences are shown.
const SHOWN: usize = 10;

/// What became of a pickle.
enum Verdict {
    SameBytes,
    /// The bytes differ from this offset on.
    SameOpcodes(usize),
    SameGraph(usize),
    Different(Vec<Difference>),
}

impl Verify {
    pub(crate) fn run(&self, terminal: &mut Terminal) -> Result<Status> {
        each_file(terminal, &self.files, &self.load.limits, |terminal, input| {
            self.verify(terminal, input)
        })
    }

    fn verify(&self, terminal: &mut Terminal, input: &Input) -> Result<Status> {
        let (count, mut number, mut worst) = (input.pickles(), 0, Status::Good);
        let mut runtimes = Runtimes::default();
        for part in &input.parts {
            for reading in Reading::of(&self.load, part, None) {
                let group = reading.group;
                let verdict = judge(&reading, runtimes.of(reading.dialect), part)?;
                if count > 1 {
                    let numbers = match group.len() {
                        1 => format!("pickle {} of {count}: ", number + 1),
                        many => format!("pickles {} to {}: ", number + 1, number + many),
                    };
                    terminal.print(numbers)?;
                }
                number += group.len();
                self.print(terminal, part, group, &verdict)?;
                let is_same = match verdict {
                    Verdict::SameBytes => true,
                    Verdict::SameOpcodes(_) | Verdict::SameGraph(_) => !self.exact,
                    Verdict::Different(_) => false,
                };
                worst = worst.max(Status::found(!is_same));
                terminal.progress(format_args!("{number} of {count} pickles"));
            }
        }
        for rest in input.rests() {
            terminal.look(Look::Bad, "not read")?;
            terminal.line(format!(": {rest}"))?;
            worst = worst.max(Status::Found);
        }
        Ok(worst)
    }

    fn print(
        &self,
        terminal: &mut Terminal,
        part: &Part,
        group: &[Pickle],
        verdict: &Verdict,
    ) -> Result<()> {
        let well = if self.exact { Look::Bad } else { Look::Good };
        let range = extent(group);
        let offset = |at: &usize| part.offset(range.start + at);
        let (look, text, more) = match verdict {
            Verdict::SameBytes => (Look::Good, "same bytes", format!("all {}", range.len())),
            Verdict::SameOpcodes(at) => {
                let more = format!("frames or the memo differ from offset {} on", offset(at));
                (well, "same opcodes", more)
            }
            Verdict::SameGraph(at) => {
                (well, "same graph", format!("other bytes from offset {} on", offset(at)))
            }
            Verdict::Different(found) => {
                (Look::Bad, "not the same", format!("{} differences", found.len()))
            }
        };
        terminal.look(look, text)?;
        terminal.line(format!(" ({more})"))?;
        if let Verdict::Different(found) = verdict {
            for difference in found.iter().take(SHOWN) {
                terminal.line(format!("  {difference}"))?;
            }
        }
        Ok(())
    }
}

/// Where in its stream a group is.
fn extent(group: &[Pickle]) -> Range<usize> {
    let (first, last) = (group.first(), group.last());
    first.map_or(0, |it| it.range.start)..last.map_or(0, |it| it.range.end)
}

/// Writes the pickles of a group again, and judges what comes out.
fn judge(reading: &Reading<'_>, runtime: &mut Runtime, part: &Part) -> Result<Verdict> {
    let at = Cell::new(0);
    let before = part.bytes.get(extent(reading.group)).unwrap_or_default();
    let judged = runtime.try_enter(|ctx| {
        let mut values = Vec::new();
        reading.load(ctx, &at, |pickle, value| {
            values.push((pickle.protocol, value));
            Ok(())
        })?;
        let written = reading.dump(ctx, &values, reading.flavour)?;
        let after = written.concat();
        if let Some(verdict) = compare(before, &after) {
            return Ok(verdict);
        }
        let again = reading.load_again(ctx, &written)?;
        let mut found = Vec::new();
        for ((_, value), again) in values.iter().zip(again) {
            found.extend(Comparison::new().order(true).compare(ctx, *value, again)?);
        }
        Ok(match found.is_empty() {
            true => Verdict::SameGraph(first_difference(before, &after)),
            false => Verdict::Different(found),
        })
    });
    judged.map_err(|error| part.failure(error.into(), at.get()))
}

/// Compares bytes, and opcodes; nothing if these differ.
fn compare(before: &[u8], after: &[u8]) -> Option<Verdict> {
    if before == after {
        return Some(Verdict::SameBytes);
    }
    let same = match (tools::normalize(before), tools::normalize(after)) {
        (Ok(before), Ok(after)) => before == after,
        _ => false,
    };
    same.then(|| Verdict::SameOpcodes(first_difference(before, after)))
}

fn first_difference(before: &[u8], after: &[u8]) -> usize {
    before.iter().zip(after).take_while(|(one, other)| one == other).count()
}
