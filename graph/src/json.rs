//! Graphs as JSON.
//!
//! What JSON has is written as it is. The rest is an object whose first key begins with `$`:
//!
//! | Python | JSON |
//! |---|---|
//! | `None`, bools, ints, finite floats, text, lists | as they are |
//! | tuples | arrays |
//! | dicts whose keys are all text | objects |
//! | other dicts | `{"$dict": [[key, value], ...]}` |
//! | sets and frozensets | `{"$set": [...]}`, `{"$frozenset": [...]}` |
//! | bytes that are no text, bytearrays | `{"$bytes": "hexadecimal"}` |
//! | NaN and infinities, complex numbers | `{"$float": "nan"}`, `{"$complex": [1.0, 2.0]}` |
//! | instances | `{"$class": "larder.Jar", ...}` with their attributes; `"$items"` are the items of those that have some, keys and values in turn |
//! | objects of unknown classes | the same, and with what they are made as `"$args"`, `"$keywords"` and so on |
//! | objects of types in native code | `{"$class": ..., "$repr": ...}` |
//! | classes, functions, modules | `{"$global": "larder.Jar"}` |
//! | an object that stands elsewhere already | `{"$ref": "root['jars'][0]"}` |
//!
//! So every graph has a text, whose size is in proportion to the graph. It is for people and programs that read JSON; nothing
//! reads it back.

use std::io;

use halfsour_pickle::{Opaque, OpaqueGlobal};
use halfsour_runtime::{Context, Result, Value};

use crate::path::Step;
use crate::shown;
use crate::tree::is_data;
use crate::walk::{Visit, Walk};

/// Returns a graph as JSON.
///
/// # Errors
///
/// As [`edges`](crate::edges).
///
/// # Examples
///
/// ```
/// use halfsour_graph::json;
/// use halfsour_runtime::{Runtime, value};
///
/// Runtime::python3().try_enter(|ctx| {
///     let jar = value!(ctx, {"label": "dill", "grams": (1, 2.5)})?;
///     let shelf = value!(ctx, [jar, jar, {1: None}])?;
///     let text = json::to_string(ctx, shelf)?;
///     assert_eq!(text, r#"[{"label":"dill","grams":[1,2.5]},{"$ref":"root[0]"},{"$dict":[[1,null]]}]"#);
///     Ok(())
/// })?;
/// # Ok::<(), halfsour_runtime::Uncaught>(())
/// ```
pub fn to_string<'gc>(ctx: Context<'gc>, root: Value<'gc>) -> Result<'gc, String> {
    let mut out = Vec::new();
    to_writer(ctx, root, &mut out)?;
    Ok(String::from_utf8_lossy(&out).into_owned())
}

/// Writes a graph as JSON.
///
/// # Errors
///
/// As [`to_string`]; `IOError` if the writer fails.
pub fn to_writer<'gc>(
    ctx: Context<'gc>,
    root: Value<'gc>,
    out: &mut dyn io::Write,
) -> Result<'gc, ()> {
    let mut writer = Writer { ctx, out, open: Vec::new() };
    let mut walk = Walk::new(ctx, root);
    while let Some(visit) = walk.next()? {
        writer.close_to(visit.depth)?;
        writer.visit(&walk, &visit)?;
    }
    writer.close_to(0)
}

/// What the `repr` of an object may take, which may show its parts again.
const REPR: u64 = 1 << 16;

/// How the parts of an object that is being written are laid out.
struct Layout {
    /// What ends it.
    end: &'static str,
    kind: Kind,
    parts: usize,
    /// The array of an instance's parts that is open.
    section: Option<&'static str>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Array,
    /// A dict with keys of text.
    Object,
    /// A dict with other keys: an array of pairs.
    Pairs,
    Instance,
}

struct Writer<'gc, 'w> {
    ctx: Context<'gc>,
    out: &'w mut dyn io::Write,
    open: Vec<Layout>,
}

impl<'gc> Writer<'gc, '_> {
    fn write(&mut self, text: &str) -> Result<'gc, ()> {
        Ok(self.out.write_all(text.as_bytes())?)
    }

    /// Writes a string, in quotes.
    fn string(&mut self, text: &str) -> Result<'gc, ()> {
        Ok(serde_json::to_writer(&mut *self.out, text).map_err(io::Error::from)?)
    }

    fn tagged(&mut self, tag: &str, text: &str) -> Result<'gc, ()> {
        self.write("{\"$")?;
        self.write(tag)?;
        self.write("\":")?;
        self.string(text)?;
        self.write("}")
    }

    fn close_to(&mut self, depth: usize) -> Result<'gc, ()> {
        while self.open.len() > depth {
            let Some(layout) = self.open.pop() else { break };
            if layout.section.is_some() || layout.kind == Kind::Pairs && layout.parts > 0 {
                self.write("]")?;
            }
            self.write(layout.end)?;
        }
        Ok(())
    }

    fn visit(&mut self, walk: &Walk<'gc>, visit: &Visit<'gc>) -> Result<'gc, ()> {
        if let Some(step) = &visit.step {
            self.step(step)?;
        }
        if !is_data(visit.value) {
            let name = global_name(self.ctx, visit.value);
            self.tagged("global", &name)?;
            return self.leaf(visit, "");
        }
        if let (true, Some(number)) = (visit.known, visit.number) {
            return self.tagged("ref", &walk.shown_path_to(number));
        }
        self.value(visit)
    }

    /// What stands before a part: a comma, and its key.
    fn step(&mut self, step: &Step<'gc>) -> Result<'gc, ()> {
        let Some(layout) = self.open.last_mut() else { return Ok(()) };
        let (kind, first) = (layout.kind, layout.parts == 0);
        layout.parts += 1;
        match (kind, step) {
            (Kind::Array, _) => self.write(if first { "" } else { "," }),
            (Kind::Object, Step::Value(key)) => {
                self.write(if first { "" } else { "," })?;
                self.string(&shown::text(*key).unwrap_or_default())?;
                self.write(":")
            }
            (Kind::Pairs, Step::Value(key)) if !shown::is_atom(*key) => self.write(","),
            (Kind::Pairs, step) => {
                self.write(if first { "[" } else { "],[" })?;
                self.key_of(step)
            }
            (_, step) => {
                self.section(section(step))?;
                match step {
                    Step::Attribute(name) => {
                        self.write(",")?;
                        self.string(name)?;
                        self.write(":")
                    }
                    step => self.key_of(step),
                }
            }
        }
    }

    /// Writes the key before a value, unless it was written as a part of its own.
    fn key_of(&mut self, step: &Step<'gc>) -> Result<'gc, ()> {
        match step {
            Step::Value(key) | Step::Keyword(key) if shown::is_atom(*key) => {
                self.atom(*key)?;
                self.write(",")
            }
            _ => Ok(()),
        }
    }

    /// Opens the array that a part of an instance belongs to, and closes the one before.
    fn section(&mut self, section: Option<&'static str>) -> Result<'gc, ()> {
        let Some(layout) = self.open.last_mut() else { return Ok(()) };
        let before = std::mem::replace(&mut layout.section, section);
        match (before, section) {
            (Some(before), Some(now)) if before == now => self.write(","),
            (before, now) => {
                if before.is_some() {
                    self.write("]")?;
                }
                let Some(now) = now else { return Ok(()) };
                self.write(",")?;
                self.string(now)?;
                self.write(":[")
            }
        }
    }

    fn value(&mut self, visit: &Visit<'gc>) -> Result<'gc, ()> {
        let value = visit.value;
        if shown::is_atom(value) && !matches!(value, Value::Tuple(_)) {
            return self.atom(value);
        }
        let (begin, kind, end) = match value {
            Value::List(_) | Value::Tuple(_) => ("[", Kind::Array, "]"),
            Value::Set(_) => ("{\"$set\":[", Kind::Array, "]}"),
            Value::FrozenSet(_) => ("{\"$frozenset\":[", Kind::Array, "]}"),
            Value::Dict(dict)
                if dict.entries().iter().all(|(key, _)| shown::text(*key).is_some()) =>
            {
                ("{", Kind::Object, "}")
            }
            Value::Dict(_) => ("{\"$dict\":[", Kind::Pairs, "]}"),
            Value::ByteArray(bytes) => {
                self.tagged("bytes", &hexadecimal(&bytes.to_vec()))?;
                return self.leaf(visit, "");
            }
            _ => {
                self.instance(value)?;
                ("", Kind::Instance, "}")
            }
        };
        self.write(begin)?;
        if visit.number.is_none() {
            return self.write(end);
        }
        self.open.push(Layout { end, kind, parts: 0, section: None });
        Ok(())
    }

    /// Notes an object that is written whole, though the walk enters it.
    fn leaf(&mut self, visit: &Visit<'gc>, end: &'static str) -> Result<'gc, ()> {
        if !visit.known && visit.number.is_some() {
            self.open.push(Layout { end, kind: Kind::Array, parts: 0, section: None });
        }
        Ok(())
    }

    fn instance(&mut self, value: Value<'gc>) -> Result<'gc, ()> {
        let class = match Opaque::of(value) {
            Some(opaque) => opaque.callable_name(self.ctx),
            None => shown::class_name(self.ctx, value.class_of(self.ctx)),
        };
        self.write("{\"$class\":")?;
        self.string(&class)?;
        match value.content() {
            Value::Instance(_) => {
                let Some(shown) = shown::native(self.ctx, value, REPR) else { return Ok(()) };
                self.write(",\"$repr\":")?;
                self.string(&shown)
            }
            content if shown::is_atom(content) => {
                self.write(",\"$value\":")?;
                self.atom(content)
            }
            _ => Ok(()),
        }
    }

    fn atom(&mut self, value: Value<'gc>) -> Result<'gc, ()> {
        match value {
            Value::None => self.write("null"),
            Value::Bool(it) => self.write(if it { "true" } else { "false" }),
            Value::Int(it) => self.write(&it.to_string()),
            Value::Long(it) if it.as_bigint().bits() > 4096 => {
                self.tagged("int", &format!("{:#x}", it.as_bigint()))
            }
            Value::Long(it) => self.write(&it.as_bigint().to_string()),
            Value::Float(it) if it.is_finite() => {
                Ok(serde_json::to_writer(&mut *self.out, &it).map_err(io::Error::from)?)
            }
            Value::Float(it) => self.tagged("float", &halfsour_runtime::float_text::repr(it)),
            Value::Complex(it) => {
                self.write("{\"$complex\":[")?;
                self.atom(Value::Float(it.get().re))?;
                self.write(",")?;
                self.atom(Value::Float(it.get().im))?;
                self.write("]}")
            }
            Value::Unicode(it) => self.string(&it.to_string_lossy()),
            Value::Bytes(it) => match std::str::from_utf8(it.as_slice()) {
                Ok(text) if self.ctx.dialect() == halfsour_runtime::Dialect::Python2 => {
                    self.string(text)
                }
                _ => self.tagged("bytes", &hexadecimal(it.as_slice())),
            },
            Value::Tuple(_) => self.write("[]"),
            Value::Range(it) => {
                self.tagged("range", &format!("{}:{}:{}", it.start(), it.stop(), it.step()))
            }
            other => {
                let name = shown::object(self.ctx, other);
                self.tagged("global", &name)
            }
        }
    }
}

/// The array in which a part of an instance stands; attributes have names of their own.
fn section(step: &Step<'_>) -> Option<&'static str> {
    Some(match step {
        Step::Attribute(_) => return None,
        Step::Index(_) | Step::Value(_) | Step::Key(_) | Step::Item(_) => "$items",
        Step::Maker => "$maker",
        Step::Argument(_) => "$args",
        Step::Keyword(_) => "$keywords",
        Step::State => "$state",
        Step::StateSetter => "$state_setter",
        Step::Held(_) => "$held",
    })
}

fn global_name<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> String {
    match (OpaqueGlobal::of(value), value) {
        (Some(global), _) => global.dotted_name(),
        (None, Value::Class(_) | Value::ClassicClass(_)) => shown::class_name(ctx, value),
        _ => shown::object(ctx, value),
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
