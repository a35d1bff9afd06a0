//! [`Tree`]: a graph as indented text.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use halfsour_runtime::{Context, Result, Value};

use crate::path::Step;
use crate::shown;
use crate::walk::{Visit, Walk};

/// Draws a graph as text: a line for each part, indented below what it belongs to. An object that is met more than once has
/// a number (`#1`), and stands where it was met first; elsewhere is a reference to it (`-> #1`).
///
/// # Examples
///
/// ```
/// use halfsour_graph::Tree;
/// use halfsour_runtime::{List, Runtime, value};
///
/// Runtime::python2().try_enter(|ctx| {
///     let list = List::new(ctx);
///     list.push(ctx, value!(ctx, (1, u "two"))?);
///     list.push(ctx, list.into());
///     let drawn = Tree::new().draw(ctx, list.into())?;
///     assert_eq!(drawn, "list of 2 #1\n  [0]: tuple of 2\n    [0]: 1\n    [1]: u'two'\n  [1]: -> #1\n");
///     Ok(())
/// })?;
/// # Ok::<(), halfsour_runtime::Uncaught>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Tree {
    depth: usize,
    items: usize,
    lines: usize,
}

impl Default for Tree {
    fn default() -> Self {
        Self::new()
    }
}

impl Tree {
    /// Draws everything.
    pub const fn new() -> Self {
        Tree { depth: usize::MAX, items: usize::MAX, lines: usize::MAX }
    }

    /// Sets how deep it goes; by default as deep as the graph.
    pub const fn depth(mut self, depth: usize) -> Self {
        self.depth = depth;
        self
    }

    /// Sets how many parts of one object are drawn; by default all.
    pub const fn items(mut self, items: usize) -> Self {
        self.items = items;
        self
    }

    /// Sets how many lines are drawn at most; by default as many as there are.
    pub const fn lines(mut self, lines: usize) -> Self {
        self.lines = lines;
        self
    }

    /// Draws a graph.
    ///
    /// # Errors
    ///
    /// As [`edges`](crate::edges).
    pub fn draw<'gc>(&self, ctx: Context<'gc>, root: Value<'gc>) -> Result<'gc, String> {
        let mut met_again = Vec::new();
        self.each(ctx, root, |drawn| {
            // Classes and functions are met often, and are not marked.
            if let Drawn::Part(visit) = drawn
                && visit.known
                && is_data(visit.value)
            {
                met_again.extend(visit.number);
            }
        })?;
        met_again.sort_unstable();
        met_again.dedup();
        let marks: HashMap<usize, usize> = met_again.into_iter().zip(1..).collect();
        let mut out = String::new();
        self.each(ctx, root, |drawn| match drawn {
            Drawn::Part(visit) => {
                let mark = visit.number.and_then(|number| marks.get(&number));
                let text = match mark {
                    Some(mark) if visit.known => format!("-> #{mark}"),
                    Some(mark) => format!("{} #{mark}", shown::object(ctx, visit.value)),
                    None => shown::object(ctx, visit.value),
                };
                line(&mut out, visit.depth, &format!("{}{text}", labelled(visit)));
            }
            Drawn::Hidden(visit) => {
                let text = shown::object(ctx, visit.value);
                line(&mut out, visit.depth, &format!("{}{text}", labelled(visit)));
            }
            Drawn::More(depth) => line(&mut out, depth, "..."),
        })?;
        Ok(out)
    }

    /// Goes through what is drawn, in its order.
    fn each<'gc>(
        &self,
        ctx: Context<'gc>,
        root: Value<'gc>,
        mut see: impl FnMut(Drawn<'_, 'gc>),
    ) -> Result<'gc, ()> {
        let mut walk = Walk::new(ctx, root);
        // How many parts of the objects on the way were drawn.
        let mut drawn: Vec<usize> = Vec::new();
        let mut lines = 0;
        // What was met where it is left out.
        let mut hidden = HashSet::new();
        while let Some(visit) = walk.next()? {
            drawn.truncate(visit.depth);
            let number = visit.depth.checked_sub(1).and_then(|above| drawn.get_mut(above));
            if let Some(number) = number {
                *number += 1;
                if *number > self.items {
                    if *number == self.items + 1 {
                        see(Drawn::More(visit.depth));
                    }
                    if !visit.known && visit.number.is_some() {
                        hidden.extend(visit.number);
                        walk.skip_parts();
                        drawn.push(0);
                    }
                    continue;
                }
            }
            lines += 1;
            if lines > self.lines {
                see(Drawn::More(0));
                break;
            }
            let is_hidden = visit.number.is_some_and(|number| hidden.contains(&number));
            see(if is_hidden { Drawn::Hidden(&visit) } else { Drawn::Part(&visit) });
            if !visit.known && visit.number.is_some() {
                if visit.depth >= self.depth {
                    walk.skip_parts();
                }
                drawn.push(0);
            }
        }
        Ok(())
    }
}

/// A line of a tree.
enum Drawn<'a, 'gc> {
    Part(&'a Visit<'gc>),
    /// An object whose parts are left out, as it was met first where it is left out itself.
    Hidden(&'a Visit<'gc>),
    /// What is left out, so deep.
    More(usize),
}

/// What stands before an object, if something does.
fn labelled(visit: &Visit<'_>) -> String {
    visit.step.as_ref().map_or_else(String::new, |step| format!("{}: ", label(step)))
}

fn line(out: &mut String, depth: usize, text: &str) {
    // Very deep lines would be all space, and the whole text would grow with the square of the depth.
    const DEEPEST: usize = 64;
    let indent = "  ".repeat(depth.min(DEEPEST));
    let deeper = if depth > DEEPEST { format!("(+{}) ", depth - DEEPEST) } else { String::new() };
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{indent}{deeper}{text}");
}

/// Whether an object belongs to the data, and not to the program.
pub(crate) fn is_data(value: Value<'_>) -> bool {
    match value {
        Value::Class(_)
        | Value::ClassicClass(_)
        | Value::Function(_)
        | Value::Builtin(_)
        | Value::Method(_)
        | Value::Module(_) => false,
        Value::Instance(_) => halfsour_pickle::OpaqueGlobal::of(value).is_none(),
        _ => true,
    }
}

/// A step, as it stands before what it leads to.
pub(crate) fn label(step: &Step<'_>) -> String {
    match step {
        Step::Value(key) => shown::key(*key),
        Step::Attribute(_) => step.to_string(),
        Step::Key(_) => "key".to_owned(),
        Step::Item(_) => "item".to_owned(),
        Step::Maker => "made by".to_owned(),
        Step::Argument(at) => format!("argument {at}"),
        Step::Keyword(name) => format!("argument {}", shown::key(*name)),
        Step::State => "state".to_owned(),
        Step::StateSetter => "state set by".to_owned(),
        Step::Index(_) | Step::Held(_) => step.to_string(),
    }
}
