extern crate halfsour_runtime as halfsour;

use halfsour_derive::NativeClass;

#[derive(NativeClass)]
struct Jar<'a> {
    label: &'a str,
}

fn main() {}
