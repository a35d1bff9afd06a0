//! [`copy_entries`]: from one store to another, whatever their formats are.

use crate::error::StoreResult;
use crate::store::{Op, Scan, Store};

/// Copies every entry of a store into another, page by page, each page as one batch
/// ([`Store::apply_each`]); returns how many there were.
///
/// It is how a shelf moves from one format to another: to CPython's, or from it.
///
/// # Errors
/// What either store reports; the pages before are in the other store then.
///
/// # Examples
/// ```
/// use halfsour_shelve::{MemoryStore, Store, copy_entries};
///
/// let (mut jars, mut copy) = (MemoryStore::new(), MemoryStore::new());
/// jars.put(b"dill", b"3")?;
/// assert_eq!(copy_entries(&jars, &mut copy)?, 1);
/// assert_eq!(copy.get(b"dill")?, Some(b"3".to_vec()));
/// # Ok::<(), halfsour_shelve::StoreError>(())
/// ```
pub fn copy_entries(from: &dyn Store, to: &mut dyn Store) -> StoreResult<u64> {
    let mut copied = 0;
    let mut scan = Scan::all();
    loop {
        let page = from.scan(&scan)?;
        copied += page.items.len() as u64;
        let batch: Vec<Op> =
            page.items.into_iter().map(|(key, value)| Op::Put { key, value }).collect();
        to.apply_each(&batch)?;
        match page.next {
            Some(next) => scan.after = Some(next),
            None => return Ok(copied),
        }
    }
}
