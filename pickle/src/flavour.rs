//! Which of CPython's pickles a reader or a writer follows.

/// The CPython implementation whose behaviour is followed to the byte.
///
/// Python has had three picklers that matter. They agree on what a stream means, and differ in memo
/// numbers, in the text of floats, in where batches end, in what malformed text they tolerate, and in
/// which methods of a class they call. A file written by one loads with any.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Flavour {
    /// Python 2.7's `pickle.py`, protocols 0 to 2. The default of a Python 2 runtime.
    Pickle,
    /// Python 2.7's `cPickle`, protocols 0 to 2.
    CPickle,
    /// Python 3.13's `_pickle`, protocols 0 to 5. The default of a Python 3 runtime.
    Python3,
}

impl Flavour {
    /// Returns the highest protocol that this implementation reads and writes.
    pub const fn highest_protocol(self) -> u8 {
        match self {
            Flavour::Pickle | Flavour::CPickle => 2,
            Flavour::Python3 => 5,
        }
    }
}
