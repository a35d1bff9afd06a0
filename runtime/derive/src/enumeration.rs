//! An enum without fields as an enumeration.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{DataEnum, DeriveInput, Error, Expr, Fields, Result, Variant};

use crate::class_options::{ClassOptions, refuse_generics};
use crate::options;
use crate::structure::native_value;

pub(crate) fn derive(input: &DeriveInput, data: &DataEnum) -> Result<TokenStream> {
    refuse_generics(&input.generics)?;
    let class = ClassOptions::read(&input.attrs)?;
    let useless = [class.new, class.dict, class.repr, class.eq, class.hash, class.ord];
    if let Some(span) = useless.into_iter().flatten().next() {
        return Err(Error::new(
            span,
            "an enum has no such option: its members are made once, compared by identity, and shown by name",
        ));
    }
    if let Some(pickle) = &class.pickle
        && pickle.version > 0
    {
        return Err(Error::new(
            pickle.span,
            "an enum has no versions: its pickle is the value of a member",
        ));
    }
    if data.variants.is_empty() {
        return Err(Error::new(
            input.ident.span(),
            "an enum needs a variant, or it has no objects",
        ));
    }
    let ident = &input.ident;
    let root = options::root(class.root.as_ref());
    let name = class.name.clone().unwrap_or_else(|| options::plain(ident));
    let module = class.module.as_deref().unwrap_or("__main__");
    let mut members = Vec::new();
    let mut values = Vec::new();
    for variant in &data.variants {
        let member = Member::read(variant)?;
        let (name, variant) = (&member.name, &variant.ident);
        members.push(quote!((#name, Self::#variant)));
        values.push(member.value(&root, ident, variant));
    }
    let methods = if class.methods {
        quote!(<Self as #root::native::NativeMethods>::define_methods(class))
    } else {
        quote!(class)
    };
    let value = class.value.map(|span| native_value(ident, &root, span));
    Ok(quote! {
        impl #root::native::NativeClass for #ident {
            const NAME: &'static str = #name;
            const MODULE: &'static str = #module;

            fn define<'gc>(
                class: #root::native::NativeBuilder<'gc, Self>,
            ) -> #root::Result<'gc, #root::native::NativeBuilder<'gc, Self>> {
                let class = class.members();
                ::core::result::Result::Ok(#methods)
            }

            fn complete<'gc>(ctx: #root::Context<'gc>, class: #root::Class<'gc>) -> #root::Result<'gc, ()> {
                #root::native::members::complete::<Self>(ctx, class)
            }

            fn into_object<'gc>(self, ctx: #root::Context<'gc>) -> #root::Result<'gc> {
                #root::native::members::member(ctx, self)
            }
        }

        impl #root::native::NativeEnum for #ident {
            const MEMBERS: &'static [(&'static str, Self)] = &[#(#members),*];

            fn value<'gc>(self, ctx: #root::Context<'gc>) -> #root::Value<'gc> {
                match self {
                    #(#values),*
                }
            }
        }

        #value
    })
}

struct Member {
    name: String,
    value: Option<Expr>,
}

impl Member {
    fn read(variant: &Variant) -> Result<Self> {
        if !matches!(variant.fields, Fields::Unit) {
            return Err(Error::new(
                variant.fields.span(),
                "a variant with fields cannot be a member of an enumeration: make a struct of it, or each variant a class",
            ));
        }
        let mut member = Member { name: options::plain(&variant.ident), value: None };
        options::each(&variant.attrs, |option, meta| {
            match option {
                "name" => member.name = options::python_name(&meta)?,
                "value" => member.value = Some(meta.value()?.parse()?),
                _ => return Err(options::unknown(&meta, "name, value")),
            }
            Ok(())
        })?;
        Ok(member)
    }

    fn value(&self, root: &TokenStream, ident: &syn::Ident, variant: &syn::Ident) -> TokenStream {
        match &self.value {
            Some(value) => quote_spanned! {value.span()=>
                #ident::#variant => #root::IntoValue::into_value(#value, ctx)
            },
            None => {
                quote!(#ident::#variant => #root::IntoValue::into_value(#ident::#variant as i64, ctx))
            }
        }
    }
}
