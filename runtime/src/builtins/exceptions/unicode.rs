//! `UnicodeDecodeError`, `UnicodeEncodeError` and `UnicodeTranslateError`.

use crate::args::Args;
use crate::class::ExceptionKind;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception::ExceptionState;
use crate::exception_type::exc;
use crate::value::Value;

use super::super::define::Define;
use super::{member, set_member, state_of};

const ENCODING: usize = 0;
const OBJECT: usize = 1;
const START: usize = 2;
const END: usize = 3;
const REASON: usize = 4;

pub(super) fn install(define: Define<'_>, kind: ExceptionKind) {
    let str = match kind {
        ExceptionKind::UnicodeDecode => str_of_decode,
        ExceptionKind::UnicodeEncode => str_of_encode,
        _ => str_of_translate,
    };
    define
        .special("__str__", str)
        .getset("encoding", member::<ENCODING>, Some(set_member::<ENCODING>))
        .getset("object", member::<OBJECT>, Some(set_member::<OBJECT>))
        .getset("start", number::<START>, Some(set_number::<START>))
        .getset("end", number::<END>, Some(set_number::<END>))
        .getset("reason", member::<REASON>, Some(set_member::<REASON>));
}

fn number<'gc, const INDEX: usize>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    Ok(state_of(ctx, this)?.member(INDEX).unwrap_or(Value::Int(0)))
}

fn set_number<'gc, const INDEX: usize>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    value: Option<Value<'gc>>,
) -> Result<'gc, ()> {
    let Some(value) = value else {
        return Err(Error::new(&exc::TYPE_ERROR, "can't delete numeric/char attribute"));
    };
    let Ok(number) = value.to::<i64>(ctx) else {
        return Err(Error::new(&exc::TYPE_ERROR, "an integer is required"));
    };
    state_of(ctx, this)?.set_member(ctx, INDEX, Some(Value::Int(number)));
    Ok(())
}

/// The arguments are encoding (none for a translation), object, start, end and reason.
pub(super) fn initialize<'gc>(
    ctx: Context<'gc>,
    kind: ExceptionKind,
    state: ExceptionState<'gc>,
    args: &[Value<'gc>],
) -> Result<'gc, ()> {
    let first = if kind == ExceptionKind::UnicodeTranslate { OBJECT } else { ENCODING };
    let expected = REASON + 1 - first;
    if args.len() != expected {
        let message = format!("function takes exactly {expected} arguments ({} given)", args.len());
        return Err(Error::new(&exc::TYPE_ERROR, message));
    }
    for (position, (index, &value)) in (first..).zip(args).enumerate() {
        let value = check(ctx, kind, position + 1, index, value)?;
        state.set_member(ctx, index, Some(value));
    }
    Ok(())
}

fn check<'gc>(
    ctx: Context<'gc>,
    kind: ExceptionKind,
    position: usize,
    index: usize,
    value: Value<'gc>,
) -> Result<'gc> {
    let is_str = match ctx.dialect() {
        Dialect::Python2 => value.as_bytes().is_some(),
        Dialect::Python3 => value.as_unicode().is_some(),
    };
    let (fits, wanted) = match index {
        START | END => return value.to::<i64>(ctx).map(Value::Int),
        OBJECT if kind != ExceptionKind::UnicodeDecode => {
            (value.as_unicode().is_some(), ctx.dialect().pick("unicode", "str"))
        }
        OBJECT if ctx.dialect() == Dialect::Python3 => {
            let message =
                format!("a bytes-like object is required, not '{}'", value.type_name(ctx));
            return match value.as_bytes() {
                Some(_) => Ok(value),
                None => Err(Error::new(&exc::TYPE_ERROR, message)),
            };
        }
        _ => (is_str, "str"),
    };
    if fits {
        return Ok(value);
    }
    let got = value.type_name(ctx);
    Err(Error::new(&exc::TYPE_ERROR, format!("argument {position} must be {wanted}, not {got}")))
}

/// What the message says, as text.
struct Shown {
    encoding: String,
    start: i64,
    end: i64,
    reason: String,
}

/// `None` for an exception that `__init__` never saw: it shows as nothing.
fn shown<'gc>(
    ctx: Context<'gc>,
    state: ExceptionState<'gc>,
) -> Result<'gc, Option<(Shown, Value<'gc>)>> {
    let Some(object) = state.member(OBJECT) else {
        return Ok(None);
    };
    let text = |index: usize| match state.member(index) {
        Some(value) => value.str(ctx)?.to::<String>(ctx),
        None => Ok("<NULL>".to_owned()),
    };
    let number = |index: usize| state.member(index).unwrap_or(Value::Int(0)).to::<i64>(ctx);
    let shown = Shown {
        encoding: text(ENCODING)?,
        start: number(START)?,
        end: number(END)?,
        reason: text(REASON)?,
    };
    Ok(Some((shown, object)))
}

impl Shown {
    /// The index of the one character or byte at fault, if it is one.
    fn only(&self, length: usize) -> Option<usize> {
        let start = usize::try_from(self.start).ok()?;
        (start < length && self.start.checked_add(1) == Some(self.end)).then_some(start)
    }

    fn range(&self) -> String {
        format!("{}-{}", self.start, self.end.saturating_sub(1))
    }
}

fn str_of_decode<'gc>(ctx: Context<'gc>, this: Value<'gc>, _: Args<'gc>) -> Result<'gc> {
    let Some((it, object)) = shown(ctx, state_of(ctx, this)?)? else {
        return Ok(ctx.str(""));
    };
    let data = object.as_bytes().map_or(&[][..], |bytes| bytes.as_slice());
    let what = match it.only(data.len()).and_then(|at| data.get(at)) {
        Some(byte) => format!("byte 0x{byte:02x} in position {}", it.start),
        None => format!("bytes in position {}", it.range()),
    };
    Ok(ctx.str(&format!("'{}' codec can't decode {what}: {}", it.encoding, it.reason)))
}

fn str_of_encode<'gc>(ctx: Context<'gc>, this: Value<'gc>, _: Args<'gc>) -> Result<'gc> {
    let Some((it, object)) = shown(ctx, state_of(ctx, this)?)? else {
        return Ok(ctx.str(""));
    };
    let what = characters(ctx, &it, object);
    Ok(ctx.str(&format!("'{}' codec can't encode {what}: {}", it.encoding, it.reason)))
}

fn str_of_translate<'gc>(ctx: Context<'gc>, this: Value<'gc>, _: Args<'gc>) -> Result<'gc> {
    let Some((it, object)) = shown(ctx, state_of(ctx, this)?)? else {
        return Ok(ctx.str(""));
    };
    let what = characters(ctx, &it, object);
    Ok(ctx.str(&format!("can't translate {what}: {}", it.reason)))
}

fn characters<'gc>(ctx: Context<'gc>, it: &Shown, object: Value<'gc>) -> String {
    let points: Vec<u32> =
        object.as_unicode().map_or(Vec::new(), |text| text.code_points().collect());
    let Some(&point) = it.only(points.len()).and_then(|at| points.get(at)) else {
        return format!("characters in position {}", it.range());
    };
    let escaped = match point {
        0..=0xFF => format!("\\x{point:02x}"),
        0x100..=0xFFFF => format!("\\u{point:04x}"),
        _ => format!("\\U{point:08x}"),
    };
    let prefix = ctx.dialect().pick("u", "");
    format!("character {prefix}'{escaped}' in position {}", it.start)
}
