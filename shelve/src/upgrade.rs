//! Upgrading a shelf: what its values name, and other names for that.

use std::collections::{BTreeMap, HashMap};

use halfsour_pickle::OpaqueGlobal;
use halfsour_pickle::tools::{self, Target};
use halfsour_runtime::{Context, Result};

use crate::shelf::Shelf;
use crate::store::{Op, Scan};

/// A class or another global that values of a shelf name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NamedGlobal {
    /// What it is, by the names that the values have.
    pub target: Target,
    /// In how many values it is named.
    pub values: u64,
    /// What loading it raises, if it is not to be had in this runtime.
    pub unresolved: Option<String>,
}

/// What the values of a shelf name, as [`Shelf::globals`] finds it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ShelfGlobals {
    /// The globals, in the order of their names.
    pub globals: Vec<NamedGlobal>,
    /// How many values there are.
    pub values: u64,
    /// The keys of values that cannot be followed to their end, with the reason.
    pub unreadable: Vec<(Vec<u8>, String)>,
}

/// What [`Shelf::rename_globals`] has done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Renamed {
    /// How many values were changed.
    pub changed: u64,
    /// How many values there are.
    pub values: u64,
    /// The keys of values that were left alone, with the reason: they cannot be followed, or name a global by an extension
    /// code or by what a call gives, so that its names are not in the value.
    pub left: Vec<(Vec<u8>, String)>,
}

impl Shelf {
    /// Lists every class and other global that the values of the shelf name, with the number of values, and whether it is
    /// to be had in this runtime. Nothing is changed and no value is loaded.
    ///
    /// Whether a global is to be had is found by loading it by itself, with the shelf's hooks, policy and flavour: its module
    /// is imported. Shared objects are values too. Objects that `writeback` keeps count as they are in the store.
    ///
    /// # Errors
    /// What the store reports; ValueError when the shelf is closed.
    ///
    /// # Examples
    /// ```
    /// use halfsour_runtime::{Runtime, Value};
    /// use halfsour_shelve::{MemoryStore, ShelfOptions, Store};
    ///
    /// let mut store = MemoryStore::new();
    /// store.put(b"dill", b"(icellar\nBarrel\np0\n.")?;
    /// let mut shelf = ShelfOptions::new().over(store);
    /// Runtime::python2().try_enter(|ctx| {
    ///     let found = shelf.globals(ctx)?;
    ///     assert_eq!(found.globals[0].target.to_string(), "cellar.Barrel");
    ///     assert_eq!(found.globals[0].unresolved.as_deref(), Some("ImportError: No module named cellar"));
    ///     Ok(())
    /// })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn globals<'gc>(&mut self, ctx: Context<'gc>) -> Result<'gc, ShelfGlobals> {
        let mut found = ShelfGlobals::default();
        let mut counts: HashMap<(Target, u8), u64> = HashMap::new();
        self.each_value(ctx, |key, value| {
            found.values += 1;
            match tools::globals(value) {
                Ok(globals) => {
                    for reached in globals.reached() {
                        let named = (reached.target().clone(), protocol(value));
                        *counts.entry(named).or_default() += 1;
                    }
                }
                Err(incomplete) => found.unreadable.push((key.to_owned(), incomplete.to_string())),
            }
        })?;
        let mut named: BTreeMap<String, NamedGlobal> = BTreeMap::new();
        for ((target, protocol), values) in counts {
            if target == Target::Persistent {
                continue;
            }
            let unresolved = self.unresolved(ctx, &target, protocol)?;
            let known = named.entry(target.to_string()).or_insert_with(|| NamedGlobal {
                target,
                values: 0,
                unresolved: None,
            });
            known.values += values;
            known.unresolved = known.unresolved.take().or(unresolved);
        }
        found.globals = named.into_values().collect();
        Ok(found)
    }

    /// Gives globals other names in every value, all in one batch: `rename` gets a module and a name in it, and returns other
    /// ones or `None`.
    ///
    /// No value is loaded. Each keeps its protocol and everything else byte for byte, as
    /// [`tools::rename_globals`] says. Values that cannot be renamed are left alone and listed. `progress` is told before
    /// each value how many are done. Objects that `writeback` has kept are let go of at the [`sync`](Self::sync) which this
    /// begins with.
    ///
    /// # Errors
    /// What the store reports, and then nothing is changed; as [`sync`](Self::sync).
    ///
    /// # Examples
    /// ```
    /// use halfsour_runtime::Runtime;
    /// use halfsour_shelve::{MemoryStore, ShelfOptions, Store};
    ///
    /// let mut store = MemoryStore::new();
    /// store.put(b"dill", b"(icellar\nBarrel\np0\n.")?;
    /// let mut shelf = ShelfOptions::new().over(store);
    /// let table = |module: &str, name: &str| {
    ///     (module == "cellar").then(|| ("larder".to_owned(), name.to_owned()))
    /// };
    /// Runtime::python2().try_enter(|ctx| {
    ///     assert_eq!(shelf.rename_globals(ctx, table, |_| {})?.changed, 1);
    ///     Ok(())
    /// })?;
    /// assert_eq!(shelf.store().get(b"dill")?, Some(b"(ilarder\nBarrel\np0\n.".to_vec()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn rename_globals<'gc>(
        &mut self,
        ctx: Context<'gc>,
        mut rename: impl FnMut(&str, &str) -> Option<(String, String)>,
        mut progress: impl FnMut(u64),
    ) -> Result<'gc, Renamed> {
        self.sync(ctx)?;
        let mut done = Renamed::default();
        let mut batch = Vec::new();
        self.each_value(ctx, |key, value| {
            progress(done.values);
            done.values += 1;
            match tools::rename_globals(value, &mut rename) {
                Ok(renamed) => {
                    if let Some(reason) = nameless(value) {
                        done.left.push((key.to_owned(), reason));
                    }
                    batch.extend(renamed.map(|value| Op::Put { key: key.to_owned(), value }));
                }
                Err(error) => done.left.push((key.to_owned(), error.to_string())),
            }
        })?;
        progress(done.values);
        done.changed = batch.len() as u64;
        if !batch.is_empty() {
            self.overlay.apply(batch).map_err(|error| error.into_exception(ctx))?;
        }
        Ok(done)
    }

    /// Reads every value, those of shared objects included.
    fn each_value<'gc>(
        &mut self,
        ctx: Context<'gc>,
        mut work: impl FnMut(&[u8], &[u8]),
    ) -> Result<'gc, ()> {
        self.check(ctx)?;
        let mut scan = Scan::all();
        loop {
            let page = self.overlay.scan(&scan).map_err(|error| error.into_exception(ctx))?;
            page.items.iter().for_each(|(key, value)| work(key, value));
            match page.next {
                Some(next) => scan.after = Some(next),
                None => return Ok(()),
            }
        }
    }

    /// Returns what loading a global by itself raises, as a value of a protocol names it.
    fn unresolved<'gc>(
        &self,
        ctx: Context<'gc>,
        target: &Target,
        protocol: u8,
    ) -> Result<'gc, Option<String>> {
        let mut stream = if protocol < 2 { Vec::new() } else { vec![0x80, protocol] };
        match target {
            Target::Global { module, name } => {
                stream.extend(format!("c{module}\n{name}\n.").into_bytes());
            }
            Target::Extension(code) => {
                let Ok(code) = u32::try_from(*code) else { return Ok(None) };
                stream.push(0x84);
                stream.extend(code.to_le_bytes());
                stream.push(b'.');
            }
            other => return Ok(Some(format!("{other} cannot be told"))),
        }
        Ok(match self.unpickler.loads(ctx, &stream) {
            Ok(found) if OpaqueGlobal::of(found).is_some() => {
                Some("it is not registered, and loaded as an opaque object".to_owned())
            }
            Ok(_) => None,
            Err(error) => {
                let error = error.into_uncaught(ctx);
                Some(format!("{}: {}", error.class(), error.message()))
            }
        })
    }
}

/// The protocol that a pickle announces.
fn protocol(pickle: &[u8]) -> u8 {
    match pickle {
        [0x80, protocol, ..] => *protocol,
        _ => 0,
    }
}

/// Says which globals a value names otherwise than by names.
fn nameless(value: &[u8]) -> Option<String> {
    let globals = tools::globals(value).ok()?;
    let shown = globals.reached().filter(|reached| {
        matches!(reached.target(), Target::Extension(_) | Target::Unresolved { .. })
    });
    let shown: Vec<String> = shown.map(|reached| reached.target().to_string()).collect();
    (!shown.is_empty()).then(|| format!("it names {}", shown.join(", ")))
}
