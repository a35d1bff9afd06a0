//! How `object.__reduce_ex__` takes an object apart: the pieces that it consists of.
//!
//! Source of the rules: the Python documentation, "The pickle protocol"; PEP 307; details measured on 2.7.18 and
//! 3.13.0.

use crate::class::{Class, Layout};
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::hash_order;
use crate::name::Name;
use crate::types::{Dict, List, Tuple};
use crate::value::Value;

/// Returns what `object.__reduce_ex__(protocol)` returns for an object whose class overrides neither it nor
/// `__reduce__`.
///
/// Below protocol 2 that is what `copy_reg._reduce_ex` makes of it; from 2 on a call of `copy_reg.__newobj__`
/// (Python 3: or `__newobj_ex__`) with the object's state, list items and dict items.
///
/// # Errors
///
/// `TypeError` if the object cannot be reduced or a hook returns something of the wrong type; `ImportError` if the
/// module `copy_reg` is not installed; whatever a hook raises.
pub fn default_reduce<'gc>(ctx: Context<'gc>, object: Value<'gc>, protocol: i64) -> Result<'gc> {
    if protocol < 2 {
        let copy_reg = ctx.import(ctx.dialect().copyreg_module())?;
        return copy_reg.call_method(ctx, "_reduce_ex", (object, protocol));
    }
    let class = object.type_of(ctx);
    refuse_variable_size(ctx, class)?;
    if crate::call::constructor(ctx, class).is_none() {
        return Err(not_reducible(ctx, &class.name()));
    }
    let (function, args, has_args) = construction(ctx, object)?;
    let state = state_of(ctx, object, has_args)?;
    let list_items = match object.as_list() {
        Some(_) => object.iter(ctx)?.into_object(ctx),
        None => Value::None,
    };
    let dict_items = match object.as_dict() {
        Some(_) => dict_items(ctx, object)?,
        None => Value::None,
    };
    Ok(Tuple::new(ctx, &[function, args.into(), state, list_items, dict_items]).into())
}

/// The hint of errors for objects that cannot be reduced, such as open files.
pub const LEAVE_OUT: &str = "leave it out of its owner's state (__getstate__) and make it again in __setstate__, register a \
                             function that reduces it (copy_reg.pickle), or name it from outside (Pickler::persistent_id)";

/// Returns the `TypeError` for an object whose class, named `class`, has no way to make it again.
#[cold]
#[must_use]
pub fn not_reducible<'gc>(ctx: Context<'gc>, class: &str) -> Error<'gc> {
    let message = match ctx.dialect() {
        Dialect::Python2 => format!("can't pickle {class} objects"),
        Dialect::Python3 => format!("cannot pickle '{class}' object"),
    };
    Error::new(&exc::TYPE_ERROR, message).with_hint(LEAVE_OUT)
}

/// What the object is made of again: the function to call, its arguments, and whether hooks gave any.
fn construction<'gc>(
    ctx: Context<'gc>,
    object: Value<'gc>,
) -> Result<'gc, (Value<'gc>, Tuple<'gc>, bool)> {
    let class = match ctx.dialect() {
        Dialect::Python2 => object.get_attr(ctx, ctx.names().class)?,
        Dialect::Python3 => object.type_of(ctx).into(),
    };
    let given = new_arguments(ctx, object)?;
    let copy_reg = ctx.import(ctx.dialect().copyreg_module())?;
    let (args, keywords) = given.unwrap_or((Tuple::new(ctx, &[]), None));
    match keywords.filter(|keywords| !keywords.is_empty()) {
        None => {
            let mut all = vec![class];
            all.extend_from_slice(args.as_slice());
            let function = copy_reg.get_attr(ctx, "__newobj__")?;
            Ok((function, Tuple::from_vec(ctx, all), given.is_some()))
        }
        Some(keywords) => {
            let all = Tuple::new(ctx, &[class, args.into(), keywords.into()]);
            Ok((copy_reg.get_attr(ctx, "__newobj_ex__")?, all, true))
        }
    }
}

/// Returns the arguments for `__new__` that `__getnewargs_ex__` (Python 3) or `__getnewargs__` gives; `None` if the
/// object has neither.
///
/// # Errors
///
/// `TypeError` or `ValueError` if the hook does not return what it should; whatever it raises.
pub fn new_arguments<'gc>(
    ctx: Context<'gc>,
    object: Value<'gc>,
) -> Result<'gc, Option<(Tuple<'gc>, Option<Dict<'gc>>)>> {
    if ctx.dialect() == Dialect::Python3
        && let Some(hook) = object.special(ctx, ctx.names().getnewargs_ex)?
    {
        let (args, keywords) = checked_pair(ctx, hook.call(ctx, ())?)?;
        return Ok(Some((args, Some(keywords))));
    }
    let hook = match ctx.dialect() {
        Dialect::Python2 => find(ctx, object, ctx.names().getnewargs)?,
        // As a special method: an instance has no say.
        Dialect::Python3 => object.special(ctx, ctx.names().getnewargs)?,
    };
    let Some(hook) = hook else { return Ok(None) };
    let args = hook.call(ctx, ())?;
    match args.as_tuple() {
        Some(args) => Ok(Some((args, None))),
        None => {
            let got = args.type_name(ctx);
            let message = format!("__getnewargs__ should return a tuple, not '{got}'");
            Err(Error::new(&exc::TYPE_ERROR, message))
        }
    }
}

fn checked_pair<'gc>(
    ctx: Context<'gc>,
    result: Value<'gc>,
) -> Result<'gc, (Tuple<'gc>, Dict<'gc>)> {
    let refuse = |message: String| Err(Error::new(&exc::TYPE_ERROR, message));
    let Some(pair) = result.as_tuple() else {
        let got = result.type_name(ctx);
        return refuse(format!("__getnewargs_ex__ should return a tuple, not '{got}'"));
    };
    let &[args, keywords] = pair.as_slice() else {
        let length = pair.len();
        let message = format!("__getnewargs_ex__ should return a tuple of length 2, not {length}");
        return Err(Error::new(&exc::VALUE_ERROR, message));
    };
    let place = "item of the tuple returned by __getnewargs_ex__ must be a";
    let Some(args) = args.as_tuple() else {
        return refuse(format!("first {place} tuple, not '{}'", args.type_name(ctx)));
    };
    match keywords.as_dict() {
        Some(keywords) => Ok((args, keywords)),
        None => refuse(format!("second {place} dict, not '{}'", keywords.type_name(ctx))),
    }
}

/// Returns the state of an object whose reduction has no arguments: what its `__getstate__` returns, or what
/// [`default_state`] finds.
///
/// It is the third part of what `object.__reduce_ex__(2)` returns.
///
/// # Errors
///
/// `TypeError` if Python 3 refuses the object, as its content would be lost; whatever `__getstate__` raises.
pub fn state<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc> {
    state_of(ctx, object, false)
}

/// The same, whether or not the reduction has arguments, which carry what the state may lack.
fn state_of<'gc>(ctx: Context<'gc>, object: Value<'gc>, has_args: bool) -> Result<'gc> {
    let name = ctx.names().getstate;
    if !object.type_of(ctx).leaves_to_object(ctx, name)
        && let Some(state) = object.call_function_of_class(ctx, name, ())
    {
        return state;
    }
    match find(ctx, object, name)? {
        Some(hook) if !is_default_getstate(ctx, hook) => hook.call(ctx, ()),
        _ => {
            if ctx.dialect() == Dialect::Python3 && !has_args {
                refuse_content(ctx, object)?;
            }
            default_state(ctx, object)
        }
    }
}

fn is_default_getstate<'gc>(ctx: Context<'gc>, hook: Value<'gc>) -> bool {
    let Value::Builtin(hook) = hook else {
        return false;
    };
    let own = ctx.types().object.lookup(ctx, ctx.names().getstate);
    own.is_some_and(|own| crate::descriptor::is_code_of(own, hook))
}

/// Python 3 refuses objects of types whose instances differ in size, in words of their own.
fn refuse_variable_size<'gc>(ctx: Context<'gc>, class: Class<'gc>) -> Result<'gc, ()> {
    let types = ctx.types();
    if ctx.dialect() == Dialect::Python3 && (class.is(types.memoryview) || class.is(types.code)) {
        let message = format!("cannot pickle {} objects", class.name());
        return Err(Error::new(&exc::TYPE_ERROR, message));
    }
    Ok(())
}

/// Python 3 refuses objects whose content neither arguments nor items carry.
fn refuse_content<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, ()> {
    match object.type_of(ctx).layout() {
        Layout::Object | Layout::List | Layout::Dict | Layout::Native | Layout::Exception(_) => {
            Ok(())
        }
        _ => {
            let message = format!("cannot pickle '{}' object", object.type_name(ctx));
            Err(Error::new(&exc::TYPE_ERROR, message))
        }
    }
}

/// Returns the state of an object without `__getstate__`: its `__dict__`, or a pair of that and a dict of the slots
/// that are set, or None if it has neither (Python 3's `object.__getstate__`; 3.13 gives None for an empty
/// `__dict__`).
///
/// # Errors
///
/// What looking up the names of the slots raises.
pub fn default_state<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc> {
    let names = ctx.names();
    let dict = match ctx.dialect() {
        Dialect::Python2 => object.get_attr(ctx, names.dict).unwrap_or(Value::None),
        Dialect::Python3 => match object.find_attr(ctx, names.dict)? {
            Some(dict) if dict.as_dict().is_none_or(|dict| !dict.is_empty()) => dict,
            _ => Value::None,
        },
    };
    let class = match ctx.dialect() {
        Dialect::Python2 => object.get_attr(ctx, names.class)?,
        Dialect::Python3 => object.type_of(ctx).into(),
    };
    let slots = slot_state(ctx, object, class)?;
    match slots {
        Some(slots) => Ok(Tuple::new(ctx, &[dict, slots.into()]).into()),
        None => Ok(dict),
    }
}

/// Returns a dict of the slots of `class` that are set in the object; `None` if none is.
///
/// # Errors
///
/// What looking up the names of the slots raises; in Python 3, what reading one raises, unless it is
/// `AttributeError`.
pub fn slot_state<'gc>(
    ctx: Context<'gc>,
    object: Value<'gc>,
    class: Value<'gc>,
) -> Result<'gc, Option<Dict<'gc>>> {
    let Value::Class(class) = class else {
        return Ok(None);
    };
    let Some(names) = slot_names(ctx, class)? else {
        return Ok(None);
    };
    let mut found = Vec::new();
    // A copy: reading a slot may run code that changes the list.
    for name in names.to_vec() {
        let Some(attribute) = ctx.name_of(name) else { continue };
        if found.iter().any(|(known, _, _): &(Name<'gc>, _, _)| known.is(attribute)) {
            continue;
        }
        if let Some(value) = find(ctx, object, attribute)? {
            found.push((attribute, name, value));
        }
    }
    if ctx.dialect() == Dialect::Python2 {
        let keys: Vec<&[u8]> = found.iter().map(|(attribute, _, _)| attribute.as_slice()).collect();
        found = hash_order::order(&keys).into_iter().map(|at| found[at]).collect();
    }
    let slots = Dict::new(ctx);
    for (_, name, value) in found {
        slots.insert(ctx, name, value)?;
    }
    Ok(if slots.is_empty() { None } else { Some(slots) })
}

/// Returns the names of the slots of a class and its bases: the list that the class keeps as `__slotnames__`, or else
/// what `copy_reg._slotnames` finds, which keeps it there.
///
/// # Errors
///
/// `TypeError` if `copy_reg._slotnames` returns neither a list nor None; `ImportError` if there is no `copy_reg`.
pub fn slot_names<'gc>(ctx: Context<'gc>, class: Class<'gc>) -> Result<'gc, Option<List<'gc>>> {
    if let Some(known) = class.dict().get_name(ctx, ctx.names().slotnames)
        && let Some(known) = known.as_list()
    {
        return Ok(Some(known));
    }
    let module = ctx.dialect().copyreg_module();
    let found = ctx.import(module)?.call_method(ctx, "_slotnames", (class,))?;
    match (found.as_list(), found.is_none()) {
        (Some(names), _) => Ok(Some(names)),
        (None, true) => Ok(None),
        (None, false) => {
            let message = format!("{module}._slotnames didn't return a list or None");
            Err(Error::new(&exc::TYPE_ERROR, message))
        }
    }
}

fn dict_items<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc> {
    match ctx.dialect() {
        Dialect::Python2 => object.call_method(ctx, ctx.names().iteritems, ()),
        Dialect::Python3 => {
            let items = object.call_method(ctx, ctx.names().items, ())?;
            Ok(items.iter(ctx)?.into_object(ctx))
        }
    }
}

/// An attribute, if there is one: 2.7 takes any exception for its absence here, Python 3 only `AttributeError`.
fn find<'gc>(
    ctx: Context<'gc>,
    object: Value<'gc>,
    name: Name<'gc>,
) -> Result<'gc, Option<Value<'gc>>> {
    match ctx.dialect() {
        Dialect::Python2 => Ok(object.get_attr(ctx, name).ok()),
        Dialect::Python3 => object.find_attr(ctx, name),
    }
}
