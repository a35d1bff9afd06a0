//! The parent: gives files to children, and says what they may take.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::child::VARIABLE;

/// How much address space a child may have, in KiB.
const ADDRESSES: u64 = 1 << 20;

/// How long the processor may work on one reading of a file, in milliseconds.
const MILLISECONDS: u64 = 1000;

/// How much memory a child may hold, in KiB.
const MEMORY: u64 = 100_000;

/// How many seconds of the processor a child may have before it is ended.
const SECONDS_OF_CHILD: u64 = 60;

/// How many streams are given to one child, of those that take no time.
const TOGETHER: usize = 500;

/// Whether there is a shell that limits processes.
pub(crate) fn can_limit() -> bool {
    cfg!(unix) && limited("true").status().is_ok_and(|status| status.success())
}

/// A command under the limits.
fn limited(command: &str) -> Command {
    let mut shell = Command::new("sh");
    let limits = format!("ulimit -v {ADDRESSES} && ulimit -t {SECONDS_OF_CHILD} && exec {command}");
    shell.arg("-c").arg(limits);
    shell
}

/// Gives many files to a few children.
pub(crate) fn check_many(files: &[Vec<u8>]) -> Result<(), String> {
    files.chunks(TOGETHER).try_for_each(|files| check(files))
}

/// Gives files to a child, which reads them within the limits.
pub(crate) fn check(files: &[Vec<u8>]) -> Result<(), String> {
    let failed = |error: std::io::Error| error.to_string();
    let program = std::env::current_exe().map_err(failed)?;
    let mut child = limited("\"$0\"")
        .arg(program)
        .env(VARIABLE, "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let mut input = child.stdin.take().ok_or("no pipe")?;
    for file in files {
        // A child that has ended says why.
        let _ = input.write_all(&(file.len() as u64).to_le_bytes());
        let _ = input.write_all(file);
    }
    drop(input);
    let output = child.wait_with_output().map_err(failed)?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(format!("the child ended with {}: {said}", output.status));
    }
    let report = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut numbers =
        report.split(' ').take(3).map(|it| it.parse::<u64>().map_err(|_| report.clone()));
    let mut number = || numbers.next().unwrap_or_else(|| Err(report.clone()));
    let (files_read, time, memory) = (number()?, number()?, number()?);
    let longest = report.rsplit(' ').next().unwrap_or_default();
    if files_read != files.len() as u64 {
        return Err(format!("{files_read} of {} files were read", files.len()));
    }
    if time > MILLISECONDS || memory > MEMORY {
        return Err(format!("it took {time} ms ({longest}) and {memory} KiB"));
    }
    Ok(())
}
