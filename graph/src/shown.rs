//! Objects in a few words. No code of a class runs for it.

use std::borrow::Cow;

use halfsour_pickle::{MadeBy, Opaque, OpaqueGlobal};
use halfsour_runtime::{Context, Value, float_text, string_text};

use crate::edges::{Edge, edges};
use crate::path::Step;

/// How much of a text is shown.
const LONGEST: usize = 60;

/// What the `repr` of a small object may take.
const SHORT: u64 = 400;

/// Whether an object has nothing but its value: no parts, and an identity that does not matter.
pub(crate) fn is_atom(value: Value<'_>) -> bool {
    match value {
        Value::None
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::Ellipsis
        | Value::NotImplemented
        | Value::Long(_)
        | Value::Complex(_)
        | Value::Bytes(_)
        | Value::Unicode(_)
        | Value::Range(_) => true,
        Value::Tuple(tuple) => tuple.is_empty(),
        _ => false,
    }
}

/// A key, as it stands in a path.
pub(crate) fn key(key: Value<'_>) -> String {
    match key {
        Value::Tuple(tuple) if !tuple.is_empty() => "(...)".to_owned(),
        _ => atom(None, key, LONGEST).unwrap_or_else(|| "...".to_owned()),
    }
}

/// An atom in full, with its type where that does not show: what tells any two apart.
pub(crate) fn exact<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> String {
    let shown = atom(Some(ctx), value, usize::MAX).unwrap_or_else(|| object(ctx, value));
    match value {
        Value::Long(it) if it.as_bigint().bits() > 4096 => format!("int {:x}", it.as_bigint()),
        Value::Long(_) => format!("long {shown}"),
        value => match Opaque::of(value) {
            Some(opaque) => format!("{shown}, made by {:?}", opaque.made_by()),
            None => shown,
        },
    }
}

/// An object in a few words: the value of an atom, the type and size of anything else.
pub(crate) fn object<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> String {
    if let Some(shown) = atom(Some(ctx), value, LONGEST) {
        return shown;
    }
    let of = |kind: &str, length: usize| format!("{kind} of {length}");
    match value {
        Value::Tuple(it) => of("tuple", it.len()),
        Value::List(it) => of("list", it.len()),
        Value::Dict(it) => of("dict", it.len()),
        Value::Set(it) => of("set", it.len()),
        Value::FrozenSet(it) => of("frozenset", it.len()),
        Value::ByteArray(it) => of("bytearray", it.len()),
        Value::Class(_) | Value::ClassicClass(_) => format!("class {}", class_name(ctx, value)),
        Value::Function(it) => format!("function {}", text(it.name()).unwrap_or_default()),
        Value::Builtin(it) => format!("built-in {}", it.name().to_string_lossy()),
        Value::Module(it) => format!("module {}", it.name(ctx)),
        Value::Instance(_) => instance(ctx, value),
        _ => format!("{} object", class_name(ctx, value.class_of(ctx))),
    }
}

fn instance<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> String {
    if let Some(global) = OpaqueGlobal::of(value) {
        return format!("unknown {}", name(&global.dotted_name()));
    }
    if let Some(opaque) = Opaque::of(value) {
        if opaque.made_by() == MadeBy::Persistent {
            return "object with a persistent id".to_owned();
        }
        return format!("{} object, unknown class", name(&opaque.callable_name(ctx)));
    }
    let class = class_name(ctx, value.class_of(ctx));
    match value.content() {
        Value::Instance(_) => {
            let is_whole = edges(ctx, value).is_ok_and(|parts| !parts.iter().any(is_item));
            let shown = if is_whole { native(ctx, value, SHORT) } else { None };
            shown.unwrap_or_else(|| format!("{class} object"))
        }
        content => match atom(Some(ctx), content, LONGEST) {
            Some(shown) => format!("{class}({shown})"),
            None => format!("{class} object, {}", object(ctx, content)),
        },
    }
}

/// Whether a part is an item of a container.
fn is_item(part: &Edge<'_>) -> bool {
    matches!(part.step, Step::Index(_) | Step::Value(_) | Step::Key(_) | Step::Item(_))
}

/// The `repr` of an object that is kept in Rust, which only its class knows; nothing if that takes more bytes than it may. No
/// code of a Python class runs for it.
pub(crate) fn native<'gc>(ctx: Context<'gc>, value: Value<'gc>, most: u64) -> Option<String> {
    let Value::Instance(instance) = value.content() else { return None };
    if instance.native_content().is_none() || Opaque::of(value).is_some() {
        return None;
    }
    let (shown, _) = ctx.within_allowance(most, || value.repr(ctx));
    shown.ok().and_then(text)
}

/// The dotted name of a class.
pub(crate) fn class_name<'gc>(ctx: Context<'gc>, class: impl Into<Value<'gc>>) -> String {
    let (module, own_name) = match class.into() {
        Value::Class(class) => (class.module(ctx).and_then(text), class.name()),
        Value::ClassicClass(class) => {
            (class.dict().get_name(ctx, ctx.names().module).and_then(text), class.name())
        }
        other => return other.type_name(ctx),
    };
    match module.as_deref() {
        None | Some("builtins" | "__builtin__" | "__main__") => name(&own_name).into_owned(),
        Some(module) => name(&format!("{module}.{own_name}")).into_owned(),
    }
}

/// A name on one line, whatever is in it: names in a pickle are anybody's.
pub(crate) fn name(name: &str) -> Cow<'_, str> {
    match name.contains(char::is_control) {
        true => Cow::Owned(name.escape_debug().to_string()),
        false => Cow::Borrowed(name),
    }
}

/// The text of a string.
pub(crate) fn text(value: Value<'_>) -> Option<String> {
    match value {
        Value::Bytes(it) => Some(it.to_string_lossy().into_owned()),
        Value::Unicode(it) => Some(it.to_string_lossy().into_owned()),
        _ => None,
    }
}

/// The `repr` of an atom, cut where it is long.
fn atom<'gc>(ctx: Option<Context<'gc>>, value: Value<'gc>, longest: usize) -> Option<String> {
    Some(match value {
        Value::None => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Ellipsis => "Ellipsis".to_owned(),
        Value::NotImplemented => "NotImplemented".to_owned(),
        Value::Int(it) => it.to_string(),
        Value::Float(it) => float_text::repr(it),
        Value::Long(it) => match it.as_bigint().bits() {
            // Decimal text of a long number takes long to make.
            bits if bits > 4096 => format!("int of {bits} bits"),
            _ => cut(&it.as_bigint().to_string(), longest),
        },
        Value::Complex(it) => {
            let (real, imaginary) = (float_text::repr(it.get().re), float_text::repr(it.get().im));
            format!("complex({real}, {imaginary})")
        }
        Value::Bytes(it) => {
            let prefix = ctx.map_or("", |ctx| ctx.dialect().pick("", "b"));
            quoted(prefix, it.as_slice(), longest, string_text::write_repr)
        }
        Value::Unicode(it) => {
            let prefix = ctx.map_or("", |ctx| ctx.dialect().pick("u", ""));
            quoted(prefix, it.as_generalised_utf8(), longest, string_text::write_printable_repr)
        }
        Value::Range(it) => format!("range({}, {}, {})", it.start(), it.stop(), it.step()),
        Value::Tuple(it) if it.is_empty() => "()".to_owned(),
        _ => return None,
    })
}

/// A string in quotes, with dots behind them if it goes on.
fn quoted(prefix: &str, text: &[u8], longest: usize, write: fn(&mut Vec<u8>, &[u8])) -> String {
    // Not in the middle of a character.
    let is_start = |at: &usize| text.get(*at).is_none_or(|byte| byte & 0xC0 != 0x80);
    let end = (longest..text.len()).find(is_start).unwrap_or(text.len());
    let mut out = prefix.as_bytes().to_vec();
    write(&mut out, text.get(..end).unwrap_or(text));
    if end < text.len() {
        out.extend_from_slice(b"...");
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn cut(text: &str, longest: usize) -> String {
    match text.get(..longest) {
        Some(shown) if text.len() > longest => format!("{shown}..."),
        _ => text.to_owned(),
    }
}
