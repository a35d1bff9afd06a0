//! [`Ids`]: names of shared objects that nobody else gives.

use std::cell::Cell;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::{SystemTime, UNIX_EPOCH};

/// Gives ids of the form `SECONDS.RANDOM.NUMBER`, in hexadecimal.
///
/// The time is when the shelf was opened, the random number has 64 bits, and the number counts. So no two openers give the
/// same, neither one after another nor at once in two processes, and nothing needs to be read or kept for it. Ids of one
/// opener are neighbours in an ordered store.
pub(super) struct Ids {
    opener: String,
    next: Cell<u64>,
}

impl Ids {
    pub(super) fn new() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        // The keys of a RandomState come from the system, so its hash of anything is a random number.
        let mut hasher = RandomState::new().build_hasher();
        hasher.write_u128(since.as_nanos());
        hasher.write_u32(std::process::id());
        let opener = format!("{:x}.{:016x}", since.as_secs(), hasher.finish());
        Self { opener, next: Cell::new(0) }
    }

    pub(super) fn next(&self) -> String {
        let number = self.next.get();
        self.next.set(number + 1);
        format!("{}.{number:x}", self.opener)
    }
}

#[cfg(test)]
mod tests {
    use super::Ids;

    #[test]
    fn no_two_are_the_same() {
        let openers: Vec<Ids> = (0..100).map(|_| Ids::new()).collect();
        let mut ids: Vec<String> = openers.iter().flat_map(|it| [it.next(), it.next()]).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 200);
        assert!(ids.iter().all(|id| id.is_ascii() && !id.contains(['\n', ' '])));
    }
}
