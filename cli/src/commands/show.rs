//! `halfsour show`: the objects of a file.

use halfsour::graph::{Tree, dot, json};
use halfsour::{Context, Result as PyResult, Value};

use super::{Titles, each_file, note_rests};
use crate::failure::{Result, Status};
use crate::input::Input;
use crate::load::{LoadOptions, Reading, Runtimes};
use crate::terminal::{Look, Terminal};

const AFTER_HELP: &str = "\
An object that stands in several places has a number where it is met first (#1), and is
referred to elsewhere (-> #1); so cycles end. Several pickles in one file are shown one
after another; as JSON, one in each line.

Examples:
  halfsour show menu.pickle
  halfsour show --depth 2 model.pkl     the outline
  halfsour show --json menu.pickle | jq .
  halfsour show --dot menu.pickle | dot -Tsvg > menu.svg
  curl -s https://example.org/a.pkl | halfsour show -";

/// Show what is in a file, as a tree, as JSON or as a picture
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Show {
    /// The files; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
    #[command(flatten)]
    form: Form,
    #[command(flatten)]
    load: LoadOptions,
}

/// How objects are shown.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Form {
    /// Show it as JSON; what JSON does not have is an object with a key that begins with $
    #[arg(long, conflicts_with = "dot")]
    json: bool,
    /// Show it as a graph for Graphviz
    #[arg(long)]
    dot: bool,
    /// Show so many levels only
    #[arg(long, value_name = "N")]
    depth: Option<usize>,
    /// Show so many parts of each object only
    #[arg(long, value_name = "N")]
    items: Option<usize>,
    /// Show so many lines only; of a graph, so many boxes
    #[arg(long, value_name = "N")]
    lines: Option<usize>,
}

/// How many boxes a picture has at most, unless it is said.
const BOXES: usize = 1000;

impl Show {
    pub(crate) fn run(&self, terminal: &mut Terminal) -> Result<Status> {
        each_file(terminal, &self.files, &self.load.limits, |terminal, input| {
            self.show(terminal, input)
        })
    }

    fn show(&self, terminal: &mut Terminal, input: &Input) -> Result<Status> {
        let titles = Titles::of(input);
        if self.form.is_tree() {
            titles.of_file(terminal)?;
        }
        let (mut number, mut runtimes) = (0, Runtimes::default());
        for part in &input.parts {
            for reading in Reading::of(&self.load, part, None) {
                let runtime = runtimes.of(reading.dialect);
                let (shown, failure) = reading.each(runtime, |ctx, pickle, value| {
                    Ok((pickle.clone(), self.form.draw(ctx, value)?))
                });
                for (pickle, drawn) in shown {
                    number += 1;
                    if self.form.is_tree() {
                        titles.of_pickle(terminal, number, part, &pickle)?;
                    }
                    self.form.print(terminal, &drawn)?;
                }
                if let Some(failure) = failure {
                    return Err(failure);
                }
                terminal.progress(format_args!("{number} of {} pickles", input.pickles()));
                if !terminal.is_open() {
                    return Ok(Status::Good);
                }
            }
        }
        note_rests(terminal, input);
        Ok(Status::Good)
    }
}

impl Form {
    fn is_tree(&self) -> bool {
        !self.json && !self.dot
    }

    /// Draws an object.
    pub(crate) fn draw<'gc>(&self, ctx: Context<'gc>, value: Value<'gc>) -> PyResult<'gc, String> {
        if self.json {
            return Ok(json::to_string(ctx, value)? + "\n");
        }
        if self.dot {
            return dot::to_string(ctx, value, self.lines.unwrap_or(BOXES));
        }
        let all = usize::MAX;
        let tree = Tree::new()
            .depth(self.depth.unwrap_or(all))
            .items(self.items.unwrap_or(all))
            .lines(self.lines.unwrap_or(all));
        tree.draw(ctx, value)
    }

    /// Prints what was drawn. In a tree, the marks of shared objects stand out.
    pub(crate) fn print(&self, terminal: &mut Terminal, drawn: &str) -> Result<()> {
        if !self.is_tree() {
            return terminal.print(drawn);
        }
        for line in drawn.lines() {
            let (text, mark) = split_mark(line);
            terminal.print(text)?;
            if !mark.is_empty() {
                terminal.look(Look::Mark, mark)?;
            }
            terminal.print('\n')?;
        }
        Ok(())
    }
}

/// The mark at the end of a line of a tree: `#1` or `-> #1`.
fn split_mark(line: &str) -> (&str, &str) {
    let Some((before, number)) = line.rsplit_once('#') else { return (line, "") };
    if number.is_empty() || !number.bytes().all(|it| it.is_ascii_digit()) || !before.ends_with(' ')
    {
        return (line, "");
    }
    let at = before.strip_suffix("-> ").unwrap_or(before).len();
    line.split_at(at)
}

#[cfg(test)]
mod tests {
    use super::split_mark;

    #[test]
    fn marks_stand_at_the_end() {
        assert_eq!(split_mark("  [0]: dict of 2 #1"), ("  [0]: dict of 2 ", "#1"));
        assert_eq!(split_mark("  [1]: -> #12"), ("  [1]: ", "-> #12"));
        assert_eq!(split_mark("  [1]: 'no #1'"), ("  [1]: 'no #1'", ""));
        assert_eq!(split_mark("list of 2"), ("list of 2", ""));
    }
}
