//! What Halfsour makes of a pickle.

use halfsour_corpus::pickling::Setup;
use halfsour_corpus::{Description, GoldenLine, describe};
use halfsour_pickle::{Flavour, Missing, Unpickler};
use halfsour_runtime::{Bytes, Context, Dialect, Result, Value};

use crate::streams::{Expected, Stream};

/// Loads a pickle.
pub(crate) fn load<'gc>(ctx: Context<'gc>, stream: &Stream) -> Result<'gc> {
    match &stream.expected {
        Expected::Graph { line, .. } => setup(line, stream.dialect).load(ctx, &stream.bytes),
        Expected::StandIns => Unpickler::new()
            .missing(Missing::Opaque)
            .newer_protocols(true)
            .buffers(|ctx, _| Ok(Some(Bytes::new(ctx, b"").into())))
            .loads(ctx, &stream.bytes),
    }
}

/// Whether it is the graph that a CPython has described, but for the order of dicts and for attributes that a newer
/// CPython's exceptions have; where none has, it is.
pub(crate) fn is_right<'gc>(ctx: Context<'gc>, stream: &Stream, value: Value<'gc>) -> bool {
    let Expected::Graph { description, .. } = &stream.expected else { return true };
    let Ok(found) = describe(ctx, value) else { return false };
    let comparable =
        |graph: &Description| graph.with_sorted_namespaces().without_unset_attributes();
    description.difference(&found).is_none()
        || comparable(description).difference(&comparable(&found)).is_none()
}

fn setup(line: &GoldenLine, dialect: Dialect) -> Setup<'_> {
    let flavour = match line.implementation.as_str() {
        _ if dialect == Dialect::Python3 => Flavour::Python3,
        "cPickle" => Flavour::CPickle,
        _ => Flavour::Pickle,
    };
    let GoldenLine { protocol, options, loads, .. } = line;
    Setup { flavour, protocol: *protocol, options, loads: *loads, buffers: &[], encoding: None }
}
