extern crate halfsour_runtime as halfsour;

use halfsour_derive::{NativeClass, native_methods};

#[derive(NativeClass)]
#[class(methods)]
struct Jar {
    grams: i64,
}

#[native_methods]
impl Jar {
    fn open(self) -> i64 {
        self.grams
    }
}

fn main() {}
