//! The modules that Python-shaped code imports: `shelve`, and those that open databases by path.

mod database;
mod define;
mod mapping;
mod shelf;
mod views;

use std::path::{Path, PathBuf};
use std::rc::Rc;

use halfsour_pickle::Unpickler;
use halfsour_runtime::{
    Args, Context, Dialect, Error, Function, Module, Result, Tuple, Value, exc,
};

use crate::detect::which;
use crate::dumb::DumbStore;
use crate::error::{StoreResult, dbm_error};
use crate::options::{Flag, StoreOptions};
use crate::store::Store;

/// The modules `shelve`, `anydbm`, `whichdb` and `dumbdbm` (Python 3: `shelve`, `dbm` and `dbm.dumb`): how they load, and
/// whether they open files.
///
/// # Examples
/// ```
/// use halfsour_runtime::{Runtime, Value};
/// use halfsour_shelve::{Modules, StoreOptions};
///
/// # let path = std::env::temp_dir().join(format!("halfsour-modules-{}", std::process::id()));
/// # let path = path.to_str().expect("a path of text");
/// let mut runtime = Runtime::python3();
/// runtime.try_enter(|ctx| {
///     Modules::new().files(StoreOptions::new()).install(ctx)?;
///     let shelf = ctx.import("shelve")?.call_method(ctx, "open", (path,))?;
///     shelf.set_item(ctx, "dill", 3)?;
///     shelf.call_method(ctx, "close", ())
///         .map(drop)
/// })?;
/// # std::fs::remove_file(path)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Default)]
#[must_use]
pub struct Modules {
    unpickler: Unpickler<'static>,
    files: Option<StoreOptions>,
    databases: Option<Rc<Open>>,
}

/// How a module opens a database: by its path or name, with a flag, and with permissions for new files.
type Open = dyn Fn(&Path, Flag, u32) -> StoreResult<Box<dyn Store>>;

impl Modules {
    /// Returns modules that load as [`Unpickler::new`] does, and open no files.
    pub const fn new() -> Self {
        Self { unpickler: Unpickler::new(), files: None, databases: None }
    }

    /// Sets how values are loaded; the flavour is that of the dialect's `shelve`.
    pub fn unpickler(mut self, unpickler: Unpickler<'static>) -> Self {
        self.unpickler = unpickler;
        self
    }

    /// Lets the modules open files, and says what makes new ones.
    ///
    /// Then whatever runs in the runtime can write files, and so can a pickle that it loads: it may call the class
    /// `shelve.DbfilenameShelf`. Load what you do not trust in a runtime without files, or under a
    /// [`policy`](Unpickler::policy) that refuses these modules.
    pub const fn files(mut self, options: StoreOptions) -> Self {
        self.files = Some(options);
        self
    }

    /// Says how `anydbm.open` (`dbm.open`) and so `shelve.open` open a database, in the place of files: whatever
    /// [`Store`] the function returns for a name.
    ///
    /// # Examples
    /// ```
    /// use halfsour_runtime::Runtime;
    /// use halfsour_shelve::{MemoryStore, Modules};
    ///
    /// Runtime::python3().try_enter(|ctx| {
    ///     Modules::new().databases(|_, _| Ok(Box::new(MemoryStore::new()))).install(ctx)?;
    ///     let shelf = ctx.import("shelve")?.call_method(ctx, "open", ("jars",))?;
    ///     shelf.set_item(ctx, "dill", 3)
    /// })?;
    /// # Ok::<(), halfsour_runtime::Uncaught>(())
    /// ```
    pub fn databases(
        mut self,
        open: impl Fn(&Path, Flag) -> StoreResult<Box<dyn Store>> + 'static,
    ) -> Self {
        self.databases = Some(Rc::new(move |name, flag, _| open(name, flag)));
        self
    }

    /// Registers the modules, so that `import` finds them.
    ///
    /// # Errors
    /// MemoryError, in theory only.
    pub fn install(self, ctx: Context<'_>) -> Result<'_, ()> {
        let unpickler = Rc::new(self.unpickler.flavour(shelf::flavour(ctx.dialect())));
        install_shelve(ctx, &unpickler)?;
        let open = self.databases.or_else(|| {
            let files = self.files?;
            Some(Rc::new(move |path, flag, mode| files.mode(mode).open(path, flag)))
        });
        match ctx.dialect() {
            Dialect::Python2 => {
                install_any(ctx, ctx.new_module("anydbm")?, open)?;
                install_which(ctx, ctx.new_module("whichdb")?, self.files)?;
                install_dumb(ctx, ctx.new_module("dumbdbm")?, self.files)
            }
            _ => {
                let dbm = ctx.new_module("dbm")?;
                install_any(ctx, dbm, open)?;
                install_which(ctx, dbm, self.files)?;
                install_dumb(ctx, ctx.new_module("dbm.dumb")?, self.files)
            }
        }
    }
}

impl std::fmt::Debug for Modules {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Modules")
            .field("unpickler", &self.unpickler)
            .field("files", &self.files)
            .finish_non_exhaustive()
    }
}

/// Registers the modules as [`Modules::new`] has them: `shelve.Shelf` works over any mapping, and no files are opened.
///
/// # Errors
/// MemoryError, in theory only.
// DIFFERENCE: in CPython everything may open files. Here a pickle could, through a class that it calls.
pub fn install(ctx: Context<'_>) -> Result<'_, ()> {
    Modules::new().install(ctx)
}

fn install_shelve<'gc>(ctx: Context<'gc>, unpickler: &Rc<Unpickler<'static>>) -> Result<'gc, ()> {
    let module = ctx.new_module("shelve")?;
    if ctx.dialect() == Dialect::Python3 {
        views::install(ctx, module)?;
    }
    shelf::install(ctx, module, unpickler)?;
    module.function(ctx, "open", |ctx, args| {
        ctx.import_from("shelve", "DbfilenameShelf")?.call(ctx, args)
    })?;
    let names = ["Shelf", "BsdDbShelf", "DbfilenameShelf", "open"].map(|name| ctx.str(name));
    module.set(ctx, "__all__", names.to_vec())
}

/// `anydbm` and Python 3's `dbm`: what is there decides how it is opened.
fn install_any<'gc>(
    ctx: Context<'gc>,
    module: Module<'gc>,
    open: Option<Rc<Open>>,
) -> Result<'gc, ()> {
    let error = ctx.exception_class(dbm_error(ctx.dialect()));
    let system = ctx.exception_class(&exc::IO_ERROR);
    module.set(ctx, "error", Value::from(Tuple::new(ctx, &[error.into(), system.into()])))?;
    opener(ctx, module, "r", open)
}

/// `dumbdbm` and `dbm.dumb`: the one format.
fn install_dumb<'gc>(
    ctx: Context<'gc>,
    module: Module<'gc>,
    files: Option<StoreOptions>,
) -> Result<'gc, ()> {
    module.set(ctx, "error", Value::from(ctx.exception_class(&exc::IO_ERROR)))?;
    let open: Option<Rc<Open>> = files.map(|_| {
        let open: Rc<Open> =
            Rc::new(|path, flag, mode| Ok(Box::new(DumbStore::open(path, flag, mode)?)));
        open
    });
    opener(ctx, module, "c", open)
}

/// Adds `open(file, flag, mode=0666)`.
fn opener<'gc>(
    ctx: Context<'gc>,
    module: Module<'gc>,
    default: &'static str,
    open: Option<Rc<Open>>,
) -> Result<'gc, ()> {
    let class = database::class(ctx)?;
    let function = Function::capturing(ctx, "open", class, move |ctx, class, args| {
        let [file, flag, mode] = args.bind("open", ["file", "flag", "mode"], 1)?;
        let flag = read_flag(ctx, flag, default)?;
        let mode: i64 = mode.map_or(Ok(0o666), |mode| mode.to(ctx))?;
        let path = path(ctx, file.unwrap_or(Value::None))?;
        let open = allowed(ctx, open.as_ref())?;
        let store = open(&path, flag, u32::try_from(mode).unwrap_or(0o666));
        let store = store.map_err(|error| error.into_exception(ctx))?;
        match class {
            Value::Class(class) => Ok(database::allocate(ctx, class, store)),
            _ => Err(Error::bare(&exc::SYSTEM_ERROR)),
        }
    });
    module.set(ctx, "open", Value::from(function))
}

/// Adds `whichdb(filename)`.
fn install_which<'gc>(
    ctx: Context<'gc>,
    module: Module<'gc>,
    files: Option<StoreOptions>,
) -> Result<'gc, ()> {
    module.function(ctx, "whichdb", move |ctx, args: Args<'_>| {
        let [file] = args.bind("whichdb", ["filename"], 1)?;
        let path = path(ctx, file.unwrap_or(Value::None))?;
        allowed(ctx, files).map(drop)?;
        let found = which(&path).map_err(|error| error.at(&path).into_exception(ctx))?;
        Ok(found.map_or(Value::None, |format| ctx.str(format.module_name(ctx.dialect()))))
    })?;
    Ok(())
}

fn allowed<T>(ctx: Context<'_>, allowed: Option<T>) -> Result<'_, T> {
    allowed.ok_or_else(|| {
        let message = "this runtime opens no files: its host decides by shelve's Modules::files";
        Error::new(dbm_error(ctx.dialect()), message)
    })
}

// DIFFERENCE: 2.7's `dumbdbm` ignores the flag; here `'r'` protects and `'n'` begins anew, as the documentation says.
fn read_flag<'gc>(ctx: Context<'gc>, flag: Option<Value<'gc>>, default: &str) -> Result<'gc, Flag> {
    let flag = match (flag, ctx.dialect()) {
        (None, _) | (Some(Value::None), Dialect::Python2) => Flag::from_letter(default),
        (Some(flag), _) => flag.to::<String>(ctx).ok().and_then(|flag| Flag::from_letter(&flag)),
    };
    flag.ok_or_else(|| Error::new(&exc::VALUE_ERROR, "Flag must be one of 'r', 'w', 'c', or 'n'"))
}

/// Reads a path: bytes as they are, a text in UTF-8.
fn path<'gc>(ctx: Context<'gc>, path: Value<'gc>) -> Result<'gc, PathBuf> {
    let bytes = match path.content() {
        Value::Bytes(bytes) => bytes.as_slice(),
        Value::Unicode(text) => text.as_generalised_utf8(),
        _ => {
            let message = format!("expected a path, got {}", path.type_name(ctx));
            return Err(Error::new(&exc::TYPE_ERROR, message));
        }
    };
    if bytes.contains(&0) {
        return Err(Error::new(&exc::VALUE_ERROR, "embedded null byte"));
    }
    #[cfg(unix)]
    {
        let name: &std::ffi::OsStr = std::os::unix::ffi::OsStrExt::from_bytes(bytes);
        Ok(PathBuf::from(name))
    }
    #[cfg(not(unix))]
    match std::str::from_utf8(bytes) {
        Ok(name) => Ok(PathBuf::from(name)),
        Err(_) => Err(Error::new(&exc::VALUE_ERROR, "the path is no text")),
    }
}
