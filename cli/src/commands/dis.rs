//! `halfsour dis`: the opcodes of a file.

use halfsour::Dialect;
use halfsour::pickle::tools::{Disassembler, Disassembly};

use super::{Titles, each_file, note_rests};
use crate::failure::{Result, Status};
use crate::input::{Input, Part};
use crate::limits::LimitOptions;
use crate::load::Python;
use crate::survey::Pickle;
use crate::terminal::Terminal;

const AFTER_HELP: &str = "\
The text is that of Python's pickletools.dis. What an opcode at fault is comes before the
error. The bytes of arrays that joblib keeps between opcodes are left out, and offsets
are those without them.

Examples:
  halfsour dis menu.pickle
  halfsour dis --annotate menu.pickle   with what each opcode does";

/// Show the opcodes of a file, as Python's pickletools does
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Dis {
    /// The files; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
    /// Say of each opcode what it does; beginning at this column
    #[arg(short, long, value_name = "COLUMN", num_args = 0..=1, require_equals = true, default_missing_value = "30")]
    annotate: Option<usize>,
    /// Indent what is behind a MARK by so many blanks
    #[arg(short, long, value_name = "N", default_value_t = 4)]
    indent: usize,
    /// Which Python's pickletools to follow; by default that of the one that wrote it
    #[arg(long, value_name = "2|3", hide_possible_values = true)]
    python: Option<Python>,
    #[command(flatten)]
    limits: LimitOptions,
}

/// No line is indented more than this for one MARK, nor annotated farther to the right.
const WIDEST: usize = 200;

impl Dis {
    pub(crate) fn run(&self, terminal: &mut Terminal) -> Result<Status> {
        each_file(terminal, &self.files, &self.limits, |terminal, input| {
            self.disassemble(terminal, input)
        })
    }

    fn disassemble(&self, terminal: &mut Terminal, input: &Input) -> Result<Status> {
        let titles = Titles::of(input);
        titles.of_file(terminal)?;
        let mut number = 0;
        for part in &input.parts {
            let mut lines: Option<Disassembly<'_>> = None;
            for pickle in &part.survey.pickles {
                number += 1;
                titles.of_pickle(terminal, number, part, pickle)?;
                // One pickler keeps one memo.
                let goes_on =
                    part.survey.one_memo && lines.as_mut().is_some_and(|lines| lines.next_pickle());
                let lines = match &mut lines {
                    Some(lines) if goes_on => lines,
                    lines => {
                        let disassembler = self.disassembler(part, pickle);
                        lines.insert(disassembler.lines_from(&part.bytes, pickle.range.start))
                    }
                };
                print(terminal, part, lines)?;
                if !terminal.is_open() {
                    return Ok(Status::Good);
                }
            }
        }
        note_rests(terminal, input);
        Ok(Status::Good)
    }
}

impl Dis {
    fn disassembler(&self, part: &Part, pickle: &Pickle) -> Disassembler {
        let written_by = match pickle.protocol {
            // Python 2's knows no later opcodes.
            3.. => Dialect::Python3,
            _ => part.survey.dialect,
        };
        let dialect = self.python.map_or(written_by, Python::dialect);
        Disassembler::new(dialect)
            .indent(self.indent.min(WIDEST))
            .annotate(self.annotate.unwrap_or_default().min(WIDEST))
    }
}

fn print(terminal: &mut Terminal, part: &Part, lines: &mut Disassembly<'_>) -> Result<()> {
    for line in lines {
        // The offsets in lines are those of the stream, so this is one too.
        terminal.line(line.map_err(|error| part.failure_of_stream(error.into()))?)?;
        if !terminal.is_open() {
            return Ok(());
        }
    }
    Ok(())
}
