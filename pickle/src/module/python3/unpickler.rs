//! The class `Unpickler` of Python 3.

use std::cell::Cell;
use std::rc::Rc;

use halfsour_runtime::{Args, Class, Context, Error, Function, Result, Tuple, Value, exc};

use super::super::attribute::attribute;
use super::super::loading::{Loading, Mode, UnpicklerHooks};
use super::super::pickler::overridden;
use super::super::{native, read_write};
use super::load_options::{LoadOptions, next_buffer};
use super::memo::{new_unpickler_memo, set_unpickler_memo, unpickler_memo, unpickler_memo_class};
use super::signature::Signature;
use crate::exceptions::UNPICKLING_ERROR;
use crate::source::PythonReader;

/// The part of the object that is no Python object.
#[derive(Default)]
struct State {
    /// Nothing before `__init__` was called: `fix_imports`, `encoding` and `errors`.
    options: Option<Rc<LoadOptions<'static>>>,
    /// The protocol of the stream that is or was read last.
    protocol: Rc<Cell<u8>>,
}

const READ: &str = "read";
const READLINE: &str = "readline";
const BUFFERS: &str = "buffers";
const MEMO: &str = "memo";
const PERSISTENT_LOAD: &str = "persistent_load";
const FIND_CLASS: &str = "find_class";

const UNPICKLER: Signature<5> = Signature {
    function: "Unpickler",
    parameters: ["file", "fix_imports", "encoding", "errors", BUFFERS],
    positional_only: 0,
    positional: 1,
    required: 1,
};

const FIND: Signature<2> = Signature {
    function: FIND_CLASS,
    parameters: ["", ""],
    positional_only: 2,
    positional: 2,
    required: 2,
};

/// Makes the class.
pub(super) fn class<'gc>(ctx: Context<'gc>, loading: &Loading) -> Result<'gc, Class<'gc>> {
    let new =
        Function::capturing(ctx, "__new__", unpickler_memo_class(ctx)?, |ctx, memo_class, args| {
            let (class, memo_class) = (args.positional().first().copied(), memo_class);
            let (Some(Value::Class(class)), Value::Class(memo_class)) = (class, memo_class) else {
                let message = "Unpickler.__new__(X): X is not a type object";
                return Err(Error::new(&exc::TYPE_ERROR, message));
            };
            let this = native::allocate(ctx, class, State::default());
            native::set(ctx, this, MEMO, new_unpickler_memo(ctx, memo_class))?;
            Ok(this)
        });
    let own = loading.clone();
    let find_class = Function::new(ctx, FIND_CLASS, move |ctx, mut args| {
        let this = args.take_first().unwrap_or(Value::None);
        let [module, name] = FIND.bind(&args)?;
        find_class(ctx, &own, this, module, name)
    });
    let persistent_load = Function::new(ctx, PERSISTENT_LOAD, |_, args| {
        let [_, _] = args.bind(PERSISTENT_LOAD, ["self", "pid"], 2)?;
        let message = "A load persistent id instruction was encountered, \
                       but no persistent_load function was specified.";
        Err(Error::new(&UNPICKLING_ERROR, message))
    });
    let defaults = Tuple::new(ctx, &[find_class.into(), persistent_load.into()]);
    let own = loading.clone();
    let load = Function::capturing(ctx, "load", defaults, move |ctx, defaults, args| {
        let [this] = args.bind("load", ["self"], 1)?;
        load(ctx, &own, this.unwrap_or(Value::None), defaults)
    });
    let builder = Class::builder(ctx, "Unpickler")
        .module(super::C_MODULE)
        .native()
        .slots(&[])
        .attr("__new__", new)
        .method("__init__", |ctx, this, args| initialise(ctx, this, &args))
        .attr("load", load)
        .attr(FIND_CLASS, find_class)
        .attr(PERSISTENT_LOAD, persistent_load);
    attribute(ctx, builder, MEMO, memo, |ctx, this, value| {
        set_unpickler_memo(ctx, memo(ctx, this)?, value)
    })
    .build()
}

/// The object that stands for the memo.
fn memo<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    Ok(native::get(ctx, this, MEMO)?.unwrap_or(Value::None))
}

/// `Unpickler(file, *, fix_imports=True, encoding="ASCII", errors="strict", buffers=())`
fn initialise<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: &Args<'gc>) -> Result<'gc> {
    let [file, options @ ..] = UNPICKLER.bind(args)?;
    let options = LoadOptions::new(ctx, UNPICKLER.function, options)?;
    let (read, readline) = reader(ctx, file.unwrap_or(Value::None))?.methods();
    native::set(ctx, this, READ, read)?;
    native::set(ctx, this, READLINE, readline)?;
    native::set_or_remove(ctx, this, BUFFERS, options.buffers)?;
    let LoadOptions { fix_imports, encoding, errors, .. } = options;
    let options = LoadOptions { fix_imports, encoding, errors, buffers: None };
    let state = State { options: Some(Rc::new(options)), ..State::default() };
    *native::content(this)?.data_mut::<State>()? = state;
    Ok(Value::None)
}

/// Returns a file to read from.
///
/// # Errors
/// TypeError when it has no `read` or no `readline`.
pub(super) fn reader<'gc>(ctx: Context<'gc>, file: Value<'gc>) -> Result<'gc, PythonReader<'gc>> {
    PythonReader::new(ctx, file).map_err(|error| {
        read_write::lacks(ctx, error, "file must have 'read' and 'readline' attributes")
    })
}

/// The options of an Unpickler, and where the protocol of its stream is noted.
///
/// # Errors
/// UnpicklingError before it was initialised.
fn state<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
) -> Result<'gc, (Rc<LoadOptions<'static>>, Rc<Cell<u8>>)> {
    let content = native::content(this)?;
    let state = content.data::<State>()?;
    match &state.options {
        Some(options) => Ok((Rc::clone(options), Rc::clone(&state.protocol))),
        None => {
            let class = this.type_name(ctx);
            let message = format!("Unpickler.__init__() was not called by {class}.__init__()");
            Err(Error::new(&UNPICKLING_ERROR, message))
        }
    }
}

/// `load(self)`
fn load<'gc>(
    ctx: Context<'gc>,
    loading: &Loading,
    this: Value<'gc>,
    defaults: Value<'gc>,
) -> Result<'gc> {
    let (options, protocol) = state(ctx, this)?;
    let defaults = defaults.as_tuple().map_or(&[][..], |defaults| defaults.as_slice());
    let &[find_class, persistent_load] = defaults else { return Ok(Value::None) };
    let find_class = overridden(ctx, this, FIND_CLASS, find_class)?;
    let persistent_load = overridden(ctx, this, PERSISTENT_LOAD, persistent_load)?;

    let find_class = find_class
        .map(|hook| move |ctx, module: &str, name: &str| Value::call(hook, ctx, (module, name)));
    let persistent_load = persistent_load.map(|hook| move |ctx, id| Value::call(hook, ctx, (id,)));
    let buffers = native::get(ctx, this, BUFFERS)?;
    let buffers = buffers.map(|buffers| move |_, _| next_buffer(ctx, buffers));
    let hooks = UnpicklerHooks {
        find_class: find_class.as_ref().map(|hook| hook as _),
        persistent_load: persistent_load.as_ref().map(|hook| hook as _),
        buffers: buffers.as_ref().map(|hook| hook as _),
        announced: Some(&protocol),
        options: Some(options.options()),
        ..UnpicklerHooks::default()
    };

    let [read, readline] = [READ, READLINE].map(|name| native::get(ctx, this, name));
    let (read, readline) = (read?.unwrap_or(Value::None), readline?.unwrap_or(Value::None));
    let session = unpickler_memo(memo(ctx, this)?)?;
    let memo = session.take(ctx)?;
    protocol.set(0);
    let file = PythonReader::calling(read, readline);
    let (loaded, memo) = loading.load(ctx, Mode::Load, file, hooks, memo);
    session.put_back(ctx, memo)?;
    loaded
}

/// `find_class(self, module_name, global_name, /)`
fn find_class<'gc>(
    ctx: Context<'gc>,
    loading: &Loading,
    this: Value<'gc>,
    module: Option<Value<'gc>>,
    name: Option<Value<'gc>>,
) -> Result<'gc> {
    let (module, name) = (module.unwrap_or(Value::None), name.unwrap_or(Value::None));
    let Value::Unicode(_) = module.content() else {
        return Err(Error::new(&exc::TYPE_ERROR, "module name must be a string"));
    };
    let Value::Unicode(_) = name.content() else {
        return Err(Error::new(&exc::TYPE_ERROR, "attribute name must be string"));
    };
    let (module, name): (String, String) = (module.to(ctx)?, name.to(ctx)?);
    let (fix_imports, protocol) = {
        let content = native::content(this)?;
        let state = content.data::<State>()?;
        (state.options.as_ref().is_some_and(|it| it.fix_imports), state.protocol.get())
    };
    loading.find_class_of(ctx, protocol, fix_imports, &module, &name)
}
