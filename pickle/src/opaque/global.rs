//! [`OpaqueGlobal`]: a class or function that is not here.

use halfsour_runtime::{Context, Instance, Result, Traced, Value};

use super::classes::classes;

/// A stand-in for a class or function that is not registered: its module and its name there.
///
/// In Python-shaped code it is an object that equals every stand-in for the same name. It can be called by nobody.
#[derive(Clone, Copy, Debug)]
pub struct OpaqueGlobal<'gc> {
    instance: Instance<'gc>,
    content: Traced<'gc>,
}

/// What marks the content of a stand-in for a global.
pub(super) struct GlobalRecord {
    /// The extension code by which alone the stream has named it.
    extension: Option<u32>,
}

const MODULE: usize = 0;
const QUALNAME: usize = 1;

impl<'gc> OpaqueGlobal<'gc> {
    /// Returns a stand-in for a name of a module, with dots for what is nested in classes.
    ///
    /// # Errors
    /// MemoryError, in theory only.
    pub fn new(ctx: Context<'gc>, module: &str, qualname: &str) -> Result<'gc, Self> {
        Self::named(ctx, ctx.str(module), ctx.str(qualname))
    }

    /// Returns a stand-in with the names that a stream has for it.
    pub(crate) fn named(
        ctx: Context<'gc>,
        module: Value<'gc>,
        qualname: Value<'gc>,
    ) -> Result<'gc, Self> {
        Self::allocate(ctx, [module, qualname], GlobalRecord { extension: None })
    }

    /// Returns a stand-in for what an extension code that is not registered stands for.
    pub(crate) fn of_extension(ctx: Context<'gc>, code: u32) -> Result<'gc, Self> {
        let nameless = ctx.str("");
        Self::allocate(ctx, [nameless, nameless], GlobalRecord { extension: Some(code) })
    }

    fn allocate(
        ctx: Context<'gc>,
        names: [Value<'gc>; 2],
        record: GlobalRecord,
    ) -> Result<'gc, Self> {
        let content = Traced::with_values(ctx, record, &names);
        let instance = Instance::native(ctx, classes(ctx)?.global, content);
        Ok(Self { instance, content })
    }

    /// Returns the stand-in that an object is, if it is one.
    #[must_use]
    pub fn of(object: Value<'gc>) -> Option<Self> {
        let Value::Instance(instance) = object else { return None };
        let content =
            instance.native_content().filter(|content| content.holds::<GlobalRecord>())?;
        Some(Self { instance, content })
    }

    /// Returns the name of the module; it is empty for an extension code that is not registered.
    #[must_use]
    pub fn module(self) -> String {
        text(self.module_value())
    }

    /// Returns the name in the module, with dots for what is nested in classes.
    #[must_use]
    pub fn qualname(self) -> String {
        text(self.qualname_value())
    }

    /// Returns the extension code by which alone the stream has named it, if it was named so.
    #[must_use]
    pub fn extension(self) -> Option<u32> {
        self.content.data::<GlobalRecord>().ok()?.extension
    }

    /// Returns module and name with a dot in between.
    #[must_use]
    pub fn dotted_name(self) -> String {
        match self.extension() {
            Some(code) => format!("extension code {code}"),
            None => format!("{}.{}", self.module(), self.qualname()),
        }
    }

    pub(crate) fn module_value(self) -> Value<'gc> {
        self.content.get(MODULE).unwrap_or(Value::None)
    }

    pub(crate) fn qualname_value(self) -> Value<'gc> {
        self.content.get(QUALNAME).unwrap_or(Value::None)
    }
}

impl<'gc> From<OpaqueGlobal<'gc>> for Value<'gc> {
    fn from(global: OpaqueGlobal<'gc>) -> Self {
        global.instance.into()
    }
}

fn text(name: Value<'_>) -> String {
    match name.content() {
        Value::Bytes(name) => String::from_utf8_lossy(name.as_slice()).into_owned(),
        Value::Unicode(name) => String::from_utf8_lossy(name.as_generalised_utf8()).into_owned(),
        _ => String::new(),
    }
}
