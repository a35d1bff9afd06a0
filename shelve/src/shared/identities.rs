//! [`Identities`]: which shared objects an open shelf has made or met, and by which ids.

use std::collections::HashMap;

use halfsour_runtime::{Context, Error, Result, Stashed, Value, exc};

/// Objects by id, and ids by object. The objects are held weakly: what nobody else has is loaded again when needed.
#[derive(Default)]
pub(super) struct Identities {
    by_id: HashMap<String, Known>,
    /// The ids of objects by their addresses, which a later object may have got.
    by_address: HashMap<usize, String>,
    /// At so many objects it is time to look which are gone.
    full_at: usize,
}

struct Known {
    /// Python's weak reference to the object.
    reference: Stashed<Value<'static>>,
    address: usize,
}

/// As few objects are not worth looking which are gone.
const FEW: usize = 64;

impl Identities {
    pub(super) fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Notes the object of an id.
    ///
    /// # Errors
    /// TypeError if there are no weak references to it.
    pub(super) fn learn<'gc>(
        &mut self,
        ctx: Context<'gc>,
        id: &str,
        object: Value<'gc>,
    ) -> Result<'gc, ()> {
        self.forget_gone(ctx);
        let reference = Value::from(ctx.types().weakref).call(ctx, (object,)).map_err(|error| {
            error.with_hint("a shared object is an instance whose class allows weak references")
        })?;
        let Some(address) = object.addr() else { return Ok(()) };
        let known = Known { reference: ctx.stash(reference), address };
        self.by_id.insert(id.to_owned(), known);
        self.by_address.insert(address, id.to_owned());
        Ok(())
    }

    pub(super) fn forget(&mut self, id: &str) {
        if let Some(known) = self.by_id.remove(id)
            && self.by_address.get(&known.address).is_some_and(|other| other == id)
        {
            self.by_address.remove(&known.address);
        }
    }

    /// Returns the object of an id, if it is alive.
    ///
    /// # Errors
    /// RuntimeError if it belongs to another runtime.
    pub(super) fn object<'gc>(
        &self,
        ctx: Context<'gc>,
        id: &str,
    ) -> Result<'gc, Option<Value<'gc>>> {
        self.by_id.get(id).map_or(Ok(None), |known| known.target(ctx))
    }

    /// Returns the id of an object.
    ///
    /// # Errors
    /// As [`object`](Self::object).
    pub(super) fn id<'gc>(
        &self,
        ctx: Context<'gc>,
        object: Value<'gc>,
    ) -> Result<'gc, Option<String>> {
        let Some(id) = object.addr().and_then(|address| self.by_address.get(&address)) else {
            return Ok(None);
        };
        let target = self.object(ctx, id)?;
        Ok(target.is_some_and(|target| target.is(object)).then(|| id.clone()))
    }

    /// Forgets the objects that are gone, now and then: in proportion to what was learnt since.
    fn forget_gone(&mut self, ctx: Context<'_>) {
        if self.len() < self.full_at.max(FEW) {
            return;
        }
        self.by_id.retain(|_, known| !matches!(known.target(ctx), Ok(None)));
        let by_id = &self.by_id;
        self.by_address
            .retain(|address, id| by_id.get(id).is_some_and(|known| known.address == *address));
        self.full_at = 2 * self.len();
    }
}

impl Known {
    fn target<'gc>(&self, ctx: Context<'gc>) -> Result<'gc, Option<Value<'gc>>> {
        let foreign = "the shelf has met objects of another runtime";
        let reference = ctx
            .try_fetch(&self.reference)
            .ok_or_else(|| Error::new(&exc::RUNTIME_ERROR, foreign))?;
        // It runs no code of others: the weak reference is of the type itself.
        let target = reference.call(ctx, ())?;
        Ok((!target.is_none()).then_some(target))
    }
}
