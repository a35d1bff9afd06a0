//! `#[class(...)]` before a type.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Attribute, Error, Expr, ExprLit, Generics, Lit, Path, Result};

use crate::options;

const KNOWN: &str = "name, module, new, methods, pickle, dict, repr, eq, ord, hash, value, crate";

/// The options of a class.
#[derive(Default)]
pub(crate) struct ClassOptions {
    pub(crate) name: Option<String>,
    pub(crate) module: Option<String>,
    pub(crate) new: Option<Span>,
    pub(crate) methods: bool,
    pub(crate) pickle: Option<Pickle>,
    pub(crate) dict: Option<Span>,
    pub(crate) repr: Option<Span>,
    pub(crate) eq: Option<Span>,
    pub(crate) ord: Option<Span>,
    pub(crate) hash: Option<Span>,
    pub(crate) value: Option<Span>,
    pub(crate) root: Option<Path>,
}

/// `pickle(version = 2, upgrade = path)`.
pub(crate) struct Pickle {
    pub(crate) span: Span,
    pub(crate) version: u32,
    pub(crate) upgrade: Option<Path>,
}

impl ClassOptions {
    pub(crate) fn read(attributes: &[Attribute]) -> Result<Self> {
        let mut read = Self::default();
        options::each(attributes, |name, meta| {
            let span = meta.path.span();
            match name {
                "name" => read.name = Some(options::python_name(&meta)?),
                "module" => {
                    let literal: syn::LitStr = meta.value()?.parse()?;
                    for part in literal.value().split('.') {
                        options::check_name(part)
                            .map_err(|message| Error::new(literal.span(), message))?;
                    }
                    read.module = Some(literal.value());
                }
                "new" => read.new = Some(span),
                "methods" => read.methods = true,
                "pickle" => read.pickle = Some(Pickle::read(&meta)?),
                "dict" => read.dict = Some(span),
                "repr" => read.repr = Some(span),
                "eq" => read.eq = Some(span),
                "ord" => read.ord = Some(span),
                "hash" => read.hash = Some(span),
                "value" => read.value = Some(span),
                // `crate` is a keyword, which is no name to `get_ident` but one in a path.
                "crate" => read.root = Some(meta.value()?.parse()?),
                _ => return Err(options::unknown(&meta, KNOWN)),
            }
            Ok(())
        })?;
        Ok(read)
    }
}

impl Pickle {
    fn read(meta: &syn::meta::ParseNestedMeta<'_>) -> Result<Self> {
        let mut read = Pickle { span: meta.path.span(), version: 0, upgrade: None };
        if !meta.input.peek(syn::token::Paren) {
            return Ok(read);
        }
        meta.parse_nested_meta(|meta| {
            if meta.path.is_ident("version") {
                let literal: Expr = meta.value()?.parse()?;
                read.version = version(&literal)?;
                return Ok(());
            }
            if meta.path.is_ident("upgrade") {
                read.upgrade = Some(meta.value()?.parse()?);
                return Ok(());
            }
            Err(options::unknown(&meta, "version, upgrade"))
        })?;
        if let (Some(upgrade), 0) = (&read.upgrade, read.version) {
            return Err(Error::new(
                upgrade.span(),
                "there is nothing to upgrade to: say which version the state has, pickle(version = 1, upgrade = ..)",
            ));
        }
        Ok(read)
    }
}

fn version(literal: &Expr) -> Result<u32> {
    if let Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) = literal
        && let Ok(version @ 1..) = number.base10_parse()
    {
        return Ok(version);
    }
    Err(Error::new(literal.span(), "a version is a number from 1 on"))
}

/// Refuses type parameters and lifetimes.
pub(crate) fn refuse_generics(generics: &Generics) -> Result<()> {
    match generics.params.first() {
        None => Ok(()),
        Some(parameter) => Err(Error::new(
            parameter.span(),
            "a native class has no parameters: there is one Python class for the type, and its objects outlive every borrow",
        )),
    }
}
