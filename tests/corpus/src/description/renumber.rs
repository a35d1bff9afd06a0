//! Gives the objects of a description new numbers, after pairs of it were sorted.

use std::collections::HashMap;

use serde_json::{Value as Json, json};

use super::{Description, canonical_text};

/// The fields of a node in the order in which a describer visits them.
const FIELDS: [&str; 8] = ["v", "base", "args", "extra", "self", "pid", "state", "slots"];

/// Which pairs are sorted.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Sorted {
    /// Those of every instance's `__dict__`.
    Namespaces,
    /// Those of dicts too, if all the keys are atoms.
    Dicts,
}

pub(super) fn renumbered(graph: &Description, sorted: Sorted) -> Description {
    let mut renumbering = Renumbering { sorted, numbers: HashMap::new(), met: Vec::new() };
    let root = renumbering.value(&graph.root);
    let mut nodes = Vec::new();
    while let Some(&old) = renumbering.met.get(nodes.len()) {
        let mut node = usize::try_from(old)
            .ok()
            .and_then(|at| graph.nodes.get(at))
            .cloned()
            .unwrap_or_default();
        renumbering.node(&mut node);
        node["id"] = json!(nodes.len());
        nodes.push(node);
    }
    Description { root, nodes }
}

struct Renumbering {
    sorted: Sorted,
    /// New numbers by old ones.
    numbers: HashMap<u64, usize>,
    met: Vec<u64>,
}

impl Renumbering {
    fn node(&mut self, node: &mut Json) {
        sort_pairs(node.get_mut("state"));
        if self.sorted == Sorted::Dicts {
            sort_dict(Some(&mut *node));
            sort_dict(node.get_mut("base"));
        }
        for field in FIELDS {
            if let Some(value) = node.get_mut(field) {
                *value = if field == "base" { self.base(value) } else { self.value(value) };
            }
        }
    }

    fn base(&mut self, base: &Json) -> Json {
        let mut base = base.clone();
        if let Some(value) = base.get_mut("v") {
            *value = self.value(value);
        }
        base
    }

    /// A number becomes the new one; what holds numbers is gone through in order, atoms are kept.
    fn value(&mut self, value: &Json) -> Json {
        if let Some(old) = value.as_u64() {
            let next = self.met.len();
            let number = *self.numbers.entry(old).or_insert(next);
            if number == next {
                self.met.push(old);
            }
            return json!(number);
        }
        match value.as_array().map(Vec::as_slice) {
            // A pair of `extra` or `slots`: no atom of two parts has a bare number.
            Some([Json::String(name), Json::Number(_)]) => json!([name, self.value(&value[1])]),
            Some([Json::String(_), ..]) | None => value.clone(),
            Some(items) => Json::Array(items.iter().map(|item| self.value(item)).collect()),
        }
    }
}

fn sort_dict(container: Option<&mut Json>) {
    let Some(container) = container else { return };
    if container.get("t").and_then(Json::as_str) == Some("dict") {
        sort_pairs(container.get_mut("v"));
    }
}

/// Sorts pairs by their keys (equal keys, such as two NaNs, by their values), unless one of those is an object with a
/// number.
fn sort_pairs(pairs: Option<&mut Json>) {
    let Some(pairs) = pairs.and_then(Json::as_array_mut) else { return };
    if pairs.iter().all(|pair| pair.get(0).is_some_and(|key| !key.is_number())) {
        pairs.sort_by_key(canonical_text);
    }
}
