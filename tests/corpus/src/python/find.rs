//! Looks for a CPython: where the environment says, then on the `PATH`, then in the usual folders.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Folders of which installers make `bin` folders below: `FOLDER/*/bin`.
const VERSIONED: [&str; 5] = [
    "~/.pyenv/versions",
    "~/.asdf/installs/python",
    "~/.local/share/mise/installs/python",
    "/opt/python",
    "/opt",
];

/// Folders that hold the programs themselves.
const PLAIN: [&str; 4] = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin", "~/.local/bin"];

/// A CPython 2.7 that runs: the one that `HALFSOUR_PYTHON27` names, else the first that is found.
pub fn find_python27() -> Option<PathBuf> {
    let named = env::var_os("HALFSOUR_PYTHON27").map(PathBuf::from);
    let found = candidates(&["python2.7", "python2"]);
    named.into_iter().chain(found).find(|python| is_version(python, "2.7"))
}

/// A CPython 3.13 that runs: the one that `HALFSOUR_PYTHON313` names, else the first that is found.
pub fn find_python313() -> Option<PathBuf> {
    let named = env::var_os("HALFSOUR_PYTHON313").map(PathBuf::from);
    let found = candidates(&["python3.13", "python3"]);
    named.into_iter().chain(found).find(|python| is_version(python, "3.13"))
}

/// A CPython of that version (`3.8`) that runs, under its own name.
pub fn find_python(version: &str) -> Option<PathBuf> {
    let name = format!("python{version}");
    candidates(&[&name]).into_iter().find(|python| is_version(python, version))
}

/// Any CPython that runs, 2.7 first.
pub fn find_any() -> Option<PathBuf> {
    find_python27().or_else(|| {
        candidates(&["python3", "python"]).into_iter().find(|python| is_version(python, ""))
    })
}

/// A CPython 3 that has a module, which not every build has.
pub fn find_with_module(module: &str) -> Option<PathBuf> {
    let names: Vec<String> = (6..=20).rev().map(|minor| format!("python3.{minor}")).collect();
    let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
    names.insert(0, "python3");
    candidates(&names).into_iter().find(|python| {
        let script = format!("import {module}");
        let mut command = Command::new(python);
        let command = command.args(["-E", "-s", "-c", &script]);
        let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        status.status().is_ok_and(|status| status.success())
    })
}

/// Every program that may be a Python of these names, whether or not it runs.
fn candidates(names: &[&str]) -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = env::split_paths(&path).collect();
    folders.extend(PLAIN.iter().filter_map(|folder| from_home(folder)));
    for parent in VERSIONED.iter().filter_map(|folder| from_home(folder)) {
        let mut versions: Vec<_> = fs::read_dir(parent).into_iter().flatten().flatten().collect();
        versions.sort_by_key(fs::DirEntry::file_name);
        folders.extend(versions.into_iter().map(|version| version.path().join("bin")));
    }
    let programs =
        folders.iter().flat_map(|folder| names.iter().map(move |name| folder.join(name)));
    programs.filter(|program| program.is_file()).collect()
}

fn from_home(folder: &str) -> Option<PathBuf> {
    match folder.strip_prefix("~/") {
        None => Some(PathBuf::from(folder)),
        Some(rest) => env::home_dir().map(|home| home.join(rest)),
    }
}

/// Whether a program runs and is a CPython whose version starts so. (A name on the `PATH` may be a launcher that has
/// no such version to launch.)
fn is_version(python: &Path, version: &str) -> bool {
    let script = "import platform, sys; sys.stdout.write(platform.python_implementation() + platform.python_version())";
    let output =
        Command::new(python).args(["-E", "-s", "-c", script]).stdin(Stdio::null()).output();
    output.is_ok_and(|output| {
        output.status.success() && output.stdout.starts_with(format!("CPython{version}").as_bytes())
    })
}
