//! `halfsour shelf`: databases that Python's `shelve` writes, and Halfsour's own.

mod check;
mod convert;
mod export;
mod get;
mod list;
mod put;
mod rename;

use std::error::Error;

use clap::{Subcommand, ValueEnum};
use halfsour::Dialect;
use halfsour::pickle::Flavour;
use halfsour::shelve::{Engine, ErrorKind, Flag, Scan, Store, StoreError, StoreOptions};

use crate::failure::{Failure, Result, Status};
use crate::key;
use crate::load::LoadOptions;
use crate::survey::Survey;
use crate::terminal::Terminal;

const LONG_ABOUT: &str = "\
Lists, reads, writes, checks and converts shelves: the databases that Python's shelve
writes by dbm.sqlite3, dbm.dumb, dbm.gnu, dbm.ndbm and dbhash, and Halfsour's own. A SHELF
is the name that shelve.open was given, without .db, .dat and the like if it has added
them; what it is, its content tells.";

#[derive(Debug, Subcommand)]
#[command(about = "Look into shelves, and change them", long_about = LONG_ABOUT)]
pub(crate) enum Shelf {
    List(list::List),
    Get(get::Get),
    Put(put::Put),
    Export(export::Export),
    Convert(convert::Convert),
    Check(check::Check),
    #[command(name = "rename-class")]
    Rename(rename::Rename),
}

impl Shelf {
    pub(crate) fn run(&self, terminal: &mut Terminal) -> Result<Status> {
        match self {
            Shelf::List(it) => it.run(terminal),
            Shelf::Get(it) => it.run(terminal),
            Shelf::Put(it) => it.run(terminal),
            Shelf::Export(it) => it.run(terminal),
            Shelf::Convert(it) => it.run(terminal),
            Shelf::Check(it) => it.run(terminal),
            Shelf::Rename(it) => it.run(terminal),
        }
    }
}

/// What makes a new shelf.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// Halfsour's own: one file, every change survives a crash
    Redb,
    /// Python's dbm.dumb and dumbdbm: SHELF.dat and SHELF.dir
    Dumb,
    /// Python's dbm.sqlite3, the default since 3.13
    #[cfg(feature = "sqlite")]
    Sqlite,
    /// Python's dbm.gnu and gdbm
    Gdbm,
    /// Python's dbm.ndbm where it is built on GNU dbm, as on Fedora: SHELF.pag and SHELF.dir
    NdbmGdbm,
    /// Python 2's dbhash: a hash file of Berkeley DB
    Berkeley,
    /// Python's dbm.ndbm where it is built on Berkeley DB, as on Debian: SHELF.db
    NdbmBerkeley,
}

impl Format {
    const fn engine(self) -> Engine {
        match self {
            Format::Redb => Engine::Redb,
            Format::Dumb => Engine::Dumb,
            #[cfg(feature = "sqlite")]
            Format::Sqlite => Engine::Sqlite,
            Format::Gdbm => Engine::Gdbm,
            Format::NdbmGdbm => Engine::GdbmNdbm,
            Format::Berkeley => Engine::Berkeley,
            Format::NdbmBerkeley => Engine::BerkeleyNdbm,
        }
    }
}

/// A key, as it is written on the command line.
#[derive(Clone, Debug)]
struct Key(Vec<u8>);

impl std::str::FromStr for Key {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        key::read(text).map(Key)
    }
}

/// Opens the store of a shelf.
fn open(shelf: &str, flag: Flag) -> Result<Box<dyn Store>> {
    StoreOptions::new().open(shelf, flag).map_err(|error| of_store(error, shelf))
}

/// An error of a store, in a tool's words.
fn of_store(error: StoreError, shelf: &str) -> Failure {
    let (kind, is_placed) = (error.kind(), error.path().is_some() && error.key().is_none());
    let text = error.to_string();
    // The place is said once.
    let text = match text.rsplit_once(" (") {
        Some((before, _)) if is_placed => before.to_owned(),
        _ => text,
    };
    let failure = match (kind, error.source()) {
        (ErrorKind::NotFound, Some(source)) => Failure::of_system(source),
        (ErrorKind::NotFound, None) => Failure::new("there is no shelf"),
        (ErrorKind::UnknownFormat, _) => {
            // What is known of the file is behind Python's words.
            let detail = text.split_once(": ").map_or("", |(_, detail)| detail);
            let separator = if detail.is_empty() { "" } else { ": " };
            Failure::new(format!("it is no shelf that is known{separator}{detail}"))
        }
        _ => Failure::new(text),
    };
    let failure = failure.of(shelf);
    let endings = [".db", ".dat", ".dir", ".bak", ".pag"];
    match endings.into_iter().find_map(|ending| shelf.strip_suffix(ending)) {
        Some(name) if matches!(kind, ErrorKind::NotFound | ErrorKind::UnknownFormat) => {
            failure.hint(format!("shelves are opened by the name without the ending: {name}"))
        }
        _ => failure,
    }
}

/// The dialect of a shelf: Python 2's if that is seen in one of the first values.
fn dialect(store: &dyn Store, options: &LoadOptions, shelf: &str) -> Result<(Dialect, Flavour)> {
    let page = store.scan(&Scan::all()).map_err(|error| of_store(error, shelf))?;
    let surveys = page.items.iter().map(|(_, value)| Survey::of(value));
    let of_python2 = surveys.into_iter().any(|survey| survey.dialect == Dialect::Python2);
    let seen = if of_python2 { Dialect::Python2 } else { Dialect::Python3 };
    let dialect = options.dialect().unwrap_or(seen);
    Ok((dialect, dialect.pick(Flavour::CPickle, Flavour::Python3)))
}

/// Goes through all entries.
fn each_entry(
    store: &dyn Store,
    shelf: &str,
    values: bool,
    mut work: impl FnMut(&[u8], Vec<u8>) -> Result<()>,
) -> Result<()> {
    let mut scan = Scan { values, ..Scan::all() };
    loop {
        let page = store.scan(&scan).map_err(|error| of_store(error, shelf))?;
        for (key, value) in page.items {
            work(&key, value)?;
        }
        match page.next {
            Some(next) => scan.after = Some(next),
            None => return Ok(()),
        }
    }
}
