//! [`Header`]: the first page of a file, and what it says that is not read here.

use super::hash::{Buckets, CHARKEY, hash};
use super::page::{self, Order, PAGE_HEADER};
use crate::error::{ErrorKind, StoreError, StoreResult};

/// How much of the first page means something.
pub(super) const HEADER: usize = 512;
const MAGIC: u32 = 0x0006_1561;
const VERSION: u32 = 9;
/// The type of the first page of a hash.
const PAGE_TYPE: u8 = 8;
/// Places in the header.
const SPARES: usize = 96;
const UID: usize = 52;

/// What a header says.
#[derive(Clone, Debug)]
pub(super) struct Header {
    pub(super) order: Order,
    pub(super) page_size: u32,
    pub(super) last_page: u32,
    /// How many pairs a bucket should have, which only Berkeley DB asks for.
    pub(super) fill_factor: u32,
    pub(super) buckets: Buckets,
}

fn unsupported(what: impl Into<String>) -> StoreError {
    StoreError::new(ErrorKind::Unsupported, what)
}

fn cut() -> StoreError {
    corrupt("the file ends in its header")
}

fn corrupt(what: &str) -> StoreError {
    StoreError::new(ErrorKind::Corrupt, what)
}

/// Returns what other file of Berkeley DB begins so, and what would help.
pub(crate) fn describe(head: &[u8]) -> Option<&'static str> {
    let word = u32::from_le_bytes(head.get(12..16)?.try_into().ok()?);
    let is = |magic: u32| word == magic || word == magic.swap_bytes();
    match () {
        () if is(0x0005_3162) => Some(
            "a B-tree or several databases of Berkeley DB; \
                 db_dump and db_load -t hash make a hash of one",
        ),
        () if is(0x0004_2253) => Some("a queue of Berkeley DB, which has numbers for keys"),
        () if is(0x0007_4582) => Some("a heap of Berkeley DB, which has no keys"),
        () => None,
    }
}

impl Header {
    /// Reads a header.
    ///
    /// # Errors
    /// UnknownFormat, Unsupported and Corrupt.
    pub(super) fn parse(bytes: &[u8]) -> StoreResult<Self> {
        if bytes.len() < HEADER {
            return Err(cut());
        }
        let order = [Order::Little, Order::Big]
            .into_iter()
            .find(|order| order.u32(bytes, 12) == Some(MAGIC));
        let Some(order) = order else {
            let what = describe(bytes).unwrap_or("no hash file of Berkeley DB");
            return Err(StoreError::new(ErrorKind::UnknownFormat, what));
        };
        let number = |at: usize| order.u32(bytes, at).ok_or_else(cut);
        match number(16)? {
            VERSION => {}
            // Older files differ in the order of keys in a page, or in the hash; newer ones are not known.
            older @ 1..VERSION => {
                return Err(unsupported(format!(
                    "version {older} of Berkeley DB's hash; db_upgrade makes version {VERSION} of it"
                )));
            }
            other => {
                return Err(unsupported(format!(
                    "version {other} of Berkeley DB's hash; db_dump and the db_load of Berkeley DB 5 \
                     make version {VERSION} of it"
                )));
            }
        }
        refuse_options(bytes, order)?;
        let page_size = number(20)?;
        if !page_size.is_power_of_two() || !(512..=65536).contains(&page_size) {
            return Err(corrupt("the size of a page is none"));
        }
        if bytes.get(25) != Some(&PAGE_TYPE) {
            return Err(corrupt("the first page is of another type"));
        }
        let mut spares = [0; 32];
        for (spare, at) in spares.iter_mut().zip((SPARES..).step_by(4)) {
            *spare = number(at)?;
        }
        let buckets =
            Buckets { max: number(72)?, high_mask: number(76)?, low_mask: number(80)?, spares };
        let header =
            Self { order, page_size, last_page: number(32)?, fill_factor: number(84)?, buckets };
        header.check()?;
        Ok(header)
    }

    /// Checks that every bucket has a page.
    fn check(&self) -> StoreResult<()> {
        let Buckets { max, high_mask, low_mask, .. } = self.buckets;
        let masks = high_mask.checked_add(1).is_some_and(u32::is_power_of_two)
            && low_mask == high_mask >> 1
            && max <= high_mask
            && max >= low_mask;
        // The buckets of a doubling have pages in a row, so that its ends show where they are.
        let ends = std::iter::successors(Some(1_u32), |end| end.checked_mul(2))
            .take_while(|&first| first <= max)
            .flat_map(|first| [first, max.min(first.saturating_mul(2).saturating_sub(1))]);
        let within = std::iter::once(0).chain(ends).all(|bucket| {
            self.buckets.page(bucket).is_some_and(|page| (1..=self.last_page).contains(&page))
        });
        if masks && within { Ok(()) } else { Err(corrupt("the header contradicts itself")) }
    }

    /// Writes a header for a file that has `pairs` pairs.
    pub(super) fn write(&self, pairs: u32, uid: &[u8; 20]) -> Vec<u8> {
        let mut bytes = vec![0; self.page_size as usize];
        self.order.put_log_position(&mut bytes);
        let mut put = |at: usize, number: u32| self.order.put_u32(&mut bytes, at, number);
        put(12, MAGIC);
        put(16, VERSION);
        put(20, self.page_size);
        put(32, self.last_page);
        put(72, self.buckets.max);
        put(76, self.buckets.high_mask);
        put(80, self.buckets.low_mask);
        put(84, self.fill_factor);
        put(88, pairs);
        put(92, hash(CHARKEY));
        for (&spare, at) in self.buckets.spares.iter().zip((SPARES..).step_by(4)) {
            put(at, spare);
        }
        page::put(&mut bytes, 25, &[PAGE_TYPE]);
        page::put(&mut bytes, UID, uid);
        bytes
    }

    /// Returns how many bytes of a page items and their index may take.
    pub(super) fn room(&self) -> usize {
        (self.page_size as usize).saturating_sub(PAGE_HEADER)
    }
}

/// Refuses what changes how pages are read.
fn refuse_options(bytes: &[u8], order: Order) -> StoreResult<()> {
    let [encrypted, part] = [24, 26].map(|at| bytes.get(at).copied().unwrap_or_default());
    if encrypted != 0 {
        return Err(unsupported("an encrypted file of Berkeley DB; db_dump -P shows its content"));
    }
    match part {
        0 => {}
        1 => {
            return Err(unsupported(
                "a file of Berkeley DB with checksums; db_dump and db_load make one without",
            ));
        }
        _ => return Err(unsupported("a file of Berkeley DB that is a part of several")),
    }
    match order.u32(bytes, 48).unwrap_or_default() {
        0 => {}
        flags if flags & 2 != 0 => {
            return Err(unsupported("a file of Berkeley DB with several databases in it"));
        }
        _ => return Err(unsupported("a file of Berkeley DB with several values for a key")),
    }
    if order.u32(bytes, 92) != Some(hash(CHARKEY)) {
        return Err(unsupported("a file of Berkeley DB with a hash function of its program"));
    }
    Ok(())
}
