//! The modules `types` and, in Python 2, `new`: names for the built-in types that have none elsewhere.
//!
//! Source: the Python documentation of both. What only an interpreter has (FrameType, TracebackType) is not there.

use crate::class::Class;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::Result;
use crate::types::Tuple;

/// Registers the modules.
pub(super) fn install<'gc>(ctx: Context<'gc>) -> Result<'gc, ()> {
    let types = ctx.new_module("types")?;
    for (name, class) in both(ctx) {
        types.set(ctx, name, class)?;
    }
    match ctx.dialect() {
        Dialect::Python3 => {
            for (name, class) in python3(ctx) {
                types.set(ctx, name, class)?;
            }
        }
        Dialect::Python2 => {
            for (name, class) in python2(ctx) {
                types.set(ctx, name, class)?;
            }
            let strings = [ctx.types().bytes.into(), ctx.types().unicode.into()];
            types.set(ctx, "StringTypes", Tuple::new(ctx, &strings))?;
            let new = ctx.new_module("new")?;
            for (name, class) in new_names(ctx) {
                new.set(ctx, name, class)?;
            }
        }
    }
    Ok(())
}

fn both(ctx: Context<'_>) -> Vec<(&'static str, Class<'_>)> {
    let types = ctx.types();
    vec![
        ("NoneType", types.none_type),
        ("EllipsisType", types.ellipsis),
        ("NotImplementedType", types.not_implemented),
        ("FunctionType", types.function),
        ("LambdaType", types.function),
        ("MethodType", types.method),
        ("BuiltinFunctionType", types.builtin_function),
        ("BuiltinMethodType", types.builtin_function),
        ("ModuleType", types.module),
        ("GeneratorType", types.generator),
        ("CodeType", types.code),
        ("GetSetDescriptorType", types.getset_descriptor),
        ("MemberDescriptorType", types.member_descriptor),
    ]
}

fn python2(ctx: Context<'_>) -> Vec<(&'static str, Class<'_>)> {
    let types = ctx.types();
    vec![
        ("TypeType", types.type_),
        ("ObjectType", types.object),
        ("BooleanType", types.bool),
        ("IntType", types.int),
        ("LongType", types.long),
        ("FloatType", types.float),
        ("ComplexType", types.complex),
        ("StringType", types.bytes),
        ("UnicodeType", types.unicode),
        ("TupleType", types.tuple),
        ("ListType", types.list),
        ("DictType", types.dict),
        ("DictionaryType", types.dict),
        ("ClassType", types.classobj),
        ("InstanceType", types.instance),
        ("UnboundMethodType", types.method),
        ("FileType", types.file),
        ("XRangeType", types.range),
        ("SliceType", types.slice),
        ("DictProxyType", types.dictproxy),
    ]
}

fn python3(ctx: Context<'_>) -> Vec<(&'static str, Class<'_>)> {
    let types = ctx.types();
    vec![
        ("MappingProxyType", types.dictproxy),
        ("MethodDescriptorType", types.method_descriptor),
        ("WrapperDescriptorType", types.wrapper_descriptor),
        ("ClassMethodDescriptorType", types.classmethod_descriptor),
        ("MethodWrapperType", types.method_wrapper),
    ]
}

fn new_names(ctx: Context<'_>) -> [(&'static str, Class<'_>); 5] {
    let types = ctx.types();
    [
        ("classobj", types.classobj),
        ("function", types.function),
        ("instance", types.instance),
        ("instancemethod", types.method),
        ("module", types.module),
    ]
}
