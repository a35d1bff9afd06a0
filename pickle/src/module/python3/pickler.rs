//! The class `Pickler` of Python 3.

use halfsour_runtime::{Args, Class, ClassBuilder, Context, Error, Function, Result, Value, exc};

use super::super::attribute::{attribute, deletable};
use super::super::hooks::PicklerHooks;
use super::super::pickler::overridden;
use super::super::{native, read_write};
use super::memo::{new_pickler_memo, pickler_memo, pickler_memo_class, set_pickler_memo};
use super::protocol::{c_long, encoder, given, is_on};
use super::signature::Signature;
use crate::exceptions::PICKLING_ERROR;
use crate::sink::PythonFile;

/// The part of the object that is no Python object.
#[derive(Default)]
struct State {
    /// Nothing before `__init__` was called.
    protocol: Option<u8>,
    fix_imports: bool,
    fast: i64,
    bin: i64,
}

const WRITE: &str = "write";
const MEMO: &str = "memo";
const PERSISTENT_ID: &str = "persistent_id";
const REDUCER_OVERRIDE: &str = "reducer_override";
const DISPATCH_TABLE: &str = "dispatch_table";
const BUFFER_CALLBACK: &str = "buffer_callback";

const PICKLER: Signature<4> = Signature {
    function: "Pickler",
    parameters: ["file", "protocol", "fix_imports", BUFFER_CALLBACK],
    positional_only: 0,
    positional: 4,
    required: 1,
};

const DUMP: Signature<1> = Signature {
    function: "dump",
    parameters: [""],
    positional_only: 1,
    positional: 1,
    required: 1,
};

/// Makes the class.
pub(super) fn class<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    let new =
        Function::capturing(ctx, "__new__", pickler_memo_class(ctx)?, |ctx, memo_class, args| {
            let (class, memo_class) = (args.positional().first().copied(), memo_class);
            let (Some(Value::Class(class)), Value::Class(memo_class)) = (class, memo_class) else {
                let message = "Pickler.__new__(X): X is not a type object";
                return Err(Error::new(&exc::TYPE_ERROR, message));
            };
            let this = native::allocate(ctx, class, State::default());
            native::set(ctx, this, MEMO, new_pickler_memo(ctx, memo_class))?;
            Ok(this)
        });
    let persistent_id = Function::new(ctx, PERSISTENT_ID, |_, args| {
        let [_, _] = args.bind(PERSISTENT_ID, ["self", "obj"], 2)?;
        Ok(Value::None)
    });
    let dump = Function::capturing(ctx, "dump", persistent_id, |ctx, default, mut args| {
        let this = args.take_first().unwrap_or(Value::None);
        let [object] = DUMP.bind(&args)?;
        dump(ctx, this, default, object.unwrap_or(Value::None))
    });
    let builder = Class::builder(ctx, "Pickler")
        .module(super::C_MODULE)
        .native()
        .slots(&[])
        .attr("__new__", new)
        .method("__init__", |ctx, this, args| initialise(ctx, this, &args))
        .attr("dump", dump)
        .attr(PERSISTENT_ID, persistent_id)
        .method("clear_memo", |ctx, this, args| {
            let [] = args.bind("Pickler.clear_memo", [], 0)?;
            pickler_memo(memo(ctx, this)?)?.clear_memo(ctx)?;
            Ok(Value::None)
        });
    with_attributes(ctx, builder).build()
}

fn with_attributes<'gc>(ctx: Context<'gc>, builder: ClassBuilder<'gc>) -> ClassBuilder<'gc> {
    let builder = attribute(ctx, builder, MEMO, memo, |ctx, this, value| {
        set_pickler_memo(ctx, memo(ctx, this)?, value)
    });
    let builder = attribute(
        ctx,
        builder,
        "fast",
        |_, this| Ok(Value::Int(native::content(this)?.data::<State>()?.fast)),
        |ctx, this, fast| {
            native::content(this)?.data_mut::<State>()?.fast = c_long(ctx, fast)?;
            Ok(())
        },
    );
    // DIFFERENCE: in CPython a program that sets it gets the opcodes of protocol 0 in the stream of another.
    let builder = attribute(
        ctx,
        builder,
        "bin",
        |_, this| Ok(Value::Int(native::content(this)?.data::<State>()?.bin)),
        |ctx, this, bin| {
            native::content(this)?.data_mut::<State>()?.bin = c_long(ctx, bin)?;
            Ok(())
        },
    );
    deletable(
        ctx,
        builder,
        DISPATCH_TABLE,
        |ctx, this| {
            native::get(ctx, this, DISPATCH_TABLE)?.ok_or_else(|| {
                let class = this.type_name(ctx);
                let message = format!("'{class}' object has no attribute '{DISPATCH_TABLE}'");
                Error::new(&exc::ATTRIBUTE_ERROR, message)
            })
        },
        |ctx, this, table| native::set(ctx, this, DISPATCH_TABLE, table),
        |ctx, this| match native::get(ctx, this, DISPATCH_TABLE)? {
            Some(_) => native::set_or_remove(ctx, this, DISPATCH_TABLE, None),
            None => Err(Error::new(&exc::ATTRIBUTE_ERROR, DISPATCH_TABLE)),
        },
    )
}

/// The object that stands for the memo.
fn memo<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    Ok(native::get(ctx, this, MEMO)?.unwrap_or(Value::None))
}

/// `Pickler(file, protocol=None, fix_imports=True, buffer_callback=None)`
fn initialise<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: &Args<'gc>) -> Result<'gc> {
    let [file, protocol, fix_imports, buffer_callback] = PICKLER.bind(args)?;
    let buffer_callback = given(buffer_callback);
    let fix_imports = is_on(ctx, fix_imports)?;
    let encoder = encoder(ctx, protocol, buffer_callback)?;
    let write = writer(ctx, file.unwrap_or(Value::None))?.write();
    native::set(ctx, this, WRITE, write)?;
    native::set_or_remove(ctx, this, BUFFER_CALLBACK, buffer_callback)?;
    // A subclass's own is taken now.
    let table = this.find_attr(ctx, DISPATCH_TABLE)?;
    native::set_or_remove(ctx, this, DISPATCH_TABLE, table)?;
    pickler_memo(memo(ctx, this)?)?.clear_memo(ctx)?;
    let protocol = encoder.protocol();
    let state =
        State { protocol: Some(protocol), fix_imports, fast: 0, bin: i64::from(protocol > 0) };
    *native::content(this)?.data_mut::<State>()? = state;
    Ok(Value::None)
}

/// Returns a file to write to.
///
/// # Errors
/// TypeError when it has no `write`.
pub(super) fn writer<'gc>(ctx: Context<'gc>, file: Value<'gc>) -> Result<'gc, PythonFile<'gc>> {
    PythonFile::new(ctx, file)
        .map_err(|error| read_write::lacks(ctx, error, "file must have a 'write' attribute"))
}

/// `dump(self, obj, /)`
fn dump<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    default_hook: Value<'gc>,
    object: Value<'gc>,
) -> Result<'gc> {
    let (protocol, fix_imports, fast) = {
        let content = native::content(this)?;
        let state = content.data::<State>()?;
        (state.protocol, state.fix_imports, state.fast != 0)
    };
    let Some(protocol) = protocol else {
        let class = this.type_name(ctx);
        let message = format!("Pickler.__init__() was not called by {class}.__init__()");
        return Err(Error::new(&PICKLING_ERROR, message));
    };
    let encoder = encoder(ctx, Some(Value::Int(protocol.into())), None)?;
    let hooks = PicklerHooks {
        persistent_id: overridden(ctx, this, PERSISTENT_ID, default_hook)?,
        reducer_override: this.find_attr(ctx, REDUCER_OVERRIDE)?,
        dispatch_table: native::get(ctx, this, DISPATCH_TABLE)?,
        buffer_callback: native::get(ctx, this, BUFFER_CALLBACK)?,
        fix_imports,
        fast,
        ..PicklerHooks::default()
    };
    let write = native::get(ctx, this, WRITE)?.unwrap_or(Value::None);
    let session = pickler_memo(memo(ctx, this)?)?;
    let memo = session.take(ctx)?;
    let (dumped, memo) = hooks.dump(ctx, encoder, memo, object, &mut PythonFile::calling(write));
    session.put_back(ctx, memo)?;
    dumped.map(|()| Value::None)
}
