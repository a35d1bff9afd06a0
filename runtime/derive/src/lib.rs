//! `#[derive(NativeClass)]` and `#[native_methods]`: Rust types as Python classes of halfsour.
//!
//! The crate `halfsour` exports both, with its feature `derive`, and the trait that they implement. The guide is at its
//! trait `NativeClass`.

mod class_options;
mod enumeration;
mod field_options;
mod method;
mod methods;
mod options;
mod structure;

use proc_macro::TokenStream;
use syn::{Data, DeriveInput, Error, ItemImpl, parse_macro_input};

/// Makes a Rust type a Python class: a struct with its fields as attributes, or an enum without fields as an enumeration.
///
/// In `#[class(...)]` before the type:
///
/// | option | |
/// |---|---|
/// | `name = "Jar"` | the name of the class; that of the type otherwise |
/// | `module = "larder"` | its module; `__main__` otherwise |
/// | `new` | calls of the class take the fields, by position or by name |
/// | `methods` | the type has a `#[native_methods]` block |
/// | `pickle` | objects can be pickled and copied; their state is a dict of the fields |
/// | `pickle(version = 2, upgrade = path)` | the state has a version; `path` is a `fn(Context, u32, Dict) -> Result<()>` that changes a state of an earlier one |
/// | `dict` | objects can have further attributes |
/// | `repr` | `Jar(label='dill', grams=500)` |
/// | `eq`, `ord`, `hash` | as the type's `PartialEq`, `PartialOrd` and `Hash` have it |
/// | `value` | other native classes can have it in fields, arguments and results, by copy: needs `Clone` |
/// | `crate = path` | where the crate `halfsour` or `halfsour_runtime` is found |
///
/// In `#[class(...)]` before a field, which is an attribute that can be read and set otherwise:
///
/// | option | |
/// |---|---|
/// | `get` | the attribute can only be read, unless `set` is there too |
/// | `hidden` | no attribute, but in the state |
/// | `skip` | neither; it is `Default::default()` after a load |
/// | `name = "label"` | the name of the attribute |
/// | `default`, `default = expression` | what it is where a state or a call of the class does not have it |
/// | `base` | it is the value of the base class, another native class |
///
/// In `#[class(...)]` before a variant of an enum: `name = "RED"`, and `value = expression` instead of the discriminant.
#[proc_macro_derive(NativeClass, attributes(class))]
pub fn derive_native_class(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let class = match &input.data {
        Data::Struct(data) => structure::derive(&input, data),
        Data::Enum(data) => enumeration::derive(&input, data),
        Data::Union(data) => Err(Error::new(
            data.union_token.span,
            "a union cannot be a native class: nobody knows which of its fields is there",
        )),
    };
    class.unwrap_or_else(Error::into_compile_error).into()
}

/// Makes the functions of an `impl` block the methods of a native class, whose derive says `#[class(methods)]`.
///
/// A function with `&self` or `&mut self` is a method, one without is a static method. A parameter of the type `Context`
/// gets the context; one of the type `Args` all arguments as they are; a reference to a native class borrows the value of
/// an argument; any other is converted. Parameters can be given by name; those that are an `Option` can be left out. What is
/// returned is converted too, also out of a `Result`.
///
/// | attribute | |
/// |---|---|
/// | `#[new]` | what a call of the class does: returns `Self` or a `Result` of it |
/// | `#[classmethod]` | the first parameter, after the context, gets the class |
/// | `#[getter]`, `#[setter]` | reading and setting of an attribute; a setter is named `set_` and the attribute |
/// | `#[name("__len__")]` | the name in Python |
/// | `#[skip]` | not in Python |
#[proc_macro_attribute]
pub fn native_methods(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let block = parse_macro_input!(item as ItemImpl);
    methods::expand(attribute.into(), block).unwrap_or_else(Error::into_compile_error).into()
}
