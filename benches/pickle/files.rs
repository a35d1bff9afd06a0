//! The inputs: pickles that the generator beside this program makes, with a real CPython, once.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use halfsour_corpus::python::find_python27;

/// One pickle on disk.
pub(crate) struct Input {
    /// The workload's name.
    pub(crate) name: String,
    pub(crate) path: PathBuf,
}

/// Every input of protocol 2, sorted by name. What is missing is generated; where there is no CPython 2.7 to do so,
/// there are no inputs, and this says so.
///
/// `HALFSOUR_BENCH_SCALE` makes every input that much of its full size (`0.01` for a glance).
pub(crate) fn inputs() -> io::Result<Vec<Input>> {
    let scale = env::var("HALFSOUR_BENCH_SCALE").unwrap_or_else(|_| "1.0".to_owned());
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .with_file_name("bench-data")
        .join(format!("scale-{scale}"));
    if !folder.join("MANIFEST.jsonl").is_file() && !generate(&folder, &scale)? {
        return Ok(Vec::new());
    }
    let mut inputs = Vec::new();
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        if let Some(name) = file.strip_suffix(".p2.pkl") {
            inputs.push(Input { name: name.to_owned(), path: path.clone() });
        }
    }
    inputs.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(inputs)
}

/// Runs the generator; whether there was a CPython to run it.
fn generate(folder: &Path, scale: &str) -> io::Result<bool> {
    let Some(python) = find_python27() else {
        println!(
            "no CPython 2.7 found: there are no inputs to measure (name one in HALFSOUR_PYTHON27)"
        );
        return Ok(false);
    };
    println!("generating the inputs at scale {scale} with {}", python.display());
    let unfinished = folder.with_extension("unfinished");
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished)?;
    }
    let generator = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/generator/gen_bench.py");
    let mut command = Command::new(python);
    command
        .args(["-E", "-s", "-B"])
        .arg(generator)
        .arg(&unfinished)
        .args(["--proto", "2", "--scale", scale]);
    let status = command.status()?;
    if !status.success() {
        return Err(io::Error::other(format!("the generator ended with {status}")));
    }
    fs::rename(unfinished, folder)?;
    Ok(true)
}
