//! Every example runs, and prints what `tests/data/examples` says.
//!
//! `cargo test` builds the examples beside the tests; `cargo test --test examples` alone does not, and needs a
//! `cargo build --examples` before it. With `UPDATE_EXPECT=1` what they print becomes what is expected.

use std::env::consts::EXE_SUFFIX;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

#[allow(dead_code, reason = "each test binary uses its part")]
#[path = "../shelve/tests/common/cluster.rs"]
mod cluster;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The examples that say on standard error how long things took, which differs from run to run.
const SAYS_TIMES: [&str; 1] = ["rollback"];

#[test]
fn every_example_prints_what_is_expected() -> Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let expectations = folder.join("tests/data/examples");
    let names = names_in(&folder.join("examples"), "rs")?;
    let mut wrong = Vec::new();
    for name in &names {
        let printed = run(name, &[])?;
        wrong.extend(compare(&printed, &expectations.join(format!("{name}.txt")))?);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(
        names_in(&expectations, "txt")?,
        names,
        "each expected output belongs to an example"
    );
    Ok(())
}

/// Of an example that asks for a server, what it prints when it gets one.
#[test]
fn the_shelf_on_a_cluster_prints_what_is_expected() -> Result<()> {
    let Some(cluster) = cluster::Cluster::start("examples") else { return Ok(()) };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let printed = run("redis_shelf", &cluster.urls())?;
    let expected = folder.join("tests/data/examples/on_a_cluster/redis_shelf.txt");
    assert_eq!(compare(&printed, &expected)?, None);
    Ok(())
}

/// Returns what is wrong with an output, if anything.
fn compare(printed: &str, expected: &Path) -> Result<Option<String>> {
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(expected, printed)?;
        return Ok(None);
    }
    let same = fs::read_to_string(expected).is_ok_and(|it| it.replace("\r\n", "\n") == printed);
    Ok((!same).then(|| format!("printed otherwise than {}:\n{printed}", expected.display())))
}

/// The names of the files with an extension, without it.
fn names_in(folder: &Path, extension: &str) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|it| it == extension) {
            names.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
        }
    }
    names.sort();
    Ok(names)
}

/// Runs an example and returns what it printed.
fn run(name: &str, arguments: &[String]) -> Result<String> {
    let program = program(name)?;
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(format!("{name}.rs"));
    if !modified(&program)
        .is_ok_and(|built| modified(&source).is_ok_and(|written| written <= built))
    {
        return Err(format!(
            "{} is missing or older than the example: `cargo build --examples`, with the profile of this test, builds it",
            program.display()
        )
        .into());
    }
    let output = Command::new(&program).args(arguments).output()?;
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}: {}\n{complaints}", output.status);
    assert!(complaints.is_empty() || SAYS_TIMES.contains(&name), "{name} complains: {complaints}");
    Ok(String::from_utf8(output.stdout)?.replace("\r\n", "\n"))
}

/// Where cargo puts an example: `examples`, beside the folder `deps` that this test is in.
fn program(name: &str) -> Result<PathBuf> {
    let test = std::env::current_exe()?;
    let target =
        test.parent().and_then(Path::parent).ok_or("this test is in no folder of cargo's")?;
    Ok(target.join("examples").join(format!("{name}{EXE_SUFFIX}")))
}

fn modified(file: &Path) -> std::io::Result<SystemTime> {
    fs::metadata(file)?.modified()
}
