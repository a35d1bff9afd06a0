extern crate halfsour_runtime as halfsour;

use halfsour_derive::{NativeClass, native_methods};

#[derive(NativeClass)]
#[class(methods)]
struct Jar {
    grams: i64,
}

#[native_methods]
impl Jar {
    #[new]
    fn new(grams: i64) -> Self {
        Jar { grams }
    }

    #[new]
    fn empty() -> Self {
        Jar { grams: 0 }
    }
}

fn main() {}
