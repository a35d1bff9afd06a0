//! Structs with their fields as attributes.

use std::collections::BTreeMap;

use halfsour::{Context, NativeClass, Result, Runtime, Value, exc, value};

pub(crate) fn python3(test: impl for<'gc> FnOnce(Context<'gc>) -> Result<'gc, ()>) {
    run(Runtime::python3(), test);
}

pub(crate) fn both(test: impl for<'gc> Fn(Context<'gc>) -> Result<'gc, ()>) {
    run(Runtime::python2(), &test);
    run(Runtime::python3(), &test);
}

#[track_caller]
fn run(mut runtime: Runtime, test: impl for<'gc> FnOnce(Context<'gc>) -> Result<'gc, ()>) {
    if let Err(error) = runtime.try_enter(test) {
        panic!("the test raised {error}");
    }
}

pub(crate) fn shown<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, String> {
    value.repr(ctx)?.to(ctx)
}

#[derive(NativeClass, Clone, Debug, PartialEq, PartialOrd)]
#[class(module = "larder", new, repr, eq, ord, value)]
pub(crate) struct Jar {
    pub(crate) label: String,
    #[class(default)]
    pub(crate) grams: i64,
    #[class(get, default = true)]
    pub(crate) lid: bool,
    #[class(hidden, default = 7)]
    pub(crate) price: u8,
    #[class(skip)]
    pub(crate) opened: u32,
}

#[derive(NativeClass)]
#[class(name = "Shelf_", module = "larder.room", new, dict)]
struct Shelf {
    jars: Vec<Jar>,
    #[class(name = "best", default)]
    favourite: Option<Jar>,
    #[class(default)]
    sizes: BTreeMap<String, (f32, i128)>,
}

#[test]
fn fields_are_attributes() {
    both(|ctx| {
        let class = Value::from(ctx.class_of::<Jar>()?);
        let jar = class.call(ctx, ("dill", 500))?;
        assert_eq!(jar.get_attr(ctx, "label")?.to::<String>(ctx)?, "dill");
        jar.set_attr(ctx, "grams", 400)?;
        assert_eq!(jar.native::<Jar>(ctx)?.grams, 400);
        assert_eq!(shown(ctx, jar)?, "Jar(label='dill', grams=400, lid=True, price=7)");
        let refused = jar.set_attr(ctx, "lid", false).unwrap_err();
        assert!(refused.is(ctx, &exc::ATTRIBUTE_ERROR));
        assert!(jar.get_attr(ctx, "opened").unwrap_err().is(ctx, &exc::ATTRIBUTE_ERROR));
        assert!(jar.get_attr(ctx, "price").unwrap_err().is(ctx, &exc::ATTRIBUTE_ERROR));
        assert!(jar.set_attr(ctx, "more", 1).unwrap_err().is(ctx, &exc::ATTRIBUTE_ERROR));
        let wrong = jar.set_attr(ctx, "grams", "many").unwrap_err();
        assert!(wrong.is(ctx, &exc::TYPE_ERROR));
        assert_eq!(jar.native::<Jar>(ctx)?.grams, 400);
        Ok(())
    });
}

#[test]
fn a_call_takes_the_fields_by_position_or_name() {
    python3(|ctx| {
        let class = Value::from(ctx.class_of::<Jar>()?);
        let by_name =
            halfsour::Args::new(&[]).keyword(ctx, "grams", 5).keyword(ctx, "label", "salt");
        let jar = class.call(ctx, by_name)?;
        assert_eq!(shown(ctx, jar)?, "Jar(label='salt', grams=5, lid=True, price=7)");
        for mistake in
            [class.call(ctx, ()), class.call(ctx, (1,)), class.call(ctx, ("a", 1, true, 7, 8))]
        {
            assert!(mistake.unwrap_err().is(ctx, &exc::TYPE_ERROR));
        }
        Ok(())
    });
}

#[test]
fn the_class_is_in_its_module() {
    python3(|ctx| {
        let class = Value::from(ctx.class_of::<Shelf>()?);
        assert!(ctx.import_from("larder.room", "Shelf_")?.is(class));
        assert!(Value::from(ctx.class_of::<Shelf>()?).is(class));
        Ok(())
    });
}

#[test]
fn fields_may_hold_containers_and_native_values() {
    python3(|ctx| {
        let class = Value::from(ctx.class_of::<Shelf>()?);
        let jar = Jar { label: "dill".into(), grams: 1, lid: false, price: 2, opened: 3 }
            .into_object(ctx)?;
        let shelf = class.call(ctx, (value!(ctx, [jar, jar])?, jar))?;
        assert_eq!(shelf.native::<Shelf>(ctx)?.jars.len(), 2);
        assert!(shelf.get_attr(ctx, "best")?.equals(ctx, jar)?);
        // A Rust value has no identity.
        assert!(!shelf.get_attr(ctx, "best")?.is(jar));
        shelf.set_attr(ctx, "best", Value::None)?;
        assert!(shelf.native::<Shelf>(ctx)?.favourite.is_none());
        shelf.set_attr(ctx, "sizes", value!(ctx, {"one": (0.5, 3)})?)?;
        assert_eq!(shelf.native::<Shelf>(ctx)?.sizes["one"], (0.5, 3));
        shelf.set_attr(ctx, "note", "on the left")?;
        assert_eq!(shelf.get_attr(ctx, "note")?.to::<String>(ctx)?, "on the left");
        Ok(())
    });
}

#[test]
fn comparison_is_that_of_the_rust_type() {
    both(|ctx| {
        let jar = |grams| {
            Jar { label: "dill".into(), grams, lid: true, price: 0, opened: 0 }.into_object(ctx)
        };
        assert!(jar(1)?.equals(ctx, jar(1)?)?);
        assert!(!jar(1)?.equals(ctx, jar(2)?)?);
        assert!(!jar(1)?.equals(ctx, Value::Int(1))?);
        assert!(
            jar(1)?
                .rich_compare(ctx, jar(2)?, halfsour_runtime::Operator::Less)?
                .is(Value::Bool(true))
        );
        Ok(())
    });
    python3(|ctx| {
        let jar = Jar { label: "dill".into(), grams: 1, lid: true, price: 0, opened: 0 }
            .into_object(ctx)?;
        assert!(jar.hash(ctx).unwrap_err().is(ctx, &exc::TYPE_ERROR));
        Ok(())
    });
}

#[test]
fn an_object_without_a_value_says_so() {
    both(|ctx| {
        let class = Value::from(ctx.class_of::<Jar>()?);
        let empty = class.call_method(ctx, "__new__", (class,))?;
        let error = empty.get_attr(ctx, "label").unwrap_err();
        assert_eq!(error.message(ctx), "the 'Jar' object has no value yet");
        assert!(empty.native::<Shelf>(ctx).is_err());
        empty.call_method(ctx, "__init__", ("dill",))?;
        assert_eq!(empty.get_attr(ctx, "label")?.to::<String>(ctx)?, "dill");
        Ok(())
    });
}

#[test]
fn other_objects_hold_no_value_of_the_type() {
    python3(|ctx| {
        let jar = Jar { label: "dill".into(), grams: 1, lid: true, price: 0, opened: 0 }
            .into_object(ctx)?;
        for value in [Value::None, ctx.str("jar"), Value::from(ctx.class_of::<Jar>()?)] {
            assert!(value.native::<Jar>(ctx).unwrap_err().is(ctx, &exc::TYPE_ERROR));
        }
        assert_eq!(
            jar.native::<Shelf>(ctx).err().map(|it| it.message(ctx)).as_deref(),
            Some("expected Shelf_, got Jar")
        );
        Ok(())
    });
}
