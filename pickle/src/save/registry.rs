//! What the module `copy_reg` (`copyreg` in Python 3) knows: reducers of classes, and extension codes.
//!
//! Both are dicts of that module, which programs may change at any time, so they are asked each time.

use halfsour_runtime::{Class, Context, Dict, Result, Tuple, Value, exc};

/// The dicts of `copy_reg`, once they were needed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Registry<'gc> {
    ctx: Context<'gc>,
    dispatch_table: Option<Option<Dict<'gc>>>,
    extension_registry: Option<Option<Dict<'gc>>>,
    /// The class asked for last that had no reducer, at which version of the keys: most objects are of one of a few classes,
    /// mostly one after the other.
    unregistered: Option<(Class<'gc>, u64)>,
}

impl<'gc> Registry<'gc> {
    pub(super) const fn new(ctx: Context<'gc>) -> Self {
        Self { ctx, dispatch_table: None, extension_registry: None, unregistered: None }
    }

    /// The reducer that `copy_reg.pickle` registered for exactly this class.
    pub(super) fn reducer_of(&mut self, class: Class<'gc>) -> Result<'gc, Option<Value<'gc>>> {
        let table = match self.dispatch_table {
            Some(table) => table,
            None => *self.dispatch_table.insert(self.dict("dispatch_table")?),
        };
        let Some(table) = table else { return Ok(None) };
        let version = table.version();
        if self.unregistered.is_some_and(|(known, at)| known.is(class) && at == version) {
            return Ok(None);
        }
        let reducer = table.get(self.ctx, class.into())?;
        if reducer.is_none() {
            // Looking a class up may run code, of a metaclass; then the version from before is out of date.
            self.unregistered = Some((class, version));
        }
        Ok(reducer)
    }

    /// What `copy_reg.add_extension` registered for a global: an int, unless somebody wrote to the dict.
    pub(super) fn extension_code(
        &mut self,
        module: Value<'gc>,
        name: Value<'gc>,
    ) -> Result<'gc, Option<Value<'gc>>> {
        let registry = match self.extension_registry {
            Some(registry) => registry,
            None => *self.extension_registry.insert(self.dict("_extension_registry")?),
        };
        match registry {
            Some(registry) if !registry.is_empty() => {
                registry.get(self.ctx, Tuple::new(self.ctx, &[module, name]).into())
            }
            _ => Ok(None),
        }
    }

    /// A dict of the module; `None` in a runtime that has no such module.
    fn dict(&self, name: &str) -> Result<'gc, Option<Dict<'gc>>> {
        match self.ctx.import_from(self.ctx.dialect().copyreg_module(), name) {
            Ok(found) => Ok(found.as_dict()),
            Err(error) if error.is(self.ctx, &exc::IMPORT_ERROR) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
