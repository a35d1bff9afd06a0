extern crate halfsour_runtime as halfsour;

use halfsour_derive::{NativeClass, native_methods};

#[derive(NativeClass)]
#[class(methods)]
struct Jar {
    grams: i64,
}

#[native_methods]
impl Jar {
    #[setter]
    fn set_kilos(&mut self, kilos: i64) {
        self.grams = 1000 * kilos;
    }
}

fn main() {}
