//! The class `array`.

use halfsour_runtime::{
    Args, Bytes, Class, ClassBuilder, Context, Error, List, Operator, Result, Traced, Unicode,
    Value, exc,
};

use super::MODULE;
use super::items::{Code, Form, given_code};
use crate::support::{
    self, Kind, comparisons, content, counted, given_class, make, no_keywords, none, one, python3,
    reduced, repr, tuple, type_error, value_error,
};

/// The items of an array.
#[derive(Clone, Debug)]
pub(super) struct Items {
    pub(super) code: Code,
    pub(super) bytes: Vec<u8>,
}

impl Items {
    fn len(&self) -> usize {
        self.bytes.len() / self.code.size
    }

    fn get<'gc>(&self, ctx: Context<'gc>, at: usize) -> Option<Value<'gc>> {
        let start = at * self.code.size;
        let bytes = self.bytes.get(start..start + self.code.size)?;
        Some(self.code.item(ctx, bytes))
    }

    fn to_vec<'gc>(&self, ctx: Context<'gc>) -> Vec<Value<'gc>> {
        self.bytes.chunks_exact(self.code.size).map(|bytes| self.code.item(ctx, bytes)).collect()
    }
}

pub(super) fn class<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    let reduce = if python3(ctx) { "__reduce_ex__" } else { "__reduce__" };
    let builder = support::class(ctx, MODULE, "array", Kind::Made)
        .native()
        .slots(&["__weakref__"])
        .attr("__hash__", Value::None)
        .method("__new__", new)
        .method("__init__", |_, _, _| Ok(Value::None))
        .property("typecode", |ctx, this| Ok(ctx.str(&own(ctx, this)?.code.letter.to_string())))
        .property("itemsize", |ctx, this| Ok(Value::int(ctx, own(ctx, this)?.code.size.into())))
        .method(reduce, |ctx, this, args| {
            let protocol = args.positional().first().map_or(Ok(2), |it| it.to::<i64>(ctx))?;
            reduced_items(ctx, this, protocol)
        })
        .method("__repr__", |ctx, this, _| show(ctx, this));
    let builder = comparisons(builder, compare);
    converted(ctx, changing(looking(builder))).build()
}

pub(super) fn traced<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Traced<'gc>> {
    content::<Items>(this).ok_or_else(|| support::wrong_receiver(ctx, this, "array.array"))
}

pub(super) fn own<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Items> {
    Ok(traced(ctx, this)?.data::<Items>()?.clone())
}

fn new<'gc>(ctx: Context<'gc>, class: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let class = given_class(ctx, class)?;
    if Value::from(class).is(ctx.import_from(MODULE, "array")?) {
        no_keywords(&args, "array.array")?;
    }
    let (code, initial) = match *args.positional() {
        [code] => (code, None),
        [code, initial] => (code, Some(initial)),
        ref given => {
            let (word, number) = if given.is_empty() { ("at least", 1) } else { ("at most", 2) };
            let plural = if number == 1 { "" } else { "s" };
            let given = given.len();
            let message = format!("array() takes {word} {number} argument{plural} ({given} given)");
            return Err(type_error(message));
        }
    };
    let code = given_code(ctx, code)?;
    let this = make(ctx, class, Items { code, bytes: Vec::new() }, &[]);
    if let Some(initial) = initial {
        fill(ctx, this, code, initial)?;
    }
    Ok(this)
}

/// Puts in what the constructor was given: bytes as they are, text as characters, else item by item.
fn fill<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    code: Code,
    initial: Value<'gc>,
) -> Result<'gc, ()> {
    match initial.content() {
        Value::Bytes(bytes) => push_bytes(ctx, this, bytes.as_slice()),
        Value::ByteArray(bytes) if python3(ctx) => push_bytes(ctx, this, &bytes.to_vec()),
        Value::Unicode(_) if python3(ctx) && code.form != Form::Character => {
            let letter = code.letter;
            let message =
                format!("cannot use a str to initialize an array with typecode '{letter}'");
            Err(type_error(message))
        }
        _ => {
            for item in initial.iter(ctx)?.collect_vec(ctx)? {
                push(ctx, this, item)?;
            }
            Ok(())
        }
    }
}

pub(super) fn push<'gc>(ctx: Context<'gc>, this: Value<'gc>, item: Value<'gc>) -> Result<'gc, ()> {
    let code = own_code(ctx, this)?;
    let bytes = code.bytes(ctx, item)?;
    traced(ctx, this)?.data_mut::<Items>()?.bytes.extend(bytes);
    Ok(())
}

fn own_code<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Code> {
    Ok(traced(ctx, this)?.data::<Items>()?.code)
}

pub(super) fn push_bytes<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    bytes: &[u8],
) -> Result<'gc, ()> {
    if !bytes.len().is_multiple_of(own_code(ctx, this)?.size) {
        let kind = ctx.dialect().pick("string", "bytes");
        return Err(value_error(format!("{kind} length not a multiple of item size")));
    }
    traced(ctx, this)?.data_mut::<Items>()?.bytes.extend_from_slice(bytes);
    Ok(())
}

/// A list of the items; from protocol 3 on the bytes, with the number of their layout.
fn reduced_items<'gc>(ctx: Context<'gc>, this: Value<'gc>, protocol: i64) -> Result<'gc> {
    let items = own(ctx, this)?;
    let state = this.find_attr(ctx, ctx.names().dict)?.unwrap_or(Value::None);
    let code = ctx.str(&items.code.letter.to_string());
    if protocol < 3 {
        let list = List::from_vec(ctx, items.to_vec(ctx)).into();
        return Ok(reduced(ctx, this, &[code, list], &[state]));
    }
    let bytes = Bytes::from_vec(ctx, items.bytes).into();
    let class = this.type_of(ctx).into();
    let args = tuple(ctx, &[class, code, Value::Int(items.code.layout), bytes]);
    let function = ctx.import_from(MODULE, "_array_reconstructor")?;
    Ok(tuple(ctx, &[function, args, state]))
}

fn show<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let items = own(ctx, this)?;
    let letter = items.code.letter;
    let name = if python3(ctx) { support::class_name(ctx, this) } else { "array".to_owned() };
    if items.bytes.is_empty() {
        return Ok(ctx.str(&format!("{name}('{letter}')")));
    }
    let shown = match items.code.form {
        Form::Character => whole_text(ctx, &items)?,
        Form::Byte => Bytes::new(ctx, &items.bytes).into(),
        _ => List::from_vec(ctx, items.to_vec(ctx)).into(),
    };
    Ok(ctx.str(&format!("{name}('{letter}', {})", repr(ctx, shown)?)))
}

fn whole_text<'gc>(ctx: Context<'gc>, items: &Items) -> Result<'gc> {
    let points = items
        .bytes
        .chunks_exact(4)
        .map(|point| point.iter().rev().fold(0_u32, |word, byte| word << 8 | u32::from(*byte)));
    let text = Unicode::from_code_points(ctx, points);
    text.map(Value::from).ok_or_else(|| value_error("character is not in range [U+0000; U+10ffff]"))
}

fn compare<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    other: Value<'gc>,
    operator: Operator,
) -> Result<'gc> {
    if content::<Items>(other).is_none() {
        return Ok(Value::NotImplemented);
    }
    let list = |items: Items| Value::from(List::from_vec(ctx, items.to_vec(ctx)));
    list(own(ctx, this)?).rich_compare(ctx, list(own(ctx, other)?), operator)
}

fn index<'gc>(
    ctx: Context<'gc>,
    items: &Items,
    at: Value<'gc>,
    what: &'static str,
) -> Result<'gc, usize> {
    let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let at: i64 = at.index(ctx)?.to(ctx)?;
    let at = if at < 0 { at + length } else { at };
    let found = usize::try_from(at).ok().filter(|_| at < length);
    found.ok_or_else(|| Error::new(&exc::INDEX_ERROR, what))
}

/// Another array of the same code, from some of the items.
fn like<'gc>(ctx: Context<'gc>, code: Code, bytes: Vec<u8>) -> Result<'gc> {
    support::make_named(ctx, MODULE, "array", Items { code, bytes }, &[])
}

fn looking(builder: ClassBuilder<'_>) -> ClassBuilder<'_> {
    builder
        .method("__len__", |ctx, this, _| Ok(Value::int(ctx, own(ctx, this)?.len().into())))
        .method("__iter__", |ctx, this, _| {
            let items = List::from_vec(ctx, own(ctx, this)?.to_vec(ctx));
            Ok(Value::from(items).iter(ctx)?.into_object(ctx))
        })
        .method("__getitem__", |ctx, this, args| {
            let (items, at) = (own(ctx, this)?, one(&args, "__getitem__")?);
            if let Value::Slice(_) = at {
                let list = Value::from(List::from_vec(ctx, items.to_vec(ctx)));
                let made = like(ctx, items.code, Vec::new())?;
                for item in list.get_item(ctx, at)?.iter(ctx)?.collect_vec(ctx)? {
                    push(ctx, made, item)?;
                }
                return Ok(made);
            }
            let at = index(ctx, &items, at, "array index out of range")?;
            Ok(items.get(ctx, at).unwrap_or(Value::None))
        })
        .method("__contains__", |ctx, this, args| {
            Ok(Value::Bool(position(ctx, this, one(&args, "__contains__")?)?.is_some()))
        })
        .method("index", |ctx, this, args| {
            let at = position(ctx, this, one(&args, "index")?)?;
            let kind = ctx.dialect().pick("list", "array");
            at.map(|at| Value::int(ctx, at.into()))
                .ok_or_else(|| value_error(format!("array.index(x): x not in {kind}")))
        })
        .method("count", |ctx, this, args| {
            let item = one(&args, "count")?;
            let mut count = 0;
            for known in own(ctx, this)?.to_vec(ctx) {
                count += i64::from(known.equals(ctx, item)?);
            }
            Ok(Value::Int(count))
        })
        .method("__add__", |ctx, this, args| {
            let other = one(&args, "__add__")?;
            if content::<Items>(other).is_none() {
                let found = other.type_name(ctx);
                let message = format!("can only append array (not \"{found}\") to array");
                return Err(type_error(message));
            }
            let (mut items, other) = (own(ctx, this)?, own(ctx, other)?);
            if items.code != other.code {
                return Err(type_error("bad argument type for built-in operation"));
            }
            items.bytes.extend(other.bytes);
            like(ctx, items.code, items.bytes)
        })
        .method("__mul__", |ctx, this, args| {
            let items = own(ctx, this)?;
            let times = usize::try_from(one(&args, "__mul__")?.to::<i64>(ctx)?).unwrap_or(0);
            if items.bytes.len().checked_mul(times).is_none_or(|length| length > 1 << 30) {
                return Err(Error::bare(&exc::MEMORY_ERROR));
            }
            like(ctx, items.code, items.bytes.repeat(times))
        })
}

fn position<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    item: Value<'gc>,
) -> Result<'gc, Option<usize>> {
    for (at, known) in own(ctx, this)?.to_vec(ctx).into_iter().enumerate() {
        if known.equals(ctx, item)? {
            return Ok(Some(at));
        }
    }
    Ok(None)
}

fn changing(builder: ClassBuilder<'_>) -> ClassBuilder<'_> {
    builder
        .method("append", |ctx, this, args| {
            push(ctx, this, one(&args, "append")?)?;
            Ok(Value::None)
        })
        .method("extend", |ctx, this, args| {
            let source = one(&args, "extend")?;
            if let Some(other) = content::<Items>(source) {
                let other = other.data::<Items>()?.clone();
                if other.code != own_code(ctx, this)? {
                    return Err(type_error("can only extend with array of same kind"));
                }
                push_bytes(ctx, this, &other.bytes)?;
                return Ok(Value::None);
            }
            for item in source.iter(ctx)?.collect_vec(ctx)? {
                push(ctx, this, item)?;
            }
            Ok(Value::None)
        })
        .method("__setitem__", |ctx, this, args| {
            let (at, item): (Value<'_>, Value<'_>) = args.parse(ctx, "__setitem__")?;
            let items = own(ctx, this)?;
            let at = index(ctx, &items, at, "array assignment index out of range")?;
            let bytes = items.code.bytes(ctx, item)?;
            let start = at * items.code.size;
            let content = traced(ctx, this)?;
            let mut own = content.data_mut::<Items>()?;
            if let Some(place) = own.bytes.get_mut(start..start + items.code.size) {
                place.copy_from_slice(&bytes);
            }
            Ok(Value::None)
        })
        .method("pop", |ctx, this, args| {
            let at = counted(ctx, &args, "pop", 0, 1)?.first().copied().unwrap_or(Value::Int(-1));
            let items = own(ctx, this)?;
            if items.bytes.is_empty() {
                return Err(Error::new(&exc::INDEX_ERROR, "pop from empty array"));
            }
            let at = index(ctx, &items, at, "pop index out of range")?;
            let item = items.get(ctx, at).unwrap_or(Value::None);
            let start = at * items.code.size;
            traced(ctx, this)?.data_mut::<Items>()?.bytes.drain(start..start + items.code.size);
            Ok(item)
        })
        .method("reverse", |ctx, this, args| {
            none(&args, "reverse")?;
            let items = own(ctx, this)?;
            let reversed = items.bytes.chunks_exact(items.code.size).rev().flatten().copied();
            traced(ctx, this)?.data_mut::<Items>()?.bytes = reversed.collect();
            Ok(Value::None)
        })
        .method("byteswap", |ctx, this, args| {
            none(&args, "byteswap")?;
            let content = traced(ctx, this)?;
            let mut items = content.data_mut::<Items>()?;
            let size = items.code.size;
            items.bytes.chunks_exact_mut(size).for_each(<[u8]>::reverse);
            Ok(Value::None)
        })
        .method("fromlist", |ctx, this, args| {
            for item in one(&args, "fromlist")?.to::<Vec<Value<'_>>>(ctx)? {
                push(ctx, this, item)?;
            }
            Ok(Value::None)
        })
}

fn converted<'gc>(ctx: Context<'gc>, builder: ClassBuilder<'gc>) -> ClassBuilder<'gc> {
    let (to_bytes, from_bytes) =
        if python3(ctx) { ("tobytes", "frombytes") } else { ("tostring", "fromstring") };
    builder
        .method("tolist", |ctx, this, args| {
            none(&args, "tolist")?;
            Ok(List::from_vec(ctx, own(ctx, this)?.to_vec(ctx)).into())
        })
        .method(to_bytes, |ctx, this, _| Ok(Bytes::from_vec(ctx, own(ctx, this)?.bytes).into()))
        .method(from_bytes, move |ctx, this, args| {
            let bytes = one(&args, from_bytes)?;
            let bytes = match bytes.content() {
                Value::Bytes(bytes) => bytes.as_slice().to_vec(),
                Value::ByteArray(bytes) => bytes.to_vec(),
                other => {
                    let found = other.type_name(ctx);
                    let message = format!("a bytes-like object is required, not '{found}'");
                    return Err(type_error(message));
                }
            };
            push_bytes(ctx, this, &bytes)?;
            Ok(Value::None)
        })
        .method("tounicode", |ctx, this, _| {
            let items = own(ctx, this)?;
            if items.code.form != Form::Character {
                let message = "tounicode() may only be called on unicode type arrays ('u' or 'w')";
                return Err(value_error(message));
            }
            whole_text(ctx, &items)
        })
        .method("__copy__", |ctx, this, _| {
            let items = own(ctx, this)?;
            like(ctx, items.code, items.bytes)
        })
        .method("__deepcopy__", |ctx, this, _| {
            let items = own(ctx, this)?;
            like(ctx, items.code, items.bytes)
        })
}
