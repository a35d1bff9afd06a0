extern crate halfsour_runtime as halfsour;

use halfsour_derive::NativeClass;

#[derive(NativeClass)]
struct Jar {
    #[class(read_only)]
    grams: i64,
}

fn main() {}
