//! `halfsour shelf check`.

use halfsour::shelve::{Flag, ShelfOptions, Walk};

use super::{dialect, of_store, open};
use crate::failure::{Failure, Result, Status};
use crate::load::{LoadOptions, runtime};
use crate::terminal::{Look, Terminal};

const AFTER_HELP: &str = "\
Exit status: 0 if every value loads, 1 if one does not, 2 if the shelf cannot be read.";

/// Load every value of a shelf, and count what classes they name
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Check {
    /// The shelf
    #[arg(value_name = "SHELF")]
    shelf: String,
    #[command(flatten)]
    load: LoadOptions,
}

impl Check {
    pub(crate) fn run(&self, terminal: &mut Terminal) -> Result<Status> {
        let (dialect, flavour) =
            dialect(&*open(&self.shelf, Flag::Read)?, &self.load, &self.shelf)?;
        let options = ShelfOptions::new().unpickler(self.load.unpickler(flavour));
        let shelf = options.open(&self.shelf, Flag::Read);
        let mut shelf = shelf.map_err(|error| of_store(error, &self.shelf))?;
        let mut runtime = runtime(dialect);
        let (mut good, mut bad, mut last) = (0_u64, 0_u64, None);
        let mut walk = Walk::all();
        loop {
            // Each in an `enter` of its own, so that no more than one is in memory.
            let next = runtime.try_enter(|ctx| Ok(walk.next_item(ctx, &mut shelf)?.is_some()));
            match next {
                Ok(true) => good += 1,
                Ok(false) => break,
                Err(error) => {
                    let failure = Failure::from(error.without_hint());
                    let text = failure.to_string();
                    // The walk goes on behind a value that does not load, but not behind a page that cannot be read.
                    if last.as_ref() == Some(&text) {
                        return Err(failure);
                    }
                    bad += 1;
                    terminal.look(Look::Bad, "broken")?;
                    terminal.line(format!("  {text}"))?;
                    last = Some(text);
                }
            }
            terminal.progress(format_args!("{} values", good + bad));
        }
        let found = runtime.try_enter(|ctx| shelf.globals(ctx))?;
        for named in &found.globals {
            let (look, word) = match named.unresolved {
                None => (Look::Good, "known"),
                Some(_) => (Look::Plain, "unknown"),
            };
            terminal.look(look, format!("{word:<7}"))?;
            terminal.line(format!(" {:>8}  {}", named.values, named.target))?;
        }
        terminal.line(format!("{good} of {} values load", good + bad))?;
        Ok(Status::found(bad > 0))
    }
}
