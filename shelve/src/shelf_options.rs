//! [`ShelfOptions`] and [`Commit`]: how a shelf pickles, and when it writes.

use std::path::Path;

use halfsour_pickle::{Flavour, Pickler, Unpickler};

use crate::error::StoreResult;
use crate::options::{Flag, StoreOptions};
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
#[derive(Debug)]
#[must_use]
pub struct ShelfOptions {
    pub(crate) pickler: Pickler<'static>,
    pub(crate) unpickler: Unpickler<'static>,
    /// Whether the flavour is that of the dialect's `shelve`.
    pub(crate) own_flavour: bool,
    pub(crate) writeback: bool,
    pub(crate) commit: Commit,
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
