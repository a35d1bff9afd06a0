//! Reduce values with a state setter, which only `pickle` supports.

use halfsour_runtime::{Class, Function, Value, exc};

use crate::common::{assert_raises, deep, shallow, tuple};
use crate::python;

fn check(with_setter: bool) {
    python(|ctx| {
        let setter = match with_setter {
            true => Function::new(ctx, "setter", |_, _| panic!("shouldn't call this")).into(),
            false => Value::None,
        };
        let class = Class::builder(ctx, "C")
            .attr("setter", Value::staticmethod(ctx, setter))
            .method("__reduce__", |ctx, this, _| {
                let class = this.get_attr(ctx, "__class__")?;
                let state = this.get_attr(ctx, "__dict__")?;
                let setter = this.get_attr(ctx, "setter")?;
                let none = Value::None;
                Ok(tuple(ctx, &[class, tuple(ctx, &[]), state, none, none, setter]))
            })
            .build()?;
        let x = Value::from(class).call(ctx, ())?;
        for copied in [shallow(ctx, x), deep(ctx, x)] {
            let message = assert_raises(ctx, &exc::TYPE_ERROR, copied);
            let expected = "_reconstruct() takes from 4 to 7 positional arguments but 8 were given";
            assert_eq!(message, expected);
        }
        Ok(())
    });
}

#[test]
fn test_reduce_6tuple() {
    check(true);
}

#[test]
fn test_reduce_6tuple_none() {
    check(false);
}
