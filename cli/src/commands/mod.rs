//! The commands.

mod convert;
mod diff;
mod dis;
mod globals;
mod shelf;
mod show;
mod verify;

use clap::Subcommand;

use crate::failure::{Result, Status};
use crate::input::{Container, Input, Part};
use crate::limits::LimitOptions;
use crate::survey::Pickle;
use crate::terminal::{Look, Terminal};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Show(show::Show),
    Dis(dis::Dis),
    Globals(globals::Globals),
    Convert(convert::Convert),
    Verify(verify::Verify),
    Diff(diff::Diff),
    #[command(subcommand)]
    Shelf(shelf::Shelf),
}

impl Command {
    pub(crate) fn run(&self, terminal: &mut Terminal) -> Result<Status> {
        match self {
            Command::Show(it) => it.run(terminal),
            Command::Dis(it) => it.run(terminal),
            Command::Globals(it) => it.run(terminal),
            Command::Convert(it) => it.run(terminal),
            Command::Verify(it) => it.run(terminal),
            Command::Diff(it) => it.run(terminal),
            Command::Shelf(it) => it.run(terminal),
        }
    }
}

/// Does something with each of several files; one that cannot be read does not keep it from the others. The status is that
/// of the worst.
fn each_file(
    terminal: &mut Terminal,
    files: &[String],
    limits: &LimitOptions,
    mut work: impl FnMut(&mut Terminal, &Input) -> Result<Status>,
) -> Result<Status> {
    let mut worst = Status::Good;
    for (number, file) in files.iter().enumerate() {
        if files.len() > 1 {
            if number > 0 {
                terminal.print('\n')?;
            }
            terminal.look(Look::Title, format!("{file}:"))?;
            terminal.print('\n')?;
        }
        let done = Input::open(file, limits).and_then(|input| work(terminal, &input));
        worst = worst.max(done.unwrap_or_else(|failure| {
            terminal.fail(&failure);
            Status::Failed
        }));
    }
    Ok(worst)
}

/// Says which bytes of a file are no pickles.
fn note_rests(terminal: &mut Terminal, input: &Input) {
    for rest in input.rests() {
        terminal.note(rest);
    }
}

/// What stands above the pickles of a file that is more than one pickle.
struct Titles<'a> {
    input: &'a Input,
    count: usize,
}

impl<'a> Titles<'a> {
    fn of(input: &'a Input) -> Self {
        Self { input, count: input.pickles() }
    }

    /// Says what a file is, unless it is nothing but pickles.
    fn of_file(&self, terminal: &mut Terminal) -> Result<()> {
        if self.input.container == Container::Plain {
            return Ok(());
        }
        terminal.look(Look::Faint, format!("({})", self.input.container))?;
        terminal.print('\n')
    }

    /// Says which pickle comes next, if there are others.
    fn of_pickle(
        &self,
        terminal: &mut Terminal,
        number: usize,
        part: &Part,
        pickle: &Pickle,
    ) -> Result<()> {
        let within = part.name.strip_prefix(&self.input.name).unwrap_or_default();
        let within = within.trim_start_matches(": ");
        if self.count == 1 && within.is_empty() {
            return Ok(());
        }
        if number > 1 {
            terminal.print('\n')?;
        }
        terminal.look(Look::Title, format!("pickle {number} of {}", self.count))?;
        let (offset, protocol) = (part.offset(pickle.range.start), pickle.protocol);
        let place = if within.is_empty() { format!("offset {offset}") } else { within.to_owned() };
        terminal.look(Look::Faint, format!(" ({place}, protocol {protocol})"))?;
        terminal.print('\n')
    }
}
