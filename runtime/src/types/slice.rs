//! [`Slice`].

use gc_arena::{Collect, Gc};

use crate::context::Context;
use crate::handle::handle;
use crate::value::Value;

handle! {
    /// A `slice`: start, stop and step, each any object.
    Slice(SliceInner<'gc>), "slice"
}

#[derive(Collect)]
#[collect(no_drop)]
pub(crate) struct SliceInner<'gc> {
    start: Value<'gc>,
    stop: Value<'gc>,
    step: Value<'gc>,
}

impl<'gc> Slice<'gc> {
    /// Returns a slice; `None` stands for what was not given.
    #[must_use]
    pub fn new(ctx: Context<'gc>, start: Value<'gc>, stop: Value<'gc>, step: Value<'gc>) -> Self {
        Self(Gc::new(ctx.mc, SliceInner { start, stop, step }))
    }

    /// Returns the start.
    #[must_use]
    pub fn start(self) -> Value<'gc> {
        self.0.start
    }

    /// Returns the stop.
    #[must_use]
    pub fn stop(self) -> Value<'gc> {
        self.0.stop
    }

    /// Returns the step.
    #[must_use]
    pub fn step(self) -> Value<'gc> {
        self.0.step
    }
}
