//! Joblib's files: a pickle that is interrupted, wherever a `NumpyArrayWrapper` gets its state, by the bytes of that array.
//!
//! How many bytes these are only the state tells. So the stream is loaded once, in a runtime of its own in which that class
//! is one that skips its array, as joblib reads it.

use std::cell::{Cell, RefCell};
use std::io::{self, Read};
use std::rc::Rc;

use halfsour::pickle::{Missing, Opaque, Unpickler, tools};
use halfsour::{Class, Context, Error, Result, Runtime, Value, exc};

use super::packing::Packing;
use super::{Container, Gap, Input, Part};

const MODULE: &str = "joblib.numpy_pickle";
const CLASS: &str = "NumpyArrayWrapper";

/// The bit in the flags of a `numpy.dtype` that says that its items are objects, or hold some.
const HAS_OBJECTS: i64 = 1;

/// Whether a stream names the class that has arrays behind it.
pub(super) fn may_be_one(bytes: &[u8]) -> bool {
    memchr::memmem::find(bytes, CLASS.as_bytes()).is_some()
}

/// Takes the arrays out of a stream. Arrays of objects, which are pickles themselves, are parts of their own.
pub(super) fn open(name: String, bytes: Vec<u8>, packings: Vec<Packing>) -> Input {
    let tape = Rc::new(Tape { bytes, at: Cell::new(0), taken: RefCell::default() });
    // An error is for those who load it without its arrays: what was taken out until then is.
    let _ = play(&tape);
    let taken = tape.taken.take();
    // The closure that had it went with its runtime.
    let bytes = Rc::try_unwrap(tape).map_or_else(|tape| tape.bytes.clone(), |tape| tape.bytes);
    let mut outer = Vec::with_capacity(bytes.len());
    let (mut gaps, mut objects) = (Vec::new(), Vec::new());
    let (mut from, mut total) = (0, 0);
    for Taken { start, end, is_pickle } in &taken {
        outer.extend_from_slice(bytes.get(from..*start).unwrap_or_default());
        total += end - start;
        gaps.push(Gap { at: outer.len(), taken: total });
        if *is_pickle {
            let pickle = bytes.get(*start..*end).unwrap_or_default().to_vec();
            let name = format!("{name}: array at offset {start}");
            objects.push(Part { base: *start, ..Part::new(name, pickle) });
        }
        from = *end;
    }
    outer.extend_from_slice(bytes.get(from..).unwrap_or_default());
    let container = match (taken.is_empty(), packings.is_empty()) {
        (true, true) => Container::Plain,
        (true, false) => Container::Packed(packings),
        (false, _) => Container::Joblib { packings, arrays: taken.len(), bytes: total },
    };
    let whole = (!taken.is_empty()).then_some(bytes);
    let mut parts = vec![Part { gaps, whole, ..Part::new(name.clone(), outer) }];
    parts.append(&mut objects);
    Input { name, container, parts }
}

/// A file that is read by the unpickler and by the class, in turn.
struct Tape {
    bytes: Vec<u8>,
    at: Cell<usize>,
    taken: RefCell<Vec<Taken>>,
}

/// Bytes that do not belong to the stream.
struct Taken {
    start: usize,
    end: usize,
    is_pickle: bool,
}

/// The tape, as the unpickler reads it.
struct Head(Rc<Tape>);

impl Read for Head {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let at = self.0.at.get();
        let count = self.0.bytes.get(at..).unwrap_or_default().read(buffer)?;
        self.0.at.set(at + count);
        Ok(count)
    }
}

fn play(tape: &Rc<Tape>) -> std::result::Result<(), halfsour::Uncaught> {
    Runtime::python3().try_enter(|ctx| {
        ctx.new_module("joblib")?;
        let for_class = Rc::clone(tape);
        let wrapper = Class::builder(ctx, CLASS)
            .method("__setstate__", move |ctx, _, args| {
                let (state,): (Value<'_>,) = args.parse(ctx, "__setstate__")?;
                for_class.skip(ctx, state)?;
                Ok(Value::None)
            })
            .build()?;
        ctx.new_module(MODULE)?.class_named(ctx, wrapper)?;
        // Whatever Python wrote it, its texts are only looked at here.
        let unpickler = Unpickler::new().missing(Missing::Opaque).encoding("latin-1");
        unpickler.load(ctx, Head(Rc::clone(tape))).map(drop)
    })
}

impl Tape {
    /// Skips the array that belongs to a state.
    fn skip<'gc>(&self, ctx: Context<'gc>, state: Value<'gc>) -> Result<'gc, ()> {
        let start = self.at.get();
        let dtype = Opaque::of(state.get_item(ctx, "dtype")?).ok_or_else(odd)?;
        let (is_pickle, end) = match item_size(ctx, dtype)? {
            None => {
                let mut operations = tools::genops_from(&self.bytes, start);
                if operations.by_ref().any(|operation| operation.is_err()) {
                    return Err(odd());
                }
                (true, operations.offset())
            }
            Some(size) => {
                let mut length = size;
                let shape = state.get_item(ctx, "shape")?.as_tuple().ok_or_else(odd)?;
                for extent in shape.as_slice() {
                    let extent: usize = extent.to(ctx)?;
                    length = length.checked_mul(extent).ok_or_else(odd)?;
                }
                let begin = start + self.padding(ctx, state, start)?;
                (false, begin.checked_add(length).ok_or_else(odd)?)
            }
        };
        if end > self.bytes.len() {
            return Err(Error::bare(&exc::EOF_ERROR));
        }
        self.at.set(end);
        self.taken.borrow_mut().push(Taken { start, end, is_pickle });
        Ok(())
    }

    /// How many bytes are before an array so that it is aligned: one says how many follow it.
    fn padding<'gc>(&self, ctx: Context<'gc>, state: Value<'gc>, at: usize) -> Result<'gc, usize> {
        let alignment =
            state.as_dict().map(|it| it.get(ctx, ctx.str("numpy_array_alignment_bytes")));
        let is_aligned = alignment.transpose()?.flatten().is_some_and(|it| !it.is_none());
        Ok(self.bytes.get(at).filter(|_| is_aligned).map_or(0, |more| 1 + usize::from(*more)))
    }
}

/// The size of an item of an array; nothing if the items are objects.
fn item_size<'gc>(ctx: Context<'gc>, dtype: Opaque<'gc>) -> Result<'gc, Option<usize>> {
    if !dtype.is_made_by("numpy", "dtype") {
        return Err(odd());
    }
    let code = dtype.args().as_slice().first().copied().ok_or_else(odd)?;
    let code: String = code.to(ctx)?;
    // Version, byte order, sub-array, names, fields, size, alignment, flags.
    let state = dtype.state().and_then(Value::as_tuple);
    let in_state = |at: usize| {
        let entry = state.and_then(|state| state.as_slice().get(at).copied());
        entry.map_or(Ok(None), |entry| entry.to::<i64>(ctx).map(Some))
    };
    if code.starts_with('O') || in_state(7)?.is_some_and(|flags| flags & HAS_OBJECTS != 0) {
        return Ok(None);
    }
    // What has no size of its own has -1 there.
    if let Some(size) = in_state(5)?.and_then(|size| usize::try_from(size).ok()) {
        return Ok(Some(size));
    }
    let digits = code.trim_start_matches(|it: char| !it.is_ascii_digit());
    digits.parse().map(Some).map_err(|_| odd())
}

#[cold]
fn odd<'gc>() -> Error<'gc> {
    Error::new(&exc::VALUE_ERROR, "the state of a NumpyArrayWrapper is odd")
}

#[cfg(test)]
mod tests {
    use super::open;
    use crate::input::Container;

    /// A wrapper of two numbers of a code, up to its BUILD.
    fn wrapper(code: &str) -> Vec<u8> {
        let text = |text: &str| [b"X", &[text.len() as u8, 0, 0, 0][..], text.as_bytes()].concat();
        [
            b"cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}(".to_vec(),
            text("dtype"),
            b"cnumpy\ndtype\n".to_vec(),
            text(code),
            b"\x85R".to_vec(),
            text("shape"),
            b"K\x02\x85ub".to_vec(),
        ]
        .concat()
    }

    #[test]
    fn arrays_are_taken_out() {
        let numbers = [b"\x80\x02]".to_vec(), wrapper("f8")].concat();
        let objects = [b"a".to_vec(), wrapper("O8")].concat();
        let file = [&numbers, &[b'x'; 16][..], &objects, b"\x80\x02]N.", b"a.", b"rest"].concat();
        let input = open("it".to_owned(), file.clone(), Vec::new());
        assert_eq!(
            input.container,
            Container::Joblib { packings: Vec::new(), arrays: 2, bytes: 21 }
        );
        let [outer, array] = input.parts.as_slice() else { panic!("{input:?}") };
        assert_eq!(outer.bytes, [&numbers, &objects, &b"a.rest"[..]].concat());
        assert_eq!(array.bytes, b"\x80\x02]N.");
        assert_eq!(outer.survey.pickles.len(), 1);
        assert_eq!(outer.whole.as_ref(), Some(&file));
        // Offsets are those of the file.
        assert_eq!(outer.offset(numbers.len() - 1), numbers.len() - 1);
        assert_eq!(outer.offset(numbers.len()), numbers.len() + 16);
        assert_eq!(outer.offset(outer.bytes.len()), file.len());
        assert_eq!(array.offset(0), numbers.len() + 16 + objects.len());
    }

    #[test]
    fn a_size_that_is_not_there_takes_nothing() {
        for code in ["f9999999999999999999", "f8888888888888888888", "x", "f99"] {
            let file = [b"\x80\x02".to_vec(), wrapper(code), b".".to_vec()].concat();
            let input = open("it".to_owned(), file.clone(), Vec::new());
            assert_eq!((input.container, &input.parts[0].bytes), (Container::Plain, &file));
        }
    }
}
