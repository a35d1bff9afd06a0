//! What Python 3 asks of an object that is no exact built-in container: the pickler's own hook, then its type.

use halfsour_runtime::{Result, Value};

use super::Saver;
use super::reduce::Reducer;

impl<'gc> Saver<'_, 'gc> {
    pub(super) fn save_by_hook_or_type(&mut self, object: Value<'gc>) -> Result<'gc, ()> {
        if let Some(hook) = self.hooks.reducer_override
            && let Some(reduced) = hook(self.ctx, object)?
        {
            return self.save_reduce_value(object, Reducer::Unnamed, reduced);
        }
        match object {
            Value::Class(class) if class.metaclass().is(self.ctx.types().type_) => {
                self.save_class(object)
            }
            Value::Function(_) | Value::ClassicClass(_) => self.save_global(object, None),
            _ => self.save_reduced(object),
        }
    }

    /// Writes a class by name; the classes of the singletons, which have no name, as a call of `type`.
    fn save_class(&mut self, class: Value<'gc>) -> Result<'gc, ()> {
        for singleton in [Value::None, Value::Ellipsis, Value::NotImplemented] {
            if class.is(singleton.type_of(self.ctx).into()) {
                return self.save_as_call(class, self.ctx.types().type_.into(), &[singleton]);
            }
        }
        self.save_global(class, None)
    }
}
