extern crate halfsour_runtime as halfsour;

use halfsour_derive::NativeClass;

#[derive(NativeClass)]
#[class(nmae = "Jar")]
struct Jar {
    grams: i64,
}

fn main() {}
