//! What every load through the modules shares: the host's configuration, and the flavour of the module.

use std::rc::Rc;

use halfsour_runtime::{Context, Result};

use crate::flavour::Flavour;
use crate::load::{FindClass, Hooks, LoadGlobal, Memo, PersistentLoad};
use crate::source::{PythonReader, Reader, Slice};
use crate::unpickler::Unpickler;

/// How a module loads.
#[derive(Clone)]
pub(super) struct Loading {
    pub(super) unpickler: Rc<Unpickler<'static>>,
    pub(super) flavour: Flavour,
}

/// The hooks that the object of an Unpickler has, in the place of the host's.
#[derive(Clone, Copy, Default)]
pub(super) struct UnpicklerHooks<'h, 'gc> {
    pub(super) find_class: Option<&'h FindClass<'h, 'gc>>,
    pub(super) persistent_load: Option<&'h PersistentLoad<'h, 'gc>>,
    pub(super) load_global: Option<&'h LoadGlobal<'h, 'gc>>,
}

/// Whether objects are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Load,
    NoLoad,
}

impl Loading {
    /// Reads a pickle from memory.
    pub(super) fn loads<'gc>(&self, ctx: Context<'gc>, bytes: &[u8]) -> Result<'gc> {
        self.unpickler
            .machine_with(ctx, self.flavour, self.unpickler.hooks(), Memo::default())
            .load(&mut Slice::new(bytes))
    }

    /// Reads a pickle from a file.
    pub(super) fn load_file<'gc>(
        &self,
        ctx: Context<'gc>,
        mut file: PythonReader<'gc>,
    ) -> Result<'gc> {
        self.unpickler
            .machine_with(ctx, self.flavour, self.unpickler.hooks(), Memo::default())
            .load(&mut Reader::new(ctx, &mut file))
    }

    /// Reads a pickle with the hooks of an object; returns the memo too, which stays usable when that fails.
    pub(super) fn load<'gc>(
        &self,
        ctx: Context<'gc>,
        mode: Mode,
        mut file: PythonReader<'gc>,
        hooks: UnpicklerHooks<'_, 'gc>,
        memo: Memo<'gc>,
    ) -> (Result<'gc>, Memo<'gc>) {
        let of_host = self.unpickler.hooks();
        let hooks = Hooks {
            find_class: hooks.find_class.or(of_host.find_class),
            persistent_load: hooks.persistent_load.or(of_host.persistent_load),
            load_global: hooks.load_global,
            buffers: of_host.buffers,
        };
        let mut machine = self.unpickler.machine_with(ctx, self.flavour, hooks, memo);
        let input = &mut Reader::new(ctx, &mut file);
        let loaded = match mode {
            Mode::Load => machine.load(input),
            Mode::NoLoad => machine.noload(input),
        };
        (loaded, machine.into_memo())
    }

    /// Finds a global as the host would have it: by its hook, or by import.
    pub(super) fn find_class<'gc>(
        &self,
        ctx: Context<'gc>,
        module: &str,
        name: &str,
    ) -> Result<'gc> {
        match self.unpickler.hooks().find_class {
            Some(find_class) => find_class(ctx, module, name),
            None => ctx.import(module)?.get_attr(ctx, name),
        }
    }
}
