//! [`Page`]: a page of a bucket or of a large item, and the order of bytes in a file.

use crate::error::{ErrorKind, StoreError, StoreResult};

/// Where the index of a page begins.
pub(super) const PAGE_HEADER: usize = 26;
/// The size of an item that lies elsewhere.
pub(super) const OFF_PAGE_ITEM: usize = 12;

/// The types of pages.
const UNUSED: u8 = 0;
const UNSORTED: u8 = 2;
pub(super) const OVERFLOW: u8 = 7;
pub(super) const SORTED: u8 = 13;

/// The types of items.
pub(super) const ON_PAGE: u8 = 1;
pub(super) const OFF_PAGE: u8 = 3;

/// The order of bytes in a file: that of the machine which made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Little,
    Big,
}

impl Order {
    /// Reads a number; `None` where the bytes end before.
    pub(super) fn u32(self, bytes: &[u8], at: usize) -> Option<u32> {
        let bytes = *bytes.get(at..)?.first_chunk()?;
        Some(match self {
            Order::Little => u32::from_le_bytes(bytes),
            Order::Big => u32::from_be_bytes(bytes),
        })
    }

    /// Reads a number; `None` where the bytes end before.
    fn u16(self, bytes: &[u8], at: usize) -> Option<u16> {
        let bytes = *bytes.get(at..)?.first_chunk()?;
        Some(match self {
            Order::Little => u16::from_le_bytes(bytes),
            Order::Big => u16::from_be_bytes(bytes),
        })
    }

    /// Writes a number; the place is within.
    pub(super) fn put_u32(self, bytes: &mut [u8], at: usize, number: u32) {
        let number = match self {
            Order::Little => number.to_le_bytes(),
            Order::Big => number.to_be_bytes(),
        };
        put(bytes, at, &number);
    }

    /// Writes a number; the place is within.
    pub(super) fn put_u16(self, bytes: &mut [u8], at: usize, number: u16) {
        let number = match self {
            Order::Little => number.to_le_bytes(),
            Order::Big => number.to_be_bytes(),
        };
        put(bytes, at, &number);
    }

    /// Writes where in a log the last change of a page is: nowhere, as there is no log.
    pub(super) fn put_log_position(self, page: &mut [u8]) {
        self.put_u32(page, 4, 1);
    }
}

/// Writes bytes of which the place is within.
#[allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "writers know the size"
)]
pub(super) fn put(bytes: &mut [u8], at: usize, part: &[u8]) {
    bytes[at..at + part.len()].copy_from_slice(part);
}

/// A page: `size` bytes.
pub(super) struct Page {
    order: Order,
    pub(super) number: u32,
    bytes: Vec<u8>,
}

/// A key or a value.
pub(super) enum Item<'a> {
    Here(&'a [u8]),
    /// In a chain of pages that begins there.
    Elsewhere {
        page: u32,
        size: u32,
    },
}

impl Item<'_> {
    /// Returns the size of the key or value.
    pub(super) fn size(&self) -> u64 {
        match self {
            Item::Here(bytes) => bytes.len() as u64,
            Item::Elsewhere { size, .. } => u64::from(*size),
        }
    }
}

impl Page {
    pub(super) fn new(order: Order, number: u32, bytes: Vec<u8>) -> Self {
        Self { order, number, bytes }
    }

    fn corrupt(&self, what: &str) -> StoreError {
        StoreError::new(ErrorKind::Corrupt, format!("page {} {what}", self.number))
    }

    fn cut(&self) -> StoreError {
        self.corrupt("is cut short")
    }

    fn u16(&self, at: usize) -> StoreResult<usize> {
        self.order.u16(&self.bytes, at).map(usize::from).ok_or_else(|| self.cut())
    }

    fn u32(&self, bytes: &[u8], at: usize) -> StoreResult<u32> {
        self.order.u32(bytes, at).ok_or_else(|| self.cut())
    }

    /// Returns the type of the page.
    fn kind(&self) -> Option<u8> {
        self.bytes.get(25).copied()
    }

    /// Returns the number of the next page of a chain; 0 at its end.
    pub(super) fn next(&self) -> StoreResult<u32> {
        self.u32(&self.bytes, 16)
    }

    /// Returns the pairs on a page of a bucket.
    pub(super) fn pairs(&self) -> StoreResult<Vec<[Item<'_>; 2]>> {
        let entries = self.u16(20)?;
        match self.kind() {
            Some(SORTED | UNSORTED) => {}
            // A page that Berkeley DB has taken into the file, and not used yet.
            Some(UNUSED) if self.bytes.iter().take(PAGE_HEADER).all(|&byte| byte == 0) => {
                return Ok(Vec::new());
            }
            _ => return Err(self.corrupt("is none of a bucket")),
        }
        let index_end = entries.saturating_mul(2).saturating_add(PAGE_HEADER);
        if !entries.is_multiple_of(2) || index_end > self.bytes.len() {
            return Err(self.corrupt("has no whole number of pairs"));
        }
        let mut places = (PAGE_HEADER..index_end).step_by(2);
        let mut end = self.bytes.len();
        let mut item = || {
            let start = places.next().map_or(Ok(0), |place| self.u16(place))?;
            let bytes = self.bytes.get(start..end).unwrap_or_default();
            if start < index_end || bytes.is_empty() {
                return Err(self.corrupt("has an item that lies outside"));
            }
            end = start;
            self.item(bytes)
        };
        (0..entries / 2).map(|_| Ok([item()?, item()?])).collect()
    }

    fn item<'a>(&self, bytes: &'a [u8]) -> StoreResult<Item<'a>> {
        match bytes {
            [ON_PAGE, bytes @ ..] => Ok(Item::Here(bytes)),
            [OFF_PAGE, ..] if bytes.len() == OFF_PAGE_ITEM => {
                Ok(Item::Elsewhere { page: self.u32(bytes, 4)?, size: self.u32(bytes, 8)? })
            }
            [2 | 4, ..] => {
                let what = "a file of Berkeley DB with several values for a key";
                Err(StoreError::new(ErrorKind::Unsupported, what))
            }
            _ => Err(self.corrupt("has an item of another type")),
        }
    }

    /// Returns the content of a page of a large item.
    pub(super) fn content(&self) -> StoreResult<&[u8]> {
        if self.kind() != Some(OVERFLOW) {
            return Err(self.corrupt("is none of a large item"));
        }
        let size = self.u16(22)?;
        let content = self.bytes.get(PAGE_HEADER..).and_then(|rest| rest.get(..size));
        content
            .filter(|content| !content.is_empty())
            .ok_or_else(|| self.corrupt("has more than fits, or nothing"))
    }
}
