//! `Unpickler`, `load` and `loads`.

use std::cell::RefCell;

use halfsour_runtime::{Context, Error, Result, Traced, Value, exc};

use crate::flavour::Flavour;
use crate::limits::Limits;
use crate::load::{Hooks, Machine, Memo, MemoIndex, Options, TextEncoding};
use crate::opaque::Missing;
use crate::policy::{Allows, Callables};
use crate::source::{Reader, Slice, Source};
use crate::tools::{Target, Use};

/// A host's `find_class`.
type FindClass<'p> = Box<dyn for<'gc> Fn(Context<'gc>, &str, &str) -> Result<'gc> + 'p>;

/// A host's `persistent_load`.
type PersistentLoad<'p> = Box<dyn for<'gc> Fn(Context<'gc>, Value<'gc>) -> Result<'gc> + 'p>;

/// A host's out-of-band buffers.
type Buffers<'p> =
    Box<dyn for<'gc> Fn(Context<'gc>, usize) -> Result<'gc, Option<Value<'gc>>> + 'p>;

/// How to read pickles: a configuration, good for any number of loads and for any runtime.
///
/// The counterpart of Python's `pickle.Unpickler`, without a file and without a memo: each
/// [`load`](Self::load) reads a pickle that stands alone. For several loads of pickles that refer to each
/// other's objects there is [`session`](Self::session).
///
/// # Examples
/// ```
/// use halfsour_pickle::Unpickler;
/// use halfsour_runtime::Runtime;
///
/// let mut runtime = Runtime::python2();
/// runtime.try_enter(|ctx| {
///     // A list that holds another one twice.
///     let list = Unpickler::new().loads(ctx, b"(lp0\n(lp1\nag1\na.")?;
///     let list = list.as_list().expect("the pickle holds a list");
///     assert!(list.get(0).zip(list.get(1)).is_some_and(|(first, second)| first.is(second)));
///     Ok(())
/// })?;
/// # Ok::<(), halfsour_runtime::Uncaught>(())
/// ```
#[must_use]
pub struct Unpickler<'p> {
    flavour: Option<Flavour>,
    limits: Limits,
    callables: Callables,
    missing: Missing,
    policy: Option<Box<Allows<'p>>>,
    find_class: Option<FindClass<'p>>,
    persistent_load: Option<PersistentLoad<'p>>,
    buffers: Option<Buffers<'p>>,
    encoding: &'p str,
    errors: &'p str,
    fix_imports: bool,
    newer_protocols: bool,
}

impl Default for Unpickler<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl<'p> Unpickler<'p> {
    /// Returns the default configuration.
    pub const fn new() -> Self {
        Self {
            flavour: None,
            limits: Limits::new(),
            callables: Callables::Safe,
            missing: Missing::Error,
            policy: None,
            find_class: None,
            persistent_load: None,
            buffers: None,
            encoding: "ASCII",
            errors: "strict",
            fix_imports: true,
            newer_protocols: false,
        }
    }

    /// Sets whose rules to follow where implementations differ; by default those of [`Flavour::Pickle`] in
    /// Python 2, [`Flavour::Python3`] in Python 3.
    pub const fn flavour(mut self, flavour: Flavour) -> Self {
        self.flavour = Some(flavour);
        self
    }

    /// Sets what a load may cost; by default [`Limits::new`].
    pub const fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets what a stream may call; by default [`Callables::Safe`], as the documentation of Python 2
    /// says.
    pub const fn callables(mut self, callables: Callables) -> Self {
        self.callables = callables;
        self
    }

    /// Sets what to do about globals that are not registered; by default [`Missing::Error`].
    pub const fn missing(mut self, missing: Missing) -> Self {
        self.missing = missing;
        self
    }

    /// Sets who decides, use by use, what a stream may do with what it reaches; by default nobody, and
    /// [`callables`](Self::callables) alone decides what may be called.
    ///
    /// The policy is asked before each global is imported, before each call, and before an object that came from
    /// outside, or was made by a call, is given state or items: about the names by which the stream reached it. What it
    /// refuses is an UnpicklingError. [`tools::globals`](crate::tools::globals()) asks the same policy about a stream
    /// that is not loaded.
    ///
    /// # Examples
    /// ```
    /// use halfsour_pickle::Unpickler;
    /// use halfsour_pickle::tools::{Target, Use};
    /// use halfsour_runtime::Runtime;
    ///
    /// // The classes of one module, which may be named and made, and given state.
    /// let kitchen_only = Unpickler::new().policy(|target, usage| match target {
    ///     Target::Global { module, .. } if &**module == "kitchen" => usage != Use::Altered,
    ///     _ => false,
    /// });
    /// let refused = Runtime::python2()
    ///     .try_enter(|ctx| kitchen_only.loads(ctx, b"cos\nsystem\n(S'ls'\ntR.").map(drop))
    ///     .unwrap_err();
    /// assert_eq!(refused.message(), "os.system is referenced, which the policy does not allow");
    /// ```
    pub fn policy(mut self, allows: impl Fn(&Target, Use) -> bool + 'p) -> Self {
        self.policy = Some(Box::new(allows));
        self
    }

    /// Sets the hook that finds a class or function by the names of its module and of itself
    /// (`Unpickler.find_class`, cPickle's `find_global`); by default the module is imported.
    ///
    /// # Examples
    /// ```
    /// use halfsour_pickle::{UNPICKLING_ERROR, Unpickler};
    /// use halfsour_runtime::{Error, Runtime};
    ///
    /// let nothing = Unpickler::new().find_class(|_, module, name| {
    ///     Err(Error::new(&UNPICKLING_ERROR, format!("{module}.{name} is forbidden")))
    /// });
    /// let forbidden = Runtime::python2()
    ///     .try_enter(|ctx| nothing.loads(ctx, b"cos\nsystem\n.").map(drop))
    ///     .unwrap_err();
    /// assert_eq!(forbidden.message(), "os.system is forbidden");
    /// ```
    pub fn find_class(
        mut self,
        hook: impl for<'gc> Fn(Context<'gc>, &str, &str) -> Result<'gc> + 'p,
    ) -> Self {
        self.find_class = Some(Box::new(hook));
        self
    }

    /// Sets the hook that finds an object by its persistent id (`Unpickler.persistent_load`); by default
    /// there is none, and a persistent id is an error.
    pub fn persistent_load(
        mut self,
        hook: impl for<'gc> Fn(Context<'gc>, Value<'gc>) -> Result<'gc> + 'p,
    ) -> Self {
        self.persistent_load = Some(Box::new(hook));
        self
    }

    /// Sets how Python 3 decodes the byte strings of Python 2 (`encoding`); by default as ASCII.
    ///
    /// `"latin-1"` takes every byte for a character, which `datetime` objects and arrays of Python 2 need; `"bytes"`
    /// keeps the strings as bytes, the names of attributes among them.
    ///
    /// # Examples
    /// ```
    /// use halfsour_pickle::Unpickler;
    /// use halfsour_runtime::Runtime;
    ///
    /// let python2 = b"U\x05sm\xf6rg.";
    /// let smorg = Runtime::python3().try_enter(|ctx| {
    ///     assert!(Unpickler::new().loads(ctx, python2).is_err());
    ///     Unpickler::new().encoding("latin-1").loads(ctx, python2)?.to::<String>(ctx)
    /// })?;
    /// assert_eq!(smorg, "smörg");
    /// # Ok::<(), halfsour_runtime::Uncaught>(())
    /// ```
    pub const fn encoding(mut self, encoding: &'p str) -> Self {
        self.encoding = encoding;
        self
    }

    /// Sets what becomes of bytes that the [`encoding`](Self::encoding) does not know (`errors`); by default
    /// `"strict"`, UnicodeDecodeError.
    pub const fn errors(mut self, errors: &'p str) -> Self {
        self.errors = errors;
        self
    }

    /// Sets whether globals that the other Python named by its own names are looked up under those of the runtime's
    /// (`fix_imports`); on by default.
    ///
    /// In Python 3 these are the globals of protocols below 3. In Python 2, which cannot read newer protocols unless
    /// [`newer_protocols`](Self::newer_protocols) lets it, those of protocol 3 and later.
    pub const fn fix_imports(mut self, fix_imports: bool) -> Self {
        self.fix_imports = fix_imports;
        self
    }

    /// Lets Python 2's flavours read the protocols of Python 3 too; off by default, as in CPython.
    ///
    /// Python 3's bytes become byte strings, its texts `unicode`.
    ///
    /// # Examples
    /// ```
    /// use halfsour_pickle::Unpickler;
    /// use halfsour_runtime::{Runtime, Value};
    ///
    /// // What Python 3 writes for ("dill", b"salt", range(3)) in protocol 4.
    /// let python3 = b"\x80\x04\x95.\x00\x00\x00\x00\x00\x00\x00\x8c\x04dill\x94C\x04salt\x94\x8c\x08builtins\
    ///     \x94\x8c\x05range\x94\x93\x94K\x00K\x03K\x01\x87\x94R\x94\x87\x94.";
    /// Runtime::python2().try_enter(|ctx| {
    ///     assert!(Unpickler::new().loads(ctx, python3).is_err());
    ///     let tuple = Unpickler::new().newer_protocols(true).loads(ctx, python3)?;
    ///     assert_eq!(tuple.repr(ctx)?.to::<String>(ctx)?, "(u'dill', 'salt', xrange(3))");
    ///     Ok(())
    /// })?;
    /// # Ok::<(), halfsour_runtime::Uncaught>(())
    /// ```
    pub const fn newer_protocols(mut self, newer_protocols: bool) -> Self {
        self.newer_protocols = newer_protocols;
        self
    }

    /// Sets what gives the out-of-band buffers of a stream (`buffers`, Python 3); by default there are none.
    ///
    /// The hook gets the number of the buffer, from 0 in each load, and returns any object; `None` when there are no
    /// more. What the writer took from read-only memory is made read-only again. Bytes of the host can be handed over
    /// without a copy: read-only as [`Context::memoryview_of_host`], writable as
    /// [`ByteArray::from_vec`](halfsour_runtime::ByteArray::from_vec). [`PickleBuffer`](crate::PickleBuffer) has an
    /// example.
    pub fn buffers(
        mut self,
        hook: impl for<'gc> Fn(Context<'gc>, usize) -> Result<'gc, Option<Value<'gc>>> + 'p,
    ) -> Self {
        self.buffers = Some(Box::new(hook));
        self
    }

    /// Reads a pickle from a source, and leaves that just behind it.
    ///
    /// # Errors
    /// UnpicklingError, EOFError, ValueError, TypeError, KeyError or IndexError for a malformed stream;
    /// ImportError or AttributeError for a global that is not there; IOError from the source; what the code
    /// that the stream calls raises. [`Error::location`] has the offset and the opcode at fault.
    ///
    /// # Examples
    /// ```
    /// # use halfsour_pickle::Unpickler;
    /// # use halfsour_runtime::{Runtime, Value};
    /// let mut file: &[u8] = b"I1\n.I2\n.";
    /// Runtime::python2().try_enter(|ctx| {
    ///     assert!(Unpickler::new().load(ctx, &mut file)?.is(Value::Int(1)));
    ///     assert!(Unpickler::new().load(ctx, &mut file)?.is(Value::Int(2)));
    ///     Ok(())
    /// })?;
    /// # Ok::<(), halfsour_runtime::Uncaught>(())
    /// ```
    pub fn load<'gc>(&self, ctx: Context<'gc>, mut source: impl Source<'gc>) -> Result<'gc> {
        self.machine(ctx, Memo::with_room()).load(&mut Reader::new(ctx, &mut source))
    }

    /// Reads a pickle from memory; what follows it is ignored.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn loads<'gc>(&self, ctx: Context<'gc>, bytes: &[u8]) -> Result<'gc> {
        self.machine(ctx, Memo::with_room()).load(&mut Slice::new(bytes))
    }

    /// Obeys a pickle without making its objects, and leaves the source just behind it (cPickle's
    /// `Unpickler.noload`).
    ///
    /// Nothing is imported and nothing is called but the hook of persistent ids: `None` stands for every class, function
    /// and instance, and what would fill or alter an object is dropped. Tuples of atoms are real.
    ///
    /// # Errors
    /// As [`load`](Self::load), of a malformed stream; what the hook of persistent ids raises.
    pub fn noload<'gc>(&self, ctx: Context<'gc>, mut source: impl Source<'gc>) -> Result<'gc> {
        self.machine(ctx, Memo::default()).noload(&mut Reader::new(ctx, &mut source))
    }

    /// Returns the persistent ids in a pickle, in their order, without making its objects; the source is left just
    /// behind it.
    ///
    /// The counterpart of setting cPickle's `persistent_load` to a list and calling `noload`. The configuration's own
    /// hook is not called.
    ///
    /// # Errors
    /// As [`noload`](Self::noload).
    ///
    /// # Examples
    /// ```
    /// use halfsour_pickle::Unpickler;
    /// use halfsour_runtime::Runtime;
    ///
    /// let mut runtime = Runtime::python2();
    /// runtime.try_enter(|ctx| {
    ///     // A list of an instance of a class that is not here, and of two objects with persistent ids.
    ///     let file: &[u8] = b"(lp0\n(icellar\nBarrel\np1\naPpickles\naPsalt\na.";
    ///     let ids = Unpickler::new().persistent_ids(ctx, file)?;
    ///     assert!(ids[0].equals(ctx, ctx.str("pickles"))?);
    ///     assert!(ids[1].equals(ctx, ctx.str("salt"))?);
    ///     Ok(())
    /// })?;
    /// # Ok::<(), halfsour_runtime::Uncaught>(())
    /// ```
    pub fn persistent_ids<'gc>(
        &self,
        ctx: Context<'gc>,
        mut source: impl Source<'gc>,
    ) -> Result<'gc, Vec<Value<'gc>>> {
        let ids = RefCell::new(Vec::new());
        let collect = |_, id| {
            ids.borrow_mut().push(id);
            Ok(id)
        };
        let hooks = Hooks { persistent_load: Some(&collect), ..self.hooks() };
        self.machine_with(ctx, self.flavour_in(ctx), hooks, Memo::default())
            .noload(&mut Reader::new(ctx, &mut source))?;
        Ok(ids.take())
    }

    /// Begins a series of loads over one memo.
    #[must_use]
    pub fn session<'gc>(&self, ctx: Context<'gc>) -> UnpicklerSession<'gc> {
        UnpicklerSession::new(ctx)
    }

    pub(crate) fn hooks<'s, 'gc>(&'s self) -> Hooks<'s, 'gc> {
        Hooks {
            find_class: self.find_class.as_deref().map(|hook| hook as _),
            persistent_load: self.persistent_load.as_deref().map(|hook| hook as _),
            load_global: None,
            buffers: self.buffers.as_deref().map(|hook| hook as _),
            announced: None,
        }
    }

    fn machine<'s, 'gc>(&'s self, ctx: Context<'gc>, memo: Memo<'gc>) -> Machine<'s, 'gc> {
        self.machine_with(ctx, self.flavour_in(ctx), self.hooks(), memo)
    }

    pub(crate) fn machine_with<'s, 'gc>(
        &'s self,
        ctx: Context<'gc>,
        flavour: Flavour,
        hooks: Hooks<'s, 'gc>,
        memo: Memo<'gc>,
    ) -> Machine<'s, 'gc> {
        let options = Options {
            encoding: TextEncoding::new(self.encoding, self.errors),
            fix_imports: self.fix_imports,
            newer_protocols: self.newer_protocols,
        };
        Machine::new(ctx, flavour, self.limits, hooks, memo)
            .callables(self.callables)
            .missing(self.missing)
            .policy(self.policy.as_deref())
            .options(options)
    }

    fn flavour_in(&self, ctx: Context<'_>) -> Flavour {
        self.flavour.unwrap_or(ctx.dialect().pick(Flavour::Pickle, Flavour::Python3))
    }
}

/// Reads a pickle from a source, and leaves that just behind it.
///
/// The counterpart of `pickle.load`; [`Unpickler`] has the options.
///
/// # Errors
/// As [`Unpickler::load`].
///
/// # Examples
/// ```
/// # use halfsour_runtime::{Runtime, Value};
/// let file: &[u8] = b"I7\n.";
/// Runtime::python2().try_enter(|ctx| {
///     assert!(halfsour_pickle::load(ctx, file)?.is(Value::Int(7)));
///     Ok(())
/// })?;
/// # Ok::<(), halfsour_runtime::Uncaught>(())
/// ```
pub fn load<'gc>(ctx: Context<'gc>, source: impl Source<'gc>) -> Result<'gc> {
    Unpickler::new().load(ctx, source)
}

/// Reads a pickle from memory; what follows it is ignored.
///
/// The counterpart of `pickle.loads`; [`Unpickler`] has the options.
///
/// # Errors
/// As [`Unpickler::load`].
///
/// # Examples
/// ```
/// # use halfsour_runtime::{Runtime, Value};
/// Runtime::python2().try_enter(|ctx| {
///     assert!(halfsour_pickle::loads(ctx, b"N.")?.is_none());
///     Ok(())
/// })?;
/// # Ok::<(), halfsour_runtime::Uncaught>(())
/// ```
pub fn loads<'gc>(ctx: Context<'gc>, bytes: &[u8]) -> Result<'gc> {
    Unpickler::new().loads(ctx, bytes)
}

impl std::fmt::Debug for Unpickler<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Unpickler")
            .field("flavour", &self.flavour)
            .field("limits", &self.limits)
            .field("callables", &self.callables)
            .finish_non_exhaustive()
    }
}

/// Several loads over one memo: a pickle may refer to what an earlier one stored.
///
/// The counterpart of using one Python `Unpickler` several times. The memo keeps its objects alive, and is
/// itself a part of the heap: [`traced`](Self::traced) is what to keep, [`resume`](Self::resume) goes on
/// with it in a later `enter`.
///
/// # Examples
/// ```
/// use halfsour_pickle::Unpickler;
/// use halfsour_runtime::Runtime;
///
/// let mut runtime = Runtime::python2();
/// let mut file: &[u8] = b"(lp0\n.g0\n.";
/// runtime.try_enter(|ctx| {
///     let unpickler = Unpickler::new();
///     let session = unpickler.session(ctx);
///     let first = session.load(ctx, &unpickler, &mut file)?;
///     let second = session.load(ctx, &unpickler, &mut file)?;
///     assert!(first.is(second));
///     assert_eq!(session.memo()?.len(), 1);
///     Ok(())
/// })?;
/// # Ok::<(), halfsour_runtime::Uncaught>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct UnpicklerSession<'gc> {
    memo: Traced<'gc>,
}

impl<'gc> UnpicklerSession<'gc> {
    pub(crate) fn new(ctx: Context<'gc>) -> Self {
        Self { memo: Traced::new(ctx, SessionIndex(Some(MemoIndex::default()))) }
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

    /// Reads a pickle from a source, and leaves that just behind it. The memo stays usable when that fails.
    ///
    /// # Errors
    /// As [`Unpickler::load`]; RuntimeError when code that the stream calls loads by the same session.
    pub fn load(
        self,
        ctx: Context<'gc>,
        unpickler: &Unpickler<'_>,
        mut source: impl Source<'gc>,
    ) -> Result<'gc> {
        let mut machine = unpickler.machine(ctx, self.take(ctx)?);
        let loaded = machine.load(&mut Reader::new(ctx, &mut source));
        self.put_back(ctx, machine.into_memo())?;
        loaded
    }

    /// Reads a pickle from memory; what follows it is ignored. The memo stays usable when that fails.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn loads(self, ctx: Context<'gc>, unpickler: &Unpickler<'_>, bytes: &[u8]) -> Result<'gc> {
        let mut machine = unpickler.machine(ctx, self.take(ctx)?);
        let loaded = machine.load(&mut Slice::new(bytes));
        self.put_back(ctx, machine.into_memo())?;
        loaded
    }

    /// Obeys a pickle without making its objects, as [`Unpickler::noload`] does, over the session's memo.
    ///
    /// # Errors
    /// As [`Unpickler::noload`]; RuntimeError when the hook of persistent ids loads by the same session.
    pub fn noload(
        self,
        ctx: Context<'gc>,
        unpickler: &Unpickler<'_>,
        mut source: impl Source<'gc>,
    ) -> Result<'gc> {
        let mut machine = unpickler.machine(ctx, self.take(ctx)?);
        let loaded = machine.noload(&mut Reader::new(ctx, &mut source));
        self.put_back(ctx, machine.into_memo())?;
        loaded
    }

    /// Returns what the pickles stored, with the keys of their PUTs (`Unpickler.memo`), in the order in which it
    /// was stored.
    ///
    /// # Errors
    /// RuntimeError while a load is using the memo.
    pub fn memo(self) -> Result<'gc, Vec<(String, Value<'gc>)>> {
        let data = self.memo.data::<SessionIndex>()?;
        let keys = data.0.as_ref().ok_or_else(in_use)?.keys(0, self.memo.len());
        let stored = |(key, place)| Some((key, self.memo.get(place)?));
        Ok(keys.into_iter().filter_map(stored).collect())
    }

    /// Takes the memo out for a load.
    pub(crate) fn take(self, ctx: Context<'gc>) -> Result<'gc, Memo<'gc>> {
        let index = self.memo.data_mut::<SessionIndex>()?.0.take().ok_or_else(in_use)?;
        Ok(Memo { index, objects: self.memo.take(ctx), replaced: false })
    }

    pub(crate) fn put_back(self, ctx: Context<'gc>, memo: Memo<'gc>) -> Result<'gc, ()> {
        self.memo.data_mut::<SessionIndex>()?.0 = Some(memo.index);
        self.memo.restore(ctx, memo.objects);
        Ok(())
    }
}

/// What a session keeps besides the objects; nothing while a load has it.
struct SessionIndex(Option<MemoIndex>);

// DIFFERENCE: in CPython code that a load calls may load by the Unpickler that called it.
#[cold]
pub(crate) fn in_use<'gc>() -> Error<'gc> {
    let message = "the Unpickler is in use: what a load calls cannot load by it";
    Error::new(&exc::RUNTIME_ERROR, message)
}
