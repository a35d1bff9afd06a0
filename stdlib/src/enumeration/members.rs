//! [`Enumeration`]: how a program defines an enum.

use halfsour_runtime::{Class, Context, List, Module, Result, Value};

use super::{BY_VALUE, MEMBER_MAP, MEMBER_NAMES, MODULE, flags, kept, member, without_members};
use crate::support::{self, given_class, one};

/// Which class of Python's `enum` an enumeration derives from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnumKind {
    /// `Enum`: values of any kind.
    Enum,
    /// `IntEnum`: members are ints.
    IntEnum,
    /// `StrEnum`: members are strings.
    StrEnum,
    /// `Flag`: bits that combine; others than those of the members are refused.
    Flag,
    /// `IntFlag`: bits that combine and are ints; others are kept.
    IntFlag,
}

/// An enum under definition. Its members are pickled by value, as `enum.Enum` does it, or by name.
///
/// # Examples
///
/// ```
/// use halfsour_runtime::{Runtime, Value};
/// use halfsour_stdlib::enumeration::{EnumKind, Enumeration};
///
/// let mut runtime = Runtime::python3();
/// runtime.try_enter(|ctx| {
///     halfsour_stdlib::install(ctx)?;
///     let kitchen = ctx.new_module("kitchen")?;
///     let taste = Enumeration::new("Taste", EnumKind::Flag)
///         .member("SOUR", Value::Int(1))
///         .member("SALTY", Value::Int(2));
///     let taste = Value::from(taste.define(ctx, kitchen)?);
///     let both = taste.call(ctx, (3,))?;
///     assert_eq!(both.repr(ctx)?.to::<String>(ctx)?, "<Taste.SOUR|SALTY: 3>");
///     assert!(taste.get_attr(ctx, "SOUR")?.is(taste.call(ctx, (1,))?));
///     Ok(())
/// })?;
/// # Ok::<(), halfsour_runtime::Uncaught>(())
/// ```
#[derive(Debug)]
#[must_use]
pub struct Enumeration<'gc> {
    name: String,
    qualname: Option<String>,
    kind: EnumKind,
    members: Vec<(String, Value<'gc>)>,
    by_global_name: bool,
    shown_in_module: bool,
}

impl<'gc> Enumeration<'gc> {
    /// Begins an enum.
    pub fn new(name: &str, kind: EnumKind) -> Self {
        Self {
            name: name.to_owned(),
            qualname: None,
            kind,
            members: Vec::new(),
            by_global_name: false,
            shown_in_module: false,
        }
    }

    /// Adds a member; one with the value of another is an alias of that.
    pub fn member(mut self, name: &str, value: Value<'gc>) -> Self {
        self.members.push((name.to_owned(), value));
        self
    }

    /// Lets members be pickled as globals of the module (Python's `enum.pickle_by_global_name`), and puts them there.
    pub fn by_global_name(mut self) -> Self {
        self.by_global_name = true;
        self
    }

    /// Lets flags be shown as globals of the module: `re.IGNORECASE|re.MULTILINE`.
    pub fn shown_in_module(mut self) -> Self {
        self.shown_in_module = true;
        self
    }

    /// Sets `__qualname__`, for an enum that is defined inside a class.
    pub fn qualname(mut self, qualname: &str) -> Self {
        self.qualname = Some(qualname.to_owned());
        self
    }

    /// Makes the class and puts it into its module.
    ///
    /// # Errors
    ///
    /// As [`build`](Self::build).
    pub fn define(self, ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, Class<'gc>> {
        let by_global_name = self.by_global_name;
        let class = self.build(ctx, &module.name(ctx))?;
        if by_global_name {
            for (name, member) in kept(ctx, class, MEMBER_MAP)?.entries() {
                module.set(ctx, support::text(name).as_str(), member)?;
            }
        }
        module.class_named(ctx, class)?;
        Ok(class)
    }

    /// Makes the class, in a module of this name.
    ///
    /// # Errors
    ///
    /// `ImportError` if the library is not installed or the dialect has no `enum`; `TypeError` if a value cannot be one
    /// of this kind.
    pub fn build(self, ctx: Context<'gc>, module: &str) -> Result<'gc, Class<'gc>> {
        let class = without_members(ctx, self.bare(ctx, module)?)?;
        let names = List::new(ctx);
        for (order, (name, value)) in self.members.iter().enumerate() {
            let shared = ctx.intern(name);
            let made = match kept(ctx, class, BY_VALUE)?.get(ctx, *value)? {
                Some(alias) => alias,
                None => {
                    let made = member(ctx, class, shared.value(), *value)?;
                    if let Some(namespace) = made.dict(ctx) {
                        let order = Value::int(ctx, order.into());
                        namespace.insert_name(ctx, ctx.intern("__objclass__"), class.into())?;
                        namespace.insert_name(ctx, ctx.intern("_sort_order_"), order)?;
                    }
                    names.push(ctx, shared.value());
                    kept(ctx, class, BY_VALUE)?.insert(ctx, *value, made.into())?;
                    made.into()
                }
            };
            kept(ctx, class, MEMBER_MAP)?.insert_name(ctx, shared, made)?;
            class.define(ctx, name, made)?;
        }
        class.define(ctx, MEMBER_NAMES, names)?;
        Ok(class)
    }

    /// The class without members.
    fn bare(&self, ctx: Context<'gc>, module: &str) -> Result<'gc, Class<'gc>> {
        let base = match self.kind {
            EnumKind::Enum => "Enum",
            EnumKind::IntEnum => "IntEnum",
            EnumKind::StrEnum => "StrEnum",
            EnumKind::Flag => "Flag",
            EnumKind::IntFlag => "IntFlag",
        };
        let base = given_class(ctx, ctx.import_from(MODULE, base)?)?;
        let mut builder = support::python_class(ctx, module, &self.name).base(base);
        if let Some(qualname) = &self.qualname {
            builder = builder.attr("__qualname__", qualname.as_str());
        }
        if self.by_global_name {
            builder = builder.method("__reduce_ex__", |ctx, this, args| {
                one(&args, "__reduce_ex__")?;
                this.get_attr(ctx, super::NAME)
            });
        }
        if self.shown_in_module {
            builder = builder.method("__repr__", |ctx, this, _| flags::show_in_module(ctx, this));
        }
        builder.build()
    }
}
