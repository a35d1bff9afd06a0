//! The memo.

use halfsour_runtime::{Dict, Value};

use crate::common::{assert_is, deep, deep_with, ints, item, list, tuple};
use crate::python;

#[test]
fn test_deepcopy_keepalive() {
    python(|ctx| {
        let memo = Dict::new(ctx);
        let x = list(ctx, &[]);
        deep_with(ctx, x, memo)?;
        let kept = memo.get(ctx, Value::from(memo).id(ctx))?.expect("x is kept alive");
        assert_is(item(kept, 0), x);
        Ok(())
    });
}

#[test]
fn test_deepcopy_dont_memo_immutable() {
    python(|ctx| {
        for x in
            [ints(ctx, &[1, 2, 3, 4]), list(ctx, &[tuple(ctx, &[Value::Int(1), Value::Int(2)])])]
        {
            let memo = Dict::new(ctx);
            let y = deep_with(ctx, x, memo)?;
            assert!(y.equals(ctx, x)?);
            // The list, and the list of what is kept alive.
            assert_eq!(memo.len(), 2);
        }
        Ok(())
    });
}

#[test]
fn test_deepcopy_empty_tuple() {
    python(|ctx| {
        let x = tuple(ctx, &[]);
        assert_is(deep(ctx, x)?, x);
        Ok(())
    });
}

#[test]
fn test_deepcopy_tuple_of_immutables() {
    python(|ctx| {
        let x = tuple(ctx, &[tuple(ctx, &[Value::Int(1), Value::Int(2)]), Value::Int(3)]);
        assert_is(deep(ctx, x)?, x);
        Ok(())
    });
}
