//! Rust types as Python classes: `#[derive(NativeClass)]` and `#[native_methods]`.

mod classes;
mod inheritance;
mod live;
mod members;
mod methods;
mod states;
