//! What every load through the modules shares: the host's configuration, and the flavour of the module.

use std::cell::Cell;
use std::rc::Rc;

use halfsour_runtime::{Context, Result};

use crate::compat_names;
use crate::flavour::Flavour;
use crate::load::{
    Buffers, FindClass, Hooks, LoadGlobal, Machine, Memo, Options, PersistentLoad,
    attribute_by_path,
};
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
    /// Those of Python 3.
    pub(super) buffers: Option<&'h Buffers<'h, 'gc>>,
    pub(super) announced: Option<&'h Cell<u8>>,
    pub(super) options: Option<Options<'h>>,
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
        self.loads_with(ctx, bytes, UnpicklerHooks::default())
    }

    /// Reads a pickle from memory with hooks.
    pub(super) fn loads_with<'gc>(
        &self,
        ctx: Context<'gc>,
        bytes: &[u8],
        hooks: UnpicklerHooks<'_, 'gc>,
    ) -> Result<'gc> {
        self.machine(ctx, hooks, Memo::default()).load(&mut Slice::new(bytes))
    }

    /// Reads a pickle from a file.
    pub(super) fn load_file<'gc>(&self, ctx: Context<'gc>, file: PythonReader<'gc>) -> Result<'gc> {
        self.load(ctx, Mode::Load, file, UnpicklerHooks::default(), Memo::default()).0
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
        let mut machine = self.machine(ctx, hooks, memo);
        let input = &mut Reader::new(ctx, &mut file);
        let loaded = match mode {
            Mode::Load => machine.load(input),
            Mode::NoLoad => machine.noload(input),
        };
        (loaded, machine.into_memo())
    }

    fn machine<'h, 'gc>(
        &'h self,
        ctx: Context<'gc>,
        hooks: UnpicklerHooks<'h, 'gc>,
        memo: Memo<'gc>,
    ) -> Machine<'h, 'gc> {
        let (of_host, options) = (self.unpickler.hooks(), hooks.options);
        let hooks = Hooks {
            find_class: hooks.find_class.or(of_host.find_class),
            persistent_load: hooks.persistent_load.or(of_host.persistent_load),
            load_global: hooks.load_global,
            buffers: hooks.buffers.or(of_host.buffers),
            announced: hooks.announced,
        };
        let machine = self.unpickler.machine_with(ctx, self.flavour, hooks, memo);
        match options {
            Some(options) => machine.options(options),
            None => machine,
        }
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

    /// Finds a global as Python 3 does in a stream of a protocol, or as the host would have it.
    pub(super) fn find_class_of<'gc>(
        &self,
        ctx: Context<'gc>,
        protocol: u8,
        fix_imports: bool,
        module: &str,
        name: &str,
    ) -> Result<'gc> {
        let (module, name) = match (module, name) {
            global if fix_imports && protocol < 3 => compat_names::to_python3(global),
            global => global,
        };
        match self.unpickler.hooks().find_class {
            Some(find_class) => find_class(ctx, module, name),
            None => attribute_by_path(ctx, protocol, ctx.import(module)?, name),
        }
    }
}
