//! `time.struct_time`: a moment as a tuple of nine numbers with names, and in Python 3 two more fields behind them.

use halfsour_runtime::{
    Args, Class, ClassBuilder, Context, Dict, Instance, Module, Result, Tuple, Value,
};

use crate::support::{
    self, Kind, comparisons, content, given_class, make, none, one, python3, reduced, repr, tuple,
    type_error,
};

const FIELDS: [&str; 9] = [
    "tm_year", "tm_mon", "tm_mday", "tm_hour", "tm_min", "tm_sec", "tm_wday", "tm_yday", "tm_isdst",
];
/// Python 3's fields that are no items of the tuple.
const HIDDEN: [&str; 2] = ["tm_zone", "tm_gmtoff"];

pub(crate) fn fill<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    module.class_named(ctx, class(ctx)?)
}

fn class<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    let builder = support::class(ctx, "time", "struct_time", Kind::Made);
    let builder =
        if python3(ctx) { builder.base(ctx.types().tuple) } else { like_a_tuple(builder) };
    let mut builder = builder
        .slots(&[])
        .attr("n_fields", if python3(ctx) { 11 } else { 9 })
        .attr("n_sequence_fields", 9)
        .attr("n_unnamed_fields", 0)
        .method("__new__", new)
        .method("__reduce__", |ctx, this, args| {
            none(&args, "__reduce__")?;
            let hidden = Dict::new(ctx);
            for name in hidden_fields(ctx) {
                hidden.insert_name(ctx, ctx.intern(name), this.get_attr(ctx, *name)?)?;
            }
            Ok(reduced(ctx, this, &[tuple(ctx, items(ctx, this)?), hidden.into()], &[]))
        })
        .method("__repr__", |ctx, this, _| {
            let mut parts = Vec::new();
            for (name, item) in FIELDS.iter().zip(items(ctx, this)?) {
                parts.push(format!("{name}={}", repr(ctx, *item)?));
            }
            Ok(ctx.str(&format!("time.struct_time({})", parts.join(", "))))
        });
    for (at, name) in FIELDS.into_iter().enumerate() {
        builder = builder.property(name, move |ctx, this| {
            Ok(items(ctx, this)?.get(at).copied().unwrap_or(Value::None))
        });
    }
    for name in hidden_fields(ctx) {
        builder = builder.property(name, |ctx, this| {
            let hidden = match this {
                Value::Instance(instance) => instance.existing_dict(),
                _ => None,
            };
            let hidden = hidden.and_then(|hidden| hidden.get_name(ctx, ctx.intern(name)));
            Ok(hidden.unwrap_or(Value::None))
        });
    }
    builder.build()
}

fn hidden_fields(ctx: Context<'_>) -> &'static [&'static str] {
    if python3(ctx) { &HIDDEN } else { &[] }
}

/// 2.7's class does not derive from `tuple`, but has its operators.
fn like_a_tuple(builder: ClassBuilder<'_>) -> ClassBuilder<'_> {
    let builder = builder
        .native()
        .method("__len__", |ctx, this, _| Ok(Value::int(ctx, items(ctx, this)?.len().into())))
        .method("__iter__", |ctx, this, _| {
            Ok(tuple(ctx, items(ctx, this)?).iter(ctx)?.into_object(ctx))
        })
        .method("__getitem__", |ctx, this, args| {
            tuple(ctx, items(ctx, this)?).get_item(ctx, one(&args, "__getitem__")?)
        })
        .method("__contains__", |ctx, this, args| {
            let item = one(&args, "__contains__")?;
            tuple(ctx, items(ctx, this)?).contains(ctx, item).map(Value::Bool)
        })
        .method("__hash__", |ctx, this, _| {
            Ok(Value::Int(tuple(ctx, items(ctx, this)?).hash(ctx)?))
        });
    comparisons(builder, |ctx, this, other, operator| {
        let other = match content::<Fields>(other) {
            Some(_) => tuple(ctx, items(ctx, other)?),
            None => other,
        };
        tuple(ctx, items(ctx, this)?).rich_compare(ctx, other, operator)
    })
}

/// The native content of 2.7's objects: the one value is the tuple of the items.
struct Fields;

fn items<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, &'gc [Value<'gc>]> {
    let native = content::<Fields>(this).and_then(|content| content.get(0));
    let content = native.unwrap_or(this).as_tuple().map(Tuple::as_slice);
    content.ok_or_else(|| support::wrong_receiver(ctx, this, "time.struct_time"))
}

fn new<'gc>(ctx: Context<'gc>, class: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let class = given_class(ctx, class)?;
    let [sequence, given] = args.bind("structseq", ["sequence", "dict"], 0)?;
    let Some(sequence) = sequence else {
        return Err(type_error(ctx.dialect().pick(
            "Required argument 'sequence' (pos 1) not found",
            "structseq() missing required argument 'sequence' (pos 1)",
        )));
    };
    let given = given.filter(|given| !given.is_none());
    if given.is_some_and(|given| given.as_dict().is_none()) {
        let message = "time.struct_time() takes a dict as second arg, if any";
        return Err(type_error(message));
    }
    let Ok(all) = sequence.iter(ctx) else {
        return Err(type_error("constructor requires a sequence"));
    };
    let all = all.collect_vec(ctx)?;
    let fields = hidden_fields(ctx);
    let most = FIELDS.len() + fields.len();
    let problem = match all.len() {
        length if (FIELDS.len()..=most).contains(&length) => None,
        _ if fields.is_empty() => Some("a 9"),
        length if length < FIELDS.len() => Some("an at least 9"),
        _ => Some("an at most 11"),
    };
    if let Some(problem) = problem {
        let given = all.len();
        let message =
            format!("time.struct_time() takes {problem}-sequence ({given}-sequence given)");
        return Err(type_error(message));
    }
    let (shown, behind) = all.split_at(FIELDS.len());
    if !python3(ctx) {
        return Ok(make(ctx, class, Fields, &[tuple(ctx, shown)]));
    }
    let made = Instance::with_content(ctx, class, tuple(ctx, shown));
    if !fields.is_empty() {
        let hidden = Dict::new(ctx);
        for (at, name) in fields.iter().enumerate() {
            let named =
                given.and_then(Value::as_dict).and_then(|it| it.get_name(ctx, ctx.intern(name)));
            let value = behind.get(at).copied().or(named).unwrap_or(Value::None);
            hidden.insert_name(ctx, ctx.intern(name), value)?;
        }
        // No attribute of the object is named `__dict__`: the class has slots, so this is out of sight.
        made.set_dict(ctx, hidden);
    }
    Ok(made.into())
}
