//! Tuples, lists, dicts and sets: making and filling them.

use halfsour_runtime::{Dict, Error, FrozenSet, List, Result, Set, Tuple, Value, exc};

use super::Machine;
use crate::flavour::Flavour;

impl<'gc> Machine<'_, 'gc> {
    pub(super) fn load_tuple_of<const N: usize>(&mut self) -> Result<'gc, ()> {
        let items = self.stack.pop_array::<N>()?;
        self.push(Tuple::new(self.ctx, &items).into())
    }

    pub(super) fn load_tuple(&mut self) -> Result<'gc, ()> {
        let mark = self.stack.pop_mark()?;
        let tuple = Tuple::new(self.ctx, self.stack.from(mark));
        self.stack.truncate(mark);
        self.push(tuple.into())
    }

    pub(super) fn load_empty_list(&mut self) -> Result<'gc, ()> {
        self.push(List::new(self.ctx).into())
    }

    pub(super) fn load_list(&mut self) -> Result<'gc, ()> {
        let mark = self.stack.pop_mark()?;
        let items = self.stack.split_off(mark);
        self.push(List::from_vec(self.ctx, items).into())
    }

    #[inline]
    pub(super) fn load_append(&mut self) -> Result<'gc, ()> {
        let item = self.stack.pop()?;
        match self.stack.top()? {
            Value::List(list) => {
                list.push(self.ctx, item);
                Ok(())
            }
            other => self.append_to_object(other, item),
        }
    }

    /// Appends to an object that is no exact list. cPickle writes into a list subclass past its methods.
    fn append_to_object(&self, object: Value<'gc>, item: Value<'gc>) -> Result<'gc, ()> {
        let (ctx, names) = (self.ctx, self.ctx.names());
        match self.flavour {
            Flavour::CPickle => {
                if let Some(list) = object.as_list() {
                    list.push(ctx, item);
                    return Ok(());
                }
            }
            Flavour::Python3 => {
                if let Some(extend) = object.find_attr(ctx, names.extend)? {
                    return extend.call(ctx, (List::from_vec(ctx, vec![item]),)).map(|_| ());
                }
            }
            Flavour::Pickle => {}
        }
        object.call_method(ctx, names.append, (item,)).map(|_| ())
    }

    pub(super) fn load_appends(&mut self) -> Result<'gc, ()> {
        let mark = self.stack.pop_mark()?;
        match self.stack.below(mark)? {
            Value::List(list) => list.extend(self.ctx, self.stack.from(mark)),
            other => self.extend_object(other, mark)?,
        }
        self.stack.truncate(mark);
        Ok(())
    }

    /// Appends what is above a mark to an object that is no exact list.
    fn extend_object(&self, object: Value<'gc>, mark: usize) -> Result<'gc, ()> {
        let (ctx, names, items) = (self.ctx, self.ctx.names(), self.stack.from(mark));
        let list = || List::from_vec(ctx, items.to_vec());
        match (self.flavour, object.as_list()) {
            (Flavour::Pickle, _) => {
                return object.call_method(ctx, names.extend, (list(),)).map(|_| ());
            }
            (Flavour::CPickle | Flavour::Python3, _) if items.is_empty() => return Ok(()),
            (Flavour::CPickle, Some(content)) => {
                content.extend(ctx, items);
                return Ok(());
            }
            (Flavour::CPickle, None) => {}
            (Flavour::Python3, _) => {
                if let Some(extend) = object.find_attr(ctx, names.extend)? {
                    return extend.call(ctx, (list(),)).map(|_| ());
                }
            }
        }
        let append = object.get_attr(ctx, names.append)?;
        for &item in items {
            append.call(ctx, (item,))?;
        }
        Ok(())
    }

    pub(super) fn load_empty_dict(&mut self) -> Result<'gc, ()> {
        self.push(Dict::new(self.ctx).into())
    }

    pub(super) fn load_dict(&mut self) -> Result<'gc, ()> {
        let mark = self.stack.pop_mark()?;
        // cPickle drops a key without a value here, though not in SETITEMS.
        if self.flavour != Flavour::CPickle {
            self.check_pairs(mark, "DICT")?;
        }
        let dict = Dict::new(self.ctx);
        self.insert_pairs(dict, mark)?;
        self.stack.truncate(mark);
        self.push(dict.into())
    }

    #[inline]
    pub(super) fn load_setitem(&mut self) -> Result<'gc, ()> {
        let [key, value] = self.stack.pop_array()?;
        match self.stack.top()? {
            Value::Dict(dict) => dict.insert(self.ctx, key, value),
            other => other.set_item(self.ctx, key, value),
        }
    }

    pub(super) fn load_setitems(&mut self) -> Result<'gc, ()> {
        let mark = self.stack.pop_mark()?;
        let object = self.stack.below(mark)?;
        self.check_pairs(mark, "SETITEMS")?;
        match object {
            Value::Dict(dict) => self.insert_pairs(dict, mark)?,
            other => {
                for pair in self.stack.from(mark).chunks_exact(2) {
                    other.set_item(self.ctx, pair[0], pair[1])?;
                }
            }
        }
        self.stack.truncate(mark);
        Ok(())
    }

    fn insert_pairs(&self, dict: Dict<'gc>, mark: usize) -> Result<'gc, ()> {
        let items = self.stack.from(mark);
        dict.reserve(self.ctx, items.len() / 2);
        for pair in items.chunks_exact(2) {
            dict.insert(self.ctx, pair[0], pair[1])?;
        }
        Ok(())
    }

    fn check_pairs(&self, mark: usize, opcode: &str) -> Result<'gc, ()> {
        if self.stack.from(mark).len().is_multiple_of(2) {
            return Ok(());
        }
        Err(match self.flavour {
            Flavour::Pickle => Error::new(&exc::INDEX_ERROR, "list index out of range"),
            Flavour::CPickle | Flavour::Python3 => {
                self.unpickling_error(format!("odd number of items for {opcode}"))
            }
        })
    }

    pub(super) fn load_empty_set(&mut self) -> Result<'gc, ()> {
        self.push(Set::new(self.ctx).into())
    }

    pub(super) fn load_additems(&mut self) -> Result<'gc, ()> {
        let mark = self.stack.pop_mark()?;
        let object = self.stack.below(mark)?;
        // A subclass of set is written into past its methods.
        match object.as_set() {
            Some(set) => {
                for &item in self.stack.from(mark) {
                    set.add(self.ctx, item)?;
                }
            }
            None => {
                for &item in self.stack.from(mark) {
                    object.call_method(self.ctx, "add", (item,))?;
                }
            }
        }
        self.stack.truncate(mark);
        Ok(())
    }

    pub(super) fn load_frozenset(&mut self) -> Result<'gc, ()> {
        let mark = self.stack.pop_mark()?;
        let set = FrozenSet::from_items(self.ctx, self.stack.from(mark))?;
        self.stack.truncate(mark);
        self.push(set.into())
    }
}
