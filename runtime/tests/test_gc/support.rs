//! What the tests of the collector share.

use halfsour_runtime::{Class, Context, Function, List, Result, Runtime, Stashed, Value};

use crate::common::{class, enter};

/// A runtime that collects when it is told to.
pub(crate) fn quiet(mut runtime: Runtime) -> Runtime {
    enter(&mut runtime, |ctx| ctx.import("gc")?.call_method(ctx, "disable", ()).map(drop));
    runtime.set_stress(false);
    runtime
}

/// Asserts that nothing of what `garbage` makes is left after a collection, and that this frees at least as many
/// objects as CPython counts.
#[track_caller]
pub(crate) fn assert_reclaimed(
    counted: usize,
    garbage: impl for<'gc> Fn(Context<'gc>) -> Result<'gc, ()>,
) {
    let mut runtime = quiet(Runtime::python2());
    // The first time, names come to stay.
    enter(&mut runtime, &garbage);
    runtime.collect();
    runtime.collect();
    let before = runtime.objects();
    enter(&mut runtime, &garbage);
    let with_garbage = runtime.objects();
    assert!(with_garbage >= before + counted, "{before} objects became {with_garbage}");
    runtime.collect();
    assert_eq!(runtime.objects(), before);
}

/// `len(gc.garbage)`.
#[track_caller]
pub(crate) fn garbage_length(runtime: &mut Runtime) -> usize {
    enter(runtime, |ctx| Ok(garbage(ctx)?.len()))
}

/// `gc.garbage`.
pub(crate) fn garbage(ctx: Context<'_>) -> Result<'_, List<'_>> {
    ctx.import_from("gc", "garbage")?.to(ctx)
}

/// Whether the target of a weak reference is gone.
#[track_caller]
pub(crate) fn is_gone(runtime: &mut Runtime, reference: &Stashed<Value<'static>>) -> bool {
    enter(runtime, |ctx| Ok(ctx.fetch(reference).call(ctx, ())?.is_none()))
}

/// The class of CPython's bug 1055820: an instance refers to itself, so that only the collector frees it.
pub(crate) fn looping<'gc>(ctx: Context<'gc>, name: &str) -> Result<'gc, Class<'gc>> {
    class(ctx, name)
        .method("__init__", |ctx, this, args| {
            let (number,): (Value<'_>,) = args.parse(ctx, "__init__")?;
            this.set_attr(ctx, "i", number)?;
            this.set_attr(ctx, "loop", this)?;
            Ok(Value::None)
        })
        .build()
}

/// A function that notes what weak references give when it is called: `ouch[:] = [ref() for ref in references]`.
pub(crate) fn note_targets<'gc>(
    ctx: Context<'gc>,
    ouch: Value<'gc>,
    references: Value<'gc>,
) -> Function<'gc> {
    Function::capturing(ctx, "callback", (ouch, references), |ctx, captured, _| {
        let (ouch, references) = match captured.as_tuple().map(|it| it.as_slice()) {
            Some(&[ouch, references]) => (ouch, references),
            _ => return Ok(Value::None),
        };
        let ouch: List<'_> = ouch.to(ctx)?;
        ouch.update(ctx, Vec::clear);
        for reference in references.iter(ctx)?.collect_vec(ctx)? {
            ouch.push(ctx, reference.call(ctx, ())?);
        }
        Ok(Value::None)
    })
}
