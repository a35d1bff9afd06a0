//! `re`: compiled patterns as data, a pattern and its flags.
// DIFFERENCE: patterns are not parsed, and match nothing: one that CPython refuses is accepted here.

use halfsour_runtime::{Args, Class, Context, Dict, Module, Operator, Result, Value};
use num_bigint::BigInt;
use num_traits::ToPrimitive;

use crate::enumeration::{EnumKind, Enumeration};
use crate::support::{
    self, Kind, comparisons, content, make_named, python3, repr, text, tuple, type_error,
    value_error,
};

const MODULE: &str = "re";

/// The flags: the letter that sets each in a pattern, its bit and its names.
const FLAGS: [(char, i64, &str, &str); 9] = [
    ('a', 256, "ASCII", "A"),
    ('i', 2, "IGNORECASE", "I"),
    ('L', 4, "LOCALE", "L"),
    ('u', 32, "UNICODE", "U"),
    ('m', 8, "MULTILINE", "M"),
    ('s', 16, "DOTALL", "S"),
    ('x', 64, "VERBOSE", "X"),
    ('t', 1, "TEMPLATE", "T"),
    ('\0', 128, "DEBUG", ""),
];
const ASCII: i64 = 256;
const LOCALE: i64 = 4;
const UNICODE: i64 = 32;
const DEBUG: i64 = 128;
/// The module's dict of compiled patterns: one that is compiled again is the same object.
const CACHE: &str = "_cache";
const MOST_KEPT: usize = 100;

/// The flags of a pattern; the pattern itself is the value.
#[derive(Clone, Copy, Debug)]
struct Pattern(i64);

pub(crate) fn fill<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    ctx.modules().insert_name(ctx, ctx.intern(MODULE), module.into())?;
    module.set(ctx, CACHE, Dict::new(ctx))?;
    let class = class(ctx)?;
    if python3(ctx) {
        module.class_named(ctx, class)?;
        flags_of_python3(ctx, module)?;
    } else {
        module.set(ctx, "_pattern_type", class)?;
        for (_, bit, name, short) in FLAGS.iter().skip(1) {
            module.set(ctx, *name, *bit)?;
            if !short.is_empty() {
                module.set(ctx, *short, *bit)?;
            }
        }
    }
    let compile = module.function(ctx, "_compile", |ctx, args| {
        let [pattern, flags] = args.bind("_compile", ["pattern", "flags"], 2)?;
        compiled(ctx, pattern, flags)
    })?;
    module.function(ctx, "compile", |ctx, args| {
        let [pattern, flags] = args.bind("compile", ["pattern", "flags"], 1)?;
        compiled(ctx, pattern, flags)
    })?;
    let reducer = module.function(ctx, "_pickle", reduce)?;
    halfsour_copyreg::pickle(ctx, class.into(), reducer.into(), Some(compile.into()))
}

/// The class of compiled patterns, in 2.7 of the module `_sre`.
fn class<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    let (module, name) = ctx.dialect().pick(("_sre", "SRE_Pattern"), (MODULE, "Pattern"));
    let builder = support::class(ctx, module, name, Kind::Made)
        .native()
        .slots(&["__weakref__"])
        .property("pattern", |ctx, this| Ok(own(ctx, this)?.1))
        .property("flags", |ctx, this| Ok(Value::Int(own(ctx, this)?.0)))
        .method("__copy__", |_, this, _| Ok(this))
        .method("__deepcopy__", |_, this, _| Ok(this));
    if !python3(ctx) {
        return builder.build();
    }
    let builder = builder.method("__repr__", |ctx, this, _| show(ctx, this)).method(
        "__hash__",
        |ctx, this, _| {
            let (flags, pattern) = own(ctx, this)?;
            Ok(Value::Int(tuple(ctx, &[Value::Int(flags), pattern]).hash(ctx)?))
        },
    );
    comparisons(builder, compare).build()
}

fn own<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, (i64, Value<'gc>)> {
    let content =
        content::<Pattern>(this).ok_or_else(|| support::wrong_receiver(ctx, this, "re.Pattern"))?;
    let flags = content.data::<Pattern>()?.0;
    Ok((flags, content.get(0).unwrap_or(Value::None)))
}

fn flags_of_python3<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    let mut flags = Enumeration::new("RegexFlag", EnumKind::IntFlag).shown_in_module();
    flags = flags.member("NOFLAG", Value::Int(0));
    for (_, bit, name, short) in FLAGS.iter().filter(|(_, bit, ..)| *bit != 1) {
        flags = flags.member(name, Value::Int(*bit));
        if !short.is_empty() {
            flags = flags.member(short, Value::Int(*bit));
        }
    }
    let class = Value::from(flags.define(ctx, module)?);
    for (_, _, name, short) in FLAGS.iter().filter(|(_, bit, ..)| *bit != 1) {
        for name in [*name, *short] {
            if !name.is_empty() {
                module.set(ctx, name, class.get_attr(ctx, name)?)?;
            }
        }
    }
    module.set(ctx, "NOFLAG", class.get_attr(ctx, "NOFLAG")?)
}

fn compiled<'gc>(
    ctx: Context<'gc>,
    pattern: Option<Value<'gc>>,
    flags: Option<Value<'gc>>,
) -> Result<'gc> {
    let pattern = pattern.unwrap_or(Value::None);
    let flags: BigInt = flags.map_or(Ok(BigInt::default()), |flags| flags.to(ctx))?;
    let flags = flags.to_i64().unwrap_or_default();
    if content::<Pattern>(pattern).is_some() {
        if flags == 0 {
            return Ok(pattern);
        }
        let message = "annot process flags argument with a compiled pattern";
        let first = ctx.dialect().pick('C', 'c');
        return Err(value_error(format!("{first}{message}")));
    }
    let is_text = matches!(pattern.content(), Value::Unicode(_));
    if !is_text && !matches!(pattern.content(), Value::Bytes(_)) {
        return Err(type_error("first argument must be string or compiled pattern"));
    }
    let flags = (flags | inner_flags(&text(pattern))) & !DEBUG;
    let flags = if python3(ctx) { checked(flags, is_text)? } else { flags };
    let key = [pattern.type_of(ctx).into(), pattern, Value::Int(flags)];
    let cache = ctx.import_from(MODULE, CACHE)?.as_dict();
    if let Some(known) = cache.map_or(Ok(None), |cache| cache.get(ctx, tuple(ctx, &key)))? {
        return Ok(known);
    }
    let name = ctx.dialect().pick("_pattern_type", "Pattern");
    let made = make_named(ctx, MODULE, name, Pattern(flags), &[pattern])?;
    if let Some(cache) = cache {
        if cache.len() >= MOST_KEPT {
            cache.clear(ctx);
        }
        cache.insert(ctx, tuple(ctx, &key), made)?;
    }
    Ok(made)
}

/// Python 3 reads text as Unicode unless told otherwise, and bytes never.
fn checked<'gc>(flags: i64, is_text: bool) -> Result<'gc, i64> {
    if !is_text {
        if flags & UNICODE != 0 {
            return Err(value_error("cannot use UNICODE flag with a bytes pattern"));
        }
        return match flags & LOCALE != 0 && flags & ASCII != 0 {
            true => Err(value_error("ASCII and LOCALE flags are incompatible")),
            false => Ok(flags),
        };
    }
    if flags & LOCALE != 0 {
        return Err(value_error("cannot use LOCALE flag with a str pattern"));
    }
    if flags & ASCII == 0 {
        return Ok(flags | UNICODE);
    }
    if flags & UNICODE != 0 {
        return Err(value_error("ASCII and UNICODE flags are incompatible"));
    }
    Ok(flags)
}

/// The flags that a pattern sets itself: `(?i)`.
fn inner_flags(pattern: &str) -> i64 {
    let (mut flags, mut in_class) = (0, false);
    let mut rest = pattern.chars();
    while let Some(character) = rest.next() {
        match character {
            '\\' => {
                rest.next();
            }
            '[' if !in_class => {
                in_class = true;
                // A bracket that stands first is one of the class.
                let mut ahead = rest.clone();
                let first = ahead.next();
                let first = if first == Some('^') { ahead.next() } else { first };
                if first == Some(']') {
                    rest = ahead;
                }
            }
            ']' => in_class = false,
            '(' if !in_class => flags |= group_flags(rest.as_str()).unwrap_or(0),
            _ => {}
        }
    }
    flags
}

/// The flags of a group that has nothing but flags in it; what stands behind its bracket is given.
fn group_flags(inside: &str) -> Option<i64> {
    let (letters, _) = inside.strip_prefix('?')?.split_once(')')?;
    letters.chars().try_fold(0, |flags, letter| {
        let bit = FLAGS.iter().find(|(known, ..)| *known == letter).map(|(_, bit, ..)| *bit)?;
        Some(flags | bit)
    })
}

fn reduce<'gc>(ctx: Context<'gc>, args: Args<'gc>) -> Result<'gc> {
    let (pattern,): (Value<'gc>,) = args.parse(ctx, "_pickle")?;
    let compile = ctx.import_from(MODULE, "_compile")?;
    let args = [pattern.get_attr(ctx, "pattern")?, pattern.get_attr(ctx, "flags")?];
    Ok(tuple(ctx, &[compile, tuple(ctx, &args)]))
}

fn compare<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    other: Value<'gc>,
    operator: Operator,
) -> Result<'gc> {
    let equality = matches!(operator, Operator::Equal | Operator::NotEqual);
    if content::<Pattern>(other).is_none() || !equality {
        return Ok(Value::NotImplemented);
    }
    let ((flags, pattern), (other_flags, other_pattern)) = (own(ctx, this)?, own(ctx, other)?);
    let equal = flags == other_flags
        && pattern.type_of(ctx).is(other_pattern.type_of(ctx))
        && pattern.equals(ctx, other_pattern)?;
    Ok(Value::Bool(equal == (operator == Operator::Equal)))
}

fn show<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let (mut flags, pattern) = own(ctx, this)?;
    if matches!(pattern.content(), Value::Unicode(_)) && flags & ASCII == 0 {
        flags &= !UNICODE;
    }
    let order = [2, 4, 8, 16, 32, 64, 128, 256];
    let names: Vec<String> = order
        .iter()
        .filter(|bit| flags & **bit != 0)
        .filter_map(|bit| FLAGS.iter().find(|(_, known, ..)| known == bit))
        .map(|(_, _, name, _)| format!("re.{name}"))
        .collect();
    let shown: String = repr(ctx, pattern)?.chars().take(200).collect();
    if names.is_empty() {
        return Ok(ctx.str(&format!("re.compile({shown})")));
    }
    Ok(ctx.str(&format!("re.compile({shown}, {})", names.join("|"))))
}
