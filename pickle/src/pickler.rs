//! `Pickler`, `dump` and `dumps`.

use halfsour_runtime::{Class, Context, Error, Result, Traced, Value, exc};

use crate::encode::Encoder;
use crate::flavour::Flavour;
use crate::limits::Limits;
use crate::pickle_buffer::{PickleBuffer, Placement};
use crate::save::{Hooks, Memo, MemoIndex, Saver};
use crate::sink::Sink;

/// The highest protocol there is: `pickle.HIGHEST_PROTOCOL` of Python 2.
pub const HIGHEST_PROTOCOL: i32 = 2;

/// A host's `persistent_id`.
type PersistentId<'p> =
    Box<dyn for<'gc> Fn(Context<'gc>, Value<'gc>) -> Result<'gc, Option<Value<'gc>>> + 'p>;

/// A host's `dispatch_table`.
type DispatchTable<'p> =
    Box<dyn for<'gc> Fn(Context<'gc>, Class<'gc>) -> Result<'gc, Option<Value<'gc>>> + 'p>;

/// A host's `buffer_callback`.
type BufferCallback<'p> =
    Box<dyn for<'gc> Fn(Context<'gc>, PickleBuffer<'gc>) -> Result<'gc, Placement> + 'p>;

/// How to write pickles: a configuration, good for any number of dumps and for any runtime.
///
/// The counterpart of Python's `pickle.Pickler`, without a file and without a memo: each
/// [`dump`](Self::dump) writes a pickle that stands alone. For several dumps that refer to each other's
/// objects there is [`session`](Self::session).
///
/// # Examples
/// ```
/// use halfsour_pickle::Pickler;
/// use halfsour_runtime::{IntoValue, Runtime};
///
/// let mut runtime = Runtime::python2();
/// let bytes = runtime.try_enter(|ctx| {
///     let spam = vec![1, 2].into_value(ctx);
///     Pickler::new().protocol(2).dumps(ctx, spam)
/// })?;
/// assert_eq!(bytes, b"\x80\x02]q\x00(K\x01K\x02e.");
/// # Ok::<(), halfsour_runtime::Uncaught>(())
/// ```
#[must_use]
pub struct Pickler<'p> {
    protocol: Option<i32>,
    flavour: Option<Flavour>,
    fast: bool,
    fix_imports: bool,
    limits: Limits,
    persistent_id: Option<PersistentId<'p>>,
    instance_persistent_id: Option<PersistentId<'p>>,
    reducer_override: Option<PersistentId<'p>>,
    dispatch_table: Option<DispatchTable<'p>>,
    buffer_callback: Option<BufferCallback<'p>>,
}

impl Default for Pickler<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl<'p> Pickler<'p> {
    /// Returns the default configuration.
    pub const fn new() -> Self {
        Self {
            protocol: None,
            flavour: None,
            fast: false,
            fix_imports: true,
            limits: Limits::new(),
            persistent_id: None,
            instance_persistent_id: None,
            reducer_override: None,
            dispatch_table: None,
            buffer_callback: None,
        }
    }

    /// Sets the protocol; a negative number is the highest. By default 0 in Python 2, 4 in Python 3.
    pub const fn protocol(mut self, protocol: i32) -> Self {
        self.protocol = Some(protocol);
        self
    }

    /// Sets whose bytes to write; by default those of [`Flavour::Pickle`] in Python 2, [`Flavour::Python3`]
    /// in Python 3.
    pub const fn flavour(mut self, flavour: Flavour) -> Self {
        self.flavour = Some(flavour);
        self
    }

    /// Writes no memo, which makes pickles smaller and loses all sharing (`Pickler.fast`); off by default.
    ///
    /// An object that contains itself then ends in RuntimeError, or in the C picklers in ValueError.
    pub const fn fast(mut self, fast: bool) -> Self {
        self.fast = fast;
        self
    }

    /// Sets the hook that names objects outside of the pickle (`Pickler.persistent_id`); by default none.
    ///
    /// It is asked about every object. `None`, of Rust or of Python, means "write the object itself".
    pub fn persistent_id(
        mut self,
        hook: impl for<'gc> Fn(Context<'gc>, Value<'gc>) -> Result<'gc, Option<Value<'gc>>> + 'p,
    ) -> Self {
        self.persistent_id = Some(Box::new(hook));
        self
    }

    /// Sets cPickle's `inst_persistent_id`: as [`persistent_id`](Self::persistent_id), but asked only about
    /// objects that would be reduced, such as instances of new-style classes; by default none.
    pub fn inst_persistent_id(
        mut self,
        hook: impl for<'gc> Fn(Context<'gc>, Value<'gc>) -> Result<'gc, Option<Value<'gc>>> + 'p,
    ) -> Self {
        self.instance_persistent_id = Some(Box::new(hook));
        self
    }

    /// Sets whether protocols below 3 name globals as Python 2 does, so that it can load them (`fix_imports`); on by
    /// default. Only [`Flavour::Python3`] asks.
    pub const fn fix_imports(mut self, fix_imports: bool) -> Self {
        self.fix_imports = fix_imports;
        self
    }

    /// Sets what a dump may cost; by default [`Limits::new`]. Only the limit of digits matters: Python 3 does not write
    /// an int in text that it would not read.
    pub const fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets the hook that reduces objects in the place of their own methods (`Pickler.reducer_override`, Python 3); by
    /// default none.
    ///
    /// It is asked about classes, functions and instances, and returns what `__reduce__` may return; `None` means "as
    /// usual" (Python's NotImplemented).
    pub fn reducer_override(
        mut self,
        hook: impl for<'gc> Fn(Context<'gc>, Value<'gc>) -> Result<'gc, Option<Value<'gc>>> + 'p,
    ) -> Self {
        self.reducer_override = Some(Box::new(hook));
        self
    }

    /// Sets a table of reducers by class in the place of that of `copyreg` (`Pickler.dispatch_table`, Python 3); by
    /// default that of `copyreg` is used.
    ///
    /// The hook returns the function that reduces instances of exactly a class; `None` means that it has none.
    pub fn dispatch_table(
        mut self,
        hook: impl for<'gc> Fn(Context<'gc>, Class<'gc>) -> Result<'gc, Option<Value<'gc>>> + 'p,
    ) -> Self {
        self.dispatch_table = Some(Box::new(hook));
        self
    }

    /// Sets what happens to each [`PickleBuffer`] (`buffer_callback`, Python 3): it is written into the pickle, or the
    /// hook takes its bytes; by default it is written. Needs protocol 5.
    pub fn buffer_callback(
        mut self,
        hook: impl for<'gc> Fn(Context<'gc>, PickleBuffer<'gc>) -> Result<'gc, Placement> + 'p,
    ) -> Self {
        self.buffer_callback = Some(Box::new(hook));
        self
    }

    /// Writes an object's pickle to a sink. When it fails, what was written until then is in the sink.
    ///
    /// # Errors
    /// PicklingError for an object that cannot be pickled, ValueError for a protocol that there is not,
    /// RuntimeError for one that is nested deeper than the recursion limit, IOError from the sink, and what
    /// the objects' own hooks raise. [`Error::location`] has the path to the object at fault.
    ///
    /// # Examples
    /// ```
    /// # use halfsour_pickle::Pickler;
    /// # use halfsour_runtime::{Runtime, Value};
    /// # let mut runtime = Runtime::python2();
    /// let mut file = Vec::new();
    /// runtime.try_enter(|ctx| Pickler::new().dump(ctx, Value::None, &mut file))?;
    /// assert_eq!(file, b"N.");
    /// # Ok::<(), halfsour_runtime::Uncaught>(())
    /// ```
    pub fn dump<'gc>(
        &self,
        ctx: Context<'gc>,
        object: Value<'gc>,
        mut sink: impl Sink<'gc>,
    ) -> Result<'gc, ()> {
        let encoder = self.encoder(ctx)?;
        let memo = Memo::once(encoder.flavour());
        self.saver(ctx, encoder, memo).dump(object, &mut sink)
    }

    /// Returns an object's pickle as bytes.
    ///
    /// # Errors
    /// As [`dump`](Self::dump).
    pub fn dumps<'gc>(&self, ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, Vec<u8>> {
        let encoder = self.encoder(ctx)?;
        let memo = Memo::once(encoder.flavour());
        self.saver(ctx, encoder, memo).dump_to_bytes(object)
    }

    /// Begins a series of dumps over one memo.
    ///
    /// # Errors
    /// ValueError for a protocol that there is not.
    pub fn session<'gc>(&self, ctx: Context<'gc>) -> Result<'gc, PicklerSession<'gc>> {
        let encoder = self.encoder(ctx)?;
        Ok(PicklerSession::new(ctx, encoder.flavour()))
    }

    fn saver<'s, 'gc>(
        &'s self,
        ctx: Context<'gc>,
        encoder: Encoder,
        memo: Memo<'gc>,
    ) -> Saver<'s, 'gc> {
        let hooks = Hooks {
            persistent_id: self.persistent_id.as_deref().map(|hook| hook as _),
            instance_persistent_id: self.instance_persistent_id.as_deref().map(|hook| hook as _),
            reducer_override: self.reducer_override.as_deref().map(|hook| hook as _),
            dispatch_table: self.dispatch_table.as_deref().map(|hook| hook as _),
            buffer_callback: self.buffer_callback.as_deref().map(|hook| hook as _),
        };
        Saver::new(ctx, encoder, memo, hooks)
            .fast(self.fast)
            .fix_imports(self.fix_imports)
            .limits(self.limits)
    }

    pub(crate) fn encoder<'gc>(&self, ctx: Context<'gc>) -> Result<'gc, Encoder> {
        let (flavour, default) = ctx.dialect().pick((Flavour::Pickle, 0), (Flavour::Python3, 4));
        let flavour = self.flavour.unwrap_or(flavour);
        let highest = flavour.highest_protocol();
        let asked = self.protocol.unwrap_or(default);
        let protocol = match u8::try_from(asked) {
            Err(_) if asked < 0 => highest,
            Ok(protocol) if protocol <= highest => protocol,
            _ => return Err(too_high(flavour, asked)),
        };
        if self.buffer_callback.is_some() && protocol < 5 {
            return Err(Error::new(&exc::VALUE_ERROR, "buffer_callback needs protocol >= 5"));
        }
        Ok(Encoder::new(flavour, protocol))
    }
}

#[cold]
fn too_high<'gc>(flavour: Flavour, asked: i32) -> Error<'gc> {
    let highest = flavour.highest_protocol();
    let message = match flavour {
        Flavour::Pickle | Flavour::Python3 => format!("pickle protocol must be <= {highest}"),
        Flavour::CPickle => format!(
            "pickle protocol {asked} asked for; the highest available protocol is {highest}"
        ),
    };
    let error = Error::new(&exc::VALUE_ERROR, message);
    match flavour {
        Flavour::Pickle | Flavour::CPickle => error.with_hint(
            "Python 2 has the protocols 0 to 2; a negative number is the highest, and Flavour::Python3 writes later ones",
        ),
        Flavour::Python3 => error,
    }
}

/// Writes an object's pickle to a sink, with the default protocol of the runtime's dialect.
///
/// The counterpart of `pickle.dump`; [`Pickler`] has the options.
///
/// # Errors
/// As [`Pickler::dump`].
///
/// # Examples
/// ```
/// # use halfsour_runtime::{Runtime, Value};
/// let mut file = Vec::new();
/// Runtime::python2().try_enter(|ctx| halfsour_pickle::dump(ctx, Value::Int(7), &mut file))?;
/// assert_eq!(file, b"I7\n.");
/// # Ok::<(), halfsour_runtime::Uncaught>(())
/// ```
pub fn dump<'gc>(ctx: Context<'gc>, object: Value<'gc>, sink: impl Sink<'gc>) -> Result<'gc, ()> {
    Pickler::new().dump(ctx, object, sink)
}

/// Returns an object's pickle as bytes, with the default protocol of the runtime's dialect.
///
/// The counterpart of `pickle.dumps`; [`Pickler`] has the options.
///
/// # Errors
/// As [`Pickler::dump`].
///
/// # Examples
/// ```
/// # use halfsour_runtime::{Runtime, Value};
/// let bytes = Runtime::python2().try_enter(|ctx| halfsour_pickle::dumps(ctx, Value::None))?;
/// assert_eq!(bytes, b"N.");
/// # Ok::<(), halfsour_runtime::Uncaught>(())
/// ```
pub fn dumps<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, Vec<u8>> {
    Pickler::new().dumps(ctx, object)
}

impl std::fmt::Debug for Pickler<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pickler")
            .field("protocol", &self.protocol)
            .field("flavour", &self.flavour)
            .field("fast", &self.fast)
            .finish_non_exhaustive()
    }
}

/// Several dumps over one memo: an object that an earlier dump wrote is only referred to.
///
/// The counterpart of using one Python `Pickler` several times. As there, an object that was changed after
/// it was written is not written again. The memo keeps its objects alive, and is itself a part of the heap:
/// [`traced`](Self::traced) is what to keep, [`resume`](Self::resume) goes on with it in a later `enter`.
///
/// # Examples
/// ```
/// use halfsour_pickle::Pickler;
/// use halfsour_runtime::{List, Runtime};
///
/// let mut runtime = Runtime::python2();
/// let mut file = Vec::new();
/// runtime.try_enter(|ctx| {
///     let spam = List::new(ctx).into();
///     let pickler = Pickler::new();
///     let session = pickler.session(ctx)?;
///     session.dump(ctx, &pickler, spam, &mut file)?;
///     session.dump(ctx, &pickler, spam, &mut file)
/// })?;
/// assert_eq!(file, b"(lp0\n.g0\n.");
/// # Ok::<(), halfsour_runtime::Uncaught>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct PicklerSession<'gc> {
    memo: Traced<'gc>,
}

impl<'gc> PicklerSession<'gc> {
    pub(crate) fn new(ctx: Context<'gc>, flavour: Flavour) -> Self {
        Self { memo: Traced::new(ctx, SessionIndex(Some(MemoIndex::new(flavour)))) }
    }

    /// Goes on with the memo of an earlier session.
    ///
    /// # Errors
    /// TypeError when `memo` is not one.
    pub fn resume(memo: Traced<'gc>) -> Result<'gc, Self> {
        memo.data::<SessionIndex>()?;
        Ok(Self { memo })
    }

    /// Returns the memo, to be kept in a native object.
    #[must_use]
    pub const fn traced(self) -> Traced<'gc> {
        self.memo
    }

    /// Writes an object's pickle, with references to what earlier dumps wrote. The memo stays usable when
    /// that fails.
    ///
    /// # Errors
    /// As [`Pickler::dump`]; RuntimeError when a hook of the dump dumps to the same session.
    pub fn dump(
        self,
        ctx: Context<'gc>,
        pickler: &Pickler<'_>,
        object: Value<'gc>,
        mut sink: impl Sink<'gc>,
    ) -> Result<'gc, ()> {
        let encoder = pickler.encoder(ctx)?;
        let memo = self.take(ctx)?;
        let mut saver = pickler.saver(ctx, encoder, memo);
        let dumped = saver.dump(object, &mut sink);
        self.put_back(ctx, saver.into_memo())?;
        dumped
    }

    /// Forgets what was written: the next dump stands alone (`Pickler.clear_memo`).
    ///
    /// # Errors
    /// RuntimeError while a dump is using the memo.
    pub fn clear_memo(self, ctx: Context<'gc>) -> Result<'gc, ()> {
        self.memo.data_mut::<SessionIndex>()?.0.as_mut().ok_or_else(in_use)?.clear();
        self.memo.restore(ctx, Vec::new());
        Ok(())
    }

    /// Returns what was written, with its numbers (`Pickler.memo`), in their order.
    ///
    /// # Errors
    /// RuntimeError while a dump is using the memo.
    pub fn memo(self) -> Result<'gc, Vec<(u32, Value<'gc>)>> {
        let data = self.memo.data::<SessionIndex>()?;
        let index = data.0.as_ref().ok_or_else(in_use)?;
        let objects = (0..self.memo.len()).filter_map(|at| self.memo.get(at));
        Ok(objects.filter_map(|object| Some((index.get(object)?, object))).collect())
    }

    /// Takes the memo out for a dump.
    pub(crate) fn take(self, ctx: Context<'gc>) -> Result<'gc, Memo<'gc>> {
        let index = self.memo.data_mut::<SessionIndex>()?.0.take().ok_or_else(in_use)?;
        Ok(Memo::resumed(index, self.memo.take(ctx)))
    }

    pub(crate) fn put_back(self, ctx: Context<'gc>, memo: Memo<'gc>) -> Result<'gc, ()> {
        self.memo.data_mut::<SessionIndex>()?.0 = Some(memo.index);
        self.memo.restore(ctx, memo.objects);
        Ok(())
    }
}

/// What a session keeps besides the objects; nothing while a dump has it.
struct SessionIndex(Option<MemoIndex>);

// DIFFERENCE: in CPython a hook may dump to the Pickler that called it.
#[cold]
pub(crate) fn in_use<'gc>() -> Error<'gc> {
    let message = "the Pickler is in use: a hook of a dump cannot dump to it, or change its memo";
    Error::new(&exc::RUNTIME_ERROR, message)
}
