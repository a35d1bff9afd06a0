//! [`ByteData`]: the bytes of a string, beside its header if they are few.

use gc_arena::Mutation;

use super::weight::charge;

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

    #[inline]
    fn inline(data: &[u8]) -> Option<Self> {
        let mut bytes = [0; INLINE];
        bytes.get_mut(..data.len())?.copy_from_slice(data);
        Some(Self::Inline { length: data.len() as u8, bytes })
    }
}

impl From<&[u8]> for ByteData {
    #[inline]
    fn from(data: &[u8]) -> Self {
        Self::inline(data).unwrap_or_else(|| Self::Boxed(data.into()))
    }
}

impl From<Vec<u8>> for ByteData {
    fn from(data: Vec<u8>) -> Self {
        Self::inline(&data).unwrap_or_else(|| Self::Boxed(data.into_boxed_slice()))
    }
}
