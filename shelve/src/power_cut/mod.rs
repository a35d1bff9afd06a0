//! Cuts the power again and again while stores write to a disk that forgets what was not synced.
//!
//! What was acknowledged is there after each cut, and of the batch at work all or nothing. `HALFSOUR_POWER_CUTS` says how many
//! cuts each store gets, 150 if it is not set; each is looked at in several images.

mod disk;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use self::disk::{Numbers, TestDisk};
use crate::dumb::DumbStore;
use crate::error::StoreResult;
use crate::options::Flag;
use crate::store::{Op, Scan, Store};

type Model = BTreeMap<Vec<u8>, Vec<u8>>;

/// How a store is opened on a disk.
type OpenOn = fn(&TestDisk) -> StoreResult<Box<dyn Store>>;

fn dumb(disk: &TestDisk) -> StoreResult<Box<dyn Store>> {
    let store = DumbStore::on_disk(Arc::new(disk.clone()), Path::new("store"), Flag::Create)?;
    Ok(Box::new(store))
}

#[cfg(feature = "redb")]
fn redb(disk: &TestDisk) -> StoreResult<Box<dyn Store>> {
    let file = disk.file(Path::new("store"))?;
    // Its file is made under another name, so that it has its own as a whole.
    crate::dumb::Disk::sync_directory(disk, Path::new("store"))?;
    Ok(Box::new(crate::redb_store::RedbStore::on_backend(file)?))
}

fn cuts() -> u64 {
    std::env::var("HALFSOUR_POWER_CUTS").ok().and_then(|it| it.parse().ok()).unwrap_or(150)
}

fn batch(numbers: &mut Numbers) -> Vec<Op> {
    let count = if numbers.below(2) == 0 { 1 } else { 1 + numbers.below(5) };
    let op = |numbers: &mut Numbers| {
        let mut key = format!("key {}", numbers.below(12)).into_bytes();
        key.resize(key.len() + numbers.below(700) * numbers.below(2), b'k');
        key.truncate(6 + numbers.below(2) * 700);
        if numbers.below(4) == 0 {
            return Op::Delete { key };
        }
        let value = vec![numbers.below(256) as u8; numbers.below(1500)];
        Op::Put { key, value }
    };
    (0..count).map(|_| op(numbers)).collect()
}

fn change(model: &mut Model, batch: &[Op]) {
    for op in batch.iter().cloned() {
        match op {
            Op::Put { key, value } => model.insert(key, value),
            Op::Delete { key } => model.remove(&key),
        };
    }
}

/// Works until the power goes; returns what was acknowledged, and the batch at work.
fn work(
    store: &mut dyn Store,
    disk: &TestDisk,
    model: &mut Model,
    numbers: &mut Numbers,
) -> Vec<Op> {
    while !disk.is_cut() {
        let batch = match numbers.below(12) {
            0 => {
                // Tidying changes no entry, done or not.
                let _ = if numbers.below(2) == 0 { store.sync() } else { store.reorganize() };
                continue;
            }
            _ => batch(numbers),
        };
        match store.apply(&batch) {
            Ok(()) => change(model, &batch),
            Err(_) => return batch,
        }
    }
    Vec::new()
}

/// Looks at what a cut has left; says what is wrong with it.
fn look(open: OpenOn, disk: &TestDisk, model: &Model, at_work: &[Op]) -> Result<Model, String> {
    let mut with_batch = model.clone();
    change(&mut with_batch, at_work);
    let read = || -> StoreResult<Model> {
        let mut store = open(disk)?;
        let mut found = Model::new();
        let mut scan = Scan::all();
        loop {
            let page = store.scan(&scan)?;
            found.extend(page.items);
            match page.next {
                Some(next) => scan.after = Some(next),
                None => break,
            }
        }
        store.close()?;
        Ok(found)
    };
    match read() {
        Err(error) => Err(error.to_string()),
        Ok(found) if found == *model || found == with_batch => Ok(found),
        Ok(found) => Err(format!("{} of {} entries are there", found.len(), model.len())),
    }
}

/// Cuts the power of one store again and again; returns what went wrong.
fn cut_again_and_again(open: OpenOn, cuts: u64, lies: bool) -> Vec<String> {
    let mut wrong = Vec::new();
    for seed in 0..cuts {
        let mut numbers = Numbers::new(seed + 1);
        let mut disk = TestDisk::new(lies);
        let mut model = Model::new();
        // Each cut goes on from what the one before has left.
        for _ in 0..3 {
            let at_work = match open(&disk) {
                Ok(mut store) => {
                    disk.cut_after(1 + numbers.below(120));
                    work(&mut *store, &disk, &mut model, &mut numbers)
                }
                Err(error) => {
                    wrong.push(format!("cut {seed}: {error}"));
                    break;
                }
            };
            let images: Vec<TestDisk> = (0..4).map(|_| disk.after_cut(&mut numbers)).collect();
            let mut left = None;
            for image in images {
                // A cut while the store is mended, and another look.
                let mended = image.after_cut(&mut numbers);
                mended.cut_after(numbers.below(12));
                let _ = open(&mended);
                let again = mended.after_cut(&mut numbers);
                for image in [image, again] {
                    match look(open, &image, &model, &at_work) {
                        Ok(found) => left = Some((image, found)),
                        Err(error) => wrong.push(format!("cut {seed}: {error}")),
                    }
                }
            }
            match left {
                Some((image, found)) => (disk, model) = (image, found),
                None => break,
            }
        }
    }
    wrong
}

#[test]
fn a_dumb_store_survives_power_cuts() {
    let wrong = cut_again_and_again(dumb, cuts(), false);
    assert!(wrong.is_empty(), "{} images: {:?}", wrong.len(), &wrong[..wrong.len().min(5)]);
}

#[test]
fn a_disk_that_lies_to_a_dumb_store_is_noticed() {
    assert!(!cut_again_and_again(dumb, 5, true).is_empty());
}

#[cfg(feature = "redb")]
#[test]
fn a_redb_store_survives_power_cuts() {
    let wrong = cut_again_and_again(redb, cuts(), false);
    assert!(wrong.is_empty(), "{} images: {:?}", wrong.len(), &wrong[..wrong.len().min(5)]);
}

#[cfg(feature = "redb")]
#[test]
fn a_disk_that_lies_to_a_redb_store_is_noticed() {
    assert!(!cut_again_and_again(redb, 5, true).is_empty());
}
