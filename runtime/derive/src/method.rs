//! One function of `#[native_methods]`.

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{
    Attribute, Error, FnArg, GenericParam, Ident, ImplItemFn, LitStr, Pat, PathSegment, Result,
    ReturnType, Signature, Type,
};

use crate::options;

/// A function, as Python has it.
pub(crate) struct Method {
    pub(crate) ident: Ident,
    pub(crate) name: String,
    pub(crate) kind: Kind,
    parameters: Vec<Parameter>,
    output: Output,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    New,
    Method,
    MethodMut,
    Static,
    Class,
    Getter,
    Setter,
}

struct Parameter {
    name: String,
    ty: Type,
    role: Role,
}

/// What a parameter gets.
enum Role {
    Context,
    /// The class, in a class method.
    Class,
    /// All arguments.
    Args,
    /// `&str`.
    Text,
    /// The value of an object of a native class, borrowed.
    Native(Type),
    NativeMut(Type),
    Converted,
}

/// What a function returns.
struct Output {
    is_result: bool,
    /// `Self`, which becomes an object of the class.
    is_self: bool,
    span: proc_macro2::Span,
}

impl Method {
    /// Reads a function, and takes the attributes of this crate from it; `None` for one that Python does not get.
    pub(crate) fn take(function: &mut ImplItemFn) -> Result<Option<Self>> {
        let mut marks = Marks::default();
        let mut failed = None;
        function.attrs.retain(|attribute| match marks.read(attribute) {
            Ok(is_ours) => !is_ours,
            Err(error) => {
                failed.get_or_insert(error);
                false
            }
        });
        if let Some(error) = failed {
            return Err(error);
        }
        if marks.skip {
            return Ok(None);
        }
        let signature = &function.sig;
        refuse(signature)?;
        let kind = marks.kind(signature)?;
        let mut parameters = parameters(signature)?;
        if kind == Kind::Class {
            match parameters.iter_mut().find(|it| !matches!(it.role, Role::Context)) {
                Some(first) => first.role = Role::Class,
                None => {
                    return Err(Error::new_spanned(
                        signature,
                        "a class method gets the class first",
                    ));
                }
            }
        }
        let name = match (marks.name, kind) {
            (Some(name), _) => name,
            (None, Kind::New) => "__init__".to_owned(),
            (None, Kind::Setter) => setter_name(&signature.ident)?,
            (None, _) => options::plain(&signature.ident),
        };
        let output = Output::read(&signature.output);
        Ok(Some(Method { ident: signature.ident.clone(), name, kind, parameters, output }))
    }

    /// The call of the builder that defines it.
    pub(crate) fn definition(&self, root: &TokenStream) -> TokenStream {
        let name = &self.name;
        match self.kind {
            Kind::New => {
                let code = self.code(root, None);
                quote!(.constructor(|ctx, args| #code))
            }
            Kind::Static => {
                let code = self.code(root, None);
                quote!(.static_method(#name, |ctx, args| #code))
            }
            Kind::Class => {
                let code = self.code(root, None);
                quote!(.class_method(#name, |ctx, class, args| #code))
            }
            Kind::MethodMut => {
                let code = self.code(root, Some(quote!(this)));
                quote!(.method_mut(#name, |ctx, this, args| #code))
            }
            Kind::Method | Kind::Getter | Kind::Setter => {
                let code = self.code(root, Some(quote!(this)));
                quote!(.method(#name, |ctx, this, args| #code))
            }
        }
    }

    /// The call of the builder that defines an attribute by its getter and setter.
    pub(crate) fn property(&self, setter: Option<&Self>, root: &TokenStream) -> TokenStream {
        let name = &self.name;
        let get = self.code(root, Some(quote!(this)));
        let get = quote!(|ctx, this| { let args = #root::Args::default(); #get });
        let Some(setter) = setter else { return quote!(.get(#name, #get)) };
        let set = setter.code(root, Some(quote!(this)));
        quote! {
            .get_set(#name, #get, |ctx, this, value| {
                let args = #root::Args::new(&[value]);
                let set = #set;
                set.map(|_| ())
            })
        }
    }

    /// Reads the arguments, calls the function, and converts what it returns.
    fn code(&self, root: &TokenStream, receiver: Option<TokenStream>) -> TokenStream {
        let (ident, function) = (&self.ident, &self.name);
        let taken: Vec<&Parameter> = self.parameters.iter().filter(|it| it.is_argument()).collect();
        let variables: Vec<Ident> = (0..taken.len())
            .map(|index| Ident::new(&format!("argument_{index}"), proc_macro2::Span::mixed_site()))
            .collect();
        let names: Vec<&str> = taken.iter().map(|it| it.name.as_str()).collect();
        let required = taken.iter().rposition(|it| !it.is_optional()).map_or(0, |last| last + 1);
        let whole = self.parameters.iter().any(|it| matches!(it.role, Role::Args));
        let bind = if whole {
            TokenStream::new()
        } else {
            quote!(let [#(#variables),*] = args.bind(#function, [#(#names),*], #required)?;)
        };
        let reads = taken
            .iter()
            .zip(&variables)
            .map(|(parameter, variable)| parameter.read(variable, root, function));
        let mut arguments = variables.iter();
        let passed = self.parameters.iter().map(|parameter| match &parameter.role {
            Role::Context => quote!(ctx),
            Role::Class => {
                let ty = &parameter.ty;
                quote_spanned!(ty.span()=> <#ty as #root::native::NativeValue<'_>>::from_object(ctx, class)?)
            }
            Role::Args => quote!(args),
            Role::Text | Role::Native(_) => {
                let variable = arguments.next();
                quote!(&*#variable)
            }
            Role::NativeMut(_) => {
                let variable = arguments.next();
                quote!(&mut *#variable)
            }
            Role::Converted => {
                let variable = arguments.next();
                quote!(#variable)
            }
        });
        let receiver = receiver.map(|it| quote!(#it,));
        let call = quote!(Self::#ident(#receiver #(#passed),*));
        let result = self.output.convert(call, self.kind, root);
        quote!({ let _ = &args; #bind #(#reads)* #result })
    }
}

impl Parameter {
    fn is_argument(&self) -> bool {
        !matches!(self.role, Role::Context | Role::Class | Role::Args)
    }

    fn is_optional(&self) -> bool {
        matches!(self.role, Role::Converted)
            && last_segment(&self.ty).is_some_and(|it| it.ident == "Option")
    }

    /// The statement that reads an argument into its variable.
    fn read(&self, variable: &Ident, root: &TokenStream, function: &str) -> TokenStream {
        let ty = &self.ty;
        let given = quote!(#root::native::required(&#variable, #function)?);
        match &self.role {
            Role::Text => quote_spanned! {ty.span()=>
                let #variable = <::std::string::String as #root::native::NativeValue<'_>>::from_object(ctx, #given)?;
            },
            Role::Native(of) => {
                quote_spanned!(ty.span()=> let #variable = #given.native::<#of>(ctx)?;)
            }
            Role::NativeMut(of) => {
                quote_spanned!(ty.span()=> let mut #variable = #given.native_mut::<#of>(ctx)?;)
            }
            _ => quote_spanned! {ty.span()=>
                let #variable = #root::native::argument::<#ty>(ctx, #variable, #function)?;
            },
        }
    }
}

impl Output {
    fn read(output: &ReturnType) -> Self {
        let ReturnType::Type(_, ty) = output else {
            let span = proc_macro2::Span::call_site();
            return Output { is_result: false, is_self: false, span };
        };
        let segment = last_segment(ty);
        let is_result = segment.is_some_and(|it| it.ident == "Result");
        let inner = if is_result { segment.and_then(last_type) } else { Some(&**ty) };
        let is_self = inner.and_then(last_segment).is_some_and(|it| it.ident == "Self");
        Output { is_result, is_self, span: ty.span() }
    }

    fn convert(&self, call: TokenStream, kind: Kind, root: &TokenStream) -> TokenStream {
        let returned = if self.is_result { quote!(#call?) } else { call };
        if kind == Kind::New {
            return quote!(::core::result::Result::Ok(#returned));
        }
        if self.is_self {
            return quote_spanned!(self.span=> #root::native::NativeClass::into_object(#returned, ctx));
        }
        quote_spanned!(self.span=> #root::native::NativeValue::to_object(&#returned, ctx))
    }
}

/// What the attributes of a function say.
#[derive(Default)]
struct Marks {
    skip: bool,
    name: Option<String>,
    kind: Option<(Kind, proc_macro2::Span)>,
}

impl Marks {
    /// Reads an attribute; returns whether it is one of ours.
    fn read(&mut self, attribute: &Attribute) -> Result<bool> {
        let kind = match attribute.path().get_ident().map(Ident::to_string).as_deref() {
            Some("skip") => {
                self.skip = true;
                return Ok(true);
            }
            Some("name") => {
                let literal: LitStr = attribute.parse_args()?;
                options::check_name(&literal.value())
                    .map_err(|message| Error::new(literal.span(), message))?;
                self.name = Some(literal.value());
                return Ok(true);
            }
            Some("new") => Kind::New,
            Some("classmethod") => Kind::Class,
            Some("getter") => Kind::Getter,
            Some("setter") => Kind::Setter,
            _ => return Ok(false),
        };
        if self.kind.is_some() {
            return Err(Error::new_spanned(attribute, "a function is one of these at most"));
        }
        self.kind = Some((kind, attribute.span()));
        Ok(true)
    }

    fn kind(&self, signature: &Signature) -> Result<Kind> {
        let receiver = match signature.receiver() {
            Some(receiver) if receiver.reference.is_none() || receiver.colon_token.is_some() => {
                return Err(Error::new_spanned(
                    receiver,
                    "an object stays where it is in the heap: take `&self` or `&mut self`",
                ));
            }
            Some(receiver) => Some(receiver.mutability.is_some()),
            None => None,
        };
        match (self.kind, receiver) {
            (None, Some(true)) => Ok(Kind::MethodMut),
            (None, Some(false)) => Ok(Kind::Method),
            (None, None) => Ok(Kind::Static),
            (Some((kind @ (Kind::New | Kind::Class), _)), None) => Ok(kind),
            (Some((kind @ Kind::Setter, _)), Some(true)) => Ok(kind),
            (Some((kind @ Kind::Getter, _)), Some(false)) => Ok(kind),
            (Some((kind, span)), _) => {
                let message = match kind {
                    Kind::New => "a #[new] makes the value, so it has no `self`",
                    Kind::Class => "a #[classmethod] has no `self`",
                    Kind::Setter => "a #[setter] takes `&mut self`",
                    _ => "a #[getter] takes `&self`",
                };
                Err(Error::new(span, message))
            }
        }
    }
}

fn refuse(signature: &Signature) -> Result<()> {
    if let Some(asyncness) = &signature.asyncness {
        return Err(Error::new_spanned(asyncness, "Python code does not wait for a native method"));
    }
    let generic =
        signature.generics.params.iter().find(|it| !matches!(it, GenericParam::Lifetime(_)));
    if let Some(generic) = generic {
        return Err(Error::new_spanned(
            generic,
            "Python does not know which type to choose: take a `Value`, or #[skip] the function",
        ));
    }
    Ok(())
}

fn parameters(signature: &Signature) -> Result<Vec<Parameter>> {
    let mut read = Vec::new();
    for input in &signature.inputs {
        let FnArg::Typed(typed) = input else { continue };
        let Pat::Ident(pattern) = &*typed.pat else {
            return Err(Error::new_spanned(
                &typed.pat,
                "a parameter needs a name, by which it can be given",
            ));
        };
        let ty = (*typed.ty).clone();
        let ty = syn::parse2(without_lifetimes(ty.into_token_stream()))?;
        let role = role(&ty)?;
        read.push(Parameter { name: options::plain(&pattern.ident), ty, role });
    }
    Ok(read)
}

fn role(ty: &Type) -> Result<Role> {
    if let Type::Reference(reference) = ty {
        let of = &*reference.elem;
        if let Type::Slice(_) | Type::TraitObject(_) = of {
            return Err(Error::new_spanned(
                ty,
                "this cannot be borrowed from an object: take a `Vec` or a `Value`",
            ));
        }
        return Ok(match (last_segment(of), reference.mutability) {
            (Some(segment), None) if segment.ident == "str" => Role::Text,
            (_, None) => Role::Native(of.clone()),
            (_, Some(_)) => Role::NativeMut(of.clone()),
        });
    }
    Ok(match last_segment(ty).map(|it| it.ident.to_string()).as_deref() {
        Some("Context") => Role::Context,
        Some("Args") => Role::Args,
        _ => Role::Converted,
    })
}

/// Lets the compiler find the lifetimes: those of the function have no meaning outside of it.
fn without_lifetimes(tokens: TokenStream) -> TokenStream {
    let mut after_quote = false;
    let erase = |token| match token {
        TokenTree::Group(group) => {
            let mut erased = Group::new(group.delimiter(), without_lifetimes(group.stream()));
            erased.set_span(group.span());
            erased.into()
        }
        TokenTree::Ident(ident) if std::mem::take(&mut after_quote) && ident != "static" => {
            Ident::new("_", ident.span()).into()
        }
        token => {
            after_quote = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '\'');
            token
        }
    };
    tokens.into_iter().map(erase).collect()
}

/// The attribute that `set_grams` sets.
fn setter_name(ident: &Ident) -> Result<String> {
    let name = options::plain(ident);
    match name.strip_prefix("set_") {
        Some(attribute) if !attribute.is_empty() => Ok(attribute.to_owned()),
        _ => Err(Error::new(
            ident.span(),
            "a #[setter] is named set_ and the attribute, or says it: #[name(\"grams\")]",
        )),
    }
}

fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match ty {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}

/// The last type between the angle brackets.
fn last_type(segment: &PathSegment) -> Option<&Type> {
    let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    arguments.args.iter().rev().find_map(|it| match it {
        syn::GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}
