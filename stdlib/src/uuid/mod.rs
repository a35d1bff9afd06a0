//! `uuid.UUID`: a number of 128 bits; and from and to the type of the crate `uuid`.

mod parts;
mod source;

use halfsour_runtime::{
    Class, ClassBuilder, Context, Dict, Error, Instance, Module, Operator, Result, Value, exc,
};
use num_bigint::{BigInt, BigUint};
use num_traits::ToPrimitive;

use crate::enumeration::{EnumKind, Enumeration};
use crate::support::{
    self, Kind, class_name, comparisons, never, one, python3, type_error, wrong_receiver,
};

const MODULE: &str = "uuid";
const NAMESPACES: [(&str, u128); 4] = [
    ("NAMESPACE_DNS", 0x6ba7_b810_9dad_11d1_80b4_00c0_4fd4_30c8),
    ("NAMESPACE_URL", 0x6ba7_b811_9dad_11d1_80b4_00c0_4fd4_30c8),
    ("NAMESPACE_OID", 0x6ba7_b812_9dad_11d1_80b4_00c0_4fd4_30c8),
    ("NAMESPACE_X500", 0x6ba7_b814_9dad_11d1_80b4_00c0_4fd4_30c8),
];

pub(crate) fn fill<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    ctx.modules().insert_name(ctx, ctx.intern(MODULE), module.into())?;
    if python3(ctx) {
        let safe = Enumeration::new("SafeUUID", EnumKind::Enum)
            .member("safe", Value::Int(0))
            .member("unsafe", Value::Int(-1))
            .member("unknown", Value::None);
        safe.define(ctx, module)?;
    }
    module.class_named(ctx, class(ctx)?)?;
    for (name, number) in NAMESPACES {
        module.set(ctx, name, from_uuid(ctx, ::uuid::Uuid::from_u128(number))?)?;
    }
    Ok(())
}

fn class<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    let mut builder = support::class(ctx, MODULE, "UUID", Kind::Python);
    if python3(ctx) {
        builder = state_of_python3(builder.slots(&["int", "is_safe", "__weakref__"]));
    }
    let builder = builder
        .method("__init__", source::init)
        .method("__setattr__", |_, _, _| Err(type_error("UUID objects are immutable")))
        .method("__str__", |ctx, this, _| Ok(ctx.str(&parts::text(number(ctx, this)?))))
        .method("__repr__", |ctx, this, _| {
            let text = parts::text(number(ctx, this)?);
            Ok(ctx.str(&format!("{}('{text}')", class_name(ctx, this))))
        })
        .method("__hash__", |ctx, this, _| Ok(Value::Int(this.get_attr(ctx, "int")?.hash(ctx)?)))
        .method("__int__", |ctx, this, _| this.get_attr(ctx, "int"));
    parts::define(comparisons(builder, compare)).build()
}

/// The number; it may be of any size in a pickle that nobody's UUID wrote.
fn number<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, u128> {
    let number: BigInt = this.get_attr(ctx, "int")?.to(ctx)?;
    number
        .to_u128()
        .ok_or_else(|| support::value_error("int is out of range (need a 128-bit value)"))
}

/// Sets attributes past the class's own refusal.
fn set_attributes<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    attributes: &[(&str, Value<'gc>)],
) -> Result<'gc, ()> {
    let set = Value::from(ctx.types().object).get_attr(ctx, "__setattr__")?;
    for (name, value) in attributes {
        set.call(ctx, (this, *name, *value))?;
    }
    Ok(())
}

/// `__getstate__` leaves `is_safe` out when it says nothing; it is the value of the enum's member.
fn state_of_python3(builder: ClassBuilder<'_>) -> ClassBuilder<'_> {
    builder
        .method("__getstate__", |ctx, this, _| {
            let state = Dict::new(ctx);
            state.insert_name(ctx, ctx.intern("int"), this.get_attr(ctx, "int")?)?;
            let safe = this.get_attr(ctx, "is_safe")?;
            if !safe.is(unknown(ctx)?) {
                let value = safe.get_attr(ctx, "value")?;
                state.insert_name(ctx, ctx.intern("is_safe"), value)?;
            }
            Ok(state.into())
        })
        .method("__setstate__", |ctx, this, args| {
            let state = one(&args, "__setstate__")?;
            let number = state.get_item(ctx, "int")?;
            let safe = match state.call_method(ctx, "get", ("is_safe",))? {
                Value::None => unknown(ctx)?,
                value => ctx.import_from(MODULE, "SafeUUID")?.call(ctx, (value,))?,
            };
            set_attributes(ctx, this, &[("int", number), ("is_safe", safe)])?;
            Ok(Value::None)
        })
}

fn unknown<'gc>(ctx: Context<'gc>) -> Result<'gc> {
    ctx.import_from(MODULE, "SafeUUID")?.get_attr(ctx, "unknown")
}

fn compare<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    other: Value<'gc>,
    operator: Operator,
) -> Result<'gc> {
    if !other.is_instance(ctx, ctx.import_from(MODULE, "UUID")?)? {
        // 2.7 compares types by their names then, which a missing answer leaves to the runtime.
        return Ok(match (python3(ctx), never(operator)) {
            (true, _) => Value::NotImplemented,
            (false, answer) => answer,
        });
    }
    this.get_attr(ctx, "int")?.rich_compare(ctx, other.get_attr(ctx, "int")?, operator)
}

/// Returns a `uuid.UUID` as the crate `uuid` has it.
///
/// # Errors
///
/// `TypeError` if it is none; `ValueError` if its number has more than 128 bits, which a pickle may hold.
///
/// # Examples
///
/// ```
/// use halfsour_runtime::Runtime;
/// use halfsour_stdlib::uuid::{from_uuid, to_uuid};
///
/// let mut runtime = Runtime::python3();
/// runtime.try_enter(|ctx| {
///     halfsour_stdlib::install(ctx)?;
///     let number = uuid::Uuid::from_u128(5);
///     let object = from_uuid(ctx, number)?;
///     let shown = object.repr(ctx)?.to::<String>(ctx)?;
///     assert_eq!(shown, "UUID('00000000-0000-0000-0000-000000000005')");
///     assert_eq!(to_uuid(ctx, object)?, number);
///     Ok(())
/// })?;
/// # Ok::<(), halfsour_runtime::Uncaught>(())
/// ```
pub fn to_uuid<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, ::uuid::Uuid> {
    if !value.is_instance(ctx, ctx.import_from(MODULE, "UUID")?)? {
        return Err(wrong_receiver(ctx, value, "UUID"));
    }
    number(ctx, value).map(::uuid::Uuid::from_u128)
}

/// Returns the `uuid.UUID` of a UUID of the crate `uuid`.
///
/// # Errors
///
/// `ImportError` if the module is not installed.
pub fn from_uuid<'gc>(ctx: Context<'gc>, uuid: ::uuid::Uuid) -> Result<'gc> {
    let class = support::given_class(ctx, ctx.import_from(MODULE, "UUID")?)?;
    let this = Value::from(Instance::bare(ctx, class));
    let number = Value::int(ctx, BigUint::from(uuid.as_u128()).into());
    set_attributes(ctx, this, &[("int", number)])?;
    if python3(ctx) {
        set_attributes(ctx, this, &[("is_safe", unknown(ctx)?)])?;
    }
    Ok(this)
}

#[cold]
fn attribute_error<'gc>(ctx: Context<'gc>, value: Value<'gc>, name: &str) -> Error<'gc> {
    let found = value.type_name(ctx);
    let message = format!("'{found}' object has no attribute '{name}'");
    Error::new(&exc::ATTRIBUTE_ERROR, message)
}
