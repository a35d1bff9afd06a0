//! [`Snapshots`]: a world of objects saved, and brought back.

use std::sync::Arc;

use halfsour_runtime::{Context, Dict, Error, List, Module, Result, Value, exc};

use crate::pickler::{HIGHEST_PROTOCOL, Pickler};
use crate::unpickler::Unpickler;

/// How objects are saved and brought back: roots that a program names, or all globals of modules.
///
/// A snapshot is a pickle, so that what it reaches is saved with its identities and cycles, classes and functions by their
/// names. Objects that belong to the host stay outside by a [`Pickler::persistent_id`]. Bringing one back is a load: it is as
/// safe as the [`Unpickler`] says, whoever wrote the bytes.
///
/// # Examples
///
/// ```
/// use halfsour_pickle::Snapshots;
/// use halfsour_runtime::{Runtime, value};
///
/// let mut runtime = Runtime::python3();
/// let snapshots = Snapshots::new();
/// let saved = runtime.try_enter(|ctx| {
///     let world = ctx.new_module("world")?;
///     world.set(ctx, "jars", value!(ctx, [1, 2])?)?;
///     let saved = snapshots.save_modules(ctx, &["world"])?;
///     world.set(ctx, "jars", value!(ctx, [])?)?;
///     world.set(ctx, "spilt", true)?;
///     Ok(saved)
/// })?;
/// runtime.try_enter(|ctx| {
///     snapshots.restore_modules(ctx, &saved)?;
///     assert_eq!(ctx.import_from("world", "jars")?.len(ctx)?, 2);
///     assert!(ctx.import_from("world", "spilt").is_err());
///     Ok(())
/// })?;
/// // Into another runtime, which then has a world of its own.
/// let mut fork = Runtime::python3();
/// fork.try_enter(|ctx| {
///     ctx.new_module("world")?;
///     snapshots.restore_modules(ctx, &saved)?;
///     assert_eq!(ctx.import_from("world", "jars")?.len(ctx)?, 2);
///     Ok(())
/// })?;
/// # Ok::<(), halfsour_runtime::Uncaught>(())
/// ```
#[derive(Debug)]
#[must_use]
pub struct Snapshots {
    pickler: Option<Pickler<'static>>,
    unpickler: Unpickler<'static>,
}

/// Saved objects, in a form that is cheap to clone and can be kept or sent anywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    bytes: Arc<[u8]>,
}

impl Snapshot {
    /// Takes bytes for a snapshot. They are only looked at when it is restored.
    #[must_use]
    pub fn from_bytes(bytes: impl Into<Arc<[u8]>>) -> Self {
        Self { bytes: bytes.into() }
    }

    /// Returns the bytes: a pickle of a list of the roots, or of a dict of modules with a dict of globals each.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl Default for Snapshots {
    fn default() -> Self {
        Self::new()
    }
}

/// The globals that are about a module, and not in it.
const ABOUT: [&str; 8] = [
    "__name__",
    "__doc__",
    "__builtins__",
    "__file__",
    "__loader__",
    "__package__",
    "__path__",
    "__spec__",
];

impl Snapshots {
    /// Saves in the highest protocol that the dialect reads, and restores with the defaults of [`Unpickler`].
    pub fn new() -> Self {
        Self { pickler: None, unpickler: Unpickler::new() }
    }

    /// Sets how objects are saved.
    pub fn pickler(mut self, pickler: Pickler<'static>) -> Self {
        self.pickler = Some(pickler);
        self
    }

    /// Sets how objects are brought back: policy, limits, persistent ids.
    pub fn unpickler(mut self, unpickler: Unpickler<'static>) -> Self {
        self.unpickler = unpickler;
        self
    }

    /// Saves objects and all that they reach.
    ///
    /// # Errors
    ///
    /// As [`Pickler::dumps`].
    pub fn save<'gc>(&self, ctx: Context<'gc>, roots: &[Value<'gc>]) -> Result<'gc, Snapshot> {
        self.dump(ctx, List::from_vec(ctx, roots.to_vec()).into())
    }

    /// Brings saved objects back, as new ones.
    ///
    /// # Errors
    ///
    /// As [`Unpickler::loads`]; `TypeError` if it is no snapshot of roots.
    pub fn restore<'gc>(
        &self,
        ctx: Context<'gc>,
        snapshot: &Snapshot,
    ) -> Result<'gc, Vec<Value<'gc>>> {
        match self.unpickler.loads(ctx, &snapshot.bytes)? {
            Value::List(roots) => Ok(roots.to_vec()),
            other => Err(no_snapshot(ctx, "a list of roots", other)),
        }
    }

    /// Saves the globals of modules, and all that they reach. Modules among the globals are left as they are.
    ///
    /// # Errors
    ///
    /// As [`Pickler::dumps`]; `ImportError` for a module that is not there.
    pub fn save_modules<'gc>(&self, ctx: Context<'gc>, names: &[&str]) -> Result<'gc, Snapshot> {
        let modules = Dict::new(ctx);
        for name in names {
            let globals = Dict::new(ctx);
            for (key, value) in module(ctx, name)?.dict().entries() {
                if is_saved(key, value) {
                    globals.insert(ctx, key, value)?;
                }
            }
            modules.insert_name(ctx, ctx.intern(name), globals.into())?;
        }
        self.dump(ctx, modules.into())
    }

    /// Sets the globals of modules to what was saved, and removes those that have come since. All are loaded before any is
    /// set, so that an error changes nothing.
    ///
    /// # Errors
    ///
    /// As [`Unpickler::loads`]; `ImportError` for a module that is not there; `TypeError` if it is no snapshot of modules.
    pub fn restore_modules<'gc>(&self, ctx: Context<'gc>, snapshot: &Snapshot) -> Result<'gc, ()> {
        let saved = self.unpickler.loads(ctx, &snapshot.bytes)?;
        let Value::Dict(modules) = saved else {
            return Err(no_snapshot(ctx, "a dict of modules", saved));
        };
        let mut restored = Vec::new();
        for (name, globals) in modules.entries() {
            let name: String = name.to(ctx)?;
            let Value::Dict(globals) = globals else {
                return Err(no_snapshot(ctx, "a dict of globals", globals));
            };
            restored.push((module(ctx, &name)?, globals));
        }
        for (module, globals) in restored {
            for (key, value) in module.dict().entries() {
                if is_saved(key, value) && !globals.contains(ctx, key)? {
                    module.dict().remove(ctx, key)?;
                }
            }
            for (key, value) in globals.entries() {
                module.dict().insert(ctx, key, value)?;
            }
        }
        Ok(())
    }

    fn dump<'gc>(&self, ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Snapshot> {
        let bytes = match &self.pickler {
            Some(pickler) => pickler.dumps(ctx, value)?,
            None => {
                let highest = ctx.dialect().pick(2, HIGHEST_PROTOCOL);
                Pickler::new().protocol(highest).dumps(ctx, value)?
            }
        };
        Ok(Snapshot { bytes: bytes.into() })
    }
}

fn module<'gc>(ctx: Context<'gc>, name: &str) -> Result<'gc, Module<'gc>> {
    match ctx.import(name)? {
        Value::Module(module) => Ok(module),
        other => Err(no_snapshot(ctx, "a module", other)),
    }
}

/// Whether a global belongs to what a program has put into a module.
fn is_saved<'gc>(key: Value<'gc>, value: Value<'gc>) -> bool {
    let name = match key {
        Value::Bytes(name) => name.to_string_lossy(),
        Value::Unicode(name) => name.to_string_lossy(),
        _ => return true,
    };
    !ABOUT.contains(&&*name) && !matches!(value, Value::Module(_))
}

#[cold]
fn no_snapshot<'gc>(ctx: Context<'gc>, wanted: &str, got: Value<'gc>) -> Error<'gc> {
    let got = got.type_name(ctx);
    Error::new(&exc::TYPE_ERROR, format!("a snapshot has {wanted} here, not '{got}'"))
}
