//! Loading the pickles of a stream with stand-ins for everything that is not known, and writing them again.

use std::cell::Cell;

use halfsour::pickle::{Flavour, Limits, Missing, PickleBuffer, Pickler, Placement, Unpickler};
use halfsour::{ByteArray, Bytes, Context, Dialect, Result as PyResult, Runtime, Value};

use crate::failure::Failure;
use crate::input::Part;
use crate::limits::LimitOptions;
use crate::survey::Pickle;

/// Which Python's rules to follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Python {
    #[value(name = "2")]
    Python2,
    #[value(name = "3")]
    Python3,
}

impl Python {
    pub(crate) const fn dialect(self) -> Dialect {
        match self {
            Python::Python2 => Dialect::Python2,
            Python::Python3 => Dialect::Python3,
        }
    }
}

/// Options of whatever loads pickles.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct LoadOptions {
    /// Which Python's objects to make of it; by default those of the one that wrote it
    ///
    /// That is Python 2 if there are byte strings, classic instances or a memo that begins at 1 in it, as Python 3 writes
    /// none of these; else Python 3.
    #[arg(long, value_name = "2|3", hide_possible_values = true)]
    python: Option<Python>,
    /// Make text of Python 2's byte strings, as Python 3 does by this encoding, like latin-1; bytes keeps them as bytes
    #[arg(long, value_parser = kept)]
    encoding: Option<&'static str>,
    /// What to do about bytes that the encoding does not know, like replace; by default it is an error
    #[arg(long, value_parser = kept)]
    errors: Option<&'static str>,
    #[command(flatten)]
    pub(crate) limits: LimitOptions,
}

/// Options are good for as long as the program runs.
#[allow(clippy::unnecessary_wraps, reason = "clap asks for a Result")]
fn kept(text: &str) -> std::result::Result<&'static str, String> {
    Ok(String::leak(text.to_owned()))
}

impl LoadOptions {
    /// The dialect that is asked for: encodings are Python 3's.
    pub(crate) fn dialect(&self) -> Option<Dialect> {
        let has_encoding = self.encoding.is_some() || self.errors.is_some();
        let asked = self.python.map(Python::dialect);
        asked.or(has_encoding.then_some(Dialect::Python3))
    }

    /// Loads as a flavour does, with stand-ins.
    pub(crate) fn unpickler<'p>(&self, flavour: Flavour) -> Unpickler<'p> {
        Unpickler::new()
            .flavour(flavour)
            .limits(self.limits.of_load())
            .missing(Missing::Opaque)
            .newer_protocols(true)
            .encoding(self.encoding.unwrap_or("ASCII"))
            .errors(self.errors.unwrap_or("strict"))
    }
}

/// Runtimes with everything that is known, each made when it is needed.
#[derive(Default)]
pub(crate) struct Runtimes([Option<Runtime>; 2]);

impl Runtimes {
    pub(crate) fn of(&mut self, dialect: Dialect) -> &mut Runtime {
        self.0[dialect.pick(0, 1)].get_or_insert_with(|| runtime(dialect))
    }
}

/// A runtime with everything that is known.
pub(crate) fn runtime(dialect: Dialect) -> Runtime {
    let mut runtime = Runtime::new(dialect);
    // No depth of data overflows anything here.
    runtime.enter(|ctx| ctx.set_recursion_limit(usize::MAX));
    runtime
}

/// Pickles that are loaded together, and how.
pub(crate) struct Reading<'a> {
    options: &'a LoadOptions,
    part: &'a Part,
    pub(crate) group: &'a [Pickle],
    pub(crate) dialect: Dialect,
    pub(crate) flavour: Flavour,
}

impl<'a> Reading<'a> {
    /// The pickles of a part: each by itself, or all together if they share a memo. They are loaded in a dialect, or in that
    /// of the Python that wrote them.
    pub(crate) fn of(
        options: &'a LoadOptions,
        part: &'a Part,
        dialect: Option<Dialect>,
    ) -> impl Iterator<Item = Self> {
        let survey = &part.survey;
        let size = if survey.one_memo { survey.pickles.len() } else { 1 };
        survey.pickles.chunks(size.max(1)).map(move |group| {
            let asked = dialect.or(options.dialect());
            let dialect = asked.unwrap_or_else(|| survey.dialect_of(group));
            Self { options, part, group, dialect, flavour: survey.flavour(dialect) }
        })
    }

    /// Loads the pickles one after the other, and has `work` done with each; `at` is where in the stream the one is that is
    /// being loaded.
    pub(crate) fn load<'gc>(
        &self,
        ctx: Context<'gc>,
        at: &Cell<usize>,
        work: impl FnMut(&Pickle, Value<'gc>) -> PyResult<'gc, ()>,
    ) -> PyResult<'gc, ()> {
        let streams = self.group.iter().map(|pickle| (pickle, self.part.of(pickle)));
        self.load_streams(ctx, streams, at, work)
    }

    fn load_streams<'p, 'gc>(
        &self,
        ctx: Context<'gc>,
        streams: impl Iterator<Item = (&'p Pickle, &'p [u8])>,
        at: &Cell<usize>,
        mut work: impl FnMut(&Pickle, Value<'gc>) -> PyResult<'gc, ()>,
    ) -> PyResult<'gc, ()> {
        let mut session = None;
        for (pickle, bytes) in streams {
            at.set(pickle.range.start);
            let unpickler = self.unpickler(pickle);
            let session = *session.get_or_insert_with(|| unpickler.session(ctx));
            let value = session.loads(ctx, &unpickler, bytes)?;
            work(pickle, value)?;
        }
        Ok(())
    }

    fn unpickler<'p>(&self, pickle: &'p Pickle) -> Unpickler<'p> {
        let unpickler = self.options.unpickler(self.flavour).fix_imports(!self.is_of_zodb());
        let buffers = &pickle.buffers;
        unpickler.buffers(|ctx, number| buffers.get(number).map(|it| buffer(ctx, *it)).transpose())
    }

    /// Loads what was written of the objects.
    pub(crate) fn load_again<'gc>(
        &self,
        ctx: Context<'gc>,
        written: &[Vec<u8>],
    ) -> PyResult<'gc, Vec<Value<'gc>>> {
        let mut values = Vec::new();
        let streams = self.group.iter().zip(written.iter().map(Vec::as_slice));
        self.load_streams(ctx, streams, &Cell::new(0), |_, value| {
            values.push(value);
            Ok(())
        })?;
        Ok(values)
    }

    /// Loads the pickles in a runtime, and returns what `work` made of them; what came before an error comes with
    /// it.
    pub(crate) fn each<T>(
        &self,
        runtime: &mut Runtime,
        mut work: impl for<'gc> FnMut(Context<'gc>, &Pickle, Value<'gc>) -> PyResult<'gc, T>,
    ) -> (Vec<T>, Option<Failure>) {
        let (at, mut done) = (Cell::new(0), Vec::new());
        let outcome = runtime.try_enter(|ctx| {
            self.load(ctx, &at, |pickle, value| {
                done.push(work(ctx, pickle, value)?);
                Ok(())
            })
        });
        let failure = outcome.err().map(|error| self.part.failure(error.into(), at.get()));
        (done, failure)
    }

    /// Writes objects as pickles, over one memo if there are several.
    pub(crate) fn dump<'gc>(
        &self,
        ctx: Context<'gc>,
        values: &[(u8, Value<'gc>)],
        flavour: Flavour,
    ) -> PyResult<'gc, Vec<Vec<u8>>> {
        let mut session = None;
        let mut dumped = Vec::new();
        for &(protocol, value) in values {
            let has_buffers = self.group.iter().any(|it| !it.buffers.is_empty());
            let mut pickler = Pickler::new()
                .flavour(flavour)
                .protocol(protocol.min(flavour.highest_protocol()).into())
                .limits(Limits::none());
            if has_buffers && protocol >= 5 {
                pickler = pickler.buffer_callback(|_, _| Ok(Placement::OutOfBand));
            }
            let mut bytes = Vec::new();
            if values.len() == 1 {
                pickler.dump(ctx, value, &mut bytes)?;
            } else {
                let session = match session {
                    Some(session) => session,
                    None => *session.insert(pickler.session(ctx)?),
                };
                session.dump(ctx, &pickler, value, &mut bytes)?;
            }
            if let Some(announced) = bytes.get_mut(1).filter(|_| self.is_of_zodb() && protocol >= 2)
            {
                *announced = protocol;
            }
            dumped.push(bytes);
        }
        Ok(dumped)
    }

    /// Whether it is Python 2's under the name of a protocol of Python 3.
    pub(crate) fn is_of_zodb(&self) -> bool {
        self.dialect == Dialect::Python2 && self.group.iter().any(Pickle::is_of_zodb)
    }
}

/// A buffer that is not there: empty, and written out of band again.
fn buffer(ctx: Context<'_>, read_only: bool) -> PyResult<'_> {
    let bytes = match read_only {
        true => Bytes::new(ctx, b"").into(),
        false => ByteArray::from_vec(ctx, Vec::new()).into(),
    };
    Ok(PickleBuffer::new(ctx, bytes)?.into())
}
