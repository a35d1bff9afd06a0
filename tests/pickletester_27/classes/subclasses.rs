//! Subclasses of built-in types: `myint`, `MyInt` to `MyDict`, `SlotList`, `SimpleNewObj`, `ComplexNewObj`.

use halfsour::{
    Class, ClassBuilder, Complex, Context, Dict, Error, List, Long, Module, Result, Tuple, Unicode,
    Value, exc,
};

use super::{builder, builtin};

/// Those with a `sample`.
pub(crate) const MY_CLASSES: [&str; 9] = [
    "MyInt",
    "MyLong",
    "MyFloat",
    "MyComplex",
    "MyStr",
    "MyUnicode",
    "MyTuple",
    "MyList",
    "MyDict",
];

/// Those of them that CPython can make weak proxies of.
pub(crate) const WITH_PROXIES: [&str; 5] =
    ["MyFloat", "MyComplex", "MyUnicode", "MyList", "MyDict"];

pub(super) fn define<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    let types = ctx.types();
    let letters = Dict::new(ctx);
    letters.insert(ctx, ctx.str("a"), Value::Int(1))?;
    letters.insert(ctx, ctx.str("b"), Value::Int(2))?;
    let numbers = [Value::Int(1), Value::Int(2), Value::Int(3)];
    let samples: [(Class<'gc>, Value<'gc>); 9] = [
        (types.int, Value::Int(1)),
        (types.long, Long::new(ctx, 1).into()),
        (types.float, Value::Float(1.0)),
        (types.complex, Complex::new(ctx, 1.0, 0.0).into()),
        (types.bytes, ctx.str("hello")),
        (types.unicode, Unicode::new(ctx, "hello \u{1234}").into()),
        (types.tuple, Tuple::new(ctx, &numbers).into()),
        (types.list, List::from_vec(ctx, numbers.to_vec()).into()),
        (types.dict, letters.into()),
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
            let digits = format!("{:X}", builtin(ctx, "int")?.call(ctx, (this,))?.to::<i64>(ctx)?);
            Ok(Tuple::new(ctx, &[ctx.str(&digits), Value::Int(16)]).into())
        });
    module.class_named(ctx, complex.build()?)
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
