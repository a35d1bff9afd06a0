//! Objects that cannot be reduced.

use halfsour::pickle::{PICKLING_ERROR, cpickle};
use halfsour::{Context, Result, exc};

use crate::assertions::assert_raises;
use crate::classes;
use crate::implementation::Implementation;
use crate::objects::PROTOCOLS;

/// A `__getattr__` that never ends ends in RuntimeError.
pub(super) fn test_bad_getattr<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let original = classes::new(ctx, "BadGetattr")?;
    for protocol in PROTOCOLS {
        let dumped = by.dumps(ctx, original, protocol);
        assert_raises(ctx, &[&exc::RUNTIME_ERROR], dumped, protocol);
    }
    Ok(())
}

/// What must be iterators may be refused, and may be taken: pickle.py does at protocol 0.
pub(super) fn test_reduce_bad_iterator<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let allowed = [&exc::ATTRIBUTE_ERROR, &PICKLING_ERROR, &cpickle::PICKLING_ERROR];
    for protocol in PROTOCOLS {
        for class in ["ItemsFromList", "PairsFromList"] {
            let dumped = by.dumps(ctx, classes::new(ctx, class)?, protocol);
            if dumped.is_err() {
                assert_raises(ctx, &allowed, dumped, (class, protocol));
            }
        }
    }
    Ok(())
}
