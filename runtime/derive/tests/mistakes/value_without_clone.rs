extern crate halfsour_runtime as halfsour;

use halfsour_derive::NativeClass;

#[derive(NativeClass)]
#[class(value)]
struct Jar {
    grams: i64,
}

fn main() {}
