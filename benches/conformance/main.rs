//! How many pickles come out right: here, and by serde-pickle, which has no classes.
//!
//! `cargo bench --bench conformance` loads every golden pickle that has a description, and every pickle of libraries, by
//! both, and prints how many values are right, silently wrong, and refused. It measures no time.
//!
//! serde-pickle makes trees. A value counts as right if the tree has the right values, each of the nearest type that it
//! has, whatever the order of dicts and however often a shared object is copied. It works in a process of its own, because
//! some pickles make it abort.

mod compare;
mod ours;
mod streams;

use std::env;
use std::io::{self, BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use compare::Verdict;
use halfsour::{Dialect, Runtime};
use halfsour_corpus::Options;
use halfsour_corpus::pickling::prepare;
use streams::{Manifest, manifests};

/// The argument that makes this program the one that loads, followed by a manifest's number and the first stream.
const CHILD: &str = "--child";

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args().collect();
    if !arguments.iter().any(|argument| argument == "--bench" || argument == CHILD) {
        println!("it takes minutes, and `cargo bench --bench conformance` to begin");
        return Ok(());
    }
    let manifests = manifests().map_err(io::Error::other)?;
    if let [_, CHILD, manifest, from] = arguments.iter().map(String::as_str).collect::<Vec<_>>()[..]
    {
        let number = |text: &str| text.parse::<usize>().map_err(io::Error::other);
        serve(&manifests[number(manifest)?], number(from)?);
        return Ok(());
    }
    println!("| pickles | by | right | silently wrong | refused | aborts |");
    println!("|---|---|---|---|---|---|");
    for (number, manifest) in manifests.iter().enumerate() {
        let mut ours = Counts::default();
        let mut theirs = Counts::default();
        for line in outcomes(number, manifest)? {
            let (our, their) = line.split_once(' ').unwrap_or((&line, ""));
            ours.add(our);
            theirs.add(their);
        }
        println!("| {} | Halfsour | {ours} |", manifest.name);
        println!("| | serde-pickle | {theirs} |");
    }
    Ok(())
}

/// Loads the streams of a manifest, and prints what came of each; what is wrong goes to stderr, for who runs this alone.
fn serve(manifest: &Manifest, from: usize) {
    let mut runtimes = [Dialect::Python2, Dialect::Python3].map(Runtime::new);
    for runtime in &mut runtimes {
        if let Err(error) = runtime.try_enter(|ctx| prepare(ctx, &Options::default())) {
            return println!("unprepared {error}");
        }
    }
    let [python2, python3] = &mut runtimes;
    for stream in manifest.streams.iter().skip(from) {
        let runtime =
            if stream.dialect == Dialect::Python2 { &mut *python2 } else { &mut *python3 };
        let judged = runtime.try_enter(|ctx| {
            let value = ours::load(ctx, stream);
            let ours = match &value {
                Err(error) => {
                    eprintln!("{}: {}", stream.name, error.message(ctx));
                    Verdict::Refused
                }
                Ok(value) if ours::is_right(ctx, stream, *value) => Verdict::Right,
                Ok(_) => {
                    eprintln!("{}: another graph", stream.name);
                    Verdict::Wrong
                }
            };
            // What is printed now is there even if the rest aborts.
            print!("{} ", ours.name());
            let _ = io::stdout().flush();
            let theirs = compare::judge(ctx, stream, value.ok());
            if theirs == Verdict::Wrong {
                eprintln!("{}: serde-pickle has another value", stream.name);
            }
            println!("{}", theirs.name());
            Ok(())
        });
        if let Err(error) = judged {
            println!("unprepared {error}");
        }
    }
}

/// What came of every stream of a manifest, ours and theirs, in processes that may abort.
fn outcomes(number: usize, manifest: &Manifest) -> io::Result<Vec<String>> {
    let mut lines: Vec<String> = Vec::new();
    while lines.len() < manifest.streams.len() {
        let mut child = Command::new(env::current_exe()?)
            .args([CHILD, &number.to_string(), &lines.len().to_string()])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let before = lines.len();
        let output = child.stdout.take().ok_or_else(|| io::Error::other("no output"))?;
        lines.extend(BufReader::new(output).lines().collect::<io::Result<Vec<_>>>()?);
        let status = child.wait()?;
        if lines.len() == before {
            return Err(io::Error::other(format!("a child ended with {status}, and did nothing")));
        }
    }
    Ok(lines)
}

#[derive(Default)]
struct Counts([usize; 4]);

impl Counts {
    fn add(&mut self, outcome: &str) {
        let all = [Verdict::Right, Verdict::Wrong, Verdict::Refused];
        let place = all.iter().position(|verdict| verdict.name() == outcome).unwrap_or(all.len());
        self.0[place] += 1;
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [right, wrong, refused, aborts] = self.0;
        write!(f, "{right} | {wrong} | {refused} | {aborts}")
    }
}
