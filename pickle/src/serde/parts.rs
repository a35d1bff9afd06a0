//! [`Parts`]: an instance as a stream says that it is made.

use std::fmt;
use std::marker::PhantomData;

use ::serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};

/// The name by which a deserializer knows that [`Parts`] are asked for.
pub(super) const NAME: &str = "halfsour_pickle::serde::Parts";

pub(super) const FIELDS: &[&str] = &["class", "args", "state"];

/// An instance in the parts that a stream has of it: its class, what that was called with, and its state.
///
/// For classes whose attributes do not tell everything. Nothing is allowed by asking for parts:
/// [`Classes::Listed`](super::Classes::Listed) and [`Classes::None`](super::Classes::None) refuse as ever.
///
/// # Examples
/// ```
/// use halfsour_pickle::serde::{Parts, from_slice};
///
/// // larder.Shelf('cellar', 3), and the state ['dill', 'salt'].
/// let shelf = b"\x80\x02clarder\nShelf\nU\x06cellarK\x03\x86R](U\x04dillU\x04salteb.";
/// let shelf: Parts<(String, u8), Vec<String>> = from_slice(shelf)?;
/// assert_eq!(shelf.class, "larder.Shelf");
/// assert_eq!(shelf.args, ("cellar".to_owned(), 3));
/// assert_eq!(shelf.state.unwrap(), ["dill", "salt"]);
/// # Ok::<(), halfsour_pickle::serde::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts<A = IgnoredAny, S = IgnoredAny> {
    /// The class or function that makes it, by module and name.
    pub class: String,
    /// The arguments.
    pub args: A,
    /// The state, if it has one.
    pub state: Option<S>,
}

impl<'de, A: Deserialize<'de>, S: Deserialize<'de>> Deserialize<'de> for Parts<A, S> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_struct(NAME, FIELDS, PartsVisitor(PhantomData))
    }
}

struct PartsVisitor<A, S>(PhantomData<(A, S)>);

impl<'de, A: Deserialize<'de>, S: Deserialize<'de>> Visitor<'de> for PartsVisitor<A, S> {
    type Value = Parts<A, S>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an instance")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        let (mut class, mut args, mut state) = (None, None, None);
        while let Some(part) = map.next_key::<String>()? {
            match part.as_str() {
                "class" => class = Some(map.next_value()?),
                "args" => args = Some(map.next_value()?),
                "state" => state = Some(map.next_value()?),
                _ => map.next_value::<IgnoredAny>().map(drop)?,
            }
        }
        let missing = <M::Error as ::serde::de::Error>::missing_field;
        Ok(Parts {
            class: class.ok_or_else(|| missing("class"))?,
            args: args.ok_or_else(|| missing("args"))?,
            state,
        })
    }
}
