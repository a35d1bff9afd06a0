//! What the module `cPickle` has to call.

use halfsour_runtime::{Args, Builtin, Class, Context, Error, Module, Result, Tuple, Value, exc};

use super::functions::{dump, dumps};
use super::loading::Loading;
use super::read_write::{reader, writer};
use super::saved_load_memo::SavedLoadMemo;
use super::saved_memo::SavedMemo;
use super::{c_pickler, c_unpickler};
use crate::flavour::Flavour;

/// Makes an object of a class of cPickle, which has a class for what it keeps of its memo.
type Make = for<'a> fn(Context<'a>, Class<'a>, Class<'a>, &Args<'a>) -> Result<'a>;

pub(super) fn install<'gc>(
    ctx: Context<'gc>,
    module: Module<'gc>,
    loading: &Loading,
) -> Result<'gc, ()> {
    let classes = [c_pickler::class(ctx)?, SavedMemo::class(ctx)?];
    factory(ctx, module, "Pickler", classes, c_pickler::make)?;
    let classes = [c_unpickler::class(ctx, loading)?, SavedLoadMemo::class(ctx)?];
    factory(ctx, module, "Unpickler", classes, c_unpickler::make)?;
    module.builtin(ctx, "dump", |ctx, args| {
        let [object, file, protocol] = args.bind("dump", ["obj", "file", "protocol"], 2)?;
        match file {
            // cPickle writes to nowhere, and what cannot be pickled is an error all the same.
            None | Some(Value::None) => {
                dump(ctx, Flavour::CPickle, object, protocol, &mut std::io::sink())?;
            }
            Some(file) => {
                dump(ctx, Flavour::CPickle, object, protocol, &mut writer(ctx, file)?)?;
            }
        }
        Ok(Value::None)
    })?;
    module.builtin(ctx, "dumps", |ctx, args| dumps(ctx, Flavour::CPickle, &args))?;
    let own = loading.clone();
    module.builtin(ctx, "load", move |ctx, args| {
        let (file,): (Value<'_>,) = args.parse(ctx, "load")?;
        own.load_file(ctx, reader(ctx, file)?)
    })?;
    let own = loading.clone();
    module.builtin(ctx, "loads", move |ctx, args| {
        let (text,): (Value<'_>,) = args.parse(ctx, "loads")?;
        let Value::Bytes(bytes) = text.content() else {
            let found = text.type_name(ctx);
            let message = format!("loads() argument 1 must be string, not {found}");
            return Err(Error::new(&exc::TYPE_ERROR, message));
        };
        own.loads(ctx, bytes.as_slice())
    })?;
    Ok(())
}

/// Adds a function that has the name of the class of what it makes.
fn factory<'gc>(
    ctx: Context<'gc>,
    module: Module<'gc>,
    name: &str,
    classes: [Class<'gc>; 2],
    make: Make,
) -> Result<'gc, ()> {
    let classes = Tuple::new(ctx, &classes.map(Value::from));
    let function = Builtin::capturing(ctx, name, classes, move |ctx, classes, args| match classes
        .as_tuple()
        .map(|classes| classes.as_slice())
    {
        Some(&[Value::Class(class), Value::Class(memo_class)]) => {
            make(ctx, class, memo_class, &args)
        }
        _ => Err(Error::bare(&exc::SYSTEM_ERROR)),
    });
    module.set(ctx, name, Value::from(function))
}
