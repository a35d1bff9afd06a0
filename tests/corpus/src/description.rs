//! A graph of Python objects as text that can be compared: two loads gave the same graph if, and only if, their
//! descriptions are equal.
//!
//! Objects are numbered by identity in the order in which they are first met, breadth first, so that sharing, cycles
//! and order are in the numbers. Strings and other atoms are written where they occur. The form is that of the
//! describer `tests/data/live/describe.py`, which runs on a real CPython.

mod difference;
mod renumber;

use std::collections::HashMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use self::renumber::{Sorted, renumbered};
use crate::{CorpusError, Result, folder, json_lines};

/// One graph.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Description {
    /// The root: an atom, or the number of a node.
    pub root: Json,
    /// The objects, each at the index that is its number.
    pub nodes: Vec<Json>,
}

/// The descriptions that the manifests of one folder share, by key.
#[derive(Clone, Debug, Default)]
pub struct Descriptions(HashMap<String, Description>);

#[derive(Deserialize)]
struct Keyed {
    desc: String,
    #[serde(flatten)]
    description: Description,
}

impl Descriptions {
    /// Reads the descriptions of `folder`, which may have none.
    ///
    /// # Errors
    /// When a file cannot be read or a line is not a description.
    pub fn read_folder(folder: &Path) -> Result<Self> {
        let mut all = HashMap::new();
        for path in folder::manifests(folder)? {
            if folder::name(&path) == folder::DESCRIPTIONS {
                let lines: Vec<Keyed> = json_lines::read(&path)?;
                all.extend(lines.into_iter().map(|line| (line.desc, line.description)));
            }
        }
        Ok(Self(all))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them, with their keys.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Description)> {
        self.0.iter().map(|(key, description)| (key.as_str(), description))
    }

    /// The description with this key.
    ///
    /// # Errors
    /// When there is none.
    pub fn get(&self, key: &str) -> Result<&Description> {
        self.0.get(key).ok_or_else(|| CorpusError::NoDescription(key.to_owned()))
    }
}

impl Description {
    /// The first difference between this graph, which was expected, and another, as a person would say it: the path to
    /// the object and the two things found there. `None` when the graphs are equal.
    pub fn difference(&self, found: &Self) -> Option<String> {
        difference::first(self, found)
    }

    /// The names of every attribute in a `__dict__`, for names that are plain text.
    pub fn attribute_names(&self) -> impl Iterator<Item = &str> {
        let states = self.nodes.iter().filter_map(|node| node["state"].as_array());
        states.flatten().filter_map(|pair| pair[0][1].as_str())
    }

    /// The same graph with the attributes in every `__dict__` sorted, and numbered anew: equal for graphs that differ
    /// only in the order in which attributes were set.
    #[must_use]
    pub fn with_sorted_namespaces(&self) -> Self {
        renumbered(self, Sorted::Namespaces)
    }

    /// The same graph with the pairs of every dict sorted too: equal for graphs that differ only
    /// in the order of dicts, which CPython 2.7 orders by hash.
    #[must_use]
    pub fn with_sorted_dicts(&self) -> Self {
        renumbered(self, Sorted::Dicts)
    }

    /// Whether an exception of a built-in class has an attribute set that is not in its `__dict__`.
    pub fn sets_attribute_of(&self, class: &str) -> bool {
        self.nodes.iter().any(|node| {
            let set =
                node["extra"].as_array().is_some_and(|it| it.iter().any(|pair| !pair[1].is_null()));
            set && node["c"][2].as_str() == Some(class)
        })
    }

    /// The same graph without the attributes of exceptions that are not set: equal for graphs of different Pythons, of
    /// which the newer one's exceptions have more attributes.
    #[must_use]
    pub fn without_unset_attributes(&self) -> Self {
        let mut graph = self.clone();
        for node in &mut graph.nodes {
            if let Some(attributes) = node.get_mut("extra").and_then(Json::as_array_mut) {
                attributes.retain(|pair| !pair[1].is_null());
            }
        }
        graph
    }

    /// The same graph with the classes of paths where 3.13 has them: older Pythons have them in `pathlib` itself.
    #[must_use]
    pub fn with_moved_classes(&self) -> Self {
        fn moved(json: &mut Json) {
            match json {
                Json::Array(parts) if parts.first() == Some(&Json::from("class")) => {
                    if let Some(module) = parts.get_mut(1)
                        && *module == "pathlib"
                    {
                        *module = Json::from("pathlib._local");
                    }
                }
                Json::Array(parts) => parts.iter_mut().for_each(moved),
                Json::Object(fields) => fields.values_mut().for_each(moved),
                _ => {}
            }
        }
        let mut graph = self.clone();
        moved(&mut graph.root);
        graph.nodes.iter_mut().for_each(moved);
        graph
    }

    /// The graph as one text, equal for equal graphs: `json.dumps()` with sorted keys and no spaces.
    pub fn canonical_text(&self) -> String {
        let mut out = String::from("{\"nodes\":[");
        for (at, node) in self.nodes.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            write_canonical(node, &mut out);
        }
        out.push_str("],\"root\":");
        write_canonical(&self.root, &mut out);
        out.push('}');
        out
    }
}

/// JSON as Python's `json.dumps(value, sort_keys=True, separators=(',', ':'))` writes it. Descriptions order the
/// members of sets by it.
pub fn canonical_text(value: &Json) -> String {
    let mut out = String::new();
    write_canonical(value, &mut out);
    out
}

fn write_canonical(value: &Json, out: &mut String) {
    match value {
        Json::String(text) => write_ascii(text, out),
        Json::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_canonical(item, out);
            }
            out.push(']');
        }
        Json::Object(fields) => {
            let mut names: Vec<_> = fields.keys().collect();
            names.sort();
            out.push('{');
            for (at, name) in names.into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_ascii(name, out);
                out.push(':');
                write_canonical(&fields[name], out);
            }
            out.push('}');
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => out.push_str(&value.to_string()),
    }
}

fn write_ascii(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            ' '..='~' => out.push(character),
            _ => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn graph(root: Json, nodes: &[Json]) -> Description {
        Description { root, nodes: nodes.to_vec() }
    }

    #[test]
    fn canonical_text_is_that_of_python() {
        // json.dumps({'b': [1, None, True], 'a': u'\x7f\xe9\U0001f600\n"\\'}, sort_keys=True, separators=(',', ':'))
        let value = json!({"b": [1, null, true], "a": "\u{7f}\u{e9}\u{1f600}\n\"\\"});
        assert_eq!(
            canonical_text(&value),
            r#"{"a":"\u007f\u00e9\ud83d\ude00\n\"\\","b":[1,null,true]}"#
        );
    }

    #[test]
    fn equal_graphs_have_no_difference() {
        let one = graph(json!(0), &[json!({"id": 0, "t": "list", "v": [["int", "1"], 0]})]);
        assert_eq!(one.difference(&one.clone()), None);
    }

    #[test]
    fn a_difference_has_a_path() {
        let point = |x: &str| {
            let state = json!([[["bytes", "x"], ["int", x]]]);
            let class = json!(["class", "m", "Point"]);
            let root = json!({"id": 0, "t": "dict", "v": [[["bytes", "users"], 1]]});
            let users = json!({"id": 1, "t": "list", "v": [null, 2]});
            graph(
                json!(0),
                &[root, users, json!({"id": 2, "t": "instance", "c": class, "state": state})],
            )
        };
        assert_eq!(
            point("1").difference(&point("2")).as_deref(),
            Some(r#"root["users"][1].x: expected ["int","1"], found ["int","2"]"#)
        );
    }

    #[test]
    fn lost_sharing_is_a_difference() {
        let shared = graph(
            json!(0),
            &[json!({"id": 0, "t": "list", "v": [1, 1]}), json!({"id": 1, "t": "list", "v": []})],
        );
        let copied = graph(
            json!(0),
            &[
                json!({"id": 0, "t": "list", "v": [1, 2]}),
                json!({"id": 1, "t": "list", "v": []}),
                json!({"id": 2, "t": "list", "v": []}),
            ],
        );
        assert_eq!(
            shared.difference(&copied).as_deref(),
            Some(
                r#"root[1]: expected node 1 {"id":1,"t":"list","v":[]}, found node 2 {"id":2,"t":"list","v":[]}"#
            )
        );
    }
}
