//! [`Range`]: Python 2's `xrange`, Python 3's `range`.

use gc_arena::{Collect, Gc};

use crate::context::Context;
use crate::handle::handle;

handle! {
    /// An immutable sequence of evenly spaced ints: Python 2's `xrange`, Python 3's `range`, within 64 bits.
    Range(RangeInner), "xrange"
}

#[derive(Clone, Copy, Collect)]
#[collect(require_static)]
pub(crate) struct RangeInner {
    start: i64,
    stop: i64,
    step: i64,
}

impl<'gc> Range<'gc> {
    /// Returns the range, or `None` if `step` is zero.
    #[must_use]
    pub fn new(ctx: Context<'gc>, start: i64, stop: i64, step: i64) -> Option<Self> {
        if step == 0 {
            return None;
        }
        Some(Self(Gc::new(ctx.mc, RangeInner { start, stop, step })))
    }

    /// Returns the first item, if there is one.
    #[must_use]
    pub fn start(self) -> i64 {
        self.0.start
    }

    /// Returns the bound that was given; items stop before it.
    #[must_use]
    pub fn stop(self) -> i64 {
        self.0.stop
    }

    /// Returns the distance of the items, never zero.
    #[must_use]
    pub fn step(self) -> i64 {
        self.0.step
    }

    /// Returns the number of items.
    #[must_use]
    pub fn len(self) -> u64 {
        let RangeInner { start, stop, step } = *self.0;
        let (low, high) = if step > 0 { (start, stop) } else { (stop, start) };
        if low >= high {
            return 0;
        }
        (high.abs_diff(low) - 1) / step.unsigned_abs() + 1
    }

    /// Returns whether there are no items.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Returns the item at `index` from the front, or `None` behind the end.
    #[must_use]
    pub fn get(self, index: u64) -> Option<i64> {
        if index >= self.len() {
            return None;
        }
        let offset = i128::from(index) * i128::from(self.0.step);
        i64::try_from(i128::from(self.0.start) + offset).ok()
    }
}
