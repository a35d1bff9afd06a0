//! [`Function`], [`Builtin`] and [`Method`]: what can be called.

use std::rc::Rc;

use gc_arena::lock::Lock;
use gc_arena::{Collect, Gc, barrier::unlock};

use crate::args::Args;
use crate::class::Class;
use crate::context::Context;
use crate::convert::IntoValue;
use crate::error::Result;
use crate::handle::handle;
use crate::instance::Instance;
use crate::name::{IntoName, Name};
use crate::types::Dict;
use crate::value::Value;

/// Native code: a function pointer, a closure, or a function with a Python value that it refers to.
///
/// A closure cannot capture handles; what it refers to is named as `captured`.
#[derive(Clone, Collect)]
#[collect(no_drop)]
pub(crate) enum Code<'gc> {
    Captured(Value<'gc>, #[collect(require_static)] CapturingCode),
    Closure(#[collect(require_static)] Rc<dyn NativeFn>),
}

/// A function over Python values.
pub(crate) trait NativeFn: for<'gc> Fn(Context<'gc>, Args<'gc>) -> Result<'gc> {}
impl<F: for<'gc> Fn(Context<'gc>, Args<'gc>) -> Result<'gc>> NativeFn for F {}

pub(crate) trait CapturingFn:
    for<'gc> Fn(Context<'gc>, Value<'gc>, Args<'gc>) -> Result<'gc>
{
}
impl<F: for<'gc> Fn(Context<'gc>, Value<'gc>, Args<'gc>) -> Result<'gc>> CapturingFn for F {}

type CapturingCode = Rc<dyn CapturingFn>;

impl<'gc> Code<'gc> {
    pub(crate) fn closure(
        code: impl for<'a> Fn(Context<'a>, Args<'a>) -> Result<'a> + 'static,
    ) -> Self {
        Self::Closure(Rc::new(code))
    }

    /// Wraps code that takes its receiver apart from the other arguments.
    pub(crate) fn method(
        name: &'static str,
        code: impl for<'a> Fn(Context<'a>, Value<'a>, Args<'a>) -> Result<'a> + 'static,
    ) -> Self {
        Self::closure(move |ctx, mut args| match args.take_first() {
            Some(this) => code(ctx, this, args),
            None => Err(needs_receiver(name)),
        })
    }

    /// Whether both are the same native code.
    pub(crate) fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Closure(a), Self::Closure(b)) => Rc::ptr_eq(a, b),
            (Self::Captured(a, code), Self::Captured(b, other)) => {
                a.is(*b) && Rc::ptr_eq(code, other)
            }
            _ => false,
        }
    }

    /// Wraps code that refers to a Python value.
    pub(crate) fn capturing(
        captured: Value<'gc>,
        code: impl for<'a> Fn(Context<'a>, Value<'a>, Args<'a>) -> Result<'a> + 'static,
    ) -> Self {
        Self::Captured(captured, Rc::new(code))
    }

    pub(crate) fn run(&self, ctx: Context<'gc>, args: Args<'gc>) -> Result<'gc> {
        match self {
            Self::Closure(code) => code(ctx, args),
            Self::Captured(captured, code) => code(ctx, *captured, args),
        }
    }
}

#[cold]
fn needs_receiver<'gc>(name: &str) -> crate::error::Error<'gc> {
    let message = format!("{name}() takes at least 1 argument (0 given)");
    crate::error::Error::new(&crate::exception_type::exc::TYPE_ERROR, message)
}

handle! {
    /// A function as Python's `def` makes it, with native code.
    ///
    /// It has a `__dict__`, and binds when it is looked up through an instance or a class.
    ///
    /// # Examples
    ///
    /// ```
    /// use halfsour_runtime::{Function, Runtime, Value};
    ///
    /// let mut runtime = Runtime::python2();
    /// runtime.try_enter(|ctx| {
    ///     let double = Function::new(ctx, "double", |ctx, args| {
    ///         let (number,): (i64,) = args.parse(ctx, "double")?;
    ///         Ok(Value::Int(2 * number))
    ///     });
    ///     assert!(Value::from(double).call(ctx, (21,))?.is(Value::Int(42)));
    ///     Ok(())
    /// })?;
    /// # Ok::<(), halfsour_runtime::Uncaught>(())
    /// ```
    Function(FunctionInner<'gc>), "function"
}

#[derive(Collect)]
#[collect(no_drop)]
pub(crate) struct FunctionInner<'gc> {
    name: Lock<Value<'gc>>,
    qualname: Lock<Value<'gc>>,
    module: Lock<Value<'gc>>,
    doc: Lock<Value<'gc>>,
    dict: Lock<Option<Dict<'gc>>>,
    /// What programs see of the code, once they looked.
    code_object: Lock<Option<Instance<'gc>>>,
    code: Code<'gc>,
}

impl<'gc> Function<'gc> {
    /// Returns a function; its `__module__` is None until it is put into a [`Module`](crate::Module) or a class.
    #[must_use]
    pub fn new<'n>(
        ctx: Context<'gc>,
        name: &'n str,
        code: impl for<'a> Fn(Context<'a>, Args<'a>) -> Result<'a> + 'static,
    ) -> Self {
        Self::with_code(ctx, name, Code::closure(code))
    }

    /// Returns a function that refers to a Python value: `code` gets it before the arguments.
    #[must_use]
    pub fn capturing(
        ctx: Context<'gc>,
        name: &str,
        captured: impl IntoValue<'gc>,
        code: impl for<'a> Fn(Context<'a>, Value<'a>, Args<'a>) -> Result<'a> + 'static,
    ) -> Self {
        Self::with_code(ctx, name, Code::Captured(captured.into_value(ctx), Rc::new(code)))
    }

    pub(crate) fn with_code(ctx: Context<'gc>, name: &str, code: Code<'gc>) -> Self {
        let name = ctx.intern(name).value();
        Self(Gc::new(
            ctx.mc,
            FunctionInner {
                name: Lock::new(name),
                qualname: Lock::new(name),
                module: Lock::new(Value::None),
                doc: Lock::new(Value::None),
                dict: Lock::new(None),
                code_object: Lock::new(None),
                code,
            },
        ))
    }

    /// Returns `__name__`.
    #[must_use]
    pub fn name(self) -> Value<'gc> {
        self.0.name.get()
    }

    /// Sets `__name__`.
    pub fn set_name(self, ctx: Context<'gc>, name: Value<'gc>) {
        unlock!(Gc::write(ctx.mc, self.0), FunctionInner, name).set(name);
    }

    /// Returns `__qualname__` (Python 3).
    #[must_use]
    pub fn qualname(self) -> Value<'gc> {
        self.0.qualname.get()
    }

    /// Sets `__qualname__` (Python 3).
    pub fn set_qualname(self, ctx: Context<'gc>, qualname: Value<'gc>) {
        unlock!(Gc::write(ctx.mc, self.0), FunctionInner, qualname).set(qualname);
    }

    /// Returns `__module__`.
    #[must_use]
    pub fn module(self) -> Value<'gc> {
        self.0.module.get()
    }

    /// Sets `__module__`.
    pub fn set_module(self, ctx: Context<'gc>, module: Value<'gc>) {
        unlock!(Gc::write(ctx.mc, self.0), FunctionInner, module).set(module);
    }

    /// Returns `__doc__`.
    #[must_use]
    pub fn doc(self) -> Value<'gc> {
        self.0.doc.get()
    }

    /// Sets `__doc__`.
    pub fn set_doc(self, ctx: Context<'gc>, doc: Value<'gc>) {
        unlock!(Gc::write(ctx.mc, self.0), FunctionInner, doc).set(doc);
    }

    /// Returns `__dict__`, made at the first call.
    #[must_use]
    pub fn dict(self, ctx: Context<'gc>) -> Dict<'gc> {
        if let Some(dict) = self.0.dict.get() {
            return dict;
        }
        let dict = Dict::new(ctx);
        self.set_dict(ctx, dict);
        dict
    }

    /// Returns `__dict__` if it was made already.
    pub(crate) fn existing_dict(self) -> Option<Dict<'gc>> {
        self.0.dict.get()
    }

    /// Replaces `__dict__`.
    pub fn set_dict(self, ctx: Context<'gc>, dict: Dict<'gc>) {
        unlock!(Gc::write(ctx.mc, self.0), FunctionInner, dict).set(Some(dict));
    }

    pub(crate) fn code(self) -> &'gc Code<'gc> {
        &self.0.as_ref().code
    }

    /// Returns `__code__`: an object of the type `code` that says nothing, as native code has nothing to say.
    pub(crate) fn code_object(self, ctx: Context<'gc>) -> Instance<'gc> {
        if let Some(known) = self.0.code_object.get() {
            return known;
        }
        let made = Instance::bare(ctx, ctx.types().code);
        unlock!(Gc::write(ctx.mc, self.0), FunctionInner, code_object).set(Some(made));
        made
    }
}

handle! {
    /// A built-in function, or a built-in method bound to its object: it does not bind when looked up in a class.
    Builtin(BuiltinInner<'gc>), "builtin_function_or_method"
}

#[derive(Collect)]
#[collect(no_drop)]
pub(crate) struct BuiltinInner<'gc> {
    name: Name<'gc>,
    module: Lock<Value<'gc>>,
    receiver: Option<Value<'gc>>,
    /// The class whose special method this is, bound: a `method-wrapper`.
    wrapped: Option<Class<'gc>>,
    /// The class of a static method.
    owner: Option<Class<'gc>>,
    code: Code<'gc>,
}

impl<'gc> Builtin<'gc> {
    /// Returns a built-in function; its `__module__` is None until it is put into a [`Module`](crate::Module).
    #[must_use]
    pub fn new(
        ctx: Context<'gc>,
        name: &str,
        code: impl for<'a> Fn(Context<'a>, Args<'a>) -> Result<'a> + 'static,
    ) -> Self {
        Self::with_code(ctx, name, None, Code::closure(code))
    }

    /// Returns a built-in function that refers to a Python value: `code` gets it before the arguments.
    #[must_use]
    pub fn capturing(
        ctx: Context<'gc>,
        name: &str,
        captured: impl IntoValue<'gc>,
        code: impl for<'a> Fn(Context<'a>, Value<'a>, Args<'a>) -> Result<'a> + 'static,
    ) -> Self {
        let code = Code::Captured(captured.into_value(ctx), Rc::new(code));
        Self::with_code(ctx, name, None, code)
    }

    pub(crate) fn with_code(
        ctx: Context<'gc>,
        name: impl IntoName<'gc>,
        receiver: Option<Value<'gc>>,
        code: Code<'gc>,
    ) -> Self {
        let name = name.into_name(ctx);
        let module = Lock::new(Value::None);
        let (wrapped, owner) = (None, None);
        Self(Gc::new(ctx.mc, BuiltinInner { name, module, receiver, wrapped, owner, code }))
    }

    /// Returns a static method of a built-in type.
    pub(crate) fn of_class(
        ctx: Context<'gc>,
        name: &str,
        class: Class<'gc>,
        code: Code<'gc>,
    ) -> Self {
        let (name, module) = (ctx.intern(name), Lock::new(Value::None));
        let (receiver, wrapped, owner) = (None, None, Some(class));
        Self(Gc::new(ctx.mc, BuiltinInner { name, module, receiver, wrapped, owner, code }))
    }

    /// Returns the class of a static method.
    pub(crate) fn owner(self) -> Option<Class<'gc>> {
        self.0.owner
    }

    /// Returns a special method of a built-in type, bound.
    pub(crate) fn method_wrapper(
        ctx: Context<'gc>,
        name: Name<'gc>,
        receiver: Value<'gc>,
        class: Class<'gc>,
        code: Code<'gc>,
    ) -> Self {
        let module = Lock::new(Value::None);
        let (receiver, wrapped, owner) = (Some(receiver), Some(class), None);
        Self(Gc::new(ctx.mc, BuiltinInner { name, module, receiver, wrapped, owner, code }))
    }

    /// Returns `__objclass__` of a `method-wrapper`: a special method of a built-in type, bound. Other functions and
    /// methods have none.
    #[must_use]
    pub fn wrapped_class(self) -> Option<Class<'gc>> {
        self.0.wrapped
    }

    /// Returns `__name__`.
    #[must_use]
    pub fn name(self) -> Name<'gc> {
        self.0.name
    }

    /// Returns `__module__`.
    #[must_use]
    pub fn module(self) -> Value<'gc> {
        self.0.module.get()
    }

    /// Sets `__module__`.
    pub fn set_module(self, ctx: Context<'gc>, module: Value<'gc>) {
        unlock!(Gc::write(ctx.mc, self.0), BuiltinInner, module).set(module);
    }

    /// Returns `__self__`: the object that a built-in method is bound to.
    #[must_use]
    pub fn receiver(self) -> Option<Value<'gc>> {
        self.0.receiver
    }

    /// Whether both are the same function, bound to the same object.
    pub(crate) fn is_same_method(self, other: Self) -> bool {
        let same_receiver = match (self.receiver(), other.receiver()) {
            (Some(a), Some(b)) => a.is(b),
            (None, None) => true,
            _ => false,
        };
        same_receiver && self.code().is(other.code())
    }

    pub(crate) fn code(self) -> &'gc Code<'gc> {
        &self.0.as_ref().code
    }
}

handle! {
    /// A bound method, or Python 2's unbound one.
    Method(MethodInner<'gc>), "instancemethod"
}

#[derive(Collect)]
#[collect(no_drop)]
pub(crate) struct MethodInner<'gc> {
    function: Value<'gc>,
    receiver: Option<Value<'gc>>,
    class: Value<'gc>,
}

impl<'gc> Method<'gc> {
    /// Returns a method of `function` bound to `receiver`; `class` is where it was looked up.
    #[must_use]
    pub fn bound(
        ctx: Context<'gc>,
        function: Value<'gc>,
        receiver: Value<'gc>,
        class: Value<'gc>,
    ) -> Self {
        Self(Gc::new(ctx.mc, MethodInner { function, receiver: Some(receiver), class }))
    }

    /// Returns Python 2's unbound method: `function` as looked up in `class`.
    #[must_use]
    pub fn unbound(ctx: Context<'gc>, function: Value<'gc>, class: Value<'gc>) -> Self {
        Self(Gc::new(ctx.mc, MethodInner { function, receiver: None, class }))
    }

    /// Returns `im_func`, `__func__`.
    #[must_use]
    pub fn function(self) -> Value<'gc> {
        self.0.function
    }

    /// Returns `im_self`, `__self__`.
    #[must_use]
    pub fn receiver(self) -> Option<Value<'gc>> {
        self.0.receiver
    }

    /// Returns `im_class`.
    #[must_use]
    pub fn class(self) -> Value<'gc> {
        self.0.class
    }
}
