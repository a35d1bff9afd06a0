//! What is wrong with a reduce value, in the words of the implementation that is followed.
//!
//! `cPickle` does not ask whether the callable is one; such a pickle fails when it is loaded.

use std::borrow::Cow;

use halfsour_runtime::{Error, Result, Value};

use super::frame::ReduceFrame;
use super::reduce::Reducer;
use super::{Saver, hints};
use crate::flavour::Flavour;

impl<'gc> Saver<'_, 'gc> {
    /// Neither a string nor a tuple.
    #[cold]
    pub(super) fn bad_reduce_value(&self, reducer: Reducer<'gc>) -> Result<'gc, Error<'gc>> {
        let shown = match self.encoder.flavour() {
            Flavour::Python3 => String::new(),
            _ => self.shown(reducer)?,
        };
        Ok(self.bad_reduction(match self.encoder.flavour() {
            Flavour::Pickle => format!("{shown} must return string or tuple"),
            Flavour::CPickle => format!("Value returned by {shown} must be string or tuple"),
            Flavour::Python3 => "__reduce__ must return a string or tuple".to_owned(),
        }))
    }

    /// A tuple with too few or too many elements.
    #[cold]
    pub(super) fn bad_reduce_length(&self, reducer: Reducer<'gc>) -> Result<'gc, Error<'gc>> {
        let shown = match self.encoder.flavour() {
            Flavour::Python3 => String::new(),
            _ => self.shown(reducer)?,
        };
        Ok(self.bad_reduction(match self.encoder.flavour() {
            Flavour::Pickle => format!("Tuple returned by {shown} must have two to five elements"),
            Flavour::CPickle => {
                format!("tuple returned by {shown} must contain 2 through 5 elements")
            }
            Flavour::Python3 => {
                "tuple returned by __reduce__ must contain 2 through 6 elements".to_owned()
            }
        }))
    }

    /// Checks the types of a reduce value's elements.
    pub(super) fn check_parts(
        &self,
        frame: &ReduceFrame<'gc>,
        reducer: Reducer<'gc>,
    ) -> Result<'gc, ()> {
        let args_are_tuple = frame.args.as_tuple().is_some();
        if self.encoder.flavour() == Flavour::Pickle {
            if !args_are_tuple {
                return Err(self.bad_reduction("args from reduce() should be a tuple"));
            }
            if !frame.callable.is_callable(self.ctx) {
                return Err(self.bad_reduction("func from reduce should be callable"));
            }
            return Ok(());
        }
        if self.encoder.flavour() == Flavour::Python3 {
            return self.check_parts_of_python3(frame);
        }
        if !args_are_tuple {
            let shown = self.shown(reducer)?;
            let message = format!("Second element of tuple returned by {shown} must be a tuple");
            return Err(self.bad_reduction(message));
        }
        self.check_iterator(frame.list_items, reducer, "Fourth")?;
        self.check_iterator(frame.dict_items, reducer, "Fifth")
    }

    fn check_parts_of_python3(&self, frame: &ReduceFrame<'gc>) -> Result<'gc, ()> {
        let ctx = self.ctx;
        let of = "item of the tuple returned by __reduce__ must be";
        if !frame.callable.is_callable(ctx) {
            return Err(self.pickling_error(format!("first {of} callable")));
        }
        if frame.args.as_tuple().is_none() {
            return Err(self.pickling_error(format!("second {of} a tuple")));
        }
        let wrong = |place: &str, expected: &str, found: Value<'gc>| {
            let found = found.type_name(ctx);
            self.pickling_error(format!(
                "{place} element of the tuple returned by __reduce__ must be {expected}, not {found}"
            ))
        };
        for (place, items) in [("fourth", frame.list_items), ("fifth", frame.dict_items)] {
            if !items.is_none() && !items.is_iterator(ctx)? {
                return Err(wrong(place, "an iterator", items));
            }
        }
        if !frame.setter.is_none() && !frame.setter.is_callable(ctx) {
            return Err(wrong("sixth", "a function", frame.setter));
        }
        Ok(())
    }

    fn check_iterator(
        &self,
        items: Value<'gc>,
        reducer: Reducer<'gc>,
        place: &str,
    ) -> Result<'gc, ()> {
        if items.is_none() || items.is_iterator(self.ctx)? {
            return Ok(());
        }
        let (shown, found) = (self.shown(reducer)?, items.type_name(self.ctx));
        Err(self.bad_reduction(format!(
            "{place} element of tuple returned by {shown} must be an iterator, not {found}"
        )))
    }

    #[cold]
    fn bad_reduction(&self, message: impl Into<Cow<'static, str>>) -> Error<'gc> {
        self.pickling_error(message).with_hint(hints::REDUCE_VALUE)
    }

    /// The `str` of a reducer, for a message.
    fn shown(&self, reducer: Reducer<'gc>) -> Result<'gc, String> {
        let reducer = match reducer {
            Reducer::Callable(reducer) => reducer,
            Reducer::Method(object, name) => object.get_attr(self.ctx, name)?,
            Reducer::Unnamed => return Ok("__reduce__".to_owned()),
        };
        let shown = reducer.str(self.ctx)?;
        Ok(String::from_utf8_lossy(self.text(shown)?).into_owned())
    }
}
