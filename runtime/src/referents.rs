//! What an object refers to: Python's `gc.get_referents`.

use crate::context::Context;
use crate::function::Code;
use crate::instance::{Instance, Payload};
use crate::iter::IterState;
use crate::value::Value;

impl<'gc> Value<'gc> {
    /// Returns the objects that this one refers to directly. No code runs.
    pub(crate) fn referents(self, ctx: Context<'gc>) -> Vec<Value<'gc>> {
        let mut found = Vec::new();
        match self {
            Value::None
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Ellipsis
            | Value::NotImplemented
            | Value::Long(_)
            | Value::Complex(_)
            | Value::Bytes(_)
            | Value::Unicode(_)
            | Value::ByteArray(_)
            | Value::Range(_) => {}
            Value::Tuple(tuple) => found.extend(tuple.as_slice()),
            Value::List(list) => found.extend(list.to_vec()),
            Value::Dict(dict) => {
                found.extend(dict.entries().into_iter().flat_map(|(key, value)| [key, value]));
            }
            Value::Set(set) => found.extend(set.to_vec()),
            Value::FrozenSet(set) => found.extend(set.to_vec()),
            Value::Slice(slice) => found.extend([slice.start(), slice.stop(), slice.step()]),
            Value::Class(class) => {
                let parts: [Self; 4] = [
                    class.dict().into(),
                    class.bases().into(),
                    class.mro().into(),
                    class.metaclass().into(),
                ];
                found.extend(parts);
            }
            Value::ClassicClass(class) => {
                found.extend([class.bases().into(), class.dict().into(), class.name_value()]);
            }
            Value::Instance(instance) => add_instance(ctx, instance, &mut found),
            Value::ClassicInstance(instance) => {
                found.push(instance.class().into());
                found.push(instance.dict().into());
            }
            Value::Function(function) => {
                found.extend([function.name(), function.module(), function.doc()]);
                found.extend(function.existing_dict().map(Value::from));
                found.extend(captured(function.code()));
            }
            Value::Builtin(builtin) => {
                found.push(builtin.module());
                found.extend(builtin.receiver());
                found.extend(captured(builtin.code()));
            }
            Value::Method(method) => {
                found.extend([method.function(), method.class()]);
                found.extend(method.receiver());
            }
            Value::Module(module) => {
                found.push(module.dict().into());
                found.extend(Some(module.class()).filter(|it| it.is_heap_type()).map(Value::from));
            }
        }
        found
    }
}

fn captured<'gc>(code: &Code<'gc>) -> Option<Value<'gc>> {
    match code {
        Code::Captured(value, _) => Some(*value),
        Code::Closure(_) => None,
    }
}

fn add_instance<'gc>(ctx: Context<'gc>, instance: Instance<'gc>, found: &mut Vec<Value<'gc>>) {
    found.extend(instance.existing_dict().map(Value::from));
    found.extend(instance.slot_values().into_iter().flatten());
    if instance.class().is_heap_type() {
        found.push(instance.class().into());
    }
    match instance.payload() {
        Payload::Object => {}
        // The content is the instance itself: what it refers to, the instance does.
        Payload::Base(content) => found.extend(content.referents(ctx)),
        Payload::StaticMethod(function) | Payload::ClassMethod(function) => found.push(function),
        Payload::Property(property) => {
            let parts = property.parts.get();
            found.extend([parts.get, parts.set, parts.delete, parts.doc]);
        }
        Payload::Member(member) => found.push(member.class.into()),
        Payload::GetSet(getset) => found.push(getset.class.into()),
        Payload::MethodDescriptor(method) => found.push(method.class.into()),
        Payload::Exception(state) => found.extend(state.referents()),
        Payload::Iterator(state) => add_iterator(&state.borrow(), found),
        Payload::Super(object) => {
            if let Some(view) = object.view() {
                found.push(view.class.into());
                found.extend(view.object);
                found.extend(view.object_class.map(Value::from));
            }
        }
        Payload::DictProxy(class) => found.push(class.dict().into()),
        Payload::DictView(dict, _) => found.push(dict.into()),
        Payload::WeakRef(reference) => found.extend(reference.0.callback),
        Payload::Native(content) => {
            found.extend((0..content.len()).filter_map(|at| content.get(at)))
        }
    }
}

fn add_iterator<'gc>(state: &IterState<'gc>, found: &mut Vec<Value<'gc>>) {
    match *state {
        IterState::List(list, _) | IterState::ListReversed(list, _) => found.push(list.into()),
        IterState::Tuple(tuple, _) | IterState::Zip(tuple) => found.push(tuple.into()),
        IterState::Bytes(text, _) => found.push(text.into()),
        IterState::ByteArray(bytes, _) => found.push(bytes.into()),
        IterState::Unicode(text, _) => found.push(text.into()),
        IterState::Range(range, _) => found.push(range.into()),
        IterState::Dict { dict, .. } => found.push(dict.into()),
        IterState::Set(set, ..) => found.push(set.into()),
        IterState::FrozenSet(set, _) => found.push(set.into()),
        IterState::Sequence(object, _)
        | IterState::Generator(object)
        | IterState::Reversed(object, _) => found.push(object),
        IterState::Callable(a, b) | IterState::Enumerate(a, b) | IterState::Filter(a, b) => {
            found.extend([a, b]);
        }
        IterState::Map(function, iterators) => found.extend([function, iterators.into()]),
        IterState::Exhausted => {}
    }
}
