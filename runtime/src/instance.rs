//! [`Instance`] and [`ClassicInstance`].

use gc_arena::lock::Lock;
use gc_arena::{Collect, Gc, RefLock, barrier::unlock};

use crate::class::{Class, ClassicClass};
use crate::context::Context;
use crate::descriptor::{GetSet, Member, MethodDescriptor, Property};
use crate::exception::ExceptionState;
use crate::finalizers;
use crate::handle::handle;
use crate::iter::{DictPart, IterState};
use crate::payload::Traced;
use crate::super_object::Super;
use crate::types::Dict;
use crate::value::Value;
use crate::weakref::WeakRef;

handle! {
    /// An instance of a new-style class.
    ///
    /// Instances of built-in helper types (property, iterators, exceptions, ...) and of subclasses of built-in data
    /// types are instances too, with content of their own.
    Instance(InstanceInner<'gc>), "object"
}

#[derive(Collect)]
#[collect(no_drop)]
pub(crate) struct InstanceInner<'gc> {
    class: Lock<Class<'gc>>,
    /// Made when it is first needed.
    dict: Lock<Option<Dict<'gc>>>,
    slots: Option<Gc<'gc, RefLock<Slots<'gc>>>>,
    payload: Payload<'gc>,
}

/// The values of `__slots__`, base class first; `None` is unset.
type Slots<'gc> = Box<[Option<Value<'gc>>]>;

/// What an instance holds besides its `__dict__` and slots.
#[derive(Clone, Copy, Collect)]
#[collect(no_drop)]
pub(crate) enum Payload<'gc> {
    /// Nothing: an instance of `object` or of a class derived from it alone.
    Object,
    /// The content of an instance of a subclass of a built-in data type.
    Base(Value<'gc>),
    StaticMethod(Value<'gc>),
    ClassMethod(Value<'gc>),
    Property(Gc<'gc, Property<'gc>>),
    Member(Gc<'gc, Member<'gc>>),
    GetSet(Gc<'gc, GetSet<'gc>>),
    MethodDescriptor(Gc<'gc, MethodDescriptor<'gc>>),
    Exception(ExceptionState<'gc>),
    Iterator(Gc<'gc, RefLock<IterState<'gc>>>),
    Super(Gc<'gc, Super<'gc>>),
    DictProxy(Class<'gc>),
    DictView(Dict<'gc>, #[collect(require_static)] DictPart),
    WeakRef(WeakRef<'gc>),
    /// The content that another crate defined.
    Native(Traced<'gc>),
}

impl<'gc> Instance<'gc> {
    pub(crate) fn with_payload(
        ctx: Context<'gc>,
        class: Class<'gc>,
        payload: Payload<'gc>,
    ) -> Self {
        let slots = match class.n_slots() {
            0 => None,
            n => Some(Gc::new(ctx.mc, RefLock::new(vec![None; n].into_boxed_slice()))),
        };
        let finalizes = class.finalizes(ctx);
        let (class, dict) = (Lock::new(class), Lock::new(None));
        let instance = Self(Gc::new(ctx.mc, InstanceInner { class, dict, slots, payload }));
        if finalizes {
            finalizers::register(ctx, instance);
        }
        instance
    }

    /// Returns an instance of a class whose layout is that of `object`, without running `__new__` or `__init__`.
    #[must_use]
    pub fn bare(ctx: Context<'gc>, class: Class<'gc>) -> Self {
        Self::with_payload(ctx, class, Payload::Object)
    }

    /// Returns an instance with native content, without running `__new__` or `__init__`.
    #[must_use]
    pub fn native(ctx: Context<'gc>, class: Class<'gc>, content: Traced<'gc>) -> Self {
        Self::with_payload(ctx, class, Payload::Native(content))
    }

    /// Returns an instance of a subclass of a built-in data type with its content, without running `__new__` or
    /// `__init__`.
    #[must_use]
    pub fn with_content(ctx: Context<'gc>, class: Class<'gc>, content: Value<'gc>) -> Self {
        Self::with_payload(ctx, class, Payload::Base(content))
    }

    /// Returns the native content that another crate gave the object.
    #[must_use]
    pub fn native_content(self) -> Option<Traced<'gc>> {
        match self.payload() {
            Payload::Native(content) => Some(content),
            _ => None,
        }
    }

    /// Returns a new instance with a copy of the native content, if the class says how to make one.
    #[must_use]
    pub fn copy_content(self, ctx: Context<'gc>) -> Option<Self> {
        let copier = self.class().traits().copier?;
        let content = copier(ctx, self.native_content()?)?;
        Some(Self::native(ctx, self.class(), content))
    }

    /// Returns the class.
    #[must_use]
    #[inline]
    pub fn class(self) -> Class<'gc> {
        self.0.class.get()
    }

    /// Replaces the class; the caller has checked that the layouts agree.
    pub(crate) fn set_class(self, ctx: Context<'gc>, class: Class<'gc>) {
        let newly_finalizes = class.finalizes(ctx) && !self.class().finalizes(ctx);
        unlock!(Gc::write(ctx.mc, self.0), InstanceInner, class).set(class);
        if newly_finalizes {
            finalizers::register(ctx, self);
        }
    }

    #[inline]
    pub(crate) fn payload(self) -> Payload<'gc> {
        self.0.payload
    }

    /// Returns `__dict__`, made at the first call, or `None` if the class gives its instances none.
    #[must_use]
    #[inline]
    pub fn dict(self, ctx: Context<'gc>) -> Option<Dict<'gc>> {
        if let Some(dict) = self.0.dict.get() {
            return Some(dict);
        }
        if !self.class().has_dict() {
            return None;
        }
        let dict = Dict::new(ctx);
        self.set_dict(ctx, dict);
        Some(dict)
    }

    /// Returns `__dict__` if it was made already: an instance without attributes has none yet.
    #[must_use]
    #[inline]
    pub fn existing_dict(self) -> Option<Dict<'gc>> {
        self.0.dict.get()
    }

    /// Replaces `__dict__`.
    #[inline]
    pub fn set_dict(self, ctx: Context<'gc>, dict: Dict<'gc>) {
        unlock!(Gc::write(ctx.mc, self.0), InstanceInner, dict).set(Some(dict));
    }

    /// Takes `__dict__` away: the next look at it makes an empty one.
    pub(crate) fn forget_dict(self, ctx: Context<'gc>) {
        unlock!(Gc::write(ctx.mc, self.0), InstanceInner, dict).set(None);
    }

    /// Returns the values of the slots, those of the base classes first; `None` is unset.
    #[must_use]
    pub fn slot_values(self) -> Vec<Option<Value<'gc>>> {
        self.0.slots.map_or(Vec::new(), |slots| slots.borrow().to_vec())
    }

    /// Sets or unsets the slots, past any `__setattr__`; values beyond their number are dropped.
    pub fn set_slot_values(self, ctx: Context<'gc>, values: &[Option<Value<'gc>>]) {
        if let Some(slots) = self.0.slots {
            for (place, value) in slots.borrow_mut(ctx.mc).iter_mut().zip(values) {
                *place = *value;
            }
        }
    }

    /// Returns the value of the slot at an index, if it is set.
    #[must_use]
    pub(crate) fn slot(self, index: usize) -> Option<Value<'gc>> {
        self.0.slots?.borrow().get(index).copied().flatten()
    }

    /// Sets or unsets the slot at an index.
    pub(crate) fn set_slot(self, ctx: Context<'gc>, index: usize, value: Option<Value<'gc>>) {
        if let Some(slots) = self.0.slots
            && let Some(place) = slots.borrow_mut(ctx.mc).get_mut(index)
        {
            *place = value;
        }
    }
}

handle! {
    /// An instance of a classic class.
    ClassicInstance(ClassicInstanceInner<'gc>), "instance"
}

#[derive(Collect)]
#[collect(no_drop)]
pub(crate) struct ClassicInstanceInner<'gc> {
    class: Lock<ClassicClass<'gc>>,
    dict: Lock<Dict<'gc>>,
}

impl<'gc> ClassicInstance<'gc> {
    /// Returns an instance without running `__init__`.
    #[must_use]
    pub fn bare(ctx: Context<'gc>, class: ClassicClass<'gc>) -> Self {
        let finalizes = class.finalizes(ctx);
        let (class, dict) = (Lock::new(class), Lock::new(Dict::new(ctx)));
        let instance = Self(Gc::new(ctx.mc, ClassicInstanceInner { class, dict }));
        if finalizes {
            finalizers::register(ctx, instance);
        }
        instance
    }

    /// Returns the class.
    #[must_use]
    #[inline]
    pub fn class(self) -> ClassicClass<'gc> {
        self.0.class.get()
    }

    /// Replaces the class (`x.__class__ = ...`).
    pub fn set_class(self, ctx: Context<'gc>, class: ClassicClass<'gc>) {
        unlock!(Gc::write(ctx.mc, self.0), ClassicInstanceInner, class).set(class);
    }

    /// Returns `__dict__`.
    #[must_use]
    #[inline]
    pub fn dict(self) -> Dict<'gc> {
        self.0.dict.get()
    }

    /// Replaces `__dict__`.
    #[inline]
    pub fn set_dict(self, ctx: Context<'gc>, dict: Dict<'gc>) {
        unlock!(Gc::write(ctx.mc, self.0), ClassicInstanceInner, dict).set(dict);
    }
}
