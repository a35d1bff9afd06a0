//! Live: a real CPython 2.7 loads what we wrote, with `pickle` and with `cPickle`, to the graph that we load it to.
//!
//! What we write is every golden line's object again, in each flavour that can dump it. Without a CPython 2.7 the tests are
//! skipped, and the last line says how many.

use std::process::ExitCode;

use halfsour_corpus::pickling::{Setup, prepare};
use halfsour_corpus::python::{Described, Question, Session, find_python27};
use halfsour_corpus::{
    CorpusError, Description, Failures, GoldenLine, Result, describe_sorted, folder,
};
use halfsour_pickle::Flavour;
use halfsour_runtime::{Runtime, Uncaught};
use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trial = Trial::test("live against CPython 2.7", || {
        let wrong = run().map_err(|error| error.to_string())?;
        wrong.into_result("streams").map_err(Into::into)
    });
    libtest_mimic::run(&arguments, vec![trial]).exit_code()
}

/// Runs every test that can be run, prints the totals, and returns what went wrong.
fn run() -> Result<Failures> {
    let lines = lines()?;
    let modules = [("pickle", Flavour::Pickle), ("cPickle", Flavour::CPickle)];
    let Some(python) = find_python27() else {
        println!(
            "live tests: 0 ran, {} skipped: no CPython 2.7 found",
            lines.len() * modules.len()
        );
        return Ok(Failures::default());
    };
    let mut session = Session::start(&python)?;
    let (mut ran, mut wrong) = (0, Failures::default());
    for (line, (module, flavour)) in
        lines.iter().flat_map(|line| modules.map(|module| (line, module)))
    {
        let Some((stream, ours)) = written(line, flavour)? else { continue };
        ran += 1;
        let question =
            Question { module, stream: &stream, options: &line.options, loads: line.loads };
        if let Some(difference) = difference(&ours, &session.ask(&question)?) {
            wrong.add(format!("{} by {module}", line.label()), difference);
        }
    }
    println!("live tests: {ran} ran, 0 skipped");
    Ok(wrong)
}

/// The lines of 2.7 whose streams load; `lib/` needs more of the library than there is yet.
fn lines() -> Result<Vec<GoldenLine>> {
    let mut all = Vec::new();
    for corpus in folder::corpora() {
        for path in folder::golden_manifests(&corpus)? {
            let lines = GoldenLine::read_manifest(&path)?;
            all.extend(lines.into_iter().filter(|line| {
                line.python.starts_with("2.") && line.group() != "lib" && line.desc.is_some()
            }));
        }
    }
    Ok(all)
}

type Loaded = std::result::Result<Description, Uncaught>;

/// What we write for a line's object, and what we load that to; nothing if the object cannot be dumped again.
fn written(line: &GoldenLine, flavour: Flavour) -> Result<Option<(Vec<u8>, Loaded)>> {
    let by = if line.implementation == "cPickle" { Flavour::CPickle } else { Flavour::Pickle };
    let setup = |flavour| Setup {
        flavour,
        protocol: line.protocol,
        options: &line.options,
        loads: line.loads,
        buffers: &[],
        encoding: None,
    };
    let stream = line.stream()?.unwrap_or_default();
    let dumped = prepared(line)?.try_enter(|ctx| {
        let object = setup(by).load(ctx, &stream)?;
        setup(flavour).dump(ctx, object)
    });
    let Ok(stream) = dumped else { return Ok(None) };
    let loaded =
        prepared(line)?.try_enter(|ctx| describe_sorted(ctx, setup(flavour).load(ctx, &stream)?));
    Ok(Some((stream, loaded)))
}

/// A runtime that has what a line needs.
fn prepared(line: &GoldenLine) -> Result<Runtime> {
    let mut runtime = Runtime::python2();
    let prepared = runtime.try_enter(|ctx| prepare(ctx, &line.options));
    prepared.map(|()| runtime).map_err(|error| CorpusError::Runtime(error.to_string()))
}

/// What differs between what we loaded and what CPython did.
fn difference(ours: &Loaded, theirs: &Described) -> Option<String> {
    match (ours, theirs) {
        (Ok(ours), Described::Loaded(theirs)) => theirs.difference(ours),
        (Err(ours), Described::Raised(theirs)) => {
            let same = ours.class().rsplit('.').next() == Some(theirs.0.as_str());
            (!same).then(|| format!("CPython raises {theirs:?}, we raise {ours}"))
        }
        (Err(ours), Described::Loaded(_)) => Some(format!("CPython loads it, we raise {ours}")),
        (Ok(_), Described::Raised(theirs)) => {
            Some(format!("CPython raises {theirs:?}, we load it"))
        }
    }
}
