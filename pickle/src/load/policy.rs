//! What the host lets a stream do.

use halfsour_runtime::{Error, Result, Value, exc};

use super::{Machine, hints};
use crate::policy::Callables;

impl<'gc> Machine<'_, 'gc> {
    /// Refuses to call what the host does not let a stream call.
    #[inline]
    pub(super) fn check_callable(
        &self,
        callable: Value<'gc>,
        args: &[Value<'gc>],
    ) -> Result<'gc, ()> {
        match (self.callables, callable) {
            (Callables::Any, _) | (_, Value::Class(_) | Value::ClassicClass(_)) => Ok(()),
            (Callables::Safe, _) => self.check_declared(callable, args),
        }
    }

    fn check_declared(&self, callable: Value<'gc>, args: &[Value<'gc>]) -> Result<'gc, ()> {
        let declared = match halfsour_copyreg::is_constructor(self.ctx, callable) {
            // Without a registry nothing is registered.
            Err(error) if error.is(self.ctx, &exc::IMPORT_ERROR) => false,
            other => other?,
        };
        // What cannot be called at all is for the call to complain of.
        if declared || self.is_nested_class(callable, args) || !callable.is_callable(self.ctx) {
            return Ok(());
        }
        match callable.find_attr(self.ctx, "__safe_for_unpickling__")? {
            Some(safe) if safe.truth(self.ctx)? => Ok(()),
            _ => Err(self.not_safe(callable)),
        }
    }

    /// Whether this is how Python 3 writes a class in a class below protocol 4: `getattr(Outer, 'Inner')`. The dotted
    /// name of protocol 4 reaches the same.
    pub(super) fn is_nested_class(&self, callable: Value<'gc>, args: &[Value<'gc>]) -> bool {
        let &[Value::Class(_), Value::Unicode(_) | Value::Bytes(_)] = args else { return false };
        let getattr = self.ctx.import_from(self.ctx.dialect().builtins_module(), "getattr");
        getattr.is_ok_and(|getattr| getattr.is(callable))
    }

    #[cold]
    fn not_safe(&self, callable: Value<'gc>) -> Error<'gc> {
        let shown = callable.repr(self.ctx).and_then(|repr| repr.to::<String>(self.ctx));
        let shown = shown.unwrap_or_else(|_| callable.type_name(self.ctx));
        let message = format!("{shown} is not safe for unpickling");
        self.unpickling_error(message).with_hint(hints::CALLABLE)
    }
}
