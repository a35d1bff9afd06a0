//! `pickle` for halfsour.

mod decode;
mod encode;
mod exceptions;
mod flavour;
mod limits;
mod load;
mod opcode;
mod pickler;
mod policy;
mod save;
mod sink;
mod source;
pub mod tools;
mod unpickler;

pub use self::exceptions::{PICKLE_ERROR, PICKLING_ERROR, UNPICKLING_ERROR, cpickle};
pub use self::flavour::Flavour;
pub use self::limits::Limits;
pub use self::opcode::{Argument, Opcode, StackItem};
pub use self::pickler::{HIGHEST_PROTOCOL, Pickler, PicklerSession, dump, dumps};
pub use self::policy::Callables;
pub use self::sink::{PythonFile, Sink};
pub use self::source::{PythonReader, Source, TextMode};
pub use self::unpickler::{Unpickler, UnpicklerSession, load, loads};
