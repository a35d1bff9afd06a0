//! halfsour, measured in this process. What is timed includes leaving `enter`, where the collector works off its debt.

use std::hint::black_box;

use criterion::{BenchmarkGroup, measurement::WallTime};
use halfsour_corpus::bench_classes;
use halfsour_pickle::{Flavour, Pickler, Unpickler};
use halfsour_runtime::{Runtime, Uncaught};

/// Deeper than any input, the list nested 100,000 times included.
const RECURSION_LIMIT: usize = 1_000_000;

const NAME: &str = "halfsour";

fn runtime() -> Result<Runtime, Uncaught> {
    let mut runtime = Runtime::python2();
    runtime.try_enter(|ctx| {
        ctx.set_recursion_limit(RECURSION_LIMIT);
        halfsour_copyreg::install(ctx)?;
        bench_classes::install(ctx)
    })?;
    Ok(runtime)
}

/// Measures loading, the drop of what was loaded included.
pub(crate) fn load(group: &mut BenchmarkGroup<'_, WallTime>, stream: &[u8]) {
    let unpickler = Unpickler::new().flavour(Flavour::CPickle);
    let load = |runtime: &mut Runtime| {
        runtime.try_enter(|ctx| {
            black_box(unpickler.loads(ctx, black_box(stream))?);
            Ok(())
        })
    };
    let mut runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(error) => return println!("{NAME}: {error}"),
    };
    if let Err(error) = load(&mut runtime) {
        return println!("{NAME}: {error}");
    }
    group.bench_function(NAME, |bencher| bencher.iter(|| load(&mut runtime)));
}

/// Measures dumping what was loaded once.
pub(crate) fn dump(group: &mut BenchmarkGroup<'_, WallTime>, stream: &[u8]) {
    let pickler = Pickler::new().flavour(Flavour::CPickle).protocol(2);
    let loaded = runtime().and_then(|mut runtime| {
        let value = runtime.try_enter(|ctx| {
            let value = Unpickler::new().flavour(Flavour::CPickle).loads(ctx, stream)?;
            Ok(ctx.stash(value))
        })?;
        Ok((runtime, value))
    });
    let (mut runtime, value) = match loaded {
        Ok(loaded) => loaded,
        Err(error) => return println!("{NAME}: {error}"),
    };
    let mut dump = || runtime.try_enter(|ctx| pickler.dumps(ctx, ctx.fetch(&value)));
    if let Err(error) = dump() {
        return println!("{NAME}: {error}");
    }
    group.bench_function(NAME, |bencher| bencher.iter(|| black_box(dump())));
}
