//! Joblib's files: a pickle that is interrupted, after each BUILD of a `NumpyArrayWrapper`, by the bytes of that array.

use halfsour_pickle::{Missing, Opaque, Opcode, Unpickler, tools};
use halfsour_runtime::{Context, Error, Result, Runtime, Value, exc};

use super::WildStream;

/// The pickle, and those inside of it: joblib pickles an array of objects where other arrays have their bytes.
pub(super) fn open(file: &[u8]) -> std::result::Result<Vec<WildStream>, String> {
    let mut inner = Vec::new();
    let mut outer = WildStream { bytes: Vec::new(), pickles: 1, gaps: Vec::new() };
    let mut start = 0;
    while let Some(end) = next_build(file, start)? {
        outer.bytes.extend_from_slice(file.get(start..end).unwrap_or_default());
        start = end;
        match array(&outer.bytes)? {
            None => continue,
            Some(Array::Bytes { aligned, length }) => {
                // A byte that says how many follow it before the array, so that this is aligned.
                let padding =
                    file.get(end).filter(|_| aligned).map_or(0, |more| 1 + usize::from(*more));
                start += padding + length;
            }
            Some(Array::Objects) => {
                let pickle =
                    WildStream::end_to_end(file.get(end..).unwrap_or_default()).into_iter().next();
                let pickle = pickle.ok_or("an array of objects is no pickle")?;
                start += pickle.bytes.len();
                inner.push(pickle);
            }
        }
        outer.gaps.push(outer.bytes.len());
    }
    outer.bytes.extend_from_slice(file.get(start..).unwrap_or_default());
    inner.push(outer);
    Ok(inner)
}

/// Where the next BUILD ends; nothing if the pickle ends before.
fn next_build(file: &[u8], start: usize) -> std::result::Result<Option<usize>, String> {
    for operation in tools::genops_from(file, start) {
        let operation = operation.map_err(|error| error.to_string())?;
        if operation.opcode == Opcode::BUILD {
            return Ok(Some(operation.offset + operation.bytes.len()));
        }
    }
    Ok(None)
}

/// What is behind a BUILD.
enum Array {
    Bytes { aligned: bool, length: usize },
    Objects,
}

/// What belongs to the object that a pickle, which ends with a BUILD, has built; nothing if that is no array.
fn array(pickle: &[u8]) -> std::result::Result<Option<Array>, String> {
    // Without FRAMEs, because the last one claims more than this beginning of the pickle has.
    let operations = tools::genops(pickle).map_while(std::result::Result::ok);
    let unframed = operations.filter(|operation| operation.opcode != Opcode::FRAME);
    let mut ended: Vec<u8> = unframed.flat_map(|operation| operation.bytes).copied().collect();
    ended.push(Opcode::STOP.byte());
    // Whatever Python wrote it, its texts are only looked at here.
    let unpickler = Unpickler::new().missing(Missing::Opaque).encoding("latin-1");
    Runtime::python3()
        .try_enter(|ctx| {
            let built = unpickler.loads(ctx, &ended)?;
            match Opaque::of(built) {
                Some(wrapper) if wrapper.is_made_by("joblib.numpy_pickle", "NumpyArrayWrapper") => {
                    of_wrapper(ctx, wrapper).map(Some)
                }
                _ => Ok(None),
            }
        })
        .map_err(|error| error.to_string())
}

fn of_wrapper<'gc>(ctx: Context<'gc>, wrapper: Opaque<'gc>) -> Result<'gc, Array> {
    let field = |name| -> Result<'gc> {
        wrapper.field(ctx, name)?.ok_or_else(|| Error::new(&exc::ATTRIBUTE_ERROR, name))
    };
    let code: String = dtype_code(field("dtype")?)?.to(ctx)?;
    let digits = code.trim_start_matches(|c: char| !c.is_ascii_digit());
    let size: usize = digits.parse().map_err(|_| Error::new(&exc::VALUE_ERROR, code.clone()))?;
    if code.starts_with('O') {
        return Ok(Array::Objects);
    }
    // A character of a `U` has four bytes.
    let mut length = if code.starts_with('U') { 4 * size } else { size };
    for extent in field("shape")?.iter(ctx)?.collect_vec(ctx)? {
        length *= extent.to::<usize>(ctx)?;
    }
    let aligned =
        wrapper.field(ctx, "numpy_array_alignment_bytes")?.is_some_and(|it| !it.is_none());
    Ok(Array::Bytes { aligned, length })
}

/// The code of a `numpy.dtype`, like `f8`.
fn dtype_code<'gc>(dtype: Value<'gc>) -> Result<'gc> {
    let made = Opaque::of(dtype).filter(|dtype| dtype.is_made_by("numpy", "dtype"));
    made.and_then(|dtype| dtype.args().as_slice().first().copied())
        .ok_or_else(|| Error::new(&exc::VALUE_ERROR, "a dtype is none"))
}
