//! [`Shelf`]: a persistent dictionary of objects.

use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;

use halfsour_pickle::{Flavour, Pickler, Unpickler};
use halfsour_runtime::{Bytes, Context, Dialect, Error, Location, Result, Stashed, Value, exc};

use crate::error::{ErrorKind, StoreError, StoreResult, place};
use crate::options::Flag;
use crate::overlay::Overlay;
use crate::shared::{self, Shared};
use crate::shelf_options::{Commit, ShelfOptions};
use crate::store::{Op, Store};
use crate::walk::Walk;

/// A persistent dictionary: its keys are bytes, its values are objects, which it keeps as pickles in a [`Store`].
///
/// The counterpart of Python's `shelve.Shelf`, outside of the heap: it is good for any number of `enter`s, and each
/// operation takes the context. With `writeback` it belongs to one runtime. A text as a key is its UTF-8, as in Python
/// 3.
///
/// Dropping a shelf writes nothing: objects that `writeback` has kept, and changes of [`Commit::Deferred`], last by
/// [`sync`](Self::sync) or [`close`](Self::close).
///
/// # Examples
/// ```
/// use halfsour_runtime::{IntoValue, Runtime};
/// use halfsour_shelve::{Flag, Shelf};
///
/// # let path = std::env::temp_dir().join(format!("halfsour-shelf-{}", std::process::id()));
/// let mut runtime = Runtime::python3();
/// let mut shelf = Shelf::open(&path, Flag::Create)?;
/// runtime.try_enter(|ctx| {
///     shelf.set(ctx, "dill", vec![3, 4].into_value(ctx))?;
///     let dill = shelf.get(ctx, "dill")?.expect("it was set");
///     assert!(dill.equals(ctx, vec![3, 4].into_value(ctx))?);
///     assert_eq!(shelf.keys(ctx)?, [b"dill"]);
///     shelf.close(ctx)
/// })?;
/// # std::fs::remove_file(path)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Shelf {
    pub(crate) overlay: Overlay,
    pub(crate) pickler: Pickler<'static>,
    pub(crate) unpickler: Unpickler<'static>,
    own_flavour: bool,
    /// What is known of objects that have entries of their own, if some have.
    pub(crate) shared: Option<Rc<Shared>>,
    /// The objects that are written again at `sync`, if they are kept.
    cache: Option<Cache>,
    closed: bool,
}

/// Objects by their keys.
type Cache = BTreeMap<Vec<u8>, Stashed<Value<'static>>>;

impl Shelf {
    /// Opens the shelf at a path with the default options; [`ShelfOptions`] has the others.
    ///
    /// # Errors
    /// As [`StoreOptions::open`](crate::StoreOptions::open).
    pub fn open(path: impl AsRef<Path>, flag: Flag) -> StoreResult<Self> {
        ShelfOptions::new().open(path, flag)
    }

    pub(crate) fn new(options: ShelfOptions, store: Box<dyn Store>) -> Self {
        let ShelfOptions { mut pickler, mut unpickler, own_flavour, writeback, commit, .. } =
            options;
        let shared = options.shared.map(|rule| Rc::new(Shared::new(rule)));
        if let Some(shared) = &shared {
            let (name, find) = (Rc::clone(shared), Rc::clone(shared));
            pickler = pickler.persistent_id(move |ctx, object| name.persistent_id(ctx, object));
            unpickler = unpickler.persistent_load(move |ctx, id| find.persistent_load(ctx, id));
        }
        // What cannot be written needs no keeping.
        let cache = (writeback && !store.caps().read_only).then(Cache::new);
        let overlay = Overlay::new(store, commit == Commit::Deferred);
        Self { overlay, pickler, unpickler, own_flavour, shared, cache, closed: false }
    }

    /// Returns the store, as the last commit has left it.
    #[must_use]
    pub fn store(&self) -> &dyn Store {
        self.overlay.store()
    }

    /// Returns a key's object, or `None`.
    ///
    /// # Errors
    /// What loading raises, with the key in its location; what the store reports; ValueError when the shelf is closed.
    pub fn get<'gc>(
        &mut self,
        ctx: Context<'gc>,
        key: impl AsRef<[u8]>,
    ) -> Result<'gc, Option<Value<'gc>>> {
        let key = key.as_ref();
        self.check(ctx)?;
        self.check_key(key)?;
        if let Some(kept) = self.cache.as_ref().and_then(|cache| cache.get(key)) {
            return fetch(ctx, kept).map(Some);
        }
        let Some(bytes) = self.overlay.get(key).map_err(|error| error.into_exception(ctx))? else {
            return Ok(None);
        };
        self.load(ctx, key, &bytes).map(Some)
    }

    /// Returns a key's object (Python's `shelf[key]`).
    ///
    /// # Errors
    /// KeyError when there is no such key; as [`get`](Self::get).
    pub fn get_item<'gc>(&mut self, ctx: Context<'gc>, key: impl AsRef<[u8]>) -> Result<'gc> {
        let key = key.as_ref();
        self.get(ctx, key)?.ok_or_else(|| missing(ctx, key))
    }

    /// Loads the object of a key, and keeps it if objects are kept.
    pub(crate) fn load<'gc>(&mut self, ctx: Context<'gc>, key: &[u8], bytes: &[u8]) -> Result<'gc> {
        if let Some(shared) = &self.shared {
            let read = |key: &[u8]| self.overlay.get(key);
            let reached = shared.load_reached(ctx, &self.unpickler, bytes, read);
            reached.map_err(|(entry, error)| {
                self.located(ctx, error, entry.as_deref().unwrap_or(key))
            })?;
        }
        let loaded = self.unpickler.loads(ctx, bytes);
        let object = loaded.map_err(|error| self.located(ctx, error, key))?;
        if let Some(cache) = &mut self.cache {
            cache.insert(key.to_owned(), ctx.stash(object));
        }
        Ok(object)
    }

    /// Returns the object that is kept for a key.
    pub(crate) fn kept<'gc>(
        &self,
        ctx: Context<'gc>,
        key: &[u8],
    ) -> Result<'gc, Option<Value<'gc>>> {
        let kept = self.cache.as_ref().and_then(|cache| cache.get(key));
        kept.map(|kept| fetch(ctx, kept)).transpose()
    }

    /// Sets a key's object.
    ///
    /// # Errors
    /// What pickling raises, with the key and the path through the object in its location; then nothing is changed.
    /// What the store reports; ValueError when the shelf is closed.
    pub fn set<'gc>(
        &mut self,
        ctx: Context<'gc>,
        key: impl AsRef<[u8]>,
        object: Value<'gc>,
    ) -> Result<'gc, ()> {
        self.update(ctx, [(key, object)])
    }

    /// Sets several keys: all, or none if one cannot be pickled or the store fails.
    ///
    /// # Errors
    /// As [`set`](Self::set). Over a store without [atomic batches](crate::Caps::atomic_batch) some keys may be set when
    /// it fails.
    pub fn update<'gc, K: AsRef<[u8]>>(
        &mut self,
        ctx: Context<'gc>,
        entries: impl IntoIterator<Item = (K, Value<'gc>)>,
    ) -> Result<'gc, ()> {
        self.check(ctx)?;
        self.begin_batch();
        let mut batch = Vec::new();
        let mut objects = Vec::new();
        for (key, object) in entries {
            let key = key.as_ref();
            self.check_key(key)?;
            batch.push(Op::Put { key: key.to_owned(), value: self.dump(ctx, key, object)? });
            if self.cache.is_some() {
                objects.push((key.to_owned(), ctx.stash(object)));
            }
        }
        self.dump_shared(ctx, &mut batch)?;
        self.apply(ctx, batch)?;
        if let Some(cache) = &mut self.cache {
            cache.extend(objects);
        }
        Ok(())
    }

    fn dump<'gc>(&self, ctx: Context<'gc>, key: &[u8], object: Value<'gc>) -> Result<'gc, Vec<u8>> {
        self.pickler.dumps(ctx, object).map_err(|error| self.located(ctx, error, key))
    }

    fn begin_batch(&self) {
        if let Some(shared) = &self.shared {
            shared.begin();
        }
    }

    /// Adds the shared objects that a batch reaches, as far as they are not in the store as they are.
    fn dump_shared<'gc>(&self, ctx: Context<'gc>, batch: &mut Vec<Op>) -> Result<'gc, ()> {
        let Some(shared) = &self.shared else { return Ok(()) };
        while let Some((key, dumped)) = shared.dump_next(ctx, &self.pickler) {
            let value = dumped.map_err(|error| self.located(ctx, error, &key))?;
            let before = self.overlay.get(&key).map_err(|error| error.into_exception(ctx))?;
            if before.as_ref() == Some(&value) {
                continue;
            }
            if !self.overlay.caps().atomic_batch {
                let detail = "shared objects need a store with atomic batches";
                let error = StoreError::new(ErrorKind::Unsupported, detail);
                return Err(error.into_exception(ctx));
            }
            batch.push(Op::Put { key, value });
        }
        Ok(())
    }

    fn apply<'gc>(&mut self, ctx: Context<'gc>, batch: Vec<Op>) -> Result<'gc, ()> {
        self.overlay.apply(batch).map_err(|error| error.into_exception(ctx))
    }

    /// Deletes a key; returns whether there was one.
    ///
    /// # Errors
    /// What the store reports; ValueError when the shelf is closed.
    pub fn remove<'gc>(&mut self, ctx: Context<'gc>, key: impl AsRef<[u8]>) -> Result<'gc, bool> {
        let key = key.as_ref();
        let found = self.contains(ctx, key)?;
        if found {
            self.apply(ctx, vec![Op::delete(key)])?;
        }
        if let Some(cache) = &mut self.cache {
            cache.remove(key);
        }
        Ok(found)
    }

    /// Deletes a key (Python's `del shelf[key]`).
    ///
    /// # Errors
    /// KeyError when there is no such key; as [`remove`](Self::remove).
    pub fn delete<'gc>(&mut self, ctx: Context<'gc>, key: impl AsRef<[u8]>) -> Result<'gc, ()> {
        let key = key.as_ref();
        if self.remove(ctx, key)? { Ok(()) } else { Err(missing(ctx, key)) }
    }

    /// Returns a key's object and deletes the key; `None` if there is no such key.
    ///
    /// # Errors
    /// As [`get`](Self::get) and [`remove`](Self::remove).
    pub fn pop<'gc>(
        &mut self,
        ctx: Context<'gc>,
        key: impl AsRef<[u8]>,
    ) -> Result<'gc, Option<Value<'gc>>> {
        let key = key.as_ref();
        let object = self.get(ctx, key)?;
        if object.is_some() {
            self.remove(ctx, key)?;
        }
        Ok(object)
    }

    /// Returns a key's object; if there is none, sets it to a default and returns that.
    ///
    /// # Errors
    /// As [`get`](Self::get) and [`set`](Self::set).
    pub fn setdefault<'gc>(
        &mut self,
        ctx: Context<'gc>,
        key: impl AsRef<[u8]>,
        default: Value<'gc>,
    ) -> Result<'gc> {
        let key = key.as_ref();
        match self.get(ctx, key)? {
            Some(object) => Ok(object),
            None => self.set(ctx, key, default).map(|()| default),
        }
    }

    /// Returns whether the store has a key (Python's `key in shelf` and `has_key`).
    ///
    /// # Errors
    /// What the store reports; ValueError when the shelf is closed.
    pub fn contains<'gc>(&mut self, ctx: Context<'gc>, key: impl AsRef<[u8]>) -> Result<'gc, bool> {
        self.check(ctx)?;
        self.check_key(key.as_ref())?;
        self.overlay.contains(key.as_ref()).map_err(|error| error.into_exception(ctx))
    }

    /// Returns the number of keys. Where objects are shared, their entries are counted to leave them out.
    ///
    /// # Errors
    /// As [`contains`](Self::contains).
    pub fn len<'gc>(&mut self, ctx: Context<'gc>) -> Result<'gc, u64> {
        self.check(ctx)?;
        let all = self.overlay.len().map_err(|error| error.into_exception(ctx))?;
        Ok(all.saturating_sub(self.count_shared(ctx)?))
    }

    /// Returns whether there are no keys.
    ///
    /// # Errors
    /// As [`contains`](Self::contains).
    pub fn is_empty<'gc>(&mut self, ctx: Context<'gc>) -> Result<'gc, bool> {
        Ok(self.len(ctx)? == 0)
    }

    /// Returns all keys; [`Walk`] goes through them without holding them all.
    ///
    /// # Errors
    /// As [`contains`](Self::contains).
    pub fn keys<'gc>(&mut self, ctx: Context<'gc>) -> Result<'gc, Vec<Vec<u8>>> {
        let mut walk = Walk::keys();
        let mut keys = Vec::new();
        while let Some(key) = walk.next_key(ctx, self)? {
            keys.push(key);
        }
        Ok(keys)
    }

    /// Deletes every key, and all shared objects with them, in one batch.
    ///
    /// # Errors
    /// As [`remove`](Self::remove).
    pub fn clear<'gc>(&mut self, ctx: Context<'gc>) -> Result<'gc, ()> {
        self.check(ctx)?;
        let keys = self.overlay.keys().map_err(|error| error.into_exception(ctx))?;
        self.apply(ctx, keys.into_iter().map(|key| Op::Delete { key }).collect())?;
        if let Some(cache) = &mut self.cache {
            cache.clear();
        }
        Ok(())
    }

    /// Runs `work`, and makes its changes durable together; if it fails, none of them is made.
    ///
    /// Objects that Python-shaped code has changed meanwhile stay changed: what is undone are the entries of the shelf. A
    /// transaction inside of another is a part of that.
    ///
    /// # Errors
    /// What `work` raises; what the store reports; IOError before `work` is run over a store without
    /// [atomic batches](crate::Caps::atomic_batch).
    ///
    /// # Examples
    /// ```
    /// use halfsour_runtime::{Error, Runtime, Value, exc};
    /// use halfsour_shelve::{MemoryStore, ShelfOptions};
    ///
    /// let mut shelf = ShelfOptions::new().over(MemoryStore::new());
    /// Runtime::python2().try_enter(|ctx| {
    ///     let failed = shelf.transaction(ctx, |shelf| {
    ///         shelf.set(ctx, "dill", Value::Int(3))?;
    ///         Err::<(), _>(Error::new(&exc::VALUE_ERROR, "no salt"))
    ///     });
    ///     assert!(failed.is_err());
    ///     assert!(shelf.is_empty(ctx)?);
    ///     Ok(())
    /// })?;
    /// # Ok::<(), halfsour_runtime::Uncaught>(())
    /// ```
    pub fn transaction<'gc, T>(
        &mut self,
        ctx: Context<'gc>,
        work: impl FnOnce(&mut Shelf) -> Result<'gc, T>,
    ) -> Result<'gc, T> {
        self.check(ctx)?;
        self.overlay.begin().map_err(|error| error.into_exception(ctx))?;
        let cache = self.cache.clone();
        let open = Transaction { shelf: self, cache: Some(cache) };
        let done = work(open.shelf)?;
        open.commit().map_err(|error| error.into_exception(ctx))?;
        Ok(done)
    }

    /// Pickles the objects that `writeback` has kept, writes them and all that waits as one batch, and lets go of them.
    ///
    /// Over a store without [atomic batches](crate::Caps::atomic_batch) some may be written when it fails; all are kept, and
    /// written again the next time.
    ///
    /// # Errors
    /// What pickling raises; then nothing is written, and all is kept. What the store reports; ValueError when the shelf
    /// is closed.
    pub fn sync<'gc>(&mut self, ctx: Context<'gc>) -> Result<'gc, ()> {
        self.sync_with(ctx, |_, _| {})
    }

    /// As [`sync`](Self::sync); `progress` is told before each object how many are done, and of how many.
    ///
    /// # Errors
    /// As [`sync`](Self::sync).
    pub fn sync_with<'gc>(
        &mut self,
        ctx: Context<'gc>,
        mut progress: impl FnMut(usize, usize),
    ) -> Result<'gc, ()> {
        self.check(ctx)?;
        if let Some(cache) = self.cache.as_ref().filter(|cache| !cache.is_empty()) {
            self.begin_batch();
            let mut batch = Vec::with_capacity(cache.len());
            for (done, (key, kept)) in cache.iter().enumerate() {
                progress(done, cache.len());
                let value = self.dump(ctx, key, fetch(ctx, kept)?)?;
                batch.push(Op::Put { key: key.clone(), value });
            }
            progress(batch.len(), batch.len());
            self.dump_shared(ctx, &mut batch)?;
            self.apply(ctx, batch)?;
            self.cache = Some(Cache::new());
        }
        self.overlay.sync().map_err(|error| error.into_exception(ctx))
    }

    /// Gives back the space of what was deleted and overwritten.
    ///
    /// # Errors
    /// What the store reports; ValueError when the shelf is closed.
    pub fn reorganize<'gc>(&mut self, ctx: Context<'gc>) -> Result<'gc, ()> {
        self.check(ctx)?;
        self.overlay.reorganize().map_err(|error| error.into_exception(ctx))
    }

    /// Syncs and lets go of the files. To close again is harmless, every other operation then raises ValueError.
    ///
    /// # Errors
    /// As [`sync`](Self::sync); the shelf is still open then, so that nothing is lost.
    pub fn close<'gc>(&mut self, ctx: Context<'gc>) -> Result<'gc, ()> {
        if self.closed {
            return Ok(());
        }
        self.sync(ctx)?;
        self.closed = true;
        self.overlay.close().map_err(|error| error.into_exception(ctx))
    }

    /// Checks that the shelf is open, and settles what depends on the dialect.
    pub(crate) fn check<'gc>(&mut self, ctx: Context<'gc>) -> Result<'gc, ()> {
        if self.closed {
            return Err(Error::new(&exc::VALUE_ERROR, "invalid operation on closed shelf"));
        }
        if std::mem::take(&mut self.own_flavour) && ctx.dialect() == Dialect::Python2 {
            // `pickle.py` is the default of Pickler, `shelve` uses cPickle.
            self.pickler = std::mem::take(&mut self.pickler).flavour(Flavour::CPickle);
            self.unpickler = std::mem::take(&mut self.unpickler).flavour(Flavour::CPickle);
        }
        Ok(())
    }

    /// Refuses keys that are those of shared objects.
    fn check_key<'gc>(&self, key: &[u8]) -> Result<'gc, ()> {
        if self.shared.is_some() && shared::is_entry(key) {
            let message = format!("the key '{}' is a shared object's", key.escape_ascii());
            return Err(Error::new(&exc::VALUE_ERROR, message));
        }
        Ok(())
    }

    /// Puts the shelf and the key before the path of an error: `jars.db['dill'].items[3]`.
    pub(crate) fn located<'gc>(
        &self,
        ctx: Context<'gc>,
        error: Error<'gc>,
        key: &[u8],
    ) -> Error<'gc> {
        let noted = error.location().cloned().unwrap_or_default();
        let rest = noted.path.as_deref().and_then(|path| path.strip_prefix("root")).unwrap_or("");
        let path = format!("{}{rest}", place(self.store().path(), Some(key)));
        let hint = error.hint().map(str::to_owned);
        let error = Error::raise(error.into_value(ctx)).at(Location { path: Some(path), ..noted });
        match hint {
            Some(hint) => error.with_hint(hint),
            None => error,
        }
    }
}

impl std::fmt::Debug for Shelf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shelf")
            .field("path", &self.store().path())
            .field("kept", &self.cache.as_ref().map(BTreeMap::len))
            .field("shared", &self.shared.as_ref().map(|shared| shared.known()))
            .field("closed", &self.closed)
            .finish_non_exhaustive()
    }
}

/// A transaction that is undone unless it is committed, also when its work panics.
struct Transaction<'s> {
    shelf: &'s mut Shelf,
    /// What was kept before; `None` when committed.
    cache: Option<Option<Cache>>,
}

impl Transaction<'_> {
    fn commit(mut self) -> StoreResult<()> {
        let before = self.cache.take();
        let committed = self.shelf.overlay.commit();
        if committed.is_err() {
            self.shelf.cache = before.flatten();
        }
        committed
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if let Some(cache) = self.cache.take() {
            self.shelf.cache = cache;
            self.shelf.overlay.roll_back();
        }
    }
}

fn fetch<'gc>(ctx: Context<'gc>, kept: &Stashed<Value<'static>>) -> Result<'gc> {
    let foreign = || Error::new(&exc::RUNTIME_ERROR, "the shelf keeps objects of another runtime");
    ctx.try_fetch(kept).ok_or_else(foreign)
}

/// Returns Python's error for a key that is not there.
fn missing<'gc>(ctx: Context<'gc>, key: &[u8]) -> Error<'gc> {
    Error::with_args(&exc::KEY_ERROR, &[Bytes::new(ctx, key).into()])
}
