//! Optimized pickles load to the graph that the pickles load to: what `OptimizedPickleTests` of CPython's
//! `test_pickletools.py` asks of every object of `pickletester.py`, asked of every object of the golden corpus.

use halfsour_corpus::pickling::{Setup, prepare};
use halfsour_corpus::{Description, GoldenLine, Options, Result, describe, folder, same_strings};
use halfsour_pickle::{Flavour, tools};
use halfsour_runtime::{Dialect, Runtime, Uncaught};

/// A graph, and which of its strings are one object.
type Graph = (Description, Vec<Vec<usize>>);

#[test]
fn optimized_pickles_load_to_the_same_graph() -> Result<()> {
    let mut shared = runtime(&Options::default());
    let (mut same, mut refused) = (0, 0);
    for line in lines()? {
        let Some(stream) = line.stream()? else { continue };
        let optimized = tools::optimize(&stream, Dialect::Python2).expect("a sound pickle");
        // Extension codes are registered for good.
        let mut own = (!line.options.ext.is_empty()).then(|| runtime(&line.options));
        let runtime = own.as_mut().unwrap_or(&mut shared);
        let (before, after) = (load(runtime, &line, &stream), load(runtime, &line, &optimized));
        match (before, after) {
            (Ok(before), Ok(after)) => {
                assert_eq!(before.0.difference(&after.0), None, "{}", line.case);
                assert_eq!(before.1, after.1, "{}", line.case);
                same += 1;
            }
            (Err(before), Err(after)) => {
                assert_eq!(before.message(), after.message(), "{}", line.case);
                refused += 1;
            }
            (before, after) => panic!("{}: {:?}, {:?}", line.case, before.err(), after.err()),
        }
    }
    println!(
        "optimized: {same} of {} load to the same graph, {refused} not at all",
        same + refused
    );
    assert!(same > 1000, "only {same}");
    Ok(())
}

/// The lines of 2.7 with a single pickle each, which the CPython that wrote it loads.
fn lines() -> Result<Vec<GoldenLine>> {
    let mut all = Vec::new();
    for path in folder::golden_manifests(&folder::data())? {
        all.extend(GoldenLine::read_manifest(&path)?);
    }
    all.retain(|line| line.python.starts_with("2.") && line.desc.is_some() && line.loads.is_none());
    Ok(all)
}

fn runtime(options: &Options) -> Runtime {
    let mut runtime = Runtime::python2();
    runtime.try_enter(|ctx| prepare(ctx, options)).expect("the classes of the corpus");
    runtime
}

fn load(
    runtime: &mut Runtime,
    line: &GoldenLine,
    stream: &[u8],
) -> std::result::Result<Graph, Uncaught> {
    let flavour = if line.implementation == "cPickle" { Flavour::CPickle } else { Flavour::Pickle };
    let setup = Setup {
        flavour,
        protocol: line.protocol,
        options: &line.options,
        loads: line.loads,
        buffers: &[],
        encoding: None,
    };
    runtime.try_enter(|ctx| {
        let loaded = setup.load(ctx, stream)?;
        Ok((describe(ctx, loaded)?, same_strings(ctx, loaded)?))
    })
}
