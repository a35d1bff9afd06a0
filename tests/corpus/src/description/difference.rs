//! The first difference of two descriptions. Numbers are given in the order of visits, so up to the first difference
//! both graphs have the same numbers, and it is enough to compare node by node.

use std::collections::HashMap;

use serde_json::Value as Json;

use super::{Description, canonical_text};

/// How much of a value a message shows.
const SHOWN: usize = 160;

pub(super) fn first(expected: &Description, found: &Description) -> Option<String> {
    if expected.root != found.root {
        return Some(say("root", expected, &expected.root, found, &found.root));
    }
    let mut paths = HashMap::new();
    note(&mut paths, &expected.root, "root");
    for (at, node) in expected.nodes.iter().enumerate() {
        let path = paths.get(&(at as u64)).cloned().unwrap_or_else(|| format!("node {at}"));
        let Some(other) = found.nodes.get(at) else {
            return Some(format!("{path}: expected {}, found nothing", shortened(node)));
        };
        let parts = parts(node);
        if node != other {
            return Some(within(&path, expected, &parts, found, other));
        }
        for (label, value) in parts {
            note(&mut paths, value, &format!("{path}{label}"));
        }
    }
    let extra = found.nodes.get(expected.nodes.len())?;
    Some(format!("expected no more, found {}", shortened(extra)))
}

/// The first difference within two nodes of the same number.
fn within(
    path: &str,
    expected: &Description,
    parts_expected: &[(String, &Json)],
    found: &Description,
    other: &Json,
) -> String {
    let parts_found = parts(other);
    for (at, (label, value)) in parts_expected.iter().enumerate() {
        match parts_found.get(at) {
            Some((other_label, other_value)) if other_label == label => {
                if other_value != value {
                    return say(&format!("{path}{label}"), expected, value, found, other_value);
                }
            }
            Some((other_label, _)) => {
                return format!("{path}: expected {label}, found {other_label}");
            }
            None => return format!("{path}: expected {label} {}, found no more", shortened(value)),
        }
    }
    match parts_found.get(parts_expected.len()) {
        Some((label, value)) => {
            format!("{path}: expected no more, found {label} {}", shortened(value))
        }
        None => format!("{path}: nodes differ: {}", shortened(other)),
    }
}

fn say(
    path: &str,
    expected: &Description,
    value: &Json,
    found: &Description,
    other: &Json,
) -> String {
    format!("{path}: expected {}, found {}", shown(expected, value), shown(found, other))
}

/// A value, with the node that a number stands for.
fn shown(graph: &Description, value: &Json) -> String {
    let node = value.as_u64().and_then(|number| graph.nodes.get(number as usize));
    match node {
        Some(node) => format!("node {value} {}", shortened(node)),
        None => shortened(value),
    }
}

fn shortened(value: &Json) -> String {
    let mut text = canonical_text(value);
    if text.len() > SHOWN {
        text.truncate(SHOWN);
        text.push_str("...");
    }
    text
}

fn note(paths: &mut HashMap<u64, String>, value: &Json, path: &str) {
    if let Some(number) = value.as_u64() {
        paths.entry(number).or_insert_with(|| path.to_owned());
    }
}

/// What a node consists of, each with the way to it as Python would write it.
fn parts(node: &Json) -> Vec<(String, &Json)> {
    let mut out = Vec::new();
    for field in ["t", "c", "name", "ro", "n", "self", "pid", "args"] {
        if let Some(value) = node.get(field) {
            out.push((format!(".<{field}>"), value));
        }
    }
    let base = node.get("base");
    for container in [Some(node), base].into_iter().flatten() {
        content(container, &mut out);
    }
    for field in ["extra", "state", "slots"] {
        for entry in items(node.get(field)) {
            let (Some(name), Some(value)) = (entry.get(0), entry.get(1)) else { continue };
            out.push((attribute(name), value));
        }
    }
    out
}

/// The content of a container, or the fields of a library object.
fn content<'a>(container: &'a Json, out: &mut Vec<(String, &'a Json)>) {
    let Some(value) = container.get("v") else { return };
    match container.get("t").and_then(Json::as_str) {
        Some("dict") => {
            for (at, pair) in items(Some(value)).iter().enumerate() {
                let (Some(key), Some(value)) = (pair.get(0), pair.get(1)) else { continue };
                out.push((format!(".keys()[{at}]"), key));
                out.push((format!("[{}]", atom_text(key)), value));
            }
        }
        Some("bytearray" | "memoryview" | "value") => out.push((".<value>".to_owned(), value)),
        _ => {
            let items = items(Some(value)).iter().enumerate();
            out.extend(items.map(|(at, item)| (format!("[{at}]"), item)));
        }
    }
}

fn items(value: Option<&Json>) -> &[Json] {
    value.and_then(Json::as_array).map_or(&[], Vec::as_slice)
}

/// `.name` of a name that is a plain string, `.<...>` of any other key of a `__dict__`.
fn attribute(name: &Json) -> String {
    let text = name.as_str().or_else(|| name.get(1).and_then(Json::as_str));
    text.map_or_else(|| format!(".<{}>", shortened(name)), |text| format!(".{text}"))
}

/// An atom without its tag: `["bytes", "users"]` is `"users"`.
fn atom_text(atom: &Json) -> String {
    match atom.as_array().map(Vec::as_slice) {
        Some([_, value]) => shortened(value),
        _ => shortened(atom),
    }
}
