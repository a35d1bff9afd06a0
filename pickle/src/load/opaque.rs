//! Stand-ins in the place of what is not registered, under `Missing::Opaque`.

use std::collections::HashMap;

use halfsour_runtime::{Context, Dict, Error, Result, Tuple, Value, exc};

use super::{Machine, account};
use crate::opaque::{MadeBy, Missing, Opaque, OpaqueGlobal};

/// The stand-ins for globals that a load has made, one for each name.
pub(super) type OpaqueGlobals<'gc> = HashMap<OpaqueName, Value<'gc>>;

/// How a stream names a global that has a stand-in.
#[derive(PartialEq, Eq, Hash)]
pub(super) enum OpaqueName {
    /// By module and name.
    Global(Box<str>, Box<str>),
    /// By an extension code that is not registered.
    Extension(u32),
}

/// What a stream says of how an object is made.
#[derive(Clone, Copy)]
pub(super) struct Call<'a, 'gc> {
    pub(super) made_by: MadeBy,
    pub(super) callable: Value<'gc>,
    pub(super) args: &'a [Value<'gc>],
    /// The arguments as the object that they are in the stream, if they are one.
    pub(super) tuple: Option<Tuple<'gc>>,
    pub(super) keywords: Option<Dict<'gc>>,
    /// Whether nothing is left to be asked about the callable.
    pub(super) is_allowed: bool,
}

impl<'gc> Machine<'_, 'gc> {
    /// Whether stand-ins are wanted.
    #[inline]
    pub(super) fn keeps_missing(&self) -> bool {
        self.missing == Missing::Opaque
    }

    /// Returns the stand-in for a global that was not found, or the error if none is wanted.
    ///
    /// `values` are the very strings by which the stream names it, if it has them as objects.
    pub(super) fn stand_in(
        &mut self,
        module: &str,
        name: &str,
        values: Option<(Value<'gc>, Value<'gc>)>,
        error: Error<'gc>,
    ) -> Result<'gc> {
        let is_missing = [&exc::IMPORT_ERROR, &exc::ATTRIBUTE_ERROR]
            .into_iter()
            .any(|class| error.is(self.ctx, class));
        if !self.keeps_missing() || !is_missing {
            return Err(error);
        }
        let ctx = self.ctx;
        let size = module.len() + name.len();
        self.one_stand_in(OpaqueName::Global(module.into(), name.into()), size, || match values {
            Some((module, name)) => OpaqueGlobal::named(ctx, module, name),
            None => OpaqueGlobal::new(ctx, module, name),
        })
    }

    /// Returns the stand-in for what an extension code means that is not registered.
    pub(super) fn stand_in_for_extension(&mut self, code: u32) -> Result<'gc> {
        let ctx = self.ctx;
        self.one_stand_in(OpaqueName::Extension(code), 0, || OpaqueGlobal::of_extension(ctx, code))
    }

    /// Returns the stand-in of a name, which is made the first time, with so many bytes of names.
    fn one_stand_in(
        &mut self,
        name: OpaqueName,
        size: usize,
        make: impl FnOnce() -> Result<'gc, OpaqueGlobal<'gc>>,
    ) -> Result<'gc> {
        if let Some(&known) = self.opaque_globals.get(&name) {
            return Ok(known);
        }
        self.account.charge(account::OPAQUE + size);
        let global = make()?.into();
        self.opaque_globals.insert(name, global);
        Ok(global)
    }

    /// Makes what a stream says is made by a call, or keeps that if it cannot be made or is not to be.
    pub(super) fn make(
        &self,
        call: &Call<'_, 'gc>,
        make: impl FnOnce() -> Result<'gc>,
    ) -> Result<'gc> {
        if !self.keeps_missing() {
            self.check_call(call)?;
            return self.call_made(call, make);
        }
        let has_opaque = call.args.iter().any(|&arg| is_opaque(arg));
        let is_class = matches!(call.callable, Value::Class(_) | Value::ClassicClass(_));
        // A class may well hold a stand-in; a function would have to do something with it.
        if is_opaque(call.callable) || has_opaque && !is_class || self.check_call(call).is_err() {
            return self.call(&[], || self.keep(call));
        }
        match self.call_made(call, make) {
            Err(_) if has_opaque => self.keep(call),
            // A class is here, and another is missing in it.
            Err(error)
                if error.is(self.ctx, &exc::ATTRIBUTE_ERROR)
                    && self.is_nested_class(call.callable, call.args) =>
            {
                self.keep(call)
            }
            made => made,
        }
    }

    /// Keeps what a stream says as a stand-in.
    fn keep(&self, call: &Call<'_, 'gc>) -> Result<'gc> {
        self.account.charge(account::OPAQUE - account::CALL);
        call.keep(self.ctx)
    }

    fn call_made(&self, call: &Call<'_, 'gc>, make: impl FnOnce() -> Result<'gc>) -> Result<'gc> {
        let made = self.call(call.args, make)?;
        if let (Value::Class(_), Value::Class(_)) = (call.callable, made) {
            self.account.charge(account::CLASS);
        }
        Ok(made)
    }

    fn check_call(&self, call: &Call<'_, 'gc>) -> Result<'gc, ()> {
        if call.is_allowed { Ok(()) } else { self.check_callable(call.callable, call.args) }
    }

    /// Takes what POP takes, unless that is the result of a state setter, which then belongs to the object below.
    pub(super) fn load_pop(&mut self) -> Result<'gc, ()> {
        if self.keeps_missing()
            && let Some(call) = self.stack.topmost(0).and_then(Opaque::of)
            && call.made_by() == MadeBy::Reduce
            && let &[object, state] = call.args().as_slice()
            && self.stack.topmost(1).is_some_and(|below| below.is(object))
            && let Some(object) = Opaque::of(object)
        {
            object.set_state(self.ctx, Some(state));
            object.set_state_setter(self.ctx, call.callable());
        }
        self.stack.pop_any()
    }

    /// Returns the stand-in for an object with a persistent id.
    pub(super) fn opaque_persistent(&self, id: Value<'gc>) -> Result<'gc> {
        let args = Tuple::new(self.ctx, &[id]);
        self.account.charge(account::OPAQUE + account::TUPLE + size_of_val(args.as_slice()));
        Ok(Opaque::made(self.ctx, MadeBy::Persistent, Value::None, args)?.into())
    }
}

impl<'gc> Call<'_, 'gc> {
    /// Returns what stands for the object.
    fn keep(&self, ctx: Context<'gc>) -> Result<'gc> {
        let args = self.tuple.unwrap_or_else(|| Tuple::new(ctx, self.args));
        let opaque = Opaque::made(ctx, self.made_by, self.callable, args)?;
        opaque.set_keywords(ctx, self.keywords);
        Ok(opaque.into())
    }
}

/// Whether an object is a stand-in.
pub(super) fn is_opaque(object: Value<'_>) -> bool {
    match object {
        Value::Instance(_) => Opaque::of(object).is_some() || OpaqueGlobal::of(object).is_some(),
        _ => false,
    }
}
