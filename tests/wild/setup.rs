//! How a pickle is loaded, with stand-ins for everything, and how its graph is written.

use std::io::Read;

use halfsour::Runtime;
use halfsour_corpus::{WildFile, WildStream};
use halfsour_pickle::{
    Flavour, Missing, Opcode, PickleBuffer, Pickler, Placement, Unpickler, tools,
};
use halfsour_runtime::{
    ByteArray, Bytes, Context, Dialect, Error, List, Result, Uncaught, Value, exc,
};

use crate::frames::end_at_gaps;

pub(crate) struct Setup {
    pub(crate) stream: WildStream,
    pub(crate) dialect: Dialect,
    flavour: Flavour,
    buffers: Vec<(Vec<u8>, bool)>,
}

impl Setup {
    pub(crate) fn new(file: &WildFile, stream: WildStream) -> halfsour_corpus::Result<Self> {
        let dialect = file.dialect(&stream);
        let buffers = file.buffers.iter().map(|buffer| Ok((buffer.bytes()?, buffer.read_only)));
        let buffers = buffers.collect::<halfsour_corpus::Result<_>>()?;
        Ok(Self { flavour: flavour(dialect, &stream.bytes), stream, dialect, buffers })
    }

    /// A runtime of the Python that wrote the pickle.
    pub(crate) fn runtime(&self) -> Runtime {
        Runtime::new(self.dialect)
    }

    pub(crate) fn load<'gc>(&self, ctx: Context<'gc>, mut stream: &[u8]) -> Result<'gc> {
        let unpickler = Unpickler::new()
            .flavour(self.flavour)
            .missing(Missing::Opaque)
            .newer_protocols(self.is_zodbpickle())
            .fix_imports(!self.is_zodbpickle())
            .buffers(|ctx, number| self.buffer(ctx, number));
        if self.stream.pickles == 1 {
            return unpickler.loads(ctx, stream);
        }
        let session = unpickler.session(ctx);
        let loaded =
            (0..self.stream.pickles).map(|_| session.load(ctx, &unpickler, stream.by_ref()));
        Ok(List::from_vec(ctx, loaded.collect::<Result<'gc, _>>()?).into())
    }

    pub(crate) fn dump<'gc>(&self, ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, Vec<u8>> {
        let protocol = if self.is_zodbpickle() { 2 } else { self.protocol() };
        let mut pickler = Pickler::new().flavour(self.flavour).protocol(protocol);
        if !self.buffers.is_empty() {
            pickler = pickler.buffer_callback(|_, _| Ok(Placement::OutOfBand));
        }
        let Some(objects) = object.as_list().filter(|_| self.stream.pickles > 1) else {
            return self.framed(pickler.dumps(ctx, object)?);
        };
        let session = pickler.session(ctx)?;
        let mut stream = Vec::new();
        for object in objects.to_vec() {
            let start = stream.len();
            session.dump(ctx, &pickler, object, &mut stream)?;
            if let Some(protocol) = stream.get_mut(start + 1).filter(|_| self.is_zodbpickle()) {
                *protocol = 3;
            }
        }
        Ok(stream)
    }

    /// The frames as joblib has them, if it is joblib's.
    fn framed<'gc>(&self, stream: Vec<u8>) -> Result<'gc, Vec<u8>> {
        if self.stream.gaps.is_empty() || self.protocol() < 4 {
            return Ok(stream);
        }
        let framed = end_at_gaps(&stream, &self.stream.bytes, &self.stream.gaps);
        framed.map_err(|error| Error::new(&exc::VALUE_ERROR, error.to_string()))
    }

    /// Whether it has Python 2's opcodes under the name of protocol 3, as ZODB's pickler writes in Python 2.
    fn is_zodbpickle(&self) -> bool {
        self.dialect == Dialect::Python2 && self.protocol() == 3
    }

    /// Loads the pickle and writes it again.
    pub(crate) fn again(&self) -> std::result::Result<Vec<u8>, String> {
        let mut runtime = self.runtime();
        let loaded = runtime
            .try_enter(|ctx| self.load(ctx, &self.stream.bytes).map(|value| ctx.stash(value)))
            .map_err(|error| format!("load: {error}"))?;
        let written: std::result::Result<_, Uncaught> =
            runtime.try_enter(|ctx| self.dump(ctx, ctx.fetch(&loaded)));
        written.map_err(|error| format!("dump: {error}"))
    }

    /// What is compared of a stream: cPickle leaves PUTs out by reference counts, so its streams go without the unused
    /// ones.
    pub(crate) fn comparable(&self, stream: &[u8]) -> std::result::Result<Vec<u8>, String> {
        match self.flavour {
            Flavour::CPickle => tools::normalize(stream).map_err(|error| error.to_string()),
            _ => Ok(stream.to_vec()),
        }
    }

    pub(crate) fn protocol(&self) -> i32 {
        self.stream.protocol().into()
    }

    /// A buffer as one that is written out of band again.
    fn buffer<'gc>(&self, ctx: Context<'gc>, number: usize) -> Result<'gc, Option<Value<'gc>>> {
        let Some((bytes, read_only)) = self.buffers.get(number) else { return Ok(None) };
        let buffer = match read_only {
            true => Bytes::new(ctx, bytes).into(),
            false => ByteArray::from_vec(ctx, bytes.clone()).into(),
        };
        Ok(Some(PickleBuffer::new(ctx, buffer)?.into()))
    }
}

/// The implementation that wrote a pickle: `cPickle` numbers the memo from 1, `pickle.py` from 0.
fn flavour(dialect: Dialect, stream: &[u8]) -> Flavour {
    let mut operations = tools::genops(stream).map_while(std::result::Result::ok);
    let mut first_put = || {
        operations
            .find(|it| matches!(it.opcode, Opcode::PUT | Opcode::BINPUT | Opcode::LONG_BINPUT))
    };
    if dialect == Dialect::Python3 {
        return Flavour::Python3;
    }
    match first_put() {
        Some(put) if matches!(put.argument, b"0" | b"\0" | b"\0\0\0\0") => Flavour::Pickle,
        _ => Flavour::CPickle,
    }
}
