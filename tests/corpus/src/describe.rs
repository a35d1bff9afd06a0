//! Describes the objects of a runtime, as `tests/data/live/describe.py` describes those of a CPython.

mod atom;
mod library;
mod node;

use std::collections::HashMap;

use halfsour_runtime::{Context, Result, Value};
use serde_json::{Value as Json, json};

use crate::Description;

/// Describes the graph that starts at `value`.
///
/// # Errors
/// Whatever the objects' own methods raise that are asked for their fields.
pub fn describe<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Description> {
    Walk::new(ctx, &[], Order::Kept).run(value)
}

/// Describes the graph with the pairs of every dict sorted, to compare it with that of a CPython 2.7, which orders dicts
/// by hash.
///
/// # Errors
/// As [`describe`].
pub fn describe_sorted<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Description> {
    Walk::new(ctx, &[], Order::Sorted).run(value)
}

/// Groups of occurrences of strings, by number in the order of visits, that are one object. Strings of less than two
/// characters are left out: CPython keeps one of each.
///
/// # Errors
/// As [`describe`].
pub fn same_strings<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Vec<Vec<usize>>> {
    let mut walk = Walk::new(ctx, &[], Order::Kept);
    walk.run(value)?;
    let mut groups: HashMap<usize, Vec<usize>> = HashMap::new();
    for (at, (address, length)) in walk.strings.into_iter().enumerate() {
        if length > 1 {
            groups.entry(address).or_default().push(at);
        }
    }
    let mut groups: Vec<_> = groups.into_values().filter(|group| group.len() > 1).collect();
    groups.sort();
    Ok(groups)
}

/// The order of a dict's pairs.
#[derive(Clone, Copy, PartialEq)]
enum Order {
    Kept,
    Sorted,
}

/// One walk through a graph, breadth first.
struct Walk<'gc> {
    ctx: Context<'gc>,
    order: Order,
    /// The containers around this walk whose members it helps to sort.
    opaque: Vec<usize>,
    numbers: HashMap<usize, usize>,
    met: Vec<Value<'gc>>,
    /// Address and length of every string, in the order of visits.
    strings: Vec<(usize, usize)>,
}

impl<'gc> Walk<'gc> {
    fn new(ctx: Context<'gc>, opaque: &[usize], order: Order) -> Self {
        let opaque = opaque.to_vec();
        Self { ctx, order, opaque, numbers: HashMap::new(), met: Vec::new(), strings: Vec::new() }
    }

    fn run(&mut self, root: Value<'gc>) -> Result<'gc, Description> {
        let root = self.child(root)?;
        let mut nodes = Vec::new();
        while let Some(&value) = self.met.get(nodes.len()) {
            let mut node = self.node(value)?;
            node["id"] = json!(nodes.len());
            nodes.push(node);
        }
        Ok(Description { root, nodes })
    }

    /// An atom, or the number of an object.
    fn child(&mut self, value: Value<'gc>) -> Result<'gc, Json> {
        if let Some(atom) = self.atom(value)? {
            return Ok(atom);
        }
        let address = value.addr().unwrap_or_default();
        let next = self.met.len();
        let number = *self.numbers.entry(address).or_insert(next);
        if number == next {
            self.met.push(value);
        }
        Ok(json!(number))
    }

    fn children(&mut self, values: &[Value<'gc>]) -> Result<'gc, Json> {
        let children = values.iter().map(|value| self.child(*value));
        Ok(Json::Array(children.collect::<Result<'gc, _>>()?))
    }

    /// The pairs of a dict, or of the `__dict__` of an object.
    fn pairs(
        &mut self,
        owner: Value<'gc>,
        mut entries: Vec<(Value<'gc>, Value<'gc>)>,
    ) -> Result<'gc, Json> {
        if self.order == Order::Sorted {
            entries = self.ranked(owner, entries, |(key, _)| *key)?;
        }
        let pairs = entries.iter().map(|(key, value)| self.children(&[*key, *value]));
        Ok(Json::Array(pairs.collect::<Result<'gc, _>>()?))
    }

    /// Items of a container in the order of the canonical texts of the descriptions of their keys.
    fn ranked<T>(
        &self,
        owner: Value<'gc>,
        items: Vec<T>,
        key: impl Fn(&T) -> Value<'gc>,
    ) -> Result<'gc, Vec<T>> {
        let mut opaque = self.opaque.clone();
        opaque.extend(owner.addr());
        let mut ranked = Vec::with_capacity(items.len());
        for item in items {
            let description = Walk::new(self.ctx, &opaque, self.order).run(key(&item))?;
            ranked.push((description.canonical_text(), item));
        }
        ranked.sort_by(|(one, _), (other, _)| one.cmp(other));
        Ok(ranked.into_iter().map(|(_, item)| item).collect())
    }
}
