//! Whether two graphs are the same up to the identity of their objects.

use std::collections::HashMap;

use halfsour_pickle::{MadeBy, Opaque};
use halfsour_runtime::{Context, Dialect, Error, Result, Unicode, Value, exc};

/// Checks that two graphs have the same shape, types, values and order, and share in the same places.
///
/// # Errors
///
/// `AssertionError` with the path to the first difference.
pub fn check<'gc>(ctx: Context<'gc>, left: Value<'gc>, right: Value<'gc>) -> Result<'gc, ()> {
    let mut walk = Walk { ctx, there: HashMap::new(), back: HashMap::new(), pending: Vec::new() };
    walk.pending.push((left, right, "root".to_owned()));
    while let Some((left, right, path)) = walk.pending.pop() {
        walk.compare(left, right, &path)?;
    }
    Ok(())
}

struct Walk<'gc> {
    ctx: Context<'gc>,
    /// Which object of the right graph stands for one of the left, by address; and back.
    there: HashMap<usize, usize>,
    back: HashMap<usize, usize>,
    pending: Vec<(Value<'gc>, Value<'gc>, String)>,
}

impl<'gc> Walk<'gc> {
    fn compare(&mut self, left: Value<'gc>, right: Value<'gc>, path: &str) -> Result<'gc, ()> {
        let same_type = left.type_of(self.ctx).is(right.type_of(self.ctx));
        if !same_type {
            return Err(differ(path, left, right));
        }
        if !is_never_shared(left)
            && let (Some(l), Some(r)) = (left.addr(), right.addr())
        {
            let (known, known_back) = (self.there.insert(l, r), self.back.insert(r, l));
            match (known, known_back) {
                (None, None) => {}
                (Some(before), Some(before_back)) if before == r && before_back == l => {
                    return Ok(());
                }
                _ => return Err(differ(path, left, right)),
            }
        }
        if self.same_content(left, right, path)? { Ok(()) } else { Err(differ(path, left, right)) }
    }

    /// Compares what is no part; parts are queued.
    fn same_content(
        &mut self,
        left: Value<'gc>,
        right: Value<'gc>,
        path: &str,
    ) -> Result<'gc, bool> {
        Ok(match (left, right) {
            (Value::Float(l), Value::Float(r)) => same_float(l, r),
            (Value::Complex(l), Value::Complex(r)) => {
                let (l, r) = (l.get(), r.get());
                same_float(l.re, r.re) && same_float(l.im, r.im)
            }
            (Value::Long(l), Value::Long(r)) => l.as_bigint() == r.as_bigint(),
            (Value::Bytes(l), Value::Bytes(r)) => l.as_slice() == r.as_slice(),
            (Value::Unicode(l), Value::Unicode(r)) => self.same_text(l, r),
            (Value::ByteArray(l), Value::ByteArray(r)) => l.to_vec() == r.to_vec(),
            (Value::List(l), Value::List(r)) => self.queue(&l.to_vec(), &r.to_vec(), path),
            (Value::Tuple(l), Value::Tuple(r)) => self.queue(l.as_slice(), r.as_slice(), path),
            (Value::Set(l), Value::Set(r)) => self.queue(&l.to_vec(), &r.to_vec(), path),
            (Value::FrozenSet(l), Value::FrozenSet(r)) => {
                self.queue(&l.to_vec(), &r.to_vec(), path)
            }
            (Value::Dict(l), Value::Dict(r)) => self.queue_entries(l.entries(), r.entries(), path),
            (Value::ClassicInstance(l), Value::ClassicInstance(r)) => {
                l.class().is(r.class())
                    && self.queue_entries(l.dict().entries(), r.dict().entries(), path)
            }
            (Value::Instance(_), Value::Instance(_)) => self.same_instance(left, right, path)?,
            (Value::Slice(_), Value::Slice(_)) => {
                for name in ["start", "stop", "step"] {
                    let (l, r) = (left.get_attr(self.ctx, name)?, right.get_attr(self.ctx, name)?);
                    self.pending.push((l, r, format!("{path}.{name}")));
                }
                true
            }
            (Value::Range(_), Value::Range(_)) => {
                left.repr(self.ctx)?.equals(self.ctx, right.repr(self.ctx)?)?
            }
            // A method is made anew each time that it is looked up.
            (Value::Builtin(_) | Value::Method(_), _) => left.equals(self.ctx, right)?,
            (left, right) => left.is(right),
        })
    }

    fn same_instance(
        &mut self,
        left: Value<'gc>,
        right: Value<'gc>,
        path: &str,
    ) -> Result<'gc, bool> {
        let (Value::Instance(l), Value::Instance(r)) = (left, right) else {
            return Ok(false);
        };
        let entries = |it: halfsour_runtime::Instance<'gc>| {
            it.existing_dict().map_or_else(Vec::new, |dict| dict.entries())
        };
        if !self.queue_entries(entries(l), entries(r), path) {
            return Ok(false);
        }
        if let Some(held) = left.find_attr(self.ctx, "held")? {
            self.pending.push((held, right.get_attr(self.ctx, "held")?, format!("{path}.held")));
        }
        match (left.content(), right.content()) {
            (Value::Instance(_), Value::Instance(_)) => Ok(true),
            (l, r) => {
                self.pending.push((l, r, format!("{path}<content>")));
                Ok(true)
            }
        }
    }

    fn same_text(&self, left: Unicode<'gc>, right: Unicode<'gc>) -> bool {
        // Python 2's binary protocols join a pair of surrogates into one character.
        let joins = self.ctx.dialect() == Dialect::Python2;
        left.as_generalised_utf8() == right.as_generalised_utf8()
            || joins && utf16(left).eq(utf16(right))
    }

    fn queue(&mut self, left: &[Value<'gc>], right: &[Value<'gc>], path: &str) -> bool {
        for (index, (&l, &r)) in left.iter().zip(right).enumerate() {
            self.pending.push((l, r, format!("{path}[{index}]")));
        }
        left.len() == right.len()
    }

    fn queue_entries(
        &mut self,
        left: Vec<(Value<'gc>, Value<'gc>)>,
        right: Vec<(Value<'gc>, Value<'gc>)>,
        path: &str,
    ) -> bool {
        let same_length = left.len() == right.len();
        for ((left_key, l), (right_key, r)) in left.into_iter().zip(right) {
            self.pending.push((left_key, right_key, format!("{path}<key {left_key:?}>")));
            self.pending.push((l, r, format!("{path}[{left_key:?}]")));
        }
        same_length
    }
}

/// The units of a text in UTF-16, which are the same for a character and for its two surrogates.
fn utf16(text: Unicode<'_>) -> impl Iterator<Item = u16> {
    text.code_points().flat_map(|code_point| match char::from_u32(code_point) {
        Some(character) => character.encode_utf16(&mut [0; 2]).to_vec(),
        None => vec![code_point as u16],
    })
}

/// In text there is one NaN for all.
fn same_float(left: f64, right: f64) -> bool {
    left.to_bits() == right.to_bits() || left.is_nan() && right.is_nan()
}

/// Pickles keep no identity of longs, and of strings only as the rules for names and short strings say. That of an object with
/// a persistent id is its host's.
fn is_never_shared(value: Value<'_>) -> bool {
    matches!(value, Value::Long(_) | Value::Bytes(_) | Value::Unicode(_))
        || Opaque::of(value).is_some_and(|it| it.made_by() == MadeBy::Persistent)
}

fn differ<'gc>(path: &str, left: Value<'gc>, right: Value<'gc>) -> Error<'gc> {
    Error::new(&exc::ASSERTION_ERROR, format!("at {path}: {left:?} became {right:?}"))
}
