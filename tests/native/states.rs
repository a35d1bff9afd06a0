//! The state of native objects in pickles.

use halfsour::pickle::{self, Flavour, Pickler};
use halfsour::{Class, Context, Dict, NativeClass, Result, Value, exc, value};

use super::classes::{both, python3};

#[derive(NativeClass, Clone, Debug, PartialEq)]
#[class(module = "larder", new, pickle, value)]
pub(crate) struct Recipe {
    pub(crate) title: String,
    #[class(default = 1)]
    pub(crate) portions: u32,
    #[class(default)]
    pub(crate) steps: Vec<String>,
    #[class(skip)]
    pub(crate) cooked: u32,
}

#[derive(NativeClass, Debug, PartialEq)]
#[class(module = "larder", name = "Menu", new, pickle(version = 3, upgrade = upgrade))]
struct Menu {
    dishes: Vec<Recipe>,
    grams: i64,
}

/// Version 1 had one dish, version 2 kilograms.
fn upgrade<'gc>(ctx: Context<'gc>, version: u32, state: Dict<'gc>) -> Result<'gc, ()> {
    if version < 2 {
        let dish = state.remove_name(ctx, ctx.intern("dish")).unwrap_or(Value::None);
        state.insert_name(ctx, ctx.intern("dishes"), value!(ctx, [dish])?)?;
    }
    if let Some(kilos) = state.remove_name(ctx, ctx.intern("kilos")) {
        state.insert_name(ctx, ctx.intern("grams"), Value::Int(1000 * kilos.to::<i64>(ctx)?))?;
    }
    Ok(())
}

#[derive(NativeClass, Debug, PartialEq)]
#[class(module = "larder", new, pickle, dict)]
struct Note {
    text: String,
}

fn recipe() -> Recipe {
    Recipe { title: "Rye bread".into(), portions: 4, steps: vec!["Wait".into()], cooked: 9 }
}

#[test]
fn every_protocol_takes_the_value_along() {
    both(|ctx| {
        let made = recipe().into_object(ctx)?;
        let most = if ctx.dialect() == halfsour::Dialect::Python2 { 2 } else { 5 };
        for protocol in 0..=most {
            let bytes = Pickler::new().protocol(protocol).dumps(ctx, made)?;
            let copy = pickle::loads(ctx, &bytes)?;
            assert_eq!(*copy.native::<Recipe>(ctx)?, Recipe { cooked: 0, ..recipe() });
        }
        let copy = halfsour::copyreg::copy::deepcopy(ctx, made)?;
        assert_eq!(copy.native::<Recipe>(ctx)?.title, "Rye bread");
        Ok(())
    });
}

/// The bytes are those of an instance of a class that is written in Python and has the same attributes.
#[test]
fn the_pickle_is_that_of_a_python_class() {
    both(|ctx| {
        let native = recipe().into_object(ctx)?;
        let flavour = ctx.dialect().pick(Flavour::CPickle, Flavour::Python3);
        let bytes =
            |protocol, value| Pickler::new().flavour(flavour).protocol(protocol).dumps(ctx, value);
        let of_native = [0, 1, 2].map(|protocol| bytes(protocol, native));
        let class = Class::builder(ctx, "Recipe").module("larder").build()?;
        ctx.new_module("larder")?.set(ctx, "Recipe", Value::from(class))?;
        let python = Value::from(class).call(ctx, ())?;
        for name in ["title", "portions", "steps"] {
            python.set_attr(ctx, name, native.get_attr(ctx, name)?)?;
        }
        for (protocol, of_native) in (0..).zip(of_native) {
            assert_eq!(of_native?, bytes(protocol, python)?, "protocol {protocol}");
        }
        Ok(())
    });
}

/// What CPython 3.13 wrote, at protocol 4, for a `larder.Recipe` whose `__dict__` is `{'title': 'Soup'}`.
const SOUP: &[u8] = b"\x80\x04\x95+\0\0\0\0\0\0\0\x8c\x06larder\x94\x8c\x06Recipe\x94\x93\x94)\x81\x94}\x94\x8c\x05title\x94\x8c\x04Soup\x94sb.";

#[test]
fn missing_fields_have_their_defaults() {
    python3(|ctx| {
        ctx.class_of::<Recipe>()?;
        let soup = pickle::loads(ctx, SOUP)?;
        let expected = Recipe { title: "Soup".into(), portions: 1, steps: vec![], cooked: 0 };
        assert_eq!(*soup.native::<Recipe>(ctx)?, expected);
        Ok(())
    });
}

#[test]
fn a_wrong_state_is_an_error_that_names_the_field() {
    both(|ctx| {
        let class = Value::from(ctx.class_of::<Recipe>()?);
        let empty = class.call_method(ctx, "__new__", (class,))?;
        let set = |state| empty.call_method(ctx, "__setstate__", (state,));
        let missing = set(value!(ctx, {"portions": 3})?).unwrap_err();
        assert!(missing.is(ctx, &exc::ATTRIBUTE_ERROR));
        assert_eq!(missing.message(ctx), "the state of 'Recipe' has no 'title'");
        assert!(set(value!(ctx, {"title": 3})?).unwrap_err().is(ctx, &exc::TYPE_ERROR));
        let too_many = set(value!(ctx, {"title": "a", "portions": -1})?).unwrap_err();
        assert!(too_many.is(ctx, &exc::OVERFLOW_ERROR));
        assert!(set(value!(ctx, [1])?).unwrap_err().is(ctx, &exc::TYPE_ERROR));
        let unknown = set(value!(ctx, {"title": "a", "stars": 5})?).unwrap_err();
        assert!(unknown.is(ctx, &exc::ATTRIBUTE_ERROR));
        assert!(empty.get_attr(ctx, "title").unwrap_err().is(ctx, &exc::ATTRIBUTE_ERROR));
        set(value!(ctx, {"title": "a"})?)?;
        assert_eq!(empty.native::<Recipe>(ctx)?.title, "a");
        Ok(())
    });
}

#[test]
fn further_attributes_are_in_the_state() {
    both(|ctx| {
        let note = Note { text: "buy salt".into() }.into_object(ctx)?;
        note.set_attr(ctx, "stars", 5)?;
        let copy = pickle::loads(ctx, &pickle::dumps(ctx, note)?)?;
        assert_eq!(copy.native::<Note>(ctx)?.text, "buy salt");
        assert_eq!(copy.get_attr(ctx, "stars")?.to::<i64>(ctx)?, 5);
        Ok(())
    });
}

#[test]
fn versions_are_upgraded() {
    both(|ctx| {
        let class = Value::from(ctx.class_of::<Menu>()?);
        let soup = recipe().into_object(ctx)?;
        let load = |state| -> Result<'_> {
            let empty = class.call_method(ctx, "__new__", (class,))?;
            empty.call_method(ctx, "__setstate__", (state,))?;
            Ok(empty)
        };
        let first = load(value!(ctx, {"dish": soup, "kilos": 2})?)?;
        let second = load(value!(ctx, {"__version__": 2, "dishes": [soup], "kilos": 2})?)?;
        let third = pickle::loads(ctx, &pickle::dumps(ctx, first)?)?;
        for menu in [first, second, third] {
            assert_eq!(menu.native::<Menu>(ctx)?.grams, 2000);
            assert_eq!(menu.native::<Menu>(ctx)?.dishes[0].title, "Rye bread");
        }
        let later = load(value!(ctx, {"__version__": 4, "dishes": [], "grams": 1})?).unwrap_err();
        assert!(later.is(ctx, &exc::VALUE_ERROR));
        Ok(())
    });
}
