//! Lists and dicts that contain themselves: of the built-in type, of a subclass, and of a class that is made like one.

use halfsour::{Context, Result, Value};

use super::round_trip;
use crate::assertions::{assert_instance, assert_is};
use crate::classes;
use crate::implementation::Implementation;
use crate::objects::{PROTOCOLS, items, tuple};

/// What a collection is an instance of.
#[derive(Clone, Copy)]
struct Kind {
    class: &'static str,
    /// The attribute that has the items, in a class that is only like a collection.
    inside: Option<&'static str>,
    /// The first protocol that can write it.
    from: i32,
}

const fn built_in(class: &'static str) -> Kind {
    Kind { class, inside: None, from: 0 }
}

const fn subclass(class: &'static str) -> Kind {
    Kind { class, inside: None, from: 2 }
}

const fn like(class: &'static str, inside: &'static str) -> Kind {
    Kind { class, inside: Some(inside), from: 0 }
}

impl Kind {
    fn empty<'gc>(self, ctx: Context<'gc>) -> Result<'gc> {
        match self.class {
            "list" => Ok(halfsour::List::new(ctx).into()),
            "dict" => Ok(halfsour::Dict::new(ctx).into()),
            class => classes::new(ctx, class),
        }
    }

    /// The only item of a collection, or its only key.
    #[track_caller]
    fn only<'gc>(self, ctx: Context<'gc>, like: Value<'gc>, loaded: Value<'gc>) -> Result<'gc> {
        assert_is(ctx, loaded.type_of(ctx).into(), like.type_of(ctx).into());
        let found = items(ctx, self.collection(ctx, loaded)?)?;
        assert_eq!(found.len(), 1);
        Ok(found[0])
    }

    fn collection<'gc>(self, ctx: Context<'gc>, loaded: Value<'gc>) -> Result<'gc> {
        self.inside.map_or(Ok(loaded), |inside| loaded.get_attr(ctx, inside))
    }

    fn protocols(self) -> impl Iterator<Item = i32> {
        PROTOCOLS.into_iter().filter(move |&protocol| protocol >= self.from)
    }
}

/// The only item of a tuple.
#[track_caller]
fn only_of_tuple<'gc>(ctx: Context<'gc>, loaded: Value<'gc>) -> Result<'gc> {
    assert_instance(ctx, loaded, ctx.types().tuple)?;
    let found = items(ctx, loaded)?;
    assert_eq!(found.len(), 1);
    Ok(found[0])
}

/// `collection.append(collection)`
fn list<'gc>(ctx: Context<'gc>, by: &Implementation, kind: Kind) -> Result<'gc, ()> {
    let original = kind.empty(ctx)?;
    original.call_method(ctx, "append", (original,))?;
    for protocol in kind.protocols() {
        let loaded = round_trip(ctx, by, original, protocol)?;
        assert_is(ctx, kind.only(ctx, original, loaded)?, loaded);
    }
    Ok(())
}

/// A tuple of a list of the tuple, from both sides.
fn tuple_and_list<'gc>(ctx: Context<'gc>, by: &Implementation, kind: Kind) -> Result<'gc, ()> {
    let inner = kind.empty(ctx)?;
    let outer = tuple(ctx, &[inner]);
    inner.call_method(ctx, "append", (outer,))?;
    for protocol in kind.protocols() {
        let loaded = round_trip(ctx, by, outer, protocol)?;
        assert_is(ctx, kind.only(ctx, inner, only_of_tuple(ctx, loaded)?)?, loaded);
        let loaded = round_trip(ctx, by, inner, protocol)?;
        assert_is(ctx, only_of_tuple(ctx, kind.only(ctx, inner, loaded)?)?, loaded);
    }
    Ok(())
}

/// `collection[1] = collection`
fn dict<'gc>(ctx: Context<'gc>, by: &Implementation, kind: Kind) -> Result<'gc, ()> {
    let original = kind.empty(ctx)?;
    original.set_item(ctx, 1, original)?;
    for protocol in kind.protocols() {
        let loaded = round_trip(ctx, by, original, protocol)?;
        assert_is(ctx, kind.only(ctx, original, loaded)?, Value::Int(1));
        assert_is(ctx, kind.collection(ctx, loaded)?.get_item(ctx, 1)?, loaded);
    }
    Ok(())
}

/// A tuple of a dict whose value is the tuple, from both sides.
fn tuple_and_dict<'gc>(ctx: Context<'gc>, by: &Implementation, kind: Kind) -> Result<'gc, ()> {
    let inner = kind.empty(ctx)?;
    let outer = tuple(ctx, &[inner]);
    inner.set_item(ctx, 1, outer)?;
    let value = |dict| kind.collection(ctx, dict)?.get_item(ctx, 1);
    for protocol in kind.protocols() {
        let loaded = round_trip(ctx, by, outer, protocol)?;
        let dict = only_of_tuple(ctx, loaded)?;
        assert_is(ctx, kind.only(ctx, inner, dict)?, Value::Int(1));
        assert_is(ctx, value(dict)?, loaded);
        let loaded = round_trip(ctx, by, inner, protocol)?;
        assert_is(ctx, only_of_tuple(ctx, value(loaded)?)?, loaded);
    }
    Ok(())
}

/// `collection[K(collection)] = 1`
fn dict_key<'gc>(ctx: Context<'gc>, by: &Implementation, kind: Kind) -> Result<'gc, ()> {
    let original = kind.empty(ctx)?;
    original.set_item(ctx, classes::new_of(ctx, "K", &[original])?, 1)?;
    for protocol in kind.protocols() {
        let loaded = round_trip(ctx, by, original, protocol)?;
        assert_is(ctx, key_value(ctx, kind.only(ctx, original, loaded)?)?, loaded);
    }
    Ok(())
}

/// What a `K` holds.
fn key_value<'gc>(ctx: Context<'gc>, key: Value<'gc>) -> Result<'gc> {
    assert_instance(ctx, key, classes::class(ctx, "K")?)?;
    key.get_attr(ctx, "value")
}

/// A tuple of a dict whose key holds the tuple, from both sides.
fn tuple_and_dict_key<'gc>(ctx: Context<'gc>, by: &Implementation, kind: Kind) -> Result<'gc, ()> {
    let inner = kind.empty(ctx)?;
    let outer = tuple(ctx, &[inner]);
    inner.set_item(ctx, classes::new_of(ctx, "K", &[outer])?, 1)?;
    for protocol in kind.protocols() {
        let loaded = round_trip(ctx, by, outer, protocol)?;
        let key = kind.only(ctx, inner, only_of_tuple(ctx, loaded)?)?;
        assert_is(ctx, key_value(ctx, key)?, loaded);
        let loaded = round_trip(ctx, by, inner, protocol)?;
        let held = key_value(ctx, kind.only(ctx, inner, loaded)?)?;
        assert_is(ctx, only_of_tuple(ctx, held)?, loaded);
    }
    Ok(())
}

macro_rules! tests {
    ($($test:ident: $check:ident($kind:expr);)*) => {
        $(pub(super) fn $test<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
            $check(ctx, by, $kind)
        })*
    };
}

tests! {
    test_recursive_list: list(built_in("list"));
    test_recursive_list_subclass: list(subclass("MyList"));
    test_recursive_list_like: list(like("REX_six", "items"));
    test_recursive_tuple_and_list: tuple_and_list(built_in("list"));
    test_recursive_tuple_and_list_subclass: tuple_and_list(subclass("MyList"));
    test_recursive_tuple_and_list_like: tuple_and_list(like("REX_six", "items"));
    test_recursive_dict: dict(built_in("dict"));
    test_recursive_dict_subclass: dict(subclass("MyDict"));
    test_recursive_dict_like: dict(like("REX_seven", "table"));
    test_recursive_tuple_and_dict: tuple_and_dict(built_in("dict"));
    test_recursive_tuple_and_dict_subclass: tuple_and_dict(subclass("MyDict"));
    test_recursive_tuple_and_dict_like: tuple_and_dict(like("REX_seven", "table"));
    test_recursive_dict_key: dict_key(built_in("dict"));
    test_recursive_dict_subclass_key: dict_key(subclass("MyDict"));
    test_recursive_dict_like_key: dict_key(like("REX_seven", "table"));
    test_recursive_tuple_and_dict_key: tuple_and_dict_key(built_in("dict"));
    test_recursive_tuple_and_dict_subclass_key: tuple_and_dict_key(subclass("MyDict"));
    test_recursive_tuple_and_dict_like_key: tuple_and_dict_key(like("REX_seven", "table"));
}
