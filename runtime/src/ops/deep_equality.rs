//! Equality of nested containers, without Rust's stack.

use std::collections::HashSet;

use gc_arena::RefLock;
use smallvec::SmallVec;

use super::equality::{by_hooks, plain_equality};
use super::number::Number;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::Result;
use crate::types::{Bytes, Dict, List, Range, Table};
use crate::value::Value;

/// Comparisons of containers in one operation before pairs found equal are noted: from here on a pair that is met
/// again, as in graphs with much sharing, is not compared again.
const UNNOTED: usize = 64;

/// One `==` under way.
pub(super) struct Comparison<'gc> {
    ctx: Context<'gc>,
    frames: Vec<Frame<'gc>>,
    equal: HashSet<(usize, usize)>,
    n_compared: usize,
    /// The depth that may not be exceeded.
    limit: usize,
}

/// Two containers whose contents are being compared.
struct Frame<'gc> {
    /// The addresses of both.
    pair: (usize, usize),
    parts: Parts<'gc>,
}

enum Parts<'gc> {
    Items { left: Items<'gc>, right: Items<'gc>, at: usize },
    Pairs { pairs: SmallVec<[(Value<'gc>, Value<'gc>); 3]>, at: usize },
    Keys(Keys<'gc>),
}

/// The items of a list or tuple; a list may change while it is compared.
#[derive(Clone, Copy)]
enum Items<'gc> {
    Tuple(&'gc [Value<'gc>]),
    List(List<'gc>),
}

impl<'gc> Items<'gc> {
    fn get(self, at: usize) -> Option<Value<'gc>> {
        match self {
            Self::Tuple(items) => items.get(at).copied(),
            Self::List(list) => list.get(at),
        }
    }

    fn len(self) -> usize {
        match self {
            Self::Tuple(items) => items.len(),
            Self::List(list) => list.len(),
        }
    }
}

/// A key with its hash in the table, and its value if the table is a dict's.
type Entry<'gc> = (u64, Value<'gc>, Option<Value<'gc>>);

/// Dicts or sets: each key of one is looked for in the other.
struct Keys<'gc> {
    entries: Vec<Entry<'gc>>,
    at: usize,
    other: Value<'gc>,
    /// Keys of the other that may equal the one looked for, with their values, the next one last.
    candidates: Vec<Candidate<'gc>>,
    /// What is being compared now.
    comparing: Comparing<'gc>,
}

enum Comparing<'gc> {
    Nothing,
    /// A key with a candidate, of which this is the value.
    Key(Option<Value<'gc>>),
    Value,
}

/// What a comparison needs next.
enum Step<'gc> {
    Compare(Value<'gc>, Value<'gc>),
    Decided(bool),
}

impl<'gc> Comparison<'gc> {
    pub(super) fn new(ctx: Context<'gc>) -> Self {
        let limit = ctx.recursion_limit().saturating_sub(ctx.depth());
        Self { ctx, frames: Vec::new(), equal: HashSet::new(), n_compared: 0, limit }
    }

    /// Compares the contents of two objects, past hooks of their classes; the items' hooks are asked.
    pub(super) fn contents(mut self, a: Value<'gc>, b: Value<'gc>) -> Result<'gc, bool> {
        match self.open_contents(a, b)? {
            Some(equal) => Ok(equal),
            None => self.run(),
        }
    }

    /// Returns the first items of two lists or tuples that differ; `None` if one begins with all of the other.
    ///
    /// Where exact lists or tuples stand inside each other, the innermost items that differ are returned.
    pub(super) fn first_difference(
        mut self,
        a: Value<'gc>,
        b: Value<'gc>,
    ) -> Result<'gc, Option<(Value<'gc>, Value<'gc>)>> {
        let (Some(left), Some(right)) = (items_of(a), items_of(b)) else {
            return Ok(Some((a, b)));
        };
        self.push(a, b, Parts::Items { left, right, at: 0 })?;
        let mut verdict = None;
        loop {
            if verdict == Some(false) {
                return Ok(self.innermost_items());
            }
            verdict = self.step(verdict)?;
            if self.frames.is_empty() {
                return Ok(None);
            }
        }
    }

    /// The items at which the frames stand, from the outside in, as far as those are of lists or tuples.
    fn innermost_items(&self) -> Option<(Value<'gc>, Value<'gc>)> {
        let mut found = None;
        for frame in &self.frames {
            let Parts::Items { left, right, at } = &frame.parts else { break };
            if let Some((a, b)) = found
                && !(is_exact_sequence(a) && is_exact_sequence(b))
            {
                break;
            }
            found = left.get(*at).zip(right.get(*at));
        }
        found
    }

    fn run(&mut self) -> Result<'gc, bool> {
        let mut verdict = None;
        loop {
            verdict = self.step(verdict)?;
            if let (Some(equal), true) = (verdict, self.frames.is_empty()) {
                return Ok(equal);
            }
        }
    }

    /// Goes on with the innermost frame, which gets the verdict on what it asked for last.
    fn step(&mut self, verdict: Option<bool>) -> Result<'gc, Option<bool>> {
        let ctx = self.ctx;
        let Some(frame) = self.frames.last_mut() else {
            return Ok(verdict);
        };
        match frame.parts.resume(ctx, verdict) {
            Step::Compare(a, b) => self.open(a, b),
            Step::Decided(equal) => {
                self.n_compared += 1;
                if equal && self.n_compared > UNNOTED {
                    self.equal.insert(frame.pair);
                }
                self.frames.pop();
                Ok(Some(equal))
            }
        }
    }

    /// Compares two items; `None` if a frame was pushed for them.
    fn open(&mut self, a: Value<'gc>, b: Value<'gc>) -> Result<'gc, Option<bool>> {
        if let Some(equal) = plain_equality(self.ctx, a, b) {
            return Ok(Some(equal));
        }
        match by_hooks(self.ctx, a, b)? {
            Some(equal) => Ok(Some(equal)),
            None => self.open_contents(a, b),
        }
    }

    fn open_contents(&mut self, a: Value<'gc>, b: Value<'gc>) -> Result<'gc, Option<bool>> {
        let (x, y) = (a.content(), b.content());
        if let (Some(x), Some(y)) = (Number::of(x), Number::of(y)) {
            return Ok(Some(x.equals(y)));
        }
        if let (Some(x), Some(y)) = (x.addr(), y.addr())
            && self.equal.contains(&(x, y))
        {
            return Ok(Some(true));
        }
        let parts = match parts_of(self.ctx, x, y) {
            Ok(parts) => parts,
            Err(equal) => return Ok(Some(equal)),
        };
        self.push(x, y, parts)?;
        Ok(None)
    }

    fn push(&mut self, a: Value<'gc>, b: Value<'gc>, parts: Parts<'gc>) -> Result<'gc, ()> {
        if self.frames.len() >= self.limit {
            return Err(self.ctx.too_deep_comparing());
        }
        let pair = (a.addr().unwrap_or(0), b.addr().unwrap_or(0));
        self.frames.push(Frame { pair, parts });
        Ok(())
    }
}

fn is_exact_sequence(value: Value<'_>) -> bool {
    matches!(value, Value::List(_) | Value::Tuple(_))
}

fn items_of<'gc>(value: Value<'gc>) -> Option<Items<'gc>> {
    match value.content() {
        Value::List(list) => Some(Items::List(list)),
        Value::Tuple(tuple) => Some(Items::Tuple(tuple.as_slice())),
        _ => None,
    }
}

/// Takes two contents apart; a verdict instead if no item needs to be looked at.
fn parts_of<'gc>(
    ctx: Context<'gc>,
    a: Value<'gc>,
    b: Value<'gc>,
) -> std::result::Result<Parts<'gc>, bool> {
    match (a, b) {
        (Value::List(_), Value::List(_)) | (Value::Tuple(_), Value::Tuple(_)) => {
            let (Some(left), Some(right)) = (items_of(a), items_of(b)) else { return Err(false) };
            if left.len() != right.len() {
                return Err(false);
            }
            Ok(Parts::Items { left, right, at: 0 })
        }
        (Value::Dict(left), Value::Dict(right)) => {
            Keys::of(dict_entries(left), right.len(), b).map(Parts::Keys)
        }
        (Value::Set(_) | Value::FrozenSet(_), Value::Set(_) | Value::FrozenSet(_)) => {
            Keys::of(set_entries(a), set_entries(b).len(), b).map(Parts::Keys)
        }
        (Value::Slice(a), Value::Slice(b)) => {
            Ok(Parts::pairs([(a.start(), b.start()), (a.stop(), b.stop()), (a.step(), b.step())]))
        }
        (Value::Method(a), Value::Method(b)) => match (a.receiver(), b.receiver()) {
            (Some(x), Some(y)) => Ok(Parts::pairs([(x, y), (a.function(), b.function())])),
            (None, None) => Ok(Parts::pairs([(a.function(), b.function())])),
            _ => Err(false),
        },
        (Value::ByteArray(a), Value::ByteArray(b)) => {
            Err(a.is(b) || a.with(|a| b.with(|b| a == b)))
        }
        (Value::ByteArray(array), Value::Bytes(bytes))
        | (Value::Bytes(bytes), Value::ByteArray(array)) => Err(equal_bytes(array, bytes)),
        (Value::Range(a), Value::Range(b)) => Err(equal_ranges(ctx, a, b)),
        (Value::Builtin(a), Value::Builtin(b)) => Err(a.is_same_method(b)),
        _ => Err(plain_equality(ctx, a, b).unwrap_or(false)),
    }
}

fn equal_bytes<'gc>(array: crate::types::ByteArray<'gc>, bytes: Bytes<'gc>) -> bool {
    array.with(|array| array == bytes.as_slice())
}

/// Python 3 compares ranges as sequences; Python 2's `xrange` equals only itself.
fn equal_ranges<'gc>(ctx: Context<'gc>, a: Range<'gc>, b: Range<'gc>) -> bool {
    if ctx.dialect() == Dialect::Python2 {
        return a.is(b);
    }
    let length = a.len();
    length == b.len()
        && (length == 0 || a.start() == b.start())
        && (length <= 1 || a.step() == b.step())
}

pub(super) fn dict_entries<'gc>(dict: Dict<'gc>) -> Vec<Entry<'gc>> {
    dict.0.borrow().iter_hashed().map(|(hash, key, value)| (hash, key, Some(value))).collect()
}

pub(super) fn set_entries<'gc>(set: Value<'gc>) -> Vec<Entry<'gc>> {
    let of_table = |table: &RefLock<Table<'gc, ()>>| {
        table.borrow().iter_hashed().map(|(hash, item, ())| (hash, item, None)).collect()
    };
    match set {
        Value::Set(set) => of_table(&set.0),
        Value::FrozenSet(set) => of_table(&set.0),
        _ => Vec::new(),
    }
}

impl<'gc> Parts<'gc> {
    fn pairs(pairs: impl IntoIterator<Item = (Value<'gc>, Value<'gc>)>) -> Self {
        Self::Pairs { pairs: pairs.into_iter().collect(), at: 0 }
    }

    /// Says what to compare next, given the verdict on what was asked for before.
    fn resume(&mut self, ctx: Context<'gc>, verdict: Option<bool>) -> Step<'gc> {
        match self {
            Self::Items { left, right, at } => {
                match verdict {
                    Some(false) => return Step::Decided(false),
                    Some(true) => *at += 1,
                    None => {}
                }
                match (left.get(*at), right.get(*at)) {
                    (Some(a), Some(b)) => Step::Compare(a, b),
                    // A list may have changed its length meanwhile.
                    (a, b) => Step::Decided(a.is_none() && b.is_none()),
                }
            }
            Self::Pairs { pairs, at } => {
                match verdict {
                    Some(false) => return Step::Decided(false),
                    Some(true) => *at += 1,
                    None => {}
                }
                match pairs.get(*at) {
                    Some(&(a, b)) => Step::Compare(a, b),
                    None => Step::Decided(true),
                }
            }
            Self::Keys(keys) => keys.resume(ctx, verdict),
        }
    }
}

impl<'gc> Keys<'gc> {
    fn of(
        entries: Vec<Entry<'gc>>,
        other_length: usize,
        other: Value<'gc>,
    ) -> std::result::Result<Self, bool> {
        if entries.len() != other_length {
            return Err(false);
        }
        let comparing = Comparing::Nothing;
        Ok(Self { entries, at: 0, other, candidates: Vec::new(), comparing })
    }

    fn resume(&mut self, ctx: Context<'gc>, verdict: Option<bool>) -> Step<'gc> {
        let comparing = std::mem::replace(&mut self.comparing, Comparing::Nothing);
        match (comparing, verdict) {
            (Comparing::Value, Some(false)) => return Step::Decided(false),
            (Comparing::Value, _) => self.at += 1,
            (Comparing::Key(value), Some(true)) => {
                if let Some(step) = self.found(value) {
                    return step;
                }
            }
            (Comparing::Key(_), _) => return self.next_candidate(),
            (Comparing::Nothing, _) => {}
        }
        while let Some(&(hash, key, _)) = self.entries.get(self.at) {
            self.candidates = candidates(self.other, hash);
            let plain = |&(candidate, _): &(Value<'gc>, _)| {
                plain_equality(ctx, candidate, key) == Some(true)
            };
            let Some(&(_, value)) = self.candidates.iter().find(|it| plain(it)) else {
                return self.next_candidate();
            };
            if let Some(step) = self.found(value) {
                return step;
            }
        }
        Step::Decided(true)
    }

    /// The key is in the other: its values are compared next, unless these are sets.
    fn found(&mut self, other_value: Option<Value<'gc>>) -> Option<Step<'gc>> {
        let own_value = self.entries.get(self.at).and_then(|entry| entry.2);
        let (Some(a), Some(b)) = (own_value, other_value) else {
            self.at += 1;
            return None;
        };
        self.comparing = Comparing::Value;
        Some(Step::Compare(a, b))
    }

    fn next_candidate(&mut self) -> Step<'gc> {
        let Some((candidate, value)) = self.candidates.pop() else {
            return Step::Decided(false);
        };
        let Some(&(_, key, _)) = self.entries.get(self.at) else {
            return Step::Decided(false);
        };
        self.comparing = Comparing::Key(value);
        Step::Compare(candidate, key)
    }
}

/// A key, with its value if it is a dict's.
type Candidate<'gc> = (Value<'gc>, Option<Value<'gc>>);

/// The keys of a dict or set that have a hash, last one first.
fn candidates<'gc>(table: Value<'gc>, hash: u64) -> Vec<Candidate<'gc>> {
    match table {
        Value::Dict(dict) => of_hash(&dict.0.borrow(), hash, Some),
        Value::Set(set) => of_hash(&set.0.borrow(), hash, |()| None),
        Value::FrozenSet(set) => of_hash(&set.0.borrow(), hash, |()| None),
        _ => Vec::new(),
    }
}

fn of_hash<'gc, V: Copy>(
    table: &Table<'gc, V>,
    hash: u64,
    value: impl Fn(V) -> Option<Value<'gc>>,
) -> Vec<Candidate<'gc>> {
    let mut found = Vec::new();
    let _: Option<()> = table.search(hash, |at, key| {
        found.push((key, table.value_at(at).and_then(&value)));
        None
    });
    found.reverse();
    found
}
