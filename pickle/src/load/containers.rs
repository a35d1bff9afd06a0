//! Tuples, lists, dicts and sets: making and filling them.

use halfsour_runtime::{Dict, Error, FrozenSet, List, Result, Set, Tuple, Value, exc};

use super::{Machine, account};
use crate::flavour::Flavour;
use crate::limits::exceeded;

impl<'gc> Machine<'_, 'gc> {
    pub(super) fn load_mark(&mut self) -> Result<'gc, ()> {
        if self.stack.marks() >= self.limits.nesting {
            let most = self.limits.nesting;
            return Err(self.unpickling_error(exceeded(most, "open marks", "nesting")));
        }
        self.stack.push_mark();
        Ok(())
    }

    pub(super) fn load_tuple_of<const N: usize>(&mut self) -> Result<'gc, ()> {
        let items = self.stack.pop_array::<N>()?;
        self.account.charge(account::TUPLE);
        self.push(Tuple::new(self.ctx, &items).into())
    }

    pub(super) fn load_tuple(&mut self) -> Result<'gc, ()> {
        let mark = self.stack.pop_mark()?;
        let items = self.stack.from(mark);
        self.account.charge(account::TUPLE + size_of_val(items));
        let tuple = Tuple::new(self.ctx, items);
        self.stack.truncate(mark);
        self.push(tuple.into())
    }

    pub(super) fn load_empty_list(&mut self) -> Result<'gc, ()> {
        self.account.charge(account::LIST);
        self.push(List::new(self.ctx).into())
    }

    pub(super) fn load_list(&mut self) -> Result<'gc, ()> {
        let mark = self.stack.pop_mark()?;
        let items = self.stack.split_off(mark);
        self.account.charge(account::LIST + size_of_val(&*items));
        self.push(List::from_vec(self.ctx, items).into())
    }

    #[inline]
    pub(super) fn load_append(&mut self) -> Result<'gc, ()> {
        let item = self.stack.pop()?;
        match self.stack.top()? {
            Value::List(list) => {
                self.account.charge(account::ITEM);
                list.push(self.ctx, item);
                Ok(())
            }
            other => self.append_to_object(other, item),
        }
    }

    /// Appends to an object that is no exact list. cPickle writes into a list subclass past its methods.
    fn append_to_object(&self, object: Value<'gc>, item: Value<'gc>) -> Result<'gc, ()> {
        let (ctx, names) = (self.ctx, self.ctx.names());
        self.account.charge(account::ITEM);
        match self.flavour {
            Flavour::CPickle => {
                if let Some(list) = object.as_list() {
                    list.push(ctx, item);
                    return Ok(());
                }
            }
            Flavour::Python3 => {
                if let Some(extend) = object.find_attr(ctx, names.extend)? {
                    let items = List::from_vec(ctx, vec![item]);
                    return self.call(&[], || extend.call(ctx, (items,))).map(drop);
                }
            }
            Flavour::Pickle => {}
        }
        self.call(&[], || object.call_method(ctx, names.append, (item,))).map(drop)
    }

    pub(super) fn load_appends(&mut self) -> Result<'gc, ()> {
        let mark = self.stack.pop_mark()?;
        self.account.charge(account::ITEM * self.stack.from(mark).len());
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
                let extend = || object.call_method(ctx, names.extend, (list(),));
                return self.call(&[], extend).map(drop);
            }
            (Flavour::CPickle | Flavour::Python3, _) if items.is_empty() => return Ok(()),
            (Flavour::CPickle, Some(content)) => {
                content.extend(ctx, items);
                return Ok(());
            }
            (Flavour::CPickle, None) => {}
            (Flavour::Python3, _) => {
                if let Some(extend) = object.find_attr(ctx, names.extend)? {
                    return self.call(&[], || extend.call(ctx, (list(),))).map(drop);
                }
            }
        }
        let append = object.get_attr(ctx, names.append)?;
        for &item in items {
            self.call(&[], || append.call(ctx, (item,)))?;
        }
        Ok(())
    }

    pub(super) fn load_empty_dict(&mut self) -> Result<'gc, ()> {
        self.account.charge(account::DICT);
        self.push(Dict::new(self.ctx).into())
    }

    pub(super) fn load_dict(&mut self) -> Result<'gc, ()> {
        let mark = self.stack.pop_mark()?;
        // cPickle drops a key without a value here, though not in SETITEMS.
        if self.flavour != Flavour::CPickle {
            self.check_pairs(mark, "DICT")?;
        }
        self.account.charge(account::DICT);
        let dict = Dict::new(self.ctx);
        self.insert_pairs(dict, mark)?;
        self.stack.truncate(mark);
        self.push(dict.into())
    }

    #[inline]
    pub(super) fn load_setitem(&mut self) -> Result<'gc, ()> {
        let [key, value] = self.stack.pop_array()?;
        match self.stack.top()? {
            Value::Dict(dict) => {
                self.account.charge(account::entries(1, !dict.is_empty()));
                dict.insert(self.ctx, key, value)
            }
            other => self.set_item_of_object(other, key, value),
        }
    }

    pub(super) fn load_setitems(&mut self) -> Result<'gc, ()> {
        let mark = self.stack.pop_mark()?;
        let object = self.stack.below(mark)?;
        self.check_pairs(mark, "SETITEMS")?;
        match object {
            Value::Dict(dict) => self.insert_pairs(dict, mark)?,
            other => {
                for &[key, value] in self.stack.from(mark).as_chunks().0 {
                    self.set_item_of_object(other, key, value)?;
                }
            }
        }
        self.stack.truncate(mark);
        Ok(())
    }

    fn insert_pairs(&self, dict: Dict<'gc>, mark: usize) -> Result<'gc, ()> {
        let items = self.stack.from(mark);
        let (pairs, _) = items.as_chunks();
        self.account.charge(account::entries(pairs.len(), !dict.is_empty()));
        dict.extend(self.ctx, pairs)
    }

    /// Sets an item of an object that is no exact dict.
    fn set_item_of_object(
        &self,
        object: Value<'gc>,
        key: Value<'gc>,
        value: Value<'gc>,
    ) -> Result<'gc, ()> {
        self.account.charge(account::entries(1, true));
        self.call(&[], || object.set_item(self.ctx, key, value))
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
        self.account.charge(account::DICT);
        self.push(Set::new(self.ctx).into())
    }

    pub(super) fn load_additems(&mut self) -> Result<'gc, ()> {
        let mark = self.stack.pop_mark()?;
        let object = self.stack.below(mark)?;
        self.account.charge(account::entries(self.stack.from(mark).len(), false));
        // A subclass of set is written into past its methods.
        match object.as_set() {
            Some(set) => set.extend(self.ctx, self.stack.from(mark))?,
            None => {
                for &item in self.stack.from(mark) {
                    self.call(&[], || object.call_method(self.ctx, "add", (item,)))?;
                }
            }
        }
        self.stack.truncate(mark);
        Ok(())
    }

    pub(super) fn load_frozenset(&mut self) -> Result<'gc, ()> {
        let mark = self.stack.pop_mark()?;
        let items = self.stack.from(mark);
        self.account.charge(account::DICT + account::entries(items.len(), false));
        let set = FrozenSet::from_items(self.ctx, items)?;
        self.stack.truncate(mark);
        self.push(set.into())
    }
}
