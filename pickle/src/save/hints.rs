//! What would mend a dump that failed, for the people who read the error.

use halfsour_runtime::Value;
use halfsour_runtime::reduce::LEAVE_OUT;

/// Another object has the name.
pub(super) const REPLACED: &str = "a pickle holds classes and functions by name, and the module has another object under \
                                   this one: use that one, or give each a name of its own";

/// A reduce value is none.
pub(super) const REDUCE_VALUE: &str = "__reduce__ returns (callable, argument tuple), then if need be a state, an iterator \
                                       of list items and one of dict items, or else the name of a global";

/// An object has no way to be reduced.
pub(super) const NOT_REDUCIBLE: &str =
    "define __reduce__, or register a function that reduces it (copy_reg.pickle)";

/// The data nests deeper than the recursion limit.
pub(super) const TOO_DEEP: &str = "Context::set_recursion_limit (sys.setrecursionlimit) raises the limit; here that costs \
                                   memory only";

/// The data is deep or cyclic, and nothing is memoized.
pub(super) const FAST: &str = "fast mode has no memo, so that an object that contains itself has no end: dump it without \
                               Pickler::fast";

/// A persistent id that protocol 0 cannot write.
pub(super) const ID_LINE: &str =
    "protocol 0 writes an id as a line of text; protocols 1 and 2 take any object for one";

/// Says what to do about an object that is not where its name says. A type of Python's own without a place is only met in
/// reducing an object of it, such as a module.
pub(super) fn not_found(object: Value<'_>) -> &'static str {
    match object {
        Value::Class(class) if !class.is_heap_type() => LEAVE_OUT,
        _ => NOT_FOUND,
    }
}

const NOT_FOUND: &str = "a pickle holds classes and functions by name: put this one into the module under that \
                                    name (Module::class_named, Module::set), or set its __module__ and __name__ to where \
                                    it is";
