//! A shelf of this crate, measured in this process. What is timed includes leaving `enter`, where the collector works.

use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use halfsour::shelve::{Engine, Flag, MemoryStore, Shelf, ShelfOptions, StoreOptions, Walk};
use halfsour::{Context, Dict, IntoValue, List, Result, Runtime, Stashed, Value};

/// How many puts are made durable each for itself.
pub(crate) const PUTS: usize = 200;

/// How many transactions of so many puts there are.
pub(crate) const TRANSACTIONS: usize = 50;
pub(crate) const BATCH: usize = 20;

/// How many entries are read in one `enter`.
const ENTERED: usize = 500;

/// A shelf, and the objects that it gets.
pub(crate) struct Ours {
    runtime: Runtime,
    engine: Option<Engine>,
    path: PathBuf,
    shelf: Option<Shelf>,
    /// What is to be written, until it is.
    records: Option<Stashed<List<'static>>>,
    entries: usize,
    next: usize,
}

/// As the peer has it.
pub(crate) fn key(number: usize) -> String {
    format!("{:08x}", (number as u64 * 2_654_435_761) % (1 << 32))
}

/// As the peer has it.
pub(crate) fn record<'gc>(ctx: Context<'gc>, number: usize) -> Result<'gc> {
    let record = Value::from(Dict::new(ctx));
    let tags = vec![ctx.str("sour"), ctx.str("dill"), Value::Int(number as i64 % 7)];
    record.set_item(ctx, "number", number as i64)?;
    record.set_item(ctx, "name", format!("jar {number}").as_str())?;
    record.set_item(ctx, "weight", number as f64 * 0.5)?;
    record.set_item(ctx, "tags", tags.into_value(ctx))?;
    record.set_item(ctx, "note", ".".repeat(100 + number % 200).as_str())?;
    Ok(record)
}

impl Ours {
    /// `None` is a store in memory.
    pub(crate) fn new(engine: Option<Engine>, path: PathBuf, entries: usize) -> io::Result<Self> {
        let runtime = Runtime::python3();
        Ok(Self { runtime, engine, path, shelf: None, records: None, entries, next: 0 })
    }

    /// Does a phase, and says how long it took.
    pub(crate) fn measure(&mut self, phase: &str) -> io::Result<Duration> {
        let start = Instant::now();
        match phase {
            "open" => self.open()?,
            "bulk" => self.bulk()?,
            "let_go" => self.let_go(),
            "reads" => self.reads()?,
            "iteration" => self.iteration()?,
            "puts" => self.puts()?,
            "transactions" => self.transactions()?,
            _ => return Err(io::Error::other(format!("no phase {phase}"))),
        }
        Ok(start.elapsed())
    }

    fn open(&mut self) -> io::Result<()> {
        self.shelf = None;
        self.shelf = Some(match self.engine {
            Some(engine) => {
                let options = ShelfOptions::new().store(StoreOptions::new().engine(engine));
                options.open(&self.path, Flag::New).map_err(io::Error::other)?
            }
            None => ShelfOptions::new().over(MemoryStore::new()),
        });
        let records = self.runtime.try_enter(|ctx| {
            let records = (0..self.entries).map(|number| record(ctx, number));
            Ok(ctx.stash(List::from_vec(ctx, records.collect::<Result<'_, _>>()?)))
        });
        self.records = Some(records.map_err(io::Error::other)?);
        Ok(())
    }

    fn let_go(&mut self) {
        self.records = None;
        self.runtime.collect();
    }

    /// Enters, with the shelf.
    fn enter(
        &mut self,
        work: impl for<'gc> FnOnce(Context<'gc>, &mut Shelf) -> Result<'gc, ()>,
    ) -> io::Result<()> {
        let shelf = self.shelf.as_mut().ok_or_else(|| io::Error::other("no shelf is open"))?;
        let done = self.runtime.try_enter(|ctx| work(ctx, shelf));
        done.map_err(io::Error::other)
    }

    fn bulk(&mut self) -> io::Result<()> {
        let records =
            self.records.take().ok_or_else(|| io::Error::other("there are no records"))?;
        self.enter(|ctx, shelf| {
            let records = ctx.fetch(&records);
            shelf.transaction(ctx, |shelf| {
                let numbers = records.to_vec().into_iter().enumerate();
                numbers
                    .into_iter()
                    .try_for_each(|(number, record)| shelf.set(ctx, key(number), record))
            })
        })?;
        self.records = Some(records);
        Ok(())
    }

    fn reads(&mut self) -> io::Result<()> {
        let entries = self.entries;
        let numbers: Vec<usize> = (0..entries / 5).map(|number| number * 7919 % entries).collect();
        for some in numbers.chunks(ENTERED) {
            self.enter(|ctx, shelf| {
                some.iter().try_for_each(|number| shelf.get_item(ctx, key(*number)).map(drop))
            })?;
        }
        Ok(())
    }

    fn iteration(&mut self) -> io::Result<()> {
        let mut walk = Walk::all();
        let mut count = 0;
        let mut more = true;
        while more {
            self.enter(|ctx, shelf| {
                for _ in 0..ENTERED {
                    more = walk.next_item(ctx, shelf)?.is_some();
                    if !more {
                        break;
                    }
                    count += 1;
                }
                Ok(())
            })?;
        }
        match count == self.entries {
            true => Ok(()),
            false => Err(io::Error::other(format!("{count} of {} entries", self.entries))),
        }
    }

    /// Returns the numbers of so many entries.
    fn some(&mut self, count: usize) -> Vec<usize> {
        let mut step = || {
            self.next = (self.next + 7919) % self.entries;
            self.next
        };
        (0..count).map(|_| step()).collect()
    }

    fn puts(&mut self) -> io::Result<()> {
        let numbers = self.some(PUTS);
        self.enter(|ctx, shelf| put(ctx, shelf, &numbers))
    }

    fn transactions(&mut self) -> io::Result<()> {
        for _ in 0..TRANSACTIONS {
            let numbers = self.some(BATCH);
            self.enter(|ctx, shelf| shelf.transaction(ctx, |shelf| put(ctx, shelf, &numbers)))?;
        }
        Ok(())
    }
}

fn put<'gc>(ctx: Context<'gc>, shelf: &mut Shelf, numbers: &[usize]) -> Result<'gc, ()> {
    numbers.iter().try_for_each(|&number| shelf.set(ctx, key(number), record(ctx, number)?))
}
