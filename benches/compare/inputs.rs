//! The inputs: pickles that the generator beside this program makes, with real CPythons, once.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use halfsour_runtime::Dialect;

/// The pickles that one CPython made.
#[derive(Debug)]
pub(crate) struct Inputs {
    folder: PathBuf,
    /// The workloads, sorted.
    pub(crate) names: Vec<String>,
}

impl Inputs {
    /// Finds the pickles of a CPython, or lets it make them.
    ///
    /// # Errors
    /// Why they could not be made or read.
    pub(crate) fn of(python: &Path, dialect: Dialect, scale: &str) -> io::Result<Self> {
        let version = dialect.pick("py2", "py3");
        let folder = folder().join(format!("{version}-scale-{scale}"));
        if !folder.join("MANIFEST.jsonl").is_file() {
            generate(python, dialect, scale, &folder)?;
        }
        let mut names = Vec::new();
        for entry in fs::read_dir(&folder)? {
            let file = entry?.file_name();
            if let Some(name) = file.to_string_lossy().strip_suffix(".p2.pkl") {
                names.push(name.to_owned());
            }
        }
        names.sort();
        Ok(Self { folder, names })
    }

    /// Where the pickle of a workload is.
    pub(crate) fn path(&self, name: &str, protocol: u8) -> PathBuf {
        self.folder.join(format!("{name}.p{protocol}.pkl"))
    }
}

/// The scale that the environment asks for: `HALFSOUR_BENCH_SCALE=0.01` makes every input a hundredth of its size.
pub(crate) fn scale() -> String {
    env::var("HALFSOUR_BENCH_SCALE").unwrap_or_else(|_| "1.0".to_owned())
}

/// Where everything is kept that a bench makes.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("bench-data")
}

fn generate(python: &Path, dialect: Dialect, scale: &str, folder: &Path) -> io::Result<()> {
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
        .args(["--proto", dialect.pick("0,2", "0,2,4,5"), "--scale", scale])
        .stdout(std::process::Stdio::null());
    let status = command.status()?;
    if !status.success() {
        return Err(io::Error::other(format!("the generator ended with {status}")));
    }
    fs::rename(unfinished, folder)
}
