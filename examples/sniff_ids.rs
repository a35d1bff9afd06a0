//! Lists the objects outside of a pickle that it refers to, without loading it: cPickle's `noload`.
//!
//! A shelf of pickles whose big objects are kept elsewhere: to know which of these are still needed, somebody has to look
//! into every pickle. The classes in them are not needed for that, and nothing of them runs.

use std::io::Cursor;

use halfsour::pickle::{Pickler, Unpickler};
use halfsour::{Class, Context, Dict, IntoValue, List, Result, Runtime, Uncaught, Value};

fn main() -> std::result::Result<(), Uncaught> {
    let bytes = Runtime::python2().try_enter(|ctx| write(ctx))?;

    // Here nobody knows a class Album.
    Runtime::python2().try_enter(|ctx| {
        let ids = Unpickler::new().persistent_ids(ctx, bytes.as_slice())?;
        println!("from Rust: {}", ids.into_value(ctx).repr(ctx)?.to::<String>(ctx)?);
        as_python_does(ctx, &bytes)
    })
}

/// ```python
/// unpickler = cPickle.Unpickler(file)
/// unpickler.persistent_load = ids = []
/// unpickler.noload()
/// ```
fn as_python_does<'gc>(ctx: Context<'gc>, bytes: &[u8]) -> Result<'gc, ()> {
    let file = Value::from(ctx.new_file("album.pkl", "rb", Cursor::new(bytes.to_vec())));
    let unpickler = ctx.import_from("cPickle", "Unpickler")?.call(ctx, (file,))?;
    let ids = Value::from(List::new(ctx));
    unpickler.set_attr(ctx, "persistent_load", ids)?;
    unpickler.call_method(ctx, "noload", ())?;
    println!("as Python does: {}", ids.repr(ctx)?.to::<String>(ctx)?);
    Ok(())
}

/// Returns the pickle of an album, whose pictures have their file's name for an id.
fn write(ctx: Context<'_>) -> Result<'_, Vec<u8>> {
    let module = ctx.new_module("photos")?;
    module.class_named(ctx, Class::builder(ctx, "Album").build()?)?;
    module.class_named(ctx, Class::builder(ctx, "Picture").build()?)?;

    let album = ctx.import_from("photos", "Album")?.call(ctx, ())?;
    let pictures = Value::from(Dict::new(ctx));
    for (title, file) in [("jars", "jars.jpeg"), ("the barrel", "barrel.jpeg")] {
        let picture = ctx.import_from("photos", "Picture")?.call(ctx, ())?;
        picture.set_attr(ctx, "file", file)?;
        pictures.set_item(ctx, title, picture)?;
    }
    album.set_attr(ctx, "pictures", pictures)?;
    Pickler::new().protocol(2).persistent_id(file_of).dumps(ctx, album)
}

fn file_of<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, Option<Value<'gc>>> {
    if object.is_instance(ctx, ctx.import_from("photos", "Picture")?)? {
        return object.get_attr(ctx, "file").map(Some);
    }
    Ok(None)
}
