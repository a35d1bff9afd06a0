//! One pickle: load with stand-ins, dump, compare.

use halfsour_corpus::{WildFile, WildStream};
use halfsour_pickle::{Flavour, Missing, Opcode, Pickler, Unpickler, tools};
use halfsour::Runtime;
use halfsour_runtime::Dialect;

/// What came of writing a pickle again.
pub(crate) enum Written {
    /// The same bytes.
    Same,
    /// Other bytes.
    Other(Vec<u8>),
}

/// Loads a pickle and writes it.
pub(crate) fn write_again(file: &WildFile, stream: &WildStream) -> Result<Written, String> {
    let dialect = file.dialect(stream);
    let flavour = flavour(dialect, &stream.bytes);
    let unpickler = Unpickler::new().flavour(flavour).missing(Missing::Opaque);
    let pickler = Pickler::new().flavour(flavour).protocol(stream.protocol().into());
    let mut runtime = Runtime::new(dialect);
    let loaded = runtime
        .try_enter(|ctx| unpickler.loads(ctx, &stream.bytes).map(|value| ctx.stash(value)))
        .map_err(|error| format!("load: {error}"))?;
    let found = runtime
        .try_enter(|ctx| pickler.dumps(ctx, ctx.fetch(&loaded)))
        .map_err(|error| format!("dump: {error}"))?;
    if comparable(flavour, &found)? == comparable(flavour, &stream.bytes)? {
        Ok(Written::Same)
    } else {
        Ok(Written::Other(found))
    }
}

/// The implementation that wrote a pickle: `cPickle` numbers the memo from 1, `pickle.py` from 0.
fn flavour(dialect: Dialect, stream: &[u8]) -> Flavour {
    let first_put = || {
        let mut all = tools::genops(stream).map_while(Result::ok);
        all.find(|it| matches!(it.opcode, Opcode::PUT | Opcode::BINPUT | Opcode::LONG_BINPUT))
    };
    match dialect {
        Dialect::Python3 => Flavour::Python3,
        Dialect::Python2 => match first_put() {
            Some(put) if matches!(put.argument, b"0" | b"\0" | b"\0\0\0\0") => Flavour::Pickle,
            _ => Flavour::CPickle,
        },
    }
}

/// cPickle leaves PUTs out by reference counts, so its bytes are compared without the unused ones.
fn comparable(flavour: Flavour, stream: &[u8]) -> Result<Vec<u8>, String> {
    match flavour {
        Flavour::CPickle => tools::normalize(stream).map_err(|error| error.to_string()),
        _ => Ok(stream.to_vec()),
    }
}

pub(crate) fn different(expected: &[u8], found: &[u8]) -> String {
    let same = expected.iter().zip(found).take_while(|(one, other)| one == other).count();
    let shown = |bytes: &[u8]| {
        let end = bytes.len().min(same + 40);
        bytes.get(same.saturating_sub(20)..end).unwrap_or_default().escape_ascii().to_string()
    };
    format!("bytes differ at {same}: expected ..{}, found ..{}", shown(expected), shown(found))
}
