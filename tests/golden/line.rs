//! One line: load, describe, compare, dump, compare.

use halfsour_corpus::pickling::{Setup, prepare};
use halfsour_corpus::{Description, GoldenLine, Refusal, by_module, describe, make, same_strings};
use halfsour_pickle::{Flavour, Opcode, tools};
use halfsour_runtime::{Context, Error, Runtime, Uncaught, Value};

use crate::manifest::{Checked, Manifest, buffers};

/// Checks a line in the flavour of its implementation, or in both when both wrote it.
pub(crate) fn check_line(
    manifest: &Manifest,
    line: &GoldenLine,
    route: Route,
) -> Result<Checked, String> {
    let flavours = match line.implementation.as_str() {
        "pickle.py" => vec![Flavour::Pickle],
        "cPickle" => vec![Flavour::CPickle],
        _ if line.python.starts_with("3.") => vec![Flavour::Python3],
        _ => vec![Flavour::Pickle, Flavour::CPickle],
    };
    let mut checked = Checked::Exact;
    for flavour in flavours {
        let buffers = buffers(line).map_err(say)?;
        let found = Check { manifest, line, flavour, buffers, route }.run()?;
        if !matches!(found, Checked::Exact) {
            checked = found;
        }
    }
    Ok(checked)
}

struct Check<'m> {
    manifest: &'m Manifest,
    line: &'m GoldenLine,
    flavour: Flavour,
    buffers: Vec<(Vec<u8>, bool)>,
    route: Route,
}

/// Through which of two doors a line is loaded and dumped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// The Rust API.
    Rust,
    /// The modules that Python-shaped code imports.
    Modules,
}

/// What a runtime gave for a loaded line.
struct Loaded {
    description: Description,
    strings: Vec<Vec<usize>>,
    dumped: Result<Vec<u8>, Uncaught>,
}

impl Check<'_> {
    fn setup(&self) -> Setup<'_> {
        let GoldenLine { protocol, options, loads, .. } = self.line;
        let (flavour, protocol, loads, buffers) = (self.flavour, *protocol, *loads, &self.buffers);
        Setup { flavour, protocol, options, loads, buffers, encoding: None }
    }

    fn run(&self) -> Result<Checked, String> {
        if let Some(refusal) = &self.line.dump_error {
            return self.dump_fails(refusal);
        }
        let stream = self.line.stream().map_err(say)?.unwrap_or_default();
        let loaded = self.load_and_dump(&mut self.runtime()?, &stream);
        if let Some(refusal) = &self.line.load_error {
            let error = loaded.err().ok_or("loads, which it should not")?;
            return self.same_refusal(refusal, &error).map(|()| Checked::Exact);
        }
        if loaded.is_err() && self.manifest.is_refused(self.line) {
            return Ok(Checked::GraphOnly);
        }
        let loaded = loaded.map_err(|error| format!("load: {error}"))?;
        let graph = self.same_graph(&loaded)?;
        if !self.manifest.is_followed(self.line) {
            return Ok(Checked::GraphOnly);
        }
        let bytes = self.same_bytes(&stream, &loaded)?;
        Ok(if matches!(graph, Checked::Exact) { bytes } else { graph })
    }

    /// A runtime that has what the line needs.
    fn runtime(&self) -> Result<Runtime, String> {
        let mut runtime = match self.flavour {
            Flavour::Python3 => Runtime::python3(),
            Flavour::Pickle | Flavour::CPickle => Runtime::python2(),
        };
        let prepared = runtime.try_enter(|ctx| {
            prepare(ctx, &self.line.options)?;
            if self.route == Route::Modules { by_module::install(ctx) } else { Ok(()) }
        });
        prepared.map(|()| runtime).map_err(|error| format!("preparing the runtime: {error}"))
    }

    fn load<'gc>(&self, ctx: Context<'gc>, stream: &[u8]) -> Result<Value<'gc>, Error<'gc>> {
        match self.route {
            Route::Rust => self.setup().load(ctx, stream),
            Route::Modules => self.setup().load_by_module(ctx, stream),
        }
    }

    fn dump<'gc>(&self, ctx: Context<'gc>, object: Value<'gc>) -> Result<Vec<u8>, Error<'gc>> {
        match self.route {
            Route::Rust => self.setup().dump(ctx, object),
            Route::Modules => self.setup().dump_by_module(ctx, object),
        }
    }

    fn load_and_dump(&self, runtime: &mut Runtime, stream: &[u8]) -> Result<Loaded, Uncaught> {
        // The process that wrote the manifest had made the object before, so it had interned the names of its attributes.
        let expected =
            self.line.desc.as_ref().and_then(|key| self.manifest.descriptions.get(key).ok());
        runtime.try_enter(|ctx| {
            let names = expected.into_iter().flat_map(Description::attribute_names);
            let _interned: Vec<_> = names.map(|name| ctx.intern(name)).collect();
            let value = self.load(ctx, stream)?;
            let description = describe(ctx, value)?;
            let strings = same_strings(ctx, value)?;
            let dumped = self.dump(ctx, value).map_err(|error| error.into_uncaught(ctx));
            Ok(Loaded { description, strings, dumped })
        })
    }

    fn same_graph(&self, loaded: &Loaded) -> Result<Checked, String> {
        let key = self.line.desc.as_deref().unwrap_or_default();
        let expected = self.manifest.descriptions.get(key).map_err(say)?;
        let mut graphs = [expected.clone(), loaded.description.clone()];
        if self.manifest.is_of_older_python3(self.line) {
            graphs = graphs.map(|graph| graph.without_unset_attributes().with_moved_classes());
        }
        let [expected, found] = graphs;
        let mut checked = Checked::Exact;
        if let Some(difference) = expected.difference(&found) {
            let sorted = expected.with_sorted_namespaces();
            if sorted.difference(&found.with_sorted_namespaces()).is_some() {
                return Err(format!("graph: {difference}"));
            }
            checked = Checked::ByHash;
        }
        if matches!(checked, Checked::Exact) && self.line.same_strings != loaded.strings {
            return Err(format!(
                "strings: expected {:?}, found {:?}",
                self.line.same_strings, loaded.strings
            ));
        }
        Ok(checked)
    }

    fn same_bytes(&self, stream: &[u8], loaded: &Loaded) -> Result<Checked, String> {
        match (self.line.redump_error(), &loaded.dumped) {
            (Some(refusal), Err(error)) => {
                self.same_refusal(refusal, error).map(|()| Checked::Exact)
            }
            (Some(refusal), Ok(_)) => Err(format!("dumps, but should raise {refusal:?}")),
            (None, Err(error)) => Err(format!("dump: {error}")),
            (None, Ok(found)) => {
                let expected = self.line.redumped().map_err(say)?.unwrap_or_default();
                let reordered = same_opcodes(&expected, stream);
                let [expected, found, stream] =
                    [&expected[..], found, stream].map(|stream| self.comparable(stream));
                let (expected, found) = (expected?, found?);
                if expected == found {
                    Ok(Checked::Exact)
                } else if reordered && found == stream? {
                    // A reload in 2.7 orders a set or dict by hash, and here it keeps the order of the stream.
                    Ok(Checked::ByHash)
                } else {
                    Err(different_bytes(&expected, &found))
                }
            }
        }
    }

    /// cPickle leaves PUTs out by reference counts, so its bytes are compared without the unused ones.
    fn comparable(&self, stream: &[u8]) -> Result<Vec<u8>, String> {
        if self.flavour == Flavour::CPickle {
            tools::normalize(stream).map_err(say)
        } else {
            Ok(stream.to_vec())
        }
    }

    fn dump_fails(&self, refusal: &Refusal) -> Result<Checked, String> {
        let dumped = self.runtime()?.try_enter(|ctx| {
            let Some(object) = self.object(ctx)? else { return Ok(None) };
            Ok(Some(self.dump(ctx, object).map_err(|error| error.into_uncaught(ctx))))
        });
        match dumped.map_err(|error| format!("making the object: {error}"))? {
            None => Ok(Checked::Unknown),
            Some(Ok(_)) => Err(format!("dumps, but should raise {refusal:?}")),
            Some(Err(error)) => self.same_refusal(refusal, &error).map(|()| Checked::Exact),
        }
    }

    /// The object whose dump fails: what a recipe makes, else what another line of the same case loads to.
    fn object<'gc>(&self, ctx: Context<'gc>) -> Result<Option<Value<'gc>>, Error<'gc>> {
        if let Some(recipe) = self.manifest.recipes.get(&self.line.case, ctx.dialect()) {
            return make(ctx, recipe).map(Some);
        }
        let same_case = |line: &&GoldenLine| {
            line.case == self.line.case && line.desc.is_some() && !line.changed
        };
        let Some(line) = self.manifest.lines.iter().find(same_case) else { return Ok(None) };
        let Ok(Some(stream)) = line.stream() else { return Ok(None) };
        let flavour =
            if line.implementation == "cPickle" { Flavour::CPickle } else { Flavour::Pickle };
        let flavour = if self.flavour == Flavour::Python3 { self.flavour } else { flavour };
        let buffers = buffers(line).unwrap_or_default();
        let check = Check { manifest: self.manifest, line, flavour, buffers, route: Route::Rust };
        check.setup().load(ctx, &stream).map(Some)
    }

    /// The same type, and the same text but for cPickle. An implementation that is not followed may refuse otherwise.
    fn same_refusal(&self, refusal: &Refusal, error: &Uncaught) -> Result<(), String> {
        if !self.manifest.is_followed(self.line) {
            return Ok(());
        }
        let Refusal(class, text) = refusal;
        // 3.13 has its exceptions from the C module.
        let class = class.strip_prefix('_').unwrap_or(class);
        let found = without_addresses(error.message());
        let too_deep = ["RuntimeError", "RecursionError"].contains(&class);
        let same_text = found == *text
            || self.flavour == Flavour::CPickle
            || (too_deep && found.starts_with(text.as_str()));
        if error.class() == class && same_text {
            return Ok(());
        }
        Err(format!("expected {class}: {text:?}, found {}: {found:?}", error.class()))
    }
}

fn say(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// Addresses as manifests write them.
fn without_addresses(text: &str) -> String {
    let mut pieces = text.split("0x");
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        out.push_str("0xADDR");
        out.push_str(piece.trim_start_matches(|c: char| c.is_ascii_hexdigit()));
    }
    out
}

fn different_bytes(expected: &[u8], found: &[u8]) -> String {
    let same = expected.iter().zip(found).take_while(|(one, other)| one == other).count();
    let shown = |bytes: &[u8]| {
        let end = bytes.len().min(same + 40);
        bytes.get(same.saturating_sub(20)..end).unwrap_or_default().escape_ascii().to_string()
    };
    format!("bytes differ at {same}: expected ..{}, found ..{}", shown(expected), shown(found))
}

/// Whether two streams have the same opcodes with the same arguments, those of the memo aside, in whatever order.
fn same_opcodes(one: &[u8], other: &[u8]) -> bool {
    let opcodes = |stream| -> Option<Vec<&[u8]>> {
        let all: Vec<_> = tools::genops(stream).collect::<Result<_, _>>().ok()?;
        let lasting = all.iter().filter(|operation| {
            use Opcode::{BINGET, BINPUT, GET, LONG_BINGET, LONG_BINPUT, PUT};
            ![PUT, BINPUT, LONG_BINPUT, GET, BINGET, LONG_BINGET].contains(&operation.opcode)
        });
        let mut bytes: Vec<_> = lasting.map(|operation| operation.bytes).collect();
        bytes.sort_unstable();
        Some(bytes)
    };
    opcodes(one).is_some_and(|one| opcodes(other) == Some(one))
}
