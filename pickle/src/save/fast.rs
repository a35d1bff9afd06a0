//! Cycles in fast mode, which has no memo to end them.
//!
//! `pickle.py` runs into the recursion limit. The C picklers look for the container that comes again, once
//! they are 50 containers deep.

use std::collections::HashSet;

use halfsour_runtime::{Context, Error, Result, Value, exc};

use super::frame::Frame;
use super::hints;

/// So many containers may nest before a cycle is looked for.
const FAST_LIMIT: usize = 50;

/// The containers being written, outermost first, as far as they count.
#[derive(Debug, Default)]
pub(super) struct FastCycles {
    depth: usize,
    inside: HashSet<usize>,
}

impl FastCycles {
    /// Notes that a container's parts are about to be written.
    pub(super) fn enter<'gc>(&mut self, ctx: Context<'gc>, frame: &Frame<'gc>) -> Result<'gc, ()> {
        let Some(container) = container(frame) else { return Ok(()) };
        self.depth += 1;
        let Some(address) = container.addr().filter(|_| self.depth > FAST_LIMIT) else {
            return Ok(());
        };
        if self.inside.insert(address) {
            return Ok(());
        }
        let class = container.type_name(ctx);
        let message = format!(
            "fast mode: can't pickle cyclic objects including object type {class} at {address:#x}"
        );
        Err(Error::new(&exc::VALUE_ERROR, message).with_hint(hints::FAST))
    }

    /// Notes that a container is written.
    pub(super) fn leave(&mut self, frame: &Frame<'_>) {
        let Some(container) = container(frame) else { return };
        if self.depth > FAST_LIMIT
            && let Some(address) = container.addr()
        {
            self.inside.remove(&address);
        }
        self.depth = self.depth.saturating_sub(1);
    }
}

/// The object of a frame, if cPickle counts it: tuples and reduced objects it does not.
fn container<'gc>(frame: &Frame<'gc>) -> Option<Value<'gc>> {
    match frame {
        Frame::List(frame) => Some(frame.list.into()),
        Frame::Dict(frame) => Some(frame.dict.into()),
        Frame::Classic(frame) => Some(frame.instance.into()),
        Frame::Tuple(_)
        | Frame::Set(_)
        | Frame::FrozenSet(_)
        | Frame::Global(_)
        | Frame::Qualified(_)
        | Frame::Reduce(_)
        | Frame::Build
        | Frame::Items(_)
        | Frame::Opaque(_)
        | Frame::PersistentId => None,
    }
}
