//! The memo.

use halfsour_runtime::{Dict, Value};

use crate::common::{assert_is, deep_with};
use crate::python;

#[test]
fn test_deepcopy_keepalive() {
    python(|ctx| {
        let memo = Dict::new(ctx);
        let x = Value::Int(42);
        deep_with(ctx, x, memo)?;
        let known = memo.get(ctx, x.id(ctx))?.expect("2.7 memoizes even atoms");
        assert_is(known, x);
        Ok(())
    });
}
