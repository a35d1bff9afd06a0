//! [`MemoryFile`]: the Rust side of a file in memory.

use std::cell::{Ref, RefMut};

use crate::context::Context;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::payload::Traced;
use crate::value::Value;

/// A file in memory: of bytes, or of code points.
#[derive(Debug)]
pub(super) struct MemoryFile<U> {
    pub(super) units: Vec<U>,
    pub(super) position: usize,
    pub(super) closed: bool,
}

impl<U> Default for MemoryFile<U> {
    fn default() -> Self {
        Self { units: Vec::new(), position: 0, closed: false }
    }
}

impl<U: Copy + PartialEq + From<u8>> MemoryFile<U> {
    fn rest(&self) -> &[U] {
        self.units.get(self.position..).unwrap_or_default()
    }

    /// Reads so many units, fewer only at the end.
    pub(super) fn read(&mut self, count: usize) -> Vec<U> {
        let rest = self.rest();
        let read = rest[..count.min(rest.len())].to_vec();
        self.position += read.len();
        read
    }

    /// Reads a line of at most so many units, its end included.
    pub(super) fn read_line(&mut self, count: usize) -> Vec<U> {
        let newline = U::from(b'\n');
        let rest = self.rest();
        let end = rest.iter().position(|&unit| unit == newline).map_or(rest.len(), |at| at + 1);
        self.read(end.min(count))
    }

    /// Writes over what is there; a gap behind the end is filled with zeros.
    pub(super) fn write<'gc>(&mut self, data: &[U]) -> Result<'gc, ()> {
        if data.is_empty() {
            return Ok(());
        }
        let end = self.position.checked_add(data.len());
        let end = end.ok_or_else(|| Error::bare(&exc::MEMORY_ERROR))?;
        let grown = end.saturating_sub(self.units.len());
        if self.units.try_reserve(grown).is_err() {
            return Err(Error::bare(&exc::MEMORY_ERROR));
        }
        if self.units.len() < self.position {
            self.units.resize(self.position, U::from(0));
        }
        let overlap = end.min(self.units.len());
        let (over, behind) = data.split_at(overlap - self.position);
        self.units[self.position..overlap].copy_from_slice(over);
        self.units.extend_from_slice(behind);
        self.position = end;
        Ok(())
    }
}

/// Borrows the file of an object, open or not.
pub(super) fn any<'gc, U: 'static>(
    ctx: Context<'gc>,
    this: Value<'gc>,
) -> Result<'gc, RefMut<'gc, MemoryFile<U>>> {
    content(ctx, this)?.data_mut::<MemoryFile<U>>()
}

/// Borrows the file of an object to look at it.
pub(super) fn peek<'gc, U: 'static>(
    ctx: Context<'gc>,
    this: Value<'gc>,
) -> Result<'gc, Ref<'gc, MemoryFile<U>>> {
    content(ctx, this)?.data::<MemoryFile<U>>()
}

/// Borrows the file of an object, which must be open.
pub(super) fn open<'gc, U: 'static>(
    ctx: Context<'gc>,
    this: Value<'gc>,
) -> Result<'gc, RefMut<'gc, MemoryFile<U>>> {
    let file = any::<U>(ctx, this)?;
    if file.closed {
        return Err(Error::new(&exc::VALUE_ERROR, "I/O operation on closed file"));
    }
    Ok(file)
}

fn content<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Traced<'gc>> {
    let content = match this {
        Value::Instance(instance) => instance.native_content(),
        _ => None,
    };
    content.ok_or_else(|| crate::convert::expected(ctx, "a file in memory", this))
}
