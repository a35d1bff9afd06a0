//! Streams that a CPython 3.13 wrote for the object of most tests.

use halfsour::{Context, Result};

use crate::assertions::assert_is;
use crate::implementation::Implementation;
use crate::objects::{assert_copy, create_data};

macro_rules! written {
    ($($test:ident: $file:literal;)*) => {
        $(pub(super) fn $test<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
            check(ctx, by, include_bytes!(concat!("../../data/pickletester_313/", $file)))
        })*
    };
}

written! {
    test_load_from_data0: "0.pickle";
    test_load_from_data1: "1.pickle";
    test_load_from_data2: "2.pickle";
    test_load_from_data3: "3.pickle";
    test_load_from_data4: "4.pickle";
}

fn check<'gc>(ctx: Context<'gc>, by: &Implementation, stream: &[u8]) -> Result<'gc, ()> {
    let expected = create_data(ctx)?;
    let loaded = by.loads(ctx, stream)?;
    assert_copy(ctx, expected, loaded)?;
    // [.., pair, pair, 5], where pair is (text, text, instance, instance)
    let (pair, again) = (loaded.get_item(ctx, -3)?, loaded.get_item(ctx, -2)?);
    assert_is(ctx, pair, again);
    assert_is(ctx, pair.get_item(ctx, 2)?, pair.get_item(ctx, 3)?);
    Ok(())
}
