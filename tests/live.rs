//! Live: a real CPython 2.7 loads what we wrote, with `pickle` and with `cPickle`, to the graph that we load it to; and so do
//! a CPython 3.8, a 3.11 and a 3.13.
//!
//! What we write is every golden line's object again, in each flavour that can dump it. Without a CPython the tests are
//! skipped, and the last line says how many.

use std::process::ExitCode;

use halfsour_corpus::pickling::{Runtimes, Setup};
use halfsour_corpus::python::{Described, Question, Session, find_python, find_python27};
use halfsour_corpus::{Description, Failures, GoldenLine, Result, describe_sorted, folder};
use halfsour_pickle::Flavour;
use halfsour_runtime::Uncaught;
use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trial = Trial::test("live against CPython 2.7", || {
        let wrong = run().map_err(|error| error.to_string())?;
        wrong.into_result("streams").map_err(Into::into)
    });
    let mut trials = vec![trial];
    trials.extend(["3.8", "3.11", "3.13"].map(|version| {
        Trial::test(format!("live against CPython {version}"), move || {
            let wrong = run_python3(version).map_err(|error| error.to_string())?;
            wrong.into_result("streams").map_err(Into::into)
        })
    }));
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// As [`run`], for a Python 3.
fn run_python3(version: &str) -> Result<Failures> {
    let mut lines = lines("3.13.")?;
    // The buffers that such a dump gives are not kept.
    lines.retain(|line| line.implementation != "_Pickler" && line.options.oob.is_none());
    let Some(python) = find_python(version) else {
        println!("live tests of {version}: 0 ran, {} skipped: no such CPython found", lines.len());
        return Ok(Failures::default());
    };
    let mut session = Session::start_python3(&python)?;
    let (mut ran, mut lacking, mut wrong) = (0, 0, Failures::default());
    let mut runtimes = Runtimes::default();
    for line in &lines {
        let Some((stream, ours)) = written(line, Flavour::Python3, &mut runtimes)? else {
            continue;
        };
        ran += 1;
        let (options, loads) = (&line.options, line.loads);
        let question = Question { module: "pickle", stream: &stream, options, loads, buffers: &[] };
        let theirs = session.ask(&question)?;
        // Before 3.10 the attribute `name` is one like any other, in the `__dict__`.
        let name = matches!(&ours, Ok(graph) if graph.sets_attribute_of("AttributeError"));
        if version != "3.13" && lacks_global(&theirs) || version == "3.8" && name {
            lacking += 1;
        } else if let Some(difference) = difference(&ours, &theirs) {
            wrong.add(line.label(), difference);
        }
    }
    println!(
        "live tests of {version}: {ran} ran, 0 skipped, {lacking} of them with what it does not have yet"
    );
    Ok(wrong)
}

/// Whether a stream names what an older Python does not have.
fn lacks_global(theirs: &Described) -> bool {
    let Described::Raised(refusal) = theirs else { return false };
    refusal.0 == "AttributeError" && refusal.1.contains("attribute")
}

/// Runs every test that can be run, prints the totals, and returns what went wrong.
fn run() -> Result<Failures> {
    let lines = lines("2.")?;
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
    let mut runtimes = Runtimes::default();
    for (line, (module, flavour)) in
        lines.iter().flat_map(|line| modules.map(|module| (line, module)))
    {
        let Some((stream, ours)) = written(line, flavour, &mut runtimes)? else { continue };
        ran += 1;
        let question = Question {
            module,
            stream: &stream,
            options: &line.options,
            loads: line.loads,
            buffers: &[],
        };
        if let Some(difference) = difference(&ours, &session.ask(&question)?) {
            wrong.add(format!("{} by {module}", line.label()), difference);
        }
    }
    println!("live tests: {ran} ran, 0 skipped");
    Ok(wrong)
}

/// The lines of a version whose streams load; `lib/` needs more of the library than there is yet.
fn lines(version: &str) -> Result<Vec<GoldenLine>> {
    let mut all = Vec::new();
    for corpus in folder::corpora() {
        for path in folder::golden_manifests(&corpus)? {
            let lines = GoldenLine::read_manifest(&path)?;
            all.extend(lines.into_iter().filter(|line| {
                line.python.starts_with(version) && line.group() != "lib" && line.desc.is_some()
            }));
        }
    }
    Ok(all)
}

type Loaded = std::result::Result<Description, Uncaught>;

/// What we write for a line's object, and what we load that to; nothing if the object cannot be dumped again.
fn written(
    line: &GoldenLine,
    flavour: Flavour,
    runtimes: &mut Runtimes,
) -> Result<Option<(Vec<u8>, Loaded)>> {
    let by = match line.implementation.as_str() {
        "cPickle" => Flavour::CPickle,
        _ if flavour == Flavour::Python3 => Flavour::Python3,
        _ => Flavour::Pickle,
    };
    let buffers = line.buffers.iter().map(|buffer| Ok((buffer.bytes()?, buffer.read_only)));
    let buffers = buffers.collect::<Result<Vec<_>>>()?;
    let setup = |flavour| Setup {
        flavour,
        protocol: line.protocol,
        options: &line.options,
        loads: line.loads,
        buffers: &buffers,
        encoding: None,
    };
    let stream = line.stream()?.unwrap_or_default();
    let dumped = runtimes.with(flavour, &line.options)?.try_enter(|ctx| {
        let object = setup(by).load(ctx, &stream)?;
        setup(flavour).dump(ctx, object)
    });
    let Ok(stream) = dumped else { return Ok(None) };
    let loaded = runtimes
        .with(flavour, &line.options)?
        .try_enter(|ctx| describe_sorted(ctx, setup(flavour).load(ctx, &stream)?));
    Ok(Some((stream, loaded)))
}

/// What differs between what we loaded and what CPython did.
fn difference(ours: &Loaded, theirs: &Described) -> Option<String> {
    match (ours, theirs) {
        (Ok(ours), Described::Loaded(theirs)) => {
            theirs.without_unset_attributes().difference(&ours.without_unset_attributes())
        }
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
