//! Reads a pickle that CPython 2.7 wrote, changes what was in it, and writes it back. Without Python.
//!
//! The pickle holds a menu: two recipes, of a new-style class, which go well with each other, and the jars that they
//! need, of a classic class. The salt is in both recipes and on the shelf: one object, three places.

use halfsour::pickle::{Pickler, loads};
use halfsour::{
    Class, ClassicClass, Context, Error, IntoValue, Result, Runtime, Stashed, Uncaught, Value, exc,
};

/// Written by `tests/data/quickstart/make.py` in CPython 2.7, protocol 2.
const MENU: &[u8] = include_bytes!("../tests/data/quickstart/menu.pickle");

fn main() -> std::result::Result<(), Uncaught> {
    let mut runtime = Runtime::python2();
    runtime.try_enter(|ctx| define_kitchen(ctx))?;

    println!("Reading {} bytes that CPython 2.7 wrote:", MENU.len());
    let menu = runtime.try_enter(|ctx| {
        let menu = loads(ctx, MENU)?;
        show(ctx, menu, "tonight")?;
        Ok(ctx.stash(menu))
    })?;
    println!("  written again: {}", written_again(&mut runtime, &menu)?);

    println!(
        "\nTaking 100 g out of the jar of salt on the shelf, and moving the menu to tomorrow."
    );
    runtime.try_enter(|ctx| change(ctx, ctx.fetch(&menu)))?;

    for protocol in 0..=2 {
        let pickler = Pickler::new().protocol(protocol);
        let bytes = runtime.try_enter(|ctx| pickler.dumps(ctx, ctx.fetch(&menu)))?;
        println!("\nProtocol {protocol}, {} bytes, reads back as:", bytes.len());
        runtime.try_enter(|ctx| show(ctx, loads(ctx, &bytes)?, "tomorrow"))?;
    }
    Ok(())
}

/// The module `kitchen`, whose classes the pickle names:
///
/// ```python
/// class Jar:
///     def __repr__(self):
///         return "%d g of %s" % (self.grams, self.label)
///
/// class Recipe(object):
///     def needs(self):
///         return [repr(jar) for jar in self.jars]
/// ```
fn define_kitchen(ctx: Context<'_>) -> Result<'_, ()> {
    let kitchen = ctx.new_module("kitchen")?;
    let jar = ClassicClass::builder(ctx, "Jar").method("__repr__", |ctx, this, _| {
        let grams: i64 = this.get_attr(ctx, "grams")?.to(ctx)?;
        let label: String = this.get_attr(ctx, "label")?.to(ctx)?;
        Ok(format!("{grams} g of {label}").into_value(ctx))
    });
    kitchen.class_named(ctx, jar.build()?)?;
    let recipe = Class::builder(ctx, "Recipe").method("needs", |ctx, this, _| {
        let mut needs = Vec::new();
        let jars = this.get_attr(ctx, "jars")?.iter(ctx)?;
        while let Some(jar) = jars.next(ctx)? {
            needs.push(jar.repr(ctx)?);
        }
        Ok(needs.into_value(ctx))
    });
    kitchen.class_named(ctx, recipe.build()?)
}

/// Prints the recipes of a day with what they need, and who is who among the objects.
fn show<'gc>(ctx: Context<'gc>, menu: Value<'gc>, day: &str) -> Result<'gc, ()> {
    let recipes: Vec<Value<'gc>> = menu.get_item(ctx, day)?.to(ctx)?;
    for recipe in &recipes {
        let title: String = recipe.get_attr(ctx, "title")?.to(ctx)?;
        // A method of a class that Rust defined, called on an object that came out of the pickle.
        let needs: Vec<String> = recipe.call_method(ctx, "needs", ())?.to(ctx)?;
        println!("  {day}: {title}, with {}", needs.join(" and "));
    }
    let &[pickles, bread] = recipes.as_slice() else {
        return Err(Error::new(&exc::VALUE_ERROR, "the menu has two recipes"));
    };
    let salt = menu.get_item(ctx, "shelf")?.get_item(ctx, 0)?;
    let salt_in = |recipe: Value<'gc>| recipe.get_attr(ctx, "jars")?.get_item(ctx, 0);
    let one_jar = salt.is(salt_in(pickles)?) && salt.is(salt_in(bread)?);
    println!("  the salt on the shelf and in both recipes is one jar: {}", yes_or_no(one_jar));
    let goes_with = |recipe: Value<'gc>| recipe.get_attr(ctx, "goes_with")?.get_item(ctx, 0);
    let cycle = goes_with(pickles)?.is(bread) && goes_with(bread)?.is(pickles);
    println!("  the recipes go with each other: {}", yes_or_no(cycle));
    Ok(())
}

fn written_again(
    runtime: &mut Runtime,
    menu: &Stashed<Value<'static>>,
) -> std::result::Result<&'static str, Uncaught> {
    let pickler = Pickler::new().protocol(2);
    let bytes = runtime.try_enter(|ctx| pickler.dumps(ctx, ctx.fetch(menu)))?;
    Ok(if bytes == MENU { "the same bytes" } else { "other bytes" })
}

fn change<'gc>(ctx: Context<'gc>, menu: Value<'gc>) -> Result<'gc, ()> {
    let salt = menu.get_item(ctx, "shelf")?.get_item(ctx, 0)?;
    let grams: i64 = salt.get_attr(ctx, "grams")?.to(ctx)?;
    salt.set_attr(ctx, "grams", grams - 100)?;
    let recipes = menu.call_method(ctx, "pop", ("tonight",))?;
    menu.set_item(ctx, "tomorrow", recipes)
}

fn yes_or_no(it: bool) -> &'static str {
    if it { "yes" } else { "no" }
}
