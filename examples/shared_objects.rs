//! Objects that several keys share: stored once, one object again when loaded, gone when no key reaches them.

use std::error::Error;
use std::path::Path;

use halfsour::shelve::{Flag, Shelf, ShelfOptions};
use halfsour::{Class, Context, List, Result, Runtime, Value};

fn main() -> std::result::Result<(), Box<dyn Error>> {
    let path = std::env::temp_dir().join(format!("cookbook-{}.shelf", std::process::id()));
    write(&path)?;
    read(&path)?;
    Ok(std::fs::remove_file(path)?)
}

/// A shelf in which cooks are shared, and recipes are not.
fn open(path: &Path) -> std::result::Result<Shelf, Box<dyn Error>> {
    let options = ShelfOptions::new()
        .shared(|ctx, object| Ok(object.class_of(ctx).is(ctx.import_from("kitchen", "Cook")?)));
    Ok(options.open(path, Flag::Create)?)
}

fn write(path: &Path) -> std::result::Result<(), Box<dyn Error>> {
    let mut recipes = open(path)?;
    Runtime::python3().try_enter(|ctx| {
        define_kitchen(ctx)?;
        let (anna, bert) = (cook(ctx, "Anna")?, cook(ctx, "Bert")?);
        // They know each other: a circle through two entries.
        anna.set_attr(ctx, "friend", bert)?;
        bert.set_attr(ctx, "friend", anna)?;
        let by = |cook| Value::from(List::from_vec(ctx, vec![cook]));
        recipes.update(ctx, [("dill", by(anna)), ("salt", by(anna)), ("mint", by(bert))])?;
        println!("{} recipes by {} cooks", recipes.len(ctx)?, recipes.shared_objects(ctx)?.reached);
        recipes.close(ctx)
    })?;
    Ok(())
}

fn read(path: &Path) -> std::result::Result<(), Box<dyn Error>> {
    let mut recipes = open(path)?;
    Runtime::python3().try_enter(|ctx| {
        define_kitchen(ctx)?;
        let dill = recipes.get_item(ctx, "dill")?;
        let anna = dill.get_item(ctx, 0)?;
        println!("the same cook: {}", recipes.get_item(ctx, "salt")?.get_item(ctx, 0)?.is(anna));
        let bert = recipes.get_item(ctx, "mint")?.get_item(ctx, 0)?;
        println!("the same friend: {}", anna.get_attr(ctx, "friend")?.is(bert));

        // A change is written with any key that reaches it.
        anna.set_attr(ctx, "name", "Anne")?;
        recipes.set(ctx, "dill", dill)?;
        let salt = recipes.get_item(ctx, "salt")?.get_item(ctx, 0)?;
        println!("salt is by {}", salt.get_attr(ctx, "name")?.to::<String>(ctx)?);

        for key in ["dill", "salt", "mint"] {
            println!("unreachable: {}", recipes.shared_objects(ctx)?.unreachable.len());
            recipes.delete(ctx, key)?;
        }
        println!("removed: {}", recipes.collect_shared(ctx)?.unreachable.len());
        recipes.close(ctx)
    })?;
    Ok(())
}

fn define_kitchen(ctx: Context<'_>) -> Result<'_, ()> {
    let cook = Class::builder(ctx, "Cook").module("kitchen").build()?;
    ctx.new_module("kitchen")?.class_named(ctx, cook)
}

fn cook<'gc>(ctx: Context<'gc>, name: &str) -> Result<'gc> {
    let cook = ctx.import_from("kitchen", "Cook")?.call(ctx, ())?;
    cook.set_attr(ctx, "name", name)?;
    Ok(cook)
}
