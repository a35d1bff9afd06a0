//! `cPickle.Unpickler`: the object that the function of this name makes.

use halfsour_runtime::{Args, Class, Context, Error, Result, Value, exc};

use super::attribute::attribute;
use super::hooks::{find_global, find_or_collect};
use super::loading::{Loading, Mode, UnpicklerHooks};
use super::native;
use super::read_write::reader;
use super::saved_load_memo::SavedLoadMemo;
use crate::exceptions::cpickle;
use crate::flavour::Flavour;
use crate::source::PythonReader;

const READ: &str = "read";
const READLINE: &str = "readline";
const MEMO: &str = "memo";

/// The hooks, which are attributes that are missing until they are set.
const HOOKS: [&str; 2] = ["persistent_load", "find_global"];

/// Makes the class.
pub(super) fn class<'gc>(ctx: Context<'gc>, loading: &Loading) -> Result<'gc, Class<'gc>> {
    let (for_load, for_noload) = (loading.clone(), loading.clone());
    let mut builder = Class::builder(ctx, "Unpickler")
        .module("cPickle")
        .native()
        .slots(&[])
        .method("load", move |ctx, this, args| {
            let () = args.parse(ctx, "load")?;
            load(ctx, &for_load, Mode::Load, this)
        })
        .method("noload", move |ctx, this, args| {
            let () = args.parse(ctx, "noload")?;
            load(ctx, &for_noload, Mode::NoLoad, this)
        });
    for name in HOOKS {
        builder = attribute(
            ctx,
            builder,
            name,
            move |ctx, this| {
                native::get(ctx, this, name)?.ok_or_else(|| Error::new(&exc::ATTRIBUTE_ERROR, name))
            },
            move |ctx, this, hook| native::set(ctx, this, name, hook),
        );
    }
    builder = attribute(
        ctx,
        builder,
        MEMO,
        |ctx, this| Ok(memo(ctx, this)?.dict()?.into()),
        |ctx, this, dict| match dict.content().as_dict() {
            Some(dict) => {
                memo(ctx, this)?.set_dict(ctx, dict);
                Ok(())
            }
            None => Err(Error::new(&exc::TYPE_ERROR, "memo must be a dictionary")),
        },
    );
    attribute(
        ctx,
        builder,
        "UnpicklingError",
        |ctx, _| Ok(ctx.exception_class(&cpickle::UNPICKLING_ERROR).into()),
        |_, _, _| Err(Error::new(&exc::ATTRIBUTE_ERROR, "UnpicklingError")),
    )
    .build()
}

/// `Unpickler(file)`.
pub(super) fn make<'gc>(
    ctx: Context<'gc>,
    class: Class<'gc>,
    memo_class: Class<'gc>,
    args: &Args<'gc>,
) -> Result<'gc> {
    let (file,): (Value<'gc>,) = args.parse(ctx, "Unpickler")?;
    let (read, readline) = reader(ctx, file)?.methods();
    let this = native::allocate(ctx, class, ());
    native::set(ctx, this, READ, read)?;
    native::set(ctx, this, READLINE, readline)?;
    native::set(ctx, this, MEMO, SavedLoadMemo::allocate(ctx, memo_class, Flavour::CPickle))?;
    Ok(this)
}

fn memo<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, SavedLoadMemo<'gc>> {
    SavedLoadMemo::of(native::get(ctx, this, MEMO)?.unwrap_or(Value::None))
}

fn load<'gc>(ctx: Context<'gc>, loading: &Loading, mode: Mode, this: Value<'gc>) -> Result<'gc> {
    let [persistent_load, global] = HOOKS.map(|name| native::get(ctx, this, name));
    let find_class = global?
        .map(|hook| move |ctx, module: &str, name: &str| find_global(ctx, hook, module, name));
    let persistent_load =
        persistent_load?.map(|hook| move |ctx, id| find_or_collect(ctx, hook, id));
    let hooks = UnpicklerHooks {
        find_class: find_class.as_ref().map(|hook| hook as _),
        persistent_load: persistent_load.as_ref().map(|hook| hook as _),
        ..UnpicklerHooks::default()
    };
    let [read, readline] = [READ, READLINE].map(|name| native::get(ctx, this, name));
    let (read, readline) = (read?.unwrap_or(Value::None), readline?.unwrap_or(Value::None));
    let file = PythonReader::calling(read, readline);
    let saved = memo(ctx, this)?;
    let memo = saved.take(ctx)?;
    let known = memo.objects.len();
    let (loaded, memo) = loading.load(ctx, mode, file, hooks, memo);
    saved.put_back(ctx, memo, known)?;
    loaded
}
