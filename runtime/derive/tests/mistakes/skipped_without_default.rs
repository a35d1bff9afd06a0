extern crate halfsour_runtime as halfsour;

use halfsour_derive::NativeClass;

struct Lid;

#[derive(NativeClass)]
#[class(pickle)]
struct Jar {
    grams: i64,
    #[class(skip)]
    lid: Lid,
}

fn main() {}
