//! What was loaded, dumped and loaded again is what was loaded first.

use halfsour_pickle::tools::{self, Target};
use halfsour_pickle::{Flavour, Missing, Pickler, Unpickler};
use halfsour_runtime::{Runtime, Uncaught};

use crate::{Classes, FLAVOURS, in_runtime, isomorphism};

/// Loads bytes with stand-ins; what can be dumped loads again, to an isomorphic graph.
///
/// # Panics
/// When it does not.
pub fn roundtrip(bytes: &[u8]) {
    for flavour in FLAVOURS {
        for protocol in protocols(flavour) {
            in_runtime(flavour, Classes::None, |runtime| {
                let checked = check(runtime, flavour, protocol, bytes);
                checked.map_err(|error| format!("protocol {protocol}: {error}"))
            });
        }
    }
}

fn check(
    runtime: &mut Runtime,
    flavour: Flavour,
    protocol: i32,
    bytes: &[u8],
) -> Result<(), Uncaught> {
    let unpickler = Unpickler::new().flavour(flavour).missing(Missing::Opaque);
    // Under the names of Python 2 several exceptions are one.
    let pickler = Pickler::new().flavour(flavour).protocol(protocol).fix_imports(false);
    runtime.try_enter(|ctx| {
        let Ok(graph) = unpickler.loads(ctx, bytes) else { return Ok(()) };
        let Ok(dumped) = pickler.dumps(ctx, graph) else { return Ok(()) };
        let again = unpickler.fix_imports(false).loads(ctx, &dumped)?;
        // In protocol 0 every persistent id is a line of text.
        if protocol == 0 && reaches(bytes, |it| matches!(it, Target::Persistent)) {
            return Ok(());
        }
        // Below protocol 4 what is nested in a class is written as a call, of which there is a stand-in then.
        let is_nested =
            |it: &Target| matches!(it, Target::Global { name, .. } if name.contains('.'));
        if protocol < 4 && reaches(bytes, is_nested) {
            return Ok(());
        }
        isomorphism::check(ctx, graph, again)
    })
}

/// Whether a stream reaches something of a kind; one that is refused before its end may reach anything.
fn reaches(bytes: &[u8], kind: impl Fn(&Target) -> bool) -> bool {
    let Ok(globals) = tools::globals(bytes) else { return true };
    globals.reached().any(|it| kind(it.target()))
}

fn protocols(flavour: Flavour) -> impl Iterator<Item = i32> {
    [0, 2, 4].into_iter().filter(move |&it| it <= i32::from(flavour.highest_protocol()))
}
