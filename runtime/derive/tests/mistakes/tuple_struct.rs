extern crate halfsour_runtime as halfsour;

use halfsour_derive::NativeClass;

#[derive(NativeClass)]
struct Jar(i64);

fn main() {}
