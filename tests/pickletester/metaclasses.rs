//! Classes with metaclasses.

use halfsour::{Context, Result};

use crate::abstract_pickle_tests::round_trip;
use crate::assertions::{assert_equal, assert_is};
use crate::classes;
use crate::implementation::Implementation;
use crate::objects::{PROTOCOLS, tuple};

pub(super) fn test_metaclass<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let original = classes::new(ctx, "use_metaclass")?;
    for protocol in PROTOCOLS {
        let loaded = round_trip(ctx, by, original, protocol)?;
        assert_is(ctx, original.get_attr(ctx, "__class__")?, loaded.get_attr(ctx, "__class__")?);
    }
    Ok(())
}

/// A class is made again by a call, because its metaclass is in `copy_reg`'s table.
pub(super) fn test_dynamic_class<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let create = classes::class(ctx, "create_dynamic_class")?;
    let bases = tuple(ctx, &[ctx.types().object.into()]);
    let original = create.call(ctx, ("my_dynamic_class", bases))?;
    let metaclass = classes::class(ctx, "pickling_metaclass")?;
    // The function is called by name when the pickle is loaded, which must be allowed.
    let reduce = metaclass.get_attr(ctx, "__reduce__")?;
    ctx.import_from(ctx.dialect().copyreg_module(), "pickle")?
        .call(ctx, (metaclass, reduce, create))?;
    for protocol in PROTOCOLS {
        let loaded = round_trip(ctx, by, original, protocol)?;
        assert!(!loaded.is(original), "the class was found by its name");
        assert_equal(ctx, original, loaded)?;
        assert_is(ctx, original.get_attr(ctx, "__class__")?, loaded.get_attr(ctx, "__class__")?);
    }
    Ok(())
}
