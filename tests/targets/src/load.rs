//! A load from memory and one from a reader come to the same.

use halfsour_corpus::{Description, describe};
use halfsour_pickle::{Flavour, Missing, Unpickler};
use halfsour_runtime::{Context, Result, Runtime, Value};

use crate::{Classes, FLAVOURS, in_runtime};

/// Loads bytes from memory and from a reader, in every flavour, as they are and with stand-ins; both give the same graph,
/// or the same error at the same place. `noload` gets through too.
pub fn load(bytes: &[u8]) {
    for flavour in FLAVOURS {
        in_runtime(flavour, Classes::OfCorpora, |runtime| check(runtime, flavour, bytes));
    }
}

fn check(runtime: &mut Runtime, flavour: Flavour, bytes: &[u8]) -> std::result::Result<(), String> {
    for missing in [Missing::Error, Missing::Opaque] {
        let unpickler = Unpickler::new()
            .flavour(flavour)
            .missing(missing)
            .newer_protocols(missing == Missing::Opaque);
        let from_memory = outcome(runtime, |ctx| unpickler.loads(ctx, bytes));
        let from_reader = outcome(runtime, |ctx| unpickler.load(ctx, bytes));
        if from_memory != from_reader && !is_of_a_frame(&from_memory) {
            return Err(format!("{missing:?}: {from_memory:?} in memory, else {from_reader:?}"));
        }
    }
    let _ = runtime.try_enter(|ctx| Unpickler::new().flavour(flavour).noload(ctx, bytes).map(drop));
    Ok(())
}

/// A graph, or the class, the text and the place of an error.
type Outcome = std::result::Result<Option<Description>, (String, String, Option<u64>)>;

fn outcome(
    runtime: &mut Runtime,
    load: impl for<'gc> FnOnce(Context<'gc>) -> Result<'gc, Value<'gc>>,
) -> Outcome {
    let loaded = runtime.try_enter(|ctx| {
        let graph = load(ctx)?;
        // Not everything can be described, such as a class whose name is no string.
        Ok(describe(ctx, graph).ok())
    });
    loaded.map_err(|error| {
        let offset = error.location().and_then(|it| it.offset);
        (error.class().to_owned(), without_addresses(error.message()), offset)
    })
}

/// Only in memory it is seen that a frame is longer than the rest of the stream.
fn is_of_a_frame(outcome: &Outcome) -> bool {
    matches!(outcome, Err((_, message, _)) if message == "pickle data was truncated")
}

/// A text without the addresses that `repr` shows.
fn without_addresses(text: &str) -> String {
    let mut parts = text.split("0x");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| {
        let rest = part.trim_start_matches(|it: char| it.is_ascii_hexdigit());
        all + "0x" + rest
    })
}
