//! A shelf is a dict that is kept: any operations on one, and on a map that models it.

use std::collections::BTreeMap;

use arbitrary::{Arbitrary, Unstructured};
use halfsour_pickle::Flavour;
use halfsour_runtime::{Context, Error, Result, Runtime, Uncaught, Value, exc};
use halfsour_shelve::{Commit, MemoryStore, Shelf, ShelfOptions};

use crate::{Classes, in_runtime};

/// One operation. Keys are few, so that they meet.
#[derive(Clone, Copy, Debug)]
enum Step {
    Set(u8, i64),
    Delete(u8),
    Get(u8),
    Contains(u8),
    Clear,
    Sync,
    /// Several keys in one transaction, which fails at its end or does not.
    Transaction {
        from: u8,
        count: u8,
        value: i64,
        fails: bool,
    },
}

impl<'a> Arbitrary<'a> for Step {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> arbitrary::Result<Self> {
        Ok(match bytes.int_in_range(0..=15_u8)? {
            0..=5 => Self::Set(bytes.arbitrary()?, bytes.arbitrary()?),
            6..=8 => Self::Delete(bytes.arbitrary()?),
            9 | 10 => Self::Get(bytes.arbitrary()?),
            11 => Self::Contains(bytes.arbitrary()?),
            12 => Self::Clear,
            13 => Self::Sync,
            _ => Self::Transaction {
                from: bytes.arbitrary()?,
                count: bytes.int_in_range(0..=5)?,
                value: bytes.arbitrary()?,
                fails: bytes.arbitrary()?,
            },
        })
    }
}

type Model = BTreeMap<Vec<u8>, i64>;

/// Does what bytes describe with a shelf over a store in memory and with a map; they agree after each step.
///
/// # Panics
/// When they do not.
pub fn shelf(bytes: &[u8]) {
    in_runtime(Flavour::Pickle, Classes::None, |runtime| {
        run(runtime, bytes).map_err(|error| error.to_string())
    });
}

fn run(runtime: &mut Runtime, bytes: &[u8]) -> std::result::Result<(), Uncaught> {
    let mut bytes = Unstructured::new(bytes);
    let Ok((deferred, writeback)) = <(bool, bool)>::arbitrary(&mut bytes) else { return Ok(()) };
    let commit = if deferred { Commit::Deferred } else { Commit::default() };
    let options = ShelfOptions::new().commit(commit).writeback(writeback);
    let (mut shelf, mut model) = (options.over(MemoryStore::new()), Model::new());
    while !bytes.is_empty() {
        let Ok(step) = Step::arbitrary(&mut bytes) else { break };
        runtime.try_enter(|ctx| {
            check(ctx, &mut shelf, &mut model, step)?;
            assert_eq!(shelf.len(ctx)?, model.len() as u64, "{step:?}");
            assert_eq!(shelf.keys(ctx)?, model.keys().cloned().collect::<Vec<_>>(), "{step:?}");
            Ok(())
        })?;
    }
    Ok(())
}

fn check<'gc>(
    ctx: Context<'gc>,
    shelf: &mut Shelf,
    model: &mut Model,
    step: Step,
) -> Result<'gc, ()> {
    match step {
        Step::Set(key, value) => {
            shelf.set(ctx, name(key), Value::Int(value))?;
            model.insert(name(key), value);
        }
        Step::Delete(key) => {
            assert_eq!(shelf.remove(ctx, name(key))?, model.remove(&name(key)).is_some());
        }
        Step::Get(key) => {
            let found = shelf.get(ctx, name(key))?.map(|it| it.to::<i64>(ctx)).transpose()?;
            assert_eq!(found, model.get(&name(key)).copied());
        }
        Step::Contains(key) => {
            assert_eq!(shelf.contains(ctx, name(key))?, model.contains_key(&name(key)));
        }
        Step::Clear => {
            shelf.clear(ctx)?;
            model.clear();
        }
        Step::Sync => shelf.sync(ctx)?,
        Step::Transaction { from, count, value, fails } => {
            let keys = || (0..count).map(|it| name(from.wrapping_add(it)));
            let done = shelf.transaction(ctx, |shelf| {
                for key in keys() {
                    shelf.set(ctx, key, Value::Int(value))?;
                }
                if fails { Err(Error::bare(&exc::KEY_ERROR)) } else { Ok(()) }
            });
            assert_eq!(done.is_err(), fails);
            if !fails {
                model.extend(keys().map(|key| (key, value)));
            }
        }
    }
    Ok(())
}

/// A key; some are empty, some are no texts.
fn name(key: u8) -> Vec<u8> {
    [key % 23].repeat(usize::from(key % 3))
}
