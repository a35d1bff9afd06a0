//! A series: one task at one protocol, over all workloads.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use halfsour_corpus::python::{find_python27, find_python313};
use halfsour_runtime::Dialect;

use crate::child;
use crate::inputs::{self, Inputs};
use crate::job::{Job, Task, Who};
use crate::measure::{geometric_mean, medians};
use crate::options::Options;
use crate::timed::Timed;

/// One task at one protocol.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Series {
    pub(crate) task: Task,
    pub(crate) dialect: Dialect,
    pub(crate) protocol: u8,
}

/// Every series.
pub(crate) fn all() -> Vec<Series> {
    let mut all = Vec::new();
    for task in [Task::Load, Task::Dump] {
        all.extend([4, 5, 2, 0].map(|protocol| Series {
            task,
            dialect: Dialect::Python3,
            protocol,
        }));
        all.extend([2, 0].map(|protocol| Series { task, dialect: Dialect::Python2, protocol }));
    }
    for task in [Task::DeepCopy, Task::Hold] {
        all.push(Series { task, dialect: Dialect::Python3, protocol: 4 });
        all.push(Series { task, dialect: Dialect::Python2, protocol: 2 });
    }
    all
}

/// What was measured of one workload: nanoseconds, or kilobytes.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) figures: Vec<(Who, f64)>,
}

impl Row {
    pub(crate) fn of(&self, who: Who) -> Option<f64> {
        self.figures.iter().find(|(one, _)| *one == who).map(|(_, figure)| *figure)
    }

    /// How many times as much as ours somebody's figure is.
    pub(crate) fn ratio(&self, who: Who) -> Option<f64> {
        Some(self.of(who)? / self.of(Who::Halfsour)?)
    }
}

/// What was measured of a series.
#[derive(Clone, Debug)]
pub(crate) struct Results {
    pub(crate) series: Series,
    pub(crate) rows: Vec<Row>,
}

impl Results {
    /// The ratios of all workloads that somebody could do.
    pub(crate) fn ratios(&self, who: Who) -> Vec<f64> {
        self.rows.iter().filter_map(|row| row.ratio(who)).collect()
    }

    /// The smallest ratio with its workload, and the geometric mean.
    pub(crate) fn summary(&self, who: Who) -> Option<(f64, &str, f64)> {
        let ratios = self.rows.iter().filter_map(|row| Some((row.ratio(who)?, row.name.as_str())));
        let (least, name) = ratios.min_by(|one, other| one.0.total_cmp(&other.0))?;
        Some((least, name, geometric_mean(&self.ratios(who))))
    }
}

impl Series {
    pub(crate) fn label(self) -> String {
        let python = self.dialect.pick("py2", "py3");
        format!("{}/p{}/{python}", self.task.name(), self.protocol)
    }

    /// Who is compared.
    fn everybody(self) -> Vec<Who> {
        let mut everybody = vec![Who::Halfsour, Who::CPython];
        let python3 = self.dialect == Dialect::Python3;
        let serde = match self.task {
            Task::Load => python3 && matches!(self.protocol, 2 | 4),
            Task::Dump => python3 && self.protocol == 2,
            Task::Hold => python3,
            Task::DeepCopy => false,
        };
        if serde {
            everybody.push(Who::SerdePickle);
        }
        if python3 && self.protocol == 4 && matches!(self.task, Task::Load | Task::Dump) {
            everybody.push(Who::Floor);
        }
        everybody
    }

    /// Measures what the options want of it.
    ///
    /// # Errors
    /// How a child ended in the middle. What it refuses from the beginning is printed.
    pub(crate) fn measure(self, options: &Options) -> io::Result<Results> {
        let mut results = Results { series: self, rows: Vec::new() };
        let python = match self.dialect {
            Dialect::Python2 => find_python27(),
            _ => find_python313(),
        };
        let Some(python) = python else {
            println!("{}: no CPython to compare with, and to make the inputs", self.label());
            return Ok(results);
        };
        let inputs = Inputs::of(&python, self.dialect, &inputs::scale())?;
        for name in &inputs.names {
            let label = format!("{}/{name}", self.label());
            if !options.wants(&label) {
                continue;
            }
            let path = inputs.path(name, self.protocol);
            let figures = self.figures(&label, &python, path, options.rounds)?;
            let row = Row { name: name.clone(), figures };
            println!("{}", row.describe(self, &label));
            results.rows.push(row);
        }
        if let Some((least, name, mean)) = results.summary(Who::CPython) {
            println!("{}: at least {least:.2} ({name}), mean {mean:.2}", self.label());
        }
        Ok(results)
    }

    fn figures(
        self,
        label: &str,
        python: &Path,
        path: PathBuf,
        rounds: usize,
    ) -> io::Result<Vec<(Who, f64)>> {
        let Self { task, dialect, protocol } = self;
        let job = Job { task, dialect, protocol, path };
        let (mut able, mut workers) = (Vec::new(), Vec::new());
        for who in self.everybody() {
            match child::start(who, python, &job) {
                Ok(worker) => {
                    able.push(who);
                    workers.push(worker);
                }
                Err(error) => println!("{label}: {}: {error}", who.name()),
            }
        }
        let figures: Vec<f64> = if task == Task::Hold {
            let memory = workers.iter_mut().map(Timed::number);
            memory.map(|kilobytes| kilobytes.map(|it| it as f64)).collect::<io::Result<_>>()?
        } else {
            let times = medians(&mut workers, rounds)?;
            times.iter().map(Duration::as_nanos).map(|nanoseconds| nanoseconds as f64).collect()
        };
        Ok(able.into_iter().zip(figures).collect())
    }
}

impl Row {
    fn describe(&self, series: Series, label: &str) -> String {
        let mut text = format!("{label:<42}");
        for (who, figure) in &self.figures {
            let (figure, unit) =
                if series.task == Task::Hold { (figure / 1e3, "MB") } else { (figure / 1e6, "ms") };
            text += &format!(" {} {figure:.3} {unit}", who.name());
            if let (true, Some(ratio)) = (*who != Who::Halfsour, self.ratio(*who)) {
                text += &format!(" ({ratio:.2}x)");
            }
        }
        text
    }
}
