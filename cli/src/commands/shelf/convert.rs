//! `halfsour shelf convert`.

use std::path::Path;

use halfsour::shelve::{Flag, Op, Scan, StoreOptions, which};

use super::{Format, of_store, open};
use crate::failure::{Failure, Result, Status};
use crate::terminal::Terminal;

const AFTER_HELP: &str = "\
Values are copied as they are, whatever they are. The new shelf is not to be there.

Examples:
  halfsour shelf convert settings copy --format sqlite     for Python 3.13 and newer
  halfsour shelf convert old.gdbm settings --format dumb   for any Python";

/// Copy a shelf into a new one of another format
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Convert {
    /// The shelf
    #[arg(value_name = "SHELF")]
    from: String,
    /// The new shelf
    #[arg(value_name = "NEW")]
    to: String,
    /// What makes it
    #[arg(short, long, value_name = "FORMAT")]
    format: Format,
}

impl Convert {
    pub(crate) fn run(&self, terminal: &mut Terminal) -> Result<Status> {
        let from = open(&self.from, Flag::Read)?;
        let of_new = |error| of_store(error, &self.to);
        let is_there = which(Path::new(&self.to)).map_err(of_new)?.is_some();
        if is_there || Path::new(&self.to).exists() {
            let failure = Failure::new("there is something already").of(&self.to);
            return Err(failure.hint("convert makes a new shelf; give it another name"));
        }
        let all = from.len().map_err(|error| of_store(error, &self.from))?;
        let options = StoreOptions::new().engine(self.format.engine());
        let mut to = options.open(&self.to, Flag::Create).map_err(of_new)?;
        let (mut copied, mut scan) = (0, Scan::all());
        loop {
            let page = from.scan(&scan).map_err(|error| of_store(error, &self.from))?;
            copied += page.items.len();
            let batch = page.items.into_iter().map(|(key, value)| Op::Put { key, value });
            to.apply_each(&batch.collect::<Vec<_>>()).map_err(of_new)?;
            terminal.progress(format_args!("{copied} of {all} keys"));
            match page.next {
                Some(next) => scan.after = Some(next),
                None => break,
            }
        }
        to.close().map_err(of_new)?;
        terminal.line(format!("{copied} keys are in {}", self.to))?;
        Ok(Status::Good)
    }
}
