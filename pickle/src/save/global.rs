//! Globals: classes and functions, written as the name of a module and a name in it.

use halfsour_runtime::{Error, Result, Value, exc};

use super::{Saver, hints};
use crate::flavour::Flavour;
use crate::opcode::Opcode;

impl<'gc> Saver<'_, 'gc> {
    /// Writes a function by name. `cPickle` tries to reduce one that has no name to be found by.
    pub(super) fn save_function(&mut self, function: Value<'gc>) -> Result<'gc, ()> {
        match self.save_global(function, None) {
            Err(error)
                if self.encoder.flavour() == Flavour::CPickle
                    && error.is(self.ctx, self.encoder.flavour().pickle_error()) =>
            {
                self.save_reduced(function)
            }
            saved => saved,
        }
    }

    /// Writes an object as a global, under its own name or the one that its `__reduce__` gave.
    pub(super) fn save_global(
        &mut self,
        object: Value<'gc>,
        name: Option<Value<'gc>>,
    ) -> Result<'gc, ()> {
        if self.encoder.flavour() == Flavour::Python3 {
            return self.save_qualified(object, name);
        }
        let name = match name {
            Some(name) => name,
            None => self.own_name(object)?,
        };
        let module = self.module_of(object, name)?;
        let global = Global { module, name };
        self.check_found(object, global)?;
        self.save_name(object, module, name)
    }

    /// Writes the name of what a stand-in stands for, which is not to be found here.
    pub(super) fn save_name(
        &mut self,
        object: Value<'gc>,
        module: Value<'gc>,
        name: Value<'gc>,
    ) -> Result<'gc, ()> {
        let global = Global { module, name };
        if self.encoder.flavour() == Flavour::Python3 {
            return self.save_qualified_name(object, global);
        }
        if self.encoder.protocol() >= 2
            && let Some(code) = self.extension_code(object, global)?
        {
            self.encoder.extension(code);
            return Ok(());
        }
        let (module, name) = (self.text(module)?, self.text(name)?);
        self.encoder.two_lines(Opcode::GLOBAL, module, name);
        self.memoize(object);
        Ok(())
    }

    /// `__name__`; Python 3 prefers `__qualname__`, which leads to what is nested in classes.
    pub(super) fn own_name(&self, object: Value<'gc>) -> Result<'gc, Value<'gc>> {
        let names = self.ctx.names();
        if self.encoder.flavour() == Flavour::Python3
            && let Some(name) = object.find_attr(self.ctx, names.qualname)?
        {
            return Ok(name);
        }
        object.get_attr(self.ctx, names.name)
    }

    /// The name of the module where an object is to be found: its `__module__`, or any that has it.
    pub(super) fn module_of(
        &self,
        object: Value<'gc>,
        name: Value<'gc>,
    ) -> Result<'gc, Value<'gc>> {
        match object.find_attr(self.ctx, self.ctx.names().module)? {
            Some(Value::None) if self.encoder.flavour() == Flavour::CPickle => {
                let message = "expected string or Unicode object, NoneType found";
                Err(Error::new(&exc::TYPE_ERROR, message))
            }
            None | Some(Value::None) => self.search_module(object, name),
            Some(module) => Ok(module),
        }
    }

    /// Looks for an object in every module but `__main__`, and says `__main__` when it is nowhere.
    // DIFFERENCE: `pickle.py` remembers what it found, in `pickle.classmap`, for the life of the process.
    fn search_module(&self, object: Value<'gc>, name: Value<'gc>) -> Result<'gc, Value<'gc>> {
        if self.encoder.flavour() == Flavour::Pickle {
            // That memory is a dict, so what cannot be hashed cannot be searched for.
            object.hash(self.ctx)?;
        }
        let main = self.ctx.str("__main__");
        let Some(attribute) = self.ctx.name_of(name) else { return Ok(main) };
        for (module_name, module) in self.ctx.modules().entries() {
            if module.is_none() || self.text(module_name).is_ok_and(|text| text == b"__main__") {
                continue;
            }
            if module.find_attr(self.ctx, attribute)?.is_some_and(|found| found.is(object)) {
                return Ok(module_name);
            }
        }
        Ok(main)
    }

    /// Checks that a loader that asks for the global will get this object.
    fn check_found(&self, object: Value<'gc>, global: Global<'gc>) -> Result<'gc, ()> {
        let module = String::from_utf8_lossy(self.text(global.module)?);
        let found = match self.ctx.import(&module) {
            Ok(module) => self.attribute_of(module, global.name),
            Err(error) => return Err(self.import_failed(object, global, error)?),
        };
        match found {
            Ok(found) if found.is(object) => Ok(()),
            Ok(_) => {
                let problem = format!("it's not the same object as {}", self.dotted(global)?);
                Err(self.cannot_pickle(object, &problem)?.with_hint(hints::REPLACED))
            }
            Err(error) => Err(self.lookup_failed(object, global, error)?),
        }
    }

    pub(super) fn attribute_of(
        &self,
        module: Value<'gc>,
        name: Value<'gc>,
    ) -> Result<'gc, Value<'gc>> {
        match self.ctx.name_of(name) {
            Some(name) => module.get_attr(self.ctx, name),
            None => {
                let message = "getattr(): attribute name must be string";
                Err(Error::new(&exc::TYPE_ERROR, message))
            }
        }
    }

    /// What to raise when the module cannot be imported.
    #[cold]
    fn import_failed(
        &self,
        object: Value<'gc>,
        global: Global<'gc>,
        error: Error<'gc>,
    ) -> Result<'gc, Error<'gc>> {
        if self.encoder.flavour() != Flavour::CPickle {
            return self.lookup_failed(object, global, error);
        }
        let module = String::from_utf8_lossy(self.text(global.module)?);
        let problem = format!("import of module {module} failed");
        Ok(self.cannot_pickle(object, &problem)?.with_hint(hints::not_found(object)))
    }

    /// What to raise when the module does not have the name, or in `pickle.py` when there is no such module.
    #[cold]
    fn lookup_failed(
        &self,
        object: Value<'gc>,
        global: Global<'gc>,
        error: Error<'gc>,
    ) -> Result<'gc, Error<'gc>> {
        let dotted = self.dotted(global)?;
        if self.encoder.flavour() == Flavour::CPickle {
            let problem = format!("attribute lookup {dotted} failed");
            return Ok(self.cannot_pickle(object, &problem)?.with_hint(hints::not_found(object)));
        }
        let missing = [&exc::IMPORT_ERROR, &exc::KEY_ERROR, &exc::ATTRIBUTE_ERROR];
        if missing.into_iter().any(|class| error.is(self.ctx, class)) {
            let problem = format!("it's not found as {dotted}");
            return Ok(self.cannot_pickle(object, &problem)?.with_hint(hints::not_found(object)));
        }
        Ok(error)
    }

    /// `Can't pickle <object>: problem`. `pickle.py` shows the object's repr, `cPickle` its str.
    #[cold]
    pub(super) fn cannot_pickle(
        &self,
        object: Value<'gc>,
        problem: &str,
    ) -> Result<'gc, Error<'gc>> {
        let shown = match self.encoder.flavour() {
            Flavour::CPickle => object.str(self.ctx)?,
            Flavour::Pickle | Flavour::Python3 => object.repr(self.ctx)?,
        };
        let shown = String::from_utf8_lossy(self.text(shown)?);
        Ok(self.pickling_error(format!("Can't pickle {shown}: {problem}")))
    }

    /// The code of a global in the extension registry.
    // DIFFERENCE: `pickle.py` fails with AssertionError or struct.error on what `add_extension` would not
    // have registered; the error here is cPickle's.
    fn extension_code(
        &mut self,
        object: Value<'gc>,
        global: Global<'gc>,
    ) -> Result<'gc, Option<u32>> {
        let Some(code) = self.registry.extension_code(global.module, global.name)? else {
            return Ok(None);
        };
        let problem = match code {
            Value::Int(code) => match u32::try_from(code) {
                Ok(1..=0x7fff_ffff) => return Ok(u32::try_from(code).ok()),
                Ok(0) if self.encoder.flavour() == Flavour::Pickle => return Ok(None),
                _ => format!("extension code {code} is out of range"),
            },
            other => {
                let code = other.str(self.ctx)?;
                let code = String::from_utf8_lossy(self.text(code)?);
                format!("extension code {code} isn't an integer")
            }
        };
        Err(self.cannot_pickle(object, &problem)?)
    }

    fn dotted(&self, global: Global<'gc>) -> Result<'gc, String> {
        let (module, name) = (self.text(global.module)?, self.text(global.name)?);
        Ok(format!("{}.{}", String::from_utf8_lossy(module), String::from_utf8_lossy(name)))
    }

    /// The bytes of a name.
    pub(super) fn text(&self, name: Value<'gc>) -> Result<'gc, &'gc [u8]> {
        match name.content() {
            Value::Bytes(text) => Ok(text.as_slice()),
            Value::Unicode(text) => Ok(text.as_generalised_utf8()),
            other => {
                let found = other.type_name(self.ctx);
                let message = format!("expected string or Unicode object, {found} found");
                Err(Error::new(&exc::TYPE_ERROR, message))
            }
        }
    }
}

/// Where an object is to be found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Global<'gc> {
    pub(super) module: Value<'gc>,
    pub(super) name: Value<'gc>,
}
