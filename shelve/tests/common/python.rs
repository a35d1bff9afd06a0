//! Runtimes with the module `shelve`, and shelves over a dict and over every engine, at every protocol.

use std::cell::Cell;

use halfsour_pickle::Unpickler;
use halfsour_runtime::{
    Args, Context, Dialect, Dict, Error, ExceptionType, IntoValue, List, Result, Runtime, Tuple,
    Value,
};
use halfsour_shelve::{Engine, Modules, StoreOptions};

use super::{Directory, engines};

/// Runs a test in a runtime whose modules make new files by an engine.
#[track_caller]
pub(crate) fn with_engine(
    dialect: Dialect,
    engine: Engine,
    test: impl for<'gc> FnOnce(Context<'gc>) -> Result<'gc, ()>,
) {
    with_databases(dialect, Databases::Engine(engine), test);
}

/// Where the modules of a test open databases.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Databases {
    Engine(Engine),
    /// On a cluster of servers, which all tests of a program share.
    #[cfg(feature = "redis")]
    Redis,
}

/// Returns all that this build has and this machine runs.
fn databases() -> Vec<Databases> {
    engines().into_iter().map(Databases::Engine).chain(redis()).collect()
}

#[cfg(feature = "redis")]
fn redis() -> Option<Databases> {
    cluster().map(|_| Databases::Redis)
}

#[cfg(not(feature = "redis"))]
fn redis() -> Option<Databases> {
    None
}

#[cfg(feature = "redis")]
fn cluster() -> Option<&'static super::cluster::Cluster> {
    use super::cluster::Cluster;
    static CLUSTER: std::sync::OnceLock<Option<Cluster>> = std::sync::OnceLock::new();
    CLUSTER.get_or_init(|| Cluster::start("shelve")).as_ref()
}

#[track_caller]
fn with_databases(
    dialect: Dialect,
    databases: Databases,
    test: impl for<'gc> FnOnce(Context<'gc>) -> Result<'gc, ()>,
) {
    let modules = Modules::new().unpickler(Unpickler::new());
    let modules = match databases {
        Databases::Engine(engine) => modules.files(StoreOptions::new().engine(engine)),
        #[cfg(feature = "redis")]
        Databases::Redis => {
            let nodes = cluster().map(super::cluster::Cluster::urls).unwrap_or_default();
            let options = halfsour_shelve::RedisOptions::new(nodes);
            modules.databases(move |path, flag| {
                Ok(Box::new(options.open(&path.to_string_lossy(), flag)?))
            })
        }
    };
    let mut runtime = Runtime::new(dialect);
    let done = runtime.try_enter(|ctx| {
        halfsour_copyreg::install(ctx)?;
        modules.install(ctx)?;
        test(ctx)
    });
    if let Err(error) = done {
        panic!("{dialect:?} {databases:?}: {error}");
    }
}

/// Runs a test with every engine.
#[track_caller]
pub(crate) fn with_engines(
    dialect: Dialect,
    test: impl for<'gc> Fn(Context<'gc>, &Directory) -> Result<'gc, ()>,
) {
    for engine in engines() {
        let directory = Directory::new("python");
        with_engine(dialect, engine, |ctx| test(ctx, &directory));
    }
}

/// Runs a test with every engine, and on servers.
#[track_caller]
pub(crate) fn with_every_store(
    dialect: Dialect,
    test: impl for<'gc> Fn(Context<'gc>, &Directory) -> Result<'gc, ()>,
) {
    for databases in databases() {
        let directory = Directory::new("python");
        with_databases(dialect, databases, |ctx| test(ctx, &directory));
    }
}

/// What makes the shelves of a test.
pub(crate) struct Shelves {
    directory: Directory,
    protocol: i64,
    /// Over a dict, in the place of files.
    in_memory: bool,
    made: Cell<u32>,
}

impl Shelves {
    /// Returns a new shelf.
    pub(crate) fn empty<'gc>(&self, ctx: Context<'gc>) -> Result<'gc> {
        let shelve = ctx.import("shelve")?;
        if self.in_memory {
            return shelve.call_method(ctx, "Shelf", (Dict::new(ctx), self.protocol));
        }
        self.made.set(self.made.get() + 1);
        let name = self.directory.file(&format!("shelf{}", self.made.get()));
        let args = Args::new(&[name.to_str().into_value(ctx)]);
        shelve.get_attr(ctx, "open")?.call(ctx, args.keyword(ctx, "protocol", self.protocol))
    }

    /// Returns a shelf with the entries of [`reference`].
    pub(crate) fn full<'gc>(&self, ctx: Context<'gc>) -> Result<'gc> {
        let shelf = self.empty(ctx)?;
        shelf.call_method(ctx, "update", (reference(ctx)?,))?;
        Ok(shelf)
    }
}

/// Runs a test with shelves over a dict, over every engine and on servers, at every protocol.
#[track_caller]
pub(crate) fn every_shelf(
    dialect: Dialect,
    test: impl for<'gc> Fn(Context<'gc>, &Shelves) -> Result<'gc, ()>,
) {
    for protocol in 0..=dialect.pick(2, 5) {
        for databases in databases() {
            for in_memory in [true, false] {
                let (directory, made) = (Directory::new("mapping"), Cell::new(0));
                let shelves = Shelves { directory, protocol, in_memory, made };
                with_databases(dialect, databases, |ctx| test(ctx, &shelves));
            }
        }
    }
}

/// `{'key1': 'value1', 'key2': 2, 'key3': (1, 2, 3)}`.
pub(crate) fn reference<'gc>(ctx: Context<'gc>) -> Result<'gc> {
    let dict = Value::from(Dict::new(ctx));
    dict.set_item(ctx, "key1", "value1")?;
    dict.set_item(ctx, "key2", 2)?;
    dict.set_item(ctx, "key3", triple(ctx))?;
    Ok(dict)
}

pub(crate) fn triple<'gc>(ctx: Context<'gc>) -> Value<'gc> {
    ints(ctx, &[1, 2, 3])
}

/// Returns a tuple of ints.
pub(crate) fn ints<'gc>(ctx: Context<'gc>, ints: &[i64]) -> Value<'gc> {
    Tuple::from_vec(ctx, ints.iter().map(|&int| Value::Int(int)).collect()).into()
}

/// Returns the items of whatever can be iterated, as a list that is sorted if it can be.
pub(crate) fn sorted<'gc>(ctx: Context<'gc>, items: Value<'gc>) -> Result<'gc> {
    let list = Value::from(List::from_vec(ctx, items.iter(ctx)?.collect_vec(ctx)?));
    list.call_method(ctx, "sort", ())?;
    Ok(list)
}

/// Checks that two objects are equal.
#[track_caller]
pub(crate) fn equal<'gc>(
    ctx: Context<'gc>,
    found: impl IntoValue<'gc>,
    expected: impl IntoValue<'gc>,
) {
    let (found, expected) = (found.into_value(ctx), expected.into_value(ctx));
    let same = found.equals(ctx, expected).expect("the objects can be compared");
    let show = |value: Value<'gc>| value.repr(ctx).and_then(|text| text.to::<String>(ctx));
    assert!(same, "{:?} is not {:?}", show(found), show(expected));
}

/// Checks that something raises an exception.
#[track_caller]
pub(crate) fn raises<'gc>(
    ctx: Context<'gc>,
    result: Result<'gc>,
    class: &'static ExceptionType,
) -> Error<'gc> {
    match result {
        Ok(_) => panic!("{} was not raised", class.name()),
        Err(error) => {
            assert!(error.is(ctx, class), "{error:?} is no {}", class.name());
            error
        }
    }
}
