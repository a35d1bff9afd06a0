//! What it costs as it grows: three workloads at a hundredth, a tenth and all of their size, and deeper and deeper
//! nesting. Time and memory should grow as the inputs do.

use std::fs;
use std::io;
use std::path::PathBuf;

use halfsour_corpus::python::find_python313;
use halfsour_runtime::Dialect;

use crate::child;
use crate::inputs::{Inputs, folder};
use crate::job::{Job, Task, Who};
use crate::measure::medians;
use crate::options::Options;

const WORKLOADS: [&str; 3] = ["records_50k", "graph_100k", "strings_distinct_500k"];
const SCALES: [&str; 3] = ["0.01", "0.1", "1.0"];
const DEPTHS: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];

/// How something of one size does.
#[derive(Clone, Debug)]
pub(crate) struct Growth {
    pub(crate) name: String,
    pub(crate) size: String,
    /// Milliseconds.
    pub(crate) load: f64,
    pub(crate) dump: f64,
    pub(crate) deepcopy: f64,
    /// Megabytes of the process that has loaded it.
    pub(crate) memory: f64,
}

/// Measures what the options want.
///
/// # Errors
/// How a child ended, or refused.
pub(crate) fn measure(options: &Options) -> io::Result<Vec<Growth>> {
    let mut all = Vec::new();
    let Some(python) = find_python313() else { return Ok(all) };
    for name in WORKLOADS {
        for scale in SCALES {
            if options.wants(&format!("growth/{name}")) {
                let inputs = Inputs::of(&python, Dialect::Python3, scale)?;
                let size = format!("{scale} of it");
                all.push(of(name, size, inputs.path(name, 4), options.rounds)?);
            }
        }
    }
    for depth in DEPTHS {
        if options.wants("growth/nesting") {
            let path = folder().join(format!("nested-{depth}.p4.pkl"));
            fs::create_dir_all(folder())?;
            fs::write(&path, nested(depth))?;
            all.push(of("nesting", format!("{depth} lists"), path, options.rounds)?);
        }
    }
    Ok(all)
}

/// Lists in lists, as Python would write them if it could.
fn nested(depth: usize) -> Vec<u8> {
    let mut bytes = b"\x80\x04".to_vec();
    bytes.extend(b"]\x94".repeat(depth));
    bytes.extend(b"a".repeat(depth - 1));
    bytes.push(b'.');
    bytes
}

fn of(name: &str, size: String, path: PathBuf, rounds: usize) -> io::Result<Growth> {
    let job = |task| Job { task, dialect: Dialect::Python3, protocol: 4, path: path.clone() };
    let start = |task| child::start(Who::Halfsour, &PathBuf::new(), &job(task));
    let time = |task| -> io::Result<f64> {
        let times = medians(&mut [start(task)?], rounds)?;
        Ok(times[0].as_secs_f64() * 1e3)
    };
    let growth = Growth {
        name: name.to_owned(),
        load: time(Task::Load)?,
        dump: time(Task::Dump)?,
        deepcopy: time(Task::DeepCopy)?,
        memory: start(Task::Hold)?.number()? as f64 / 1e3,
        size,
    };
    println!(
        "growth/{name} {}: load {:.3} ms, dump {:.3} ms, deepcopy {:.3} ms, {:.1} MB",
        growth.size, growth.load, growth.dump, growth.deepcopy, growth.memory
    );
    Ok(growth)
}
