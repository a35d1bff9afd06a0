//! `sorted(x)` and `list.sort`: a stable merge sort whose comparisons may run any code, and may raise.

use std::cmp::Ordering;

use super::arguments::{integer, named};
use crate::args::Args;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::types::List;
use crate::value::Value;

/// How to sort: `cmp` (Python 2), `key` and `reverse`.
#[derive(Clone, Copy)]
pub(super) struct Sorting<'gc> {
    compare: Value<'gc>,
    key: Value<'gc>,
    reverse: bool,
}

impl<'gc> Sorting<'gc> {
    /// Reads the arguments behind `skipped` positional ones.
    ///
    /// # Errors
    ///
    /// `TypeError` if there are too many, or a keyword is unknown or given twice.
    pub(super) fn from_args(
        ctx: Context<'gc>,
        args: &Args<'gc>,
        skipped: usize,
        function: &str,
    ) -> Result<'gc, Self> {
        let mut rest = args.clone();
        for _ in 0..skipped {
            rest.take_first();
        }
        let none = Value::None;
        let (compare, key, reverse) = match ctx.dialect() {
            Dialect::Python2 => {
                let [compare, key, reverse] = named(&rest, function, ["cmp", "key", "reverse"], 0)?;
                (compare, key, reverse)
            }
            Dialect::Python3 => {
                if skipped == 0 && !rest.positional().is_empty() {
                    let message = format!("{function}() takes no positional arguments");
                    return Err(Error::new(&exc::TYPE_ERROR, message));
                }
                let [key, reverse] = named(&rest, function, ["key", "reverse"], 0)?;
                (None, key, reverse)
            }
        };
        let reverse = reverse.map_or(Ok(0), |reverse| integer(ctx, reverse))? != 0;
        Ok(Self { compare: compare.unwrap_or(none), key: key.unwrap_or(none), reverse })
    }

    /// Returns the items sorted. Equal items keep their order, also in reverse.
    ///
    /// # Errors
    ///
    /// Whatever a key function or a comparison raises.
    pub(super) fn sort(
        self,
        ctx: Context<'gc>,
        items: Vec<Value<'gc>>,
    ) -> Result<'gc, Vec<Value<'gc>>> {
        let mut keyed = Vec::with_capacity(items.len());
        for item in items {
            let key = if self.key.is_none() { item } else { self.key.call(ctx, (item,))? };
            keyed.push((key, item));
        }
        if self.reverse {
            keyed.reverse();
        }
        self.merge_sort(ctx, &mut keyed)?;
        if self.reverse {
            keyed.reverse();
        }
        Ok(keyed.into_iter().map(|(_, item)| item).collect())
    }

    /// Sorts runs of one, two, four, ... items, so that nothing recurses.
    fn merge_sort(self, ctx: Context<'gc>, items: &mut Vec<Keyed<'gc>>) -> Result<'gc, ()> {
        let mut width = 1;
        while width < items.len() {
            let mut merged = Vec::with_capacity(items.len());
            for pair in items.chunks(width.saturating_mul(2)) {
                let (left, right) = pair.split_at(width.min(pair.len()));
                self.merge(ctx, left, right, &mut merged)?;
            }
            *items = merged;
            width = width.saturating_mul(2);
        }
        Ok(())
    }

    fn merge(
        self,
        ctx: Context<'gc>,
        mut left: &[Keyed<'gc>],
        mut right: &[Keyed<'gc>],
        merged: &mut Vec<Keyed<'gc>>,
    ) -> Result<'gc, ()> {
        while let ([first, left_rest @ ..], [second, right_rest @ ..]) = (left, right) {
            if self.less(ctx, second.0, first.0)? {
                merged.push(*second);
                right = right_rest;
            } else {
                merged.push(*first);
                left = left_rest;
            }
        }
        merged.extend_from_slice(left);
        merged.extend_from_slice(right);
        Ok(())
    }

    fn less(self, ctx: Context<'gc>, a: Value<'gc>, b: Value<'gc>) -> Result<'gc, bool> {
        if self.compare.is_none() {
            return a.less_than(ctx, b);
        }
        let order = self.compare.call(ctx, (a, b))?;
        match order.content() {
            Value::Int(_) | Value::Bool(_) | Value::Long(_) => {
                Ok(order.compare(ctx, Value::Int(0))? == Ordering::Less)
            }
            _ => {
                let message =
                    format!("comparison function must return int, not {}", order.type_name(ctx));
                Err(Error::new(&exc::TYPE_ERROR, message))
            }
        }
    }
}

/// What decides the order, and the item.
type Keyed<'gc> = (Value<'gc>, Value<'gc>);

/// Sorts a list in place. As in CPython it is empty while comparisons run, and filling it then is an error.
///
/// # Errors
///
/// `ValueError` if it was changed meanwhile; whatever a key function or a comparison raises.
pub(super) fn sort_list<'gc>(
    ctx: Context<'gc>,
    list: List<'gc>,
    sorting: Sorting<'gc>,
) -> Result<'gc, ()> {
    let items = list.update(ctx, std::mem::take);
    let sorted = sorting.sort(ctx, items.clone());
    let (items, outcome) = match sorted {
        Ok(sorted) => (sorted, Ok(())),
        Err(error) => (items, Err(error)),
    };
    let meanwhile = list.update(ctx, |list| std::mem::replace(list, items));
    if outcome.is_ok() && !meanwhile.is_empty() {
        return Err(Error::new(&exc::VALUE_ERROR, "list modified during sort"));
    }
    outcome
}
