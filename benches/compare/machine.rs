//! Where it was measured, with what.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;

use halfsour_corpus::python::{find_python27, find_python313};

use crate::inputs;

/// A line about processor, memory, system and versions.
pub(crate) fn describe() -> String {
    let processor = field("/proc/cpuinfo", "model name").unwrap_or_else(|| "a processor".into());
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let kilobytes = field("/proc/meminfo", "MemTotal")
        .and_then(|total| total.split_whitespace().next()?.parse::<u64>().ok());
    let memory = kilobytes.map_or(String::new(), |it| format!(", {} GiB", it >> 20));
    let system = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let mut versions = vec![first_line("rustc", &["--version"])];
    for python in [find_python313(), find_python27()] {
        versions.push(match python {
            Some(python) => python_version(&python),
            None => "a CPython that is not installed".to_owned(),
        });
    }
    format!(
        "{processor}, {cores} cores{memory}, {} {}; {}; inputs at scale {}",
        std::env::consts::OS,
        system.trim(),
        versions.join(", "),
        inputs::scale()
    )
}

fn python_version(python: &Path) -> String {
    let script = "import platform; print(platform.python_implementation() + ' ' + platform.python_version())";
    first_line(&python.to_string_lossy(), &["-E", "-s", "-c", script])
}

fn first_line(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    text.unwrap_or_default().lines().next().unwrap_or("?").to_owned()
}

fn field(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}
