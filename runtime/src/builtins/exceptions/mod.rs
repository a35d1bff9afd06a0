//! The built-in exceptions: their classes, and how one is made.

mod base;
mod environment;
mod group;
mod hierarchy;
mod python3;
mod syntax;
mod unicode;

use crate::args::Args;
use crate::class::{Class, ExceptionKind, Layout};
use crate::context::Context;
use crate::error::Result;
use crate::exception::ExceptionState;
use crate::instance::{Instance, Payload};
use crate::types::Tuple;
use crate::value::Value;

use super::arguments::refuse_keywords;
use super::define::{Define, MethodFn};

/// Makes the classes of the hierarchy and gives them their methods.
pub(super) fn install(ctx: Context<'_>) {
    for class in hierarchy::define(ctx) {
        let kind = kind_of(class);
        let new = if kind == ExceptionKind::Group { group::new } else { new };
        let define = Define::new(ctx, class).new_with(new).special("__init__", init(kind));
        if class.traits().solid {
            install_kind(ctx, define, kind);
        } else if class.name() == "KeyError" {
            define.special("__str__", base::key_error_str);
        }
    }
}

fn kind_of(class: Class<'_>) -> ExceptionKind {
    match class.layout() {
        Layout::Exception(kind) => kind,
        _ => ExceptionKind::Plain,
    }
}

fn install_kind<'gc>(ctx: Context<'gc>, define: Define<'gc>, kind: ExceptionKind) {
    match kind {
        ExceptionKind::Plain => base::install(ctx, define),
        ExceptionKind::Environment => environment::install(ctx, define),
        ExceptionKind::Syntax => syntax::install(ctx, define),
        ExceptionKind::SystemExit => {
            define.getset("code", member::<0>, Some(set_member::<0>));
        }
        ExceptionKind::UnicodeDecode
        | ExceptionKind::UnicodeEncode
        | ExceptionKind::UnicodeTranslate => unicode::install(define, kind),
        ExceptionKind::Import
        | ExceptionKind::Attribute
        | ExceptionKind::Name
        | ExceptionKind::StopIteration => python3::install(define, kind),
        ExceptionKind::Group => group::install(define),
    }
}

/// Returns the built-in exception class of a name, under the name that the dialect has for it.
pub(crate) fn find<'gc>(ctx: Context<'gc>, name: &str) -> Class<'gc> {
    let name = hierarchy::name_in(ctx.dialect(), name);
    let known = ctx.state.builtin_exceptions.borrow();
    known.iter().copied().find(|class| class.name() == name).unwrap_or(ctx.types().base_exception)
}

/// Returns the built-in exception classes, with the names under which the dialect knows them.
pub(super) fn all(ctx: Context<'_>) -> Vec<(String, Class<'_>)> {
    let known = ctx.state.builtin_exceptions.borrow();
    let own = known.iter().map(|class| (class.name(), *class));
    let aliases = hierarchy::aliases(ctx.dialect());
    own.chain(aliases.iter().map(|(alias, _)| ((*alias).to_owned(), find(ctx, alias)))).collect()
}

/// Returns an exception as the built-in class that its class derives from makes it.
pub(crate) fn make<'gc>(ctx: Context<'gc>, class: Class<'gc>, args: Tuple<'gc>) -> Instance<'gc> {
    let exception = bare(ctx, class);
    let args = Args::new(args.as_slice());
    // Arguments that the class refuses (UnicodeDecodeError wants five) stay in `args`.
    if initialize(ctx, kind_of(class), exception.into(), &args).is_err()
        && let Some(state) = ExceptionState::of(exception.into())
    {
        state.set_args(ctx, args.to_tuple(ctx));
    }
    exception
}

fn bare<'gc>(ctx: Context<'gc>, class: Class<'gc>) -> Instance<'gc> {
    let state = ExceptionState::new(ctx, Tuple::new(ctx, &[]));
    Instance::with_payload(ctx, class, Payload::Exception(state))
}

/// `BaseException.__new__`: 2.7 leaves `args` to `__init__`, Python 3 sets it here already.
fn new<'gc>(ctx: Context<'gc>, class: Class<'gc>, args: Args<'gc>) -> Result<'gc> {
    let class = match ctx.dialect() {
        crate::dialect::Dialect::Python2 => class,
        crate::dialect::Dialect::Python3 => environment::class_for(ctx, class, &args),
    };
    let exception = bare(ctx, class);
    if ctx.dialect() == crate::dialect::Dialect::Python3 {
        state_of(ctx, exception.into())?.set_args(ctx, args.to_tuple(ctx));
    }
    Ok(exception.into())
}

/// `__init__` of a class: its own, not that of the class of the exception, which may derive from several.
fn init(kind: ExceptionKind) -> MethodFn {
    macro_rules! init_of {
        ($($kind:ident)*) => {
            match kind {
                $(ExceptionKind::$kind => |ctx, this, args| {
                    initialize(ctx, ExceptionKind::$kind, this, &args)?;
                    Ok(Value::None)
                },)*
            }
        };
    }
    init_of!(
        Plain Environment Syntax SystemExit UnicodeDecode UnicodeEncode UnicodeTranslate Import Attribute Name
        StopIteration Group
    )
}

/// What `__init__` of the built-in class does that decides what the exception holds.
fn initialize<'gc>(
    ctx: Context<'gc>,
    kind: ExceptionKind,
    this: Value<'gc>,
    args: &Args<'gc>,
) -> Result<'gc, ()> {
    let state = state_of(ctx, this)?;
    let takes_keywords =
        matches!(kind, ExceptionKind::Import | ExceptionKind::Attribute | ExceptionKind::Name);
    if !takes_keywords {
        refuse_keywords(ctx, args, &this.type_name(ctx))?;
    }
    base::initialize(ctx, state, args);
    match kind {
        ExceptionKind::Plain | ExceptionKind::Group => Ok(()),
        ExceptionKind::Environment => environment::initialize(ctx, this, state, args.positional()),
        ExceptionKind::Syntax => syntax::initialize(ctx, state, args.positional()),
        ExceptionKind::SystemExit => {
            state.set_member(ctx, 0, one_or_all(ctx, args));
            Ok(())
        }
        ExceptionKind::UnicodeDecode
        | ExceptionKind::UnicodeEncode
        | ExceptionKind::UnicodeTranslate => {
            unicode::initialize(ctx, kind, state, args.positional())
        }
        ExceptionKind::Import
        | ExceptionKind::Attribute
        | ExceptionKind::Name
        | ExceptionKind::StopIteration => python3::initialize(ctx, kind, state, args),
    }
}

/// The only argument, or all of them as a tuple.
fn one_or_all<'gc>(ctx: Context<'gc>, args: &Args<'gc>) -> Option<Value<'gc>> {
    match args.positional() {
        [] => None,
        [one] => Some(*one),
        _ => Some(args.to_tuple(ctx).into()),
    }
}

/// What an exception holds.
fn state_of<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, ExceptionState<'gc>> {
    ExceptionState::of(this).ok_or_else(|| crate::convert::expected(ctx, "exception", this))
}

/// Reads the attribute at an index; `None` while it is unset, as in CPython.
fn member<'gc, const INDEX: usize>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    Ok(state_of(ctx, this)?.member(INDEX).unwrap_or(Value::None))
}

fn set_member<'gc, const INDEX: usize>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    value: Option<Value<'gc>>,
) -> Result<'gc, ()> {
    state_of(ctx, this)?.set_member(ctx, INDEX, value);
    Ok(())
}
