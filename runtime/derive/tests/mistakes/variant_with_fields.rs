extern crate halfsour_runtime as halfsour;

use halfsour_derive::NativeClass;

#[derive(NativeClass)]
enum Vessel {
    Jar(i64),
    Barrel,
}

fn main() {}
