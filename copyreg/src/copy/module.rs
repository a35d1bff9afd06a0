//! The Python-visible module `copy`.

use halfsour_runtime::{Args, Context, Dialect, Error, List, Module, Result, Value, exc};

use super::memo::Memo;
use super::{ERROR, deep, shallow};

/// Registers the module `copy`, so that `import copy` finds it.
///
/// # Errors
///
/// `MemoryError`, in theory only.
///
/// # Examples
///
/// ```
/// use halfsour_copyreg::copy;
/// use halfsour_runtime::{List, Runtime, Value};
///
/// let mut runtime = Runtime::python2();
/// runtime.try_enter(|ctx| {
///     copy::install(ctx)?;
///     let list = Value::from(List::new(ctx));
///     let copied = ctx.import("copy")?.call_method(ctx, "deepcopy", (list,))?;
///     assert!(!copied.is(list));
///     Ok(())
/// })?;
/// # Ok::<(), halfsour_runtime::Uncaught>(())
/// ```
pub fn install<'gc>(ctx: Context<'gc>) -> Result<'gc, Module<'gc>> {
    let module = ctx.new_module("copy")?;
    let error = Value::from(ctx.exception_class(&ERROR));
    module.set(ctx, "Error", error)?;
    module.set(ctx, "error", error)?;
    module.function(ctx, "copy", |ctx, args| {
        let [object] = args.bind("copy", ["x"], 1)?;
        shallow::copy(ctx, object.unwrap_or(Value::None))
    })?;
    module.function(ctx, "deepcopy", |ctx, args| deepcopy(ctx, &args))?;
    let mut names = vec!["Error", "copy", "deepcopy"];
    if ctx.dialect() == Dialect::Python3 {
        module.function(ctx, "replace", replace)?;
        names.push("replace");
    }
    let names: Vec<Value<'gc>> = names.into_iter().map(|name| ctx.str(name)).collect();
    module.set(ctx, ctx.names().all, List::from_vec(ctx, names))?;
    Ok(module)
}

/// `deepcopy(x, memo=None)`.
fn deepcopy<'gc>(ctx: Context<'gc>, args: &Args<'gc>) -> Result<'gc> {
    let [object, memo] = args.bind("deepcopy", ["x", "memo"], 1)?;
    let memo = match memo {
        None | Some(Value::None) => Memo::private(),
        Some(memo) => Memo::shown(memo),
    };
    deep::deepcopy(ctx, object.unwrap_or(Value::None), memo)
}

/// `replace(obj, /, **changes)`: a new object with some fields replaced, by its class's `__replace__`.
fn replace<'gc>(ctx: Context<'gc>, args: Args<'gc>) -> Result<'gc> {
    let &[object] = args.positional() else {
        let message = match args.positional().len() {
            0 => "replace() missing 1 required positional argument: 'obj'".to_owned(),
            n => format!("replace() takes 1 positional argument but {n} were given"),
        };
        return Err(Error::new(&exc::TYPE_ERROR, message));
    };
    let class = object.get_attr(ctx, ctx.names().class)?;
    match class.find_attr(ctx, "__replace__")? {
        Some(hook) if !hook.is_none() => hook.call(ctx, args),
        _ => {
            let name: String = class.get_attr(ctx, ctx.names().name)?.to(ctx)?;
            let message = format!("replace() does not support {name} objects");
            Err(Error::new(&exc::TYPE_ERROR, message))
        }
    }
}
