//! The read-only view of a class's namespace.

use halfsour_runtime::{Context, Result, Value};

use crate::common::{builtin, class, plain, python};

/// `class C(object): def meth(self): pass`, and its `__dict__`.
fn namespace<'gc>(ctx: Context<'gc>) -> Result<'gc> {
    let c = class(ctx, "C").method("meth", |_, _, _| Ok(Value::None)).build()?;
    Value::from(c).get_attr(ctx, "__dict__")
}

const NAMES: [&str; 5] = ["__dict__", "__doc__", "__module__", "__weakref__", "meth"];

/// The sorted keys of what a method of the proxy gives.
fn sorted<'gc>(
    ctx: Context<'gc>,
    method: &str,
    key: fn(Value<'gc>) -> Value<'gc>,
) -> Result<'gc, Vec<String>> {
    let items = namespace(ctx)?.call_method(ctx, method, ())?.iter(ctx)?.collect_vec(ctx)?;
    let keys: Result<'gc, Vec<String>> = items.into_iter().map(|it| key(it).to(ctx)).collect();
    let mut keys = keys?;
    keys.sort_unstable();
    Ok(keys)
}

#[test]
fn test_repr() {
    python(|ctx| {
        let c = class(ctx, "C").method("meth", |_, _, _| Ok(Value::None)).build()?;
        let vars = builtin(ctx, "vars")?.call(ctx, (c,))?;
        let text = vars.repr(ctx)?.to::<String>(ctx)?;
        assert!(text.contains("dict_proxy({"), "{text}");
        assert!(text.contains("'meth':"), "{text}");
        Ok(())
    });
}

#[test]
fn test_iter_keys() {
    python(|ctx| {
        assert_eq!(sorted(ctx, "iterkeys", |key| key)?, NAMES);
        Ok(())
    });
}

#[test]
fn test_iter_values() {
    python(|ctx| {
        let values = namespace(ctx)?.call_method(ctx, "itervalues", ())?;
        assert_eq!(values.iter(ctx)?.collect_vec(ctx)?.len(), 5);
        Ok(())
    });
}

#[test]
fn test_iter_items() {
    python(|ctx| {
        assert_eq!(sorted(ctx, "iteritems", |item| crate::common::item(item, 0))?, NAMES);
        Ok(())
    });
}

#[test]
fn test_dict_type_with_metaclass() {
    python(|ctx| {
        let b = plain(ctx, "B", &[]);
        let meta = plain(ctx, "M", &[ctx.types().type_]);
        let c = class(ctx, "C").metaclass(meta).build()?;
        let [of_b, of_c] = [b, c].map(|class| Value::from(class).get_attr(ctx, "__dict__"));
        crate::common::assert_is(of_c?.type_of(ctx), of_b?.type_of(ctx));
        Ok(())
    });
}
