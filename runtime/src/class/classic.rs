//! [`ClassicClass`]: a class of Python 2 that does not derive from `object`.

use std::cell::Cell;

use gc_arena::lock::Lock;
use gc_arena::{Collect, Gc, barrier::unlock};

use super::text_of;
use crate::args::Args;
use crate::context::Context;
use crate::convert::IntoValue;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::function::{Code, Function};
use crate::handle::handle;
use crate::name::{IntoName, Name};
use crate::types::{Dict, Tuple};
use crate::value::Value;

handle! {
    /// A classic class of Python 2: attributes are looked up depth first, its instances are of type `instance`.
    ///
    /// # Examples
    ///
    /// ```
    /// use halfsour_runtime::{ClassicClass, Runtime, Value};
    ///
    /// let mut runtime = Runtime::python2();
    /// runtime.try_enter(|ctx| {
    ///     let counter = ClassicClass::builder(ctx, "Counter").attr("step", 2).build()?;
    ///     let instance = Value::from(counter).call(ctx, ())?;
    ///     assert!(instance.get_attr(ctx, "step")?.is(Value::Int(2)));
    ///     Ok(())
    /// })?;
    /// # Ok::<(), halfsour_runtime::Uncaught>(())
    /// ```
    ClassicClass(ClassicClassInner<'gc>), "classobj"
}

#[derive(Collect)]
#[collect(no_drop)]
pub(crate) struct ClassicClassInner<'gc> {
    dict: Lock<Dict<'gc>>,
    name: Lock<Value<'gc>>,
    /// Classic classes only.
    bases: Lock<Tuple<'gc>>,
    /// Whether instances have a `__del__`, as of a version of all classes.
    #[collect(require_static)]
    finalizes: Cell<(u64, bool)>,
}

impl<'gc> ClassicClass<'gc> {
    /// Starts the definition of a classic class; see [`ClassicClassBuilder`].
    pub fn builder(ctx: Context<'gc>, name: &str) -> ClassicClassBuilder<'gc> {
        ClassicClassBuilder { ctx, name: ctx.intern(name), bases: Vec::new(), dict: Dict::new(ctx) }
    }

    /// Returns a class from its parts, as `types.ClassType(name, bases, dict)` does.
    #[must_use]
    pub fn new(ctx: Context<'gc>, name: Value<'gc>, bases: Tuple<'gc>, dict: Dict<'gc>) -> Self {
        let (name, bases, dict) = (Lock::new(name), Lock::new(bases), Lock::new(dict));
        let finalizes = Cell::new((0, false));
        Self(Gc::new(ctx.mc, ClassicClassInner { dict, name, bases, finalizes }))
    }

    /// Returns `__name__` as text.
    #[must_use]
    pub fn name(self) -> String {
        text_of(self.0.name.get())
    }

    /// Returns `__name__`.
    #[must_use]
    pub fn name_value(self) -> Value<'gc> {
        self.0.name.get()
    }

    /// Sets `__name__`.
    pub fn set_name(self, ctx: Context<'gc>, name: Value<'gc>) {
        unlock!(Gc::write(ctx.mc, self.0), ClassicClassInner, name).set(name);
    }

    /// Returns `__bases__`.
    #[must_use]
    pub fn bases(self) -> Tuple<'gc> {
        self.0.bases.get()
    }

    /// Sets `__bases__`; the caller has checked that they are classic classes and do not lead back here.
    pub(crate) fn set_bases(self, ctx: Context<'gc>, bases: Tuple<'gc>) {
        unlock!(Gc::write(ctx.mc, self.0), ClassicClassInner, bases).set(bases);
        super::Class::changed(ctx);
    }

    /// Returns `__dict__`.
    #[must_use]
    pub fn dict(self) -> Dict<'gc> {
        self.0.dict.get()
    }

    /// Sets `__dict__`.
    pub(crate) fn set_dict(self, ctx: Context<'gc>, dict: Dict<'gc>) {
        unlock!(Gc::write(ctx.mc, self.0), ClassicClassInner, dict).set(dict);
        super::Class::changed(ctx);
    }

    /// Returns the name with that of its module before it, as `repr(class)` shows it; `?` if there is none.
    #[must_use]
    pub fn dotted_name(self, ctx: Context<'gc>) -> String {
        match self.dict().get_name(ctx, ctx.names().module) {
            Some(module @ Value::Bytes(_)) => format!("{}.{}", text_of(module), self.name()),
            _ => format!("?.{}", self.name()),
        }
    }

    /// Returns what `str(class)` gives: as [`dotted_name`](Self::dotted_name), but the name alone if there is no module.
    pub(crate) fn str_name(self, ctx: Context<'gc>) -> String {
        match self.dict().get_name(ctx, ctx.names().module) {
            Some(Value::Bytes(_)) => self.dotted_name(ctx),
            _ => self.name(),
        }
    }

    /// Returns the class and its bases in the order of lookup: depth first, left to right, repeats left out.
    #[must_use]
    pub fn mro(self) -> Vec<Value<'gc>> {
        let mut order: Vec<Value<'gc>> = Vec::new();
        let mut pending = vec![self];
        while let Some(class) = pending.pop() {
            if order.iter().any(|known| known.is(class.into())) {
                continue;
            }
            order.push(class.into());
            pending.extend(class.bases().as_slice().iter().rev().filter_map(|base| match base {
                Value::ClassicClass(base) => Some(*base),
                _ => None,
            }));
        }
        order
    }

    /// Returns whether this is `base` or derives from it.
    #[must_use]
    pub fn is_subclass_of(self, base: Value<'gc>) -> bool {
        self.mro().iter().any(|class| class.is(base))
    }

    /// Returns the attribute as it stands in the class or the first of its bases that has it: nothing is bound.
    #[must_use]
    pub fn lookup(self, ctx: Context<'gc>, name: impl IntoName<'gc>) -> Option<Value<'gc>> {
        let name = name.into_name(ctx);
        if let Some(found) = self.dict().get_name(ctx, name) {
            return Some(found);
        }
        if self.bases().is_empty() {
            return None;
        }
        self.mro().into_iter().skip(1).find_map(|class| match class {
            Value::ClassicClass(class) => class.dict().get_name(ctx, name),
            _ => None,
        })
    }

    /// Returns whether instances have a `__del__`: asked for every one that is made.
    #[inline]
    pub(crate) fn finalizes(self, ctx: Context<'gc>) -> bool {
        super::remembered::remembered(ctx, &self.0.finalizes, || {
            self.lookup(ctx, ctx.names().del).is_some()
        })
    }

    /// Sets an attribute of the class.
    ///
    /// # Errors
    ///
    /// `MemoryError` if the namespace is full.
    pub fn define(
        self,
        ctx: Context<'gc>,
        name: impl IntoName<'gc>,
        value: impl IntoValue<'gc>,
    ) -> Result<'gc, ()> {
        let value = value.into_value(ctx);
        self.dict().insert_name(ctx, name.into_name(ctx), value)?;
        super::Class::changed(ctx);
        Ok(())
    }
}

/// The definition of a classic class, until [`build`](Self::build).
#[derive(Debug)]
#[must_use]
pub struct ClassicClassBuilder<'gc> {
    ctx: Context<'gc>,
    name: Name<'gc>,
    bases: Vec<ClassicClass<'gc>>,
    dict: Dict<'gc>,
}

impl<'gc> ClassicClassBuilder<'gc> {
    /// Sets `__module__`; a class that is put into a [`Module`](crate::Module) gets the module's name by itself.
    pub fn module(self, module: &str) -> Self {
        self.attr("__module__", module)
    }

    /// Adds a base class.
    pub fn base(mut self, base: ClassicClass<'gc>) -> Self {
        self.bases.push(base);
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
        self.attr(name, Value::from(function))
    }

    /// Makes the class.
    ///
    /// # Errors
    ///
    /// `TypeError` in a runtime of Python 3, which has no classic classes.
    pub fn build(self) -> Result<'gc, ClassicClass<'gc>> {
        if self.ctx.dialect() == crate::dialect::Dialect::Python3 {
            return Err(Error::new(
                &exc::TYPE_ERROR,
                "Python 3 has no classic classes; define it with Class::builder",
            ));
        }
        let bases: Vec<Value<'gc>> = self.bases.into_iter().map(Into::into).collect();
        let bases = Tuple::from_vec(self.ctx, bases);
        crate::module::adopt_methods(self.ctx, self.dict);
        let doc = self.ctx.intern("__doc__");
        if self.dict.get_name(self.ctx, doc).is_none() {
            self.dict.insert_name(self.ctx, doc, Value::None)?;
        }
        Ok(ClassicClass::new(self.ctx, self.name.value(), bases, self.dict))
    }
}
