//! Which built-in exceptions there are, and what derives from what.
//!
//! Source: the Python documentation, "Exception hierarchy", of 2.7 and of 3.13.

use crate::class::{Class, ExceptionKind, Layout};
use crate::context::Context;
use crate::dialect::Dialect;
use crate::types::Unicode;
use crate::value::Value;

/// A built-in exception: its name, and the name of its base in Python 2 and in Python 3; empty where it does not
/// exist.
struct Row(&'static str, &'static str, &'static str);

/// Bases come before what derives from them.
const HIERARCHY: &[Row] = &[
    Row("SystemExit", "BaseException", "BaseException"),
    Row("KeyboardInterrupt", "BaseException", "BaseException"),
    Row("GeneratorExit", "BaseException", "BaseException"),
    Row("Exception", "BaseException", "BaseException"),
    Row("BaseExceptionGroup", "", "BaseException"),
    Row("ExceptionGroup", "", "BaseExceptionGroup"),
    Row("StopIteration", "Exception", "Exception"),
    Row("StopAsyncIteration", "", "Exception"),
    Row("StandardError", "Exception", ""),
    Row("BufferError", "StandardError", "Exception"),
    Row("ArithmeticError", "StandardError", "Exception"),
    Row("FloatingPointError", "ArithmeticError", "ArithmeticError"),
    Row("OverflowError", "ArithmeticError", "ArithmeticError"),
    Row("ZeroDivisionError", "ArithmeticError", "ArithmeticError"),
    Row("AssertionError", "StandardError", "Exception"),
    Row("AttributeError", "StandardError", "Exception"),
    Row("EnvironmentError", "StandardError", ""),
    Row("IOError", "EnvironmentError", ""),
    Row("OSError", "EnvironmentError", "Exception"),
    Row("BlockingIOError", "", "OSError"),
    Row("ChildProcessError", "", "OSError"),
    Row("ConnectionError", "", "OSError"),
    Row("BrokenPipeError", "", "ConnectionError"),
    Row("ConnectionAbortedError", "", "ConnectionError"),
    Row("ConnectionRefusedError", "", "ConnectionError"),
    Row("ConnectionResetError", "", "ConnectionError"),
    Row("FileExistsError", "", "OSError"),
    Row("FileNotFoundError", "", "OSError"),
    Row("InterruptedError", "", "OSError"),
    Row("IsADirectoryError", "", "OSError"),
    Row("NotADirectoryError", "", "OSError"),
    Row("PermissionError", "", "OSError"),
    Row("ProcessLookupError", "", "OSError"),
    Row("TimeoutError", "", "OSError"),
    Row("EOFError", "StandardError", "Exception"),
    Row("ImportError", "StandardError", "Exception"),
    Row("ModuleNotFoundError", "", "ImportError"),
    Row("LookupError", "StandardError", "Exception"),
    Row("IndexError", "LookupError", "LookupError"),
    Row("KeyError", "LookupError", "LookupError"),
    Row("MemoryError", "StandardError", "Exception"),
    Row("NameError", "StandardError", "Exception"),
    Row("UnboundLocalError", "NameError", "NameError"),
    Row("ReferenceError", "StandardError", "Exception"),
    Row("RuntimeError", "StandardError", "Exception"),
    Row("NotImplementedError", "RuntimeError", "RuntimeError"),
    Row("PythonFinalizationError", "", "RuntimeError"),
    Row("RecursionError", "", "RuntimeError"),
    Row("SyntaxError", "StandardError", "Exception"),
    Row("_IncompleteInputError", "", "SyntaxError"),
    Row("IndentationError", "SyntaxError", "SyntaxError"),
    Row("TabError", "IndentationError", "IndentationError"),
    Row("SystemError", "StandardError", "Exception"),
    Row("TypeError", "StandardError", "Exception"),
    Row("ValueError", "StandardError", "Exception"),
    Row("UnicodeError", "ValueError", "ValueError"),
    Row("UnicodeDecodeError", "UnicodeError", "UnicodeError"),
    Row("UnicodeEncodeError", "UnicodeError", "UnicodeError"),
    Row("UnicodeTranslateError", "UnicodeError", "UnicodeError"),
    Row("Warning", "Exception", "Exception"),
    Row("BytesWarning", "Warning", "Warning"),
    Row("DeprecationWarning", "Warning", "Warning"),
    Row("EncodingWarning", "", "Warning"),
    Row("FutureWarning", "Warning", "Warning"),
    Row("ImportWarning", "Warning", "Warning"),
    Row("PendingDeprecationWarning", "Warning", "Warning"),
    Row("ResourceWarning", "", "Warning"),
    Row("RuntimeWarning", "Warning", "Warning"),
    Row("SyntaxWarning", "Warning", "Warning"),
    Row("UnicodeWarning", "Warning", "Warning"),
    Row("UserWarning", "Warning", "Warning"),
];

/// Names that Python 3 keeps for a class of another name.
const PYTHON3_ALIASES: &[(&str, &str)] = &[("EnvironmentError", "OSError"), ("IOError", "OSError")];

/// What native code raises under Python 3's name, and the class that Python 2 raises instead.
const PYTHON2_STANDINS: &[(&str, &str)] =
    &[("ModuleNotFoundError", "ImportError"), ("RecursionError", "RuntimeError")];

/// Names of the dialect for classes that have another `__name__`.
pub(super) fn aliases(dialect: Dialect) -> &'static [(&'static str, &'static str)] {
    match dialect {
        Dialect::Python2 => &[],
        Dialect::Python3 => PYTHON3_ALIASES,
    }
}

/// Returns the `__name__` of the class that the dialect has for a name.
pub(super) fn name_in(dialect: Dialect, name: &str) -> &str {
    let renamed = dialect.pick(PYTHON2_STANDINS, PYTHON3_ALIASES);
    renamed.iter().find(|(from, _)| *from == name).map_or(name, |(_, to)| *to)
}

/// Makes the classes of the dialect, without their methods, and returns them with `BaseException` first.
pub(super) fn define(ctx: Context<'_>) -> Vec<Class<'_>> {
    let root = ctx.types().base_exception;
    ctx.state.builtin_exceptions.borrow_mut(ctx.mc).push(root);
    let mut classes = vec![root];
    for Row(name, python2, python3) in HIERARCHY {
        let base = ctx.dialect().pick(*python2, *python3);
        if base.is_empty() {
            continue;
        }
        let base = super::find(ctx, base);
        let layout = own_layout(ctx.dialect(), name).unwrap_or(base.layout());
        let module = ctx.dialect().exceptions_module();
        let class = match *name {
            "ExceptionGroup" => {
                let bases = (base, super::find(ctx, "Exception"));
                let class = Class::builtin_of_two(ctx, name, bases, layout, module);
                // CPython makes this one by a call of `type`, with a string of its own, as a pickle shows. The namespace
                // is far from the size limit of a dict.
                let own = Value::from(Unicode::new(ctx, module));
                let _ = class.define(ctx, "__module__", own);
                class
            }
            _ => Class::builtin(ctx, name, base, layout, module),
        };
        ctx.state.builtin_exceptions.borrow_mut(ctx.mc).push(class);
        classes.push(class);
    }
    classes
}

/// The layout of a class that keeps attributes of its own outside of `__dict__`.
fn own_layout(dialect: Dialect, name: &str) -> Option<Layout> {
    let kind = match (name, dialect) {
        ("EnvironmentError", Dialect::Python2) | ("OSError", Dialect::Python3) => {
            ExceptionKind::Environment
        }
        ("SyntaxError", _) => ExceptionKind::Syntax,
        ("SystemExit", _) => ExceptionKind::SystemExit,
        ("UnicodeDecodeError", _) => ExceptionKind::UnicodeDecode,
        ("UnicodeEncodeError", _) => ExceptionKind::UnicodeEncode,
        ("UnicodeTranslateError", _) => ExceptionKind::UnicodeTranslate,
        ("ImportError", Dialect::Python3) => ExceptionKind::Import,
        ("AttributeError", Dialect::Python3) => ExceptionKind::Attribute,
        ("NameError", Dialect::Python3) => ExceptionKind::Name,
        ("StopIteration", Dialect::Python3) => ExceptionKind::StopIteration,
        ("BaseExceptionGroup", _) => ExceptionKind::Group,
        _ => return None,
    };
    Some(Layout::Exception(kind))
}
