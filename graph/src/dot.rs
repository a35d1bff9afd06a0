//! Graphs as pictures of who refers to whom, for Graphviz: `dot -Tsvg`.

use std::fmt::Write as _;

use halfsour_runtime::{Context, Result, Value};

use crate::shown;
use crate::tree::{is_data, label};
use crate::walk::{Visit, Walk};

/// How many parts without parts of their own are written into the box of an object.
const INSIDE: usize = 12;

/// Returns a graph in the language of Graphviz: a box for each object with parts, numbers and strings written into it,
/// and an arrow for each reference. Up to `most` boxes are drawn.
///
/// # Errors
///
/// As [`edges`](crate::edges).
///
/// # Examples
///
/// ```
/// use halfsour_graph::dot;
/// use halfsour_runtime::{Runtime, value};
///
/// Runtime::python3().try_enter(|ctx| {
///     let jar = value!(ctx, {"grams": 500})?;
///     let text = dot::to_string(ctx, value!(ctx, [jar, jar])?, 100)?;
///     assert_eq!(
///         text,
///         "digraph {\n  \
///            node [shape=box, fontname=monospace];\n  \
///            n1 [label=\"dict of 1\\l'grams': 500\\l\"];\n  \
///            n0 [label=\"list of 2\"];\n  \
///            n0 -> n1 [label=\"[0]\"];\n  \
///            n0 -> n1 [label=\"[1]\"];\n\
///          }\n"
///     );
///     Ok(())
/// })?;
/// # Ok::<(), halfsour_runtime::Uncaught>(())
/// ```
pub fn to_string<'gc>(ctx: Context<'gc>, root: Value<'gc>, most: usize) -> Result<'gc, String> {
    let mut picture = Picture { ctx, text: String::new(), open: Vec::new() };
    picture.text.push_str("digraph {\n  node [shape=box, fontname=monospace];\n");
    let mut walk = Walk::new(ctx, root);
    let mut is_cut = false;
    while let Some(visit) = walk.next()? {
        picture.close_to(visit.depth);
        if visit.number.is_some_and(|number| number >= most) {
            is_cut = true;
            if !visit.known {
                walk.skip_parts();
                picture.open.push(Node::default());
            }
            continue;
        }
        picture.visit(&visit);
    }
    picture.close_to(0);
    if is_cut {
        picture.text.push_str("  more [label=\"...\", shape=plaintext];\n");
    }
    picture.text.push_str("}\n");
    Ok(picture.text)
}

struct Picture<'gc> {
    ctx: Context<'gc>,
    text: String,
    open: Vec<Node>,
}

/// An object whose parts are being visited.
#[derive(Default)]
struct Node {
    number: Option<usize>,
    title: String,
    /// The parts that are written into its box, and its arrows.
    lines: Vec<String>,
    left_out: usize,
    arrows: String,
}

impl<'gc> Picture<'gc> {
    fn visit(&mut self, visit: &Visit<'gc>) {
        let step = visit.step.as_ref().map(label).unwrap_or_default();
        let shown = shown::object(self.ctx, visit.value);
        let is_inside = visit.number.is_none() || !is_data(visit.value);
        if let Some(parent) = self.open.last_mut() {
            match (is_inside, parent.number, visit.number) {
                (false, Some(parent_number), Some(number)) => {
                    let step = escaped(&step);
                    let arrow = format!("  n{parent_number} -> n{number} [label=\"{step}\"];\n");
                    parent.arrows.push_str(&arrow);
                }
                _ if parent.lines.len() < INSIDE => parent.lines.push(format!("{step}: {shown}")),
                _ => parent.left_out += 1,
            }
        }
        let root_without_parts = visit.step.is_none() && visit.number.is_none();
        if root_without_parts {
            let _ = writeln!(self.text, "  n0 [label=\"{}\"];", escaped(&shown));
        }
        if !visit.known && visit.number.is_some() {
            let number = visit.number.filter(|_| !is_inside || visit.step.is_none());
            self.open.push(Node { number, title: shown, ..Node::default() });
        }
    }

    /// Writes the boxes of the objects that have been visited with all their parts.
    fn close_to(&mut self, depth: usize) {
        while self.open.len() > depth {
            let Some(node) = self.open.pop() else { return };
            let Some(number) = node.number else { continue };
            let mut label = escaped(&node.title);
            if !node.lines.is_empty() {
                label.push_str("\\l");
            }
            for line in &node.lines {
                label.push_str(&escaped(line));
                label.push_str("\\l");
            }
            if node.left_out > 0 {
                let _ = write!(label, "and {} more\\l", node.left_out);
            }
            // Writing to a String cannot fail.
            let _ = writeln!(self.text, "  n{number} [label=\"{label}\"];");
            self.text.push_str(&node.arrows);
        }
    }
}

/// A text inside of quotes.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
