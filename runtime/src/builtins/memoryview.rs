//! `memoryview`: a window on the bytes of another object, or on a host's, without a copy.

use std::borrow::Cow;
use std::rc::Rc;

use super::arguments::{named, none, operands, receiver};
use super::define::Define;
use super::positions;
use crate::class::Class;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::instance::Instance;
use crate::payload::Traced;
use crate::types::{Bytes, List, Slice, Tuple};
use crate::value::Value;

/// `PyBUF_FULL_RO`: what `memoryview` asks of `__buffer__`.
const FULL_READ_ONLY: i64 = 0x011c;

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
    /// Whether it is read-only over memory that can be written.
    read_only: bool,
}

impl<'gc> Context<'gc> {
    /// Returns a `memoryview` of the bytes of a byte string, a bytearray or another memoryview; in Python 3 of any
    /// object whose class has `__buffer__`, which returns a memoryview.
    ///
    /// # Errors
    ///
    /// `TypeError` if the object has none; what `__buffer__` raises.
    pub fn memoryview(self, object: Value<'gc>) -> Result<'gc, Instance<'gc>> {
        if let Some((content, window)) = window_of(object) {
            return Ok(make(self, content.get(0), window));
        }
        let length = match object.content() {
            Value::Bytes(bytes) => bytes.len(),
            Value::ByteArray(bytes) => bytes.len(),
            _ => {
                let exported = self.exported_view(object)?;
                return exported.ok_or_else(|| no_buffer(self, object));
            }
        };
        let window = Window { start: 0, length, host: None, read_only: false };
        Ok(make(self, Some(object), window))
    }

    /// What `__buffer__` of an object's class returns (PEP 688), if it has that.
    pub(in crate::builtins) fn exported_view(
        self,
        object: Value<'gc>,
    ) -> Result<'gc, Option<Instance<'gc>>> {
        let has = |class: Class<'gc>| class.lookup(self, "__buffer__").is_some();
        if self.dialect() == Dialect::Python2 || !has(object.type_of(self)) {
            return Ok(None);
        }
        let view = object.call_method(self, "__buffer__", (FULL_READ_ONLY,))?;
        match (view, window_of(view)) {
            (Value::Instance(view), Some(_)) => Ok(Some(view)),
            _ => {
                let message = "__buffer__ returned non-memoryview object";
                Err(Error::new(&exc::TYPE_ERROR, message))
            }
        }
    }

    /// Returns a `memoryview` of the same bytes that does not let them be written (`memoryview.toreadonly`).
    ///
    /// # Errors
    ///
    /// As [`memoryview`](Self::memoryview).
    pub fn read_only_view(self, object: Value<'gc>) -> Result<'gc, Instance<'gc>> {
        let view = self.memoryview(object)?;
        match window_of(view.into()) {
            Some((content, window)) => {
                Ok(make(self, content.get(0), Window { read_only: true, ..window }))
            }
            None => Ok(view),
        }
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
        let host: Rc<dyn HostBuffer> = Rc::new(buffer);
        make(self, None, Window { start: 0, length, host: Some(host), read_only: true })
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

/// Runs Rust code over the bytes that a memoryview shows, without a copy; `None` if the object is none.
pub(super) fn with_bytes<R>(value: Value<'_>, read: impl FnOnce(&[u8]) -> R) -> Option<R> {
    let (content, window) = window_of(value)?;
    // A bytearray may have shrunk since.
    let part = |bytes: &[u8]| {
        let start = window.start.min(bytes.len());
        let end = window.start.saturating_add(window.length).min(bytes.len());
        start..end
    };
    Some(match (&window.host, content.get(0).map(Value::content)) {
        (Some(host), _) => read(&host.bytes()[part(host.bytes())]),
        (None, Some(Value::Bytes(bytes))) => read(&bytes.as_slice()[part(bytes.as_slice())]),
        (None, Some(Value::ByteArray(bytes))) => bytes.with(|bytes| read(&bytes[part(bytes)])),
        _ => read(&[]),
    })
}

/// Returns the bytes that a memoryview shows; `None` if the object is none.
pub(super) fn bytes_of(value: Value<'_>) -> Option<Cow<'_, [u8]>> {
    with_bytes(value, |bytes| Cow::Owned(bytes.to_vec()))
}

/// Whether a memoryview, if the object is one, lets nobody write.
pub(super) fn is_read_only(value: Value<'_>) -> Option<bool> {
    let (content, window) = window_of(value)?;
    let is_writable = matches!(content.get(0).map(Value::content), Some(Value::ByteArray(_)));
    Some(window.read_only || !is_writable)
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
    if define.dialect() == Dialect::Python3 {
        attributes_of_python3(define);
    }
}

fn own<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Cow<'gc, [u8]>> {
    receiver(ctx, this, bytes_of(this))
}

fn length<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, usize> {
    receiver(ctx, this, with_bytes(this, <[u8]>::len))
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
            Ok(Value::Int(length(ctx, this)? as i64))
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
        let part = Window { start: window.start + start, length: stop - start, ..window };
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
    let target = match content.get(0).map(Value::content) {
        Some(Value::ByteArray(target)) if !window.read_only => target,
        _ => return Err(Error::new(&exc::TYPE_ERROR, "cannot modify read-only memory")),
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
            |ctx, this| Ok(Value::Bool(receiver(ctx, this, is_read_only(this))?)),
            None,
        )
        .getset(
            "shape",
            |ctx, this| {
                let length = length(ctx, this)?;
                Ok(Tuple::new(ctx, &[long(ctx, length)]).into())
            },
            None,
        )
        .getset("strides", |ctx, _| Ok(Tuple::new(ctx, &[long(ctx, 1)]).into()), None);
}

fn attributes_of_python3(define: Define<'_>) {
    for name in ["c_contiguous", "f_contiguous", "contiguous"] {
        define.getset(name, |_, _| Ok(Value::Bool(true)), None);
    }
    define
        .getset("nbytes", |ctx, this| Ok(long(ctx, length(ctx, this)?)), None)
        .getset(
            "obj",
            |ctx, this| {
                let (content, _) = receiver(ctx, this, window_of(this))?;
                Ok(content.get(0).unwrap_or(Value::None))
            },
            None,
        )
        .method("toreadonly", |ctx, this, args| {
            none(&args, "toreadonly")?;
            ctx.read_only_view(this).map(Into::into)
        });
}

/// Python 2 counts the parts of memory in longs.
fn long(ctx: Context<'_>, number: usize) -> Value<'_> {
    Value::long(ctx, number.into())
}
