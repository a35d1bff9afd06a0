//! Persistent ids: objects that live outside the pickle, written by a name that a hook gives them.

use halfsour_runtime::{Error, Result, Value, exc};

use super::frame::Frame;
use super::hooks::Hook;
use super::{Next, Saver, hints};
use crate::flavour::Flavour;

impl<'gc> Saver<'_, 'gc> {
    /// Writes an object's persistent id, if the hook gives it one; returns whether it did.
    pub(super) fn save_persistent(&mut self, object: Value<'gc>) -> Result<'gc, bool> {
        self.save_named_by(self.hooks.persistent_id, object)
    }

    /// As [`save_persistent`](Self::save_persistent), with cPickle's hook for instances.
    pub(super) fn save_persistent_instance(&mut self, object: Value<'gc>) -> Result<'gc, bool> {
        self.save_named_by(self.hooks.instance_persistent_id, object)
    }

    fn save_named_by(
        &mut self,
        hook: Option<Hook<'_, 'gc>>,
        object: Value<'gc>,
    ) -> Result<'gc, bool> {
        let Some(hook) = hook else { return Ok(false) };
        let Some(id) = hook(self.ctx, object)?.filter(|id| !id.is_none()) else { return Ok(false) };
        if !self.encoder.is_binary() {
            let line = self.id_line(id)?;
            self.encoder.persistent_line(line);
            return Ok(true);
        }
        self.push(Frame::PersistentId)?;
        // `pickle.py` asks the hook about the id as well; the C picklers do not.
        self.next = Some(match self.encoder.flavour() {
            Flavour::Pickle => Next::Any(id),
            Flavour::CPickle | Flavour::Python3 => Next::Unnamed(id),
        });
        Ok(true)
    }

    /// In text an id is a line, whatever it was: a loader gets it back as a string.
    pub(super) fn id_line(&self, id: Value<'gc>) -> Result<'gc, &'gc [u8]> {
        let text = match (self.encoder.flavour(), id) {
            (Flavour::CPickle, Value::Bytes(_)) => id,
            (Flavour::CPickle, _) => {
                let error = self.pickling_error("persistent id must be string");
                return Err(error.with_hint(hints::ID_LINE));
            }
            (Flavour::Pickle | Flavour::Python3, _) => id.str(self.ctx)?,
        };
        match text.content() {
            Value::Bytes(text) => Ok(text.as_slice()),
            Value::Unicode(text) if text.is_ascii() => Ok(text.as_generalised_utf8()),
            Value::Unicode(_) => {
                Err(self.pickling_error("persistent IDs in protocol 0 must be ASCII strings"))
            }
            _ => Err(Error::new(&exc::TYPE_ERROR, "__str__ returned non-string")),
        }
    }
}
