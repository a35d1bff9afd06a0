//! [`Terminal`]: what the program prints, with colours and progress where a person looks on.

use std::borrow::Cow;
use std::fmt::Display;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::time::{Duration, Instant};

use anstyle::{AnsiColor, Style};

use crate::failure::{Failure, Result};

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What a part of the output is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Look {
    Plain,
    /// A heading.
    Title,
    /// What matters less.
    Faint,
    /// A reference to something elsewhere.
    Mark,
    Good,
    Bad,
}

impl Look {
    fn style(self) -> Style {
        let coloured =
            |colour: AnsiColor| Style::new().fg_color(Some(anstyle::Color::Ansi(colour)));
        match self {
            Look::Plain => Style::new(),
            Look::Title => Style::new().bold(),
            Look::Faint => Style::new().dimmed(),
            Look::Mark => coloured(AnsiColor::Cyan),
            Look::Good => coloured(AnsiColor::Green),
            Look::Bad => coloured(AnsiColor::Red).bold(),
        }
    }
}

/// How often progress is shown.
const PACE: Duration = Duration::from_millis(100);

/// How long work takes until its progress is shown.
const PATIENCE: Duration = Duration::from_millis(500);

/// Standard output and standard error.
pub(crate) struct Terminal {
    out: BufWriter<io::Stdout>,
    /// Whether whoever reads the output has gone; nobody needs to hear of that, and the rest goes nowhere.
    closed: bool,
    coloured: bool,
    errors_coloured: bool,
    progress: Option<Progress>,
}

/// Progress that is shown on a terminal.
struct Progress {
    began: Instant,
    shown: Option<Instant>,
}

impl Terminal {
    pub(crate) fn new(colour: Colour) -> Self {
        let coloured = |is_terminal| match colour {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => {
                let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
                let dumb = set("TERM").is_some_and(|term| term == "dumb");
                is_terminal && set("NO_COLOR").is_none() && !dumb
            }
        };
        let seen = io::stderr().is_terminal();
        Self {
            out: BufWriter::new(io::stdout()),
            closed: false,
            coloured: coloured(io::stdout().is_terminal()),
            errors_coloured: coloured(seen),
            progress: seen.then(|| Progress { began: Instant::now(), shown: None }),
        }
    }

    /// Whether what is printed still goes anywhere.
    pub(crate) const fn is_open(&self) -> bool {
        !self.closed
    }

    /// Prints text. What would steer the terminal is shown instead of obeyed: names in a file are anybody's.
    pub(crate) fn print(&mut self, text: impl Display) -> Result<()> {
        self.look(Look::Plain, text)
    }

    /// Prints a line.
    pub(crate) fn line(&mut self, text: impl Display) -> Result<()> {
        self.print(text)?;
        self.print('\n')
    }

    /// Prints text that looks like what it is.
    pub(crate) fn look(&mut self, look: Look, text: impl Display) -> Result<()> {
        let text = text.to_string();
        let text = printable(&text);
        let style = if self.coloured { look.style() } else { Style::new() };
        self.raw(format!("{style}{text}{style:#}").as_bytes())
    }

    /// Writes bytes as they are.
    pub(crate) fn raw(&mut self, bytes: &[u8]) -> Result<()> {
        if self.closed {
            return Ok(());
        }
        let written = self.out.write_all(bytes);
        self.written(written)
    }

    /// Sees to it that everything printed is out.
    pub(crate) fn flush(&mut self) -> Result<()> {
        self.clear_progress();
        let flushed = self.out.flush();
        self.written(flushed)
    }

    fn written(&mut self, written: io::Result<()>) -> Result<()> {
        match written {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(())
            }
            other => other.map_err(|error| Failure::from(error).of("standard output")),
        }
    }

    /// Says on standard error what went wrong.
    pub(crate) fn fail(&mut self, failure: &Failure) {
        self.complain(Look::Bad, "", &failure.to_string());
        if let Some(hint) = failure.mend() {
            self.complain(Look::Plain, "", &format!("\n  hint: {hint}"));
        }
    }

    /// Says on standard error what should be known.
    pub(crate) fn note(&mut self, text: impl Display) {
        self.complain(Look::Faint, "note: ", &text.to_string());
    }

    fn complain(&mut self, look: Look, kind: &str, text: &str) {
        // What was printed before comes before.
        let _ = self.flush();
        let style = if self.errors_coloured { look.style() } else { Style::new() };
        let line = match text.strip_prefix("\n") {
            Some(more) => format!("{}\n", printable(more)),
            None => {
                let text = text.replace('\n', "\\n");
                format!("{style}halfsour:{style:#} {kind}{}\n", printable(&text))
            }
        };
        // If nobody hears it, nobody can be told.
        let _ = io::stderr().write_all(line.as_bytes());
    }

    /// Shows on a terminal how far long work has come; nowhere else.
    pub(crate) fn progress(&mut self, text: impl Display) {
        let Some(progress) = &mut self.progress else { return };
        let is_time = match progress.shown {
            Some(shown) => shown.elapsed() >= PACE,
            None => progress.began.elapsed() >= PATIENCE,
        };
        if is_time {
            progress.shown = Some(Instant::now());
            let _ = write!(io::stderr(), "\r\x1b[K{text}");
        }
    }

    fn clear_progress(&mut self) {
        let Some(progress) = &mut self.progress else { return };
        if progress.shown.take().is_some() {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

/// Text without characters that move the cursor, change colours, or turn the direction of writing.
fn printable(text: &str) -> Cow<'_, str> {
    let steers = |it: char| {
        it.is_control() && it != '\n'
            || matches!(it, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if !text.contains(steers) {
        return Cow::Borrowed(text);
    }
    let shown =
        |it: char| if steers(it) { it.escape_unicode().to_string() } else { it.to_string() };
    Cow::Owned(text.chars().map(shown).collect())
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn nothing_steers_the_terminal() {
        assert_eq!(printable("tab\tred\x1b[31m\r\n"), "tab\\u{9}red\\u{1b}[31m\\u{d}\n");
        assert_eq!(printable("evil\u{202e}txt.exe"), "evil\\u{202e}txt.exe");
        assert_eq!(printable("Grüße"), "Grüße");
    }
}
