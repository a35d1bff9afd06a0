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
use crate::input::Input;
use crate::limits::LimitOptions;
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
