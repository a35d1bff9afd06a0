//! `dict`: its methods and operators.

mod update;
mod views;

pub(super) use self::views::install as install_views;

use super::arguments::{between, none, one, operands, receiver};
use super::define::{Define, MethodFn, wrap};
use crate::args::Args;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::instance::{Instance, Payload};
use crate::iter::{DictPart, Iter, IterState};
use crate::types::{Dict, List, Tuple};
use crate::value::Value;

/// Defines the methods of `dict`.
pub(super) fn install<'gc>(ctx: Context<'gc>) {
    let define = Define::new(ctx, ctx.types().dict)
        .new_with(|ctx, class, _| Ok(wrap(ctx, class, Dict::new(ctx))))
        .special("__init__", |ctx, this, args| {
            update::update(ctx, this, own(ctx, this)?, &args, "dict")?;
            Ok(Value::None)
        });
    items(define);
    methods(define);
    removing(define);
    match ctx.dialect() {
        Dialect::Python2 => parts_of_python2(define),
        Dialect::Python3 => parts_of_python3(define),
    }
    super::comparison::install_without_order(define);
    super::comparison::install_three_way(define);
    super::comparison::refuse_hash(define);
}

fn own<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Dict<'gc>> {
    receiver(ctx, this, this.as_dict())
}

fn items(define: Define<'_>) {
    define
        .method("__contains__", |ctx, this, args| {
            let key = one(&args, "__contains__")?;
            Ok(Value::Bool(own(ctx, this)?.contains(ctx, key)?))
        })
        .method("__getitem__", |ctx, this, args| get_item(ctx, this, one(&args, "__getitem__")?))
        .special("__setitem__", |ctx, this, args| {
            let [key, value] = operands(&args, "__setitem__")?;
            own(ctx, this)?.insert(ctx, key, value)?;
            Ok(Value::None)
        })
        .special("__delitem__", |ctx, this, args| {
            let [key] = operands(&args, "__delitem__")?;
            match own(ctx, this)?.remove(ctx, key)? {
                Some(_) => Ok(Value::None),
                None => Err(Error::with_args(&exc::KEY_ERROR, &[key])),
            }
        })
        .special("__iter__", |ctx, this, args| {
            let [] = operands(&args, "__iter__")?;
            iterator(ctx, this, DictPart::Keys)
        })
        .special("__len__", |ctx, this, args| {
            let [] = operands(&args, "__len__")?;
            Ok(Value::Int(own(ctx, this)?.len() as i64))
        });
}

/// `dict[key]`: a subclass may answer for a missing key by `__missing__`.
fn get_item<'gc>(ctx: Context<'gc>, this: Value<'gc>, key: Value<'gc>) -> Result<'gc> {
    if let Some(found) = own(ctx, this)?.get(ctx, key)? {
        return Ok(found);
    }
    if let Value::Instance(_) = this
        && let Some(hook) = this.special(ctx, ctx.names().missing)?
    {
        return hook.call(ctx, (key,));
    }
    Err(Error::with_args(&exc::KEY_ERROR, &[key]))
}

fn methods(define: Define<'_>) {
    define
        .method("copy", |ctx, this, args| {
            none(&args, "copy")?;
            Ok(own(ctx, this)?.shallow_copy(ctx).into())
        })
        .class_method("fromkeys", |ctx, class, args| {
            let args = between(&args, "fromkeys", 1, 2)?;
            from_keys(ctx, class, args[0], args.get(1).copied().unwrap_or(Value::None))
        })
        .method("get", |ctx, this, args| {
            let args = between(&args, "get", 1, 2)?;
            let found = own(ctx, this)?.get(ctx, args[0])?;
            Ok(found.unwrap_or(args.get(1).copied().unwrap_or(Value::None)))
        })
        .method("setdefault", |ctx, this, args| {
            let args = between(&args, "setdefault", 1, 2)?;
            let dict = own(ctx, this)?;
            if let Some(found) = dict.get(ctx, args[0])? {
                return Ok(found);
            }
            let default = args.get(1).copied().unwrap_or(Value::None);
            dict.insert(ctx, args[0], default)?;
            Ok(default)
        })
        .method("update", |ctx, this, args| {
            update::update(ctx, this, own(ctx, this)?, &args, "update")?;
            Ok(Value::None)
        });
}

fn removing(define: Define<'_>) {
    define
        .method("clear", |ctx, this, args| {
            none(&args, "clear")?;
            own(ctx, this)?.clear(ctx);
            Ok(Value::None)
        })
        .method("pop", |ctx, this, args| {
            let args = between(&args, "pop", 1, 2)?;
            let found = own(ctx, this)?.remove(ctx, args[0])?;
            found
                .or(args.get(1).copied())
                .ok_or_else(|| Error::with_args(&exc::KEY_ERROR, &[args[0]]))
        })
        .method("popitem", |ctx, this, args| {
            none(&args, "popitem")?;
            match own(ctx, this)?.pop_entry(ctx) {
                Some((key, value)) => Ok(Tuple::new(ctx, &[key, value]).into()),
                None => Err(Error::new(&exc::KEY_ERROR, "popitem(): dictionary is empty")),
            }
        });
}

/// `dict.fromkeys`: what the class makes of no arguments is filled through its own `__setitem__`.
fn from_keys<'gc>(
    ctx: Context<'gc>,
    class: Value<'gc>,
    keys: Value<'gc>,
    value: Value<'gc>,
) -> Result<'gc> {
    let made = class.call(ctx, ())?;
    let keys = keys.iter(ctx)?;
    while let Some(key) = keys.next(ctx)? {
        match made {
            Value::Dict(dict) => dict.insert(ctx, key, value)?,
            other => other.set_item(ctx, key, value)?,
        }
    }
    Ok(made)
}

fn iterator<'gc>(ctx: Context<'gc>, this: Value<'gc>, part: DictPart) -> Result<'gc> {
    let state = IterState::dict(own(ctx, this)?, part);
    Ok(Iter::builtin(ctx, state).into_object(ctx))
}

fn list<'gc>(ctx: Context<'gc>, this: Value<'gc>, part: DictPart) -> Result<'gc> {
    let entries = own(ctx, this)?.entries().into_iter();
    let items = match part {
        DictPart::Keys => entries.map(|(key, _)| key).collect(),
        DictPart::Values => entries.map(|(_, value)| value).collect(),
        DictPart::Items => {
            entries.map(|(key, value)| Tuple::new(ctx, &[key, value]).into()).collect()
        }
    };
    Ok(List::from_vec(ctx, items).into())
}

fn view<'gc>(ctx: Context<'gc>, this: Value<'gc>, part: DictPart) -> Result<'gc> {
    let types = ctx.types();
    let class = match part {
        DictPart::Keys => types.dict_keys,
        DictPart::Values => types.dict_values,
        DictPart::Items => types.dict_items,
    };
    let payload = Payload::DictView(own(ctx, this)?, part);
    Ok(Instance::with_payload(ctx, class, payload).into())
}

fn parts_of_python2(define: Define<'_>) {
    let methods: [(&'static str, MethodFn); 10] = [
        ("has_key", |ctx, this, args| {
            let key = one(&args, "has_key")?;
            Ok(Value::Bool(own(ctx, this)?.contains(ctx, key)?))
        }),
        ("items", |ctx, this, args| list(ctx, this, unargued(args, "items", DictPart::Items)?)),
        ("iteritems", |ctx, this, args| {
            iterator(ctx, this, unargued(args, "iteritems", DictPart::Items)?)
        }),
        ("iterkeys", |ctx, this, args| {
            iterator(ctx, this, unargued(args, "iterkeys", DictPart::Keys)?)
        }),
        ("itervalues", |ctx, this, args| {
            iterator(ctx, this, unargued(args, "itervalues", DictPart::Values)?)
        }),
        ("keys", |ctx, this, args| list(ctx, this, unargued(args, "keys", DictPart::Keys)?)),
        ("values", |ctx, this, args| list(ctx, this, unargued(args, "values", DictPart::Values)?)),
        ("viewitems", |ctx, this, args| {
            view(ctx, this, unargued(args, "viewitems", DictPart::Items)?)
        }),
        ("viewkeys", |ctx, this, args| {
            view(ctx, this, unargued(args, "viewkeys", DictPart::Keys)?)
        }),
        ("viewvalues", |ctx, this, args| {
            view(ctx, this, unargued(args, "viewvalues", DictPart::Values)?)
        }),
    ];
    for (name, code) in methods {
        define.method(name, code);
    }
}

fn parts_of_python3(define: Define<'_>) {
    define
        .method("items", |ctx, this, args| {
            view(ctx, this, unargued(args, "items", DictPart::Items)?)
        })
        .method("keys", |ctx, this, args| view(ctx, this, unargued(args, "keys", DictPart::Keys)?))
        .method("values", |ctx, this, args| {
            view(ctx, this, unargued(args, "values", DictPart::Values)?)
        })
        .special("__or__", |ctx, this, args| {
            let [other] = operands(&args, "__or__")?;
            join(ctx, this, other)
        })
        .special("__ror__", |ctx, this, args| {
            let [other] = operands(&args, "__ror__")?;
            join(ctx, other, this)
        })
        .special("__ior__", |ctx, this, args| {
            let [other] = operands(&args, "__ior__")?;
            update::update(ctx, this, own(ctx, this)?, &Args::new(&[other]), "update")?;
            Ok(this)
        });
}

/// Python 3's `dict | dict`.
fn join<'gc>(ctx: Context<'gc>, left: Value<'gc>, right: Value<'gc>) -> Result<'gc> {
    let (Some(left), Some(right)) = (left.as_dict(), right.as_dict()) else {
        return Ok(Value::NotImplemented);
    };
    let joined = left.shallow_copy(ctx);
    for (key, value) in right.entries() {
        joined.insert(ctx, key, value)?;
    }
    Ok(joined.into())
}

fn unargued<'gc>(args: Args<'gc>, name: &str, part: DictPart) -> Result<'gc, DictPart> {
    none(&args, name)?;
    Ok(part)
}
