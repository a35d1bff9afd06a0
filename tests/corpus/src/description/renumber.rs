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
    /// Those of dicts too.
    Dicts,
}

pub(super) fn renumbered(graph: &Description, sorted: Sorted) -> Description {
    let mut renumbering = Renumbering { graph, sorted, numbers: HashMap::new(), met: Vec::new() };
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

struct Renumbering<'g> {
    graph: &'g Description,
    sorted: Sorted,
    /// New numbers by old ones.
    numbers: HashMap<u64, usize>,
    met: Vec<u64>,
}

impl Renumbering<'_> {
    fn node(&mut self, node: &mut Json) {
        sort_pairs(self.graph, node.get_mut("state"));
        if self.sorted == Sorted::Dicts {
            sort_dict(self.graph, Some(&mut *node));
            sort_dict(self.graph, node.get_mut("base"));
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

fn sort_dict(graph: &Description, container: Option<&mut Json>) {
    let Some(container) = container else { return };
    if container.get("t").and_then(Json::as_str) == Some("dict") {
        sort_pairs(graph, container.get_mut("v"));
    }
}

/// Sorts pairs by their keys; equal keys, such as two NaNs, by their values. An object with a number counts as what it
/// looks like.
fn sort_pairs(graph: &Description, pairs: Option<&mut Json>) {
    let Some(pairs) = pairs.and_then(Json::as_array_mut) else { return };
    if pairs.iter().all(|pair| pair.get(0).is_some_and(|key| !key.is_number())) {
        pairs.sort_by_key(canonical_text);
    } else {
        pairs.sort_by_key(|pair| canonical_text(&shape(graph, &pair[0], DEEPEST)));
    }
}

/// How deep objects in a key are looked into.
const DEEPEST: usize = 4;

/// A value with the objects in the place of their numbers.
fn shape(graph: &Description, value: &Json, deepest: usize) -> Json {
    let object = value.as_u64().and_then(|number| graph.nodes.get(usize::try_from(number).ok()?));
    match (object, value.as_array()) {
        (Some(node), _) if deepest > 0 => {
            let mut node = node.clone();
            node["id"] = Json::Null;
            for field in FIELDS {
                if let Some(value) = node.get_mut(field) {
                    *value = shape(graph, value, deepest - 1);
                }
            }
            node
        }
        (Some(_), _) => Json::Null,
        (None, Some(items)) => {
            Json::Array(items.iter().map(|item| shape(graph, item, deepest)).collect())
        }
        (None, None) => value.clone(),
    }
}
