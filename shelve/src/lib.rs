//! `shelve` for halfsour: persistent dictionaries of Python objects, which survive crashes and which CPython can open.
//!
//! A [`Shelf`] keeps objects as pickles in a [`Store`]: the file of an engine ([`RedbStore`], the default), the files of
//! Python's `dumbdbm` ([`DumbStore`]), of its `dbm.sqlite3` (`SqliteStore`, feature `sqlite`), of its `gdbm` and `dbm.gnu`
//! (`GdbmStore`), of its `dbhash` (`BerkeleyStore`), of `dbm.ndbm` over either, the servers of a Redis Cluster
//! (`RedisStore`, feature `redis`), or memory ([`MemoryStore`]). [`ShelfOptions`] says how it pickles and when it writes,
//! [`StoreOptions`] what makes new files; what is there already is opened by what made it ([`which()`]). [`Walk`] goes
//! through a shelf that is larger than memory. [`Modules`] are the Python-visible modules `shelve`, `anydbm`, `dbm` and
//! their like.
//!
//! # Examples
//!
//! ```
//! use halfsour_runtime::{Runtime, Value};
//! use halfsour_shelve::{Flag, Shelf};
//!
//! # let path = std::env::temp_dir().join(format!("halfsour-jars-{}", std::process::id()));
//! let mut runtime = Runtime::python2();
//! let mut shelf = Shelf::open(&path, Flag::Create)?;
//! let salt = runtime.try_enter(|ctx| {
//!     // Both, or none, also if the machine loses power.
//!     shelf.transaction(ctx, |shelf| {
//!         shelf.set(ctx, "dill", Value::Int(3))?;
//!         shelf.set(ctx, "salt", Value::Int(4))
//!     })?;
//!     shelf.get_item(ctx, "salt")?.to::<i64>(ctx)
//! })?;
//! assert_eq!(salt, 4);
//! runtime.try_enter(|ctx| shelf.close(ctx))?;
//! # std::fs::remove_file(path)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What it does not do
//!
//! It opens no B-trees of Berkeley DB, and says so when it finds them. The objects of different keys share nothing unless
//! [`ShelfOptions::shared`] says what.
//!
//! # Features
//!
//! - `redb` (default): the engine of new files.
//! - `gdbm` (default): files of GNU dbm, and of an ndbm that is built on it.
//! - `bdb` (default): hash files of Berkeley DB, and of an ndbm that is built on it.
//! - `sqlite`: files of `dbm.sqlite3`; needs a C compiler.
//! - `redis`: shelves on a Redis Cluster.

// No index panics on input; where files are read that anybody may have written, no sum does either.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

#[cfg(feature = "bdb")]
#[cfg_attr(not(test), warn(clippy::arithmetic_side_effects))]
mod bdb;
mod copy_entries;
#[cfg_attr(not(test), warn(clippy::arithmetic_side_effects))]
mod detect;
#[cfg_attr(not(test), warn(clippy::arithmetic_side_effects))]
mod dumb;
mod error;
#[cfg(feature = "gdbm")]
#[cfg_attr(not(test), warn(clippy::arithmetic_side_effects))]
mod gdbm_store;
#[cfg(any(feature = "gdbm", feature = "bdb"))]
#[cfg_attr(not(test), warn(clippy::arithmetic_side_effects))]
mod journaled;
mod memory;
mod module;
mod options;
mod overlay;
#[cfg(test)]
mod power_cut;
#[cfg(feature = "redb")]
mod redb_store;
#[cfg(feature = "redis")]
mod redis_store;
mod shared;
mod shelf;
mod shelf_options;
#[cfg(feature = "sqlite")]
mod sqlite_store;
mod store;
mod upgrade;
mod walk;

#[cfg(feature = "bdb")]
pub use self::bdb::{BerkeleyFile, BerkeleyStore};
pub use self::copy_entries::copy_entries;
pub use self::detect::{Format, which};
pub use self::dumb::DumbStore;
pub use self::error::{ErrorKind, StoreError, StoreResult};
#[cfg(feature = "gdbm")]
pub use self::gdbm_store::{GdbmFile, GdbmStore};
#[cfg(any(feature = "gdbm", feature = "bdb"))]
pub use self::journaled::JournaledStore;
pub use self::memory::MemoryStore;
pub use self::module::{Modules, install};
pub use self::options::{Engine, Flag, StoreOptions};
#[cfg(feature = "redb")]
pub use self::redb_store::RedbStore;
#[cfg(feature = "redis")]
pub use self::redis_store::{Durability, RedisOptions, RedisStore};
pub use self::shared::SharedObjects;
pub use self::shelf::Shelf;
pub use self::shelf_options::{Commit, ShelfOptions};
#[cfg(feature = "sqlite")]
pub use self::sqlite_store::SqliteStore;
pub use self::store::{Caps, Cursor, KeyRange, Op, Page, Scan, Store};
pub use self::upgrade::{NamedGlobal, Renamed, ShelfGlobals};
pub use self::walk::Walk;

/// Runs the example of README.md as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
