//! [`BerkeleyStore`]: hash files of Berkeley DB.
//!
//! The file is a row of pages of one size. The first is the header (`header.rs`), which says how many buckets there are and
//! where their pages begin. A bucket is a chain of pages with pairs of a key and a value (`page.rs`); what is large lies in
//! a chain of pages of its own. `hash.rs` says which bucket a key belongs to, `reader.rs` finds keys and follows chains, and
//! `writer.rs` makes a whole new file.

mod hash;
mod header;
mod page;
mod reader;
#[allow(
    clippy::arithmetic_side_effects,
    reason = "it adds up sizes of pages and of items in memory"
)]
mod writer;

use std::path::Path;

pub use self::reader::BerkeleyFile;
use crate::error::StoreResult;
use crate::journaled::JournaledStore;
use crate::options::Flag;

pub(crate) use self::header::describe;

/// A database in a hash file of Berkeley DB, as Python's `dbhash` has it, and `dbm.ndbm` where Berkeley DB stands in for
/// it.
///
/// Files of version 9 are read, which Berkeley DB writes since 4.6, of either order of bytes and any size of page, without
/// duplicates, encryption and checksums. They are written anew as a whole: see [`JournaledStore`], which says what lasts
/// when. Berkeley DB takes no lock that is seen here, and ours is not seen there; what it changed meanwhile is noticed when
/// the file would be replaced.
pub type BerkeleyStore = JournaledStore<BerkeleyFile>;

impl BerkeleyStore {
    /// Opens a file, as `dbhash` does; a new one gets the permissions `mode`, less the umask.
    ///
    /// # Errors
    /// NotFound, Locked, UnknownFormat, Unsupported for what is described above, Corrupt, Conflict and Io.
    pub fn open(path: &Path, flag: Flag, mode: u32) -> StoreResult<Self> {
        Self::open_named(path, "", None, flag, mode)
    }

    /// Opens `NAME.db`, which is an ndbm where Berkeley DB stands in for it: Python's `dbm`, now `dbm.ndbm`, on Debian and
    /// others.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_ndbm(name: &Path, flag: Flag, mode: u32) -> StoreResult<Self> {
        Self::open_named(name, ".db", None, flag, mode)
    }
}
