//! Subclasses of built-in and of library types.

use halfsour_runtime::{Context, Module, Result};

use super::{derive, plain::class};
use halfsour_stdlib::collections::named_tuple;

pub(super) fn define<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    let types = ctx.types();
    let built_in = [
        ("MyInt", types.int),
        ("MyLong", types.long),
        ("MyFloat", types.float),
        ("MyComplex", types.complex),
        ("MyBytes", types.bytes),
        ("MyUnicode", types.unicode),
        ("MyTuple", types.tuple),
        ("MyList", types.list),
        ("MyDict", types.dict),
        ("MySet", types.set),
        ("MyFrozenSet", types.frozenset),
        ("MyByteArray", types.bytearray),
    ];
    for (name, base) in built_in {
        derive(ctx, module, name, base)?;
    }
    let from_library = [
        ("MyOrdered", "collections", "OrderedDict"),
        ("MyDefault", "collections", "defaultdict"),
        ("MyDeque", "collections", "deque"),
        ("MyDate", "datetime", "date"),
        ("MyDateTime", "datetime", "datetime"),
    ];
    for (name, base_module, base) in from_library {
        derive(ctx, module, name, ctx.import_from(base_module, base)?)?;
    }
    named_tuples(ctx, module)
}

fn named_tuples<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    let pair = named_tuple(ctx, super::MODULE, "Pair", &["first", "second"])?;
    module.class_named(ctx, pair)?;
    module.class_named(ctx, named_tuple(ctx, super::MODULE, "Empty", &[])?)?;
    module.class_named(ctx, class(ctx, "PairSlots").base(pair).slots(&[]).build()?)?;
    derive(ctx, module, "PairMore", pair)
}
