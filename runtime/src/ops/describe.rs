//! How objects that are no containers or strings show themselves.
//!
//! Every text was measured on 2.7.18 and 3.13.0.

use std::borrow::Cow;

use super::number_text;
use crate::class::{Class, text_of};
use crate::context::Context;
use crate::descriptor::MethodKind;
use crate::dialect::Dialect;
use crate::function::{Builtin, Method};
use crate::instance::{Instance, Payload};
use crate::module::Module;
use crate::super_object::View;
use crate::types::Range;
use crate::value::Value;

/// A part of a text: words, or an object that is shown in its turn.
pub(super) enum Piece<'gc> {
    Text(Cow<'static, str>),
    Object(Value<'gc>),
}

impl<'gc> From<String> for Piece<'gc> {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl<'gc> From<&'static str> for Piece<'gc> {
    fn from(text: &'static str) -> Self {
        Self::Text(text.into())
    }
}

impl<'gc> From<Value<'gc>> for Piece<'gc> {
    fn from(object: Value<'gc>) -> Self {
        Self::Object(object)
    }
}

/// Returns the parts of the text that shows an object.
pub(super) fn pieces<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Vec<Piece<'gc>> {
    let content = value.content();
    if let Some(text) = number_text::repr(ctx, content) {
        return vec![text.into()];
    }
    let text = match content {
        Value::None => "None".to_owned(),
        Value::Ellipsis => "Ellipsis".to_owned(),
        Value::NotImplemented => "NotImplemented".to_owned(),
        Value::Range(range) => range_text(ctx, range),
        Value::Slice(slice) => {
            return vec![
                "slice(".into(),
                slice.start().into(),
                ", ".into(),
                slice.stop().into(),
                ", ".into(),
                slice.step().into(),
                ")".into(),
            ];
        }
        Value::Class(class) => class_text(ctx, class),
        Value::ClassicClass(class) => {
            format!("<class {} at {:#x}>", class.dotted_name(ctx), class.addr())
        }
        Value::ClassicInstance(instance) => {
            let name = instance.class().dotted_name(ctx);
            format!("<{name} instance at {:#x}>", instance.addr())
        }
        Value::Function(function) => {
            let name = ctx.dialect().pick(function.name(), function.qualname());
            format!("<function {} at {:#x}>", text_of(name), function.addr())
        }
        Value::Builtin(builtin) => builtin_text(ctx, builtin),
        Value::Method(method) => return method_pieces(ctx, method),
        Value::Module(module) => return module_pieces(ctx, module),
        Value::Instance(instance) => return instance_pieces(ctx, instance),
        other => object_text(ctx, other),
    };
    vec![text.into()]
}

/// What shows an object whose class says nothing about it.
pub(crate) fn object_text<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> String {
    let name = value.type_of(ctx).dotted_name(ctx);
    format!("<{name} object at {:#x}>", value.addr().unwrap_or_default())
}

/// Python 2 tells the types that come with it from the classes of programs; a range shows the bounds that it has.
fn range_text<'gc>(ctx: Context<'gc>, range: Range<'gc>) -> String {
    let (start, step) = (range.start(), range.step());
    if ctx.dialect() == Dialect::Python3 {
        return match step {
            1 => format!("range({start}, {})", range.stop()),
            _ => format!("range({start}, {}, {step})", range.stop()),
        };
    }
    let stop = crate::builtins::range::shown_stop(ctx, range);
    match (start, step) {
        (0, 1) => format!("xrange({stop})"),
        (_, 1) => format!("xrange({start}, {stop})"),
        _ => format!("xrange({start}, {stop}, {step})"),
    }
}

fn class_text<'gc>(ctx: Context<'gc>, class: Class<'gc>) -> String {
    let kind = match ctx.dialect() {
        Dialect::Python2 if !class.is_heap_type() || !class.traits().module.is_empty() => "type",
        _ => "class",
    };
    format!("<{kind} '{}'>", full_name(ctx, class))
}

/// The name of a class with its module, unless that is the one of built-in names.
fn full_name<'gc>(ctx: Context<'gc>, class: Class<'gc>) -> String {
    let name = text_of(ctx.dialect().pick(class.name_value(), class.qualname()));
    match class.module(ctx).map(Value::content) {
        Some(module @ (Value::Bytes(_) | Value::Unicode(_))) => match text_of(module) {
            module if module == ctx.dialect().builtins_module() => name,
            module => format!("{module}.{name}"),
        },
        _ => name,
    }
}

/// The name that CPython's C code has for a type: with its module, if that is not the one of built-in names and the
/// type comes with Python.
fn type_text<'gc>(ctx: Context<'gc>, class: Class<'gc>) -> String {
    if class.is_heap_type() { class.name() } else { full_name(ctx, class) }
}

fn builtin_text<'gc>(ctx: Context<'gc>, builtin: Builtin<'gc>) -> String {
    let name = builtin.name().to_string_lossy();
    match builtin.receiver() {
        None | Some(Value::Module(_)) => format!("<built-in function {name}>"),
        Some(receiver) => {
            let class = receiver.type_of(ctx);
            let kind = match builtin.wrapped_class().is_some() {
                true => "method-wrapper '",
                false => "built-in method ",
            };
            let quote = if kind.ends_with('\'') { "'" } else { "" };
            let address = receiver.addr().unwrap_or_default();
            format!("<{kind}{name}{quote} of {} object at {address:#x}>", type_text(ctx, class))
        }
    }
}

fn method_pieces<'gc>(ctx: Context<'gc>, method: Method<'gc>) -> Vec<Piece<'gc>> {
    let name = match method.function() {
        Value::Function(function) => {
            text_of(ctx.dialect().pick(function.name(), function.qualname()))
        }
        Value::Builtin(builtin) => builtin.name().to_string_lossy().into_owned(),
        _ => "?".to_owned(),
    };
    let name = match (ctx.dialect(), method.class()) {
        (Dialect::Python3, _) => name,
        (Dialect::Python2, Value::Class(class)) => format!("{}.{name}", class.name()),
        (Dialect::Python2, Value::ClassicClass(class)) => format!("{}.{name}", class.name()),
        (Dialect::Python2, _) => format!("?.{name}"),
    };
    match method.receiver() {
        None => vec![format!("<unbound method {name}>").into()],
        Some(receiver) => {
            vec![format!("<bound method {name} of ").into(), receiver.into(), ">".into()]
        }
    }
}

fn module_pieces<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Vec<Piece<'gc>> {
    let name = module.name(ctx);
    let file = module.get(ctx, "__file__").map(Value::content);
    match (file, ctx.dialect()) {
        (Some(Value::Bytes(file)), Dialect::Python2) => {
            vec![format!("<module '{name}' from '{}'>", file.to_string_lossy()).into()]
        }
        (Some(file @ Value::Unicode(_)), Dialect::Python3) => {
            vec![format!("<module '{name}' from ").into(), file.into(), ">".into()]
        }
        _ => vec![format!("<module '{name}' (built-in)>").into()],
    }
}

fn instance_pieces<'gc>(ctx: Context<'gc>, instance: Instance<'gc>) -> Vec<Piece<'gc>> {
    let is_python3 = ctx.dialect() == Dialect::Python3;
    let text = match instance.payload() {
        Payload::StaticMethod(function) if is_python3 => {
            return vec!["<staticmethod(".into(), function.into(), ")>".into()];
        }
        Payload::ClassMethod(function) if is_python3 => {
            return vec!["<classmethod(".into(), function.into(), ")>".into()];
        }
        Payload::Member(member) => {
            let class = type_text(ctx, member.class);
            format!("<member '{}' of '{class}' objects>", member.name.to_string_lossy())
        }
        Payload::GetSet(getset) => {
            let class = type_text(ctx, getset.class);
            format!("<attribute '{}' of '{class}' objects>", getset.name.to_string_lossy())
        }
        Payload::MethodDescriptor(method) => {
            let kind = match method.kind {
                MethodKind::Method | MethodKind::ClassMethod => "method",
                MethodKind::Wrapper => "slot wrapper",
            };
            let class = type_text(ctx, method.class);
            format!("<{kind} '{}' of '{class}' objects>", method.name.to_string_lossy())
        }
        Payload::Super(object) => super_text(object.view()),
        _ => object_text(ctx, instance.into()),
    };
    vec![text.into()]
}

fn super_text(view: Option<View<'_>>) -> String {
    let class = view.map_or_else(|| "NULL".to_owned(), |view| view.class.name());
    match view.and_then(|view| view.object_class) {
        Some(object_class) => {
            format!("<super: <class '{class}'>, <{} object>>", object_class.name())
        }
        None => format!("<super: <class '{class}'>, NULL>"),
    }
}
