//! `<`, `<=`, `!=`, `>=`, `>`, and Python 2's `cmp()`.
//!
//! Source of the rules: the Python documentation, "Basic customization" (`__lt__`, `__cmp__`), "Coercion rules" and
//! "Comparisons"; the order of the attempts was measured on 2.7.18.

use std::cmp::Ordering;

use super::content_order;
use super::equality::comparable;
use super::hooks::{may_have_hooks, own_hook};
use super::number::Number;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::name::Name;
use crate::value::Value;

/// A comparison operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `<`.
    Less,
    /// `<=`.
    LessEqual,
    /// `==`.
    Equal,
    /// `!=`.
    NotEqual,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterEqual,
}

impl Operator {
    /// Returns the operator as Python writes it.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
        }
    }

    /// Returns the operator that says the same with the operands changed over.
    #[must_use]
    pub const fn swapped(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessEqual => Self::GreaterEqual,
            Self::Greater => Self::Less,
            Self::GreaterEqual => Self::LessEqual,
            same => same,
        }
    }

    /// Returns whether the operator holds between operands in this order.
    #[must_use]
    pub const fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Less => order.is_lt(),
            Self::LessEqual => order.is_le(),
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Greater => order.is_gt(),
            Self::GreaterEqual => order.is_ge(),
        }
    }

    fn name(self, ctx: Context<'_>) -> Name<'_> {
        let names = ctx.names();
        match self {
            Self::Less => names.lt,
            Self::LessEqual => names.le,
            Self::Equal => names.eq,
            Self::NotEqual => names.ne,
            Self::Greater => names.gt,
            Self::GreaterEqual => names.ge,
        }
    }
}

/// What a step of a comparison gives: the result, or the objects on which it now depends.
pub(super) enum Step<'gc, T> {
    Decided(T),
    Compare(Value<'gc>, Value<'gc>),
}

impl<'gc> Value<'gc> {
    /// Returns what a comparison operator gives, which is whatever a class's special method returns.
    ///
    /// # Errors
    ///
    /// `TypeError` if the objects have no order; whatever a class's special method raises.
    ///
    /// # Examples
    ///
    /// ```
    /// use halfsour_runtime::{Operator, Runtime, Value};
    ///
    /// let mut runtime = Runtime::python2();
    /// runtime.try_enter(|ctx| {
    ///     let less = Value::Int(1).rich_compare(ctx, Value::Float(1.5), Operator::Less)?;
    ///     assert!(less.is(Value::Bool(true)));
    ///     Ok(())
    /// })?;
    /// # Ok::<(), halfsour_runtime::Uncaught>(())
    /// ```
    pub fn rich_compare(
        self,
        ctx: Context<'gc>,
        other: Value<'gc>,
        operator: Operator,
    ) -> Result<'gc> {
        let (mut a, mut b) = (self, other);
        loop {
            match ask(ctx, a, b, operator)? {
                Some(Answer::Object(result)) => return Ok(result),
                Some(Answer::ByContent) | None => {}
            }
            match content_order::rich_step(ctx, a, b, operator)? {
                Step::Decided(Some(result)) => return Ok(Value::Bool(result)),
                Step::Decided(None) => return default_result(ctx, a, b, operator),
                Step::Compare(x, y) => (a, b) = (x, y),
            }
        }
    }

    /// Returns whether this object is less than another (Python's `a < b`, as a truth value).
    ///
    /// # Errors
    ///
    /// As [`rich_compare`](Self::rich_compare).
    pub fn less_than(self, ctx: Context<'gc>, other: Value<'gc>) -> Result<'gc, bool> {
        self.rich_compare(ctx, other, Operator::Less)?.truth(ctx)
    }

    /// Returns the order of two objects (Python 2's `cmp(a, b)`): any two objects have one, unless a type refuses.
    ///
    /// In Python 3, which has no `cmp`, it is what `==`, `<` and `>` say.
    ///
    /// # Errors
    ///
    /// `TypeError` if a type refuses, or in Python 3 if the objects have no order; whatever a class's special method
    /// raises.
    pub fn compare(self, ctx: Context<'gc>, other: Value<'gc>) -> Result<'gc, Ordering> {
        let (mut a, mut b) = (self, other);
        loop {
            if a.is(b) {
                return Ok(Ordering::Equal);
            }
            if may_have_hooks(a) || may_have_hooks(b) || ctx.dialect() == Dialect::Python3 {
                return compare_with_hooks(ctx, a, b);
            }
            match content_order::three_way_step(ctx, a, b)? {
                Step::Decided(Some(order)) => return Ok(order),
                Step::Decided(None) => return Ok(default_order(ctx, a, b)),
                Step::Compare(x, y) => (a, b) = (x, y),
            }
        }
    }
}

/// Compares the built-in contents of two objects, whatever their classes say: what `list.__lt__(a, b)` gives.
/// `None` is `NotImplemented`: contents of these types are not ordered.
///
/// # Errors
///
/// Whatever comparing the items raises.
pub(crate) fn content_compare<'gc>(
    ctx: Context<'gc>,
    a: Value<'gc>,
    b: Value<'gc>,
    operator: Operator,
) -> Result<'gc, Option<Value<'gc>>> {
    if !comparable(a, b) {
        return Ok(None);
    }
    match content_order::rich_step(ctx, a, b, operator)? {
        Step::Decided(result) => Ok(result.map(Value::Bool)),
        Step::Compare(x, y) => x.rich_compare(ctx, y, operator).map(Some),
    }
}

/// Returns the order of the built-in contents of two objects: what Python 2's `dict.__cmp__(a, b)` gives.
///
/// # Errors
///
/// Whatever comparing the items raises.
pub(crate) fn content_three_way<'gc>(
    ctx: Context<'gc>,
    a: Value<'gc>,
    b: Value<'gc>,
) -> Result<'gc, Ordering> {
    match content_order::three_way_step(ctx, a, b)? {
        Step::Decided(order) => Ok(order.unwrap_or_else(|| default_order(ctx, a, b))),
        Step::Compare(x, y) => x.compare(ctx, y),
    }
}

/// What the classes of two objects say.
pub(super) enum Answer<'gc> {
    Object(Value<'gc>),
    /// A built-in type's own comparison decides.
    ByContent,
}

/// Asks the classes of two objects for an operator, Python 2's `__cmp__` included.
fn ask<'gc>(
    ctx: Context<'gc>,
    a: Value<'gc>,
    b: Value<'gc>,
    operator: Operator,
) -> Result<'gc, Option<Answer<'gc>>> {
    if !may_have_hooks(a) && !may_have_hooks(b) {
        return Ok(None);
    }
    if let Some(answer) = ask_rich(ctx, a, b, operator)? {
        return Ok(Some(answer));
    }
    if ctx.dialect() == Dialect::Python3 {
        return Ok(None);
    }
    let order = ask_cmp(ctx, a, b)?;
    Ok(order.map(|order| Answer::Object(Value::Bool(operator.holds(order)))))
}

/// Asks the special methods of an operator: a subclass before its base, the left operand before the right one.
/// `None` if nobody answers.
pub(super) fn ask_rich<'gc>(
    ctx: Context<'gc>,
    a: Value<'gc>,
    b: Value<'gc>,
    operator: Operator,
) -> Result<'gc, Option<Answer<'gc>>> {
    let (a_type, b_type) = (a.type_of(ctx), b.type_of(ctx));
    let mut attempts = [(a, b, operator), (b, a, operator.swapped())];
    if !a_type.is(b_type) && b_type.is_subclass_of(a_type) {
        attempts.reverse();
    }
    for (receiver, other, operator) in attempts {
        if let Some(result) = ask_one(ctx, receiver, other, operator)? {
            if !matches!(result, Value::NotImplemented) {
                return Ok(Some(Answer::Object(result)));
            }
        } else if has_rich_content(ctx, receiver, other, operator) {
            return Ok(Some(Answer::ByContent));
        }
    }
    Ok(None)
}

/// Calls the special method of an operator; `None` if the class has none of its own.
fn ask_one<'gc>(
    ctx: Context<'gc>,
    receiver: Value<'gc>,
    other: Value<'gc>,
    operator: Operator,
) -> Result<'gc, Option<Value<'gc>>> {
    if let Some(hook) = own_hook(ctx, receiver, operator.name(ctx))? {
        return hook.call(ctx, (other,)).map(Some);
    }
    // Python 3: without a __ne__, it is the opposite of __eq__.
    if operator == Operator::NotEqual && ctx.dialect() == Dialect::Python3 {
        let Some(hook) = own_hook(ctx, receiver, ctx.names().eq)? else {
            return Ok(None);
        };
        return match hook.call(ctx, (other,))? {
            Value::NotImplemented => Ok(Some(Value::NotImplemented)),
            equal => Ok(Some(Value::Bool(!equal.truth(ctx)?))),
        };
    }
    Ok(None)
}

/// Whether the built-in contents answer the operator themselves. In Python 2 ints, slices, and dicts for their order,
/// are compared only by their kind of `__cmp__`, which a subclass's `__cmp__` goes before.
fn has_rich_content<'gc>(
    ctx: Context<'gc>,
    a: Value<'gc>,
    b: Value<'gc>,
    operator: Operator,
) -> bool {
    let is_integer =
        |value: Value<'gc>| matches!(Number::of(value), Some(Number::Int(_) | Number::Long(_)));
    let by_cmp = ctx.dialect() == Dialect::Python2
        && match a.content() {
            Value::Slice(_) => true,
            Value::Dict(_) => !matches!(operator, Operator::Equal | Operator::NotEqual),
            content => is_integer(content) && is_integer(b.content()),
        };
    !by_cmp && comparable(a, b)
}

/// Asks `__cmp__` of the classes of two objects; `None` if neither has one or answers.
pub(super) fn ask_cmp<'gc>(
    ctx: Context<'gc>,
    a: Value<'gc>,
    b: Value<'gc>,
) -> Result<'gc, Option<Ordering>> {
    if is_classic(a) || is_classic(b) {
        return ask_classic_cmp(ctx, a, b);
    }
    let name = ctx.names().cmp;
    let (of_a, of_b) = (own_hook(ctx, a, name)?, own_hook(ctx, b, name)?);
    if of_a.is_none() && of_b.is_none() {
        return Ok(None);
    }
    if let Some(hook) = of_a
        && let Some(order) = three_way_result(ctx, a, hook.call(ctx, (b,))?)?
    {
        return Ok(Some(order));
    }
    if let Some(hook) = of_b
        && let Some(order) = three_way_result(ctx, b, hook.call(ctx, (a,))?)?
    {
        return Ok(Some(order.reverse()));
    }
    Ok(Some(a.addr().cmp(&b.addr())))
}

fn is_classic(value: Value<'_>) -> bool {
    matches!(value, Value::ClassicInstance(_))
}

fn ask_classic_cmp<'gc>(
    ctx: Context<'gc>,
    a: Value<'gc>,
    b: Value<'gc>,
) -> Result<'gc, Option<Ordering>> {
    let (a, b) = coerce(ctx, a, b)?;
    if !is_classic(a) && !is_classic(b) {
        return ctx.deeper(|| a.compare(ctx, b)).map(Some);
    }
    for (receiver, other, is_swapped) in [(a, b, false), (b, a, true)] {
        if !is_classic(receiver) {
            continue;
        }
        if let Some(hook) = receiver.find_attr(ctx, ctx.names().cmp)?
            && let Some(order) = three_way_result(ctx, receiver, hook.call(ctx, (other,))?)?
        {
            return Ok(Some(if is_swapped { order.reverse() } else { order }));
        }
    }
    Ok(None)
}

/// Lets the `__coerce__` of a classic instance change the operands.
pub(crate) fn coerce<'gc>(
    ctx: Context<'gc>,
    a: Value<'gc>,
    b: Value<'gc>,
) -> Result<'gc, (Value<'gc>, Value<'gc>)> {
    for (receiver, other, is_swapped) in [(a, b, false), (b, a, true)] {
        if !is_classic(receiver) {
            continue;
        }
        let Some(hook) = receiver.find_attr(ctx, ctx.names().coerce)? else { continue };
        match hook.call(ctx, (other,))? {
            Value::None | Value::NotImplemented => {}
            Value::Tuple(pair) => match *pair.as_slice() {
                [a, b] => return Ok(if is_swapped { (b, a) } else { (a, b) }),
                _ => return Err(no_pair()),
            },
            _ => return Err(no_pair()),
        }
    }
    Ok((a, b))
}

#[cold]
fn no_pair<'gc>() -> Error<'gc> {
    Error::new(&exc::TYPE_ERROR, "coercion should return None or 2-tuple")
}

/// Reads what `__cmp__` returned; `None` is `NotImplemented`.
fn three_way_result<'gc>(
    ctx: Context<'gc>,
    receiver: Value<'gc>,
    result: Value<'gc>,
) -> Result<'gc, Option<Ordering>> {
    if let Value::NotImplemented = result {
        return Ok(None);
    }
    match Number::of(result.content()) {
        Some(number @ (Number::Int(_) | Number::Long(_))) => Ok(number.order(Number::Int(0))),
        _ if is_classic(receiver) => {
            Err(Error::new(&exc::TYPE_ERROR, "comparison did not return an int"))
        }
        _ => Err(crate::ops::index::integer_required(ctx, result)),
    }
}

/// `cmp` where a class may have something to say.
fn compare_with_hooks<'gc>(
    ctx: Context<'gc>,
    a: Value<'gc>,
    b: Value<'gc>,
) -> Result<'gc, Ordering> {
    let is_python2 = ctx.dialect() == Dialect::Python2;
    if is_python2
        && a.type_of(ctx).is(b.type_of(ctx))
        && let Some(order) = ask_cmp(ctx, a, b)?
    {
        return Ok(order);
    }
    let attempts = [
        (Operator::Equal, Ordering::Equal),
        (Operator::Less, Ordering::Less),
        (Operator::Greater, Ordering::Greater),
    ];
    for (operator, order) in attempts {
        if is_python2 {
            let result = match ask_rich(ctx, a, b, operator)? {
                Some(Answer::Object(result)) => result,
                Some(Answer::ByContent) => {
                    content_compare(ctx, a, b, operator)?.unwrap_or(Value::Bool(false))
                }
                None => continue,
            };
            if result.truth(ctx)? {
                return Ok(order);
            }
        } else if a.rich_compare(ctx, b, operator)?.truth(ctx)? {
            return Ok(order);
        }
    }
    if is_python2 {
        if let Some(order) = ask_cmp(ctx, a, b)? {
            return Ok(order);
        }
        if comparable(a, b) {
            return content_three_way(ctx, a, b);
        }
    }
    Ok(default_order(ctx, a, b))
}

/// The answer to an operator that no type has: Python 2 orders any two objects, Python 3 refuses.
fn default_result<'gc>(
    ctx: Context<'gc>,
    a: Value<'gc>,
    b: Value<'gc>,
    operator: Operator,
) -> Result<'gc> {
    match operator {
        Operator::Equal => Ok(Value::Bool(a.is(b))),
        Operator::NotEqual => Ok(Value::Bool(!a.is(b))),
        _ if ctx.dialect() == Dialect::Python2 => {
            Ok(Value::Bool(operator.holds(default_order(ctx, a, b))))
        }
        _ => {
            let message = format!(
                "'{}' not supported between instances of '{}' and '{}'",
                operator.symbol(),
                a.type_name(ctx),
                b.type_name(ctx)
            );
            Err(Error::new(&exc::TYPE_ERROR, message))
        }
    }
}

/// Python 2's order of objects whose types do not compare: None, numbers, then by type name, at last by address.
pub(super) fn default_order<'gc>(ctx: Context<'gc>, a: Value<'gc>, b: Value<'gc>) -> Ordering {
    let (a_type, b_type) = (a.type_of(ctx), b.type_of(ctx));
    if a_type.is(b_type) {
        return a.addr().cmp(&b.addr());
    }
    if a.is_none() || b.is_none() {
        return b.is_none().cmp(&a.is_none());
    }
    let name = |value: Value<'gc>| match is_like_number(ctx, value) {
        true => String::new(),
        false => value.type_name(ctx),
    };
    name(a).cmp(&name(b)).then_with(|| a_type.addr().cmp(&b_type.addr()))
}

/// Whether the type can be converted to a number, which puts it before others.
fn is_like_number<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> bool {
    let class = value.type_of(ctx);
    Number::of(value.content()).is_some()
        || is_classic(value)
        || (may_have_hooks(value)
            && (class.lookup(ctx, ctx.names().int).is_some()
                || class.lookup(ctx, "__float__").is_some()))
}
