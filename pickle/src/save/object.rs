//! Objects of every other class: asked to reduce themselves.

use halfsour_runtime::{Class, Dialect, Dict, Error, Instance, Result, Tuple, Value};

use super::frame::{MadeBy, ReduceFrame, Stage};
use super::reduce::Reducer;
use super::{Saver, hints};
use crate::exceptions::cpickle;
use crate::flavour::Flavour;

impl<'gc> Saver<'_, 'gc> {
    /// Writes an object by `copy_reg`'s reducer of its class, or by its own `__reduce_ex__` or `__reduce__`.
    pub(super) fn save_reduced(&mut self, object: Value<'gc>) -> Result<'gc, ()> {
        if self.save_persistent_instance(object)? {
            return Ok(());
        }
        if self.save_stand_in(object)? {
            return Ok(());
        }
        let class = object.type_of(self.ctx);
        let reducer = match self.hooks.dispatch_table {
            Some(table) => table(self.ctx, class)?,
            None => self.registry.reducer_of(class)?,
        };
        if let Some(reducer) = reducer
            && self.counts(reducer)?
        {
            let reduced = reducer.call(self.ctx, (object,))?;
            return self.save_reduce_value(object, Reducer::Callable(reducer), reduced);
        }
        if class.is_subclass_of(self.ctx.types().type_) {
            return self.save_global(object, None);
        }
        if let Value::Instance(instance) = object
            && let Some(frame) = self.plain_reduction(instance, class)?
        {
            return self.save_reduction(frame);
        }
        if self.encoder.flavour() == Flavour::Python3 {
            let reduced = self.reduce_by_method_of_python3(object)?;
            return self.save_reduce_value(object, Reducer::Unnamed, reduced);
        }
        let (reducer, reduced) = self.reduce_by_method(object)?;
        self.save_reduce_value(object, reducer, reduced)
    }

    /// Calls the object's `__reduce_ex__` or `__reduce__`; returns how messages name it, too.
    fn reduce_by_method(&self, object: Value<'gc>) -> Result<'gc, (Reducer<'gc>, Value<'gc>)> {
        let names = self.ctx.names();
        let protocol = [Value::Int(self.encoder.protocol().into())];
        for (name, args) in [(names.reduce_ex, &protocol[..]), (names.reduce, &[])] {
            if let Some(reduced) = object.call_function_of_class(self.ctx, name, args) {
                return Ok((Reducer::Method(object, name), reduced?));
            }
            if let Some(method) = object.find_attr(self.ctx, name)?
                && self.counts(method)?
            {
                return Ok((Reducer::Callable(method), method.call(self.ctx, args)?));
            }
        }
        Err(self.not_reducible(object)?)
    }

    fn reduce_by_method_of_python3(&self, object: Value<'gc>) -> Result<'gc> {
        let (ctx, names) = (self.ctx, self.ctx.names());
        let protocol = Value::Int(self.encoder.protocol().into());
        if let Some(reduced) = object.call_if_found(ctx, names.reduce_ex, (protocol,))? {
            return Ok(reduced);
        }
        match object.call_if_found(ctx, names.reduce, ())? {
            Some(reduced) => Ok(reduced),
            None => Err(self.not_reducible(object)?),
        }
    }

    /// Whether a reducer that was found is used: `pickle.py` passes over false ones.
    fn counts(&self, reducer: Value<'gc>) -> Result<'gc, bool> {
        match (self.encoder.flavour(), reducer) {
            (Flavour::CPickle | Flavour::Python3, _) => Ok(true),
            (Flavour::Pickle, Value::Function(_) | Value::Builtin(_) | Value::Method(_)) => {
                Ok(true)
            }
            (Flavour::Pickle, _) => reducer.truth(self.ctx),
        }
    }

    #[cold]
    fn not_reducible(&self, object: Value<'gc>) -> Result<'gc, Error<'gc>> {
        if self.encoder.flavour() == Flavour::CPickle {
            let error = Error::with_args(&cpickle::UNPICKLEABLE_ERROR, &[object]);
            return Ok(error.with_hint(hints::NOT_REDUCIBLE));
        }
        let shown = object.repr(self.ctx)?;
        let shown = String::from_utf8_lossy(self.text(shown)?);
        let class = object.type_name(self.ctx);
        let can_not = match self.encoder.flavour() {
            Flavour::Python3 => "can't",
            _ => "Can't",
        };
        let message = format!("{can_not} pickle '{class}' object: {shown}");
        Ok(self.pickling_error(message).with_hint(hints::NOT_REDUCIBLE))
    }

    /// What `object.__reduce_ex__(2)` would return for an instance without anything special, which is nearly
    /// every one: `NEWOBJ` of its class without arguments, with its `__dict__`, or what its `__getstate__` returns, as
    /// state.
    ///
    /// The bytes are the same, without the tuples in between.
    fn plain_reduction(
        &mut self,
        instance: Instance<'gc>,
        class: Class<'gc>,
    ) -> Result<'gc, Option<ReduceFrame<'gc>>> {
        let (object, names) = (Value::Instance(instance), self.ctx.names());
        let kind = self.kind_of(class);
        if self.encoder.protocol() < 2
            || kind == ClassKind::Special
            || !matches!(object.content(), Value::Instance(_))
        {
            return Ok(None);
        }
        let own = [names.reduce_ex, names.getnewargs, names.getnewargs_ex, names.getstate];
        let has = |dict: Dict<'gc>| own.iter().any(|&name| dict.get_name(self.ctx, name).is_some());
        if instance.existing_dict().is_some_and(has) {
            return Ok(None);
        }
        let state = if kind == ClassKind::GivesState {
            match object.call_if_found(self.ctx, names.getstate, ())? {
                Some(state) => state,
                None => return Ok(None),
            }
        } else {
            match instance.dict(self.ctx) {
                // 3.13 leaves out the state of an instance without attributes.
                Some(state) if self.ctx.dialect() == Dialect::Python3 && state.is_empty() => {
                    Value::None
                }
                Some(state) => state.into(),
                None => return Ok(None),
            }
        };
        Ok(Some(ReduceFrame {
            object,
            callable: class.into(),
            args: Tuple::new(self.ctx, &[]).into(),
            made_by: MadeBy::NewObj,
            list_items: Value::None,
            dict_items: Value::None,
            state,
            setter: Value::None,
            keywords: Value::None,
            stage: Stage::Callable,
        }))
    }

    /// What a class leaves to `object` of everything that reducing an instance asks for.
    fn kind_of(&mut self, class: Class<'gc>) -> ClassKind {
        let version = self.ctx.class_version();
        match self.known_class {
            Some((known, at, kind)) if known.is(class) && at == version => kind,
            _ => self.known_class.insert((class, version, self.examine(class))).2,
        }
    }

    fn examine(&self, class: Class<'gc>) -> ClassKind {
        let (ctx, names) = (self.ctx, self.ctx.names());
        let inherits = |name| class.leaves_to_object(ctx, name);
        let lacks = |name| class.lookup(ctx, name).is_none();
        let is_usual = class.is_heap_type()
            && !class.holds_content()
            && [names.reduce_ex, names.reduce, names.class, names.getattribute]
                .into_iter()
                .all(inherits)
            && [names.getnewargs, names.getnewargs_ex, names.getattr].into_iter().all(lacks);
        // Python 3 has `object.__getstate__`.
        if is_usual && inherits(names.getstate) && class.has_dict() && lacks(names.slots) {
            return ClassKind::Usual;
        }
        let gives_state = matches!(class.lookup(ctx, names.getstate), Some(Value::Function(_)));
        if is_usual && gives_state { ClassKind::GivesState } else { ClassKind::Special }
    }
}

/// What a class leaves to `object` of everything that reducing an instance asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ClassKind {
    /// All of it, and instances have a `__dict__` and no slots.
    Usual,
    /// All but the state.
    GivesState,
    Special,
}
