//! Objects with a number: containers, instances, exceptions, the library's objects.

use halfsour_runtime::{Class, Context, Dialect, Dict, Instance, Result, Tuple, Value, exc};
use serde_json::{Value as Json, json};

use super::Walk;
use super::atom::{bytes_form, class_form, text};
use super::library;

impl<'gc> Walk<'gc> {
    pub(super) fn node(&mut self, value: Value<'gc>) -> Result<'gc, Json> {
        let ctx = self.ctx;
        match value {
            Value::Range(_) => {
                let reduced = value.call_method(ctx, "__reduce__", ())?.get_item(ctx, 1)?;
                let parts = self.children(reduced.as_tuple().map_or(&[], Tuple::as_slice))?;
                Ok(json!({"t": "range", "v": parts}))
            }
            Value::Slice(it) => {
                Ok(json!({"t": "slice", "v": self.children(&[it.start(), it.stop(), it.step()])?}))
            }
            Value::ClassicInstance(it) => {
                let class = class_form(ctx, it.class().into())?;
                let state = self.pairs(value, it.dict().entries())?;
                Ok(json!({"t": "oldinstance", "c": class, "state": state}))
            }
            Value::Method(_) | Value::Builtin(_) => self.method(value),
            Value::Instance(it) => self.instance(it),
            _ => self.content(value, value),
        }
    }

    /// The content of a built-in container, or of an instance of a subclass of a built-in type; `owner` is that instance.
    fn content(&mut self, owner: Value<'gc>, content: Value<'gc>) -> Result<'gc, Json> {
        let name = content.type_name(self.ctx);
        if let Some(address) = owner.addr()
            && self.opaque.contains(&address)
        {
            return Ok(json!({"t": name, "n": content.len(self.ctx)?}));
        }
        let value = match content {
            Value::List(it) => self.children(&it.to_vec())?,
            Value::Tuple(it) => self.children(it.as_slice())?,
            Value::Dict(it) => self.pairs(owner, it.entries())?,
            Value::Set(it) => {
                let members = self.ranked(owner, it.to_vec(), |member| *member)?;
                self.children(&members)?
            }
            Value::FrozenSet(it) => {
                let members = self.ranked(owner, it.to_vec(), |member| *member)?;
                self.children(&members)?
            }
            Value::ByteArray(it) => it.with(bytes_form),
            other => return Ok(json!({"t": "value", "v": self.atom(other)?})),
        };
        Ok(json!({"t": name, "v": value}))
    }

    fn method(&mut self, value: Value<'gc>) -> Result<'gc, Json> {
        let ctx = self.ctx;
        let receiver = match value {
            Value::Method(it) => it.receiver().unwrap_or(it.class()),
            Value::Builtin(it) => it.receiver().unwrap_or(Value::None),
            _ => value.get_attr(ctx, "__objclass__")?,
        };
        let receiver = self.child(receiver)?;
        Ok(
            json!({"t": "method", "self": receiver, "name": text(ctx, value.get_attr(ctx, "__name__")?)}),
        )
    }

    fn instance(&mut self, instance: Instance<'gc>) -> Result<'gc, Json> {
        let (ctx, value, class) = (self.ctx, Value::from(instance), instance.class());
        if class.lookup(ctx, "is_persistent_ref").is_some() {
            let pid = value.get_attr(ctx, "pid")?;
            return Ok(json!({"t": "persistent", "pid": self.child(pid)?}));
        }
        match class.dotted_name(ctx).as_str() {
            "method_descriptor" | "wrapper_descriptor" | "method-wrapper" => {
                return self.method(value);
            }
            "memoryview" => return self.memory_view(value),
            "staticmethod" | "classmethod" => {
                let function = value.get_attr(ctx, "__func__")?;
                return Ok(json!({"t": class.name(), "v": self.children(&[function])?}));
            }
            _ => {}
        }
        let mut node = json!({"c": class_form(ctx, class.into())?});
        if let Some(fields) = library::fields(ctx, value)? {
            node["t"] = json!("lib");
            node["v"] = self.children(&fields)?;
            if let Value::Dict(_) = value.content() {
                node["base"] = self.content(value, value.content())?;
            }
            if !library::hides_attributes(ctx, class) {
                self.state(instance, &mut node)?;
            }
            return Ok(node);
        }
        if class.is_subclass_of(ctx.exception_class(&exc::BASE_EXCEPTION)) {
            self.exception(value, class, &mut node)?;
        } else {
            node["t"] = json!("instance");
            if !value.content().is(value) {
                node["base"] = self.content(value, value.content())?;
            }
        }
        self.state(instance, &mut node)?;
        self.slots(value, class, &mut node)?;
        Ok(node)
    }

    fn memory_view(&mut self, value: Value<'gc>) -> Result<'gc, Json> {
        let read_only: bool = value.get_attr(self.ctx, "readonly")?.to(self.ctx)?;
        let bytes = value.call_method(self.ctx, "tobytes", ())?;
        let bytes = bytes.as_bytes().map_or(Json::Null, |bytes| bytes_form(bytes.as_slice()));
        Ok(json!({"t": "memoryview", "ro": read_only, "v": bytes}))
    }

    fn exception(
        &mut self,
        value: Value<'gc>,
        class: Class<'gc>,
        node: &mut Json,
    ) -> Result<'gc, ()> {
        let ctx = self.ctx;
        node["t"] = json!("exception");
        let args = value.get_attr(ctx, "args")?;
        node["args"] = self.child(args)?;
        let from_system = ["EnvironmentError", "OSError", "IOError"];
        let bases = class.mro();
        let from_system = bases.as_slice().iter().any(|base| match base {
            Value::Class(base) => {
                from_system.contains(&base.name().as_str()) && !base.is_heap_type()
            }
            _ => false,
        });
        let is = |exception| class.is_subclass_of(ctx.exception_class(exception));
        let (imports, attributes) = (is(&exc::IMPORT_ERROR), is(&exc::ATTRIBUTE_ERROR));
        let python3 = ctx.dialect() == Dialect::Python3;
        let names: &[&str] = match (from_system, imports, attributes) {
            (true, ..) => &["errno", "strerror", "filename"],
            (_, true, _) if python3 => &["name", "path"],
            (_, _, true) if python3 => &["name"],
            _ => &[],
        };
        if from_system || imports || attributes {
            node["extra"] = self.named(value, names)?;
        }
        Ok(())
    }

    fn named(&mut self, value: Value<'gc>, names: &[&str]) -> Result<'gc, Json> {
        let mut fields = Vec::new();
        for name in names {
            let field = value.find_attr(self.ctx, *name)?.unwrap_or(Value::None);
            fields.push(json!([name, self.child(field)?]));
        }
        Ok(Json::Array(fields))
    }

    /// The instance's own `__dict__`; a property of that name is not it.
    fn state(&mut self, instance: Instance<'gc>, node: &mut Json) -> Result<'gc, ()> {
        let property = match instance.class().lookup(self.ctx, "__dict__") {
            Some(Value::Instance(it)) => it.class().name() == "property",
            // Nobody sees what an instance without a `__dict__` keeps for itself.
            None => true,
            _ => false,
        };
        let entries = instance.existing_dict().map(Dict::entries).unwrap_or_default();
        if !entries.is_empty() && !property {
            node["state"] = self.pairs(instance.into(), entries)?;
        }
        Ok(())
    }

    /// The slots that are set, base classes first.
    fn slots(&mut self, value: Value<'gc>, class: Class<'gc>, node: &mut Json) -> Result<'gc, ()> {
        let ctx = self.ctx;
        let mut set = Vec::new();
        for base in class.mro().as_slice().iter().rev() {
            let Value::Class(base) = base else { continue };
            for name in own_slots(ctx, *base)? {
                if let Some(found) = value.find_attr(ctx, &name)? {
                    set.push(json!([name, self.child(found)?]));
                }
            }
        }
        if !set.is_empty() {
            node["slots"] = Json::Array(set);
        }
        Ok(())
    }
}

/// The names of the slots that a class itself adds, private ones mangled.
fn own_slots<'gc>(ctx: Context<'gc>, class: Class<'gc>) -> Result<'gc, Vec<String>> {
    let owner = class.lookup_owner(ctx, "__slots__");
    let own = owner.is_some_and(|owner| owner.is(class.into()));
    let Some(declared) = class.lookup(ctx, "__slots__").filter(|_| own) else {
        return Ok(Vec::new());
    };
    let names = match declared {
        Value::Bytes(_) | Value::Unicode(_) => vec![declared],
        _ => declared.iter(ctx)?.collect_vec(ctx)?,
    };
    let mut out = Vec::new();
    for name in names {
        let name: String = name.to(ctx)?;
        let private = name.starts_with("__") && !name.ends_with("__");
        match name.as_str() {
            "__dict__" | "__weakref__" => {}
            _ if private => out.push(format!("_{}{name}", class.name().trim_start_matches('_'))),
            _ => out.push(name),
        }
    }
    Ok(out)
}
