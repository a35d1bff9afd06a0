//! `pickle.PickleBuffer`: bytes that a pickle need not hold (PEP 574).

use halfsour_runtime::{Class, Context, Error, Instance, Module, Result, Traced, Value, exc};

/// The module that has the class.
const MODULE: &str = "_pickle";

/// The class's name.
const NAME: &str = "PickleBuffer";

/// A wrapper around the bytes of another object, by which an object lets protocol 5 write them outside of the pickle
/// (`pickle.PickleBuffer`).
///
/// # Examples
/// ```
/// use halfsour_pickle::{PickleBuffer, Pickler, Placement, Unpickler};
/// use halfsour_runtime::{ByteArray, Runtime};
///
/// let mut runtime = Runtime::python3();
/// runtime.try_enter(|ctx| {
///     let pixels = ByteArray::from_vec(ctx, vec![7; 1_000_000]).into();
///     let taken = std::cell::RefCell::new(Vec::new());
///     let pickler = Pickler::new().protocol(5).buffer_callback(|_, buffer| {
///         taken.borrow_mut().push(buffer.with_bytes(|bytes| bytes.to_vec())?);
///         Ok(Placement::OutOfBand)
///     });
///     let bytes = pickler.dumps(ctx, PickleBuffer::new(ctx, pixels)?.into())?;
///     assert_eq!(bytes, b"\x80\x05\x97.");
///
///     // The bytes are handed back without a copy, as often as the pickle is loaded.
///     let taken: Vec<std::rc::Rc<[u8]>> = taken.take().into_iter().map(Into::into).collect();
///     let unpickler = Unpickler::new().buffers(|ctx, number| {
///         Ok(taken.get(number).map(|bytes| ctx.memoryview_of_host(bytes.clone()).into()))
///     });
///     let pixels = unpickler.loads(ctx, &bytes)?;
///     assert_eq!(pixels.with_bytes(|bytes| bytes.len()), Some(1_000_000));
///     Ok(())
/// })?;
/// # Ok::<(), halfsour_runtime::Uncaught>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct PickleBuffer<'gc>(Instance<'gc>);

/// Where the bytes of a [`PickleBuffer`] go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Placement {
    /// Into the pickle: what a true value means that a Python `buffer_callback` returns.
    InBand,
    /// Nowhere: the callback has taken them, and gives them to whoever loads the pickle.
    OutOfBand,
}

/// What makes an instance a PickleBuffer. Its first traced value is a memoryview, or None once it is released.
struct Marker;

impl<'gc> PickleBuffer<'gc> {
    /// Wraps an object that has bytes: a byte string, a bytearray, a memoryview.
    ///
    /// # Errors
    /// TypeError for an object without bytes.
    pub fn new(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, Self> {
        Self::of_class(ctx, class(ctx)?, object)
    }

    fn of_class(ctx: Context<'gc>, class: Class<'gc>, object: Value<'gc>) -> Result<'gc, Self> {
        let content = Traced::new(ctx, Marker);
        content.push(ctx, ctx.memoryview(object)?.into());
        Ok(Self(Instance::native(ctx, class, content)))
    }

    /// Returns the PickleBuffer that a value is.
    #[must_use]
    pub fn from_value(value: Value<'gc>) -> Option<Self> {
        let Value::Instance(instance) = value else { return None };
        instance.native_content().is_some_and(Traced::holds::<Marker>).then_some(Self(instance))
    }

    /// Returns a memoryview of the bytes (`PickleBuffer.raw`).
    ///
    /// # Errors
    /// ValueError when it was released.
    pub fn raw(self) -> Result<'gc> {
        match self.0.native_content().and_then(|content| content.get(0)) {
            Some(view) if !view.is_none() => Ok(view),
            _ => {
                let message = "operation forbidden on released PickleBuffer object";
                Err(Error::new(&exc::VALUE_ERROR, message))
            }
        }
    }

    /// Lets go of the wrapped object (`PickleBuffer.release`).
    pub fn release(self, ctx: Context<'gc>) {
        if let Some(content) = self.0.native_content() {
            content.set(ctx, 0, Value::None);
        }
    }

    /// Runs Rust code over the bytes, without a copy.
    ///
    /// # Errors
    /// ValueError when it was released.
    pub fn with_bytes<R>(self, read: impl FnOnce(&[u8]) -> R) -> Result<'gc, R> {
        let view = self.raw()?;
        view.with_bytes(read).ok_or_else(|| Error::new(&exc::TYPE_ERROR, "no bytes"))
    }

    /// Returns whether the bytes can only be read.
    ///
    /// # Errors
    /// ValueError when it was released.
    pub fn is_read_only(self) -> Result<'gc, bool> {
        Ok(self.raw()?.has_read_only_bytes().unwrap_or(true))
    }
}

impl<'gc> From<PickleBuffer<'gc>> for Value<'gc> {
    fn from(buffer: PickleBuffer<'gc>) -> Self {
        buffer.0.into()
    }
}

/// Returns the class `PickleBuffer` of a runtime: what its module `_pickle` has, or has from now on.
///
/// # Errors
/// TypeError when a program has put something else there.
pub fn pickle_buffer_class<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    class(ctx)
}

fn class<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    let module = module(ctx)?;
    match Value::from(module).find_attr(ctx, NAME)? {
        Some(Value::Class(class)) => Ok(class),
        Some(_) => Err(Error::new(&exc::TYPE_ERROR, "_pickle.PickleBuffer is no class")),
        None => {
            let class = define(ctx)?;
            module.class_named(ctx, class)?;
            Ok(class)
        }
    }
}

fn module<'gc>(ctx: Context<'gc>) -> Result<'gc, Module<'gc>> {
    match ctx.modules().get(ctx, ctx.str(MODULE))? {
        Some(Value::Module(module)) => Ok(module),
        _ => ctx.new_module(MODULE),
    }
}

fn define<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    Class::builder(ctx, NAME)
        .module("pickle")
        .native()
        .slots(&[])
        .method("__new__", |ctx, class, args| {
            let (object,): (Value<'_>,) = args.parse(ctx, NAME)?;
            let Value::Class(class) = class else {
                let message = "PickleBuffer.__new__(X): X is not a type object";
                return Err(Error::new(&exc::TYPE_ERROR, message));
            };
            Ok(PickleBuffer::of_class(ctx, class, object)?.into())
        })
        .method("raw", |ctx, this, _| receiver(ctx, this)?.raw())
        .method("release", |ctx, this, _| {
            receiver(ctx, this)?.release(ctx);
            Ok(Value::None)
        })
        .method("__buffer__", |ctx, this, _| receiver(ctx, this)?.raw())
        .build()
}

fn receiver<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, PickleBuffer<'gc>> {
    PickleBuffer::from_value(this).ok_or_else(|| {
        let found = this.type_name(ctx);
        let message = format!("expected a 'PickleBuffer' object, found '{found}'");
        Error::new(&exc::TYPE_ERROR, message)
    })
}
