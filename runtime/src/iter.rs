//! Iteration: `iter(x)`, `next(it)` and the built-in iterators.

use gc_arena::{Collect, Gc, RefLock};
use num_bigint::BigInt;

use crate::allowance;
use crate::class::Class;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::instance::{Instance, Payload};
use crate::text::codepoints;
use crate::types::{ByteArray, Bytes, Dict, FrozenSet, List, Range, Set, Tuple, Unicode};
use crate::value::Value;

/// An iterator on its way through a Rust loop: what `iter(x)` returns, without the object where none is needed.
///
/// # Examples
///
/// ```
/// use halfsour_runtime::{IntoValue, Runtime};
///
/// let mut runtime = Runtime::python2();
/// let total = runtime.try_enter(|ctx| {
///     let mut total = 0;
///     let items = vec![1, 2, 3].into_value(ctx).iter(ctx)?;
///     while let Some(item) = items.next(ctx)? {
///         total += item.to::<i64>(ctx)?;
///     }
///     Ok(total)
/// })?;
/// assert_eq!(total, 6);
/// # Ok::<(), halfsour_runtime::Uncaught>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Iter<'gc>(Source<'gc>);

#[derive(Clone, Copy)]
enum Source<'gc> {
    /// The state, and the object that has it, if there is one already.
    Builtin(Gc<'gc, RefLock<IterState<'gc>>>, Option<Instance<'gc>>),
    /// Any object with `next` (Python 3: `__next__`).
    Object(Value<'gc>),
}

impl std::fmt::Debug for Source<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Builtin(..) => f.write_str("Builtin"),
            Self::Object(object) => object.fmt(f),
        }
    }
}

/// Where a built-in iterator stands.
#[derive(Collect)]
#[collect(no_drop)]
pub(crate) enum IterState<'gc> {
    List(List<'gc>, usize),
    /// The number of items still to come, from the end.
    ListReversed(List<'gc>, usize),
    Tuple(Tuple<'gc>, usize),
    Bytes(Bytes<'gc>, usize),
    ByteArray(ByteArray<'gc>, usize),
    /// The offset in the generalised UTF-8.
    Unicode(Unicode<'gc>, usize),
    Range(Range<'gc>, u64),
    Dict {
        dict: Dict<'gc>,
        position: usize,
        /// The length when iteration began; another one raises `RuntimeError`.
        length: usize,
        #[collect(require_static)]
        part: DictPart,
    },
    Set(Set<'gc>, usize, usize),
    FrozenSet(FrozenSet<'gc>, usize),
    /// Any object with `__getitem__`, by index until `IndexError`.
    Sequence(Value<'gc>, i64),
    /// Calls until the sentinel comes.
    Callable(Value<'gc>, Value<'gc>),
    /// Calls until `StopIteration`.
    Generator(Value<'gc>),
    /// Any object with `__getitem__`, from the index before this one down to the first.
    Reversed(Value<'gc>, i64),
    /// Pairs of a number, from this one on, and an item of an iterator.
    Enumerate(Value<'gc>, Value<'gc>),
    /// Tuples of an item of each iterator (Python 3's `zip`).
    Zip(Tuple<'gc>),
    /// What a function makes of an item of each iterator (Python 3's `map`).
    Map(Value<'gc>, Tuple<'gc>),
    /// The items of an iterator that a function, or truth itself, accepts (Python 3's `filter`).
    Filter(Value<'gc>, Value<'gc>),
    Exhausted,
}

/// What a dict's iterator gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DictPart {
    Keys,
    Values,
    Items,
}

impl<'gc> Value<'gc> {
    /// Returns an iterator (Python's `iter(x)`).
    ///
    /// # Errors
    ///
    /// `TypeError` if the object cannot be iterated over; whatever its `__iter__` raises.
    pub fn iter(self, ctx: Context<'gc>) -> Result<'gc, Iter<'gc>> {
        if let Some(state) = builtin_iteration(self) {
            return Ok(Iter::builtin(ctx, state));
        }
        if let Some(iterator) = plain_iterator(self) {
            return Ok(Iter(iterator));
        }
        if let Some(hook) = self.special(ctx, ctx.names().iter)? {
            let iterator = hook.call(ctx, ())?;
            return iterator.as_iterator(ctx);
        }
        if self.special(ctx, ctx.names().getitem)?.is_some() {
            return Ok(Iter::builtin(ctx, IterState::Sequence(self, 0)));
        }
        let message = match self {
            Value::ClassicInstance(_) => "iteration over non-sequence".to_owned(),
            _ => format!("'{}' object is not iterable", self.type_name(ctx)),
        };
        Err(Error::new(&exc::TYPE_ERROR, message))
    }

    /// Takes an object that `__iter__` returned as an iterator.
    fn as_iterator(self, ctx: Context<'gc>) -> Result<'gc, Iter<'gc>> {
        if let Some(iterator) = plain_iterator(self) {
            return Ok(Iter(iterator));
        }
        if !self.is_iterator(ctx)? {
            let message = format!("iter() returned non-iterator of type '{}'", self.type_name(ctx));
            return Err(Error::new(&exc::TYPE_ERROR, message));
        }
        Ok(Iter(Source::Object(self)))
    }

    /// Returns whether the object is an iterator: whether it has `next` (Python 3: `__next__`).
    ///
    /// # Errors
    ///
    /// Whatever looking that up raises.
    pub fn is_iterator(self, ctx: Context<'gc>) -> Result<'gc, bool> {
        if plain_iterator(self).is_some() {
            return Ok(true);
        }
        Ok(self.special(ctx, next_name(ctx))?.is_some())
    }

    /// Reads the object as a Rust type; see [`FromValue`](crate::FromValue).
    ///
    /// # Errors
    ///
    /// `TypeError` if it is of another type; `OverflowError` if a number does not fit.
    pub fn to<T: crate::convert::FromValue<'gc>>(self, ctx: Context<'gc>) -> Result<'gc, T> {
        T::from_value(ctx, self)
    }
}

/// The state of a built-in iterator, or of an instance of a subclass of one.
pub(crate) fn iterator_state(value: Value<'_>) -> Option<Gc<'_, RefLock<IterState<'_>>>> {
    match value {
        Value::Instance(instance) => match instance.payload() {
            Payload::Iterator(state) => Some(state),
            _ => None,
        },
        _ => None,
    }
}

/// A built-in iterator; a subclass may step in its own way.
fn plain_iterator(value: Value<'_>) -> Option<Source<'_>> {
    match value {
        Value::Instance(instance) if !instance.class().is_heap_type() => {
            iterator_state(value).map(|state| Source::Builtin(state, Some(instance)))
        }
        _ => None,
    }
}

fn next_name<'gc>(ctx: Context<'gc>) -> crate::name::Name<'gc> {
    match ctx.dialect() {
        Dialect::Python2 => ctx.names().next,
        Dialect::Python3 => ctx.names().next_python3,
    }
}

/// How the built-in types iterate; a subclass may say otherwise, so only exact types count.
fn builtin_iteration(value: Value<'_>) -> Option<IterState<'_>> {
    Some(match value {
        Value::List(list) => IterState::List(list, 0),
        Value::Tuple(tuple) => IterState::Tuple(tuple, 0),
        Value::Bytes(bytes) => IterState::Bytes(bytes, 0),
        Value::Unicode(text) => IterState::Unicode(text, 0),
        Value::Range(range) => IterState::Range(range, 0),
        Value::Dict(dict) => IterState::dict(dict, DictPart::Keys),
        Value::ByteArray(bytes) => IterState::ByteArray(bytes, 0),
        Value::Set(set) => IterState::Set(set, 0, set.len()),
        Value::FrozenSet(set) => IterState::FrozenSet(set, 0),
        _ => return None,
    })
}

impl<'gc> IterState<'gc> {
    pub(crate) fn dict(dict: Dict<'gc>, part: DictPart) -> Self {
        Self::Dict { dict, position: 0, length: dict.len(), part }
    }

    /// Iteration over the content of a built-in type, as the type's own `__iter__` does it.
    pub(crate) fn of_content(value: Value<'gc>) -> Option<Self> {
        builtin_iteration(value.content())
    }

    /// The number of items still to come, as far as that is known (Python's `__length_hint__`).
    pub(crate) fn length_hint(&self) -> Option<u64> {
        let rest = |length: usize, at: usize| Some(length.saturating_sub(at) as u64);
        match self {
            Self::List(list, at) => rest(list.len(), *at),
            Self::ListReversed(list, left) => Some(list.len().min(*left) as u64),
            Self::Tuple(tuple, at) => rest(tuple.len(), *at),
            Self::Bytes(bytes, at) => rest(bytes.len(), *at),
            Self::ByteArray(bytes, at) => rest(bytes.len(), *at),
            Self::Range(range, at) => Some(range.len().saturating_sub(*at)),
            Self::Unicode(text, at) => {
                text.as_generalised_utf8().get(*at..).map(|rest| codepoints::count(rest) as u64)
            }
            Self::Dict { dict, position, length, .. } if dict.len() == *length => {
                Some(dict.entries_behind(*position) as u64)
            }
            Self::Set(set, position, length) if set.len() == *length => {
                Some(set.items_behind(*position) as u64)
            }
            Self::FrozenSet(set, position) => Some(set.items_behind(*position) as u64),
            Self::Reversed(_, left) => u64::try_from(*left).ok(),
            Self::Exhausted | Self::Dict { .. } | Self::Set(..) => Some(0),
            _ => None,
        }
    }

    fn class(&self, ctx: Context<'gc>) -> Class<'gc> {
        let types = ctx.types();
        match self {
            Self::List(..) => types.list_iterator,
            Self::ListReversed(..) => types.list_reverse_iterator,
            Self::Tuple(..) => types.tuple_iterator,
            Self::ByteArray(..) => types.bytearray_iterator,
            Self::Bytes(..) | Self::Unicode(..) => types.string_iterator,
            Self::Range(..) => types.range_iterator,
            Self::Dict { part: DictPart::Keys, .. } => types.dict_key_iterator,
            Self::Dict { part: DictPart::Values, .. } => types.dict_value_iterator,
            Self::Dict { part: DictPart::Items, .. } => types.dict_item_iterator,
            Self::Set(..) | Self::FrozenSet(..) => types.set_iterator,
            Self::Sequence(..) | Self::Exhausted => types.sequence_iterator,
            Self::Callable(..) => types.callable_iterator,
            Self::Generator(_) => types.generator,
            Self::Reversed(..) => types.reversed,
            Self::Enumerate(..) => types.enumerate,
            Self::Zip(..) => types.zip,
            Self::Map(..) => types.map,
            Self::Filter(..) => types.filter,
        }
    }
}

impl<'gc> Iter<'gc> {
    pub(crate) fn builtin(ctx: Context<'gc>, state: IterState<'gc>) -> Self {
        Self(Source::Builtin(Gc::new(ctx.mc, RefLock::new(state)), None))
    }

    /// Returns an iterator over the keys, values or items of a dict.
    #[must_use]
    pub fn dict_items(ctx: Context<'gc>, dict: Dict<'gc>) -> Self {
        Self::builtin(ctx, IterState::dict(dict, DictPart::Items))
    }

    /// Returns an iterator over what a function returns, call by call, until it raises `StopIteration`; as an object it
    /// is a `generator`, as a function with `yield` makes it.
    ///
    /// # Examples
    ///
    /// ```
    /// use halfsour_runtime::{Error, Function, Iter, List, Runtime, Value, exc};
    ///
    /// let mut runtime = Runtime::python2();
    /// runtime.try_enter(|ctx| {
    ///     let left = List::from_vec(ctx, vec![Value::Int(2), Value::Int(1)]);
    ///     let next = Function::capturing(ctx, "countdown", left, |ctx, left, _| {
    ///         match left.len(ctx)? {
    ///             0 => Err(Error::bare(&exc::STOP_ITERATION)),
    ///             _ => left.call_method(ctx, "pop", (0,)),
    ///         }
    ///     });
    ///     let generator = Iter::generator(ctx, next.into());
    ///     assert_eq!(generator.collect_vec(ctx)?.len(), 2);
    ///     Ok(())
    /// })?;
    /// # Ok::<(), halfsour_runtime::Uncaught>(())
    /// ```
    #[must_use]
    pub fn generator(ctx: Context<'gc>, next: Value<'gc>) -> Self {
        Self::builtin(ctx, IterState::Generator(next))
    }

    /// Returns the iterator as a Python object.
    #[must_use]
    pub fn into_object(self, ctx: Context<'gc>) -> Value<'gc> {
        match self.0 {
            Source::Builtin(_, Some(object)) => object.into(),
            Source::Builtin(state, None) => {
                let class = state.borrow().class(ctx);
                Instance::with_payload(ctx, class, Payload::Iterator(state)).into()
            }
            Source::Object(object) => object,
        }
    }

    /// Returns the next item, or `None` at the end (Python's `StopIteration`).
    ///
    /// # Errors
    ///
    /// Whatever the iterator raises.
    pub fn next(self, ctx: Context<'gc>) -> Result<'gc, Option<Value<'gc>>> {
        match self.0 {
            Source::Builtin(state, _) => next_builtin(ctx, state),
            Source::Object(object) => {
                let Some(hook) = object.special(ctx, next_name(ctx))? else {
                    let message = format!("'{}' object is not an iterator", object.type_name(ctx));
                    return Err(Error::new(&exc::TYPE_ERROR, message));
                };
                end_at_stop(ctx, hook.call(ctx, ()))
            }
        }
    }

    /// Returns all remaining items.
    ///
    /// # Errors
    ///
    /// Whatever the iterator raises.
    pub fn collect_vec(self, ctx: Context<'gc>) -> Result<'gc, Vec<Value<'gc>>> {
        let mut items = Vec::new();
        while let Some(item) = self.next(ctx)? {
            items.push(item);
        }
        Ok(items)
    }
}

fn end_at_stop<'gc>(ctx: Context<'gc>, result: Result<'gc>) -> Result<'gc, Option<Value<'gc>>> {
    match result {
        Ok(item) => Ok(Some(item)),
        Err(error) if error.is(ctx, &exc::STOP_ITERATION) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Steps a built-in iterator; where that may run code, nothing is borrowed.
pub(crate) fn next_builtin<'gc>(
    ctx: Context<'gc>,
    state: Gc<'gc, RefLock<IterState<'gc>>>,
) -> Result<'gc, Option<Value<'gc>>> {
    let call = match &mut *state.borrow_mut(ctx.mc) {
        IterState::Sequence(object, index) => {
            *index += 1;
            Call::Item(*object, *index - 1)
        }
        IterState::Reversed(object, left) if *left > 0 => {
            *left -= 1;
            Call::Item(*object, *left)
        }
        IterState::Callable(function, sentinel) => Call::Function(*function, *sentinel),
        IterState::Generator(function) => Call::Generator(*function),
        IterState::Enumerate(source, number) => Call::Enumerate(*source, *number),
        IterState::Zip(sources) => Call::Zip(*sources),
        IterState::Map(function, sources) => Call::Map(*function, *sources),
        IterState::Filter(function, source) => Call::Filter(*function, *source),
        plain => match step(ctx, plain)? {
            Some(item) => return Ok(Some(item)),
            None => Call::End,
        },
    };
    ctx.take_allowance(allowance::ITEM)?;
    let item = call.run(ctx, state)?;
    if item.is_none() && !matches!(call, Call::Zip(_) | Call::Map(..) | Call::Filter(..)) {
        *state.borrow_mut(ctx.mc) = IterState::Exhausted;
    }
    Ok(item)
}

/// What a step of an iterator calls.
#[derive(Clone, Copy)]
enum Call<'gc> {
    Item(Value<'gc>, i64),
    Function(Value<'gc>, Value<'gc>),
    Generator(Value<'gc>),
    Enumerate(Value<'gc>, Value<'gc>),
    Zip(Tuple<'gc>),
    Map(Value<'gc>, Tuple<'gc>),
    Filter(Value<'gc>, Value<'gc>),
    End,
}

impl<'gc> Call<'gc> {
    fn run(
        self,
        ctx: Context<'gc>,
        state: Gc<'gc, RefLock<IterState<'gc>>>,
    ) -> Result<'gc, Option<Value<'gc>>> {
        match self {
            Self::Item(object, index) => match object.get_item(ctx, index) {
                Err(error) if error.is(ctx, &exc::INDEX_ERROR) => Ok(None),
                result => end_at_stop(ctx, result),
            },
            Self::Function(function, sentinel) => match end_at_stop(ctx, function.call(ctx, ()))? {
                Some(item) if item.equals(ctx, sentinel)? => Ok(None),
                item => Ok(item),
            },
            Self::Generator(function) => end_at_stop(ctx, function.call(ctx, ())),
            Self::Enumerate(source, number) => {
                let Some(item) = pull(ctx, source)? else { return Ok(None) };
                let next = match number {
                    Value::Int(it) if it < i64::MAX => Value::Int(it + 1),
                    other => Value::int(ctx, other.to::<BigInt>(ctx)? + 1),
                };
                *state.borrow_mut(ctx.mc) = IterState::Enumerate(source, next);
                Ok(Some(Tuple::new(ctx, &[number, item]).into()))
            }
            Self::Zip(sources) => {
                Ok(pull_each(ctx, sources)?.map(|items| Tuple::from_vec(ctx, items).into()))
            }
            Self::Map(function, sources) => match pull_each(ctx, sources)? {
                Some(items) => function.call(ctx, items.as_slice()).map(Some),
                None => Ok(None),
            },
            Self::Filter(function, source) => {
                while let Some(item) = pull(ctx, source)? {
                    let accepted = match function {
                        Value::None => item.truth(ctx)?,
                        function => function.call(ctx, (item,))?.truth(ctx)?,
                    };
                    if accepted {
                        return Ok(Some(item));
                    }
                }
                Ok(None)
            }
            Self::End => Ok(None),
        }
    }
}

/// The next item of an iterator inside of another: iterators may nest without end.
fn pull<'gc>(ctx: Context<'gc>, source: Value<'gc>) -> Result<'gc, Option<Value<'gc>>> {
    ctx.deeper(|| source.as_iterator(ctx)?.next(ctx))
}

/// The next item of each iterator; without any, or when one has ended, there is none.
fn pull_each<'gc>(ctx: Context<'gc>, sources: Tuple<'gc>) -> Result<'gc, Option<Vec<Value<'gc>>>> {
    let mut items = Vec::with_capacity(sources.len());
    for &source in sources.as_slice() {
        match pull(ctx, source)? {
            Some(item) => items.push(item),
            None => return Ok(None),
        }
    }
    Ok((!items.is_empty()).then_some(items))
}

/// Steps an iterator that calls nothing.
fn step<'gc>(ctx: Context<'gc>, state: &mut IterState<'gc>) -> Result<'gc, Option<Value<'gc>>> {
    Ok(match state {
        IterState::List(list, at) => advance(at, list.get(*at)),
        IterState::ListReversed(list, left) => {
            let item = left.checked_sub(1).and_then(|at| list.get(at));
            *left = if item.is_some() { *left - 1 } else { 0 };
            item
        }
        IterState::Tuple(tuple, at) => advance(at, tuple.as_slice().get(*at).copied()),
        IterState::ByteArray(bytes, at) => {
            ctx.take_allowance(allowance::ITEM)?;
            let item = bytes.with(|bytes| bytes.get(*at).copied());
            advance(at, item.map(|byte| Value::Int(byte.into())))
        }
        IterState::Bytes(bytes, at) if ctx.dialect() == Dialect::Python2 => {
            ctx.take_allowance(allowance::OBJECT)?;
            let item = bytes.as_slice().get(*at).map(|&byte| Bytes::new(ctx, &[byte]).into());
            advance(at, item)
        }
        IterState::Bytes(bytes, at) => {
            ctx.take_allowance(allowance::ITEM)?;
            let item = bytes.as_slice().get(*at).map(|&byte| Value::Int(byte.into()));
            advance(at, item)
        }
        IterState::Unicode(text, at) => {
            ctx.take_allowance(allowance::OBJECT)?;
            next_character(ctx, *text, at)
        }
        IterState::Range(range, at) => {
            ctx.take_allowance(allowance::ITEM)?;
            let item = range.get(*at).map(Value::Int);
            *at = at.saturating_add(1);
            item
        }
        IterState::Dict { dict, position, length, part } => {
            if dict.len() != *length {
                return Err(changed("dictionary changed size during iteration"));
            }
            if *part == DictPart::Items {
                ctx.take_allowance(allowance::OBJECT)?;
            }
            dict.next_entry(position).map(|(key, value)| match part {
                DictPart::Keys => key,
                DictPart::Values => value,
                DictPart::Items => Tuple::new(ctx, &[key, value]).into(),
            })
        }
        IterState::Set(set, position, length) => {
            if set.len() != *length {
                return Err(changed("Set changed size during iteration"));
            }
            set.next_item(position)
        }
        IterState::FrozenSet(set, position) => set.next_item(position),
        // The others call code, or have ended.
        _ => None,
    })
}

fn advance<'gc>(at: &mut usize, item: Option<Value<'gc>>) -> Option<Value<'gc>> {
    *at = at.saturating_add(1);
    item
}

fn next_character<'gc>(
    ctx: Context<'gc>,
    text: Unicode<'gc>,
    at: &mut usize,
) -> Option<Value<'gc>> {
    let rest = text.as_generalised_utf8().get(*at..)?;
    let length = 1 + rest.iter().skip(1).take_while(|&&byte| byte & 0xC0 == 0x80).count();
    let character = rest.get(..length)?;
    *at += length;
    Some(Unicode::from_valid(ctx, character).into())
}

#[cold]
fn changed<'gc>(message: &'static str) -> Error<'gc> {
    Error::new(&exc::RUNTIME_ERROR, message)
}
