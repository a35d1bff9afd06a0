//! The tool as a child process, within limits of time and memory.

use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// How much address space the tool may have, in KiB.
const ADDRESSES: u64 = 1 << 20;

/// How many seconds of the processor the tool may have before it is ended.
const SECONDS: u64 = 20;

/// What only reads a file, which is `FILE` in it.
pub(crate) const READING: [&[&str]; 7] = [
    &["show", "FILE"],
    &["show", "--json", "FILE"],
    &["show", "--dot", "FILE"],
    &["dis", "FILE"],
    &["globals", "FILE"],
    &["verify", "FILE"],
    &["diff", "FILE", "FILE"],
];

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Ended {
    /// The exit status; nothing if a signal ended it.
    pub(crate) status: Option<i32>,
    pub(crate) out: Vec<u8>,
    pub(crate) errors: String,
}

/// Runs the tool in a folder with arguments, and something to read on standard input.
pub(crate) fn run<A: AsRef<OsStr>>(
    folder: &Path,
    arguments: impl IntoIterator<Item = A>,
    input: &[u8],
) -> Ended {
    let mut child = limited()
        .args(arguments)
        .current_dir(folder)
        .env_remove("NO_COLOR")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the tool starts");
    let mut stdin = child.stdin.take().expect("there is a pipe");
    let input = input.to_vec();
    // A tool that reads nothing closes the pipe.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().expect("the tool ends");
    writer.join().expect("the writer ends");
    Ended {
        status: output.status.code(),
        out: output.stdout,
        errors: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Runs a command on a file of a folder.
pub(crate) fn run_on(folder: &Path, command: &[&str], file: &str) -> Ended {
    run(folder, command.iter().map(|word| if *word == "FILE" { file } else { word }), b"")
}

/// The tool, under limits where there is a shell that sets some.
fn limited() -> Command {
    let tool = env!("CARGO_BIN_EXE_halfsour");
    if !cfg!(unix) {
        return Command::new(tool);
    }
    let mut shell = Command::new("sh");
    let limits = format!("ulimit -v {ADDRESSES}; ulimit -t {SECONDS}; exec \"$0\" \"$@\"");
    shell.arg("-c").arg(limits).arg(tool);
    shell
}

impl Ended {
    /// Says what is wrong about how it ended, whatever the file was: a panic, a signal, a status that there is not, an error
    /// without a short message, or with one that is none.
    pub(crate) fn fault(&self) -> Option<String> {
        let lines: Vec<&str> = self.errors.lines().collect();
        let is_short = lines.len() <= 4 && lines.iter().all(|line| line.chars().count() <= 600);
        let is_said =
            lines.iter().all(|line| line.starts_with("halfsour: ") || line.starts_with("  hint: "));
        match self.status {
            Some(0 | 1) if is_short && is_said => None,
            Some(2) if is_short && is_said && !lines.is_empty() => None,
            status => {
                let begins: String = self.errors.chars().take(700).collect();
                Some(format!("status {status:?}, {begins:?}"))
            }
        }
    }
}

/// Does something with each of many things, on every processor.
pub(crate) fn each<T: Sync>(all: &[T], work: impl Fn(usize, &T) + Sync) {
    let next = AtomicUsize::new(0);
    let run = || loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let Some(one) = all.get(number) else { return };
        work(number, one);
    };
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(run))));
}
