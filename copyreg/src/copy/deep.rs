//! [`Copier`]: `copy.deepcopy`, on a stack of its own.
//!
//! Python's `deepcopy` calls itself for every part of an object. Here the objects whose parts are being copied wait
//! on a stack of frames, so that nesting costs memory and no stack of Rust; hooks that call `deepcopy` themselves
//! start another copier with the same memo.

use halfsour_runtime::{Context, Dialect, Error, Method, Result, Value, exc};

use super::atoms::{is_atom, is_unchanging};
use super::frame::Frame;
use super::hooks::{Kind, find_hook, reduce};
use super::memo::Memo;
use super::plan::{Plan, Plans};
use super::rebuild::Parts;

/// Returns a deep copy of an object.
pub(super) fn deepcopy<'gc>(ctx: Context<'gc>, object: Value<'gc>, memo: Memo<'gc>) -> Result<'gc> {
    let mut copier =
        Copier { ctx, memo, frames: Vec::new(), values: Vec::new(), plans: Plans::default() };
    copier.run(object)
}

/// A deep copy under way.
#[derive(Debug)]
pub(super) struct Copier<'gc> {
    pub(super) ctx: Context<'gc>,
    pub(super) memo: Memo<'gc>,
    frames: Vec<Frame<'gc>>,
    /// The copies of the items of the tuples that are being copied.
    pub(super) values: Vec<Value<'gc>>,
    pub(super) plans: Plans<'gc>,
}

/// What to do next.
#[derive(Clone, Copy, Debug)]
pub(super) enum Next<'gc> {
    /// Copy this part for the frame on top.
    Visit(Value<'gc>),
    /// Give this copy to the frame on top.
    Done(Value<'gc>),
}

impl<'gc> Copier<'gc> {
    fn run(&mut self, object: Value<'gc>) -> Result<'gc> {
        let mut next = Next::Visit(object);
        loop {
            next = match next {
                Next::Visit(part) => self.visit(part)?,
                Next::Done(copy) => match self.frames.pop() {
                    Some(frame) => self.resume(frame, copy)?,
                    None => return Ok(copy),
                },
            };
        }
    }

    /// Copies an object, or begins to.
    fn visit(&mut self, object: Value<'gc>) -> Result<'gc, Next<'gc>> {
        if self.is_plain_atom(object) {
            return Ok(Next::Done(object));
        }
        if let Some(copy) = self.memo.get(self.ctx, object)? {
            return Ok(Next::Done(copy));
        }
        match object {
            Value::List(list) => self.visit_list(list),
            Value::Dict(dict) => self.visit_dict(dict),
            Value::Tuple(tuple) => self.visit_tuple(tuple),
            Value::Method(method) => {
                self.push(Frame::Method(method))?;
                Ok(Next::Visit(method.receiver().unwrap_or(Value::None)))
            }
            _ if is_atom(self.ctx, object) => self.done(object, object),
            Value::Set(_) | Value::FrozenSet(_) if self.memo.is_private() => {
                match self.copy_of_set(object)? {
                    Some(copy) => self.done(object, copy),
                    None => self.visit_any(object),
                }
            }
            Value::Instance(_) | Value::ClassicInstance(_) => self.visit_instance(object),
            _ => self.visit_any(object),
        }
    }

    fn visit_instance(&mut self, object: Value<'gc>) -> Result<'gc, Next<'gc>> {
        match (self.plan_for(object)?, object) {
            (Plan::Attributes, _) => self.visit_attributes(object),
            (Plan::Slots, Value::Instance(instance)) => self.visit_slots(instance),
            (Plan::State, Value::Instance(instance)) => self.visit_state(instance),
            (Plan::Content, Value::Instance(instance)) => {
                let Some(copy) = instance.copy_content(self.ctx) else {
                    return self.visit_any(object);
                };
                self.memo.insert(self.ctx, object, copy.into())?;
                self.done(object, copy.into())
            }
            (_, Value::ClassicInstance(instance)) => self.visit_classic(instance),
            _ => self.visit_any(object),
        }
    }

    fn resume(&mut self, frame: Frame<'gc>, copy: Value<'gc>) -> Result<'gc, Next<'gc>> {
        match frame {
            Frame::List(frame) => self.resume_list(frame, copy),
            Frame::Dict(frame) => self.resume_dict(frame, copy),
            Frame::Tuple(frame) => self.resume_tuple(frame, copy),
            Frame::Method(method) => {
                let copy = rebind(self.ctx, method, copy)?;
                self.memo.insert(self.ctx, method.into(), copy)?;
                self.done(method.into(), copy)
            }
            Frame::Attributes(frame) => self.resume_attributes(frame, copy),
            Frame::Slots(frame) => self.resume_slots(frame, copy),
            Frame::State(frame) => self.resume_state(frame, copy),
            Frame::Classic(frame) => self.resume_classic(frame, copy),
            Frame::Rebuild(frame) => self.resume_rebuild(frame, copy),
        }
    }

    /// Asks the object how it is copied.
    fn visit_any(&mut self, object: Value<'gc>) -> Result<'gc, Next<'gc>> {
        self.runs_code();
        if let Some(hook) = find_hook(self.ctx, object, self.ctx.names().deepcopy)? {
            let memo = self.memo.show(self.ctx)?;
            let copy = hook.call(self.ctx, (memo,))?;
            return self.done(object, copy);
        }
        let reduced = reduce(self.ctx, object, Kind::Deep)?;
        match Parts::read(self.ctx, reduced)? {
            Some(parts) => self.visit_parts(object, parts),
            None => self.done(object, object),
        }
    }

    /// Returns whether an object is its own copy and nobody can see that it was met: an atom, or a short tuple of them.
    ///
    /// A memo that code has seen may say otherwise, and in 2.7 shows atoms too.
    #[inline]
    pub(super) fn is_plain_atom(&self, object: Value<'gc>) -> bool {
        self.memo.is_private() && is_unchanging(self.ctx, object)
    }

    /// Ends the copy of an object.
    #[inline]
    pub(super) fn done(&mut self, object: Value<'gc>, copy: Value<'gc>) -> Result<'gc, Next<'gc>> {
        self.memo.finish(self.ctx, object, copy)?;
        Ok(Next::Done(copy))
    }

    /// Lets an object wait for the copy of a part.
    // DIFFERENCE: the recursion limit counts the objects that are nested; CPython counts the frames of its functions,
    // two to four of them for each object.
    #[inline]
    pub(super) fn push(&mut self, frame: Frame<'gc>) -> Result<'gc, ()> {
        if self.ctx.depth() + self.frames.len() >= self.ctx.recursion_limit() {
            return Err(self.ctx.too_deep());
        }
        self.frames.push(frame);
        Ok(())
    }

    /// Notes that code is about to run, which may change classes and `copy_reg`.
    pub(super) fn runs_code(&mut self) {
        self.plans.doubt();
    }
}

/// Binds the function of a method to the copy of its receiver.
fn rebind<'gc>(ctx: Context<'gc>, method: Method<'gc>, receiver: Value<'gc>) -> Result<'gc> {
    match (receiver, ctx.dialect()) {
        (Value::None, Dialect::Python3) => {
            Err(Error::new(&exc::TYPE_ERROR, "instance must not be None"))
        }
        (Value::None, _) => Ok(Method::unbound(ctx, method.function(), method.class()).into()),
        _ => Ok(Method::bound(ctx, method.function(), receiver, method.class()).into()),
    }
}
