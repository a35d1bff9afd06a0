//! `pickle.Pickler` of Python 2: a classic class, whose state is its attributes.

use halfsour_runtime::{Args, ClassicClass, Context, Dict, Error, Function, Result, Value, exc};

use super::arguments::encoder;
use super::hooks::PicklerHooks;
use super::saved_memo::SavedMemo;
use crate::flavour::Flavour;
use crate::sink::PythonFile;

/// The attribute that keeps what the memo's dict stands for.
const MEMO: &str = "_memo";

/// Makes the class.
pub(super) fn class<'gc>(ctx: Context<'gc>) -> Result<'gc, ClassicClass<'gc>> {
    let memo_class = SavedMemo::class(ctx)?;
    let persistent_id = Function::new(ctx, "persistent_id", |_, _| Ok(Value::None));
    let initialise = Function::capturing(ctx, "__init__", memo_class, |ctx, memo_class, args| {
        initialise(ctx, memo_class, &args)
    });
    let dump = Function::capturing(ctx, "dump", persistent_id, |ctx, default, args| {
        dump(ctx, default, &args)
    });
    ClassicClass::builder(ctx, "Pickler")
        .module("pickle")
        .attr("__init__", initialise)
        .attr("dump", dump)
        .attr("persistent_id", persistent_id)
        .method("clear_memo", |ctx, this, args| {
            let [] = args.bind("clear_memo", [], 0)?;
            this.get_attr(ctx, "memo")?.call_method(ctx, "clear", ())
        })
        .build()
}

/// `__init__(self, file, protocol=None)`.
fn initialise<'gc>(ctx: Context<'gc>, memo_class: Value<'gc>, args: &Args<'gc>) -> Result<'gc> {
    let [this, file, protocol] = args.bind("__init__", ["self", "file", "protocol"], 2)?;
    let (this, file) = (this.unwrap_or(Value::None), file.unwrap_or(Value::None));
    let protocol = encoder(ctx, Flavour::Pickle, protocol)?.protocol();
    this.set_attr(ctx, "write", file.get_attr(ctx, "write")?)?;
    this.set_attr(ctx, "memo", Dict::new(ctx))?;
    this.set_attr(ctx, "proto", i64::from(protocol))?;
    this.set_attr(ctx, "bin", protocol >= 1)?;
    this.set_attr(ctx, "fast", 0)?;
    if let Value::Class(memo_class) = memo_class {
        this.set_attr(ctx, MEMO, SavedMemo::allocate(ctx, memo_class, Flavour::Pickle))?;
    }
    Ok(Value::None)
}

/// `dump(self, obj)`.
fn dump<'gc>(ctx: Context<'gc>, default_hook: Value<'gc>, args: &Args<'gc>) -> Result<'gc> {
    let [this, object] = args.bind("dump", ["self", "obj"], 2)?;
    let (this, object) = (this.unwrap_or(Value::None), object.unwrap_or(Value::None));
    let encoder = encoder(ctx, Flavour::Pickle, Some(this.get_attr(ctx, "proto")?))?;
    let mut sink = PythonFile::calling(this.get_attr(ctx, "write")?);
    let hooks = PicklerHooks {
        persistent_id: overridden(ctx, this, "persistent_id", default_hook)?,
        fast: this.get_attr(ctx, "fast")?.truth(ctx)?,
        ..PicklerHooks::default()
    };
    let dict = this.get_attr(ctx, "memo")?;
    let Some(dict) = dict.content().as_dict() else {
        let message = format!("Pickler.memo must be a dict, not {}", dict.type_name(ctx));
        return Err(Error::new(&exc::TYPE_ERROR, message));
    };
    let saved = SavedMemo::of(this.get_attr(ctx, MEMO)?)?;
    saved.set_dict(ctx, dict);
    let memo = saved.take(ctx)?;
    let known = memo.objects.len();
    let (dumped, memo) = hooks.dump(ctx, encoder, memo, object, &mut sink);
    saved.put_back(ctx, memo, known)?;
    dumped.map(|()| Value::None)
}

/// Returns a method of an object that a subclass, or the object itself, has put in the place of the default.
pub(super) fn overridden<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    name: &str,
    default: Value<'gc>,
) -> Result<'gc, Option<Value<'gc>>> {
    let found = this.get_attr(ctx, name)?;
    let function = match found {
        Value::Method(method) => method.function(),
        other => other,
    };
    Ok((!function.is(default)).then_some(found))
}
