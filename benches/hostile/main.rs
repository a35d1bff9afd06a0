//! What becomes of hostile files: here, and by serde-pickle, each in a process of its own with 1 GiB of address space.
//!
//! `cargo bench --bench hostile` reads the files of `tests/denial` and prints a table: an error, a result, or how the
//! process ended. It measures no time.

#[path = "../../tests/denial/files.rs"]
mod files;

use std::env;
use std::io::{self, Read, Write};
use std::process::{Command, Stdio};

use halfsour::Runtime;
use halfsour::pickle::{Flavour, Unpickler};

/// The argument that makes this program the one that loads, followed by who does.
const CHILD: &str = "--child";

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args().collect();
    if let [_, CHILD, reader] = arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes)?;
        print!("{}", if reader == "halfsour" { ours(&bytes) } else { theirs(&bytes) });
        return Ok(());
    }
    if !arguments.iter().any(|argument| argument == "--bench") {
        println!("it takes a minute, and `cargo bench --bench hostile` to begin");
        return Ok(());
    }
    println!("| file | bytes | Halfsour | serde-pickle |");
    println!("|---|---|---|---|");
    for file in files::hostile() {
        let [ours, theirs] =
            ["halfsour", "serde-pickle"].map(|reader| outcome(reader, &file.bytes));
        println!("| {} | {} | {} | {} |", file.name, file.bytes.len(), ours?, theirs?);
    }
    Ok(())
}

/// Loads as 2.7 does, with its built-in types.
fn ours(bytes: &[u8]) -> &'static str {
    let loaded = Runtime::python2().try_enter(|ctx| {
        halfsour::copyreg::install(ctx)?;
        let unpickler = Unpickler::new().flavour(Flavour::Pickle).newer_protocols(true);
        unpickler.loads(ctx, bytes).map(|_| ())
    });
    if loaded.is_ok() { "loads" } else { "error" }
}

/// Its trees have no shared objects, no cycles and no classes: what it makes of a file that has them is another value.
fn theirs(bytes: &[u8]) -> &'static str {
    let shares = halfsour::pickle::tools::genops(bytes).flatten().any(|it| {
        use halfsour::pickle::Opcode;
        matches!(it.opcode, Opcode::DUP | Opcode::BINGET | Opcode::GET | Opcode::LONG_BINGET)
    });
    match serde_pickle::value_from_slice(bytes, serde_pickle::DeOptions::new()) {
        Ok(_) if shares => "wrong: what was shared is copied",
        Ok(_) => "loads",
        Err(_) => "error",
    }
}

fn outcome(reader: &str, bytes: &[u8]) -> io::Result<String> {
    let mut child = Command::new("sh")
        .args(["-c", "ulimit -v 1048576 && ulimit -t 20 && exec \"$0\" \"$@\""])
        .arg(env::current_exe()?)
        .args([CHILD, reader])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    if let Some(mut input) = child.stdin.take() {
        // A child that has ended says how.
        let _ = input.write_all(bytes);
    }
    let output = child.wait_with_output()?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Ok(match signal(output.status) {
        Some(6) => "**abort**".to_owned(),
        Some(11) => "**overflows the stack**".to_owned(),
        Some(9 | 24) => "**more than 20 s**".to_owned(),
        _ => format!("**{}**", output.status),
    })
}

#[cfg(unix)]
fn signal(status: std::process::ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn signal(_: std::process::ExitStatus) -> Option<i32> {
    None
}
