//! BUILD: giving an object its state.
//!
//! Without a `__setstate__` the state goes straight into the `__dict__`, past `__setattr__`, with its keys
//! interned as attribute names are; the state of slots is set attribute by attribute.

use halfsour_runtime::{Dialect, Dict, Error, Result, Value, exc};

use super::{Machine, account, hints};
use crate::flavour::Flavour;

impl<'gc> Machine<'_, 'gc> {
    pub(super) fn load_build(&mut self) -> Result<'gc, ()> {
        let state = self.stack.pop()?;
        let object = self.stack.top()?;
        if let Some(setstate) = self.setstate(object)?
            && (self.flavour != Flavour::Pickle || setstate.truth(self.ctx)?)
        {
            return self.call(&[state], || setstate.call(self.ctx, (state,))).map(drop);
        }
        if let Value::Dict(state) = state
            && let Some(attributes) = self.plain_dict(object)
        {
            return self.insert_attributes_of(attributes, state);
        }
        let (state, slots) = match state.as_tuple().map(|state| state.as_slice()) {
            Some(&[state, slots]) => (state, Some(slots)),
            _ => (state, None),
        };
        if self.flavour == Flavour::Pickle {
            self.build_of_pickle(object, state, slots)
        } else {
            self.build_of_c(object, state, slots)
        }
    }

    /// Puts a state into a `__dict__`.
    fn insert_attributes_of(&self, attributes: Dict<'gc>, state: Dict<'gc>) -> Result<'gc, ()> {
        self.charge_attributes(attributes, state.len());
        if attributes.fill_with_names(self.ctx, state)? {
            return Ok(());
        }
        let mut position = 0;
        while let Some((key, value)) = state.next_entry(&mut position) {
            if !self.is_name(key) {
                return self.insert_all(attributes, &state.entries());
            }
            // A name is always found again; inserting it runs no code.
            if let Some(name) = self.ctx.name_of(key) {
                attributes.insert_name(self.ctx, name, value)?;
            }
        }
        Ok(())
    }

    /// Counts what attributes take, with the `__dict__` if it was made for them.
    fn charge_attributes(&self, attributes: Dict<'gc>, count: usize) {
        let made = if attributes.is_empty() { account::DICT } else { 0 };
        self.account.charge(made + account::entries(count, !attributes.is_empty()));
    }

    /// Puts items into a `__dict__` as the flavour does when not all keys can be interned.
    fn insert_all(
        &self,
        attributes: Dict<'gc>,
        items: &[(Value<'gc>, Value<'gc>)],
    ) -> Result<'gc, ()> {
        match self.flavour {
            // A key that cannot be interned makes pickle.py begin again, with the keys as they are.
            Flavour::Pickle => self.update_dict(attributes, items),
            Flavour::CPickle | Flavour::Python3 => self.insert_attributes(attributes, items),
        }
    }

    /// What `pickle.py` does: a false state is no state, any mapping is one.
    fn build_of_pickle(
        &self,
        object: Value<'gc>,
        state: Value<'gc>,
        slots: Option<Value<'gc>>,
    ) -> Result<'gc, ()> {
        if state.truth(self.ctx)? {
            match self.update_of_pickle(object, state) {
                // Restricted execution, which Python had once, refused access to a `__dict__` so.
                Err(error) if error.is(self.ctx, &exc::RUNTIME_ERROR) => {
                    self.set_attributes(object, state)?;
                }
                other => other?,
            }
        }
        match slots {
            Some(slots) if slots.truth(self.ctx)? => self.set_attributes(object, slots),
            _ => Ok(()),
        }
    }

    fn update_of_pickle(&self, object: Value<'gc>, state: Value<'gc>) -> Result<'gc, ()> {
        let (ctx, names) = (self.ctx, self.ctx.names());
        let no_dict = |error: Error<'gc>| error.with_hint(hints::STATE);
        let attributes = object.get_attr(ctx, names.dict).map_err(no_dict)?;
        let items = self.items(state, "iteritems").map_err(no_dict)?;
        if let Value::Dict(attributes) = attributes {
            self.charge_attributes(attributes, items.len());
            return self.insert_all(attributes, &items);
        }
        match self.set_items(attributes, &items) {
            Err(error) if error.is(ctx, &exc::TYPE_ERROR) => {
                attributes.call_method(ctx, "update", (state,)).map(|_| ())
            }
            other => other,
        }
    }

    /// Inserts interned keys up to the first that cannot be, then all as they are.
    fn update_dict(
        &self,
        attributes: Dict<'gc>,
        items: &[(Value<'gc>, Value<'gc>)],
    ) -> Result<'gc, ()> {
        let names = items.iter().take_while(|&&(key, _)| self.is_name(key)).count();
        self.insert_attributes(attributes, items.get(..names).unwrap_or_default())?;
        if names == items.len() {
            return Ok(());
        }
        for &(key, value) in items {
            attributes.insert(self.ctx, key, value)?;
        }
        Ok(())
    }

    fn set_items(
        &self,
        mapping: Value<'gc>,
        items: &[(Value<'gc>, Value<'gc>)],
    ) -> Result<'gc, ()> {
        for &(key, value) in items {
            if !self.is_name(key) {
                let message = format!("must be string, not {}", key.type_name(self.ctx));
                return Err(Error::new(&exc::TYPE_ERROR, message));
            }
            mapping.set_item(self.ctx, self.interned(key), value)?;
        }
        Ok(())
    }

    fn set_attributes(&self, object: Value<'gc>, state: Value<'gc>) -> Result<'gc, ()> {
        for (name, value) in self.items(state, "items")? {
            self.set_attribute(object, name, value)?;
        }
        Ok(())
    }

    /// What the C implementations do: a state must be a dict.
    fn build_of_c(
        &self,
        object: Value<'gc>,
        state: Value<'gc>,
        slots: Option<Value<'gc>>,
    ) -> Result<'gc, ()> {
        if !state.is_none() {
            let Some(state) = state.as_dict() else {
                let error = self.unpickling_error("state is not a dictionary");
                return Err(error.with_hint(hints::STATE));
            };
            let items = state.entries();
            match object.get_attr(self.ctx, self.ctx.names().dict)? {
                Value::Dict(attributes) => {
                    self.charge_attributes(attributes, items.len());
                    self.insert_attributes(attributes, &items)?;
                }
                other => {
                    for (key, value) in items {
                        let set = || other.set_item(self.ctx, self.interned(key), value);
                        self.call(&[], set)?;
                    }
                }
            }
        }
        let Some(slots) = slots else { return Ok(()) };
        let Some(slots) = slots.as_dict() else {
            return Err(self.unpickling_error("slot state is not a dictionary"));
        };
        for (name, value) in slots.entries() {
            self.set_attribute(object, name, value)?;
        }
        Ok(())
    }

    fn insert_attributes(
        &self,
        attributes: Dict<'gc>,
        items: &[(Value<'gc>, Value<'gc>)],
    ) -> Result<'gc, ()> {
        for &(key, value) in items {
            match self.is_name(key).then(|| self.ctx.name_of(key)).flatten() {
                Some(name) => attributes.insert_name(self.ctx, name, value)?,
                None => attributes.insert(self.ctx, key, value)?,
            }
        }
        Ok(())
    }

    fn set_attribute(
        &self,
        object: Value<'gc>,
        name: Value<'gc>,
        value: Value<'gc>,
    ) -> Result<'gc, ()> {
        let Some(name) = self.ctx.name_of(name) else {
            let message =
                format!("attribute name must be string, not '{}'", name.type_name(self.ctx));
            return Err(Error::new(&exc::TYPE_ERROR, message));
        };
        object.set_attr(self.ctx, name, value).map_err(|error| error.with_hint(hints::ATTRIBUTE))
    }

    /// Returns the items of a state: of a dict, or of whatever has the method that gives them.
    fn items(
        &self,
        state: Value<'gc>,
        method: &'static str,
    ) -> Result<'gc, Vec<(Value<'gc>, Value<'gc>)>> {
        let ctx = self.ctx;
        if let Value::Dict(dict) = state {
            return Ok(dict.entries());
        }
        let items = || state.call_method(ctx, method, ())?.iter(ctx)?.collect_vec(ctx);
        let items = self.call(&[state], items)?;
        items.into_iter().map(|item| self.pair(item)).collect()
    }

    /// Unpacks `key, value = item`.
    fn pair(&self, item: Value<'gc>) -> Result<'gc, (Value<'gc>, Value<'gc>)> {
        match item.iter(self.ctx)?.collect_vec(self.ctx)?.as_slice() {
            &[key, value] => Ok((key, value)),
            [_, _, ..] => Err(Error::new(&exc::VALUE_ERROR, "too many values to unpack")),
            few => {
                let (count, plural) = (few.len(), if few.len() == 1 { "" } else { "s" });
                let message = format!("need more than {count} value{plural} to unpack");
                Err(Error::new(&exc::VALUE_ERROR, message))
            }
        }
    }

    /// Whether Python interns a key of a state: an exact string of the dialect's own kind.
    #[inline]
    fn is_name(&self, key: Value<'gc>) -> bool {
        match key {
            Value::Bytes(_) => self.ctx.dialect() == Dialect::Python2,
            Value::Unicode(_) => self.ctx.dialect() != Dialect::Python2,
            _ => false,
        }
    }

    fn interned(&self, key: Value<'gc>) -> Value<'gc> {
        match self.ctx.name_of(key) {
            Some(name) if self.is_name(key) => name.value(),
            _ => key,
        }
    }
}
