//! [`Module`], `sys.modules` and `import`.

use std::rc::Rc;

use gc_arena::lock::Lock;
use gc_arena::{Collect, Gc, barrier::unlock};

use crate::args::Args;
use crate::class::{Class, text_of};
use crate::context::Context;
use crate::convert::IntoValue;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::function::{Builtin, Function};
use crate::handle::handle;
use crate::instance::Payload;
use crate::name::{IntoName, Name};
use crate::types::Dict;
use crate::value::Value;

handle! {
    /// A module: a name and a namespace.
    ///
    /// # Examples
    ///
    /// ```
    /// use halfsour_runtime::{Runtime, Value};
    ///
    /// let mut runtime = Runtime::python2();
    /// runtime.try_enter(|ctx| {
    ///     let module = ctx.new_module("kitchen.larder")?;
    ///     module.set(ctx, "jars", 12)?;
    ///     let found = ctx.import("kitchen.larder")?.get_attr(ctx, "jars")?;
    ///     assert!(found.is(Value::Int(12)));
    ///     Ok(())
    /// })?;
    /// # Ok::<(), halfsour_runtime::Uncaught>(())
    /// ```
    Module(ModuleInner<'gc>), "module"
}

#[derive(Collect)]
#[collect(no_drop)]
pub(crate) struct ModuleInner<'gc> {
    dict: Dict<'gc>,
    class: Lock<Class<'gc>>,
}

impl<'gc> Module<'gc> {
    /// Returns a module that is not registered: `import` does not find it.
    ///
    /// # Errors
    ///
    /// `MemoryError`, in theory only.
    pub fn new(ctx: Context<'gc>, name: &str) -> Result<'gc, Self> {
        // The import statement that names a module interns its name.
        Self::of_class(ctx, ctx.types().module, ctx.intern(name).value())
    }

    pub(crate) fn of_class(
        ctx: Context<'gc>,
        class: Class<'gc>,
        name: Value<'gc>,
    ) -> Result<'gc, Self> {
        let module = Self::bare(ctx, class);
        module.dict().insert_name(ctx, ctx.names().name, name)?;
        module.dict().insert_name(ctx, ctx.names().doc, Value::None)?;
        Ok(module)
    }

    /// Returns a module with an empty namespace.
    pub(crate) fn bare(ctx: Context<'gc>, class: Class<'gc>) -> Self {
        let dict = Dict::new(ctx);
        let module = Self(Gc::new(ctx.mc, ModuleInner { dict, class: Lock::new(class) }));
        if class.finalizes(ctx) {
            crate::finalizers::register(ctx, module);
        }
        module
    }

    /// Returns `__dict__`: the namespace.
    #[must_use]
    pub fn dict(self) -> Dict<'gc> {
        self.0.dict
    }

    /// Returns the class: `module`, or one derived from it.
    #[must_use]
    pub fn class(self) -> Class<'gc> {
        self.0.class.get()
    }

    /// Replaces the class; the caller has checked that it is one of modules.
    pub(crate) fn set_class(self, ctx: Context<'gc>, class: Class<'gc>) {
        unlock!(Gc::write(ctx.mc, self.0), ModuleInner, class).set(class);
    }

    /// Returns `__name__` as text.
    #[must_use]
    pub fn name(self, ctx: Context<'gc>) -> String {
        self.dict().get_name(ctx, ctx.names().name).map_or_else(|| "?".to_owned(), text_of)
    }

    /// Returns a global, if it is there.
    #[must_use]
    pub fn get(self, ctx: Context<'gc>, name: impl IntoName<'gc>) -> Option<Value<'gc>> {
        self.dict().get_name(ctx, name.into_name(ctx))
    }

    /// Sets a global. A class or function that does not say so yet takes the module's name as its `__module__`.
    ///
    /// # Errors
    ///
    /// `MemoryError` if the namespace is full.
    pub fn set(
        self,
        ctx: Context<'gc>,
        name: impl IntoName<'gc>,
        value: impl IntoValue<'gc>,
    ) -> Result<'gc, ()> {
        let value = value.into_value(ctx);
        self.adopt(ctx, value)?;
        self.dict().insert_name(ctx, name.into_name(ctx), value)
    }

    /// Adds a function, as `def` at the top of the module would.
    ///
    /// # Errors
    ///
    /// `MemoryError` if the namespace is full.
    pub fn function(
        self,
        ctx: Context<'gc>,
        name: &str,
        code: impl for<'a> Fn(Context<'a>, Args<'a>) -> Result<'a> + 'static,
    ) -> Result<'gc, Function<'gc>> {
        let function = Function::new(ctx, name, code);
        self.set(ctx, name, Value::from(function))?;
        Ok(function)
    }

    /// Adds a built-in function, as a module written in C has them.
    ///
    /// # Errors
    ///
    /// `MemoryError` if the namespace is full.
    pub fn builtin(
        self,
        ctx: Context<'gc>,
        name: &str,
        code: impl for<'a> Fn(Context<'a>, Args<'a>) -> Result<'a> + 'static,
    ) -> Result<'gc, Builtin<'gc>> {
        let function = Builtin::new(ctx, name, code);
        self.set(ctx, name, Value::from(function))?;
        Ok(function)
    }

    /// Adds a class under its own name.
    ///
    /// # Errors
    ///
    /// `MemoryError` if the namespace is full.
    pub fn class_named(self, ctx: Context<'gc>, class: impl Into<Value<'gc>>) -> Result<'gc, ()> {
        let class = class.into();
        let name = match class {
            Value::Class(class) => class.name(),
            Value::ClassicClass(class) => class.name(),
            other => return Err(crate::convert::expected(ctx, "class", other)),
        };
        self.set(ctx, &name, class)
    }

    fn adopt(self, ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, ()> {
        let names = ctx.names();
        let Some(name) = self.dict().get_name(ctx, names.name) else {
            return Ok(());
        };
        match value {
            Value::Function(function) if function.module().is_none() => {
                function.set_module(ctx, name);
            }
            Value::Builtin(function) if function.module().is_none() => {
                function.set_module(ctx, name);
            }
            // A class of the runtime's own knows its module.
            Value::Class(class) if class.module(ctx).is_none() => {
                class.define(ctx, names.module, name)?;
                adopt_namespace(ctx, class.dict(), name);
            }
            Value::ClassicClass(class) if class.dict().get_name(ctx, names.module).is_none() => {
                class.define(ctx, names.module, name)?;
                adopt_namespace(ctx, class.dict(), name);
            }
            _ => {}
        }
        Ok(())
    }
}

/// Gives the methods of a class the `__module__` that the class got.
fn adopt_namespace<'gc>(ctx: Context<'gc>, namespace: Dict<'gc>, module: Value<'gc>) {
    for (_, value) in namespace.entries() {
        if let Value::Function(function) = unwrapped(value)
            && function.module().is_none()
        {
            function.set_module(ctx, module);
        }
    }
}

/// The function in a static or class method.
fn unwrapped(value: Value<'_>) -> Value<'_> {
    let Value::Instance(instance) = value else { return value };
    match instance.payload() {
        Payload::StaticMethod(function) | Payload::ClassMethod(function) => function,
        _ => value,
    }
}

/// Gives the methods of a class under definition the `__module__` that its namespace names.
pub(crate) fn adopt_methods<'gc>(ctx: Context<'gc>, namespace: Dict<'gc>) {
    if let Some(module) = namespace.get_name(ctx, ctx.names().module) {
        adopt_namespace(ctx, namespace, module);
    }
}

/// Names the methods of a class under definition by the way that leads to them, as a `class` statement of Python 3 does.
pub(crate) fn qualify_methods<'gc>(ctx: Context<'gc>, namespace: Dict<'gc>, class: Name<'gc>) {
    if ctx.dialect() == Dialect::Python2 {
        return;
    }
    let given = namespace.get_name(ctx, ctx.names().qualname).unwrap_or(class.value());
    let Value::Unicode(path) = given else { return };
    for (_, value) in namespace.entries() {
        let Value::Function(function) = unwrapped(value) else { continue };
        if let Value::Unicode(name) = function.name()
            && function.qualname().is(function.name())
        {
            let path = format!("{}.{}", path.to_string_lossy(), name.to_string_lossy());
            function.set_qualname(ctx, ctx.str(&path));
        }
    }
}

/// Finds modules that are not registered yet, when they are first imported.
///
/// It gets the dotted name, and returns the module, which is then registered, or `None` if it does not know it.
pub(crate) trait Importer:
    for<'gc> Fn(Context<'gc>, &str) -> Result<'gc, Option<Module<'gc>>>
{
}
impl<F: for<'gc> Fn(Context<'gc>, &str) -> Result<'gc, Option<Module<'gc>>>> Importer for F {}

impl<'gc> Context<'gc> {
    /// Returns `sys.modules`: a real dict, from names to modules, or to anything that stands for one.
    #[must_use]
    pub fn modules(self) -> Dict<'gc> {
        self.state.modules
    }

    /// Makes a module and registers it, so that `import` finds it; packages around it (`a` and `a.b` for `a.b.c`)
    /// are made where they are missing, and hold it as an attribute.
    ///
    /// # Errors
    ///
    /// `MemoryError`, in theory only.
    pub fn new_module(self, name: &str) -> Result<'gc, Module<'gc>> {
        let module = Module::new(self, name)?;
        self.modules().insert_name(self, self.intern(name), module.into())?;
        let mut inner = (name, module);
        while let Some((package_name, own)) = inner.0.rsplit_once('.') {
            let known = self.modules().get_name(self, self.intern(package_name));
            if let Some(Value::Module(package)) = known {
                package.dict().insert_name(self, self.intern(own), inner.1.into())?;
                break;
            }
            let package = Module::new(self, package_name)?;
            self.modules().insert_name(self, self.intern(package_name), package.into())?;
            package.dict().insert_name(self, self.intern(own), inner.1.into())?;
            inner = (package_name, package);
        }
        Ok(module)
    }

    /// Adds a hook that finds modules when they are first imported, behind the hooks added before.
    pub fn add_importer(
        self,
        importer: impl for<'a> Fn(Context<'a>, &str) -> Result<'a, Option<Module<'a>>> + 'static,
    ) {
        self.state.importers.borrow_mut().push(Rc::new(importer));
    }

    /// Imports a module by its dotted name and returns it, not the package around it (Python's
    /// `importlib.import_module`): what `sys.modules` holds under the name, or what an importer finds.
    ///
    /// # Errors
    ///
    /// `ImportError` if nobody knows the module (Python 3: `ModuleNotFoundError`); whatever an importer raises.
    pub fn import(self, name: &str) -> Result<'gc> {
        if let Some(module) = self.registered(name)? {
            return Ok(module);
        }
        // Packages first, one after the other: a name from a pickle may have any number of parts.
        let ends = name.match_indices('.').map(|(at, _)| at).chain([name.len()]);
        let mut package = None;
        for end in ends {
            package = Some(self.import_part(package, name.get(..end).unwrap_or(name))?);
        }
        package.ok_or_else(|| no_module(self, name))
    }

    /// Returns what `sys.modules` holds under a name.
    fn registered(self, name: &str) -> Result<'gc, Option<Value<'gc>>> {
        match self.modules().get_name(self, self.intern(name)) {
            Some(Value::None) => Err(no_module(self, name)),
            found => Ok(found),
        }
    }

    /// Imports a module whose package is imported already.
    fn import_part(self, package: Option<Value<'gc>>, name: &str) -> Result<'gc> {
        let own = name.rsplit_once('.').map_or(name, |(_, own)| own);
        // Python 3 looks for a part without a name, and does not find it.
        if name.is_empty() || own.is_empty() && self.dialect() == Dialect::Python2 {
            return Err(Error::new(&exc::VALUE_ERROR, "Empty module name"));
        }
        if let Some(module) = self.registered(name)? {
            return Ok(module);
        }
        // An importer may import in turn.
        let module = self.deeper(|| self.find_module(name))?;
        if let Some(Value::Module(package)) = package {
            package.dict().insert_name(self, self.intern(own), module.into())?;
        }
        Ok(module.into())
    }

    fn find_module(self, name: &str) -> Result<'gc, Module<'gc>> {
        let importers = self.state.importers.borrow().clone();
        for importer in importers {
            if let Some(module) = importer(self, name)? {
                self.modules().insert_name(self, self.intern(name), module.into())?;
                return Ok(module);
            }
        }
        Err(no_module(self, name))
    }

    /// Imports a module and returns one of its globals.
    ///
    /// # Errors
    ///
    /// `ImportError`, or `AttributeError` if the module has no such global.
    pub fn import_from(self, module: &str, name: &str) -> Result<'gc> {
        self.import(module)?.get_attr(self, name)
    }

    /// Returns the name for a string object; `None` if it is no string of the dialect.
    ///
    /// The string itself becomes the interned one if none of its text is interned yet.
    #[must_use]
    pub fn name_of(self, value: Value<'gc>) -> Option<Name<'gc>> {
        match (self.dialect(), value) {
            (Dialect::Python2, Value::Bytes(_)) | (Dialect::Python3, Value::Unicode(_)) => {
                Some(self.state.intern_object(self.mc, value))
            }
            // Python 2 takes ASCII text as an attribute name.
            (Dialect::Python2, Value::Unicode(text)) if text.is_ascii() => {
                Some(self.intern(text.as_str()?))
            }
            (_, Value::Instance(_)) => match value.content() {
                Value::Instance(_) => None,
                content => self.name_of(content),
            },
            _ => None,
        }
    }
}

#[cold]
fn no_module<'gc>(ctx: Context<'gc>, name: &str) -> Error<'gc> {
    match ctx.dialect() {
        // 2.7 names the part that it does not find.
        Dialect::Python2 => {
            let own = name.rsplit_once('.').map_or(name, |(_, own)| own);
            Error::new(&exc::IMPORT_ERROR, format!("No module named {own}"))
        }
        Dialect::Python3 => {
            Error::new(&exc::MODULE_NOT_FOUND_ERROR, format!("No module named '{name}'"))
        }
    }
}
