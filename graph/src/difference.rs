//! [`difference`]: two graphs compared up to isomorphism.

use std::collections::HashMap;
use std::fmt;

use halfsour_runtime::{Context, Result, Value};

use crate::edges::{Edge, edges};
use crate::path::{Path, Step};
use crate::shown::{self, class_name, is_atom};
use crate::tree::is_data;
use halfsour_pickle::{Opaque, OpaqueGlobal};

/// Compares two graphs: types, values, parts, and which objects are shared where. The entries of dicts may be in another
/// order, and strings and numbers need not be the same objects.
///
/// # Errors
///
/// As [`edges`]; what comparing two objects of a type in native code raises.
pub fn difference<'gc>(
    ctx: Context<'gc>,
    left: Value<'gc>,
    right: Value<'gc>,
) -> Result<'gc, Vec<Difference>> {
    Comparison::new().compare(ctx, left, right)
}

/// How two graphs are compared.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Comparison {
    order: bool,
    most: usize,
}

impl Default for Comparison {
    fn default() -> Self {
        Self::new()
    }
}

/// A place where two graphs differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    path: String,
    what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    /// Two objects, in a few words.
    Objects(String, String),
    OnlyLeft(String),
    OnlyRight(String),
    /// The entries of a dict have another order.
    Order,
    /// The same object as another one, on one side only; with the path to that.
    Shared {
        with: String,
        left: bool,
    },
}

impl Difference {
    /// Returns the path to the place, in the left graph: `root['users'][3].profile`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.path)?;
        match &self.what {
            What::Objects(left, right) => write!(f, "{left} on the left, {right} on the right"),
            What::OnlyLeft(value) => write!(f, "{value} on the left only"),
            What::OnlyRight(value) => write!(f, "{value} on the right only"),
            What::Order => f.write_str("the same entries in another order"),
            What::Shared { with, left } => {
                write!(f, "shared with {with} on the {} only", if *left { "left" } else { "right" })
            }
        }
    }
}

impl Comparison {
    /// Compares without the order of dicts, and finds up to 100 differences.
    pub const fn new() -> Self {
        Comparison { order: false, most: 100 }
    }

    /// Sets whether another order of a dict's entries is a difference.
    pub const fn order(mut self, counts: bool) -> Self {
        self.order = counts;
        self
    }

    /// Sets after how many differences the search ends.
    pub const fn most(mut self, most: usize) -> Self {
        self.most = most;
        self
    }

    /// Compares two graphs.
    ///
    /// # Errors
    ///
    /// As [`difference`].
    pub fn compare<'gc>(
        &self,
        ctx: Context<'gc>,
        left: Value<'gc>,
        right: Value<'gc>,
    ) -> Result<'gc, Vec<Difference>> {
        let mut search = Search {
            ctx,
            order: self.order,
            there: HashMap::new(),
            back: HashMap::new(),
            places: Vec::new(),
            pending: vec![Pair { left, right, parent: None, step: None }],
            found: Vec::new(),
        };
        while let Some(pair) = search.pending.pop() {
            if search.found.len() >= self.most {
                break;
            }
            search.compare(pair)?;
        }
        Ok(search.found)
    }
}

/// Two objects that should be alike.
struct Pair<'gc> {
    left: Value<'gc>,
    right: Value<'gc>,
    /// The place of what they are parts of.
    parent: Option<usize>,
    step: Option<Step<'gc>>,
}

struct Search<'gc> {
    ctx: Context<'gc>,
    order: bool,
    /// Which object of the right graph stands for one of the left, by address, and the place where; and back.
    there: HashMap<usize, (usize, usize)>,
    back: HashMap<usize, (usize, usize)>,
    /// Where pairs with parts were met.
    places: Vec<(Option<usize>, Option<Step<'gc>>)>,
    pending: Vec<Pair<'gc>>,
    found: Vec<Difference>,
}

impl<'gc> Search<'gc> {
    fn compare(&mut self, pair: Pair<'gc>) -> Result<'gc, ()> {
        let (left, right) = (pair.left, pair.right);
        if is_atom(left) || is_atom(right) {
            if !same_atom(left, right) {
                self.differ(&pair);
            }
            return Ok(());
        }
        if !is_data(left) || !is_data(right) {
            if !same_global(left, right) {
                self.differ(&pair);
            }
            return Ok(());
        }
        if !self.same_type(left, right) {
            self.differ(&pair);
            return Ok(());
        }
        let place = self.places.len();
        if let (Some(l), Some(r)) = (left.addr(), right.addr()) {
            match (self.there.get(&l), self.back.get(&r)) {
                (None, None) => {
                    self.there.insert(l, (r, place));
                    self.back.insert(r, (l, place));
                }
                (Some((known, _)), _) if *known == r => return Ok(()),
                (Some((_, other)), _) => {
                    self.differ_in_sharing(&pair, *other, true);
                    return Ok(());
                }
                (None, Some((_, other))) => {
                    self.differ_in_sharing(&pair, *other, false);
                    return Ok(());
                }
            }
        }
        self.places.push((pair.parent, pair.step.clone()));
        if !self.same_content(left, right)? {
            self.differ(&pair);
        }
        let (left, right) = (edges(self.ctx, left)?, edges(self.ctx, right)?);
        self.compare_parts(place, left, right);
        Ok(())
    }

    fn same_type(&self, left: Value<'gc>, right: Value<'gc>) -> bool {
        match (Opaque::of(left), Opaque::of(right)) {
            (Some(l), Some(r)) => {
                l.made_by() == r.made_by() && l.callable_name(self.ctx) == r.callable_name(self.ctx)
            }
            (None, None) => {
                let (l, r) = (left.class_of(self.ctx), right.class_of(self.ctx));
                // A class of another runtime, or one that was defined again, is the same by its name.
                l.is(r) || class_name(self.ctx, l) == class_name(self.ctx, r)
            }
            _ => false,
        }
    }

    /// Compares what is no part.
    fn same_content(&self, left: Value<'gc>, right: Value<'gc>) -> Result<'gc, bool> {
        let (l, r) = (left.content(), right.content());
        if is_atom(l) || is_atom(r) {
            return Ok(same_atom(l, r));
        }
        match (l, r) {
            (Value::ByteArray(l), Value::ByteArray(r)) => Ok(l.to_vec() == r.to_vec()),
            // What a type in native code keeps in Rust, only its own comparison knows.
            (Value::Instance(l), Value::Instance(r))
                if Opaque::of(left).is_none()
                    && l.native_content().is_some_and(|it| it.is_empty())
                    && r.native_content().is_some_and(|it| it.is_empty()) =>
            {
                left.equals(self.ctx, right)
            }
            _ => Ok(true),
        }
    }

    /// Pairs the parts of two objects: those that have names by name, others by place.
    fn compare_parts(&mut self, place: usize, left: Vec<Edge<'gc>>, right: Vec<Edge<'gc>>) {
        let mut rest: HashMap<String, (usize, Edge<'gc>)> = HashMap::new();
        for (at, edge) in right.into_iter().enumerate() {
            rest.insert(self.name(&edge.step, at, &rest), (at, edge));
        }
        let mut in_order = true;
        let mut last = None;
        let mut pairs = Vec::new();
        let mut seen: HashMap<String, (usize, Edge<'gc>)> = HashMap::new();
        for (at, edge) in left.into_iter().enumerate() {
            let name = self.name(&edge.step, at, &seen);
            let Some((place_there, other)) = rest.remove(&name) else {
                let value = shown::object(self.ctx, edge.value);
                self.found.push(Difference {
                    path: self.path(Some(place), Some(&edge.step)),
                    what: What::OnlyLeft(value),
                });
                seen.insert(name, (at, edge));
                continue;
            };
            in_order &= last.is_none_or(|last| last < place_there);
            last = Some(place_there);
            pairs.push(Pair {
                left: edge.value,
                right: other.value,
                parent: Some(place),
                step: Some(edge.step.clone()),
            });
            seen.insert(name, (at, edge));
        }
        let mut only_right: Vec<(usize, Edge<'gc>)> = rest.into_values().collect();
        only_right.sort_by_key(|(at, _)| *at);
        for (_, edge) in only_right {
            let value = shown::object(self.ctx, edge.value);
            self.found.push(Difference {
                path: self.path(Some(place), Some(&edge.step)),
                what: What::OnlyRight(value),
            });
        }
        if self.order && !in_order {
            let (parent, step) = self.places.get(place).cloned().unwrap_or_default();
            self.found
                .push(Difference { path: self.path(parent, step.as_ref()), what: What::Order });
        }
        // The stack gives them back in their order.
        self.pending.extend(pairs.into_iter().rev());
    }

    /// What a part is known by in its object.
    fn name(
        &self,
        step: &Step<'gc>,
        at: usize,
        taken: &HashMap<String, (usize, Edge<'gc>)>,
    ) -> String {
        let name = match step {
            Step::Value(key) | Step::Keyword(key) if is_atom(*key) => {
                format!("{} {}", shown::exact(self.ctx, *key), matches!(step, Step::Keyword(_)))
            }
            Step::Attribute(name) => format!(".{name}"),
            step => step.to_string(),
        };
        // Two keys that look alike: what is left is their place.
        if taken.contains_key(&name) { format!("{name} {at}") } else { name }
    }

    fn differ(&mut self, pair: &Pair<'gc>) {
        let (mut left, mut right) =
            (shown::object(self.ctx, pair.left), shown::object(self.ctx, pair.right));
        if left == right {
            // What differs is behind the first few words.
            left = shown::exact(self.ctx, pair.left);
            right = shown::exact(self.ctx, pair.right);
        }
        let path = self.path(pair.parent, pair.step.as_ref());
        self.found.push(Difference { path, what: What::Objects(left, right) });
    }

    fn differ_in_sharing(&mut self, pair: &Pair<'gc>, other: usize, left: bool) {
        let path = self.path(pair.parent, pair.step.as_ref());
        let (parent, step) = self.places.get(other).cloned().unwrap_or_default();
        let with = self.path(parent, step.as_ref());
        self.found.push(Difference { path, what: What::Shared { with, left } });
    }

    fn path(&self, parent: Option<usize>, step: Option<&Step<'gc>>) -> String {
        let mut steps: Vec<Step<'gc>> = step.into_iter().cloned().collect();
        let mut at = parent;
        while let Some((parent, step)) = at.and_then(|at| self.places.get(at)) {
            steps.extend(step.clone());
            at = *parent;
        }
        steps.reverse();
        Path { steps }.to_string()
    }
}

fn same_atom<'gc>(left: Value<'gc>, right: Value<'gc>) -> bool {
    match (left, right) {
        // By bits: a NaN is like itself, and the zeros differ.
        (Value::Float(l), Value::Float(r)) => l.to_bits() == r.to_bits(),
        (Value::Complex(l), Value::Complex(r)) => {
            let bits = |re: f64, im: f64| (re.to_bits(), im.to_bits());
            bits(l.get().re, l.get().im) == bits(r.get().re, r.get().im)
        }
        (Value::Long(l), Value::Long(r)) => l.as_bigint() == r.as_bigint(),
        (Value::Bytes(l), Value::Bytes(r)) => l.as_slice() == r.as_slice(),
        (Value::Unicode(l), Value::Unicode(r)) => {
            l.as_generalised_utf8() == r.as_generalised_utf8()
        }
        (Value::Range(l), Value::Range(r)) => {
            (l.start(), l.stop(), l.step()) == (r.start(), r.stop(), r.step())
        }
        (Value::Tuple(l), Value::Tuple(r)) => l.is_empty() && r.is_empty(),
        (left, right) => left.is(right),
    }
}

/// Whether two classes, functions or modules are the same, or unknown ones of the same name.
fn same_global<'gc>(left: Value<'gc>, right: Value<'gc>) -> bool {
    match (OpaqueGlobal::of(left), OpaqueGlobal::of(right)) {
        (Some(l), Some(r)) => (l.module(), l.qualname()) == (r.module(), r.qualname()),
        _ => left.is(right),
    }
}
