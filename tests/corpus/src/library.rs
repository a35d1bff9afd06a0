//! Python's library for the corpora's pickles: `halfsour-stdlib`, and the few names beside it that they refer to.

mod stand_ins;

use halfsour_runtime::{ClassicClass, Context, Dialect, Result};

/// Makes the modules known.
///
/// # Errors
/// Whatever defining a class or module raises.
pub(crate) fn install<'gc>(ctx: Context<'gc>) -> Result<'gc, ()> {
    halfsour_stdlib::install(ctx)?;
    if ctx.dialect() == Dialect::Python2 {
        for name in ["Queue", "ConfigParser"] {
            let class = ClassicClass::builder(ctx, name).module(name).build()?;
            ctx.new_module(name)?.class_named(ctx, class)?;
        }
        stand_ins::define_python2(ctx)?;
    } else {
        stand_ins::define(ctx)?;
    }
    paths(ctx)
}

/// `os.path` is the module `posixpath` under another name.
fn paths<'gc>(ctx: Context<'gc>) -> Result<'gc, ()> {
    let path = ctx.new_module("posixpath")?;
    path.function(ctx, "join", |ctx, args| {
        let mut joined = String::new();
        for part in args.positional() {
            let part: String = part.to(ctx)?;
            if part.starts_with('/') {
                joined.clear();
            } else if !joined.is_empty() && !joined.ends_with('/') {
                joined.push('/');
            }
            joined.push_str(&part);
        }
        Ok(ctx.str(&joined))
    })?;
    ctx.new_module("os")?.set(ctx, "path", path)?;
    ctx.modules().insert_name(ctx, ctx.intern("os.path"), path.into())
}
