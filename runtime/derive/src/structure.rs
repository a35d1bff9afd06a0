//! A struct as a class.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{DataStruct, DeriveInput, Error, Result};

use crate::class_options::{ClassOptions, refuse_generics};
use crate::field_options::{FieldOptions, Kind};
use crate::options;

pub(crate) fn derive(input: &DeriveInput, data: &DataStruct) -> Result<TokenStream> {
    refuse_generics(&input.generics)?;
    let class = ClassOptions::read(&input.attrs)?;
    let fields: Vec<FieldOptions<'_>> =
        data.fields.iter().map(FieldOptions::read).collect::<Result<_>>()?;
    refuse_doubles(&fields)?;
    let structure = Structure { input, class: &class, fields: &fields };
    let root = options::root(class.root.as_ref());
    let (native_class, state, value) =
        (structure.native_class(&root)?, structure.state(&root)?, structure.value(&root));
    Ok(quote!(#native_class #state #value))
}

fn refuse_doubles(fields: &[FieldOptions<'_>]) -> Result<()> {
    let named: Vec<&FieldOptions<'_>> = fields.iter().filter(|it| it.is_own()).collect();
    for (index, field) in named.iter().enumerate() {
        if named.iter().take(index).any(|earlier| earlier.name == field.name) {
            let message = format!("two fields are the attribute `{}`", field.name);
            return Err(Error::new(field.ident.span(), message));
        }
    }
    let mut bases = fields.iter().filter(|it| it.kind == Kind::Base);
    match (bases.next(), bases.next()) {
        (Some(_), Some(second)) => {
            Err(Error::new(second.ident.span(), "a native class has one native base class at most"))
        }
        _ => Ok(()),
    }
}

struct Structure<'a> {
    input: &'a DeriveInput,
    class: &'a ClassOptions,
    fields: &'a [FieldOptions<'a>],
}

impl Structure<'_> {
    fn own_fields(&self) -> impl Iterator<Item = &FieldOptions<'_>> {
        self.fields.iter().filter(|it| it.is_own())
    }

    fn base(&self) -> Option<&FieldOptions<'_>> {
        self.fields.iter().find(|it| it.kind == Kind::Base)
    }

    fn native_class(&self, root: &TokenStream) -> Result<TokenStream> {
        let (ident, class) = (&self.input.ident, self.class);
        let name = class.name.clone().unwrap_or_else(|| options::plain(ident));
        let module = class.module.as_deref().unwrap_or("__main__");
        let mut definition = vec![];
        let mut base_parts = TokenStream::new();
        if let Some(base) = self.base() {
            let (field, ty) = (base.ident, base.ty);
            definition.push(quote_spanned!(base.type_span()=> .base::<#ty>()?));
            base_parts = quote! {
                fn base(&self) -> ::core::option::Option<&dyn #root::native::NativeObject> {
                    ::core::option::Option::Some(&self.#field)
                }

                fn base_mut(&mut self) -> ::core::option::Option<&mut dyn #root::native::NativeObject> {
                    ::core::option::Option::Some(&mut self.#field)
                }
            };
        }
        definition.extend(self.fields.iter().map(|field| attribute(root, field)));
        if class.dict.is_some() {
            definition.push(quote!(.dict()));
        }
        if let Some(span) = class.new {
            definition.push(self.constructor(root, span, &name)?);
        }
        if class.pickle.is_some() {
            definition.push(quote!(.pickle()));
        }
        if let Some(span) = class.repr {
            let fields: Vec<_> = self
                .own_fields()
                .map(|field| {
                    let (name, ident) = (&field.name, field.ident);
                    quote_spanned!(field.type_span()=> (#name, #root::native::NativeValue::to_object(&this.#ident, ctx)?))
                })
                .collect();
            definition.push(quote_spanned!(span=> .repr(|ctx, this| ::core::result::Result::Ok(::std::vec![#(#fields),*]))));
        }
        definition.extend(class.eq.map(|span| quote_spanned!(span=> .eq())));
        definition.extend(class.ord.map(|span| quote_spanned!(span=> .ord())));
        definition.extend(class.hash.map(|span| quote_spanned!(span=> .hash())));
        let methods = if class.methods {
            quote!(<Self as #root::native::NativeMethods>::define_methods(class))
        } else {
            quote!(class)
        };
        Ok(quote! {
            impl #root::native::NativeClass for #ident {
                const NAME: &'static str = #name;
                const MODULE: &'static str = #module;

                fn define<'gc>(
                    class: #root::native::NativeBuilder<'gc, Self>,
                ) -> #root::Result<'gc, #root::native::NativeBuilder<'gc, Self>> {
                    let class = class #(#definition)*;
                    ::core::result::Result::Ok(#methods)
                }

                #base_parts
            }
        })
    }

    /// `__init__` from the fields.
    fn constructor(
        &self,
        root: &TokenStream,
        span: proc_macro2::Span,
        class: &str,
    ) -> Result<TokenStream> {
        if self.base().is_some() {
            return Err(Error::new(
                span,
                "a class with a base cannot be made from its fields alone: write a #[new] method",
            ));
        }
        let names: Vec<&str> = self.own_fields().map(|it| it.name.as_str()).collect();
        let required = self
            .own_fields()
            .collect::<Vec<_>>()
            .iter()
            .rposition(|it| it.default().is_none())
            .map_or(0, |last| last + 1);
        let variables: Vec<_> = self.own_fields().map(|it| it.ident).collect();
        let values = self.fields.iter().map(|field| {
            let ident = field.ident;
            let span = field.type_span();
            if field.kind == Kind::Skipped {
                let default = field.skipped();
                return quote_spanned!(span=> #ident: #default);
            }
            match field.default() {
                Some(default) => quote_spanned! {span=>
                    #ident: match #ident {
                        ::core::option::Option::Some(given) => #root::native::NativeValue::from_object(ctx, given)?,
                        ::core::option::Option::None => #default,
                    }
                },
                None => quote_spanned! {span=>
                    #ident: #root::native::argument(ctx, #ident, #class)?
                },
            }
        });
        Ok(quote_spanned! {span=>
            .constructor(|ctx, args| {
                let [#(#variables),*] = args.bind(#class, [#(#names),*], #required)?;
                ::core::result::Result::Ok(Self { #(#values),* })
            })
        })
    }

    fn state(&self, root: &TokenStream) -> Result<TokenStream> {
        let Some(pickle) = &self.class.pickle else { return Ok(TokenStream::new()) };
        let (ident, version) = (&self.input.ident, pickle.version);
        let writes = self.fields.iter().filter(|it| it.kind != Kind::Skipped).map(|field| {
            let (ident, name) = (field.ident, &field.name);
            if field.kind == Kind::Base {
                return quote_spanned! {field.type_span()=>
                    #root::native::NativeState::write_state(&self.#ident, ctx, state)?;
                };
            }
            quote_spanned! {field.type_span()=>
                let value = #root::native::NativeValue::to_object(&self.#ident, ctx)?;
                state.insert_name(ctx, ctx.intern(#name), value)?;
            }
        });
        let reads = self.fields.iter().map(|field| {
            let (ident, name) = (field.ident, &field.name);
            let value = match (field.kind, field.default()) {
                (Kind::Skipped, _) => field.skipped(),
                (Kind::Base, _) => quote_spanned! {field.type_span()=>
                    #root::native::NativeState::read_state(ctx, state)?
                },
                (_, None) => quote_spanned!(field.type_span()=> state.field(ctx, #name)?),
                (_, Some(default)) => quote_spanned! {field.type_span()=>
                    match state.optional(ctx, #name)? {
                        ::core::option::Option::Some(value) => value,
                        ::core::option::Option::None => #default,
                    }
                },
            };
            quote!(#ident: #value)
        });
        let upgrade = pickle.upgrade.as_ref().map(|path| {
            quote! {
                fn upgrade<'gc>(
                    ctx: #root::Context<'gc>,
                    version: u32,
                    state: #root::Dict<'gc>,
                ) -> #root::Result<'gc, ()> {
                    #path(ctx, version, state)
                }
            }
        });
        let span = pickle.span;
        Ok(quote_spanned! {span=>
            impl #root::native::NativeState for #ident {
                const VERSION: u32 = #version;

                fn write_state<'gc>(
                    &self,
                    ctx: #root::Context<'gc>,
                    state: #root::Dict<'gc>,
                ) -> #root::Result<'gc, ()> {
                    let _ = (ctx, state);
                    #(#writes)*
                    ::core::result::Result::Ok(())
                }

                fn read_state<'gc>(
                    ctx: #root::Context<'gc>,
                    state: &#root::native::StateEntries<'gc>,
                ) -> #root::Result<'gc, Self> {
                    let _ = (ctx, state);
                    ::core::result::Result::Ok(Self { #(#reads),* })
                }

                #upgrade
            }
        })
    }

    fn value(&self, root: &TokenStream) -> TokenStream {
        self.class
            .value
            .map_or_else(TokenStream::new, |span| native_value(&self.input.ident, root, span))
    }
}

/// Lets a native class be a field, an argument or a result of another one.
pub(crate) fn native_value(
    ident: &syn::Ident,
    root: &TokenStream,
    span: proc_macro2::Span,
) -> TokenStream {
    quote_spanned! {span=>
        impl<'gc> #root::native::NativeValue<'gc> for #ident {
            fn from_object(ctx: #root::Context<'gc>, object: #root::Value<'gc>) -> #root::Result<'gc, Self> {
                let value = object.native::<Self>(ctx)?;
                ::core::result::Result::Ok(<Self as ::core::clone::Clone>::clone(&value))
            }

            fn to_object(&self, ctx: #root::Context<'gc>) -> #root::Result<'gc> {
                let value = <Self as ::core::clone::Clone>::clone(self);
                #root::native::NativeClass::into_object(value, ctx)
            }
        }
    }
}

/// A field as an attribute.
fn attribute(root: &TokenStream, field: &FieldOptions<'_>) -> TokenStream {
    let (ident, name) = (field.ident, &field.name);
    let get = quote_spanned! {field.type_span()=>
        |ctx, this| #root::native::NativeValue::to_object(&this.#ident, ctx)
    };
    match field.kind {
        Kind::ReadOnly => quote!(.get(#name, #get)),
        Kind::Open => quote_spanned! {field.type_span()=>
            .get_set(#name, #get, |ctx, this, value| {
                this.#ident = #root::native::NativeValue::from_object(ctx, value)?;
                ::core::result::Result::Ok(())
            })
        },
        Kind::Hidden | Kind::Skipped | Kind::Base => TokenStream::new(),
    }
}
