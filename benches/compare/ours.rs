//! halfsour. What is timed includes leaving `enter`, where the collector works off its debt.

use halfsour_copyreg::copy;
use halfsour_corpus::bench_classes;
use halfsour_pickle::{Flavour, Pickler, Unpickler};
use halfsour_runtime::{Context, Dialect, Result, Runtime, Stashed, Value};

use crate::child::{Outcome, answer_all};
use crate::job::{Job, Task};

/// Deeper than any input, the list nested a million times included.
const RECURSION_LIMIT: usize = 10_000_000;

/// A runtime with the classes of the inputs.
pub(crate) fn runtime(dialect: Dialect) -> Outcome<Runtime> {
    let mut runtime = Runtime::new(dialect);
    runtime.try_enter(|ctx| {
        ctx.set_recursion_limit(RECURSION_LIMIT);
        halfsour_copyreg::install(ctx)?;
        bench_classes::install(ctx)
    })?;
    Ok(runtime)
}

/// The child.
pub(crate) fn serve(job: &Job, stream: &[u8]) -> Outcome {
    let mut runtime = runtime(job.dialect)?;
    match job.task {
        Task::Load => answer_all(job.task, || {
            Ok(runtime.try_enter(|ctx| load(ctx, job.dialect, stream).map(drop))?)
        }),
        Task::Hold => answer_all(job.task, || stash(&mut runtime, job.dialect, stream)),
        Task::Dump => {
            let object = stash(&mut runtime, job.dialect, stream)?;
            let flavour = job.dialect.pick(Flavour::CPickle, Flavour::Python3);
            let pickler = Pickler::new().flavour(flavour).protocol(job.protocol.into());
            answer_all(job.task, || {
                Ok(runtime.try_enter(|ctx| pickler.dumps(ctx, ctx.fetch(&object)))?)
            })
        }
        Task::DeepCopy => {
            let object = stash(&mut runtime, job.dialect, stream)?;
            answer_all(job.task, || {
                Ok(runtime.try_enter(|ctx| copy::deepcopy(ctx, ctx.fetch(&object)).map(drop))?)
            })
        }
    }
}

/// Loads a pickle of a dialect's CPython.
pub(crate) fn load<'gc>(ctx: Context<'gc>, dialect: Dialect, stream: &[u8]) -> Result<'gc> {
    let flavour = dialect.pick(Flavour::CPickle, Flavour::Python3);
    Unpickler::new().flavour(flavour).loads(ctx, stream)
}

fn stash(
    runtime: &mut Runtime,
    dialect: Dialect,
    stream: &[u8],
) -> Outcome<Stashed<Value<'static>>> {
    Ok(runtime.try_enter(|ctx| Ok(ctx.stash(load(ctx, dialect, stream)?)))?)
}
