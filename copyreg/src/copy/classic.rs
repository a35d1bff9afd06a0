//! Instances of classic classes: `__getinitargs__`, `__getstate__` and `__setstate__` count, `__reduce__` does not.

use halfsour_runtime::{ClassicInstance, Context, Result, Value};

use super::deep::{Copier, Next};
use super::frame::{ClassicFrame, ClassicStage, Frame};
use super::hooks::has_attr;
use super::state::{spread_call, update_attributes};

/// `copy.copy` of a classic instance.
pub(super) fn copy<'gc>(ctx: Context<'gc>, instance: ClassicInstance<'gc>) -> Result<'gc> {
    let object = Value::from(instance);
    if has_attr(ctx, object, ctx.names().copy)? {
        return object.call_method(ctx, ctx.names().copy, ());
    }
    let args = init_args(ctx, object)?;
    let copy = make(ctx, instance, args)?;
    let state = state_of(ctx, object)?;
    set_state(ctx, copy, state)?;
    Ok(copy)
}

/// What `__getinitargs__` returns, if there is one.
fn init_args<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, Option<Value<'gc>>> {
    if !has_attr(ctx, object, ctx.names().getinitargs)? {
        return Ok(None);
    }
    object.call_method(ctx, ctx.names().getinitargs, ()).map(Some)
}

/// Returns an instance of the same class: made by a call if there are arguments, else without `__init__`.
fn make<'gc>(
    ctx: Context<'gc>,
    instance: ClassicInstance<'gc>,
    args: Option<Value<'gc>>,
) -> Result<'gc> {
    match args {
        Some(args) => spread_call(ctx, instance.class().into(), args),
        None => Ok(ClassicInstance::bare(ctx, instance.class()).into()),
    }
}

/// What `__getstate__` returns, or the `__dict__`.
fn state_of<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc> {
    if has_attr(ctx, object, ctx.names().getstate)? {
        return object.call_method(ctx, ctx.names().getstate, ());
    }
    object.get_attr(ctx, ctx.names().dict)
}

/// Gives a new instance its state: through `__setstate__`, or into its `__dict__`.
fn set_state<'gc>(ctx: Context<'gc>, object: Value<'gc>, state: Value<'gc>) -> Result<'gc, ()> {
    if has_attr(ctx, object, ctx.names().setstate)? {
        return object.call_method(ctx, ctx.names().setstate, (state,)).map(drop);
    }
    update_attributes(ctx, object, state)
}

impl<'gc> Copier<'gc> {
    /// Begins the deep copy of a classic instance.
    pub(super) fn visit_classic(
        &mut self,
        instance: ClassicInstance<'gc>,
    ) -> Result<'gc, Next<'gc>> {
        let ctx = self.ctx;
        let object = Value::from(instance);
        self.runs_code();
        if has_attr(ctx, object, ctx.names().deepcopy)? {
            let memo = self.memo.show(ctx)?;
            let copy = object.call_method(ctx, ctx.names().deepcopy, (memo,))?;
            return self.done(object, copy);
        }
        match init_args(ctx, object)? {
            Some(args) => {
                let stage = ClassicStage::Args;
                self.push(Frame::Classic(ClassicFrame { instance, stage }))?;
                Ok(Next::Visit(args))
            }
            None => self.made_classic(instance, make(ctx, instance, None)?),
        }
    }

    /// Goes on when a part of a classic instance is copied.
    pub(super) fn resume_classic(
        &mut self,
        frame: ClassicFrame<'gc>,
        part: Value<'gc>,
    ) -> Result<'gc, Next<'gc>> {
        self.runs_code();
        match frame.stage {
            ClassicStage::Args => {
                let copy = make(self.ctx, frame.instance, Some(part))?;
                self.made_classic(frame.instance, copy)
            }
            ClassicStage::State(copy) => {
                set_state(self.ctx, copy, part)?;
                self.done(frame.instance.into(), copy)
            }
        }
    }

    fn made_classic(
        &mut self,
        instance: ClassicInstance<'gc>,
        copy: Value<'gc>,
    ) -> Result<'gc, Next<'gc>> {
        self.memo.insert(self.ctx, instance.into(), copy)?;
        let state = state_of(self.ctx, instance.into())?;
        let stage = ClassicStage::State(copy);
        self.push(Frame::Classic(ClassicFrame { instance, stage }))?;
        Ok(Next::Visit(state))
    }
}
