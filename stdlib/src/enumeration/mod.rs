//! Python 3's `enum`: classes of named constants, defined from Rust.

mod flags;
mod members;
mod metaclass;

use halfsour_runtime::{Class, Context, Dict, Instance, List, Module, Result, Value};

pub use self::members::{EnumKind, Enumeration};
use crate::support::{self, Kind, one, reduced, repr};

const MODULE: &str = "enum";

/// The members by name, in the order in which they were defined; aliases too.
const MEMBER_MAP: &str = "_member_map_";
/// The names of the members; no aliases.
const MEMBER_NAMES: &str = "_member_names_";
/// The members by value, also those made of several flags.
const BY_VALUE: &str = "_value2member_map_";
const VALUE: &str = "_value_";
const NAME: &str = "_name_";

pub(crate) fn fill<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    let metaclass = metaclass::class(ctx)?;
    module.class_named(ctx, metaclass)?;
    module.set(ctx, "EnumMeta", metaclass)?;
    let base = base(ctx, metaclass)?;
    module.class_named(ctx, base)?;
    let shown_as_value = derived(ctx, "ReprEnum", &[base])?;
    module.class_named(ctx, shown_as_value)?;
    let types = ctx.types();
    module.class_named(ctx, derived(ctx, "IntEnum", &[types.int, shown_as_value])?)?;
    module.class_named(ctx, derived(ctx, "StrEnum", &[types.unicode, shown_as_value])?)?;
    let flag = flags::class(ctx, base)?;
    module.class_named(ctx, flag)?;
    module.class_named(ctx, derived(ctx, "IntFlag", &[types.int, shown_as_value, flag])?)
}

fn derived<'gc>(ctx: Context<'gc>, name: &str, bases: &[Class<'gc>]) -> Result<'gc, Class<'gc>> {
    let mut builder = support::class(ctx, MODULE, name, Kind::Python);
    for base in bases {
        builder = builder.base(*base);
    }
    if bases.len() > 1 {
        // The built-in base shows the value.
        builder = builder.method("__str__", |ctx, this, _| this.get_attr(ctx, VALUE)?.str(ctx));
    }
    let flags = name == "IntFlag";
    let builder = if flags { flags::operators(builder) } else { builder };
    without_members(ctx, builder.method("__repr__", move |ctx, this, _| show(ctx, this)).build()?)
}

/// Gives a class the namespaces of its members, which are empty.
fn without_members<'gc>(ctx: Context<'gc>, class: Class<'gc>) -> Result<'gc, Class<'gc>> {
    class.define(ctx, MEMBER_MAP, Dict::new(ctx))?;
    class.define(ctx, MEMBER_NAMES, List::new(ctx))?;
    class.define(ctx, BY_VALUE, Dict::new(ctx))?;
    Ok(class)
}

fn base<'gc>(ctx: Context<'gc>, metaclass: Class<'gc>) -> Result<'gc, Class<'gc>> {
    let class = support::class(ctx, MODULE, "Enum", Kind::Python)
        .metaclass(metaclass)
        .property("name", |ctx, this| this.get_attr(ctx, NAME))
        .property("value", |ctx, this| this.get_attr(ctx, VALUE))
        .method("__repr__", |ctx, this, _| show(ctx, this))
        .method("__str__", |ctx, this, _| {
            let name = support::text(this.get_attr(ctx, NAME)?);
            Ok(ctx.str(&format!("{}.{name}", support::class_name(ctx, this))))
        })
        .method("__hash__", |ctx, this, _| Ok(Value::Int(this.get_attr(ctx, NAME)?.hash(ctx)?)))
        .method("__reduce_ex__", |ctx, this, args| {
            one(&args, "__reduce_ex__")?;
            Ok(reduced(ctx, this, &[this.get_attr(ctx, VALUE)?], &[]))
        })
        .method("__copy__", |_, this, _| Ok(this))
        .method("__deepcopy__", |_, this, _| Ok(this))
        .build()?;
    without_members(ctx, class)
}

/// `<Colour.RED: 1>`
fn show<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let class = support::class_name(ctx, this);
    let value = repr(ctx, this.get_attr(ctx, VALUE)?)?;
    Ok(ctx.str(&match this.get_attr(ctx, NAME)? {
        Value::None => format!("<{class}: {value}>"),
        name => format!("<{class}.{}: {value}>", support::text(name)),
    }))
}

/// A member of a class, which holds its value also as the content of the class's built-in base.
fn member<'gc>(
    ctx: Context<'gc>,
    class: Class<'gc>,
    name: Value<'gc>,
    value: Value<'gc>,
) -> Result<'gc, Instance<'gc>> {
    let member = if class.holds_content() {
        Instance::with_content(ctx, class, value)
    } else {
        Instance::bare(ctx, class)
    };
    if let Some(namespace) = member.dict(ctx) {
        namespace.insert_name(ctx, ctx.intern(VALUE), value)?;
        namespace.insert_name(ctx, ctx.intern(NAME), name)?;
    }
    Ok(member)
}

/// The dict that a class keeps under one of the names above.
fn kept<'gc>(ctx: Context<'gc>, class: Class<'gc>, name: &str) -> Result<'gc, Dict<'gc>> {
    match class.lookup(ctx, name).and_then(Value::as_dict) {
        Some(dict) => Ok(dict),
        None => Err(support::type_error(format!("{} has no members", class.name()))),
    }
}
