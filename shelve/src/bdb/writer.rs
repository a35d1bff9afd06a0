//! Writes a whole file: each bucket's pages with their pairs in order, and behind the buckets what is large.

use std::cmp::Ordering;
use std::fs::File;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::Path;

use super::hash::Buckets;
use super::header::Header;
use super::page::{OFF_PAGE, OFF_PAGE_ITEM, ON_PAGE, OVERFLOW, Order, PAGE_HEADER, SORTED, put};
use crate::error::{ErrorKind, StoreError, StoreResult};

/// The size of a page of a new file.
const PAGE_SIZE: u32 = 4096;
/// How many hundredths of the buckets' first pages to fill on average.
const FILL: u64 = 70;

/// Gives a key's value when it is written.
pub(super) type Values<'a> = dyn FnMut(&[u8]) -> StoreResult<Vec<u8>> + 'a;

/// Writes a file with entries, of which the sizes of the values are known; `like` says in what form, if not in that of this
/// machine.
pub(super) fn write(
    path: &Path,
    entries: Vec<(Vec<u8>, u64)>,
    like: Option<&Header>,
    values: &mut Values<'_>,
) -> StoreResult<()> {
    let native = if cfg!(target_endian = "big") { Order::Big } else { Order::Little };
    let mut header = Header {
        order: like.map_or(native, |like| like.order),
        page_size: like.map_or(PAGE_SIZE, |like| like.page_size),
        last_page: 0,
        fill_factor: like.map_or(0, |like| like.fill_factor),
        buckets: Buckets { max: 0, high_mask: 0, low_mask: 0, spares: [0; 32] },
    };
    header.buckets = buckets(&header, &entries);
    let file = File::options().write(true).open(path)?;
    let mut writer = Writer {
        file: BufWriter::new(file),
        position: 0,
        order: header.order,
        page_size: header.page_size as usize,
        free: header.buckets.max + 2,
    };
    let pairs = u32::try_from(entries.len()).unwrap_or(u32::MAX);
    let of = |(key, _): (Vec<u8>, u64)| (header.buckets.of(&key), key);
    let mut keys: Vec<(u32, Vec<u8>)> = entries.into_iter().map(of).collect();
    let largest = header.page_size as usize / 4;
    keys.sort_unstable_by(|(of, key), (other, next)| of.cmp(other).then(order(key, next, largest)));
    let mut rest = keys.as_slice();
    for bucket in 0..=header.buckets.max {
        let (keys, others) = rest.split_at(rest.partition_point(|(of, _)| *of == bucket));
        rest = others;
        writer.bucket(bucket + 1, keys, values)?;
    }
    header.last_page = writer.free - 1;
    writer.put(0, &header.write(pairs, &unique()))?;
    Ok(writer.file.flush()?)
}

/// Orders the keys of a bucket as Berkeley DB looks for them: a key that another begins with comes after it. Of those that
/// lie elsewhere it comes before, so that they are kept apart, on pages of their own.
fn order(key: &[u8], other: &[u8], largest: usize) -> Ordering {
    let elsewhere = key.len() > largest;
    let apart = elsewhere.cmp(&(other.len() > largest));
    let common = key.len().min(other.len());
    let begin = key.iter().take(common).cmp(other.iter().take(common));
    let length = if elsewhere { key.len().cmp(&other.len()) } else { other.len().cmp(&key.len()) };
    apart.then(begin).then(length)
}

/// Returns as many buckets as hold the entries, a power of two. Their pages follow the header in a row.
fn buckets(header: &Header, entries: &[(Vec<u8>, u64)]) -> Buckets {
    let item = |size: u64| match size {
        size if size > u64::from(header.page_size / 4) => OFF_PAGE_ITEM as u64 + 2,
        size => size + 3,
    };
    let bytes: u64 = entries.iter().map(|(key, size)| item(key.len() as u64) + item(*size)).sum();
    let wanted = (bytes * 100 / (header.room() as u64 * FILL)).clamp(2, 1 << 30);
    let count = (wanted as u32).next_power_of_two();
    let mut spares = [0; 32];
    spares.iter_mut().take(count.trailing_zeros() as usize + 1).for_each(|spare| *spare = 1);
    Buckets { max: count - 1, high_mask: count - 1, low_mask: (count >> 1) - 1, spares }
}

/// Returns the name that a file has within a program of Berkeley DB, which is to be no other file's.
fn unique() -> [u8; 20] {
    let mut bytes = [0; 20];
    for chunk in bytes.chunks_mut(8) {
        let random = RandomState::new().build_hasher().finish().to_ne_bytes();
        for (byte, random) in chunk.iter_mut().zip(random) {
            *byte = random;
        }
    }
    bytes
}

struct Writer {
    file: BufWriter<File>,
    /// The page that the next bytes are.
    position: u32,
    order: Order,
    page_size: usize,
    /// The first page that is not given away.
    free: u32,
}

impl Writer {
    /// Writes a page.
    fn put(&mut self, number: u32, bytes: &[u8]) -> StoreResult<()> {
        if self.position != number {
            self.file.seek(SeekFrom::Start(u64::from(number) * self.page_size as u64))?;
        }
        self.file.write_all(bytes)?;
        self.position = number + 1;
        Ok(())
    }

    /// Gives away a page.
    fn allocate(&mut self) -> StoreResult<u32> {
        let number = self.free;
        let full = || StoreError::new(ErrorKind::TooLarge, "the file would have too many pages");
        self.free = number.checked_add(1).ok_or_else(full)?;
        Ok(number)
    }

    /// Returns a page without content.
    fn page(&self, number: u32, previous: u32, kind: u8) -> Vec<u8> {
        let mut page = vec![0; self.page_size];
        self.order.put_log_position(&mut page);
        self.order.put_u32(&mut page, 8, number);
        self.order.put_u32(&mut page, 12, previous);
        put(&mut page, 25, &[kind]);
        page
    }

    /// Writes the pages of a bucket.
    fn bucket(
        &mut self,
        first: u32,
        keys: &[(u32, Vec<u8>)],
        values: &mut Values<'_>,
    ) -> StoreResult<()> {
        let mut number = first;
        let mut page = self.page(number, 0, SORTED);
        let (mut entries, mut end) = (0_u16, self.page_size);
        let apart = keys.partition_point(|(_, key)| key.len() <= self.page_size / 4);
        for (at, (_, key)) in keys.iter().enumerate() {
            let value = values(key).map_err(|error| error.with_key(key))?;
            let items = [self.item(key)?, self.item(&value)?];
            let index_end = PAGE_HEADER + 2 * (usize::from(entries) + items.len());
            let full = index_end + items[0].len() + items[1].len() > end;
            if full || (at == apart && entries > 0) {
                let next = self.allocate()?;
                self.order.put_u32(&mut page, 16, next);
                self.finish(number, page, entries, end)?;
                page = self.page(next, number, SORTED);
                (number, entries, end) = (next, 0, self.page_size);
            }
            for item in items {
                end -= item.len();
                put(&mut page, end, &item);
                let index = PAGE_HEADER + 2 * usize::from(entries);
                self.order.put_u16(&mut page, index, end as u16);
                entries += 1;
            }
        }
        self.finish(number, page, entries, end)
    }

    /// Writes a page of which the items are in place.
    fn finish(
        &mut self,
        number: u32,
        mut page: Vec<u8>,
        entries: u16,
        end: usize,
    ) -> StoreResult<()> {
        self.order.put_u16(&mut page, 20, entries);
        // On the largest page there is, an end of 65536 is written as 0.
        self.order.put_u16(&mut page, 22, end as u16);
        self.put(number, &page)
    }

    /// Returns an item as it is on a page of a bucket. What is large is written into pages of its own.
    fn item(&mut self, bytes: &[u8]) -> StoreResult<Vec<u8>> {
        if bytes.len() <= self.page_size / 4 {
            return Ok([&[ON_PAGE], bytes].concat());
        }
        let mut item = vec![0; OFF_PAGE_ITEM];
        put(&mut item, 0, &[OFF_PAGE]);
        self.order.put_u32(&mut item, 4, self.free);
        self.order.put_u32(&mut item, 8, bytes.len() as u32);
        let mut parts = bytes.chunks(self.page_size - PAGE_HEADER).peekable();
        let mut previous = 0;
        while let Some(part) = parts.next() {
            let number = self.allocate()?;
            let mut page = self.page(number, previous, OVERFLOW);
            if parts.peek().is_some() {
                self.order.put_u32(&mut page, 16, self.free);
            }
            // How many items refer to it.
            self.order.put_u16(&mut page, 20, 1);
            self.order.put_u16(&mut page, 22, part.len() as u16);
            put(&mut page, PAGE_HEADER, part);
            self.put(number, &page)?;
            previous = number;
        }
        Ok(item)
    }
}
