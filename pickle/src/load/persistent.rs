//! Persistent ids: objects that live outside of the pickle.

use halfsour_runtime::{Bytes, Dialect, Error, Result, Unicode, Value, exc};

use super::{InputError, Machine, hints};
use crate::decode::Fault;
use crate::flavour::Flavour;
use crate::tools::Target;

impl<'gc> Machine<'_, 'gc> {
    pub(super) fn load_persistent_line<E: InputError<'gc>>(
        &mut self,
        id: std::result::Result<&[u8], Fault<E>>,
    ) -> Result<'gc, ()> {
        let id =
            if self.flavour == Flavour::CPickle { self.filled_line(id)? } else { self.read(id)? };
        let id = if self.ctx.dialect() == Dialect::Python2 {
            Bytes::new(self.ctx, id).into()
        } else {
            match std::str::from_utf8(id) {
                Ok(text) if id.is_ascii() => Unicode::new(self.ctx, text).into(),
                _ => return Err(self.no_ascii_id()),
            }
        };
        self.push_persistent(id)
    }

    pub(super) fn load_persistent(&mut self) -> Result<'gc, ()> {
        let id = self.stack.pop().map_err(|error| self.bad_pickle(error))?;
        self.push_persistent(id)
    }

    fn push_persistent(&mut self, id: Value<'gc>) -> Result<'gc, ()> {
        let Some(persistent_load) = self.hooks.persistent_load else {
            if !self.keeps_missing() {
                let hint = hints::without_persistent_load(id);
                return Err(self.no_persistent_load().with_hint(hint));
            }
            let object = self.opaque_persistent(id)?;
            return self.push(object);
        };
        self.guard_reference(|| Target::Persistent)?;
        let object = self.call(&[], || persistent_load(self.ctx, id))?;
        self.push(object)
    }

    #[cold]
    fn no_ascii_id(&self) -> Error<'gc> {
        self.unpickling_error("persistent IDs in protocol 0 must be ASCII strings")
    }

    #[cold]
    fn no_persistent_load(&self) -> Error<'gc> {
        match self.flavour {
            Flavour::Pickle => Error::new(
                &exc::ATTRIBUTE_ERROR,
                "Unpickler instance has no attribute 'persistent_load'",
            ),
            Flavour::CPickle => self.unpickling_error(
                "A load persistent id instruction was encountered,\n\
                 but no persistent_load function was specified.",
            ),
            Flavour::Python3 => self.unpickling_error(
                "A load persistent id instruction was encountered, \
                 but no persistent_load function was specified.",
            ),
        }
    }
}
