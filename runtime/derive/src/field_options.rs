//! `#[class(...)]` before a field.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::spanned::Spanned;
use syn::{Error, Expr, Field, Ident, Result, Type};

use crate::options;

const KNOWN: &str = "get, set, hidden, skip, name, default, base";

/// A field of a struct, as Python has it.
pub(crate) struct FieldOptions<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) ty: &'a Type,
    pub(crate) name: String,
    pub(crate) kind: Kind,
    default: Option<Default>,
}

/// What becomes of a field.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An attribute that can be read and set.
    Open,
    /// An attribute that can be read.
    ReadOnly,
    /// In the state only.
    Hidden,
    /// Nothing.
    Skipped,
    /// The value of the base class.
    Base,
}

enum Default {
    Trait(Span),
    Expression(Expr),
}

impl<'a> FieldOptions<'a> {
    pub(crate) fn read(field: &'a Field) -> Result<Self> {
        let Some(ident) = &field.ident else {
            return Err(Error::new(
                field.span(),
                "the fields of a native class need names, for they are attributes: struct Jar { grams: i64 }",
            ));
        };
        let (mut name, mut default) = (options::plain(ident), None);
        let mut said: Vec<(String, Span)> = Vec::new();
        options::each(&field.attrs, |option, meta| {
            match option {
                "name" => name = options::python_name(&meta)?,
                "default" if meta.input.peek(syn::Token![=]) => {
                    default = Some(Default::Expression(meta.value()?.parse()?));
                }
                "default" => default = Some(Default::Trait(meta.path.span())),
                "get" | "set" | "hidden" | "skip" | "base" => {
                    said.push((option.to_owned(), meta.path.span()));
                }
                _ => return Err(options::unknown(&meta, KNOWN)),
            }
            Ok(())
        })?;
        let kind = kind(&said)?;
        Ok(FieldOptions { ident, ty: &field.ty, name, kind, default })
    }

    /// Whether it is in the state and among the arguments of the class.
    pub(crate) fn is_own(&self) -> bool {
        matches!(self.kind, Kind::Open | Kind::ReadOnly | Kind::Hidden)
    }

    /// Where errors about the type of the field belong.
    pub(crate) fn type_span(&self) -> Span {
        self.ty.span()
    }

    /// The expression for a value that is not given.
    pub(crate) fn default(&self) -> Option<TokenStream> {
        match &self.default {
            Some(Default::Expression(expression)) => {
                Some(quote_spanned!(expression.span()=> #expression))
            }
            Some(Default::Trait(span)) => Some(by_trait(self.ty, *span)),
            None => None,
        }
    }

    /// The expression for a field that is skipped.
    pub(crate) fn skipped(&self) -> TokenStream {
        self.default().unwrap_or_else(|| by_trait(self.ty, self.type_span()))
    }
}

fn by_trait(ty: &Type, span: Span) -> TokenStream {
    quote_spanned!(span=> <#ty as ::core::default::Default>::default())
}

fn kind(said: &[(String, Span)]) -> Result<Kind> {
    let names: Vec<&str> = said.iter().map(|(name, _)| name.as_str()).collect();
    match *names {
        [] | ["get", "set"] | ["set", "get"] | ["set"] => Ok(Kind::Open),
        ["get"] => Ok(Kind::ReadOnly),
        ["hidden"] => Ok(Kind::Hidden),
        ["skip"] => Ok(Kind::Skipped),
        ["base"] => Ok(Kind::Base),
        _ => {
            let span = said.last().map_or_else(Span::call_site, |(_, span)| *span);
            let message = format!("a field cannot be {} at once", names.join(" and "));
            Err(Error::new(span, message))
        }
    }
}
