//! What to measure.

use std::io;

/// The options of the command.
#[derive(Debug)]
pub(crate) struct Options {
    words: Vec<String>,
    pub(crate) rounds: usize,
    pub(crate) save: bool,
}

impl Options {
    /// Reads the arguments; nothing if this is no bench, but `cargo test`, which runs benches too.
    ///
    /// # Errors
    /// An option that there is not.
    pub(crate) fn read(arguments: &[String]) -> io::Result<Option<Self>> {
        let mut options = Self { words: Vec::new(), rounds: 7, save: false };
        let (mut rest, mut is_bench) = (arguments.iter(), false);
        while let Some(argument) = rest.next() {
            match argument.as_str() {
                "--bench" => is_bench = true,
                "--save" => options.save = true,
                "--rounds" => {
                    let rounds = rest.next().and_then(|rounds| rounds.parse().ok());
                    options.rounds =
                        rounds.ok_or_else(|| io::Error::other("--rounds needs a number"))?;
                }
                option if option.starts_with("--") => {
                    return Err(io::Error::other(format!("there is no option {option}")));
                }
                word => options.words.push(word.to_owned()),
            }
        }
        if options.save && !options.words.is_empty() {
            return Err(io::Error::other("only all results can be saved"));
        }
        Ok(is_bench.then_some(options))
    }

    /// Whether something of this label is to be measured.
    pub(crate) fn wants(&self, label: &str) -> bool {
        self.words.iter().all(|word| label.contains(word.as_str()))
    }
}
