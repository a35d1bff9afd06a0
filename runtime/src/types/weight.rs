//! What large objects weigh.

use gc_arena::Mutation;

/// Below this many bytes an object is an object like any other.
const LARGE: usize = 4096;

/// As many bytes count as an object: twice what one has on average, as they are freed all at once.
const PER_OBJECT: f64 = 256.0;

/// Tells the collector that an object has got so many bytes at once: it counts objects, and would let the garbage of a
/// program that makes few but large ones grow without end.
#[inline]
pub(crate) fn charge(mc: &Mutation<'_>, bytes: usize) {
    if bytes >= LARGE {
        mc.metrics().adjust_debt(bytes as f64 / PER_OBJECT);
    }
}
