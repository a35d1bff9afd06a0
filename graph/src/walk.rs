//! [`Walk`]: everything in a graph, one object after the other.

use std::collections::HashMap;

use halfsour_runtime::{Context, Result, Value};

use crate::edges::{Edge, edges};
use crate::path::{Path, SHOWN, Shortened, Step};
use crate::shown::{class_name, is_atom};
use halfsour_pickle::Opaque;

/// Goes through a graph depth first, parts in their order.
///
/// Every object is entered once; where it is met again it is visited, and said to be known. Numbers, strings and other
/// objects without parts are visited wherever they are, as their identity is nobody's business.
#[derive(Debug)]
pub struct Walk<'gc> {
    ctx: Context<'gc>,
    /// The root, until it is visited.
    root: Option<Value<'gc>>,
    /// How each object with parts was reached.
    reached: Vec<Reached<'gc>>,
    /// The objects with parts by address, with their number in `reached`.
    known: HashMap<usize, usize>,
    open: Vec<Open<'gc>>,
}

/// How an object was reached: from which other one, and by which step.
#[derive(Debug)]
struct Reached<'gc> {
    parent: usize,
    step: Option<Step<'gc>>,
    depth: usize,
    /// The object on the way with which the beginning of a long path ends.
    early: usize,
}

/// An object whose parts are being visited.
#[derive(Debug)]
struct Open<'gc> {
    number: usize,
    parts: std::vec::IntoIter<Edge<'gc>>,
}

/// One object at one place of a graph.
#[derive(Clone, Debug)]
pub struct Visit<'gc> {
    /// The object.
    pub value: Value<'gc>,
    /// How many steps it is from the root.
    pub depth: usize,
    /// The step that leads here; `None` at the root.
    pub step: Option<Step<'gc>>,
    /// Whether the object was visited before; its parts are not visited again then.
    pub known: bool,
    /// The number of the object, in the order of first visits; `None` for objects without parts.
    pub number: Option<usize>,
    parent: usize,
}

impl<'gc> Walk<'gc> {
    /// Begins at an object.
    #[must_use]
    pub fn new(ctx: Context<'gc>, root: Value<'gc>) -> Self {
        Self { ctx, root: Some(root), reached: Vec::new(), known: HashMap::new(), open: Vec::new() }
    }

    /// Visits the next object; `None` at the end.
    ///
    /// # Errors
    ///
    /// As [`edges`].
    #[allow(
        clippy::should_implement_trait,
        reason = "a caller uses `?`, and asks for paths between two steps"
    )]
    pub fn next(&mut self) -> Result<'gc, Option<Visit<'gc>>> {
        if let Some(root) = self.root.take() {
            return self.visit(root, None).map(Some);
        }
        while let Some(open) = self.open.last_mut() {
            if let Some(Edge { step, value }) = open.parts.next() {
                return self.visit(value, Some(step)).map(Some);
            }
            self.open.pop();
        }
        Ok(None)
    }

    fn visit(&mut self, value: Value<'gc>, step: Option<Step<'gc>>) -> Result<'gc, Visit<'gc>> {
        let parent = self.open.last().map_or(0, |open| open.number);
        let mut visit =
            Visit { value, depth: self.open.len(), step, known: false, number: None, parent };
        if is_atom(value) {
            return Ok(visit);
        }
        let Some(address) = value.addr() else { return Ok(visit) };
        if let Some(&number) = self.known.get(&address) {
            (visit.known, visit.number) = (true, Some(number));
            return Ok(visit);
        }
        let parts = edges(self.ctx, value)?;
        let number = self.reached.len();
        self.known.insert(address, number);
        let (step, depth) = (visit.step.clone(), visit.depth);
        let early = match self.reached.get(parent) {
            Some(parent) if depth > SHOWN => parent.early,
            _ => number,
        };
        self.reached.push(Reached { parent, step, depth, early });
        self.open.push(Open { number, parts: parts.into_iter() });
        visit.number = Some(number);
        Ok(visit)
    }

    /// Leaves out the parts of the object that was visited last.
    pub fn skip_parts(&mut self) {
        if let Some(open) = self.open.last_mut() {
            open.parts = Vec::new().into_iter();
        }
    }

    /// Returns the path to where a visit was.
    #[must_use]
    pub fn path(&self, visit: &Visit<'gc>) -> Path<'gc> {
        let mut path = match &visit.step {
            None => return Path { steps: Vec::new() },
            Some(step) => {
                let mut path = self.path_to(visit.parent);
                path.steps.push(step.clone());
                path
            }
        };
        path.steps.shrink_to_fit();
        path
    }

    /// Returns the path by which the object of a number was reached first.
    #[must_use]
    pub fn path_to(&self, number: usize) -> Path<'gc> {
        Path { steps: self.last_steps(number, usize::MAX) }
    }

    /// Shows that path, in a time that does not grow with its length.
    pub(crate) fn shown_path_to(&self, number: usize) -> String {
        match self.reached.get(number) {
            Some(reached) if reached.depth > 2 * SHOWN => {
                let first = self.last_steps(reached.early, usize::MAX);
                Shortened { first: &first, last: Some(&self.last_steps(number, SHOWN)) }.to_string()
            }
            _ => self.path_to(number).to_string(),
        }
    }

    /// The last steps of a path.
    fn last_steps(&self, number: usize, most: usize) -> Vec<Step<'gc>> {
        let mut steps = Vec::new();
        let mut at = number;
        while let Some(Reached { parent, step: Some(step), .. }) = self.reached.get(at)
            && steps.len() < most
        {
            steps.push(step.clone());
            at = *parent;
        }
        steps.reverse();
        steps
    }
}

/// Returns the instances of a class in a graph, with the path to each: the class itself, or by its dotted name, which opaque
/// objects have too (`larder.Jar`).
///
/// # Errors
///
/// As [`edges`].
///
/// # Examples
///
/// ```
/// use halfsour_graph::instances_of;
/// use halfsour_pickle::{Missing, Unpickler};
/// use halfsour_runtime::Runtime;
///
/// Runtime::python3().try_enter(|ctx| {
///     // [larder.Jar(), larder.Jar()], of a class that is not here.
///     let bytes = b"\x80\x02]q\x00(clarder\nJar\nq\x01)\x81q\x02h\x01)\x81q\x03e.";
///     let shelf = Unpickler::new().missing(Missing::Opaque).loads(ctx, bytes)?;
///     let jars = instances_of(ctx, shelf, "larder.Jar")?;
///     let paths: Vec<String> = jars.iter().map(|(path, _)| path.to_string()).collect();
///     assert_eq!(paths, ["root[0]", "root[1]"]);
///     Ok(())
/// })?;
/// # Ok::<(), halfsour_runtime::Uncaught>(())
/// ```
pub fn instances_of<'gc>(
    ctx: Context<'gc>,
    root: Value<'gc>,
    class: impl Into<Wanted<'gc>>,
) -> Result<'gc, Vec<(Path<'gc>, Value<'gc>)>> {
    let wanted = class.into();
    let mut walk = Walk::new(ctx, root);
    let mut found = Vec::new();
    while let Some(visit) = walk.next()? {
        if !visit.known && wanted.is_class_of(ctx, visit.value) {
            found.push((walk.path(&visit), visit.value));
        }
    }
    Ok(found)
}

/// A class to look for.
#[derive(Clone, Debug)]
pub enum Wanted<'gc> {
    /// This class, or one derived from it.
    Class(Value<'gc>),
    /// A class of this dotted name.
    Name(String),
}

impl<'gc> From<Value<'gc>> for Wanted<'gc> {
    fn from(class: Value<'gc>) -> Self {
        Wanted::Class(class)
    }
}

impl From<&str> for Wanted<'_> {
    fn from(name: &str) -> Self {
        Wanted::Name(name.to_owned())
    }
}

impl<'gc> Wanted<'gc> {
    fn is_class_of(&self, ctx: Context<'gc>, value: Value<'gc>) -> bool {
        match (self, value.class_of(ctx)) {
            (Wanted::Class(Value::Class(wanted)), Value::Class(class)) => {
                class.is_subclass_of(*wanted)
            }
            (Wanted::Class(wanted), class) => class.is(*wanted),
            (Wanted::Name(name), class) => match Opaque::of(value) {
                Some(opaque) => opaque.callable_name(ctx) == *name,
                None => class_name(ctx, class) == *name,
            },
        }
    }
}
