//! [`Class`], a new-style class, and [`ClassicClass`], one of Python 2's classic ones.

mod bases;
mod builder;
mod classic;
mod instance_attributes;
mod layout;
mod lookups;
mod mro;
mod remembered;

use std::cell::Cell;

use gc_arena::lock::Lock;
use gc_arena::{Collect, Gc, RefLock, barrier::unlock};

pub(crate) use self::bases::{base_of, best_base, same_layout};
pub use self::builder::{ClassBuilder, mangle};
pub(crate) use self::builder::{Native, most_derived_metaclass, new_class};
pub(crate) use self::classic::ClassicClassInner;
pub use self::classic::{ClassicClass, ClassicClassBuilder};
pub(crate) use self::layout::{ExceptionKind, Layout};
use self::lookups::Lookups;
pub(crate) use self::mro::{linearize, order_of_lookup};

use crate::address_table::AddressTable;
use crate::context::Context;
use crate::error::Result;
use crate::handle::handle;
use crate::name::{IntoName, Name};
use crate::payload::Traced;
use crate::types::{Dict, Tuple, Unicode};
use crate::value::Value;

handle! {
    /// A new-style class: a built-in type, or one that [`Class::builder`] makes.
    ///
    /// # Examples
    ///
    /// ```
    /// use halfsour_runtime::{Class, Runtime, Value};
    ///
    /// let mut runtime = Runtime::python2();
    /// runtime.try_enter(|ctx| {
    ///     let point = Class::builder(ctx, "Point")
    ///         .method("__init__", |ctx, this, args| {
    ///             let (x, y): (i64, i64) = args.parse(ctx, "__init__")?;
    ///             this.set_attr(ctx, "x", x)?;
    ///             this.set_attr(ctx, "y", y)?;
    ///             Ok(Value::None)
    ///         })
    ///         .build()?;
    ///     let here = Value::from(point).call(ctx, (3, 4))?;
    ///     assert!(here.get_attr(ctx, "y")?.is(Value::Int(4)));
    ///     Ok(())
    /// })?;
    /// # Ok::<(), halfsour_runtime::Uncaught>(())
    /// ```
    Class(ClassInner<'gc>), "type"
}

#[derive(Collect)]
#[collect(no_drop)]
pub(crate) struct ClassInner<'gc> {
    dict: Dict<'gc>,
    name: Lock<Value<'gc>>,
    qualname: Lock<Value<'gc>>,
    bases: Lock<Tuple<'gc>>,
    /// The class itself first.
    mro: Lock<Tuple<'gc>>,
    /// `None` is `type` itself, which is its own metaclass.
    metaclass: Lock<Option<Class<'gc>>>,
    /// What was looked up of late.
    lookups: RefLock<Lookups<'gc>>,
    subclasses: RefLock<Vec<gc_arena::GcWeak<'gc, ClassInner<'gc>>>>,
    /// Whether instances have a `__del__`, as of a version of all classes.
    #[collect(require_static)]
    finalizes: Cell<(u64, bool)>,
    /// Whether `__init__` has nothing to do, as of a version of all classes.
    #[collect(require_static)]
    is_made_complete: Cell<(u64, bool)>,
    /// Whether attributes are set as `object` sets them, as of a version of all classes.
    #[collect(require_static)]
    assigns_plainly: Cell<(u64, bool)>,
    /// Whether attributes are read as `object` reads them, as of a version of all classes.
    #[collect(require_static)]
    reads_plainly: Cell<(u64, bool)>,
    #[collect(require_static)]
    traits: ClassTraits,
}

/// What never changes about a class.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClassTraits {
    pub(crate) layout: Layout,
    /// Whether `object.__new__` makes instances, which get their native content later.
    pub(crate) held: bool,
    /// Whether instances have a `__dict__`.
    pub(crate) has_dict: bool,
    /// Whether instances can be referred to weakly.
    pub(crate) has_weakref: bool,
    /// The number of slots of an instance, those of the base classes included.
    pub(crate) n_slots: usize,
    /// Whether it adds to the layout of its base: instances of two such classes, unless one derives from the other,
    /// cannot be one object.
    pub(crate) solid: bool,
    /// Whether the class was made by a program, not by the runtime.
    pub(crate) heap: bool,
    /// Whether a class can derive from it.
    pub(crate) subclassable: bool,
    /// The module of a class that the runtime made, or that shows itself as written in C; empty for that of the built-in
    /// types, and for other classes.
    pub(crate) module: &'static str,
    /// How a deep copy of an instance's native content is made, if not by what `__reduce_ex__` returns.
    pub(crate) copier: Option<Copier>,
}

/// Makes a copy of native content.
pub(crate) type Copier = for<'gc> fn(Context<'gc>, Traced<'gc>) -> Option<Traced<'gc>>;

impl<'gc> Class<'gc> {
    /// Starts the definition of a class; see [`ClassBuilder`].
    pub fn builder(ctx: Context<'gc>, name: &str) -> ClassBuilder<'gc> {
        ClassBuilder::new(ctx, name)
    }

    /// Makes a class from its parts; the MRO is set later, by [`set_mro`](Self::set_mro).
    pub(crate) fn allocate(
        mc: &gc_arena::Mutation<'gc>,
        name: Value<'gc>,
        bases: Tuple<'gc>,
        metaclass: Option<Class<'gc>>,
        traits: ClassTraits,
    ) -> Self {
        // The name of a type in C is no interned string in CPython, so that a pickle has it beside an equal one.
        let qualname = match name {
            Value::Unicode(text) if !traits.heap => {
                Unicode::allocate(mc, text.as_generalised_utf8().into()).into()
            }
            _ => name,
        };
        Self(Gc::new(
            mc,
            ClassInner {
                dict: Dict::allocate(mc),
                name: Lock::new(name),
                qualname: Lock::new(qualname),
                bases: Lock::new(bases),
                mro: Lock::new(bases),
                metaclass: Lock::new(metaclass),
                lookups: RefLock::new(Lookups::default()),
                subclasses: RefLock::new(Vec::new()),
                finalizes: Cell::new((0, false)),
                is_made_complete: Cell::new((0, false)),
                assigns_plainly: Cell::new((0, false)),
                reads_plainly: Cell::new((0, false)),
                traits,
            },
        ))
    }

    /// Makes a class of the runtime's own that derives from another one.
    pub(crate) fn builtin(
        ctx: Context<'gc>,
        name: &str,
        base: Class<'gc>,
        layout: Layout,
        module: &'static str,
    ) -> Self {
        Self::builtin_of_two(ctx, name, (base, base), layout, module)
    }

    /// Makes a class of the runtime's own that derives from two others, or twice from one: the second has nothing that
    /// derives from the first.
    pub(crate) fn builtin_of_two(
        ctx: Context<'gc>,
        name: &str,
        (first, second): (Class<'gc>, Class<'gc>),
        layout: Layout,
        module: &'static str,
    ) -> Self {
        let traits = ClassTraits {
            layout,
            solid: layout != first.layout(),
            module,
            copier: None,
            ..first.traits()
        };
        let mut bases = vec![first.into(), second.into()];
        bases.truncate(if first.is(second) { 1 } else { 2 });
        let bases = Tuple::from_vec(ctx, bases);
        let metaclass = Some(ctx.types().type_);
        let class = Self::allocate(ctx.mc, ctx.intern(name).value(), bases, metaclass, traits);
        let shared = second.mro();
        let own = first.mro();
        let before =
            own.as_slice().iter().filter(|it| !shared.as_slice().iter().any(|x| x.is(**it)));
        let mro = std::iter::once(class.into()).chain(before.copied());
        let mro = mro.chain(shared.as_slice().iter().copied()).collect();
        class.set_mro(ctx.mc, Tuple::from_vec(ctx, mro));
        for base in [first, second].into_iter().take(bases.len()) {
            base.add_subclass(ctx, class);
        }
        class
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
        unlock!(Gc::write(ctx.mc, self.0), ClassInner, name).set(name);
    }

    /// Returns `__qualname__` (Python 3): the name, with those of the classes around it.
    #[must_use]
    pub fn qualname(self) -> Value<'gc> {
        self.0.qualname.get()
    }

    /// Sets `__qualname__` (Python 3).
    pub fn set_qualname(self, ctx: Context<'gc>, qualname: Value<'gc>) {
        unlock!(Gc::write(ctx.mc, self.0), ClassInner, qualname).set(qualname);
    }

    /// Returns `__module__` as a program sees it, or `None` if there is none.
    #[must_use]
    pub fn module(self, ctx: Context<'gc>) -> Option<Value<'gc>> {
        let own = self.0.dict.get_name(ctx, ctx.names().module);
        if self.is_heap_type() || matches!(own, Some(Value::Unicode(_))) {
            return own;
        }
        let module = match self.traits().module {
            "" => ctx.dialect().builtins_module(),
            module => module,
        };
        Some(ctx.intern(module).value())
    }

    /// Returns the name as messages about an object of the class show it: the runtime's own classes outside of the
    /// module of built-in names are dotted (`exceptions.KeyError`), as in CPython.
    #[must_use]
    pub fn type_name(self) -> String {
        match self.traits().module {
            "" | "builtins" => self.name(),
            module => format!("{module}.{}", self.name()),
        }
    }

    /// Returns the name with that of its module before it, unless it is built in.
    #[must_use]
    pub fn dotted_name(self, ctx: Context<'gc>) -> String {
        let name = match ctx.dialect() {
            crate::dialect::Dialect::Python2 => self.name(),
            crate::dialect::Dialect::Python3 => text_of(self.qualname()),
        };
        match self.module(ctx).map(text_of) {
            Some(module)
                if module != ctx.dialect().builtins_module()
                    && module != ctx.dialect().exceptions_module() =>
            {
                format!("{module}.{name}")
            }
            _ => name,
        }
    }

    /// Returns `__bases__`: classes, of which some may be classic ones.
    #[must_use]
    pub fn bases(self) -> Tuple<'gc> {
        self.0.bases.get()
    }

    /// Returns `__mro__`: the class itself, then its bases in the order of lookup.
    #[must_use]
    pub fn mro(self) -> Tuple<'gc> {
        self.0.mro.get()
    }

    pub(crate) fn set_mro(self, mc: &gc_arena::Mutation<'gc>, mro: Tuple<'gc>) {
        unlock!(Gc::write(mc, self.0), ClassInner, mro).set(mro);
    }

    pub(crate) fn set_bases(self, mc: &gc_arena::Mutation<'gc>, bases: Tuple<'gc>) {
        unlock!(Gc::write(mc, self.0), ClassInner, bases).set(bases);
    }

    /// Returns the metaclass: `type`, or a class derived from it.
    #[must_use]
    #[inline]
    pub fn metaclass(self) -> Class<'gc> {
        self.0.metaclass.get().unwrap_or(self)
    }

    pub(crate) fn set_metaclass(self, mc: &gc_arena::Mutation<'gc>, metaclass: Class<'gc>) {
        unlock!(Gc::write(mc, self.0), ClassInner, metaclass).set(Some(metaclass));
    }

    /// Returns the class's own namespace. Whoever changes it calls [`changed`](Self::changed).
    pub(crate) fn dict(self) -> Dict<'gc> {
        self.0.dict
    }

    /// Forgets every cached lookup: a class changed.
    pub(crate) fn changed(ctx: Context<'gc>) {
        ctx.state.class_version.set(ctx.state.class_version.get() + 1);
    }

    pub(crate) fn layout(self) -> Layout {
        self.0.traits.layout
    }

    pub(crate) fn traits(self) -> ClassTraits {
        self.0.traits
    }

    /// Returns whether a deep copy of an instance, of exactly this class, can be made without asking it:
    /// [`Instance::copy_content`](crate::Instance::copy_content) makes it.
    #[must_use]
    pub fn copies_content(self) -> bool {
        self.0.traits.copier.is_some()
    }

    /// Returns whether instances hold built-in content besides their `__dict__` and slots, as those of a subclass of
    /// `list` do.
    #[must_use]
    pub fn holds_content(self) -> bool {
        self.layout() != Layout::Object
    }

    /// Returns whether instances have a `__dict__`.
    #[must_use]
    pub fn has_dict(self) -> bool {
        self.0.traits.has_dict
    }

    /// Returns the number of slots of an instance, those of the base classes included.
    #[must_use]
    pub fn n_slots(self) -> usize {
        self.0.traits.n_slots
    }

    /// Returns whether a program made the class (a "heap type"), not the runtime itself.
    #[must_use]
    #[inline]
    pub fn is_heap_type(self) -> bool {
        self.0.traits.heap
    }

    /// Returns whether this is `class` or derives from it.
    #[must_use]
    pub fn is_subclass_of(self, class: Class<'gc>) -> bool {
        self.is(class)
            || self.mro().as_slice().iter().any(|it| matches!(it, Value::Class(it) if it.is(class)))
    }

    /// Returns the attribute as it stands in the class or the first of its bases that has it: nothing is bound.
    ///
    /// Runs no code.
    #[must_use]
    pub fn lookup(self, ctx: Context<'gc>, name: impl IntoName<'gc>) -> Option<Value<'gc>> {
        let name = name.into_name(ctx);
        let version = ctx.state.class_version.get();
        if let Some(found) = self.0.as_ref().lookups.borrow().get(version, name) {
            return found;
        }
        let found = self.lookup_uncached(ctx, name);
        let mut lookups = unlock!(Gc::write(ctx.mc, self.0), ClassInner, lookups).borrow_mut();
        lookups.insert(version, name, found);
        found
    }

    fn lookup_uncached(self, ctx: Context<'gc>, name: Name<'gc>) -> Option<Value<'gc>> {
        self.mro().as_slice().iter().find_map(|entry| match entry {
            Value::Class(class) => class.dict().get_name(ctx, name),
            Value::ClassicClass(class) => class.dict().get_name(ctx, name),
            _ => None,
        })
    }

    /// Lets go of the attributes that classes were asked for before a class changed: they may be gone by now.
    pub(crate) fn forget_old_lookups(ctx: Context<'gc>) {
        let version = ctx.class_version();
        let mut known = AddressTable::new();
        let mut pending = ctx.types().all();
        while let Some(class) = pending.pop() {
            if known.get(class.addr()).is_some() {
                continue;
            }
            known.insert(class.addr(), 0);
            let mut lookups = unlock!(Gc::write(ctx.mc, class.0), ClassInner, lookups).borrow_mut();
            lookups.forget_unless(version);
            pending.extend(class.subclasses(ctx));
        }
    }

    /// Returns the class in whose own namespace [`lookup`](Self::lookup) finds the attribute.
    #[must_use]
    pub fn lookup_owner(self, ctx: Context<'gc>, name: impl IntoName<'gc>) -> Option<Value<'gc>> {
        let name = name.into_name(ctx);
        self.mro().as_slice().iter().copied().find(|entry| match entry {
            Value::Class(class) => class.dict().get_name(ctx, name).is_some(),
            Value::ClassicClass(class) => class.dict().get_name(ctx, name).is_some(),
            _ => false,
        })
    }

    /// Returns an attribute of the class's own namespace, bases left out: nothing is bound.
    #[must_use]
    pub fn own_attr(self, ctx: Context<'gc>, name: impl IntoName<'gc>) -> Option<Value<'gc>> {
        self.dict().get_name(ctx, name.into_name(ctx))
    }

    /// Sets an attribute of the class itself, past any metaclass's hooks.
    ///
    /// # Errors
    ///
    /// `MemoryError` if the namespace is full.
    pub fn define(
        self,
        ctx: Context<'gc>,
        name: impl IntoName<'gc>,
        value: impl crate::convert::IntoValue<'gc>,
    ) -> Result<'gc, ()> {
        let value = value.into_value(ctx);
        self.dict().insert_name(ctx, name.into_name(ctx), value)?;
        Self::changed(ctx);
        Ok(())
    }

    pub(crate) fn add_subclass(self, ctx: Context<'gc>, subclass: Class<'gc>) {
        let mut known = unlock!(Gc::write(ctx.mc, self.0), ClassInner, subclasses).borrow_mut();
        known.retain(|class| !class.is_dropped());
        known.push(Gc::downgrade(subclass.0));
    }

    /// Makes the bases know the class as one that derives from them.
    pub(crate) fn add_to_bases(self, ctx: Context<'gc>) {
        for base in self.bases().as_slice() {
            if let Value::Class(base) = base {
                base.add_subclass(ctx, self);
            }
        }
    }

    /// Makes the bases forget the class, before it gets others.
    pub(crate) fn remove_from_bases(self, ctx: Context<'gc>) {
        for base in self.bases().as_slice() {
            if let Value::Class(base) = base {
                let own = Gc::downgrade(self.0);
                let base = Gc::write(ctx.mc, base.0);
                let mut known = unlock!(base, ClassInner, subclasses).borrow_mut();
                known.retain(|class| !gc_arena::GcWeak::ptr_eq(*class, own));
            }
        }
    }

    /// Returns the classes that derive directly from this one and are alive (Python's `__subclasses__`).
    #[must_use]
    pub fn subclasses(self, ctx: Context<'gc>) -> Vec<Class<'gc>> {
        let known = self.0.as_ref().subclasses.borrow();
        known.iter().filter_map(|class| class.upgrade(ctx.mc)).map(Class).collect()
    }
}

/// Returns whether a class, new-style or classic, is `base` or derives from it.
#[must_use]
pub(crate) fn is_subclass<'gc>(class: Value<'gc>, base: Value<'gc>) -> bool {
    match class {
        Value::Class(class) => {
            class.mro().as_slice().iter().any(|entry| entry.is(base)) || Value::from(class).is(base)
        }
        Value::ClassicClass(class) => class.is_subclass_of(base),
        _ => false,
    }
}

pub(crate) fn text_of(value: Value<'_>) -> String {
    match value.content() {
        Value::Bytes(text) => text.to_string_lossy().into_owned(),
        Value::Unicode(text) => text.to_string_lossy().into_owned(),
        _ => "?".to_owned(),
    }
}
