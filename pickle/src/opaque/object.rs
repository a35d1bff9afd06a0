//! [`Opaque`]: an object whose class or maker is not here.

use halfsour_runtime::{Context, Dict, Error, Instance, List, Result, Traced, Tuple, Value, exc};

use super::classes::classes;
use super::global::OpaqueGlobal;

/// How a stream made an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MadeBy {
    /// REDUCE: a call.
    Reduce,
    /// NEWOBJ: the `__new__` of a class.
    NewObj,
    /// NEWOBJ_EX: the `__new__` of a class, with keyword arguments.
    NewObjEx,
    /// INST: an instance of a classic class, in text.
    Inst,
    /// OBJ: an instance of a classic class.
    Obj,
    /// PERSID or BINPERSID: it is outside of the pickle, and its id is its one argument.
    Persistent,
}

/// A stand-in for an object that cannot be made: what a stream says of it.
///
/// That is the class or function ([`callable`](Self::callable)) with its arguments, a state, and items. Attributes of the
/// object ([`Value::get_attr`], [`Value::set_attr`]) are the entries of the state, as far as that is a dict or the pair
/// of a dict and a dict of slots, which is what nearly every class has.
#[derive(Clone, Copy, Debug)]
pub struct Opaque<'gc> {
    instance: Instance<'gc>,
    content: Traced<'gc>,
}

/// What is kept besides the values.
struct Record {
    made_by: MadeBy,
    /// Whether there is a state, which may be `None`.
    has_state: bool,
}

const CALLABLE: usize = 0;
const ARGS: usize = 1;
const KEYWORDS: usize = 2;
const STATE: usize = 3;
const SETTER: usize = 4;
const LIST_ITEMS: usize = 5;
const DICT_ITEMS: usize = 6;

impl<'gc> Opaque<'gc> {
    /// Returns a stand-in without state and items.
    ///
    /// # Errors
    /// MemoryError, in theory only.
    pub fn new(
        ctx: Context<'gc>,
        made_by: MadeBy,
        callable: Value<'gc>,
        args: &[Value<'gc>],
    ) -> Result<'gc, Self> {
        Self::made(ctx, made_by, callable, Tuple::new(ctx, args))
    }

    /// As [`new`](Self::new), with the very tuple of the arguments.
    pub(crate) fn made(
        ctx: Context<'gc>,
        made_by: MadeBy,
        callable: Value<'gc>,
        args: Tuple<'gc>,
    ) -> Result<'gc, Self> {
        let mut values = [Value::None; DICT_ITEMS + 1];
        (values[CALLABLE], values[ARGS]) = (callable, args.into());
        let content = Traced::with_values(ctx, Record { made_by, has_state: false }, &values);
        let instance = Instance::native(ctx, classes(ctx)?.object, content);
        Ok(Self { instance, content })
    }

    /// Returns the stand-in that an object is, if it is one.
    #[must_use]
    pub fn of(object: Value<'gc>) -> Option<Self> {
        let Value::Instance(instance) = object else { return None };
        let content = instance.native_content().filter(|content| content.holds::<Record>())?;
        Some(Self { instance, content })
    }

    /// Returns how the stream made the object.
    #[must_use]
    pub fn made_by(self) -> MadeBy {
        self.content.data::<Record>().map_or(MadeBy::Reduce, |record| record.made_by)
    }

    /// Returns what makes the object, the class if the stream says so: mostly an [`OpaqueGlobal`], but a registered
    /// function where an argument is a stand-in, or another stand-in where a call has given it.
    #[must_use]
    pub fn callable(self) -> Value<'gc> {
        self.value(CALLABLE)
    }

    /// Returns the name of what makes the object, module and all, for people to read.
    #[must_use]
    pub fn callable_name(self, ctx: Context<'gc>) -> String {
        let callable = self.callable();
        if let Some(global) = OpaqueGlobal::of(callable) {
            return global.dotted_name();
        }
        if self.made_by() == MadeBy::Persistent {
            return "persistent id".to_owned();
        }
        let shown = callable.repr(ctx).and_then(|shown| shown.to::<String>(ctx));
        shown.unwrap_or_else(|_| callable.type_name(ctx))
    }

    /// Returns whether a class or function of this name makes the object.
    #[must_use]
    pub fn is_made_by(self, module: &str, qualname: &str) -> bool {
        OpaqueGlobal::of(self.callable())
            .is_some_and(|it| it.module() == module && it.qualname() == qualname)
    }

    /// Returns the arguments, without those by keyword.
    #[must_use]
    pub fn args(self) -> Tuple<'gc> {
        match self.value(ARGS) {
            Value::Tuple(args) => args,
            _ => unreachable!("the arguments are only ever set to a tuple"),
        }
    }

    /// Replaces the arguments.
    pub fn set_args(self, ctx: Context<'gc>, args: Tuple<'gc>) {
        self.set(ctx, ARGS, args.into());
    }

    /// Returns the arguments by keyword, if there are any.
    #[must_use]
    pub fn keywords(self) -> Option<Dict<'gc>> {
        self.value(KEYWORDS).as_dict()
    }

    /// Replaces the arguments by keyword; without them NEWOBJ_EX is NEWOBJ.
    pub fn set_keywords(self, ctx: Context<'gc>, keywords: Option<Dict<'gc>>) {
        self.set(ctx, KEYWORDS, keywords.map_or(Value::None, Value::from));
    }

    /// Returns the state that BUILD, or a state setter, would give to the object.
    #[must_use]
    pub fn state(self) -> Option<Value<'gc>> {
        let has_state = self.content.data::<Record>().is_ok_and(|record| record.has_state);
        has_state.then(|| self.value(STATE))
    }

    /// Replaces the state.
    pub fn set_state(self, ctx: Context<'gc>, state: Option<Value<'gc>>) {
        self.set(ctx, STATE, state.unwrap_or(Value::None));
        if let Ok(mut record) = self.content.data_mut::<Record>() {
            record.has_state = state.is_some();
        }
    }

    /// Returns the function that the stream calls to give the object its state, in the place of BUILD.
    #[must_use]
    pub fn state_setter(self) -> Option<Value<'gc>> {
        Some(self.value(SETTER)).filter(|setter| !setter.is_none())
    }

    pub(crate) fn set_state_setter(self, ctx: Context<'gc>, setter: Value<'gc>) {
        self.set(ctx, SETTER, setter);
    }

    /// Returns what APPEND and its like would add to the object: a list, which can be changed.
    #[must_use]
    pub fn list_items(self, ctx: Context<'gc>) -> List<'gc> {
        self.items(ctx, LIST_ITEMS)
    }

    /// Returns what SETITEM and its like would set in the object: a list of pairs of a key and a value, which can be
    /// changed.
    #[must_use]
    pub fn dict_items(self, ctx: Context<'gc>) -> List<'gc> {
        self.items(ctx, DICT_ITEMS)
    }

    /// Returns the value that the state has for a field, if it has one.
    ///
    /// # Errors
    /// What comparing a key of the state with the name raises.
    pub fn field(self, ctx: Context<'gc>, name: &str) -> Result<'gc, Option<Value<'gc>>> {
        let name = ctx.str(name);
        for fields in self.fields() {
            if let Some(found) = fields.get(ctx, name)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// Sets a field of the state: where it is, or in the dict of the state, which is made if there is no state yet.
    ///
    /// # Errors
    /// TypeError for a state that holds no dict; what comparing a key of the state with the name raises.
    pub fn set_field(self, ctx: Context<'gc>, name: &str, value: Value<'gc>) -> Result<'gc, ()> {
        let name = ctx.str(name);
        if self.state().is_none_or(Value::is_none) {
            self.set_state(ctx, Some(Dict::new(ctx).into()));
        }
        let all = self.fields();
        for &fields in &all {
            if fields.contains(ctx, name)? {
                return fields.insert(ctx, name, value);
            }
        }
        match all.first() {
            Some(fields) => fields.insert(ctx, name, value),
            None => {
                let class = self.callable_name(ctx);
                let message = format!("the state of the opaque {class} has no fields to set");
                Err(Error::new(&exc::TYPE_ERROR, message))
            }
        }
    }

    /// Removes a field of the state; returns whether there was one.
    ///
    /// # Errors
    /// What comparing a key of the state with the name raises.
    pub fn remove_field(self, ctx: Context<'gc>, name: &str) -> Result<'gc, bool> {
        let name = ctx.str(name);
        for fields in self.fields() {
            if fields.remove(ctx, name)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The dicts of fields in the state: that of `__dict__`, and that of slots.
    fn fields(self) -> Vec<Dict<'gc>> {
        match self.state() {
            Some(Value::Dict(fields)) => vec![fields],
            Some(Value::Tuple(parts)) if parts.len() == 2 => {
                parts.as_slice().iter().filter_map(|part| part.as_dict()).collect()
            }
            _ => Vec::new(),
        }
    }

    fn items(self, ctx: Context<'gc>, place: usize) -> List<'gc> {
        match self.value(place) {
            Value::List(items) => items,
            _ => {
                let items = List::new(ctx);
                self.set(ctx, place, items.into());
                items
            }
        }
    }

    /// Items that were added, `None` if there were never any.
    pub(crate) fn added_items(self) -> [Option<List<'gc>>; 2] {
        [LIST_ITEMS, DICT_ITEMS].map(|place| match self.value(place) {
            Value::List(items) if !items.is_empty() => Some(items),
            _ => None,
        })
    }

    fn value(self, place: usize) -> Value<'gc> {
        self.content.get(place).unwrap_or(Value::None)
    }

    fn set(self, ctx: Context<'gc>, place: usize, value: Value<'gc>) {
        self.content.set(ctx, place, value);
    }
}

impl<'gc> From<Opaque<'gc>> for Value<'gc> {
    fn from(opaque: Opaque<'gc>) -> Self {
        opaque.instance.into()
    }
}

impl MadeBy {
    /// The number by which a copy knows it.
    pub(super) const fn number(self) -> i64 {
        self as i64
    }

    pub(super) fn from_number(number: i64) -> Option<Self> {
        [Self::Reduce, Self::NewObj, Self::NewObjEx, Self::Inst, Self::Obj, Self::Persistent]
            .into_iter()
            .find(|it| it.number() == number)
    }
}
