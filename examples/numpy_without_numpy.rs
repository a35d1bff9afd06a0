//! Reads numpy's arrays and scalars out of pickles, without numpy: type, shape, order and bytes.
//!
//! Three pickles of numpy are read: an array as protocols 2 to 4 have it (`_reconstruct`, then a state), an array whose
//! bytes came beside the pickle (`_frombuffer` of protocol 5), and a scalar.

use halfsour::pickle::{Missing, Opaque, Unpickler};
use halfsour::{Bytes, Context, Error, Result, Runtime, Uncaught, Value, exc};

/// `numpy.array([[1, 2], [3, 4]], "<i2")`, pickled in Python 2.7.
const STATE: &[u8] = b"\x80\x02cnumpy.core.multiarray\n_reconstruct\nq\x01cnumpy\nndarray\nq\x02K\x00\x85U\x01b\x87Rq\x03(K\x01K\x02K\x02\x86cnumpy\ndtype\nq\x04U\x02i2K\x00K\x01\x87Rq\x05(K\x03U\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89U\x08\x01\x00\x02\x00\x03\x00\x04\x00tb.";

/// `numpy.float64(0.25)`, pickled in Python 2.7.
const SCALAR: &[u8] = b"\x80\x02cnumpy.core.multiarray\nscalar\nq\x01cnumpy\ndtype\nq\x02U\x02f8K\x00K\x01\x87Rq\x03(K\x03U\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tbU\x08\x00\x00\x00\x00\x00\x00\xd0?\x86Rq\x04.";

/// Written by numpy 2 in Python 3.13 with a `buffer_callback`, in Fortran's order; the bytes are in the other file.
const OUT_OF_BAND: &[u8] = include_bytes!("../tests/data/unknown/array.pickle");
const BUFFER: &[u8] = include_bytes!("../tests/data/unknown/array.buffer");

fn main() -> std::result::Result<(), Uncaught> {
    for (mut runtime, stream) in [
        (Runtime::python2(), STATE),
        (Runtime::python3(), OUT_OF_BAND),
        (Runtime::python2(), SCALAR),
    ] {
        let array = runtime.try_enter(|ctx| {
            let unpickler = Unpickler::new()
                .missing(Missing::Opaque)
                .buffers(|ctx, number| Ok((number == 0).then(|| Bytes::new(ctx, BUFFER).into())));
            Array::of(ctx, unpickler.loads(ctx, stream)?)
        })?;
        let order = if array.fortran { "the first index runs fastest" } else { "in C's order" };
        println!("{} of shape {:?}, {order}, {} bytes", array.dtype, array.shape, array.data.len());
        println!("  {:?}", array.numbers());
    }
    Ok(())
}

/// An array of numpy, or a scalar, which has no dimensions.
struct Array {
    /// As numpy writes it: `<f8`.
    dtype: String,
    shape: Vec<usize>,
    /// Whether the first index runs fastest.
    fortran: bool,
    data: Vec<u8>,
}

impl Array {
    /// Reads what a stand-in says.
    fn of<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Self> {
        let opaque = Opaque::of(value).ok_or_else(|| unknown("it is no stand-in"))?;
        let callable = opaque.callable_name(ctx);
        let (dtype, shape, fortran, data) = match callable.rsplit('.').next() {
            Some("_reconstruct") => match parts(opaque.state())[..] {
                [_version, shape, dtype, fortran, data] => {
                    (dtype, shape, fortran.truth(ctx)?, data)
                }
                _ => return Err(unknown("a state of other parts")),
            },
            Some("_frombuffer") => match opaque.args().as_slice() {
                &[data, dtype, shape, order] => {
                    (dtype, shape, order.equals(ctx, ctx.str("F"))?, data)
                }
                _ => return Err(unknown("other arguments")),
            },
            Some("scalar") => match opaque.args().as_slice() {
                &[dtype, data] => (dtype, Value::from(halfsour::Tuple::new(ctx, &[])), false, data),
                _ => return Err(unknown("other arguments")),
            },
            _ => return Err(unknown(&callable)),
        };
        let shape = shape.iter(ctx)?.collect_vec(ctx)?;
        Ok(Self {
            dtype: dtype_text(ctx, dtype)?,
            shape: shape.into_iter().map(|extent| extent.to(ctx)).collect::<Result<'gc, _>>()?,
            fortran,
            data: bytes(data).ok_or_else(|| unknown("the data are no bytes"))?,
        })
    }

    /// The numbers in the order of their bytes, of the types that this example knows.
    fn numbers(&self) -> Vec<f64> {
        let chunks = |size| self.data.chunks_exact(size);
        match self.dtype.as_str() {
            "<i2" => chunks(2).map(|it| i16::from_le_bytes([it[0], it[1]]).into()).collect(),
            "<f8" => chunks(8)
                .map(|it| f64::from_le_bytes(it.try_into().expect("there are eight bytes")))
                .collect(),
            _ => Vec::new(),
        }
    }
}

/// The byte order, which is in the state of a `numpy.dtype`, and the code, which is its first argument.
fn dtype_text<'gc>(ctx: Context<'gc>, dtype: Value<'gc>) -> Result<'gc, String> {
    let dtype = Opaque::of(dtype).ok_or_else(|| unknown("a dtype is no stand-in"))?;
    let (Some(&code), Some(order)) =
        (dtype.args().as_slice().first(), parts(dtype.state()).get(1).copied())
    else {
        return Err(unknown("a dtype of other parts"));
    };
    Ok(order.to::<String>(ctx)? + &code.to::<String>(ctx)?)
}

fn parts(state: Option<Value<'_>>) -> Vec<Value<'_>> {
    state.and_then(Value::as_tuple).map_or(Vec::new(), |state| state.as_slice().to_vec())
}

fn bytes(value: Value<'_>) -> Option<Vec<u8>> {
    match value {
        Value::Bytes(bytes) => Some(bytes.as_slice().to_vec()),
        Value::ByteArray(bytes) => Some(bytes.to_vec()),
        _ => None,
    }
}

fn unknown<'gc>(what: &str) -> Error<'gc> {
    Error::new(&exc::VALUE_ERROR, what.to_owned())
}
