//! `memoryview`: a window on the bytes of another object, or on a host's, without a copy.

use std::borrow::Cow;
use std::rc::Rc;

use super::arguments::{named, none, operands, receiver};
use super::define::Define;
use super::positions;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::instance::Instance;
use crate::payload::Traced;
use crate::types::{Bytes, List, Slice, Tuple};
use crate::value::Value;

/// Bytes that a host owns and Python objects look at: `ctx.memoryview_of_host`.
pub trait HostBuffer: 'static {
    /// Returns the bytes; they never change.
    fn bytes(&self) -> &[u8];
}

impl<T: AsRef<[u8]> + 'static> HostBuffer for T {
    fn bytes(&self) -> &[u8] {
        self.as_ref()
    }
}

/// The Rust side of a memoryview; the object whose bytes it shows, if there is one, is the first traced value.
#[derive(Clone)]
struct Window {
    start: usize,
    length: usize,
    host: Option<Rc<dyn HostBuffer>>,
}

impl<'gc> Context<'gc> {
    /// Returns a `memoryview` of the bytes of a byte string, a bytearray or another memoryview.
    ///
    /// # Errors
    ///
    /// `TypeError` if the object has none.
    pub fn memoryview(self, object: Value<'gc>) -> Result<'gc, Instance<'gc>> {
        if let Some((content, window)) = window_of(object) {
            return Ok(make(self, content.get(0), window));
        }
        let length = match object.content() {
            Value::Bytes(bytes) => bytes.len(),
            Value::ByteArray(bytes) => bytes.len(),
            _ => return Err(no_buffer(self, object)),
        };
        Ok(make(self, Some(object), Window { start: 0, length, host: None }))
    }

    /// Returns a read-only `memoryview` of bytes that the host owns: nothing is copied.
    ///
    /// # Examples
    ///
    /// ```
    /// use halfsour_runtime::{Runtime, Value};
    ///
    /// let mut runtime = Runtime::python2();
    /// runtime.try_enter(|ctx| {
    ///     let view = Value::from(ctx.memoryview_of_host(vec![100_u8, 105, 108, 108]));
    ///     assert_eq!(view.call_method(ctx, "tobytes", ())?.to::<String>(ctx)?, "dill");
    ///     Ok(())
    /// })?;
    /// # Ok::<(), halfsour_runtime::Uncaught>(())
    /// ```
    #[must_use]
    pub fn memoryview_of_host(self, buffer: impl HostBuffer) -> Instance<'gc> {
        let length = buffer.bytes().len();
        make(self, None, Window { start: 0, length, host: Some(Rc::new(buffer)) })
    }
}

#[cold]
fn no_buffer<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Error<'gc> {
    let message = match ctx.dialect() {
        Dialect::Python2 => {
            "cannot make memory view because object does not have the buffer interface".to_owned()
        }
        Dialect::Python3 => {
            format!("memoryview: a bytes-like object is required, not '{}'", object.type_name(ctx))
        }
    };
    Error::new(&exc::TYPE_ERROR, message)
}

fn make<'gc>(ctx: Context<'gc>, object: Option<Value<'gc>>, window: Window) -> Instance<'gc> {
    let content = Traced::new(ctx, window);
    if let Some(object) = object {
        content.push(ctx, object);
    }
    Instance::native(ctx, ctx.types().memoryview, content)
}

fn window_of(value: Value<'_>) -> Option<(Traced<'_>, Window)> {
    let Value::Instance(instance) = value else {
        return None;
    };
    let content = instance.native_content().filter(|content| content.holds::<Window>())?;
    let window = content.data::<Window>().ok()?.clone();
    Some((content, window))
}

/// Returns the bytes that a memoryview shows; `None` if the object is none.
pub(super) fn bytes_of(value: Value<'_>) -> Option<Cow<'_, [u8]>> {
    let (content, window) = window_of(value)?;
    let part = |bytes: &[u8]| {
        // A bytearray may have shrunk since.
        let start = window.start.min(bytes.len());
        let end = window.start.saturating_add(window.length).min(bytes.len());
        start..end
    };
    Some(match (&window.host, content.get(0).map(Value::content)) {
        (Some(host), _) => Cow::Owned(host.bytes()[part(host.bytes())].to_vec()),
        (None, Some(Value::Bytes(bytes))) => {
            Cow::Borrowed(&bytes.as_slice()[part(bytes.as_slice())])
        }
        (None, Some(Value::ByteArray(bytes))) => {
            Cow::Owned(bytes.with(|bytes| bytes[part(bytes)].to_vec()))
        }
        _ => Cow::Borrowed(&[]),
    })
}

/// Defines the methods of `memoryview`.
pub(super) fn install<'gc>(ctx: Context<'gc>) {
    let define = Define::new(ctx, ctx.types().memoryview).new_with(|ctx, _, args| {
        let [object] = named(&args, "memoryview", ["object"], 0)?;
        let Some(object) = object else {
            let message = "Required argument 'object' (pos 1) not found";
            return Err(Error::new(&exc::TYPE_ERROR, message));
        };
        ctx.memoryview(object).map(Into::into)
    });
    super::comparison::refuse_hash(define);
    reading(define);
    items(define);
    attributes(define);
}

fn own<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Cow<'gc, [u8]>> {
    receiver(ctx, this, bytes_of(this))
}

fn reading(define: Define<'_>) {
    define
        .method("tobytes", |ctx, this, args| {
            none(&args, "tobytes")?;
            Ok(Bytes::new(ctx, &own(ctx, this)?).into())
        })
        .method("tolist", |ctx, this, args| {
            none(&args, "tolist")?;
            let items = own(ctx, this)?.iter().map(|&byte| byte.into()).collect();
            Ok(List::from_vec(ctx, items).into())
        })
        .special("__eq__", |ctx, this, args| {
            let [other] = operands(&args, "__eq__")?;
            Ok(match super::buffer::bytes_of(other) {
                Some(other) => Value::Bool(own(ctx, this)? == other),
                None => Value::NotImplemented,
            })
        })
        .special("__ne__", |ctx, this, args| {
            let [other] = operands(&args, "__ne__")?;
            Ok(match super::buffer::bytes_of(other) {
                Some(other) => Value::Bool(own(ctx, this)? != other),
                None => Value::NotImplemented,
            })
        })
        .special("__repr__", |ctx, this, args| {
            let [] = operands(&args, "__repr__")?;
            Ok(ctx.str(&format!("<memory at {:#x}>", this.addr().unwrap_or(0))))
        });
}

fn items(define: Define<'_>) {
    define
        .special("__len__", |ctx, this, args| {
            let [] = operands(&args, "__len__")?;
            Ok(Value::Int(own(ctx, this)?.len() as i64))
        })
        .special("__getitem__", |ctx, this, args| {
            let [key] = operands(&args, "__getitem__")?;
            get(ctx, this, key)
        })
        .special("__setitem__", |ctx, this, args| {
            let [key, item] = operands(&args, "__setitem__")?;
            set(ctx, this, key, item)?;
            Ok(Value::None)
        });
}

fn get<'gc>(ctx: Context<'gc>, this: Value<'gc>, key: Value<'gc>) -> Result<'gc> {
    let (content, window) = receiver(ctx, this, window_of(this))?;
    if let Value::Slice(slice) = key {
        let (start, stop) = contiguous(ctx, slice, window.length)?;
        let part = Window { start: window.start + start, length: stop - start, host: window.host };
        return Ok(make(ctx, content.get(0), part).into());
    }
    let bytes = own(ctx, this)?;
    let at = positions::exact(ctx, key, &exc::INDEX_ERROR)?;
    let Some(at) = at else {
        let message = match ctx.dialect() {
            Dialect::Python2 => format!("cannot index memory using \"{}\"", key.type_name(ctx)),
            Dialect::Python3 => "memoryview: invalid slice key".to_owned(),
        };
        return Err(Error::new(&exc::TYPE_ERROR, message));
    };
    match positions::position(at, bytes.len()).and_then(|at| bytes.get(at)) {
        Some(&byte) => Ok(match ctx.dialect() {
            Dialect::Python2 => Bytes::new(ctx, &[byte]).into(),
            Dialect::Python3 => byte.into(),
        }),
        None => Err(Error::new(&exc::INDEX_ERROR, "index out of bounds")),
    }
}

/// The bounds of a slice without a step.
fn contiguous<'gc>(
    ctx: Context<'gc>,
    slice: Slice<'gc>,
    length: usize,
) -> Result<'gc, (usize, usize)> {
    let bound = |value: Value<'gc>, default: i64| match value {
        Value::None => Ok(default),
        value => positions::count(ctx, value),
    };
    if bound(slice.step(), 1)? != 1 {
        return Err(Error::bare(&exc::NOT_IMPLEMENTED_ERROR));
    }
    let start = positions::bound(bound(slice.start(), 0)?, length);
    let stop = positions::bound(bound(slice.stop(), i64::MAX)?, length);
    Ok((start, stop.max(start)))
}

/// Sets a byte or a slice of the same length of a bytearray.
fn set<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    key: Value<'gc>,
    item: Value<'gc>,
) -> Result<'gc, ()> {
    let (content, window) = receiver(ctx, this, window_of(this))?;
    let Some(Value::ByteArray(target)) = content.get(0).map(Value::content) else {
        return Err(Error::new(&exc::TYPE_ERROR, "cannot modify read-only memory"));
    };
    let (start, stop) = match key {
        Value::Slice(slice) => contiguous(ctx, slice, window.length)?,
        key => {
            let at = positions::position(positions::count(ctx, key)?, window.length);
            let at = at.ok_or_else(|| Error::new(&exc::INDEX_ERROR, "index out of bounds"))?;
            (at, at + 1)
        }
    };
    let new = match (item.content(), key) {
        (Value::Int(byte), Value::Int(_)) => u8::try_from(byte).ok().map(|byte| vec![byte]),
        _ => super::buffer::bytes_of(item).map(Cow::into_owned),
    };
    let Some(new) = new.filter(|new| new.len() == stop - start) else {
        let message = "cannot modify size of memoryview object";
        return Err(Error::new(&exc::VALUE_ERROR, message));
    };
    target.update(|bytes| {
        if let Some(place) = bytes.get_mut(window.start + start..window.start + stop) {
            place.copy_from_slice(&new);
        }
    });
    Ok(())
}

fn attributes(define: Define<'_>) {
    define
        .getset("format", |ctx, _| Ok(ctx.str("B")), None)
        .getset("itemsize", |ctx, _| Ok(long(ctx, 1)), None)
        .getset("ndim", |ctx, _| Ok(long(ctx, 1)), None)
        .getset(
            "readonly",
            |ctx, this| {
                let (content, _) = receiver(ctx, this, window_of(this))?;
                let is_writable =
                    matches!(content.get(0).map(Value::content), Some(Value::ByteArray(_)));
                Ok(Value::Bool(!is_writable))
            },
            None,
        )
        .getset(
            "shape",
            |ctx, this| {
                let length = long(ctx, own(ctx, this)?.len());
                Ok(Tuple::new(ctx, &[length]).into())
            },
            None,
        )
        .getset("strides", |ctx, _| Ok(Tuple::new(ctx, &[long(ctx, 1)]).into()), None);
}

/// Python 2 counts the parts of memory in longs.
fn long(ctx: Context<'_>, number: usize) -> Value<'_> {
    Value::long(ctx, number.into())
}
