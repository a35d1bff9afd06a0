//! [`ShelfOptions`] and [`Commit`]: how a shelf pickles, and when it writes.

use std::path::Path;

use halfsour_pickle::{Flavour, Pickler, Unpickler};
use halfsour_runtime::{Context, Result, Value};

use crate::error::StoreResult;
use crate::options::{Flag, StoreOptions};
use crate::shared::Rule;
use crate::shelf::Shelf;
use crate::store::Store;

/// When changes of a shelf become durable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Commit {
    /// At once, each for itself: when [`Shelf::set`] returns, the value survives a crash. The default.
    #[default]
    Autocommit,
    /// All together at [`Shelf::sync`] and [`Shelf::close`], as one batch, which is atomic where the store's
    /// [are](crate::Caps::atomic_batch); until then they are in memory, and lost if the program ends.
    Deferred,
}

/// How to open a shelf; the arguments of Python's `shelve.open` and more.
///
/// # Examples
/// ```
/// use halfsour_runtime::{Runtime, Value};
/// use halfsour_shelve::{MemoryStore, ShelfOptions};
///
/// let mut runtime = Runtime::python2();
/// let mut shelf = ShelfOptions::new().protocol(2).over(MemoryStore::new());
/// runtime.try_enter(|ctx| shelf.set(ctx, "dill", Value::Int(3)))?;
/// assert_eq!(shelf.store().get(b"dill").ok().flatten(), Some(b"\x80\x02K\x03.".to_vec()));
/// # Ok::<(), halfsour_runtime::Uncaught>(())
/// ```
#[must_use]
pub struct ShelfOptions {
    pub(crate) pickler: Pickler<'static>,
    pub(crate) unpickler: Unpickler<'static>,
    /// Whether the flavour is that of the dialect's `shelve`.
    pub(crate) own_flavour: bool,
    pub(crate) writeback: bool,
    pub(crate) commit: Commit,
    pub(crate) shared: Option<Rule>,
    store: StoreOptions,
}

impl Default for ShelfOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl ShelfOptions {
    /// Returns the default options.
    pub const fn new() -> Self {
        Self {
            pickler: Pickler::new(),
            unpickler: Unpickler::new(),
            own_flavour: true,
            writeback: false,
            commit: Commit::Autocommit,
            shared: None,
            store: StoreOptions::new(),
        }
    }

    /// Sets how values are pickled: with which hooks, protocol and flavour; by default [`Pickler::new`].
    pub fn pickler(mut self, pickler: Pickler<'static>) -> Self {
        (self.pickler, self.own_flavour) = (pickler, false);
        self
    }

    /// Sets how values are loaded: with which hooks, policy and limits; by default [`Unpickler::new`].
    pub fn unpickler(mut self, unpickler: Unpickler<'static>) -> Self {
        (self.unpickler, self.own_flavour) = (unpickler, false);
        self
    }

    /// Sets the protocol; by default 0 in Python 2, 4 in Python 3.
    pub fn protocol(mut self, protocol: i32) -> Self {
        self.pickler = self.pickler.protocol(protocol);
        self
    }

    /// Sets whose pickles to write and read; by default `cPickle`'s in Python 2, as `shelve` does, and Python 3's there.
    /// Set it after [`pickler`](Self::pickler) and [`unpickler`](Self::unpickler).
    pub fn flavour(mut self, flavour: Flavour) -> Self {
        self.own_flavour = false;
        self.pickler = self.pickler.flavour(flavour);
        self.unpickler = self.unpickler.flavour(flavour);
        self
    }

    /// Sets whether objects that were got are kept, and written again at [`Shelf::sync`]; off by default.
    ///
    /// It makes changes of mutable objects last, and costs the memory of all that were accessed.
    pub fn writeback(mut self, writeback: bool) -> Self {
        self.writeback = writeback;
        self
    }

    /// Sets when changes become durable; by default [`Commit::Autocommit`].
    pub fn commit(mut self, commit: Commit) -> Self {
        self.commit = commit;
        self
    }

    /// Sets which objects are shared between keys: each is stored once, in an entry of its own, and is one object again for
    /// all keys that are loaded; by default none are.
    ///
    /// The rule is asked about every instance that a value reaches, also by way of other shared objects; those of built-in
    /// types belong to what they are in. An instance that it picks is written, together with the key at hand, whenever a
    /// key that reaches it is: by [`Shelf::set`] and its like, and by [`Shelf::sync`] with
    /// [`writeback`](Self::writeback). Loading a key loads what it reaches as far as nobody has it yet, cycles included.
    /// The shelf holds shared objects weakly, so that a class with `__slots__` needs `__weakref__` among them.
    ///
    /// The entries of shared objects have keys that begin with `\0shared\0`, which the shelf does not show; behind that is
    /// the persistent id. Open the shelf with this option always: without it these keys are seen, and what refers to them is
    /// not loaded. The hooks for persistent ids of the pickler and the unpickler are the shelf's then.
    ///
    /// Deleting a key leaves the shared objects that it reached; [`Shelf::collect_shared`] removes those that no key
    /// reaches. As long as somebody in the program has a shared object, a load gives that, also if another process has
    /// written it meanwhile.
    ///
    /// # Examples
    /// ```
    /// use halfsour_runtime::{Class, Runtime, Tuple, Value};
    /// use halfsour_shelve::{MemoryStore, ShelfOptions};
    ///
    /// // Instances of `Cook` are shared.
    /// let options = ShelfOptions::new()
    ///     .shared(|ctx, object| Ok(object.class_of(ctx).is(ctx.import_from("kitchen", "Cook")?)));
    /// let mut shelf = options.over(MemoryStore::new());
    /// let mut runtime = Runtime::python3();
    /// runtime.try_enter(|ctx| {
    ///     let cook = Class::builder(ctx, "Cook").module("kitchen").build()?;
    ///     ctx.new_module("kitchen")?.class_named(ctx, cook)?;
    ///     let anna = Value::from(cook).call(ctx, ())?;
    ///     shelf.update(ctx, [("dill", anna), ("salt", Tuple::new(ctx, &[anna]).into())])
    /// })?;
    /// runtime.try_enter(|ctx| {
    ///     let (dill, salt) = (shelf.get_item(ctx, "dill")?, shelf.get_item(ctx, "salt")?);
    ///     assert!(salt.get_item(ctx, 0)?.is(dill));
    ///     assert_eq!(shelf.len(ctx)?, 2);
    ///     Ok(())
    /// })?;
    /// # Ok::<(), halfsour_runtime::Uncaught>(())
    /// ```
    pub fn shared(
        mut self,
        rule: impl for<'gc> Fn(Context<'gc>, Value<'gc>) -> Result<'gc, bool> + 'static,
    ) -> Self {
        self.shared = Some(Box::new(rule));
        self
    }

    /// Sets the engine and the permissions of new files; by default [`StoreOptions::new`].
    pub fn store(mut self, options: StoreOptions) -> Self {
        self.store = options;
        self
    }

    /// Opens the shelf at a path.
    ///
    /// # Errors
    /// As [`StoreOptions::open`].
    pub fn open(self, path: impl AsRef<Path>, flag: Flag) -> StoreResult<Shelf> {
        let store = self.store.open(path, flag)?;
        Ok(Shelf::new(self, store))
    }

    /// Returns a shelf over a store.
    pub fn over(self, store: impl Store + 'static) -> Shelf {
        Shelf::new(self, Box::new(store))
    }
}

impl std::fmt::Debug for ShelfOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ShelfOptions")
            .field("pickler", &self.pickler)
            .field("unpickler", &self.unpickler)
            .field("writeback", &self.writeback)
            .field("commit", &self.commit)
            .field("shared", &self.shared.is_some())
            .field("store", &self.store)
            .finish_non_exhaustive()
    }
}
