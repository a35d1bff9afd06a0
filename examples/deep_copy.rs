//! Shallow and deep copies: what is shared with the original, what is shared within the copy, and a class that decides.
//!
//! A shallow copy is a new object with the same parts. A deep copy has copies of the parts, in which what was one object
//! is one again, cycles included. A class with a `__deepcopy__` says for itself what its copy is.

use halfsour::copyreg::copy::{copy, deepcopy, deepcopy_with_memo};
use halfsour::{Class, Context, Dict, IntoArgs, List, Result, Runtime, Uncaught, Value};

fn main() -> std::result::Result<(), Uncaught> {
    let mut runtime = Runtime::python2();
    runtime.try_enter(|ctx| {
        // Two shelves with one jar, and a list of both that knows itself.
        let jar = Value::from(Dict::new(ctx));
        jar.set_item(ctx, "grams", 500)?;
        let shelves = List::from_vec(ctx, vec![jar, jar]);
        shelves.push(ctx, shelves.into());
        let shelves = Value::from(shelves);

        let shallow = copy(ctx, shelves)?;
        let deep = deepcopy(ctx, shelves)?;

        println!("shallow: the jars are the original's: {}", shallow.get_item(ctx, 0)?.is(jar));
        println!("shallow: it holds the original:       {}", shallow.get_item(ctx, 2)?.is(shelves));
        println!("deep: the jars are the original's:    {}", deep.get_item(ctx, 0)?.is(jar));
        println!(
            "deep: both shelves have one jar:      {}",
            deep.get_item(ctx, 0)?.is(deep.get_item(ctx, 1)?)
        );
        println!("deep: it holds itself:                {}", deep.get_item(ctx, 2)?.is(deep));

        jar.set_item(ctx, "grams", 400)?;
        for (what, shelves) in [("original", shelves), ("shallow", shallow), ("deep", deep)] {
            let grams: i64 = shelves.get_item(ctx, 0)?.get_item(ctx, "grams")?.to(ctx)?;
            println!("after taking 100 g out of the original: {what} has {grams} g");
        }
        own_deepcopy(ctx)
    })
}

/// A larder whose copy has its own jars, but the same address book.
fn own_deepcopy(ctx: Context<'_>) -> Result<'_, ()> {
    let larder = Class::builder(ctx, "Larder").method("__deepcopy__", |ctx, this, args| {
        let (memo,): (Dict<'_>,) = args.parse(ctx, "__deepcopy__")?;
        let copied = this.get_attr(ctx, "__class__")?.call(ctx, ())?;
        // Noted before its parts are copied, in case that one of them leads back here.
        memo.insert(ctx, this.id(ctx), copied)?;
        let jars = deepcopy_with_memo(ctx, this.get_attr(ctx, "jars")?, memo)?;
        copied.set_attr(ctx, "jars", jars)?;
        copied.set_attr(ctx, "addresses", this.get_attr(ctx, "addresses")?)?;
        Ok(copied)
    });
    let larder = Value::from(larder.build()?).call(ctx, ().into_args(ctx))?;
    larder.set_attr(ctx, "addresses", List::new(ctx))?;
    larder.set_attr(ctx, "jars", vec![larder])?;

    let copied = deepcopy(ctx, larder)?;
    for name in ["addresses", "jars"] {
        let same = copied.get_attr(ctx, name)?.is(larder.get_attr(ctx, name)?);
        println!("__deepcopy__: the {name} are the original's: {same}");
    }
    let back = copied.get_attr(ctx, "jars")?.get_item(ctx, 0)?;
    println!("__deepcopy__: the jars lead to the copy: {}", back.is(copied));
    Ok(())
}
