//! Classes as `collections.namedtuple` makes them.

use halfsour_runtime::{Class, Context, Dialect, Dict, Error, Instance, Result, Tuple, Value, exc};

use super::type_error;

/// A class of tuples whose places have names.
pub(crate) fn named_tuple<'gc>(
    ctx: Context<'gc>,
    module: &str,
    name: &str,
    fields: &'static [&'static str],
) -> Result<'gc, Class<'gc>> {
    let names =
        Tuple::from_vec(ctx, fields.iter().map(|field| ctx.intern(field).value()).collect());
    let mut builder = Class::builder(ctx, name)
        .module(module)
        .base(ctx.types().tuple)
        .slots(&[])
        .attr("_fields", Value::from(names))
        .method("__new__", |ctx, class, args| make(ctx, class, args.positional(), fields.len()))
        .method("__getnewargs__", |ctx, this, _| {
            Ok(Tuple::new(ctx, content(this)?.as_slice()).into())
        });
    if ctx.dialect() == Dialect::Python2 {
        // 2.7's is `def __getstate__(self): pass`, which keeps the dict of a subclass out of the pickle.
        builder = builder.method("__getstate__", |_, _, _| Ok(Value::None)).property(
            "__dict__",
            |ctx, this| {
                let dict = Dict::new(ctx);
                for (field, item) in fields.iter().zip(content(this)?.as_slice()) {
                    dict.insert(ctx, ctx.intern(field).value(), *item)?;
                }
                Ok(dict.into())
            },
        );
    }
    for (index, field) in fields.iter().enumerate() {
        builder = builder.property(field, move |_, this| {
            let item = content(this)?.as_slice().get(index).copied();
            item.ok_or_else(|| Error::new(&exc::INDEX_ERROR, "tuple index out of range"))
        });
    }
    builder.build()
}

fn content<'gc>(this: Value<'gc>) -> Result<'gc, Tuple<'gc>> {
    this.as_tuple().ok_or_else(|| type_error("a named tuple was expected"))
}

fn make<'gc>(
    ctx: Context<'gc>,
    class: Value<'gc>,
    items: &[Value<'gc>],
    expected: usize,
) -> Result<'gc> {
    let Value::Class(class) = class else { return Err(type_error("a named tuple needs a class")) };
    if items.len() != expected {
        let message = format!(
            "__new__() takes exactly {} arguments ({} given)",
            expected + 1,
            items.len() + 1
        );
        return Err(Error::new(&exc::TYPE_ERROR, message));
    }
    Ok(Instance::with_content(ctx, class, Tuple::new(ctx, items).into()).into())
}
