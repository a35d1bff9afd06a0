//! `halfsour shelf put`.

use halfsour::shelve::{Flag, StoreOptions};

use super::{Format, Key, of_store};
use crate::failure::{Failure, Result, Status};
use crate::input::{Container, Input};
use crate::key;
use crate::load::{LoadOptions, Reading, runtime};
use crate::terminal::Terminal;

/// Set a key to the object of a pickle
#[derive(Debug, clap::Args)]
#[command(after_help = key::HELP)]
pub(crate) struct Put {
    /// The shelf
    #[arg(value_name = "SHELF")]
    shelf: String,
    /// The key
    #[arg(value_name = "KEY")]
    key: Key,
    /// The file with the pickle, which is stored as it is; - is standard input
    #[arg(value_name = "FILE")]
    file: String,
    /// Make the shelf if there is none
    #[arg(long)]
    create: bool,
    /// What makes a new shelf
    #[arg(long, requires = "create", value_name = "FORMAT", default_value = "redb")]
    format: Format,
    #[command(flatten)]
    load: LoadOptions,
}

impl Put {
    pub(crate) fn run(&self, terminal: &mut Terminal) -> Result<Status> {
        let input = Input::open(&self.file, &self.load.limits)?;
        let is_plain = matches!(input.container, Container::Plain | Container::Packed(_));
        let (Some(part), 1, true) = (input.parts.first(), input.pickles(), is_plain) else {
            let failure = Failure::new("a key has one pickle, and this file is something else");
            return Err(failure.of(&input.name));
        };
        if let Some(rest) = input.rests().next() {
            return Err(Failure::new(rest));
        }
        // What does not load is not to be found out later.
        for reading in Reading::of(&self.load, part, None) {
            let (_, failure) = reading.each(&mut runtime(reading.dialect), |_, _, _| Ok(()));
            failure.map_or(Ok(()), Err)?;
        }
        let flag = if self.create { Flag::Create } else { Flag::Write };
        let of_shelf = |error| of_store(error, &self.shelf);
        let options = StoreOptions::new().engine(self.format.engine());
        let mut store = options.open(&self.shelf, flag).map_err(|error| {
            let failure = of_shelf(error);
            if self.create { failure } else { failure.hint("--create makes one") }
        })?;
        let Some(pickle) = part.survey.pickles.first() else { return Ok(Status::Good) };
        let Key(key) = &self.key;
        store.put(key, part.of(pickle)).map_err(of_shelf)?;
        store.close().map_err(of_shelf)?;
        terminal.line(format!("{}: {} bytes", key::show(key), pickle.range.len()))?;
        Ok(Status::Good)
    }
}
