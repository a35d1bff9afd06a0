//! [`Shared`]: objects that several keys reach, each stored once in an entry of its own.
//!
//! The entry of a shared object has the key `\0shared\0ID` and is in the same store as all others, so that one batch
//! writes both. Where a pickle reaches the object, it has the persistent id `ID`, an ASCII string. What walks, counts
//! and lists the keys of a shelf with shared objects leaves these entries out; CPython, which knows nothing of them, lists
//! them, and loads their objects if its `persistent_load` looks the entries up.

mod id;
mod identities;
mod parts;
mod reach;
mod scan;

use std::cell::{Cell, RefCell};
use std::collections::{HashSet, VecDeque};
use std::ops::Bound;

use halfsour_pickle::{Pickler, UNPICKLING_ERROR, Unpickler};
use halfsour_runtime::{Context, Error, Result, Value};

use self::id::Ids;
use self::identities::Identities;
pub use self::scan::SharedObjects;
use crate::store::KeyRange;

/// What the keys of shared objects' entries begin with.
const PREFIX: &[u8] = b"\0shared\0";

/// The first key behind all of them.
const BEHIND: &[u8] = b"\0shared\x01";

/// A host's rule which objects are shared.
pub(crate) type Rule = Box<dyn for<'gc> Fn(Context<'gc>, Value<'gc>) -> Result<'gc, bool>>;

/// Returns the key of a shared object's entry.
fn entry(id: &str) -> Vec<u8> {
    [PREFIX, id.as_bytes()].concat()
}

/// Returns the id in the key of a shared object's entry; `None` for any other key.
fn id_of_entry(key: &[u8]) -> Option<String> {
    key.strip_prefix(PREFIX).map(|id| String::from_utf8_lossy(id).into_owned())
}

/// Whether a key is that of a shared object's entry.
pub(crate) fn is_entry(key: &[u8]) -> bool {
    key.starts_with(PREFIX)
}

/// The keys of all shared objects' entries.
pub(crate) const fn entries<'a>() -> KeyRange<'a> {
    (Bound::Included(PREFIX), Bound::Excluded(BEHIND))
}

/// The bound that leaves these entries behind.
pub(crate) fn behind_entries() -> Bound<Vec<u8>> {
    Bound::Included(BEHIND.to_vec())
}

/// What an open shelf knows of its shared objects.
///
/// The hooks of its pickler and unpickler have it too. No borrow is alive while a rule or any other code runs.
pub(crate) struct Shared {
    rule: Rule,
    ids: Ids,
    identities: RefCell<Identities>,
    batch: RefCell<Batch>,
    /// The address of the object whose own entry is being pickled; it is written itself where it is met first.
    root: Cell<Option<usize>>,
}

/// The shared objects that a batch reaches.
#[derive(Default)]
struct Batch {
    met: HashSet<String>,
    unwritten: VecDeque<String>,
}

impl Shared {
    pub(crate) fn new(rule: Rule) -> Self {
        Self {
            rule,
            ids: Ids::new(),
            identities: RefCell::default(),
            batch: RefCell::default(),
            root: Cell::new(None),
        }
    }

    /// Begins a batch: what one before has met is forgotten.
    pub(crate) fn begin(&self) {
        *self.batch.borrow_mut() = Batch::default();
        self.root.set(None);
    }

    /// The hook of the pickler: the id of an object that is shared.
    pub(crate) fn persistent_id<'gc>(
        &self,
        ctx: Context<'gc>,
        object: Value<'gc>,
    ) -> Result<'gc, Option<Value<'gc>>> {
        if !matches!(object, Value::Instance(_) | Value::ClassicInstance(_)) {
            return Ok(None);
        }
        if self.root.get().is_some() && self.root.get() == object.addr() {
            self.root.set(None);
            return Ok(None);
        }
        if !(self.rule)(ctx, object)? {
            return Ok(None);
        }
        let known = self.identities.borrow().id(ctx, object)?;
        let id = match known {
            Some(id) => id,
            None => {
                let id = self.ids.next();
                self.learn(ctx, &id, object)?;
                id
            }
        };
        let mut batch = self.batch.borrow_mut();
        if batch.met.insert(id.clone()) {
            batch.unwritten.push_back(id.clone());
        }
        Ok(Some(ctx.str(&id)))
    }

    /// The hook of the unpickler: the object of an id, which was loaded before what refers to it.
    pub(crate) fn persistent_load<'gc>(&self, ctx: Context<'gc>, id: Value<'gc>) -> Result<'gc> {
        let id = read_id(ctx, id)?;
        self.object(ctx, &id)?.ok_or_else(|| {
            let message = format!("the shared object {id} is needed to make itself");
            Error::new(&UNPICKLING_ERROR, message)
        })
    }

    /// Pickles the next object that the batch has met and not written; returns the key of its entry and the pickle.
    pub(crate) fn dump_next<'gc>(
        &self,
        ctx: Context<'gc>,
        pickler: &Pickler<'_>,
    ) -> Option<(Vec<u8>, Result<'gc, Vec<u8>>)> {
        let id = self.batch.borrow_mut().unwritten.pop_front()?;
        // It is alive: nothing is freed before the batch is written.
        let dumped = self.object(ctx, &id).and_then(|object| {
            let object = object.unwrap_or(Value::None);
            self.root.set(object.addr());
            pickler.dumps(ctx, object)
        });
        self.root.set(None);
        Some((entry(&id), dumped))
    }

    fn learn<'gc>(&self, ctx: Context<'gc>, id: &str, object: Value<'gc>) -> Result<'gc, ()> {
        self.identities.borrow_mut().learn(ctx, id, object)
    }

    fn forget(&self, id: &str) {
        self.identities.borrow_mut().forget(id);
    }

    /// Returns the object of an id, if somebody still has it.
    fn object<'gc>(&self, ctx: Context<'gc>, id: &str) -> Result<'gc, Option<Value<'gc>>> {
        self.identities.borrow().object(ctx, id)
    }

    /// How many objects are known.
    pub(crate) fn known(&self) -> usize {
        self.identities.borrow().len()
    }
}

/// Returns the ids of the shared objects that a pickle refers to, without loading it.
fn ids_in<'gc>(
    ctx: Context<'gc>,
    unpickler: &Unpickler<'_>,
    pickle: &[u8],
) -> Result<'gc, Vec<String>> {
    // Most pickles have not a single byte that could be PERSID or BINPERSID.
    if !pickle.iter().any(|byte| matches!(byte, b'P' | b'Q')) {
        return Ok(Vec::new());
    }
    let ids = unpickler.persistent_ids(ctx, pickle)?;
    ids.into_iter().map(|id| read_id(ctx, id)).collect()
}

fn read_id<'gc>(ctx: Context<'gc>, id: Value<'gc>) -> Result<'gc, String> {
    match id.to::<String>(ctx) {
        Ok(id) => Ok(id),
        Err(_) => {
            let message = "a persistent id that names no shared object was encountered";
            Err(Error::new(&UNPICKLING_ERROR, message))
        }
    }
}
