//! What `__reduce__` gives.

use halfsour::{Dict, Error, Value, exc};

use crate::common::{assert_equal, class, function, list, make, plain, tuple};
use crate::python;

#[test]
fn test_issue24097() {
    python(|ctx| {
        // A name of a class of its own is not interned, and replaced while it is used.
        let s = Value::from(plain(ctx, "S", &[ctx.types().bytes]));
        let a = class(ctx, "A").build()?;
        a.define(ctx, "__slotnames__", list(ctx, &[s.call(ctx, ("spam",))?]))?;
        let hook = function(ctx, "__getattr__", (a, s), |ctx, captured, args| {
            let (_, name): (Value<'_>, String) = args.parse(ctx, "__getattr__")?;
            if name != "spam" {
                return Err(Error::new(&exc::ATTRIBUTE_ERROR, name));
            }
            let (a, s) = (crate::common::item(captured, 0), crate::common::item(captured, 1));
            let names = a.get_attr(ctx, "__slotnames__")?;
            names.set_item(ctx, 0, s.call(ctx, ("spam",))?)?;
            Ok(Value::Int(42))
        });
        a.define(ctx, "__getattr__", hook)?;
        let state = Dict::new(ctx);
        state.insert(ctx, ctx.str("spam"), Value::Int(42))?;
        let expected = [
            ctx.import_from("copy_reg", "__newobj__")?,
            tuple(ctx, &[a.into()]),
            tuple(ctx, &[Dict::new(ctx).into(), state.into()]),
            Value::None,
            Value::None,
        ];
        let reduced = make(ctx, a)?.call_method(ctx, "__reduce__", (2,))?;
        assert_equal(ctx, reduced, tuple(ctx, &expected))
    });
}
