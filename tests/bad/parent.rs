//! The parent: gives the streams to children, one at a time, and counts.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use halfsour_corpus::{Failures, Outcome, encode_base64};

use crate::Manifest;
use crate::child::{Answer, Question, VARIABLE};
use crate::judge::judge;

/// How long a stream may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// How much address space a child may have, in KiB.
const MEMORY: u64 = 1 << 20;

/// Checks every stream of a manifest that an implementation's Python was asked about, in the flavour of that.
pub(crate) fn check(manifest: &Manifest, implementation: &'static str) -> Result<(), String> {
    let mut server = Server { implementation, running: None };
    // The implementation in Python, and the one in C.
    let (pure, by_c) = match implementation {
        "loads" => ("_loads", "loads"),
        _ => ("pickle.py", "cPickle"),
    };
    let (mut all, mut good, mut raised, mut same_class) = (0, 0, 0, 0);
    let mut wrong = Failures::default();
    for input in &manifest.inputs {
        let (Some(of_pure), Some(of_c)) = (input.outcome(pure), input.outcome(by_c)) else {
            continue;
        };
        all += 1;
        let stream = input.stream().map_err(|error| error.to_string())?;
        let answer = server.ask(&stream);
        if let (Ok(Answer::Raised(found)), Outcome::Raised(expected)) = (&answer, &of_c) {
            raised += 1;
            same_class += usize::from(found.class == in_our_words(&expected.0));
        }
        match answer.and_then(|answer| judge(manifest, &stream, &of_pure, &of_c, &answer)) {
            Ok(()) => good += 1,
            Err(error) => wrong.add(input.case.clone(), error),
        }
    }
    println!(
        "bad {} {implementation}: {good} of {all}; the class is that of {by_c} for {same_class} of {raised} errors",
        manifest.name
    );
    wrong.into_result("streams")
}

/// The name of an exception's class. 3.13 has those of `pickle` from the C module.
pub(crate) fn in_our_words(class: &str) -> &str {
    class.strip_prefix('_').unwrap_or(class)
}

/// Starts children as they are needed.
struct Server {
    implementation: &'static str,
    running: Option<Running>,
}

struct Running {
    child: Child,
    input: ChildStdin,
    answers: Receiver<String>,
}

impl Server {
    fn ask(&mut self, stream: &[u8]) -> Result<Answer, String> {
        let mut running = match self.running.take() {
            Some(running) => running,
            None => Running::start().map_err(|error| format!("no child: {error}"))?,
        };
        let question = Question {
            implementation: self.implementation.to_owned(),
            stream: encode_base64(stream),
        };
        let question = serde_json::to_string(&question).map_err(|error| error.to_string())?;
        writeln!(running.input, "{question}")
            .map_err(|error| format!("the child is gone: {error}"))?;
        let Ok(answer) = running.answers.recv_timeout(PATIENCE) else { return Err(running.end()) };
        let answer =
            serde_json::from_str(&answer).map_err(|error| format!("{error} in {answer}"))?;
        self.running = Some(running);
        Ok(answer)
    }
}

impl Running {
    fn start() -> std::io::Result<Self> {
        let mut child = limited(&std::env::current_exe()?)
            .env(VARIABLE, "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (input, output) = pipes.ok_or_else(|| std::io::Error::other("no pipes"))?;
        let (sender, answers) = channel();
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Ok(Self { child, input, answers })
    }

    /// Ends a child that did not answer, and says what was wrong with it.
    fn end(mut self) -> String {
        match self.child.try_wait() {
            Ok(Some(status)) => format!("the child died: {status}"),
            _ => {
                // Killing fails if it ended in the meantime, which comes to the same.
                let _ = self.child.kill();
                match self.child.wait() {
                    Ok(status) => format!("no answer within {PATIENCE:?}, or it died: {status}"),
                    Err(error) => error.to_string(),
                }
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The program under a limit of memory, where the system has a shell that can set one.
fn limited(program: &std::path::Path) -> Command {
    if !cfg!(unix) {
        return Command::new(program);
    }
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("ulimit -v {MEMORY} && exec \"$0\"")).arg(program);
    command
}
