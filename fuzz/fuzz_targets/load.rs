#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| halfsour_targets::load(bytes));
