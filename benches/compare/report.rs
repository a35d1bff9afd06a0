//! What comes out: a summary for the terminal and `README.md`, all figures for `benches/RESULTS.md`, and a chart.

use std::fmt::Write;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use halfsour_runtime::Dialect;

use crate::chart::{self, Group};
use crate::growth::Growth;
use crate::job::{Task, Who};
use crate::pause::Pause;
use crate::series::Results;

const BEGIN: &str = "<!-- measured by benches/compare: begin -->";
const END: &str = "<!-- measured by benches/compare: end -->";

/// Everything that was measured.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) machine: String,
    all: Vec<Results>,
    pub(crate) growth: Vec<Growth>,
    pub(crate) pauses: Vec<Pause>,
}

impl Report {
    pub(crate) fn new(machine: String) -> Self {
        Self { machine, all: Vec::new(), growth: Vec::new(), pauses: Vec::new() }
    }

    pub(crate) fn add(&mut self, results: Results) {
        if !results.rows.is_empty() {
            self.all.push(results);
        }
    }

    pub(crate) fn print_summary(&self) {
        println!("\n{}", self.summary());
    }

    /// Writes `README.md`, `benches/RESULTS.md` and `benches/compare.svg`.
    ///
    /// # Errors
    /// Whatever reading and writing them raises.
    pub(crate) fn save(&self) -> io::Result<()> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        fs::write(root.join("benches/RESULTS.md"), self.details())?;
        fs::write(root.join("benches/compare.svg"), chart::draw(&self.chart()))?;
        let path: PathBuf = root.join("README.md");
        let readme = fs::read_to_string(&path)?;
        let parts = readme.split_once(BEGIN).zip(readme.split_once(END));
        let ((before, _), (_, after)) =
            parts.ok_or_else(|| io::Error::other("README.md has no place for the results"))?;
        let summary = format!(
            "{}\n![Ratios for each workload](benches/compare.svg)\n\nMeasured on {}.\n",
            self.summary(),
            self.machine
        );
        fs::write(path, format!("{before}{BEGIN}\n\n{summary}\n{END}{after}"))
    }

    /// How many times our time, or memory, the others take.
    fn summary(&self) -> String {
        let mut text = String::from(
            "| how many times as long as Halfsour | least | of | geometric mean |\n|---|---|---|---|\n",
        );
        for results in &self.all {
            let series = results.series;
            for who in [Who::CPython, Who::SerdePickle] {
                let Some((least, name, mean)) = results.summary(who) else { continue };
                let peer = peer(who, series.dialect);
                let what = match series.task {
                    Task::Hold => format!("{peer}, peak memory after a load (times as much)"),
                    Task::DeepCopy => format!("{peer}, deep copy"),
                    task => format!("{peer}, {} at protocol {}", task.name(), series.protocol),
                };
                // Writing to a string does not fail.
                let _ = writeln!(text, "| {what} | {least:.2} | {name} | {mean:.2} |");
            }
        }
        text
    }

    fn details(&self) -> String {
        let mut text = format!(
            "# Measured\n\n`cargo bench --bench compare -- --save` writes this file.\n\n{}. Times are medians in milliseconds, with each process timing itself; \
             in brackets how many times ours that is. The floor is the same graph built directly through the runtime's API (load), and the same bytes \
             copied opcode by opcode (dump).\n\n{}",
            self.machine,
            self.summary()
        );
        for results in &self.all {
            text.push_str(&table(results));
        }
        text.push_str(
            "\n## As it grows\n\n| what | size | load ms | dump ms | deep copy ms | memory of the process, MB |\n|---|---|---|---|---|---|\n",
        );
        for Growth { name, size, load, dump, deepcopy, memory } in &self.growth {
            let _ = writeln!(
                text,
                "| {name} | {size} | {load:.3} | {dump:.3} | {deepcopy:.3} | {memory:.1} |"
            );
        }
        text.push_str(
            "\n## Pauses of the collector\n\nOne container is looked through in one step, however large it is; so is everything that has a `__del__` or is \
             referred to weakly. `Runtime::set_collection_step` bounds the rest.\n\n\
             | heap | bound | longest ms | usual ms | leaving the `enter` that made it, ms |\n|---|---|---|---|---|\n",
        );
        for Pause { heap, bound, longest, usual, first } in &self.pauses {
            let _ = writeln!(text, "| {heap} | {bound} | {longest:.3} | {usual:.3} | {first:.3} |");
        }
        text
    }

    /// Load, dump and deep copy beside CPython 3.13.
    fn chart(&self) -> Vec<Group> {
        let shown = self.all.iter().filter(|results| {
            let series = results.series;
            series.dialect == Dialect::Python3 && series.protocol == 4 && series.task != Task::Hold
        });
        shown
            .map(|results| Group {
                title: format!(
                    "{}: how many times as long CPython 3.13 takes",
                    results.series.task.name()
                ),
                bars: results
                    .rows
                    .iter()
                    .filter_map(|row| Some((row.name.clone(), row.ratio(Who::CPython)?)))
                    .collect(),
            })
            .collect()
    }
}

fn peer(who: Who, dialect: Dialect) -> &'static str {
    match who {
        Who::Halfsour => "Halfsour",
        Who::CPython => dialect.pick("CPython 2.7", "CPython 3.13"),
        Who::SerdePickle => "serde-pickle",
        Who::Floor => "the floor",
    }
}

fn table(results: &Results) -> String {
    let series = results.series;
    let unit = if series.task == Task::Hold { "MB" } else { "ms" };
    let scale = if series.task == Task::Hold { 1e3 } else { 1e6 };
    let measured = |who: &Who| results.rows.iter().any(|row| row.of(*who).is_some());
    let everybody: Vec<Who> = Who::ALL.into_iter().filter(measured).collect();
    let python = series.dialect.pick("Python 2", "Python 3");
    let mut text = format!(
        "\n## {}, protocol {}, {python} ({unit})\n\n|",
        series.task.name(),
        series.protocol
    );
    for who in &everybody {
        let _ = write!(text, " | {}", peer(*who, series.dialect));
    }
    let _ = write!(text, " |\n|---{}|\n", "|---".repeat(everybody.len()));
    for row in &results.rows {
        let _ = write!(text, "| {}", row.name);
        for who in &everybody {
            match (row.of(*who), row.ratio(*who)) {
                (Some(figure), _) if *who == Who::Halfsour => {
                    let _ = write!(text, " | {:.3}", figure / scale);
                }
                (Some(figure), Some(ratio)) => {
                    let _ = write!(text, " | {:.3} ({ratio:.2})", figure / scale);
                }
                _ => text.push_str(" | -"),
            }
        }
        text.push_str(" |\n");
    }
    text
}
