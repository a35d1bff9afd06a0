//! `pickle.Unpickler` of Python 2: a classic class, whose state is its attributes.

use halfsour_runtime::{
    Args, ClassicClass, Context, Dict, Error, Function, List, Result, Tuple, Value, exc,
};

use super::loading::{Loading, Mode, UnpicklerHooks};
use super::pickler::overridden;
use super::saved_load_memo::SavedLoadMemo;
use crate::flavour::Flavour;
use crate::source::PythonReader;

/// The attribute that keeps what the memo's dict stands for.
const MEMO: &str = "_memo";

/// Makes the class.
pub(super) fn class<'gc>(ctx: Context<'gc>, loading: &Loading) -> Result<'gc, ClassicClass<'gc>> {
    let memo_class = SavedLoadMemo::class(ctx)?;
    let initialise = Function::capturing(ctx, "__init__", memo_class, |ctx, memo_class, args| {
        initialise(ctx, memo_class, &args)
    });
    let own = loading.clone();
    let find_class = Function::new(ctx, "find_class", move |ctx, args| {
        let [_, module, name] = args.bind("find_class", ["self", "module", "name"], 3)?;
        let (module, name) = (module.unwrap_or(Value::None), name.unwrap_or(Value::None));
        own.find_class(ctx, &module.to::<String>(ctx)?, &name.to::<String>(ctx)?)
    });
    let load_global = Function::new(ctx, "load_global", |ctx, args| load_global(ctx, &args));
    let defaults = Tuple::new(ctx, &[find_class.into(), load_global.into()]);
    let loading = loading.clone();
    let load = Function::capturing(ctx, "load", defaults, move |ctx, defaults, args| {
        load(ctx, &loading, defaults, &args)
    });
    ClassicClass::builder(ctx, "Unpickler")
        .module("pickle")
        .attr("__init__", initialise)
        .attr("load", load)
        .attr("find_class", find_class)
        .attr("load_global", load_global)
        .build()
}

/// `__init__(self, file)`.
fn initialise<'gc>(ctx: Context<'gc>, memo_class: Value<'gc>, args: &Args<'gc>) -> Result<'gc> {
    let [this, file] = args.bind("__init__", ["self", "file"], 2)?;
    let (this, file) = (this.unwrap_or(Value::None), file.unwrap_or(Value::None));
    this.set_attr(ctx, "readline", file.get_attr(ctx, "readline")?)?;
    this.set_attr(ctx, "read", file.get_attr(ctx, "read")?)?;
    if let Value::Class(memo_class) = memo_class {
        let memo = SavedLoadMemo::allocate(ctx, memo_class, Flavour::Pickle);
        this.set_attr(ctx, "memo", SavedLoadMemo::of(memo)?.dict()?)?;
        this.set_attr(ctx, MEMO, memo)?;
    }
    Ok(Value::None)
}

/// `load(self)`.
fn load<'gc>(
    ctx: Context<'gc>,
    loading: &Loading,
    defaults: Value<'gc>,
    args: &Args<'gc>,
) -> Result<'gc> {
    let [this] = args.bind("load", ["self"], 1)?;
    let this = this.unwrap_or(Value::None);
    let defaults = defaults.as_tuple().map_or(&[][..], |defaults| defaults.as_slice());
    let &[find_class, load_global] = defaults else { return Ok(Value::None) };
    let find_class = overridden(ctx, this, "find_class", find_class)?;
    let load_global = overridden(ctx, this, "load_global", load_global)?;
    let persistent_load = this.find_attr(ctx, "persistent_load")?;

    let find_class = find_class
        .map(|hook| move |ctx, module: &str, name: &str| Value::call(hook, ctx, (module, name)));
    let persistent_load = persistent_load.map(|hook| move |ctx, id| Value::call(hook, ctx, (id,)));
    let load_global = load_global.map(|hook| move |ctx| pushed_by(ctx, this, hook));
    let hooks = UnpicklerHooks {
        find_class: find_class.as_ref().map(|hook| hook as _),
        persistent_load: persistent_load.as_ref().map(|hook| hook as _),
        load_global: load_global.as_ref().map(|hook| hook as _),
        ..UnpicklerHooks::default()
    };

    let file = PythonReader::calling(this.get_attr(ctx, "read")?, this.get_attr(ctx, "readline")?);
    let saved = SavedLoadMemo::of(this.get_attr(ctx, MEMO)?)?;
    saved.set_dict(ctx, memo_dict(ctx, this)?);
    let memo = saved.take(ctx)?;
    let known = memo.objects.len();
    let (loaded, memo) = loading.load(ctx, Mode::Load, file, hooks, memo);
    saved.put_back(ctx, memo, known)?;
    loaded
}

fn memo_dict<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Dict<'gc>> {
    let dict = this.get_attr(ctx, "memo")?;
    dict.content().as_dict().ok_or_else(|| {
        let message = format!("Unpickler.memo must be a dict, not {}", dict.type_name(ctx));
        Error::new(&exc::TYPE_ERROR, message)
    })
}

/// Calls an overridden `load_global` and returns what it has appended: `self.stack`, which is short while it runs.
// DIFFERENCE: in 2.7.18 such an override has no effect, as the table of opcodes refers to the base class's own; it works
// here as the documentation says.
fn pushed_by<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    load_global: Value<'gc>,
) -> Result<'gc, Vec<Value<'gc>>> {
    let stack = List::new(ctx);
    this.set_attr(ctx, "stack", stack)?;
    this.set_attr(ctx, "append", Value::from(stack).get_attr(ctx, "append")?)?;
    load_global.call(ctx, ())?;
    Ok(stack.to_vec())
}

/// `load_global(self)`: what an override may call for what it allows. It reads two lines and appends to the stack.
fn load_global<'gc>(ctx: Context<'gc>, args: &Args<'gc>) -> Result<'gc> {
    let [this] = args.bind("load_global", ["self"], 1)?;
    let this = this.unwrap_or(Value::None);
    let (module, name) = (line(ctx, this)?, line(ctx, this)?);
    let found = this.call_method(ctx, "find_class", (module, name))?;
    this.call_method(ctx, "append", (found,))
}

/// Reads a line, without its end.
fn line<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let line = this.call_method(ctx, "readline", ())?;
    let text: String = line.to(ctx)?;
    Ok(ctx.str(text.strip_suffix('\n').unwrap_or(&text)))
}
