//! [`ClassBuilder`], and how `type(name, bases, dict)` makes a class.

use super::layout::Layout;
use super::{Class, ClassTraits, Copier, best_base, instance_attributes, order_of_lookup, text_of};
use crate::args::Args;
use crate::context::Context;
use crate::convert::IntoValue;
use crate::descriptor::Member;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::function::{Code, Function};
use crate::instance::{Instance, Payload};
use crate::name::Name;
use crate::payload::Traced;
use crate::types::{Dict, Tuple};
use crate::value::Value;

use gc_arena::Gc;

/// The definition of a new-style class, until [`build`](Self::build).
#[derive(Debug)]
#[must_use]
pub struct ClassBuilder<'gc> {
    ctx: Context<'gc>,
    name: Name<'gc>,
    bases: Vec<Value<'gc>>,
    metaclass: Option<Class<'gc>>,
    dict: Dict<'gc>,
    native: Native,
}

/// What a class that is defined from Rust may have beyond what a `class` statement can say.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Native {
    /// The layout, if it is not that of the bases.
    layout: Option<Layout>,
    /// Whether `object.__new__` makes instances, which get their native content later.
    held: bool,
    /// The module of a type that shows itself as one written in C.
    module: &'static str,
    copier: Option<Copier>,
}

impl<'gc> ClassBuilder<'gc> {
    pub(super) fn new(ctx: Context<'gc>, name: &str) -> Self {
        let name = ctx.intern(name);
        Self {
            ctx,
            name,
            bases: Vec::new(),
            metaclass: None,
            dict: Dict::new(ctx),
            native: Native::default(),
        }
    }

    /// Sets `__module__`; a class that is put into a [`Module`](crate::Module) gets the module's name by itself.
    pub fn module(self, module: &str) -> Self {
        // One string for all classes of a module, as a pickle shows.
        let module = self.ctx.intern(module).value();
        self.attr("__module__", module)
    }

    /// Adds a base class: a [`Class`], or a [`ClassicClass`](super::ClassicClass) beside one. None means `object`.
    pub fn base(mut self, base: impl Into<Value<'gc>>) -> Self {
        self.bases.push(base.into());
        self
    }

    /// Sets the metaclass; without it the most derived one of the bases is taken.
    pub fn metaclass(mut self, metaclass: Class<'gc>) -> Self {
        self.metaclass = Some(metaclass);
        self
    }

    /// Sets `__slots__`: instances hold these attributes, and have no `__dict__` unless it is among the names.
    pub fn slots(self, names: &[&str]) -> Self {
        let names: Vec<Value<'gc>> = names.iter().map(|name| self.ctx.str(name)).collect();
        let names = Tuple::from_vec(self.ctx, names);
        self.attr("__slots__", Value::from(names))
    }

    /// Lets instances hold native content; see [`Traced`](crate::Traced).
    pub fn native(mut self) -> Self {
        self.native.layout = Some(Layout::Native);
        self
    }

    /// Lets instances hold native content that they get after they were made.
    pub(crate) fn held(mut self) -> Self {
        self.native.held = true;
        self.native()
    }

    /// Lets the class be shown as one that CPython has in C: with its module in messages (`'datetime.date' object has no
    /// attribute 'x'`), and in Python 2 as a type (`<type 'datetime.date'>`).
    pub fn extension_type(mut self, module: &'static str) -> Self {
        self.native.module = module;
        self
    }

    /// Lets deep copies of instances, of exactly this class, be made by copying their native content: for types whose
    /// `__reduce_ex__` returns what makes an equal object, and nothing that a program could tell from that.
    pub fn copied_by(
        mut self,
        copier: for<'a> fn(Context<'a>, Traced<'a>) -> Option<Traced<'a>>,
    ) -> Self {
        self.native.copier = Some(copier);
        self
    }

    /// Adds a class attribute.
    pub fn attr(self, name: &str, value: impl IntoValue<'gc>) -> Self {
        let value = value.into_value(self.ctx);
        // A namespace written in a program's source does not reach the size limit of a dict.
        let _ = self.dict.insert_name(self.ctx, self.ctx.intern(name), value);
        self
    }

    /// Adds a method.
    pub fn method(
        self,
        name: &'static str,
        code: impl for<'a> Fn(Context<'a>, Value<'a>, Args<'a>) -> Result<'a> + 'static,
    ) -> Self {
        let function = Function::with_code(self.ctx, name, Code::method(name, code));
        if name == "__new__" {
            let function = Value::staticmethod(self.ctx, function.into());
            return self.attr(name, function);
        }
        self.attr(name, Value::from(function))
    }

    /// Adds a static method.
    pub fn static_method(
        self,
        name: &'static str,
        code: impl for<'a> Fn(Context<'a>, Args<'a>) -> Result<'a> + 'static,
    ) -> Self {
        let function = Function::new(self.ctx, name, code);
        let method = Value::staticmethod(self.ctx, function.into());
        self.attr(name, method)
    }

    /// Adds a class method: the code gets the class first.
    pub fn class_method(
        self,
        name: &'static str,
        code: impl for<'a> Fn(Context<'a>, Value<'a>, Args<'a>) -> Result<'a> + 'static,
    ) -> Self {
        let function = Function::with_code(self.ctx, name, Code::method(name, code));
        let method = Value::classmethod(self.ctx, function.into());
        self.attr(name, method)
    }

    /// Adds a read-only property.
    pub fn property(
        self,
        name: &'static str,
        get: impl for<'a> Fn(Context<'a>, Value<'a>) -> Result<'a> + 'static,
    ) -> Self {
        let code = Code::method(name, move |ctx, this, _| get(ctx, this));
        let function = Function::with_code(self.ctx, name, code);
        let property = Value::property(self.ctx, function.into(), Value::None, Value::None);
        self.attr(name, property)
    }

    /// Makes the class, as a `class` statement does: a metaclass of its own is called.
    ///
    /// # Errors
    ///
    /// `TypeError` if the bases cannot be joined, or whatever the metaclass raises.
    pub fn build(self) -> Result<'gc, Class<'gc>> {
        let ctx = self.ctx;
        crate::module::adopt_methods(ctx, self.dict);
        crate::module::qualify_methods(ctx, self.dict, self.name);
        let bases = if self.bases.is_empty() {
            Tuple::new(ctx, &[ctx.types().object.into()])
        } else {
            Tuple::from_vec(ctx, self.bases)
        };
        let metaclass = self.metaclass.unwrap_or(ctx.types().type_);
        let native = self.native.layout.is_some();
        if native || metaclass.is(ctx.types().type_) {
            let winner = most_derived_metaclass(metaclass, bases)?;
            if native || winner.is(metaclass) {
                return new_class(ctx, winner, self.name.value(), bases, self.dict, self.native);
            }
            return call_metaclass(ctx, winner, self.name, bases, self.dict);
        }
        call_metaclass(ctx, metaclass, self.name, bases, self.dict)
    }
}

fn call_metaclass<'gc>(
    ctx: Context<'gc>,
    metaclass: Class<'gc>,
    name: Name<'gc>,
    bases: Tuple<'gc>,
    dict: Dict<'gc>,
) -> Result<'gc, Class<'gc>> {
    let made = Value::from(metaclass).call(ctx, (name.value(), bases, dict))?;
    match made {
        Value::Class(class) => Ok(class),
        other => {
            let message = format!("the metaclass made a {}, not a class", other.type_name(ctx));
            Err(Error::new(&exc::TYPE_ERROR, message))
        }
    }
}

/// Returns the metaclass that a class with these bases must have.
///
/// # Errors
///
/// `TypeError` if the metaclasses of the bases conflict.
pub(crate) fn most_derived_metaclass<'gc>(
    metaclass: Class<'gc>,
    bases: Tuple<'gc>,
) -> Result<'gc, Class<'gc>> {
    let mut winner = metaclass;
    for base in bases.as_slice() {
        let Value::Class(base) = base else { continue };
        let other = base.metaclass();
        if winner.is_subclass_of(other) {
            continue;
        }
        if !other.is_subclass_of(winner) {
            let message = "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of \
                           the metaclasses of all its bases";
            return Err(Error::new(&exc::TYPE_ERROR, message));
        }
        winner = other;
    }
    Ok(winner)
}

/// Makes a class, as `type.__new__` does: `dict` is copied.
///
/// # Errors
///
/// `TypeError` if the bases cannot be joined or `__slots__` cannot be used.
pub(crate) fn new_class<'gc>(
    ctx: Context<'gc>,
    metaclass: Class<'gc>,
    name: Value<'gc>,
    bases: Tuple<'gc>,
    dict: Dict<'gc>,
    native: Native,
) -> Result<'gc, Class<'gc>> {
    let base = best_base(ctx, bases)?;
    let slots = own_slots(ctx, name, dict, base)?;
    let base_traits = base.traits();
    if native.layout.is_some() && !matches!(base.layout(), Layout::Object | Layout::Native) {
        let message = format!("a class derived from '{}' cannot hold native content", base.name());
        return Err(Error::new(&exc::TYPE_ERROR, message));
    }
    let any_base = |test: fn(ClassTraits) -> bool| {
        bases.as_slice().iter().any(|base| match base {
            Value::Class(base) => test(base.traits()),
            // Classic classes in the bases bring their instances' __dict__ along.
            _ => true,
        })
    };
    let traits = ClassTraits {
        layout: native.layout.unwrap_or(base_traits.layout),
        held: native.held || base_traits.held,
        has_dict: slots.as_ref().is_none_or(|slots| slots.dict) || any_base(|it| it.has_dict),
        has_weakref: any_base(|it| it.has_weakref)
            || !is_variable_size(ctx, base) && slots.as_ref().is_none_or(|slots| slots.weakref),
        n_slots: base_traits.n_slots + slots.as_ref().map_or(0, |slots| slots.names.len()),
        solid: native.layout.is_some()
            || slots.as_ref().is_some_and(|slots| !slots.names.is_empty()),
        heap: true,
        subclassable: true,
        module: native.module,
        copier: native.copier,
    };
    let class = Class::allocate(ctx.mc, name, bases, Some(metaclass), traits);
    fill_namespace(ctx, class, dict)?;
    for (offset, name) in slots.iter().flat_map(|slots| &slots.names).enumerate() {
        let index = base_traits.n_slots + offset;
        let member = Gc::new(ctx.mc, Member { class, name: *name, index });
        let payload = Payload::Member(member);
        let descriptor = Instance::with_payload(ctx, ctx.types().member_descriptor, payload);
        class.dict().insert_name(ctx, *name, descriptor.into())?;
    }
    instance_attributes::add(ctx, class, base)?;
    let order = order_of_lookup(ctx, class)?;
    class.set_mro(ctx.mc, order);
    Class::changed(ctx);
    class.add_to_bases(ctx);
    if metaclass.finalizes(ctx) {
        crate::finalizers::register(ctx, class);
    }
    Ok(class)
}

fn fill_namespace<'gc>(ctx: Context<'gc>, class: Class<'gc>, dict: Dict<'gc>) -> Result<'gc, ()> {
    for (key, value) in dict.entries() {
        match ctx.name_of(key) {
            Some(name) => class.dict().insert_name(ctx, name, value)?,
            None => class.dict().insert(ctx, key, value)?,
        }
    }
    let names = ctx.names();
    if let Some(function @ Value::Function(_)) = class.dict().get_name(ctx, names.new) {
        class.dict().insert_name(ctx, names.new, Value::staticmethod(ctx, function))?;
    }
    if let Some(qualname) = class.dict().remove_name(ctx, names.qualname) {
        class.set_qualname(ctx, qualname);
    }
    // Python 3: who defines equality without a hash has none.
    if ctx.dialect() == crate::dialect::Dialect::Python3
        && class.dict().get_name(ctx, names.eq).is_some()
        && class.dict().get_name(ctx, names.hash).is_none()
    {
        class.dict().insert_name(ctx, names.hash, Value::None)?;
    }
    if class.dict().get_name(ctx, names.doc).is_none() {
        class.dict().insert_name(ctx, names.doc, Value::None)?;
    }
    Ok(())
}

/// Whether CPython keeps the content of such instances at their end, so that nothing can be added behind it.
fn is_variable_size<'gc>(ctx: Context<'gc>, base: Class<'gc>) -> bool {
    match base.layout() {
        Layout::Long | Layout::Bytes | Layout::Tuple | Layout::Type => true,
        Layout::Int => ctx.dialect() == crate::dialect::Dialect::Python3,
        _ => false,
    }
}

/// What `__slots__` asks for.
struct OwnSlots<'gc> {
    names: Vec<Name<'gc>>,
    dict: bool,
    weakref: bool,
}

/// Reads `__slots__`; `None` if there is none, so that instances get a `__dict__`.
fn own_slots<'gc>(
    ctx: Context<'gc>,
    class_name: Value<'gc>,
    dict: Dict<'gc>,
    base: Class<'gc>,
) -> Result<'gc, Option<OwnSlots<'gc>>> {
    let Some(declared) = dict.get_name(ctx, ctx.names().slots) else {
        return Ok(None);
    };
    let declared = match declared.content() {
        Value::Bytes(_) | Value::Unicode(_) => vec![declared],
        _ => declared.iter(ctx)?.collect_vec(ctx)?,
    };
    if !declared.is_empty() && is_variable_size(ctx, base) {
        let message = format!("nonempty __slots__ not supported for subtype of '{}'", base.name());
        return Err(Error::new(&exc::TYPE_ERROR, message));
    }
    let mut slots = OwnSlots { names: Vec::new(), dict: false, weakref: false };
    for name in declared {
        let Some(name) = slot_name(ctx, class_name, name)? else { continue };
        match name.as_slice() {
            b"__dict__" if base.has_dict() || slots.dict => {
                let message = "__dict__ slot disallowed: we already got one";
                return Err(Error::new(&exc::TYPE_ERROR, message));
            }
            b"__dict__" => slots.dict = true,
            b"__weakref__" if base.traits().has_weakref || slots.weakref => {
                let message =
                    "__weakref__ slot disallowed: either we already got one, or __itemsize__ != 0";
                return Err(Error::new(&exc::TYPE_ERROR, message));
            }
            b"__weakref__" => slots.weakref = true,
            _ => {
                if dict.get_name(ctx, name).is_some() {
                    let message = format!(
                        "'{}' in __slots__ conflicts with class variable",
                        name.to_string_lossy()
                    );
                    return Err(Error::new(&exc::VALUE_ERROR, message));
                }
                slots.names.push(name);
            }
        }
    }
    slots.names.sort_by_key(|name| name.as_slice());
    slots.names.dedup_by(|a, b| a.is(*b));
    Ok(Some(slots))
}

/// Checks and mangles the name of a slot.
fn slot_name<'gc>(
    ctx: Context<'gc>,
    class_name: Value<'gc>,
    name: Value<'gc>,
) -> Result<'gc, Option<Name<'gc>>> {
    let text = match name.content() {
        Value::Bytes(text) => text.to_string_lossy(),
        Value::Unicode(text) => text.to_string_lossy(),
        _ => {
            let message = format!("__slots__ items must be strings, not '{}'", name.type_name(ctx));
            return Err(Error::new(&exc::TYPE_ERROR, message));
        }
    };
    let starts_well = text.chars().next().is_some_and(|it| it == '_' || it.is_alphabetic());
    if !starts_well || !text.chars().all(|it| it == '_' || it.is_alphanumeric()) {
        return Err(Error::new(&exc::TYPE_ERROR, "__slots__ must be identifiers"));
    }
    Ok(Some(ctx.intern(&mangle(&text_of(class_name), &text))))
}

/// Returns a name as it is stored for `__private` names in a class body.
///
/// Source: the Python documentation, "Identifiers (Names)", private name mangling.
#[must_use]
pub fn mangle(class: &str, name: &str) -> String {
    let class = class.trim_start_matches('_');
    if !name.starts_with("__") || name.ends_with("__") || class.is_empty() {
        return name.to_owned();
    }
    format!("_{class}{name}")
}
