extern crate halfsour_runtime as halfsour;

use halfsour::{Context, Dict, Result};
use halfsour_derive::NativeClass;

#[derive(NativeClass)]
#[class(pickle(upgrade = upgrade))]
struct Jar {
    grams: i64,
}

fn upgrade<'gc>(_: Context<'gc>, _: u32, _: Dict<'gc>) -> Result<'gc, ()> {
    Ok(())
}

fn main() {}
