//! What a [`Reader`](super::Reader) can be told.

/// Which instances are read.
///
/// Objects of Python's library that have a counterpart in serde's data model, such as sets, dates and decimals, are read
/// whatever this says. Nothing is ever made or called by it: it says what an instance may be taken for.
///
/// # Examples
/// ```
/// use std::collections::HashMap;
///
/// use halfsour_pickle::serde::{Category, Classes, Reader};
///
/// // A `kitchen.Jar` with 500 grams.
/// let jar = b"\x80\x02ckitchen\nJar\n)\x81}U\x05gramsM\xf4\x01sb.";
///
/// #[derive(serde::Deserialize)]
/// struct Jar {
///     grams: u32,
/// }
/// assert_eq!(halfsour_pickle::serde::from_slice::<Jar>(jar)?.grams, 500);
///
/// // A dict has no name that could be the class's.
/// let error = halfsour_pickle::serde::from_slice::<HashMap<String, u32>>(jar).unwrap_err();
/// assert_eq!(error.category(), Category::Class);
/// let reader = Reader::new().classes(Classes::listed(["kitchen.Jar"]));
/// assert_eq!(reader.from_slice::<HashMap<String, u32>>(jar)?["grams"], 500);
/// # Ok::<(), halfsour_pickle::serde::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Classes {
    /// An instance is read into a struct, or a variant of an enum, of the name of its class: the last part of the name
    /// (`Jar`) or all of it (`#[serde(rename = "kitchen.Jar")]`).
    #[default]
    SameName,
    /// Instances of these classes, by module and name, are read into anything.
    Listed(Vec<String>),
    /// All instances are read into anything.
    Any,
    /// No instance is read.
    None,
}

impl Classes {
    /// Returns a list of classes, by module and name (`"kitchen.Jar"`).
    pub fn listed<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Self {
        Self::Listed(names.into_iter().map(Into::into).collect())
    }
}

/// What a string of Python 2 is read as, which may be bytes or text.
///
/// A type that asks for bytes gets the bytes, whatever this says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Strings {
    /// Text if it is UTF-8, else bytes.
    #[default]
    Utf8,
    /// Text in Latin-1, which every string is.
    Latin1,
    /// Bytes.
    Bytes,
}

/// What happens to an object that is referred to more than once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Sharing {
    /// Each reference gets a copy.
    #[default]
    Copied,
    /// A list, dict, or other object that holds objects is refused the second time.
    Refused,
}

/// What happens to an object that contains itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cycles {
    /// It is refused.
    #[default]
    Refused,
    /// It is `None` where it is met inside of itself.
    AsNone,
}

/// What an int is read as that does not even fit 128 bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BigInts {
    /// It is refused.
    #[default]
    Refused,
    /// Its decimal digits, as text.
    AsText,
}
