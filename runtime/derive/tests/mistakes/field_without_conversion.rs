extern crate halfsour_runtime as halfsour;

use halfsour_derive::NativeClass;

struct Lid;

#[derive(NativeClass)]
struct Jar {
    lid: Lid,
}

fn main() {}
