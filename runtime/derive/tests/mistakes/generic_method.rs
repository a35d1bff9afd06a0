extern crate halfsour_runtime as halfsour;

use halfsour_derive::{NativeClass, native_methods};

#[derive(NativeClass)]
#[class(methods)]
struct Jar {
    grams: i64,
}

#[native_methods]
impl Jar {
    fn add<T: Into<i64>>(&mut self, grams: T) {
        self.grams += grams.into();
    }
}

fn main() {}
