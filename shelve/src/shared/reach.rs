//! Loading the shared objects that a pickle refers to, before itself.
//!
//! What an object refers to is loaded first, whatever the depth, with a stack of its own in place of Rust's; so objects are
//! complete when others are made of them, as they are inside of one pickle. Only in a cycle is an object made before it is
//! filled.

use std::collections::{HashMap, VecDeque};

use halfsour_pickle::{UNPICKLING_ERROR, Unpickler, UnpicklerSession};
use halfsour_runtime::{Context, Error, Result};

use super::{Shared, entry, ids_in, parts};
use crate::error::StoreResult;

/// An object on the way: others that it refers to are loaded first.
struct Step<'gc> {
    id: String,
    pickle: Vec<u8>,
    needs: VecDeque<String>,
    /// What is left to be done if it was made already, since it is in a cycle.
    rest: Option<(UnpicklerSession<'gc>, Vec<u8>)>,
}

/// The way from a pickle to the object that is loaded next.
#[derive(Default)]
struct Way<'gc> {
    steps: Vec<Step<'gc>>,
    places: HashMap<String, usize>,
    /// What was made on it.
    learnt: Vec<String>,
}

impl<'gc> Way<'gc> {
    fn step(&mut self, id: &str) -> Option<&mut Step<'gc>> {
        self.places.get(id).and_then(|&place| self.steps.get_mut(place))
    }

    fn push(&mut self, step: Step<'gc>) {
        self.places.insert(step.id.clone(), self.steps.len());
        self.steps.push(step);
    }

    fn pop(&mut self) {
        if let Some(step) = self.steps.pop() {
            self.places.remove(&step.id);
            self.learnt.push(step.id);
        }
    }
}

impl Shared {
    /// Loads what a pickle refers to, as far as nobody has it yet; `read` returns the values of entries.
    ///
    /// # Errors
    /// What loading raises, with the key of the entry that is at fault, if it is one; UnpicklingError for an object that is
    /// not there.
    pub(crate) fn load_reached<'gc>(
        &self,
        ctx: Context<'gc>,
        unpickler: &Unpickler<'_>,
        pickle: &[u8],
        read: impl Fn(&[u8]) -> StoreResult<Option<Vec<u8>>>,
    ) -> std::result::Result<(), (Option<Vec<u8>>, Error<'gc>)> {
        for id in ids_in(ctx, unpickler, pickle).map_err(|error| (None, error))? {
            let mut way = Way::default();
            if let Err(error) = self.load_one(ctx, unpickler, id, &mut way, &read) {
                // What refers to half of an object is nobody's.
                way.learnt.iter().for_each(|id| self.forget(id));
                return Err((way.steps.last().map(|step| entry(&step.id)), error));
            }
        }
        Ok(())
    }

    fn load_one<'gc>(
        &self,
        ctx: Context<'gc>,
        unpickler: &Unpickler<'_>,
        id: String,
        way: &mut Way<'gc>,
        read: impl Fn(&[u8]) -> StoreResult<Option<Vec<u8>>>,
    ) -> Result<'gc, ()> {
        let mut next = Some(id);
        loop {
            if let Some(id) = next.take()
                && self.object(ctx, &id)?.is_none()
            {
                match way.step(&id) {
                    Some(step) => {
                        self.make(ctx, unpickler, step)?;
                        way.learnt.push(id);
                    }
                    None => {
                        let pickle =
                            read(&entry(&id)).map_err(|error| error.into_exception(ctx))?;
                        let pickle = pickle.ok_or_else(|| missing(&id))?;
                        way.push(Step { id, pickle, needs: VecDeque::new(), rest: None });
                        if let Some(step) = way.steps.last_mut() {
                            step.needs = ids_in(ctx, unpickler, &step.pickle)?.into();
                        }
                    }
                }
            }
            let Some(step) = way.steps.last_mut() else { return Ok(()) };
            next = step.needs.pop_front();
            if next.is_none() {
                self.fill(ctx, unpickler, step)?;
                way.pop();
            }
        }
    }

    /// Makes an object of a cycle, without its state.
    fn make<'gc>(
        &self,
        ctx: Context<'gc>,
        unpickler: &Unpickler<'_>,
        step: &mut Step<'gc>,
    ) -> Result<'gc, ()> {
        let Some((make, fill)) = parts::split(&step.pickle, &step.id) else {
            return Err(Error::new(
                &UNPICKLING_ERROR,
                "the pickle of a shared object is malformed",
            ));
        };
        let session = unpickler.session(ctx);
        let object = session.loads(ctx, unpickler, &make)?;
        self.learn(ctx, &step.id, object)?;
        step.rest = Some((session, fill));
        Ok(())
    }

    /// Loads an object, or what is left of it.
    fn fill<'gc>(
        &self,
        ctx: Context<'gc>,
        unpickler: &Unpickler<'_>,
        step: &Step<'gc>,
    ) -> Result<'gc, ()> {
        match &step.rest {
            Some((session, rest)) => session.loads(ctx, unpickler, rest).map(drop),
            None => {
                let object = unpickler.loads(ctx, &step.pickle)?;
                self.learn(ctx, &step.id, object)
            }
        }
    }
}

#[cold]
fn missing<'gc>(id: &str) -> Error<'gc> {
    Error::new(&UNPICKLING_ERROR, format!("the shared object {id} is not in the shelf"))
}
