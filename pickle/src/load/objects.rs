//! Making objects: INST, OBJ, REDUCE, NEWOBJ.

use std::borrow::Cow;

use halfsour_runtime::{Args, ClassicClass, ClassicInstance, Error, Instance, Result, Value, exc};

use super::globals::GlobalName;
use super::opaque::{Call, is_opaque};
use super::{Machine, account, hints};
use crate::flavour::Flavour;
use crate::opaque::MadeBy;
use crate::tools::Use;

impl<'gc> Machine<'_, 'gc> {
    pub(super) fn load_inst(&mut self, mark: usize, class: &GlobalName) -> Result<'gc, ()> {
        let class = self.find_class(class)?;
        let args = self.stack.split_off(mark);
        let instance = self.instantiate(MadeBy::Inst, class, &args)?;
        self.push(instance)
    }

    pub(super) fn load_obj(&mut self) -> Result<'gc, ()> {
        let mark = self.stack.pop_mark()?;
        let class_and_args = self.stack.split_off(mark);
        let Some((&class, args)) = class_and_args.split_first() else {
            return Err(match self.flavour {
                Flavour::Pickle => Error::new(&exc::INDEX_ERROR, "pop index out of range"),
                Flavour::CPickle => self.unpickling_error("bad pickle data"),
                Flavour::Python3 => self.unpickling_error("unpickling stack underflow"),
            });
        };
        let instance = self.instantiate(MadeBy::Obj, class, args)?;
        self.push(instance)
    }

    /// Makes an instance for INST and OBJ: a classic class without arguments is not called.
    fn instantiate(
        &mut self,
        made_by: MadeBy,
        class: Value<'gc>,
        args: &[Value<'gc>],
    ) -> Result<'gc> {
        let is_allowed = self.guard_call(class, &[], Use::Instantiated)?;
        let call = Call { made_by, callable: class, args, tuple: None, keywords: None, is_allowed };
        self.make(&call, || self.new_instance(class, args))
    }

    fn new_instance(&self, class: Value<'gc>, args: &[Value<'gc>]) -> Result<'gc> {
        if let Some(instance) = self.bare_instance(class, args)? {
            return Ok(instance);
        }
        match class.call(self.ctx, args) {
            Err(error) if error.is(self.ctx, &exc::TYPE_ERROR) => {
                Err(self.constructor_failed(class, error))
            }
            other => other,
        }
    }

    /// Returns an instance whose `__init__` does not run, if Python makes one: of a classic class without
    /// `__getinitargs__`; in Python 3 of any class without.
    fn bare_instance(
        &self,
        class: Value<'gc>,
        args: &[Value<'gc>],
    ) -> Result<'gc, Option<Value<'gc>>> {
        let (ctx, names) = (self.ctx, self.ctx.names());
        if !args.is_empty() {
            return Ok(None);
        }
        match class {
            Value::ClassicClass(class) => Ok(self.bare_classic(class)),
            Value::Class(_) if self.flavour == Flavour::Python3 => {
                if class.find_attr(ctx, names.getinitargs)?.is_some() {
                    return Ok(None);
                }
                class.call_method(ctx, names.new, (class,)).map(Some)
            }
            _ => Ok(None),
        }
    }

    fn bare_classic(&self, class: ClassicClass<'gc>) -> Option<Value<'gc>> {
        match class.lookup(self.ctx, self.ctx.names().getinitargs) {
            Some(_) => None,
            None => Some(ClassicInstance::bare(self.ctx, class).into()),
        }
    }

    #[cold]
    fn constructor_failed(&self, class: Value<'gc>, error: Error<'gc>) -> Error<'gc> {
        let error = match class {
            Value::Class(_) | Value::ClassicClass(_) => error.with_hint(hints::CONSTRUCTOR),
            _ => error,
        };
        if self.flavour != Flavour::Pickle {
            return error;
        }
        let name = class.get_attr(self.ctx, self.ctx.names().name);
        match name.and_then(|name| name.to::<String>(self.ctx)) {
            Ok(name) => {
                let message = format!("in constructor for {name}: {}", error.message(self.ctx));
                Error::new(&exc::TYPE_ERROR, message).with_hint(hints::CONSTRUCTOR)
            }
            Err(no_name) => no_name,
        }
    }

    pub(super) fn load_reduce(&mut self) -> Result<'gc, ()> {
        let args = self.stack.pop().map_err(|error| self.bad_pickle(error))?;
        let callable = self.stack.top().map_err(|error| self.bad_pickle(error))?;
        let given = self.starred(callable, args)?;
        let is_allowed = self.guard_call(callable, &given, Use::Called)?;
        let call = Call {
            made_by: MadeBy::Reduce,
            callable,
            args: &given,
            tuple: args.as_tuple(),
            keywords: None,
            is_allowed,
        };
        let made = self.make(&call, || match (self.flavour, callable) {
            // cPickle reduces by the routine that makes instances.
            (Flavour::CPickle, Value::ClassicClass(class)) if given.is_empty() => {
                match self.bare_classic(class) {
                    Some(instance) => Ok(instance),
                    None => callable.call(self.ctx, ()),
                }
            }
            _ => callable.call(self.ctx, &*given),
        })?;
        self.stack.replace_top(made);
        Ok(())
    }

    pub(super) fn load_newobj(&mut self) -> Result<'gc, ()> {
        let args = self.stack.pop().map_err(|error| self.bad_pickle(error))?;
        let class = self.stack.top().map_err(|error| self.bad_pickle(error))?;
        self.guard_call(class, &[], Use::Instantiated)?;
        if let (Value::Class(class), Value::Tuple(args)) = (class, args)
            && args.is_empty()
            && self.plain(class).makes
        {
            self.account.charge(account::INSTANCE);
            self.stack.replace_top(Instance::bare(self.ctx, class).into());
            return Ok(());
        }
        if self.flavour != Flavour::Pickle && args.as_tuple().is_none() {
            return Err(self.no_newobj_args(args));
        }
        let given = self.starred(class, args)?;
        let call = Call {
            made_by: MadeBy::NewObj,
            callable: class,
            args: &given,
            tuple: args.as_tuple(),
            keywords: None,
            is_allowed: true,
        };
        let made = self.make(&call, || {
            if self.flavour != Flavour::Pickle && !matches!(class, Value::Class(_)) {
                return Err(self.no_newobj_class(class));
            }
            let new = class.get_attr(self.ctx, self.ctx.names().new)?;
            new.call(self.ctx, Args::new(&given).prepend(class))
        })?;
        self.stack.replace_top(made);
        Ok(())
    }

    #[cold]
    fn no_newobj_args(&self, args: Value<'gc>) -> Error<'gc> {
        self.unpickling_error(if self.flavour == Flavour::Python3 {
            format!("NEWOBJ args argument must be a tuple, not {}", args.type_name(self.ctx))
        } else {
            "NEWOBJ expected an arg tuple.".to_owned()
        })
    }

    #[cold]
    fn no_newobj_class(&self, class: Value<'gc>) -> Error<'gc> {
        self.unpickling_error(if self.flavour == Flavour::Python3 {
            format!("NEWOBJ class argument must be a type, not {}", class.type_name(self.ctx))
        } else {
            "NEWOBJ class argument isn't a type object".to_owned()
        })
    }

    pub(super) fn load_newobj_ex(&mut self) -> Result<'gc, ()> {
        let [args, keywords] = self.stack.pop_array()?;
        let class = self.stack.top()?;
        self.guard_call(class, &[], Use::Instantiated)?;
        let wrong = |part: &str, expected: &str, value: Value<'gc>| {
            let found = value.type_name(self.ctx);
            self.unpickling_error(format!(
                "NEWOBJ_EX {part} argument must be a {expected}, not {found}"
            ))
        };
        if !matches!(class, Value::Class(_)) && !is_opaque(class) {
            return Err(wrong("class", "type", class));
        }
        let Some(args) = args.as_tuple() else { return Err(wrong("args", "tuple", args)) };
        let Some(keywords) = keywords.as_dict() else {
            return Err(wrong("kwargs", "dict", keywords));
        };
        let call = Call {
            made_by: MadeBy::NewObjEx,
            callable: class,
            args: args.as_slice(),
            tuple: Some(args),
            keywords: Some(keywords),
            is_allowed: true,
        };
        let made = self.make(&call, || {
            let new = class.get_attr(self.ctx, self.ctx.names().new)?;
            let args = Args::new(args.as_slice()).prepend(class);
            new.call(self.ctx, args.with_keywords(self.ctx, keywords)?)
        })?;
        self.stack.replace_top(made);
        Ok(())
    }

    /// Returns the arguments of `callable(*args)`: of any iterable in `pickle.py`, of a tuple elsewhere.
    fn starred(
        &self,
        callable: Value<'gc>,
        args: Value<'gc>,
    ) -> Result<'gc, Cow<'gc, [Value<'gc>]>> {
        if let Some(tuple) = args.as_tuple() {
            return Ok(Cow::Borrowed(tuple.as_slice()));
        }
        if self.flavour != Flavour::Pickle {
            return Err(Error::new(&exc::TYPE_ERROR, "argument list must be a tuple"));
        }
        let Ok(iterator) = args.iter(self.ctx) else {
            let message = format!(
                "{} argument after * must be an iterable, not {}",
                callable_name(callable),
                args.type_name(self.ctx)
            );
            return Err(Error::new(&exc::TYPE_ERROR, message));
        };
        Ok(Cow::Owned(self.call(&[args], || iterator.collect_vec(self.ctx))?))
    }
}

/// Returns a callable as Python 2.7 names it in the errors of a call.
fn callable_name(callable: Value<'_>) -> &'static str {
    match callable {
        Value::Class(_) => "type object",
        Value::ClassicClass(_) => "class constructor",
        Value::Function(_) | Value::Builtin(_) | Value::Method(_) => "function",
        _ => "object",
    }
}
