//! `shelve` for halfsour.

mod detect;
mod dumb;
mod error;
mod memory;
mod module;
mod options;
mod overlay;
#[cfg(feature = "redb")]
mod redb_store;
mod shelf;
mod shelf_options;
mod store;
mod walk;

pub use self::detect::{Format, which};
pub use self::dumb::DumbStore;
pub use self::error::{ErrorKind, StoreError, StoreResult};
pub use self::memory::MemoryStore;
pub use self::module::{Modules, install};
pub use self::options::{Engine, Flag, StoreOptions};
#[cfg(feature = "redb")]
pub use self::redb_store::RedbStore;
pub use self::shelf::Shelf;
pub use self::shelf_options::{Commit, ShelfOptions};
pub use self::store::{Caps, Cursor, Op, Page, Scan, Store};
pub use self::walk::Walk;
