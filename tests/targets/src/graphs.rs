//! Any graph that is built through the API, dumped and loaded.

use arbitrary::{Arbitrary, Unstructured};
use halfsour_pickle::{Flavour, Pickler, Unpickler};
use halfsour_runtime::{Context, Result};

use crate::graph::{self, Graph};
use crate::{Classes, FLAVOURS, in_runtime, isomorphism};

/// Builds the graph that bytes describe, dumps it at every protocol of every flavour, and loads it, to an isomorphic graph.
/// Its `repr`, its equality with the copy and its deep copy end too.
///
/// # Panics
/// When they do not.
pub fn graph(bytes: &[u8]) {
    let Ok(graph) = Graph::arbitrary(&mut Unstructured::new(bytes)) else { return };
    for flavour in FLAVOURS {
        in_runtime(flavour, Classes::OfGraphs, |runtime| {
            runtime.try_enter(|ctx| check(ctx, flavour, &graph)).map_err(|error| error.to_string())
        });
    }
}

fn check<'gc>(ctx: Context<'gc>, flavour: Flavour, graph: &Graph) -> Result<'gc, ()> {
    let built = graph::build(ctx, graph)?;
    for protocol in 0..=i32::from(flavour.highest_protocol()) {
        let dumped = Pickler::new().flavour(flavour).protocol(protocol).dumps(ctx, built)?;
        let loaded = Unpickler::new().flavour(flavour).loads(ctx, &dumped)?;
        isomorphism::check(ctx, built, loaded)?;
        // A cycle is too deep to be compared, as in Python.
        let _ = built.equals(ctx, loaded);
    }
    let _ = built.repr(ctx);
    let copied = ctx.import_from("copy", "deepcopy")?.call(ctx, (built,))?;
    isomorphism::check(ctx, built, copied)
}
