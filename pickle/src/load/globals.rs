//! Globals: classes and functions, by module and name or by extension code.

use halfsour_runtime::{Context, Dialect, Error, Result, Value, exc};

use super::{InputError, Machine, hints};
use crate::compat_names;
use crate::decode::{Arguments, Malformed};
use crate::flavour::Flavour;
use crate::opaque::OpaqueGlobal;
use crate::source::Input;
use crate::tools::Target;

/// A global as a stream names it.
#[derive(Debug)]
pub(super) struct GlobalName {
    module: Box<[u8]>,
    name: Box<[u8]>,
}

impl<'gc> Machine<'_, 'gc> {
    /// Reads the two lines of a GLOBAL or an INST.
    pub(super) fn read_global<I>(&self, input: &mut I) -> Result<'gc, GlobalName>
    where
        I: Input<Error: InputError<'gc>>,
    {
        let module = self.filled_line(input.text_line())?.into();
        let name = self.filled_line(input.text_line())?.into();
        Ok(GlobalName { module, name })
    }

    /// Returns a global: `Unpickler.find_class`, or the host's hook in its place.
    pub(super) fn find_class(&mut self, global: &GlobalName) -> Result<'gc> {
        self.find_named(global, None)
    }

    /// As [`find_class`](Self::find_class), of a global that the stream names by the strings `values`.
    fn find_named(
        &mut self,
        global: &GlobalName,
        values: Option<(Value<'gc>, Value<'gc>)>,
    ) -> Result<'gc> {
        let GlobalName { module, name } = global;
        if module.ends_with(b"\r") || name.ends_with(b"\r") {
            return Err(self.flaw(Malformed::damaged()));
        }
        match (std::str::from_utf8(module), std::str::from_utf8(name)) {
            (Ok(module), Ok(name)) => {
                let (module, name) = self.renamed((module, name));
                let target = || Target::Global { module: module.into(), name: name.into() };
                self.guard_reference(target)?;
                let found = match self.find_class_by_text(module, name) {
                    Err(error) => self.stand_in(module, name, values, error)?,
                    Ok(found) => found,
                };
                self.guard_name(found, target);
                Ok(found)
            }
            _ if self.flavour == Flavour::Python3 => {
                let bytes = if std::str::from_utf8(module).is_err() { module } else { name };
                Err(self.flaw(Malformed::no_utf8(bytes)))
            }
            // The modules of a runtime are named by texts, so that no other name is ever found.
            (Err(_), _) => Err(Error::new(
                &exc::IMPORT_ERROR,
                format!("No module named {}", module.escape_ascii()),
            )),
            (_, Err(_)) => Err(Error::new(
                &exc::ATTRIBUTE_ERROR,
                format!("'module' object has no attribute '{}'", name.escape_ascii()),
            )),
        }
    }

    fn find_class_by_text(&self, module: &str, name: &str) -> Result<'gc> {
        let ctx = self.ctx;
        if let Some(find_class) = self.hooks.find_class {
            return find_class(ctx, module, name);
        }
        let found = ctx.import(module).and_then(|module| {
            if self.flavour == Flavour::Python3 {
                return attribute_by_path(ctx, self.protocol, module, name);
            }
            if self.protocol < 4 {
                return module.get_attr(ctx, name);
            }
            name.split('.').try_fold(module, |object, part| object.get_attr(ctx, part))
        });
        found.map_err(|error| error.with_hint(hints::GLOBAL))
    }

    /// The name of a global in the runtime's own Python, when another one wrote the stream.
    fn renamed<'n>(&self, global: compat_names::Global<'n>) -> compat_names::Global<'n> {
        let by_python2 = self.protocol < 3;
        match self.ctx.dialect() {
            // A hook gets the names that are in the stream.
            _ if !self.options.fix_imports || self.hooks.find_class.is_some() => global,
            Dialect::Python2 if !by_python2 => compat_names::to_python2(global),
            Dialect::Python3 if by_python2 => compat_names::to_python3(global),
            _ => global,
        }
    }

    pub(super) fn load_stack_global(&mut self) -> Result<'gc, ()> {
        let [module, name] = self.stack.pop_array()?;
        let values = (module, name);
        let (Some(module), Some(name)) = (text(module), text(name)) else {
            return Err(self.unpickling_error("STACK_GLOBAL requires str"));
        };
        let global = self.find_named(&GlobalName { module, name }, Some(values))?;
        self.push(global)
    }

    /// Pushes the global with an extension code of `copy_reg`.
    pub(super) fn load_extension(&mut self, code: i64) -> Result<'gc, ()> {
        let ctx = self.ctx;
        if code <= 0 && self.flavour != Flavour::Pickle {
            return Err(self.unpickling_error("EXT specifies code <= 0"));
        }
        let copy_reg = ctx.import(ctx.dialect().copyreg_module())?;
        let (code, cache) = (Value::Int(code), copy_reg.get_attr(ctx, "_extension_cache")?);
        // It has what any load has found. A policy is asked by name, each time.
        if self.guard.is_none()
            && let Some(known) = entry(self, cache, code)?
        {
            return self.push(known);
        }
        let registry = copy_reg.get_attr(ctx, "_inverted_registry")?;
        let Some(key) = entry(self, registry, code)? else {
            if let Value::Int(code) = code
                && let (true, Ok(number)) = (self.keeps_missing(), u32::try_from(code))
            {
                let target = || Target::Extension(code);
                self.guard_reference(target)?;
                let global = self.stand_in_for_extension(number)?;
                self.guard_name(global, target);
                return self.push(global);
            }
            let message = format!("unregistered extension code {}", shown(code));
            return Err(Error::new(&exc::VALUE_ERROR, message).with_hint(hints::EXTENSION));
        };
        let global = match key.as_tuple().map(|key| key.as_slice()) {
            Some(&[module, name]) => string(module).zip(string(name)),
            _ => None,
        };
        let Some((module, name)) = global else {
            let message = format!("_inverted_registry[{}] isn't a 2-tuple of strings", shown(code));
            return Err(Error::new(&exc::VALUE_ERROR, message));
        };
        let found = self.find_class(&GlobalName { module, name })?;
        // A stand-in is this load's alone.
        if let (Value::Dict(cache), None) = (cache, OpaqueGlobal::of(found)) {
            cache.insert(ctx, code, found)?;
        }
        self.push(found)
    }
}

/// Python 3's attribute of a module; from protocol 4 on, dots in its name lead through what the module has.
pub(crate) fn attribute_by_path<'gc>(
    ctx: Context<'gc>,
    protocol: u8,
    module: Value<'gc>,
    name: &str,
) -> Result<'gc> {
    let found = if protocol >= 4 {
        if name.split('.').any(|part| part == "<locals>") {
            return Err(no_attribute(ctx, "local attribute", module, name)?);
        }
        name.split('.').try_fold(module, |object, part| object.get_attr(ctx, part))
    } else {
        module.get_attr(ctx, name)
    };
    match found {
        Err(error) if error.is(ctx, &exc::ATTRIBUTE_ERROR) => {
            Err(no_attribute(ctx, "attribute", module, name)?)
        }
        found => found,
    }
}

#[cold]
fn no_attribute<'gc>(
    ctx: Context<'gc>,
    what: &str,
    module: Value<'gc>,
    name: &str,
) -> Result<'gc, Error<'gc>> {
    let shown = |value: Value<'gc>| value.repr(ctx)?.to::<String>(ctx);
    let (name, module) = (shown(ctx.str(name))?, shown(module)?);
    let message = format!("Can't get {what} {name} on {module}");
    Ok(Error::new(&exc::ATTRIBUTE_ERROR, message))
}

/// Looks up an extension code in one of `copy_reg`'s dicts.
fn entry<'gc>(
    machine: &Machine<'_, 'gc>,
    table: Value<'gc>,
    code: Value<'gc>,
) -> Result<'gc, Option<Value<'gc>>> {
    match table.as_dict() {
        Some(dict) => dict.get(machine.ctx, code),
        None => Ok(None),
    }
}

fn shown(code: Value<'_>) -> String {
    format!("{code:?}")
}

/// The bytes of an exact text.
fn text(value: Value<'_>) -> Option<Box<[u8]>> {
    match value {
        Value::Unicode(text) => Some(text.as_generalised_utf8().into()),
        _ => None,
    }
}

/// The bytes of a string of either kind.
fn string(value: Value<'_>) -> Option<Box<[u8]>> {
    match value {
        Value::Bytes(string) => Some(string.as_slice().into()),
        other => text(other),
    }
}
