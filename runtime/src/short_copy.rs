//! [`short_copy`]: copying few bytes.

/// Copies bytes to the front of others, which is quickest if they are at most 32; returns `None`, and copies nothing, if
/// there is no room.
///
/// To copy as many bytes as only a run tells is a call, which has to find out how many they are and costs more than the
/// copy of a short string. Up to 32 bytes are copied here as their beginning and their end, which overlap: two pieces of a
/// size that the compiler knows.
///
/// # Examples
///
/// ```
/// use halfsour_runtime::short_copy;
///
/// let mut place = *b"......";
/// assert_eq!(short_copy(&mut place, b"spam"), Some(()));
/// assert_eq!(place, *b"spam..");
/// assert_eq!(short_copy(&mut place, b"spam and eggs"), None);
/// ```
#[inline]
pub fn short_copy(to: &mut [u8], from: &[u8]) -> Option<()> {
    let to = to.get_mut(..from.len())?;
    if from.len() > 32 {
        to.copy_from_slice(from);
        return Some(());
    }
    let _ = copy_ends::<16>(to, from)
        || copy_ends::<8>(to, from)
        || copy_ends::<4>(to, from)
        || copy_ends::<2>(to, from)
        || copy_ends::<1>(to, from);
    Some(())
}

/// Copies the first bytes and the last, if there are as many; returns whether there are.
#[inline(always)]
fn copy_ends<const COUNT: usize>(to: &mut [u8], from: &[u8]) -> bool {
    let (Some(first), Some(last)) = (from.first_chunk::<COUNT>(), from.last_chunk::<COUNT>())
    else {
        return false;
    };
    if let Some(place) = to.first_chunk_mut() {
        *place = *first;
    }
    if let Some(place) = to.last_chunk_mut() {
        *place = *last;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length() {
        let bytes: Vec<u8> = (1..=255).collect();
        for length in (0..=70).chain([254, 255]) {
            let from = &bytes[..length];
            for room in [length, length + 1, length + 40] {
                let mut to = vec![0; room];
                assert_eq!(short_copy(&mut to, from), Some(()));
                assert_eq!(to[..length], *from);
                assert!(to[length..].iter().all(|&byte| byte == 0), "{length}");
            }
        }
    }

    #[test]
    fn no_room() {
        for (room, length) in [(0, 1), (3, 4), (15, 16), (22, 23), (32, 33), (40, 200)] {
            let mut to = vec![0; room];
            assert_eq!(short_copy(&mut to, &vec![1; length]), None);
            assert_eq!(to, vec![0; room]);
        }
    }
}
