//! NEWOBJ and NEWOBJ_EX, for what `copy_reg.__newobj__` and `copyreg.__newobj_ex__` make.
//!
//! The function is known by its name alone: any function that is called so will do (measured).

use halfsour_runtime::{Args, Error, Name, Result, Tuple, Value, exc};

use super::Saver;
use super::frame::{MadeBy, ReduceFrame};
use crate::flavour::Flavour;

impl<'gc> Saver<'_, 'gc> {
    /// Uses the opcode for a reduce value whose callable has one.
    pub(super) fn prefer_new_object(
        &self,
        frame: ReduceFrame<'gc>,
    ) -> Result<'gc, ReduceFrame<'gc>> {
        if self.encoder.protocol() < 2 {
            return Ok(frame);
        }
        let name = match frame.callable {
            // What `type` itself says, which no attribute of the class hides.
            Value::Class(class) if class.metaclass().is(self.ctx.types().type_) => {
                Some(class.name_value())
            }
            callable => callable.find_attr(self.ctx, self.ctx.names().name)?,
        };
        let name = match name {
            Some(Value::Bytes(name)) => name.as_slice(),
            Some(Value::Unicode(name)) => name.as_generalised_utf8(),
            _ => return Ok(frame),
        };
        match (name, self.encoder.flavour()) {
            (b"__newobj__", _) => self.new_object(frame),
            (b"__newobj_ex__", Flavour::Python3) => self.new_object_with_keywords(frame),
            _ => Ok(frame),
        }
    }

    fn new_object(&self, frame: ReduceFrame<'gc>) -> Result<'gc, ReduceFrame<'gc>> {
        let Some((&class, rest)) = arguments(&frame).split_first() else {
            return Err(self.no_newobj_class());
        };
        if self.encoder.flavour() == Flavour::Python3 {
            if !matches!(class, Value::Class(_)) {
                return Err(self.pickling_error("args[0] from __newobj__ args is not a type"));
            }
        } else if !self.has_attr(class, self.ctx.names().new) {
            return Err(self.pickling_error("args[0] from __newobj__ args has no __new__"));
        }
        if !class.is(frame.object.get_attr(self.ctx, self.ctx.names().class)?) {
            return Err(self.pickling_error("args[0] from __newobj__ args has the wrong class"));
        }
        let args = Tuple::new(self.ctx, rest).into();
        Ok(ReduceFrame { callable: class, args, made_by: MadeBy::NewObj, ..frame })
    }

    /// NEWOBJ_EX has come with protocol 4; below, a `functools.partial` object makes the call.
    fn new_object_with_keywords(&self, frame: ReduceFrame<'gc>) -> Result<'gc, ReduceFrame<'gc>> {
        let &[class, args, keywords] = arguments(&frame) else {
            let length = arguments(&frame).len();
            return Err(self.pickling_error(format!(
                "length of the NEWOBJ_EX argument tuple must be exactly 3, not {length}"
            )));
        };
        let wrong = |place: &str, wanted: &str, found: Value<'gc>| {
            let found = found.type_name(self.ctx);
            self.pickling_error(format!(
                "{place} item from NEWOBJ_EX argument tuple must be a {wanted}, not {found}"
            ))
        };
        if !matches!(class, Value::Class(_)) {
            let found = class.type_name(self.ctx);
            return Err(self.pickling_error(format!(
                "first item from NEWOBJ_EX argument tuple must be a class, not {found}"
            )));
        }
        let Some(positional) = args.as_tuple() else { return Err(wrong("second", "tuple", args)) };
        let Some(named) = keywords.as_dict() else {
            return Err(wrong("third", "dict", keywords));
        };
        if self.encoder.protocol() >= 4 {
            let made_by = MadeBy::NewObjEx;
            return Ok(ReduceFrame { callable: class, args, keywords, made_by, ..frame });
        }
        let new = class.get_attr(self.ctx, self.ctx.names().new)?;
        let call = [&[new, class], positional.as_slice()].concat();
        let call = Args::new(&call).with_keywords(self.ctx, named)?;
        let partial = self.ctx.import_from("functools", "partial")?.call(self.ctx, call)?;
        let args = Tuple::new(self.ctx, &[]).into();
        Ok(ReduceFrame { callable: partial, args, ..frame })
    }

    /// Python 2's `hasattr`, which takes any exception for a no.
    fn has_attr(&self, object: Value<'gc>, name: Name<'gc>) -> bool {
        matches!(object.find_attr(self.ctx, name), Ok(Some(_)))
    }

    /// The arguments of NEWOBJ lack even the class.
    #[cold]
    fn no_newobj_class(&self) -> Error<'gc> {
        match self.encoder.flavour() {
            Flavour::Pickle => Error::new(&exc::INDEX_ERROR, "tuple index out of range"),
            Flavour::CPickle | Flavour::Python3 => {
                self.pickling_error("__newobj__ arglist is empty")
            }
        }
    }
}

/// The arguments of a reduce value, which were checked to be a tuple.
fn arguments<'gc>(frame: &ReduceFrame<'gc>) -> &'gc [Value<'gc>] {
    frame.args.as_tuple().map(Tuple::as_slice).unwrap_or_default()
}
