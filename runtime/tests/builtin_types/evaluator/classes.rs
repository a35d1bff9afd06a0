//! The classes that the tables use; `tables/measure.py` defines the same in Python.

use halfsour_runtime::{
    Class, ClassicClass, Context, Dialect, Dict, Error, List, Result, Value, exc,
};

/// Defines the classes in a namespace.
pub(crate) fn define<'gc>(ctx: Context<'gc>, names: Dict<'gc>) -> Result<'gc, ()> {
    let mut classes = Vec::new();
    let types = ctx.types();
    for (name, base) in [
        ("MyList", types.list),
        ("MyTuple", types.tuple),
        ("MyDict", types.dict),
        ("MySet", types.set),
        ("MyFrozenSet", types.frozenset),
        ("MyStr", types.bytes),
        ("MyUnicode", types.unicode),
        ("MyByteArray", types.bytearray),
    ] {
        classes.push(Class::builder(ctx, name).module("__main__").base(base).build()?);
    }
    classes.extend(overriding(ctx)?);
    classes.extend(behaving(ctx)?);
    for class in classes {
        names.insert(ctx, ctx.str(&class.name()), class.into())?;
    }
    if ctx.dialect() == Dialect::Python3 {
        return Ok(());
    }
    let mapping = ClassicClass::builder(ctx, "Mapping")
        .module("__main__")
        .method("keys", |ctx, _, _| {
            Ok(List::from_vec(ctx, vec![Value::Int(1), Value::Int(2)]).into())
        })
        .method("__getitem__", |ctx, _, args| {
            let (key,): (i64,) = args.parse(ctx, "__getitem__")?;
            Ok(Value::Int(2 * key))
        })
        .build()?;
    names.insert(ctx, ctx.str("Mapping"), mapping.into())
}

/// Subclasses whose methods must not be asked by the base class's own.
fn overriding<'gc>(ctx: Context<'gc>) -> Result<'gc, Vec<Class<'gc>>> {
    let types = ctx.types();
    Ok(vec![
        Class::builder(ctx, "OddList")
            .module("__main__")
            .base(types.list)
            .method("append", |_, _, _| Err(refused("append")))
            .method("__len__", |_, _, _| Ok(Value::Int(9)))
            .method("__iter__", |ctx, _, _| {
                let nine = Value::from(List::from_vec(ctx, vec![Value::Int(9)]));
                Ok(nine.iter(ctx)?.into_object(ctx))
            })
            .build()?,
        Class::builder(ctx, "OddDict")
            .module("__main__")
            .base(types.dict)
            .method("__setitem__", |_, _, _| Err(refused("__setitem__")))
            .method("__getitem__", |_, _, _| Ok(Value::Int(9)))
            .method("keys", |ctx, _, _| Ok(List::from_vec(ctx, vec![Value::Int(7)]).into()))
            .build()?,
        Class::builder(ctx, "DefaultDict")
            .module("__main__")
            .base(types.dict)
            .method("__missing__", |ctx, _, args| {
                let (key,): (Value<'_>,) = args.parse(ctx, "__missing__")?;
                Ok(key)
            })
            .build()?,
    ])
}

/// Classes of objects that behave in one way.
fn behaving<'gc>(ctx: Context<'gc>) -> Result<'gc, Vec<Class<'gc>>> {
    Ok(vec![
        Class::builder(ctx, "Index")
            .module("__main__")
            .method("__index__", |_, _, _| Ok(Value::Int(1)))
            .build()?,
        Class::builder(ctx, "Whole")
            .module("__main__")
            .method("__int__", |_, _, _| Ok(Value::Int(7)))
            .build()?,
        Class::builder(ctx, "Shown")
            .module("__main__")
            .method("__str__", |ctx, _, _| Ok(ctx.str("str")))
            .method("__repr__", |ctx, _, _| Ok(ctx.str("repr")))
            .build()?,
        // Equality with one empties the list that it was made with.
        Class::builder(ctx, "Emptier")
            .module("__main__")
            .method("__init__", |ctx, this, args| {
                let (list,): (Value<'_>,) = args.parse(ctx, "__init__")?;
                this.set_attr(ctx, "list", list)?;
                Ok(Value::None)
            })
            .method("__eq__", |ctx, this, _| {
                let list = this.get_attr(ctx, "list")?;
                if let Some(list) = list.as_list() {
                    list.update(ctx, Vec::clear);
                }
                if let Some(dict) = list.as_dict() {
                    dict.clear(ctx);
                }
                Ok(Value::Bool(true))
            })
            .method("__hash__", |_, _, _| Ok(Value::Int(1)))
            .build()?,
    ])
}

fn refused<'gc>(method: &'static str) -> Error<'gc> {
    Error::new(&exc::VALUE_ERROR, method)
}
