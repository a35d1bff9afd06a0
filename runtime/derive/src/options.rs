//! What the three kinds of `#[class(...)]` share.

use proc_macro2::TokenStream;
use quote::quote;
use syn::meta::ParseNestedMeta;
use syn::{Attribute, Error, Ident, LitStr, Path, Result};

/// Calls a function with every option of every `#[class(...)]`.
pub(crate) fn each(
    attributes: &[Attribute],
    mut option: impl FnMut(&str, ParseNestedMeta<'_>) -> Result<()>,
) -> Result<()> {
    for attribute in attributes.iter().filter(|it| it.path().is_ident("class")) {
        attribute.parse_nested_meta(|meta| {
            let name = meta.path.get_ident().map(Ident::to_string).unwrap_or_default();
            option(&name, meta)
        })?;
    }
    Ok(())
}

/// The error for an option that there is not.
pub(crate) fn unknown(meta: &ParseNestedMeta<'_>, known: &str) -> Error {
    meta.error(format!("there is no such option; there are {known}"))
}

/// Reads `= "name"`, which must be a name of Python.
pub(crate) fn python_name(meta: &ParseNestedMeta<'_>) -> Result<String> {
    let literal: LitStr = meta.value()?.parse()?;
    let name = literal.value();
    check_name(&name).map_err(|message| Error::new(literal.span(), message))?;
    Ok(name)
}

/// Says why a text is no name of Python.
pub(crate) fn check_name(name: &str) -> std::result::Result<(), String> {
    let first = |it: char| it.is_alphabetic() || it == '_';
    if name.starts_with(first) && name.chars().all(|it| first(it) || it.is_numeric()) {
        return Ok(());
    }
    Err(format!("`{name}` is not a name in Python"))
}

/// The crate that generated code names.
pub(crate) fn root(given: Option<&Path>) -> TokenStream {
    given.map_or_else(|| quote!(::halfsour), |path| quote!(#path))
}

/// A name without Rust's `r#`.
pub(crate) fn plain(ident: &Ident) -> String {
    let text = ident.to_string();
    text.strip_prefix("r#").map_or(text.clone(), str::to_owned)
}
