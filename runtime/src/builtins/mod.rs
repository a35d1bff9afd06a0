//! What every runtime has from the start: the methods of the built-in types, and the modules of built-in names.

mod arguments;
mod buffer;
mod class_assignment;
mod class_bases;
mod class_type;
mod classic_type;
mod codec;
mod codecs_module;
mod comparison;
mod define;
mod descriptors;
mod dict;
mod dictproxy;
pub(crate) mod exceptions;
mod file;
mod function_type;
mod functions;
mod gc_module;
mod inspection;
mod iterator;
mod list;
mod memoryview;
mod module_type;
mod names;
mod number;
mod number_functions;
mod object;
mod operators;
pub(crate) mod positions;
pub(crate) mod range;
mod set;
mod showing;
mod singletons;
mod slice;
mod sorting;
mod string;
mod stringio;
mod super_type;
mod sys_module;
mod tuple;
mod types_module;
mod weakref_type;

pub use self::file::HostFile;
pub use self::memoryview::HostBuffer;

use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::value::Value;

/// Fills the built-in types and registers the modules that hold them.
pub(crate) fn install<'gc>(ctx: Context<'gc>) -> Result<'gc, ()> {
    object::install(ctx);
    class_type::install(ctx);
    module_type::install(ctx);
    dictproxy::install(ctx);
    function_type::install(ctx);
    descriptors::install(ctx);
    super_type::install(ctx);
    classic_type::install(ctx);
    weakref_type::install(ctx);
    dict::install(ctx);
    dict::install_views(ctx);
    exceptions::install(ctx);
    file::install(ctx);
    iterator::install(ctx);
    list::install(ctx);
    number::install(ctx);
    memoryview::install(ctx);
    range::install(ctx);
    set::install(ctx);
    showing::install(ctx);
    singletons::install(ctx);
    slice::install(ctx);
    string::install(ctx);
    tuple::install(ctx);
    end_documentation(ctx);
    names::install(ctx)?;
    types_module::install(ctx)?;
    sys_module::install(ctx)?;
    gc_module::install(ctx)?;
    codecs_module::install(ctx)?;
    stringio::install(ctx)?;
    weakref_type::install_module(ctx)
}

/// Gives the types that are not documented here None as their `__doc__`, so that they do not show `object`'s.
fn end_documentation(ctx: Context<'_>) {
    let doc = ctx.names().doc;
    let exceptions = exceptions::all(ctx).into_iter().map(|(_, class)| class);
    for class in ctx.types().all().into_iter().chain(exceptions) {
        if class.dict().get_name(ctx, doc).is_none() {
            // The namespaces of the built-in types are far from the size limit of a dict.
            let _ = class.define(ctx, doc, Value::None);
        }
    }
}

/// Returns what `repr(x)` gives, for a message.
fn repr_text<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, String> {
    match value.repr(ctx)?.content() {
        Value::Bytes(text) => Ok(text.to_string_lossy().into_owned()),
        Value::Unicode(text) => Ok(text.to_string_lossy().into_owned()),
        _ => Err(Error::new(&exc::TYPE_ERROR, "__repr__ returned non-string")),
    }
}

/// Returns the state that `__reduce__` of the built-in containers gives: an object's `__dict__`, or None; in Python 3 what
/// the `__getstate__` of a subclass returns.
fn reduced_state_of<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    match ctx.dialect() {
        Dialect::Python3 if this.type_of(ctx).is_heap_type() => {
            this.call_method(ctx, ctx.names().getstate, ())
        }
        _ => state_of(ctx, this),
    }
}

/// Returns an object's `__dict__`, or None.
fn state_of<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    Ok(this.find_attr(ctx, ctx.names().dict)?.unwrap_or(Value::None))
}
