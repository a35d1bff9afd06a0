//! `halfsour shelf list`.

use halfsour::shelve::Flag;
use serde_json::json;

use super::{each_entry, open};
use crate::failure::{Result, Status};
use crate::key;
use crate::terminal::{Look, Terminal};

/// List the keys of a shelf, with the sizes of their values
#[derive(Debug, clap::Args)]
#[command(after_help = key::HELP)]
pub(crate) struct List {
    /// The shelf
    #[arg(value_name = "SHELF")]
    shelf: String,
    /// Print JSON, an object for each key, in which keys that are no text have their bytes in hexadecimal
    #[arg(long)]
    json: bool,
}

impl List {
    pub(crate) fn run(&self, terminal: &mut Terminal) -> Result<Status> {
        let store = open(&self.shelf, Flag::Read)?;
        let (mut keys, mut bytes) = (0_u64, 0_u64);
        each_entry(&*store, &self.shelf, true, |key, value| {
            keys += 1;
            bytes += value.len() as u64;
            if self.json {
                let hexadecimal = || key.iter().map(|it| format!("{it:02x}")).collect::<String>();
                let named = match std::str::from_utf8(key) {
                    Ok(text) => json!({ "key": text, "size": value.len() }),
                    Err(_) => json!({ "key_bytes": hexadecimal(), "size": value.len() }),
                };
                return terminal.line(named);
            }
            terminal.look(Look::Faint, format!("{:>10}", value.len()))?;
            terminal.line(format!("  {}", key::show(key)))
        })?;
        if !self.json {
            terminal.look(Look::Faint, format!("{bytes:>10}  in {keys} keys"))?;
            terminal.print('\n')?;
        }
        Ok(Status::Good)
    }
}
