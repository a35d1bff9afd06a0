//! `halfsour convert`: the same objects as another pickle.

use std::cell::Cell;

use halfsour::Dialect;
use halfsour::pickle::{Flavour, tools};

use super::note_rests;
use crate::failure::{Failure, Result, Status};
use crate::input::{Container, Input, Part};
use crate::load::{LoadOptions, Reading, Runtimes};
use crate::terminal::Terminal;
use crate::write::write;

const AFTER_HELP: &str = "\
Classes that are not known stay what they are. For Python 3, byte strings of Python 2
become text, by --encoding, as Python 3's own load would have it. What was compressed comes
out plain. OUT is written as a whole or not at all, and may be IN.

Examples:
  halfsour convert old.pkl new.pkl --protocol 4
  halfsour convert a.pkl b.pkl --optimize
  halfsour convert py2.pkl py3.pkl --protocol 4 --encoding latin-1";

/// Write a file's objects in another protocol
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Convert {
    /// The file; - is standard input
    #[arg(value_name = "IN")]
    from: String,
    /// The file to write; - is standard output
    #[arg(value_name = "OUT")]
    to: String,
    /// The protocol, 0 to 5; by default that of the file
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=5))]
    protocol: Option<u8>,
    /// Whose bytes to write; by default those of the implementation that wrote the file
    ///
    /// As far as that is to be told; from protocol 3 on they are Python 3's. The file is loaded as that Python would load it,
    /// unless --python says otherwise.
    #[arg(short, long)]
    flavour: Option<Writer>,
    /// Leave out what the memo keeps for nothing, as pickletools.optimize does
    #[arg(long)]
    optimize: bool,
    #[command(flatten)]
    load: LoadOptions,
}

/// An implementation of pickle.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Writer {
    /// Python 2.7's pickle.py, protocols 0 to 2
    Pickle,
    /// Python 2.7's cPickle, protocols 0 to 2
    Cpickle,
    /// Python 3's, protocols 0 to 5
    Python3,
}

impl Writer {
    const fn flavour(self) -> Flavour {
        match self {
            Writer::Pickle => Flavour::Pickle,
            Writer::Cpickle => Flavour::CPickle,
            Writer::Python3 => Flavour::Python3,
        }
    }
}

impl Convert {
    pub(crate) fn run(&self, terminal: &mut Terminal) -> Result<Status> {
        let input = Input::open(&self.from, &self.load.limits)?;
        check_nothing_is_lost(terminal, &input)?;
        let mut written = Vec::new();
        for part in &input.parts {
            written.extend(self.convert(part)?);
        }
        write(terminal, &self.to, &written)?;
        Ok(Status::Good)
    }

    fn convert(&self, part: &Part) -> Result<Vec<u8>> {
        let flavour = self.flavour.map(Writer::flavour);
        // What is to be Python 3's is loaded by Python 3's rules, and so on.
        let dialect = match (self.load.dialect(), flavour, self.protocol) {
            (Some(dialect), ..) => Some(dialect),
            (None, Some(Flavour::Python3), _) | (None, None, Some(3..)) => Some(Dialect::Python3),
            (None, Some(_), _) => Some(Dialect::Python2),
            (None, None, _) => None,
        };
        let (mut written, mut runtimes) = (Vec::new(), Runtimes::default());
        for reading in Reading::of(&self.load, part, dialect) {
            let highest =
                reading.group.iter().map(|pickle| self.protocol.unwrap_or(pickle.protocol)).max();
            let flavour = match (flavour, highest) {
                (Some(flavour), Some(protocol)) if protocol > flavour.highest_protocol() => {
                    let highest = flavour.highest_protocol();
                    let text = format!("Python 2 has the protocols 0 to {highest}, not {protocol}");
                    return Err(Failure::new(text));
                }
                (Some(flavour), _) => flavour,
                (None, Some(3..)) if !reading.is_of_zodb() => Flavour::Python3,
                (None, _) => reading.flavour,
            };
            let at = Cell::new(0);
            let converted = runtimes.of(reading.dialect).try_enter(|ctx| {
                let mut values = Vec::new();
                reading.load(ctx, &at, |pickle, value| {
                    values.push((self.protocol.unwrap_or(pickle.protocol), value));
                    Ok(())
                })?;
                reading.dump(ctx, &values, flavour)
            });
            let mut converted = converted.map_err(|error| part.failure(error.into(), at.get()))?;
            if self.optimize {
                if let [_, _, ..] = converted.as_slice() {
                    let text = "--optimize: its pickles share a memo, which each needs as it is";
                    return Err(Failure::new(text).of(&part.name));
                }
                for pickle in &mut converted {
                    *pickle = tools::optimize(pickle, Dialect::Python3)?;
                }
            }
            written.extend(converted.concat());
        }
        Ok(written)
    }
}

/// Refuses files of which a pickle alone would not be all.
fn check_nothing_is_lost(terminal: &mut Terminal, input: &Input) -> Result<()> {
    let mut what = match &input.container {
        Container::Plain | Container::Packed(_) => None,
        Container::Archive => Some("the members of the archive beside it"),
        Container::LegacyTorch => Some("the storages behind it"),
        Container::Joblib { .. } => Some("the arrays between its opcodes"),
        Container::Npy => Some("the header before it"),
    };
    if input.rests().next().is_some() {
        note_rests(terminal, input);
        what = Some("what is behind the last pickle");
    }
    let Some(what) = what else { return Ok(()) };
    let failure = Failure::new(format!("{what} would be lost")).of(&input.name);
    Err(failure.hint("convert takes pickles alone, one or several, compressed or not"))
}
