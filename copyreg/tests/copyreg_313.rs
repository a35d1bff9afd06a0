//! CPython 3.13's own tests of `copyreg` (`test_copyreg.py`), under their names.

mod common;

use common::python3;
use halfsour_copyreg::slotnames;
use halfsour_runtime::{Class, Context, Function, Result, Value, exc};

fn copyreg<'gc>(ctx: Context<'gc>) -> Value<'gc> {
    ctx.import("copyreg").expect("the module is installed")
}

#[track_caller]
fn assert_raises<'gc>(
    ctx: Context<'gc>,
    class: &'static halfsour_runtime::ExceptionType,
    text: &str,
    result: Result<'gc>,
) {
    let error = result.expect_err(text);
    assert!(error.is(ctx, class), "{error:?}");
    assert_eq!(error.message(ctx), text);
}

/// Python 3 takes every class.
#[test]
fn test_class() {
    python3(|ctx| {
        let class = Class::builder(ctx, "C").build()?;
        let reduce = Function::new(ctx, "pickle_C", |_, _| Ok(Value::None));
        copyreg(ctx).call_method(ctx, "pickle", (class, reduce))?;
        assert!(
            halfsour_copyreg::reducer_of(ctx, class.into())?.is_some_and(|it| it.is(reduce.into()))
        );
        Ok(())
    });
}

#[test]
fn test_noncallable_reduce() {
    python3(|ctx| {
        let args = (ctx.types().int, "not a callable");
        let refused = copyreg(ctx).call_method(ctx, "pickle", args);
        assert_raises(ctx, &exc::TYPE_ERROR, "reduction functions must be callable", refused);
        Ok(())
    });
}

#[test]
fn test_noncallable_constructor() {
    python3(|ctx| {
        let int = Value::from(ctx.types().int);
        let refused = copyreg(ctx).call_method(ctx, "pickle", (int, int, "not a callable"));
        assert_raises(ctx, &exc::TYPE_ERROR, "constructors must be callable", refused);
        // The reducer is there nevertheless.
        assert!(halfsour_copyreg::reducer_of(ctx, int)?.is_some_and(|it| it.is(int)));
        Ok(())
    });
}

#[test]
fn test_bool() {
    python3(|ctx| {
        let copied = common::shallow(ctx, Value::Bool(true))?;
        assert!(copied.is(Value::Bool(true)));
        Ok(())
    });
}

#[test]
fn test_extension_registry() {
    python3(|ctx| {
        let module = copyreg(ctx);
        let add =
            |m: &str, f: &str, code: i64| module.call_method(ctx, "add_extension", (m, f, code));
        let remove =
            |m: &str, f: &str, code: i64| module.call_method(ctx, "remove_extension", (m, f, code));
        let (m, f, code) = ("junk1 ", " junk2", 0xabcd);
        let not_registered = "key ('junk1 ', ' junk2') is not registered with code 43981";
        assert_raises(ctx, &exc::VALUE_ERROR, not_registered, remove(m, f, code));
        add(m, f, code)?;
        let key = halfsour_runtime::IntoValue::into_value((m, f), ctx);
        let registry = module.get_attr(ctx, "_extension_registry")?;
        assert!(registry.get_item(ctx, key)?.is(Value::Int(code)));
        let inverted = module.get_attr(ctx, "_inverted_registry")?;
        assert!(inverted.get_item(ctx, code)?.equals(ctx, key)?);
        let cache = module.get_attr(ctx, "_extension_cache")?.as_dict().expect("a dict");
        assert!(!cache.contains(ctx, Value::Int(code))?);
        // Once more is fine.
        add(m, f, code)?;
        let conflicts = [
            (add(m, f, code + 1), "key ('junk1 ', ' junk2') is already registered with code 43981"),
            (remove(m, f, code + 1), "key ('junk1 ', ' junk2') is not registered with code 43982"),
            (add(&m[1..], f, code), "code 43981 is already in use for key ('junk1 ', ' junk2')"),
            (remove(&m[1..], f, code), "key ('unk1 ', ' junk2') is not registered with code 43981"),
            (add(m, &f[1..], code), "code 43981 is already in use for key ('junk1 ', ' junk2')"),
            (remove(m, &f[1..], code), "key ('junk1 ', 'junk2') is not registered with code 43981"),
            (
                remove(&m[1..], &f[1..], code + 1),
                "key ('unk1 ', 'junk2') is not registered with code 43982",
            ),
        ];
        for (result, text) in conflicts {
            assert_raises(ctx, &exc::VALUE_ERROR, text, result);
        }
        remove(m, f, code)?;
        assert!(!registry.as_dict().expect("a dict").contains(ctx, key)?);
        for limit in [1, 0x7fff_ffff] {
            add(m, f, limit)?;
            remove(m, f, limit)?;
        }
        for code in [-1, 0, 0x8000_0000] {
            assert_raises(ctx, &exc::VALUE_ERROR, "code out of range", add(m, f, code));
        }
        Ok(())
    });
}

#[test]
fn test_slotnames() {
    python3(|ctx| {
        let without = Class::builder(ctx, "WithoutSlots").build()?;
        assert_slots(ctx, without, &[])?;
        let weakref = Class::builder(ctx, "WithWeakref").slots(&["__weakref__"]).build()?;
        assert_slots(ctx, weakref, &[])?;
        let private = Class::builder(ctx, "WithPrivate").slots(&["__spam"]).build()?;
        assert_slots(ctx, private, &["_WithPrivate__spam"])?;
        let name = "_WithLeadingUnderscoreAndPrivate";
        let leading = Class::builder(ctx, name).slots(&["__spam"]).build()?;
        assert_slots(ctx, leading, &["_WithLeadingUnderscoreAndPrivate__spam"])?;
        let underscores = Class::builder(ctx, "___").slots(&["__spam"]).build()?;
        assert_slots(ctx, underscores, &["__spam"])?;
        let single = Class::builder(ctx, "WithSingleString").attr("__slots__", "spam").build()?;
        assert_slots(ctx, single, &["spam"])?;
        let inherited =
            Class::builder(ctx, "WithInherited").base(single).slots(&["eggs"]).build()?;
        assert_slots(ctx, inherited, &["eggs", "spam"])
    });
}

#[track_caller]
fn assert_slots<'gc>(ctx: Context<'gc>, class: Class<'gc>, expected: &[&str]) -> Result<'gc, ()> {
    let found: Vec<String> = slotnames(ctx, class)?.to(ctx)?;
    assert_eq!(found, expected);
    let kept = Value::from(class).get_attr(ctx, "__slotnames__")?;
    assert!(kept.is(slotnames(ctx, class)?), "the list is kept in the class");
    Ok(())
}
