//! Which bucket a key belongs to, and the page where a bucket begins.

/// What Berkeley DB hashes to recognise the function in a header.
pub(super) const CHARKEY: &[u8] = b"%$sniglet^&\0";

/// The buckets of a file: linear hashing, with two masks while their number doubles.
#[derive(Clone, Debug)]
pub(super) struct Buckets {
    pub(super) max: u32,
    pub(super) high_mask: u32,
    pub(super) low_mask: u32,
    /// For each doubling, what to add to a bucket for its page.
    pub(super) spares: [u32; 32],
}

impl Buckets {
    /// Returns a key's bucket.
    pub(super) fn of(&self, key: &[u8]) -> u32 {
        let bucket = hash(key) & self.high_mask;
        if bucket > self.max { bucket & self.low_mask } else { bucket }
    }

    /// Returns the first page of a bucket; `None` if the header makes no sense.
    pub(super) fn page(&self, bucket: u32) -> Option<u32> {
        let doublings = bucket.checked_add(1)?.checked_next_power_of_two()?.trailing_zeros();
        bucket.checked_add(*self.spares.get(doublings as usize)?)
    }
}

/// FNV-1.
pub(super) fn hash(key: &[u8]) -> u32 {
    key.iter().fold(0, |hash: u32, &byte| hash.wrapping_mul(16_777_619) ^ u32::from(byte))
}
