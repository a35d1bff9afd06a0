//! `#[native_methods]`: an `impl` block as the methods of a class.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Error, ImplItem, ItemImpl, Path, Result};

use crate::method::{Kind, Method};
use crate::options;

/// The block itself, and what tells the class its methods. After a mistake there is at least an empty list of them, so that
/// the mistake is the only one reported.
pub(crate) fn expand(attribute: TokenStream, block: ItemImpl) -> Result<TokenStream> {
    let root = root(attribute)?;
    let ty = block.self_ty.clone();
    let (block, definitions) = match read(block, &root) {
        Ok((block, definitions)) => (quote!(#block), definitions),
        Err(error) => (error.into_compile_error(), Vec::new()),
    };
    Ok(quote! {
        #block

        impl #root::native::NativeMethods for #ty {
            fn define_methods<'gc>(
                class: #root::native::NativeBuilder<'gc, Self>,
            ) -> #root::native::NativeBuilder<'gc, Self> {
                class #(#definitions)*
            }
        }
    })
}

fn read(mut block: ItemImpl, root: &TokenStream) -> Result<(ItemImpl, Vec<TokenStream>)> {
    if let Some((_, of, _)) = &block.trait_ {
        return Err(Error::new_spanned(
            of,
            "native methods stand in an `impl` block without a trait",
        ));
    }
    if let Some(parameter) = block.generics.params.first() {
        return Err(Error::new_spanned(parameter, "a native class has no parameters"));
    }
    let mut methods = Vec::new();
    for item in &mut block.items {
        if let ImplItem::Fn(function) = item
            && let Some(method) = Method::take(function)?
        {
            methods.push(method);
        }
    }
    refuse_doubles(&methods)?;
    let definitions = definitions(&methods, root)?;
    Ok((block, definitions))
}

fn root(attribute: TokenStream) -> Result<TokenStream> {
    let mut root = None::<Path>;
    if !attribute.is_empty() {
        let parser = syn::meta::parser(|meta| {
            if meta.path.is_ident("crate") {
                root = Some(meta.value()?.parse()?);
                return Ok(());
            }
            Err(options::unknown(&meta, "crate"))
        });
        syn::parse::Parser::parse2(parser, attribute)?;
    }
    Ok(options::root(root.as_ref()))
}

fn refuse_doubles(methods: &[Method]) -> Result<()> {
    for (index, method) in methods.iter().enumerate() {
        let same = |earlier: &&Method| {
            let pair = [earlier.kind, method.kind];
            let is_pair =
                pair == [Kind::Getter, Kind::Setter] || pair == [Kind::Setter, Kind::Getter];
            earlier.name == method.name && !is_pair
        };
        if methods.iter().take(index).any(|earlier| same(&earlier)) {
            let message = match method.kind {
                Kind::New => "a class has one #[new]".to_owned(),
                _ => format!("`{}` is there twice", method.name),
            };
            return Err(Error::new(method.ident.span(), message));
        }
    }
    Ok(())
}

fn definitions(methods: &[Method], root: &TokenStream) -> Result<Vec<TokenStream>> {
    let mut definitions = Vec::new();
    for method in methods {
        let counterpart =
            |kind| methods.iter().find(|it| it.kind == kind && it.name == method.name);
        definitions.push(match method.kind {
            Kind::Setter if counterpart(Kind::Getter).is_some() => continue,
            Kind::Setter => {
                let message = format!("there is no #[getter] for `{}`", method.name);
                return Err(Error::new(method.ident.span(), message));
            }
            Kind::Getter => method.property(counterpart(Kind::Setter), root),
            _ => method.definition(root),
        });
    }
    Ok(definitions)
}
