//! `halfsour shelf get`.

use halfsour::shelve::Flag;

use super::{Key, of_store, open};
use crate::commands::show::Form;
use crate::failure::{Failure, Result, Status};
use crate::input::Input;
use crate::key;
use crate::load::{LoadOptions, Reading, Runtimes};
use crate::terminal::Terminal;

/// Show the value of a key
#[derive(Debug, clap::Args)]
#[command(after_help = key::HELP)]
pub(crate) struct Get {
    /// The shelf
    #[arg(value_name = "SHELF")]
    shelf: String,
    /// The key
    #[arg(value_name = "KEY")]
    key: Key,
    /// Write its pickle as it is, for a file or for another command
    #[arg(long, conflicts_with_all = ["json", "dot"])]
    raw: bool,
    #[command(flatten)]
    form: Form,
    #[command(flatten)]
    load: LoadOptions,
}

impl Get {
    pub(crate) fn run(&self, terminal: &mut Terminal) -> Result<Status> {
        let store = open(&self.shelf, Flag::Read)?;
        let Key(key) = &self.key;
        let value = store.get(key).map_err(|error| of_store(error, &self.shelf))?;
        let value = value.ok_or_else(|| {
            let failure = Failure::new(format!("there is no key {}", key::show(key)));
            failure.of(&self.shelf).hint("`halfsour shelf list` shows them")
        })?;
        if self.raw {
            terminal.raw(&value)?;
            return Ok(Status::Good);
        }
        let place = format!("{}['{}']", self.shelf, key::show(key));
        let value = Input::of_pickle(&place, value);
        let mut runtimes = Runtimes::default();
        for part in &value.parts {
            for reading in Reading::of(&self.load, part, None) {
                let runtime = runtimes.of(reading.dialect);
                let (drawn, failure) =
                    reading.each(runtime, |ctx, _, value| self.form.draw(ctx, value));
                drawn.iter().try_for_each(|drawn| self.form.print(terminal, drawn))?;
                failure.map_or(Ok(()), Err)?;
            }
        }
        Ok(Status::Good)
    }
}
