//! What would mend a load that failed, for the people who read the error.

use halfsour_runtime::Value;

/// A module, class or function is not there.
pub(super) const GLOBAL: &str = "a pickle reaches only what the host defines: make the module (Context::new_module) and put \
                                 this name into it (Module::class_named, Module::function), find it by \
                                 Unpickler::find_class, or keep what is missing as a stand-in (Missing::Opaque)";

/// What the stream calls was not allowed.
pub(super) const CALLABLE: &str = "if it may be called: copy_reg.constructor, a true __safe_for_unpickling__ or \
                                   Callables::Any allow it";

/// The stream has persistent ids.
const PERSISTENT_LOAD: &str = "the pickle names objects outside of it: Unpickler::persistent_load says which they \
                                          are, Unpickler::persistent_ids lists their names";

/// The stream was written by a later Python.
pub(super) const NEWER: &str = "written by Python 3: read it in Runtime::python3() or by Flavour::Python3, or write it with \
                                protocol=2 there";

/// The stream has no end.
pub(super) const CUT: &str = "the pickle is incomplete, if it is one: was the file closed before it was read, and copied whole?";

/// The memo does not have what the stream fetches.
pub(super) const MEMO: &str = "the stream refers to an object of an earlier one: read all that one Pickler wrote in one \
                               UnpicklerSession, or it is damaged";

/// An extension code without a global.
pub(super) const EXTENSION: &str =
    "register the codes that the writer had before loading (copy_reg.add_extension)";

/// A state that only the class itself could take.
pub(super) const STATE: &str =
    "define __setstate__ on the class: without it a state is a dict of attributes";

/// An attribute of a state that an object does not take.
pub(super) const ATTRIBUTE: &str = "if the class has changed since the pickle was written: define a __setstate__ that takes \
                                    states of old";

/// A call of a class that takes other arguments.
pub(super) const CONSTRUCTOR: &str = "if the class has changed since the pickle was written: give new parameters of its \
                                      __init__ defaults";

/// Says what may have become of a stream that has no further opcode at an offset.
pub(super) const fn ended(offset: u64) -> &'static str {
    match offset {
        0 => "nothing is there to be read: the file is empty, or at its end behind the last pickle",
        _ => CUT,
    }
}

/// Says what a stream is that begins with no opcode, or what has happened to one that goes on with none.
pub(super) const fn no_opcode(byte: u8, offset: u64) -> &'static str {
    match (offset, byte) {
        (0, 0x1f) => "this is a gzip file, not a pickle: decompress it first",
        (0, 0xef) => "this is text with a byte order mark, not a pickle",
        (0, _) => "this is no pickle: none begins with this byte",
        _ => {
            "the stream is damaged before this byte, or it was written for another program than pickle"
        }
    }
}

/// Says what to do about a persistent id that nobody can load. A ZIP archive looks like one: it begins with `PK`.
pub(super) fn without_persistent_load(id: Value<'_>) -> &'static str {
    match id {
        Value::Bytes(id) if id.as_slice().starts_with(b"K\x03\x04") => {
            "this is a ZIP archive, not a pickle: unpack it first"
        }
        _ => PERSISTENT_LOAD,
    }
}
