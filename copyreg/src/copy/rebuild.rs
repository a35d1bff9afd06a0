//! Copies of objects by what `__reduce_ex__` returns: a callable and its arguments, the state, the items.

use halfsour_runtime::{Args, Context, Dialect, Error, Iter, Result, Value, exc};

use super::deep::{Copier, Next};
use super::frame::Frame;
use super::state::{append, set_state, spread_call, unpack_pair};

/// What a reduce value consists of; `None` in it is as good as absent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parts<'gc> {
    pub(super) callable: Value<'gc>,
    pub(super) args: Value<'gc>,
    pub(super) state: Option<Value<'gc>>,
    pub(super) list_items: Option<Value<'gc>>,
    pub(super) dict_items: Option<Value<'gc>>,
}

impl<'gc> Parts<'gc> {
    /// Reads a reduce value; a string means that the object is its own copy.
    ///
    /// # Errors
    ///
    /// 2.7 asserts that it is a tuple of two to five items; Python 3 passes whatever it gives on as the arguments of
    /// a function, and raises `TypeError` if they are no arguments or not as many.
    pub(super) fn read(ctx: Context<'gc>, reduced: Value<'gc>) -> Result<'gc, Option<Self>> {
        let items = if ctx.dialect() == Dialect::Python2 {
            if reduced.as_bytes().is_some() {
                return Ok(None);
            }
            match reduced.as_tuple() {
                Some(items) if (2..=5).contains(&items.len()) => items.as_slice().to_vec(),
                _ => return Err(Error::bare(&exc::ASSERTION_ERROR)),
            }
        } else {
            if reduced.as_unicode().is_some() {
                return Ok(None);
            }
            arguments(ctx, reduced)?
        };
        let part = |index: usize| items.get(index).copied();
        let present = |index: usize| part(index).filter(|part| !part.is_none());
        Ok(Some(Self {
            callable: part(0).unwrap_or(Value::None),
            args: part(1).unwrap_or(Value::None),
            state: present(2),
            list_items: present(3),
            dict_items: present(4),
        }))
    }
}

/// The items of a reduce value of Python 3: any two to five that iteration gives.
fn arguments<'gc>(ctx: Context<'gc>, reduced: Value<'gc>) -> Result<'gc, Vec<Value<'gc>>> {
    let refuse = |message: String| Err(Error::new(&exc::TYPE_ERROR, message));
    let items = match reduced {
        Value::Tuple(items) => items.as_slice().to_vec(),
        _ if reduced.type_of(ctx).lookup(ctx, ctx.names().iter).is_none() => {
            let got = reduced.type_name(ctx);
            return refuse(format!("Value after * must be an iterable, not {got}"));
        }
        _ => reduced.iter(ctx)?.collect_vec(ctx)?,
    };
    match items.len() {
        0 => refuse(
            "_reconstruct() missing 2 required positional arguments: 'func' and 'args'".to_owned(),
        ),
        1 => refuse("_reconstruct() missing 1 required positional argument: 'args'".to_owned()),
        2..=5 => Ok(items),
        // It counts the object and the memo, too.
        n => refuse(format!(
            "_reconstruct() takes from 4 to 7 positional arguments but {} were given",
            n + 2
        )),
    }
}

/// An object that is being made of the copies of another's parts.
#[derive(Debug)]
pub(super) struct Rebuild<'gc> {
    source: Value<'gc>,
    parts: Parts<'gc>,
    waits_for: Part<'gc>,
}

/// The part that is being copied.
#[derive(Debug)]
enum Part<'gc> {
    /// The arguments as a whole (2.7).
    Args,
    /// One of the arguments (Python 3).
    Arg {
        copied: Vec<Value<'gc>>,
        rest: Iter<'gc>,
    },
    State {
        object: Value<'gc>,
    },
    ListItem {
        object: Value<'gc>,
        rest: Iter<'gc>,
    },
    Key {
        object: Value<'gc>,
        value: Value<'gc>,
        rest: Iter<'gc>,
    },
    Value {
        object: Value<'gc>,
        key: Value<'gc>,
        rest: Iter<'gc>,
    },
}

impl<'gc> Copier<'gc> {
    /// Begins to make an object of the copies of another's parts.
    pub(super) fn visit_parts(
        &mut self,
        source: Value<'gc>,
        parts: Parts<'gc>,
    ) -> Result<'gc, Next<'gc>> {
        let rebuild = Box::new(Rebuild { source, parts, waits_for: Part::Args });
        if self.ctx.dialect() == Dialect::Python2 {
            self.push(Frame::Rebuild(rebuild))?;
            return Ok(Next::Visit(parts.args));
        }
        if !parts.args.truth(self.ctx)? {
            let object = spread_call(self.ctx, parts.callable, parts.args)?;
            return self.made(rebuild, object);
        }
        let rest = parts.args.iter(self.ctx)?;
        self.next_arg(rebuild, Vec::new(), rest)
    }

    /// Goes on when a part is copied. What it does with it may run any code.
    pub(super) fn resume_rebuild(
        &mut self,
        mut rebuild: Box<Rebuild<'gc>>,
        copy: Value<'gc>,
    ) -> Result<'gc, Next<'gc>> {
        self.runs_code();
        match std::mem::replace(&mut rebuild.waits_for, Part::Args) {
            Part::Args => {
                let object = spread_call(self.ctx, rebuild.parts.callable, copy)?;
                self.made(rebuild, object)
            }
            Part::Arg { mut copied, rest } => {
                copied.push(copy);
                self.next_arg(rebuild, copied, rest)
            }
            Part::State { object } => {
                set_state(self.ctx, object, copy)?;
                self.list_items(rebuild, object)
            }
            Part::ListItem { object, rest } => {
                append(self.ctx, object, copy)?;
                self.next_list_item(rebuild, object, rest)
            }
            Part::Key { object, value, rest } => {
                rebuild.waits_for = Part::Value { object, key: copy, rest };
                self.push(Frame::Rebuild(rebuild))?;
                Ok(Next::Visit(value))
            }
            Part::Value { object, key, rest } => {
                object.set_item(self.ctx, key, copy)?;
                self.next_dict_item(rebuild, object, rest)
            }
        }
    }

    fn next_arg(
        &mut self,
        mut rebuild: Box<Rebuild<'gc>>,
        copied: Vec<Value<'gc>>,
        rest: Iter<'gc>,
    ) -> Result<'gc, Next<'gc>> {
        let Some(arg) = rest.next(self.ctx)? else {
            let object = rebuild.parts.callable.call(self.ctx, Args::new(&copied))?;
            return self.made(rebuild, object);
        };
        rebuild.waits_for = Part::Arg { copied, rest };
        self.push(Frame::Rebuild(rebuild))?;
        Ok(Next::Visit(arg))
    }

    /// The object was made: it is remembered, and gets its state.
    fn made(
        &mut self,
        mut rebuild: Box<Rebuild<'gc>>,
        object: Value<'gc>,
    ) -> Result<'gc, Next<'gc>> {
        self.memo.insert(self.ctx, rebuild.source, object)?;
        let Some(state) = rebuild.parts.state else {
            return self.list_items(rebuild, object);
        };
        rebuild.waits_for = Part::State { object };
        self.push(Frame::Rebuild(rebuild))?;
        Ok(Next::Visit(state))
    }

    fn list_items(
        &mut self,
        rebuild: Box<Rebuild<'gc>>,
        object: Value<'gc>,
    ) -> Result<'gc, Next<'gc>> {
        match rebuild.parts.list_items {
            Some(items) => {
                let items = items.iter(self.ctx)?;
                self.next_list_item(rebuild, object, items)
            }
            None => self.dict_items(rebuild, object),
        }
    }

    fn next_list_item(
        &mut self,
        mut rebuild: Box<Rebuild<'gc>>,
        object: Value<'gc>,
        rest: Iter<'gc>,
    ) -> Result<'gc, Next<'gc>> {
        let Some(item) = rest.next(self.ctx)? else {
            return self.dict_items(rebuild, object);
        };
        rebuild.waits_for = Part::ListItem { object, rest };
        self.push(Frame::Rebuild(rebuild))?;
        Ok(Next::Visit(item))
    }

    fn dict_items(
        &mut self,
        rebuild: Box<Rebuild<'gc>>,
        object: Value<'gc>,
    ) -> Result<'gc, Next<'gc>> {
        match rebuild.parts.dict_items {
            Some(items) => {
                let items = items.iter(self.ctx)?;
                self.next_dict_item(rebuild, object, items)
            }
            None => self.done(rebuild.source, object),
        }
    }

    fn next_dict_item(
        &mut self,
        mut rebuild: Box<Rebuild<'gc>>,
        object: Value<'gc>,
        rest: Iter<'gc>,
    ) -> Result<'gc, Next<'gc>> {
        let Some(pair) = rest.next(self.ctx)? else {
            return self.done(rebuild.source, object);
        };
        let (key, value) = unpack_pair(self.ctx, pair)?;
        rebuild.waits_for = Part::Key { object, value, rest };
        self.push(Frame::Rebuild(rebuild))?;
        Ok(Next::Visit(key))
    }
}
