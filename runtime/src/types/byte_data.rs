//! [`ByteData`]: the bytes of a string, beside its header if they are few.

use gc_arena::Mutation;

use super::weight::charge;
use crate::short_copy::short_copy;

/// So many bytes fit in as much room as a pointer to more takes with its length, so that a short string is one
/// allocation, and not a large one.
const INLINE: usize = 22;

/// The bytes of a string.
pub(crate) enum ByteData {
    Inline { length: u8, bytes: [u8; INLINE] },
    Boxed(Box<[u8]>),
}

#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<ByteData>() == 24);

impl ByteData {
    #[inline]
    pub(crate) fn as_slice(&self) -> &[u8] {
        match self {
            Self::Inline { length, bytes } => bytes.get(..usize::from(*length)).unwrap_or_default(),
            Self::Boxed(bytes) => bytes,
        }
    }

    /// Tells the collector if there is more to free than an object.
    #[inline]
    pub(crate) fn charge(&self, mc: &Mutation<'_>) {
        if let Self::Boxed(bytes) = self {
            charge(mc, bytes.len());
        }
    }
}

impl From<&[u8]> for ByteData {
    #[inline]
    fn from(data: &[u8]) -> Self {
        if data.len() > INLINE {
            return Self::Boxed(data.into());
        }
        // Filled where it is, or it would be moved.
        let mut inline = Self::Inline { length: data.len() as u8, bytes: [0; INLINE] };
        if let Self::Inline { bytes, .. } = &mut inline {
            // There is room.
            let _ = short_copy(bytes, data);
        }
        inline
    }
}

impl From<Vec<u8>> for ByteData {
    fn from(data: Vec<u8>) -> Self {
        if data.len() > INLINE {
            Self::Boxed(data.into_boxed_slice())
        } else {
            data.as_slice().into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_long() {
        let bytes: Vec<u8> = (0..=255).collect();
        for length in [0, 1, 3, 4, 7, 8, 15, 16, 21, 22, 23, 24, 255, 256] {
            let data = &bytes[..length];
            for made in [ByteData::from(data), ByteData::from(data.to_vec())] {
                assert_eq!(made.as_slice(), data);
                assert_eq!(matches!(made, ByteData::Inline { .. }), length <= INLINE);
            }
        }
    }
}
