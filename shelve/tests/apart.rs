//! A shelf over a store that is not ordered, and changes no two keys together, as those on several machines do not.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use halfsour_runtime::{Dialect, IntoValue, List, Runtime, Value, exc};
use halfsour_shelve::{
    Caps, Commit, ErrorKind, MemoryStore, Op, Page, Scan, ShelfOptions, Store, StoreError,
    StoreResult, Walk,
};

/// Such a store, which works for so many changes more.
struct Apart {
    entries: MemoryStore,
    left: Arc<AtomicU32>,
}

impl Apart {
    fn new() -> (Self, Arc<AtomicU32>) {
        let left = Arc::new(AtomicU32::new(u32::MAX));
        (Self { entries: MemoryStore::new(), left: Arc::clone(&left) }, left)
    }
}

impl Store for Apart {
    fn caps(&self) -> Caps {
        let mut caps = Caps::new(false);
        (caps.ordered, caps.atomic_batch) = (false, false);
        caps
    }

    fn get(&self, key: &[u8]) -> StoreResult<Option<Vec<u8>>> {
        self.entries.get(key)
    }

    fn len(&self) -> StoreResult<u64> {
        self.entries.len()
    }

    fn scan(&self, scan: &Scan<'_>) -> StoreResult<Page> {
        let mut page = self.entries.scan(scan)?;
        page.items.reverse();
        Ok(page)
    }

    fn apply(&mut self, batch: &[Op]) -> StoreResult<()> {
        match batch {
            [_] => self.apply_each(batch),
            _ => Err(StoreError::new(ErrorKind::Unsupported, "several keys")),
        }
    }

    fn apply_each(&mut self, batch: &[Op]) -> StoreResult<()> {
        for op in batch {
            let gone = || StoreError::new(ErrorKind::Unavailable, "").with_key(op.key());
            let down = |left: u32| left.checked_sub(1);
            let left = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, down);
            left.map_err(|_| gone())?;
            self.entries.apply(std::slice::from_ref(op))?;
        }
        Ok(())
    }

    fn sync(&mut self) -> StoreResult<()> {
        self.entries.sync()
    }

    fn close(&mut self) -> StoreResult<()> {
        self.entries.close()
    }
}

#[test]
fn it_has_no_transactions() {
    let mut shelf = ShelfOptions::new().over(Apart::new().0);
    Runtime::new(Dialect::Python3).enter(|ctx| {
        let refused = shelf.transaction(ctx, |_| -> halfsour_runtime::Result<'_, ()> {
            unreachable!("work is not begun that cannot be undone")
        });
        let error = refused.expect_err("it cannot");
        assert!(error.is(ctx, &exc::IO_ERROR));
        assert!(error.message(ctx).contains("cannot change several keys together"));
    });
}

#[test]
fn a_sync_that_fails_is_made_good_by_the_next() {
    for commit in [Commit::Autocommit, Commit::Deferred] {
        let (store, left) = Apart::new();
        let mut shelf = ShelfOptions::new().writeback(true).commit(commit).over(store);
        let done = Runtime::new(Dialect::Python3).try_enter(|ctx| {
            for key in ["a", "b", "c"] {
                shelf.set(ctx, key, List::new(ctx).into())?;
                shelf.get_item(ctx, key)?.call_method(ctx, "append", (3,))?;
            }
            left.store(1, Ordering::Relaxed);
            let error = shelf.sync(ctx).expect_err("the second change fails");
            assert!(error.is(ctx, &exc::IO_ERROR));
            assert!(shelf.close(ctx).is_err(), "what is not written is not let go of");
            assert_eq!(shelf.get_item(ctx, "c")?.len(ctx)?, 1);
            left.store(u32::MAX, Ordering::Relaxed);
            shelf.sync(ctx)?;
            for key in ["a", "b", "c"] {
                let found = shelf.store().get(key.as_bytes()).expect("it reads");
                let list = halfsour_pickle::loads(ctx, &found.expect("it was written"))?;
                assert!(list.equals(ctx, vec![3].into_value(ctx))?);
            }
            Ok(())
        });
        done.expect("the shelf works");
    }
}

#[test]
fn what_waits_is_seen_by_walks() {
    let (mut store, _) = Apart::new();
    for number in 0..200_u8 {
        store.put(&[number], b"I0\n.").expect("it writes");
    }
    let mut shelf = ShelfOptions::new().commit(Commit::Deferred).over(store);
    let done = Runtime::new(Dialect::Python3).try_enter(|ctx| {
        for number in (0..=u8::MAX).filter(|number| number % 3 == 0) {
            match number % 2 {
                0 => shelf.set(ctx, [number], Value::Int(1))?,
                _ => shelf.remove(ctx, [number]).map(drop)?,
            }
        }
        let expected: Vec<u8> =
            (0..=u8::MAX).filter(|it| it % 6 == 0 || (*it < 200 && it % 3 != 0)).collect();
        assert_eq!(shelf.len(ctx)?, expected.len() as u64);
        let mut walk = Walk::all();
        let mut found = Vec::new();
        while let Some((key, value)) = walk.next_item(ctx, &mut shelf)? {
            assert!(value.is(Value::Int(i64::from(key[0] % 6 == 0))), "{key:?}");
            found.push(key[0]);
        }
        found.sort_unstable();
        assert_eq!(found, expected);
        shelf.sync(ctx)?;
        let mut keys = shelf.keys(ctx)?;
        keys.sort_unstable();
        assert!(keys.into_iter().flatten().eq(expected));
        Ok(())
    });
    done.expect("the shelf works");
}
