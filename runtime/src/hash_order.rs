//! The order in which a `dict` of Python 2.7 has string keys that were put in one after another.
//!
//! Our dicts keep the order in which they were filled. Where CPython 2.7 itself makes the dict that goes into a pickle
//! (the values of an instance's slots), its order is needed for the same bytes. The model of hash and table was checked
//! against 2.7.18 on thousands of random cases.

/// Returns the indexes of `keys`, which are all different, in the order of such a dict.
pub(crate) fn order(keys: &[&[u8]]) -> Vec<usize> {
    let hashes: Vec<u64> = keys.iter().map(|key| hash(key)).collect();
    let mut table = vec![None; 8];
    for (used, index) in (1..).zip(0..keys.len()) {
        place(&mut table, &hashes, index);
        if used * 3 >= table.len() * 2 {
            table = resized(&table, &hashes, used);
        }
    }
    table.into_iter().flatten().collect()
}

/// Python 2.7's hash of a string, without randomisation.
fn hash(key: &[u8]) -> u64 {
    let Some(first) = key.first() else { return 0 };
    let mixed = key
        .iter()
        .fold(u64::from(*first) << 7, |hash, byte| hash.wrapping_mul(1_000_003) ^ u64::from(*byte));
    match mixed ^ key.len() as u64 {
        u64::MAX => u64::MAX - 1,
        hash => hash,
    }
}

fn place(table: &mut [Option<usize>], hashes: &[u64], index: usize) {
    let mask = table.len() as u64 - 1;
    let mut perturb = hashes[index];
    let mut slot = perturb & mask;
    // The table is never full, and the probes visit every slot.
    while table[slot as usize].is_some() {
        slot = slot.wrapping_mul(5).wrapping_add(perturb).wrapping_add(1) & mask;
        perturb >>= 5;
    }
    table[slot as usize] = Some(index);
}

/// The same keys in a table of the smallest size above four times their number (above 50,000 of them, twice).
fn resized(table: &[Option<usize>], hashes: &[u64], used: usize) -> Vec<Option<usize>> {
    let wanted = if used > 50_000 { used * 2 } else { used * 4 };
    let mut size = 8;
    while size <= wanted {
        size *= 2;
    }
    let mut larger = vec![None; size];
    for index in table.iter().flatten() {
        place(&mut larger, hashes, *index);
    }
    larger
}

#[cfg(test)]
mod tests {
    use super::order;

    #[track_caller]
    fn check(keys: &str, expected: &str) {
        let keys: Vec<&[u8]> = keys.split(' ').map(str::as_bytes).collect();
        let ordered: Vec<_> =
            order(&keys).into_iter().map(|at| String::from_utf8_lossy(keys[at])).collect();
        assert_eq!(ordered.join(" "), expected);
    }

    /// Measured on 2.7.18: `d = {}`, then `d[key] = 1` for each key, then `' '.join(d)`.
    #[test]
    fn the_order_is_that_of_python_2() {
        check("c a", "a c");
        check("x y z", "y x z");
        check("foo bar", "foo bar");
        check("one two three four five six seven", "seven six three two four five one");
        check("title author year pages isbn", "isbn author year pages title");
    }
}
