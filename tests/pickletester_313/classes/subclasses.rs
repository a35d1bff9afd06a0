//! Subclasses of built-in types.

use halfsour::{
    Class, ClassBuilder, Complex, Context, Dict, Error, FrozenSet, List, Module, Result, Set,
    Tuple, Value, exc,
};

use super::{builder, builtin};

/// Those with a `sample`.
pub(crate) const MY_CLASSES: [&str; 10] = [
    "MyInt",
    "MyFloat",
    "MyComplex",
    "MyStr",
    "MyUnicode",
    "MyTuple",
    "MyList",
    "MyDict",
    "MySet",
    "MyFrozenSet",
];

/// Those of them that CPython can make no weak proxies of.
pub(crate) const WITHOUT_PROXIES: [&str; 2] = ["MyInt", "MyTuple"];

pub(super) fn define<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    let types = ctx.types();
    let letters = Dict::new(ctx);
    letters.insert(ctx, ctx.str("a"), Value::Int(1))?;
    letters.insert(ctx, ctx.str("b"), Value::Int(2))?;
    let numbers = [Value::Int(1), Value::Int(2), Value::Int(3)];
    let names = [ctx.str("a"), ctx.str("b")];
    let samples: [(Class<'gc>, Value<'gc>); 10] = [
        (types.int, Value::Int(1)),
        (types.float, Value::Float(1.0)),
        (types.complex, Complex::new(ctx, 1.0, 0.0).into()),
        (types.unicode, ctx.str("hello")),
        (types.unicode, ctx.str("hello \u{1234}")),
        (types.tuple, Tuple::new(ctx, &numbers).into()),
        (types.list, List::from_vec(ctx, numbers.to_vec()).into()),
        (types.dict, letters.into()),
        (types.set, Set::from_items(ctx, &names)?.into()),
        (types.frozenset, FrozenSet::from_items(ctx, &names)?.into()),
    ];
    for (name, (base, sample)) in MY_CLASSES.into_iter().zip(samples) {
        module.class_named(ctx, builder(ctx, name).base(base).attr("sample", sample).build()?)?;
    }
    let my_list = super::class(ctx, "MyList")?;
    module.class_named(ctx, builder(ctx, "SlotList").base(my_list).slots(&["foo"]).build()?)?;
    module.class_named(ctx, with_text(ctx).build()?)?;
    let simple = never_initialised(ctx).build()?;
    module.class_named(ctx, simple)?;
    let complex =
        builder(ctx, "ComplexNewObj").base(simple).method("__getnewargs__", |ctx, this, _| {
            Ok(Tuple::new(ctx, &[digits(ctx, this)?, Value::Int(16)]).into())
        });
    module.class_named(ctx, complex.build()?)?;
    let with_keywords =
        builder(ctx, "ComplexNewObjEx").base(simple).method("__getnewargs_ex__", |ctx, this, _| {
            let keywords = Dict::new(ctx);
            keywords.insert(ctx, ctx.str("base"), Value::Int(16))?;
            let args = Tuple::new(ctx, &[digits(ctx, this)?]);
            Ok(Tuple::new(ctx, &[args.into(), keywords.into()]).into())
        });
    module.class_named(ctx, with_keywords.build()?)?;
    let raises = builder(ctx, "MyIntWithNew").base(types.int).method("__new__", |_, _, _| {
        Err(Error::new(&exc::ASSERTION_ERROR, "MyIntWithNew.__new__() was called"))
    });
    let raises = raises.build()?;
    module.class_named(ctx, raises)?;
    let new = Value::from(types.int).get_attr(ctx, "__new__")?;
    let overridden =
        builder(ctx, "MyIntWithNew2").base(raises).attr("__new__", Value::staticmethod(ctx, new));
    module.class_named(ctx, overridden.build()?)
}

/// `format(self, "X")`
fn digits<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    Ok(ctx.str(&format!("{:X}", builtin(ctx, "int")?.call(ctx, (this,))?.to::<i64>(ctx)?)))
}

/// `myint`: keeps its text beside its value.
fn with_text(ctx: Context<'_>) -> ClassBuilder<'_> {
    builder(ctx, "myint").base(ctx.types().int).method("__init__", |ctx, this, args| {
        let (number,): (Value<'_>,) = args.parse(ctx, "__init__")?;
        this.set_attr(ctx, "str", number.str(ctx)?)?;
        Ok(Value::None)
    })
}

/// `SimpleNewObj`: whoever calls its `__init__` is wrong.
fn never_initialised(ctx: Context<'_>) -> ClassBuilder<'_> {
    builder(ctx, "SimpleNewObj")
        .base(ctx.types().int)
        .method("__init__", |_, _, _| {
            Err(Error::new(&exc::TYPE_ERROR, "SimpleNewObj.__init__() was called"))
        })
        .method("__eq__", |ctx, this, args| {
            let (other,): (Value<'_>,) = args.parse(ctx, "__eq__")?;
            let int = builtin(ctx, "int")?;
            let same = int.call(ctx, (this,))?.equals(ctx, int.call(ctx, (other,))?)?
                && this.get_attr(ctx, "__dict__")?.equals(ctx, other.get_attr(ctx, "__dict__")?)?;
            Ok(Value::Bool(same))
        })
        .attr("__hash__", Value::None)
}
