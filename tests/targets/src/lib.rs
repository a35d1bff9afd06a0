//! What Halfsour is fuzzed for: each property as a function of arbitrary bytes, which panics where it does not hold.
//!
//! `fuzz/` has a target of cargo-fuzz for each, and `cargo test --test fuzz` calls the same functions with the streams of the
//! corpora and with what random edits make of those, without a nightly compiler. What is outside of the functions' bytes,
//! such as runtimes, is made anew now and then, so that a failure does not depend on what came before for long.

mod cpython;
pub mod graph;
mod graphs;
pub mod isomorphism;
mod load;
mod roundtrip;
mod seeds;
mod shelf;
mod tools_agree;

pub use self::cpython::cpython;
pub use self::graphs::graph as graph_of_bytes;
pub use self::load::load;
pub use self::roundtrip::roundtrip;
pub use self::seeds::seeds;
pub use self::shelf::shelf;
pub use self::tools_agree::tools_agree;

use std::cell::RefCell;

use halfsour_corpus::Options;
use halfsour_corpus::pickling::prepare;
use halfsour_pickle::Flavour;
use halfsour_runtime::Runtime;

/// Every flavour.
const FLAVOURS: [Flavour; 3] = [Flavour::Pickle, Flavour::CPickle, Flavour::Python3];

/// What streams find.
#[derive(Clone, Copy, Debug)]
enum Classes {
    /// Those of the corpora, some of which are not what their pickles say.
    OfCorpora,
    /// Nothing but what is built in.
    None,
    /// Those of graphs that are built through the API.
    OfGraphs,
}

/// How many streams a runtime is used for.
const USES: usize = 200;

/// A runtime, and how often it was used.
type Used = Option<(Runtime, usize)>;

thread_local! {
    /// A runtime for each Python and each set of classes.
    static RUNTIMES: RefCell<[[Used; 3]; 2]> =
        const { RefCell::new([const { [const { None }; 3] }; 2]) };
}

/// Runs a check in a runtime that was used before; should that fail, what an earlier stream has left behind may be the
/// reason, and a new runtime decides.
fn in_runtime(
    flavour: Flavour,
    classes: Classes,
    check: impl Fn(&mut Runtime) -> Result<(), String>,
) {
    let python = usize::from(flavour == Flavour::Python3);
    // Taken out, so that a check that panics leaves none behind.
    let used = RUNTIMES.with_borrow_mut(|runtimes| runtimes[python][classes as usize].take());
    let (mut runtime, uses) =
        used.filter(|(_, uses)| *uses < USES).unwrap_or_else(|| (new_runtime(flavour, classes), 0));
    if check(&mut runtime).is_ok() {
        RUNTIMES.with_borrow_mut(|runtimes| {
            runtimes[python][classes as usize] = Some((runtime, uses + 1))
        });
    } else if let Err(failure) = check(&mut new_runtime(flavour, classes)) {
        panic!("{flavour:?}: {failure}");
    }
}

/// A runtime of the Python of a flavour, with the modules that streams reach.
fn new_runtime(flavour: Flavour, classes: Classes) -> Runtime {
    let mut runtime = match flavour {
        Flavour::Python3 => Runtime::python3(),
        Flavour::Pickle | Flavour::CPickle => Runtime::python2(),
    };
    let prepared = runtime.try_enter(|ctx| match classes {
        Classes::OfCorpora => prepare(ctx, &Options::default()),
        Classes::None => halfsour_copyreg::install(ctx),
        Classes::OfGraphs => {
            halfsour_copyreg::install(ctx)?;
            halfsour_copyreg::copy::install(ctx)?;
            graph::define_classes(ctx)
        }
    });
    assert!(prepared.is_ok(), "the modules are defined: {prepared:?}");
    runtime
}
