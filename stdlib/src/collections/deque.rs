//! `deque`: a list that grows at both ends, and lets go at the other when it is bounded.

use halfsour_runtime::{
    Args, Class, ClassBuilder, Context, Error, List, Operator, Result, Traced, Value, exc, reduce,
};
use num_traits::ToPrimitive;

use super::deque_iterator;
use crate::support::{
    self, Kind, comparisons, content, counted, make, none, one, python3, reduced, repr, tuple,
    type_error, value_error,
};

/// What a deque knows of its items, which are the values from `head` on.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Deque {
    /// How many values in front are empty places.
    head: usize,
    /// The bound.
    most: Option<usize>,
    /// Counts changes, so that iterators notice them.
    pub(super) version: u64,
}

/// A deque's content.
#[derive(Clone, Copy, Debug)]
pub(super) struct Items<'gc>(Traced<'gc>);

impl<'gc> Items<'gc> {
    pub(super) fn of(value: Value<'gc>) -> Option<Self> {
        content::<Deque>(value).map(Self)
    }

    fn own(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Self> {
        Self::of(this).ok_or_else(|| support::wrong_receiver(ctx, this, "collections.deque"))
    }

    pub(super) fn deque(self) -> Result<'gc, Deque> {
        self.0.data::<Deque>().map(|deque| *deque)
    }

    pub(super) fn len(self) -> Result<'gc, usize> {
        Ok(self.0.len() - self.deque()?.head)
    }

    pub(super) fn get(self, index: usize) -> Result<'gc, Option<Value<'gc>>> {
        Ok(self.0.get(self.deque()?.head + index))
    }

    fn to_vec(self) -> Result<'gc, Vec<Value<'gc>>> {
        let head = self.deque()?.head;
        Ok((head..self.0.len()).filter_map(|at| self.0.get(at)).collect())
    }

    fn replace(self, ctx: Context<'gc>, items: Vec<Value<'gc>>) -> Result<'gc, ()> {
        self.0.restore(ctx, items);
        self.note(|deque| deque.head = 0)
    }

    fn note(self, change: impl FnOnce(&mut Deque)) -> Result<'gc, ()> {
        let mut deque = self.0.data_mut::<Deque>()?;
        change(&mut deque);
        deque.version += 1;
        Ok(())
    }

    fn push(self, ctx: Context<'gc>, item: Value<'gc>) -> Result<'gc, ()> {
        self.0.push(ctx, item);
        self.note(|_| {})?;
        if self.deque()?.most.is_some_and(|most| self.len().is_ok_and(|length| length > most)) {
            self.pop_front(ctx)?;
        }
        Ok(())
    }

    fn push_front(self, ctx: Context<'gc>, item: Value<'gc>) -> Result<'gc, ()> {
        if self.deque()?.head == 0 {
            let items = self.0.take(ctx);
            let room = items.len() + 8;
            let mut roomy = vec![Value::None; room];
            roomy.extend(items);
            self.0.restore(ctx, roomy);
            self.note(|deque| deque.head = room)?;
        }
        let head = self.deque()?.head - 1;
        self.0.set(ctx, head, item);
        self.note(|deque| deque.head = head)?;
        if self.deque()?.most.is_some_and(|most| self.len().is_ok_and(|length| length > most)) {
            self.pop_back(ctx)?;
        }
        Ok(())
    }

    fn pop_back(self, ctx: Context<'gc>) -> Result<'gc, Option<Value<'gc>>> {
        if self.len()? == 0 {
            return Ok(None);
        }
        let mut items = self.0.take(ctx);
        let last = items.pop();
        self.0.restore(ctx, items);
        self.note(|_| {})?;
        Ok(last)
    }

    fn pop_front(self, ctx: Context<'gc>) -> Result<'gc, Option<Value<'gc>>> {
        let head = self.deque()?.head;
        let Some(first) = self.0.get(head) else { return Ok(None) };
        self.0.set(ctx, head, Value::None);
        self.note(|deque| deque.head = head + 1)?;
        // The empty places go when they are more than the items, so that popping costs the same on average.
        if head > self.0.len() / 2 {
            let items = self.to_vec()?;
            self.replace(ctx, items)?;
        }
        Ok(Some(first))
    }

    fn extend(self, ctx: Context<'gc>, source: Value<'gc>) -> Result<'gc, ()> {
        for item in source.iter(ctx)?.collect_vec(ctx)? {
            self.push(ctx, item)?;
        }
        Ok(())
    }

    fn extend_front(self, ctx: Context<'gc>, source: Value<'gc>) -> Result<'gc, ()> {
        for item in source.iter(ctx)?.collect_vec(ctx)? {
            self.push_front(ctx, item)?;
        }
        Ok(())
    }
}

pub(super) fn class<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    let builder = support::class(ctx, super::MODULE, "deque", Kind::Made)
        .native()
        .slots(&["__weakref__"])
        .attr("__hash__", Value::None)
        .method("__new__", |ctx, class, _| {
            Ok(make(ctx, support::given_class(ctx, class)?, Deque::default(), &[]))
        })
        .method("__init__", init)
        .property("maxlen", |ctx, this| most(ctx, this))
        .method("__reduce__", |ctx, this, args| {
            none(&args, "__reduce__")?;
            if python3(ctx) { reduce_3(ctx, this) } else { reduce_2(ctx, this) }
        })
        .method("__repr__", |ctx, this, _| show(ctx, this));
    looking(changing(comparisons(builder, compare))).build()
}

fn init<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let [items, most] = args.bind("deque", ["iterable", "maxlen"], 0)?;
    let most = match most.filter(|most| !most.is_none()) {
        None => None,
        Some(most) => {
            if !matches!(most.content(), Value::Int(_) | Value::Bool(_) | Value::Long(_)) {
                return Err(type_error("an integer is required"));
            }
            let most = most.to::<num_bigint::BigInt>(ctx)?;
            if most.sign() == num_bigint::Sign::Minus {
                return Err(value_error("maxlen must be non-negative"));
            }
            Some(most.to_usize().ok_or_else(|| {
                Error::new(&exc::OVERFLOW_ERROR, "Python int too large to convert to C ssize_t")
            })?)
        }
    };
    let own = Items::own(ctx, this)?;
    own.replace(ctx, Vec::new())?;
    own.note(|deque| deque.most = most)?;
    items.map_or(Ok(()), |items| own.extend(ctx, items))?;
    Ok(Value::None)
}

fn most<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let most = Items::own(ctx, this)?.deque()?.most;
    Ok(most.map_or(Value::None, |most| Value::int(ctx, most.into())))
}

/// The items are an argument; a subclass's `__dict__` is the state, even when it is empty.
fn reduce_2<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let items = List::from_vec(ctx, this.iter(ctx)?.collect_vec(ctx)?).into();
    let most = most(ctx, this)?;
    match this.find_attr(ctx, ctx.names().dict)? {
        None if most.is_none() => Ok(reduced(ctx, this, &[items], &[])),
        None => Ok(reduced(ctx, this, &[items, most], &[])),
        Some(state) => Ok(reduced(ctx, this, &[items, most], &[state])),
    }
}

/// The items are appended one by one.
fn reduce_3<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let state = reduce::default_state(ctx, this)?;
    let most = most(ctx, this)?;
    let args = if most.is_none() { vec![] } else { vec![tuple(ctx, &[]), most] };
    let items = this.iter(ctx)?.into_object(ctx);
    Ok(reduced(ctx, this, &args, &[state, items]))
}

fn show<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let own = Items::own(ctx, this)?;
    let name = if python3(ctx) { support::class_name(ctx, this) } else { "deque".to_owned() };
    support::show_once(ctx, this, "[...]", || {
        let items = repr(ctx, List::from_vec(ctx, own.to_vec()?).into())?;
        Ok(match own.deque()?.most {
            None => format!("{name}({items})"),
            Some(most) => format!("{name}({items}, maxlen={most})"),
        })
    })
}

fn compare<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    other: Value<'gc>,
    operator: Operator,
) -> Result<'gc> {
    let (Some(own), Some(other)) = (Items::of(this), Items::of(other)) else {
        return Ok(Value::NotImplemented);
    };
    let [own, other] = [own, other].map(|items| items.to_vec());
    let [own, other] = [own?, other?].map(|items| Value::from(List::from_vec(ctx, items)));
    own.rich_compare(ctx, other, operator)
}

fn changing(builder: ClassBuilder<'_>) -> ClassBuilder<'_> {
    builder
        .method("append", |ctx, this, args| {
            Items::own(ctx, this)?.push(ctx, one(&args, "append")?)?;
            Ok(Value::None)
        })
        .method("appendleft", |ctx, this, args| {
            Items::own(ctx, this)?.push_front(ctx, one(&args, "appendleft")?)?;
            Ok(Value::None)
        })
        .method("extend", |ctx, this, args| {
            Items::own(ctx, this)?.extend(ctx, one(&args, "extend")?)?;
            Ok(Value::None)
        })
        .method("extendleft", |ctx, this, args| {
            Items::own(ctx, this)?.extend_front(ctx, one(&args, "extendleft")?)?;
            Ok(Value::None)
        })
        .method("__iadd__", |ctx, this, args| {
            Items::own(ctx, this)?.extend(ctx, one(&args, "__iadd__")?)?;
            Ok(this)
        })
        .method("pop", |ctx, this, args| {
            none(&args, "pop")?;
            Items::own(ctx, this)?.pop_back(ctx)?.ok_or_else(empty)
        })
        .method("popleft", |ctx, this, args| {
            none(&args, "popleft")?;
            Items::own(ctx, this)?.pop_front(ctx)?.ok_or_else(empty)
        })
        .method("clear", |ctx, this, args| {
            none(&args, "clear")?;
            Items::own(ctx, this)?.replace(ctx, Vec::new())?;
            Ok(Value::None)
        })
        .method("reverse", |ctx, this, args| {
            none(&args, "reverse")?;
            let own = Items::own(ctx, this)?;
            own.replace(ctx, own.to_vec()?.into_iter().rev().collect())?;
            Ok(Value::None)
        })
        .method("rotate", |ctx, this, args| {
            let by = counted(ctx, &args, "rotate", 0, 1)?.first().map_or(Ok(1), |by| by.to(ctx))?;
            rotate(ctx, Items::own(ctx, this)?, by)?;
            Ok(Value::None)
        })
        .method("remove", |ctx, this, args| {
            let own = Items::own(ctx, this)?;
            let item = one(&args, "remove")?;
            let Some(at) = position(ctx, own, item)? else {
                let message = "deque.remove(x): x not in deque".to_owned();
                return Err(value_error(if python3(ctx) {
                    format!("{} is not in deque", repr(ctx, item)?)
                } else {
                    message
                }));
            };
            let mut items = own.to_vec()?;
            if at < items.len() {
                items.remove(at);
            }
            own.replace(ctx, items)?;
            Ok(Value::None)
        })
        .method("__setitem__", |ctx, this, args| {
            let own = Items::own(ctx, this)?;
            let (at, item): (Value<'_>, Value<'_>) = args.parse(ctx, "__setitem__")?;
            let at = index(ctx, own, at)?;
            own.0.set(ctx, own.deque()?.head + at, item);
            Ok(Value::None)
        })
        .method("__delitem__", |ctx, this, args| {
            let own = Items::own(ctx, this)?;
            let at = index(ctx, own, one(&args, "__delitem__")?)?;
            let mut items = own.to_vec()?;
            items.remove(at);
            own.replace(ctx, items)?;
            Ok(Value::None)
        })
}

fn looking(builder: ClassBuilder<'_>) -> ClassBuilder<'_> {
    builder
        .method("__len__", |ctx, this, _| Ok(Value::int(ctx, Items::own(ctx, this)?.len()?.into())))
        .method("__iter__", |ctx, this, _| deque_iterator::over(ctx, this))
        .method("__getitem__", |ctx, this, args| {
            let own = Items::own(ctx, this)?;
            let at = index(ctx, own, one(&args, "__getitem__")?)?;
            own.get(at)?.ok_or_else(|| Error::new(&exc::INDEX_ERROR, "deque index out of range"))
        })
        .method("__contains__", |ctx, this, args| {
            let found = position(ctx, Items::own(ctx, this)?, one(&args, "__contains__")?)?;
            Ok(Value::Bool(found.is_some()))
        })
        .method("__reversed__", |ctx, this, _| {
            let items = Items::own(ctx, this)?.to_vec()?.into_iter().rev().collect();
            Ok(Value::from(List::from_vec(ctx, items)).iter(ctx)?.into_object(ctx))
        })
        .method("count", |ctx, this, args| {
            let item = one(&args, "count")?;
            let mut count = 0;
            for known in Items::own(ctx, this)?.to_vec()? {
                count += i64::from(known.is_or_equals(ctx, item)?);
            }
            Ok(Value::Int(count))
        })
        .method("copy", |ctx, this, args| {
            none(&args, "copy")?;
            copy(ctx, this)
        })
        .method("__copy__", |ctx, this, _| copy(ctx, this))
}

fn copy<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let most = most(ctx, this)?;
    let class = Value::from(this.type_of(ctx));
    if most.is_none() { class.call(ctx, (this,)) } else { class.call(ctx, (this, most)) }
}

fn rotate<'gc>(ctx: Context<'gc>, own: Items<'gc>, by: i64) -> Result<'gc, ()> {
    let mut items = own.to_vec()?;
    if let Some(length) = i64::try_from(items.len()).ok().filter(|length| *length > 0) {
        items.rotate_right(usize::try_from(by.rem_euclid(length)).unwrap_or_default());
    }
    own.replace(ctx, items)
}

fn position<'gc>(
    ctx: Context<'gc>,
    own: Items<'gc>,
    item: Value<'gc>,
) -> Result<'gc, Option<usize>> {
    let version = own.deque()?.version;
    for (at, known) in own.to_vec()?.into_iter().enumerate() {
        let found = known.is_or_equals(ctx, item)?;
        if own.deque()?.version != version {
            return Err(Error::new(&exc::RUNTIME_ERROR, "deque mutated during iteration"));
        }
        if found {
            return Ok(Some(at));
        }
    }
    Ok(None)
}

fn index<'gc>(ctx: Context<'gc>, own: Items<'gc>, at: Value<'gc>) -> Result<'gc, usize> {
    let length = own.len()?;
    let at: i64 = at.index(ctx)?.to(ctx)?;
    let at = if at < 0 { at + i64::try_from(length).unwrap_or(i64::MAX) } else { at };
    let found = usize::try_from(at).ok().filter(|at| *at < length);
    found.ok_or_else(|| Error::new(&exc::INDEX_ERROR, "deque index out of range"))
}

#[cold]
fn empty<'gc>() -> Error<'gc> {
    Error::new(&exc::INDEX_ERROR, "pop from an empty deque")
}
