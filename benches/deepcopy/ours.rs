//! halfsour, measured in this process. What is timed includes leaving `enter`, where the collector works off its debt.

use std::hint::black_box;

use criterion::{BenchmarkGroup, measurement::WallTime};
use halfsour_copyreg::copy;
use halfsour_corpus::bench_classes;
use halfsour_pickle::{Flavour, Unpickler};
use halfsour_runtime::Runtime;

/// Deeper than any input, the list nested 100,000 times included.
const RECURSION_LIMIT: usize = 1_000_000;

const NAME: &str = "halfsour";

/// Measures deep copies of what a pickle holds.
pub(crate) fn bench(group: &mut BenchmarkGroup<'_, WallTime>, stream: &[u8]) {
    let mut runtime = Runtime::python2();
    let loaded = runtime.try_enter(|ctx| {
        ctx.set_recursion_limit(RECURSION_LIMIT);
        halfsour_copyreg::install(ctx)?;
        bench_classes::install(ctx)?;
        let object = Unpickler::new().flavour(Flavour::CPickle).loads(ctx, stream)?;
        Ok(ctx.stash(object))
    });
    let object = match loaded {
        Ok(object) => object,
        Err(error) => return println!("{NAME}: {error}"),
    };
    let mut copy = || {
        runtime.try_enter(|ctx| {
            black_box(copy::deepcopy(ctx, ctx.fetch(&object))?);
            Ok(())
        })
    };
    if let Err(error) = copy() {
        return println!("{NAME}: {error}");
    }
    group.bench_function(NAME, |bencher| bencher.iter(&mut copy));
}
