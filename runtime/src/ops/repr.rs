//! `repr(x)`: the walk through nested containers, without Rust's stack.

use std::collections::HashMap;
use std::ops::Range;

use super::describe::{self, Piece};
use super::hooks::own_hook;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::text::string_text;
use crate::types::{Bytes, List, Unicode};
use crate::value::Value;

impl<'gc> Value<'gc> {
    /// Returns the text that `repr(x)` gives, as a string object of the dialect.
    ///
    /// # Errors
    ///
    /// Whatever a class's `__repr__` raises; `TypeError` if that returns no string; `RuntimeError` if the objects nest
    /// too deep; `MemoryError` if the text would be longer than 256 MiB.
    ///
    /// # Examples
    ///
    /// ```
    /// use halfsour_runtime::{List, Runtime, Value};
    ///
    /// let mut runtime = Runtime::python2();
    /// let text = runtime.try_enter(|ctx| {
    ///     let list = List::from_vec(ctx, vec![Value::Int(1), ctx.str("a")]);
    ///     list.push(ctx, list.into());
    ///     Value::from(list).repr(ctx)?.to::<String>(ctx)
    /// })?;
    /// assert_eq!(text, "[1, 'a', [...]]");
    /// # Ok::<(), halfsour_runtime::Uncaught>(())
    /// ```
    pub fn repr(self, ctx: Context<'gc>) -> Result<'gc> {
        match own_hook(ctx, self, ctx.names().repr)? {
            Some(hook) => checked(ctx, "__repr__", hook.call(ctx, ())?),
            None => content_repr(ctx, self),
        }
    }
}

/// Returns the text that shows the built-in content, whatever the class says: what `list.__repr__(x)` gives.
///
/// # Errors
///
/// As [`Value::repr`].
pub(crate) fn content_repr<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc> {
    let text = Walk::new(ctx).run(value)?;
    Ok(string_of(ctx, text))
}

/// Makes the dialect's `str` of a text, which in Python 3 is generalised UTF-8.
pub(super) fn string_of<'gc>(ctx: Context<'gc>, text: Vec<u8>) -> Value<'gc> {
    match ctx.dialect() {
        Dialect::Python2 => Bytes::from_vec(ctx, text).into(),
        Dialect::Python3 => Unicode::from_valid(ctx, &text).into(),
    }
}

/// Checks that a special method returned a string; Python 2 encodes a text as ASCII.
pub(super) fn checked<'gc>(ctx: Context<'gc>, method: &str, result: Value<'gc>) -> Result<'gc> {
    match (result.content(), ctx.dialect()) {
        (Value::Bytes(_), Dialect::Python2) | (Value::Unicode(_), Dialect::Python3) => Ok(result),
        (Value::Unicode(text), Dialect::Python2) => {
            Ok(crate::text::ascii::encode(ctx, text)?.into())
        }
        _ => {
            let name = result.type_name(ctx);
            let message = format!("{method} returned non-string (type {name})");
            Err(Error::new(&exc::TYPE_ERROR, message))
        }
    }
}

/// No text of containers is longer: a few lists inside each other many times have one that would fill any memory.
const MOST: usize = 1 << 28;

/// How many bytes a text gets at first.
const LEAST: usize = 64;

/// Containers shown in one operation before their texts are noted: from here on, one that is met again, as in graphs
/// with much sharing, is not walked again.
const UNNOTED: usize = 64;

/// One `repr()` under way.
struct Walk<'gc> {
    ctx: Context<'gc>,
    out: Vec<u8>,
    frames: Vec<Frame<'gc>>,
    limit: usize,
    /// Where in the text containers stand that always show the same: they were shown without a mark or a call.
    noted: HashMap<usize, Range<usize>>,
    n_shown: usize,
    /// Counts marks and calls.
    n_variable: usize,
}

/// An object that is being shown.
struct Frame<'gc> {
    /// The address of a container, which is on the way until the frame goes.
    container: Option<usize>,
    parts: Parts<'gc>,
    /// Where its text begins.
    start: usize,
    /// What `n_variable` was then.
    n_variable: usize,
}

enum Parts<'gc> {
    /// A list may change while it is shown.
    List {
        list: List<'gc>,
        at: usize,
    },
    Items {
        items: Vec<Value<'gc>>,
        at: usize,
        close: &'static str,
    },
    Entries {
        entries: Vec<(Value<'gc>, Value<'gc>)>,
        at: usize,
        is_value_next: bool,
    },
    /// The last one comes first.
    Pieces(Vec<Piece<'gc>>),
}

impl<'gc> Walk<'gc> {
    fn new(ctx: Context<'gc>) -> Self {
        let limit = ctx.recursion_limit().saturating_sub(ctx.depth());
        let (out, frames, noted) = (Vec::new(), Vec::new(), HashMap::new());
        Self { ctx, out, frames, limit, noted, n_shown: 0, n_variable: 0 }
    }

    fn run(mut self, value: Value<'gc>) -> Result<'gc, Vec<u8>> {
        self.open(value)?;
        while let Some(frame) = self.frames.last_mut() {
            match frame.parts.next(&mut self.out) {
                Some(item) => self.show(item)?,
                None => self.close(),
            }
        }
        Ok(std::mem::take(&mut self.out))
    }

    /// Shows an object inside of another: its class is asked first.
    fn show(&mut self, value: Value<'gc>) -> Result<'gc, ()> {
        let Some(hook) = own_hook(self.ctx, value, self.ctx.names().repr)? else {
            return self.open(value);
        };
        let text = checked(self.ctx, "__repr__", hook.call(self.ctx, ())?)?;
        // The call may have changed anything.
        self.n_variable += 1;
        self.noted.clear();
        match text.content() {
            Value::Bytes(text) => self.write(text.as_slice()),
            Value::Unicode(text) => self.write(text.as_generalised_utf8()),
            _ => Ok(()),
        }
    }

    /// Shows the built-in content of an object, or begins to.
    fn open(&mut self, value: Value<'gc>) -> Result<'gc, ()> {
        let is_python3 = self.ctx.dialect() == Dialect::Python3;
        match value.content() {
            Value::List(list) => {
                self.open_container(value, "[", "[...]", || Parts::List { list, at: 0 })
            }
            Value::Tuple(tuple) => {
                let items = tuple.as_slice().to_vec();
                let close = if items.len() == 1 { ",)" } else { ")" };
                self.open_container(value, "(", "(...)", || Parts::Items { items, at: 0, close })
            }
            Value::Dict(dict) => self.open_container(value, "{", "{...}", || Parts::Entries {
                entries: dict.entries(),
                at: 0,
                is_value_next: false,
            }),
            Value::Set(set) => self.open_set(value, set.to_vec(), is_python3),
            Value::FrozenSet(set) => self.open_set(value, set.to_vec(), is_python3),
            Value::Bytes(bytes) => {
                if is_python3 {
                    self.write(b"b")?;
                }
                string_text::write_repr(&mut self.out, bytes.as_slice());
                Ok(())
            }
            Value::Unicode(text) => {
                let text = text.as_generalised_utf8();
                if is_python3 {
                    string_text::write_printable_repr(&mut self.out, text);
                } else {
                    self.write(b"u")?;
                    string_text::write_unicode_repr(&mut self.out, text);
                }
                Ok(())
            }
            Value::ByteArray(array) => {
                let name =
                    if is_python3 { value.type_name(self.ctx) } else { "bytearray".to_owned() };
                self.write(format!("{name}(b").as_bytes())?;
                string_text::write_bytearray_repr(&mut self.out, &array.to_vec());
                self.write(b")")
            }
            _ => {
                let mut pieces = describe::pieces(self.ctx, value);
                pieces.reverse();
                self.push(None, Parts::Pieces(pieces))
            }
        }
    }

    /// Python 2 shows a set as the call that makes it; Python 3 only a frozenset, a subclass, or an empty one.
    fn open_set(
        &mut self,
        value: Value<'gc>,
        items: Vec<Value<'gc>>,
        is_python3: bool,
    ) -> Result<'gc, ()> {
        let name = value.type_name(self.ctx);
        let is_plain = is_python3 && matches!(value, Value::Set(_)) && !items.is_empty();
        let (open, close) = match (is_plain, is_python3, items.is_empty()) {
            (true, ..) => ("{".to_owned(), "}"),
            (_, true, true) => (format!("{name}("), ")"),
            (_, true, false) => (format!("{name}({{"), "})"),
            (_, false, _) => (format!("{name}(["), "])"),
        };
        let mark = format!("{name}(...)");
        self.open_container(value, &open, &mark, || Parts::Items { items, at: 0, close })
    }

    /// Begins a container; one that is on the way already shows only its mark.
    fn open_container(
        &mut self,
        value: Value<'gc>,
        open: &str,
        mark: &str,
        parts: impl FnOnce() -> Parts<'gc>,
    ) -> Result<'gc, ()> {
        let address = value.addr().unwrap_or_default();
        if let Some(text) = self.noted.get(&address).cloned() {
            self.reserve(text.len())?;
            self.out.extend_from_within(text);
            return Ok(());
        }
        if self.ctx.state.shown.borrow().contains(&address) {
            self.n_variable += 1;
            return self.write(mark.as_bytes());
        }
        let parts = parts();
        self.push(Some(address), parts)?;
        self.write(open.as_bytes())?;
        self.ctx.state.shown.borrow_mut().insert(address);
        Ok(())
    }

    fn push(&mut self, container: Option<usize>, parts: Parts<'gc>) -> Result<'gc, ()> {
        if self.frames.len() >= self.limit {
            return Err(self.ctx.too_deep_at(" while getting the repr of an object"));
        }
        let (start, n_variable) = (self.out.len(), self.n_variable);
        self.frames.push(Frame { container, parts, start, n_variable });
        Ok(())
    }

    fn close(&mut self) {
        let Some(frame) = self.frames.pop() else { return };
        let Some(address) = frame.container else { return };
        self.ctx.state.shown.borrow_mut().remove(&address);
        self.n_shown += 1;
        if self.n_shown > UNNOTED && frame.n_variable == self.n_variable {
            self.noted.insert(address, frame.start..self.out.len());
        }
    }

    fn write(&mut self, text: &[u8]) -> Result<'gc, ()> {
        self.reserve(text.len())?;
        self.out.extend_from_slice(text);
        Ok(())
    }

    fn reserve(&mut self, length: usize) -> Result<'gc, ()> {
        let needed = self.out.len() + length;
        if needed <= self.out.capacity() && needed <= MOST {
            return Ok(());
        }
        // While a buffer grows there are two, and then the text is made of it.
        let grown = needed.max(2 * self.out.capacity()).max(LEAST);
        self.ctx.take_allowance(grown as u64)?;
        if needed > MOST || self.out.try_reserve_exact(grown - self.out.len()).is_err() {
            return Err(Error::bare(&exc::MEMORY_ERROR));
        }
        Ok(())
    }
}

impl Drop for Walk<'_> {
    /// Whatever was on the way when an exception came is so no longer.
    fn drop(&mut self) {
        while !self.frames.is_empty() {
            self.close();
        }
    }
}

impl<'gc> Parts<'gc> {
    /// Returns the next object to be shown, and appends what stands before it; at the end, what stands there.
    fn next(&mut self, out: &mut Vec<u8>) -> Option<Value<'gc>> {
        match self {
            Self::List { list, at } => next_item(list.get(*at), at, "]", out),
            Self::Items { items, at, close } => next_item(items.get(*at).copied(), at, close, out),
            Self::Entries { entries, at, is_value_next } => {
                let Some(&(key, value)) = entries.get(*at) else {
                    out.push(b'}');
                    return None;
                };
                if *is_value_next {
                    out.extend_from_slice(b": ");
                    *is_value_next = false;
                    *at += 1;
                    return Some(value);
                }
                if *at > 0 {
                    out.extend_from_slice(b", ");
                }
                *is_value_next = true;
                Some(key)
            }
            Self::Pieces(pieces) => {
                while let Some(piece) = pieces.pop() {
                    match piece {
                        Piece::Text(text) => out.extend_from_slice(text.as_bytes()),
                        Piece::Object(object) => return Some(object),
                    }
                }
                None
            }
        }
    }
}

fn next_item<'gc>(
    item: Option<Value<'gc>>,
    at: &mut usize,
    close: &str,
    out: &mut Vec<u8>,
) -> Option<Value<'gc>> {
    match item {
        Some(_) if *at > 0 => out.extend_from_slice(b", "),
        Some(_) => {}
        None => out.extend_from_slice(close.as_bytes()),
    }
    *at += 1;
    item
}
