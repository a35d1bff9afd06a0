//! `halfsour`: a look into pickles and shelves from the command line, without Python, and without running anything in them.
//!
//! The commands are thin: what they do, the crates `pickle`, `graph` and `shelve` do. Here are the arguments, the files that
//! pickles come in, and the words.
//!
//! # Features
//!
//! - `sqlite` (default): shelves in the files of Python 3.13's `dbm.sqlite3`; SQLite is compiled from its source, which needs a
//!   C compiler.

mod commands;
mod failure;
mod input;
mod key;
mod known;
mod limits;
mod load;
mod policy;
mod survey;
mod terminal;
mod write;

use std::io::Write;
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use clap::Parser;

use crate::commands::Command;
use crate::failure::Status;
use crate::terminal::{Colour, Terminal};

const ABOUT: &str = "Looks at Python's pickles and shelves, checks, converts and compares them.";

const LONG_ABOUT: &str = "\
Looks at Python's pickles and shelves, checks, converts and compares them. It needs no
Python and runs nothing: classes that it does not know are shown as what the file says
of them, and only those of Python's library that are mere data are made.

A FILE is a pickle, or several one behind the other; compressed by gzip, zlib, bzip2, xz
or lzma; an archive of PyTorch (.pt) or an old file of it; a file of joblib; an array of
objects of numpy; or - for standard input. What it is, its content tells, not its name.";

const AFTER_HELP: &str = "\
Examples:
  halfsour show model.pkl               what is in it
  halfsour globals model.pkl            what loading it would import and call
  halfsour dis model.pkl                its opcodes
  halfsour convert old.pkl new.pkl --protocol 4
  halfsour shelf list settings.db

Exit status: 0 if all is well; 1 if something was found: a use that is refused
(globals), a difference (diff, verify), a value that does not load (shelf check);
2 for errors, those of the command line included.";

#[derive(Debug, Parser)]
#[command(name = "halfsour", version, about = ABOUT, long_about = LONG_ABOUT, after_help = AFTER_HELP)]
#[command(max_term_width = 100, arg_required_else_help = true)]
struct Arguments {
    /// When to use colours
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        value_name = "WHEN",
        display_order = 100
    )]
    color: Colour,
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // An engine of shelves may panic on damaged files, which `shelve` makes an error of: that is all there is to say. What
    // nobody catches is a mistake here.
    let said = Arc::new(Mutex::new(String::new()));
    let say = Arc::clone(&said);
    panic::set_hook(Box::new(move |panic| {
        if let Ok(mut said) = say.lock() {
            *said = panic.to_string().replace('\n', " ");
        }
    }));
    panic::catch_unwind(AssertUnwindSafe(|| run(&arguments))).unwrap_or_else(|_| {
        let said = said.lock().map_or_else(|_| String::new(), |said| said.clone());
        let _ =
            writeln!(std::io::stderr(), "halfsour: a mistake of its own, please report it: {said}");
        ExitCode::from(PANICKED)
    })
}

/// The exit status of a Rust program that panics.
const PANICKED: u8 = 101;

fn run(arguments: &Arguments) -> ExitCode {
    let mut terminal = Terminal::new(arguments.color);
    let outcome = arguments.command.run(&mut terminal);
    let flushed = terminal.flush();
    let status = match outcome.and_then(|status| flushed.map(|()| status)) {
        Ok(status) => status,
        Err(failure) => {
            terminal.fail(&failure);
            Status::Failed
        }
    };
    ExitCode::from(status as u8)
}
