//! The built-in data types, one file each: their representation and the operations that run no user code.

mod byte_data;
mod bytearray;
mod bytes;
mod dict;
mod dict_copy;
mod list;
mod number;
mod range;
mod set;
mod slice;
mod table;
mod tuple;
mod unicode;
mod weight;

pub use self::bytearray::ByteArray;
pub use self::bytes::Bytes;
pub use self::dict::Dict;
pub(crate) use self::dict::full;
pub use self::dict_copy::DictCopy;
pub use self::list::List;
pub use self::number::{Complex, Long};
pub use self::range::Range;
pub use self::set::{FrozenSet, Set};
pub use self::slice::Slice;
pub use self::tuple::Tuple;
pub use self::unicode::Unicode;

pub(crate) use self::bytes::BytesInner;
pub(crate) use self::table::Table;
pub(crate) use self::unicode::UnicodeInner;
