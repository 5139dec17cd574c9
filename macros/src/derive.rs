//! `#[derive(Parameters)]`

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote_spanned};
use syn::{
    Attribute, Data, DeriveInput, Expr, GenericParam, Ident, Index, Path, Result, Type,
    ext::IdentExt,
};

use crate::{
    errors::Errors,
    expand::{
        checks,
        parameters::{self, Field},
    },
    packed,
    text::text,
};

pub(crate) fn parameters(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let mut errors = Errors::default();
    let krate = krate(&input.attrs).unwrap_or_else(|error| {
        errors.push(error);
        quote_spanned!(Span::mixed_site()=> ::layerwise)
    });
    for attribute in &input.attrs {
        packed::is_refused(attribute, &mut errors);
    }
    let Data::Struct(data) = &input.data else {
        let message = "`Parameters` is for structs, whose fields are tensors and layers";
        errors.error(&input.ident, message);
        return errors.into_tokens(&[]);
    };
    let mut generics = input.generics.clone();
    let parameters: Vec<Ident> = generics.params.iter().filter_map(parameter).collect();
    let mut fields: Vec<Field> = data
        .fields
        .iter()
        .enumerate()
        .filter_map(|(index, field)| {
            self::field(field, index, &parameters, &krate)
                .map_err(|error| errors.push(error))
                .ok()
        })
        .collect();
    let types: Vec<Ident> = input
        .generics
        .type_params()
        .map(|parameter| parameter.ident.clone())
        .collect();
    for field in fields.iter().filter(|field| !field.is_constant) {
        let ty = &field.ty;
        if mentions(ty, &types) {
            let bound = quote_spanned!(Span::mixed_site()=> #ty: #krate::Parameters);
            if let Ok(bound) = syn::parse2(bound) {
                generics.make_where_clause().predicates.push(bound);
            }
        }
    }
    let errors = errors.into_tokens(&[]);
    if !errors.is_empty() {
        return errors;
    }
    let name = &input.ident;
    let constants: TokenStream = fields
        .iter_mut()
        .filter_map(|field| is_parameters(field, name, &krate))
        .collect();
    let implementation = parameters::expand(name, &generics, &fields, &[], &krate);
    let trainable = trainable(name, &input.generics, &krate);
    let implementation = quote_spanned!(Span::mixed_site()=> #implementation #trainable);
    if constants.is_empty() {
        return implementation;
    }
    quote_spanned!(Span::mixed_site()=> #implementation #[doc(hidden)] impl #name { #constants })
}

/// A layer of one's own that has `Backward` is trainable. It is not one implementation for all types: of
/// two that might apply, the compiler says of neither why it doesn't.
fn trainable(name: &Ident, generics: &syn::Generics, krate: &TokenStream) -> TokenStream {
    let span = Span::mixed_site();
    // The library's own layers say it themselves.
    if krate.to_string() == "crate" {
        return TokenStream::new();
    }
    let mut more = generics.clone();
    if let Ok(parameter) = syn::parse2(quote_spanned!(span=> __X: #krate::Value)) {
        more.params.push(parameter);
    }
    let (implementation, ..) = more.split_for_impl();
    let (_, ty, bounds) = generics.split_for_impl();
    let bounds = bounds.map(|bounds| &bounds.predicates);
    quote_spanned! {span=>
        #krate::__trainable_by_backward! {
            [#implementation] [Self: #krate::backward::Own<__X>, #bounds] __X, #name #ty
        }
    }
}

/// A constant that says whether the field's type implements `Parameters`, and reports it if not.
fn is_parameters(field: &mut Field, name: &Ident, krate: &TokenStream) -> Option<TokenStream> {
    let is_layer = field.is_layer.take()?;
    let constant = format_ident!("PARAMETERS_FIELD_{}", field.name);
    let (ty, written, span) = (&field.ty, text(&field.ty), Span::mixed_site());
    let check = checks::call(
        "field",
        ty,
        &quote_spanned!(span=> #is_layer, #written),
        krate,
    );
    field.is_layer = Some(quote_spanned!(span=> #name::#constant));
    Some(quote_spanned! {span=>
        #[allow(non_upper_case_globals)]
        const #constant: #krate::__private::bool = #check;
    })
}

/// The name of a type or constant parameter.
fn parameter(parameter: &GenericParam) -> Option<Ident> {
    match parameter {
        GenericParam::Type(ty) => Some(ty.ident.clone()),
        GenericParam::Const(constant) => Some(constant.ident.clone()),
        GenericParam::Lifetime(_) => None,
    }
}

/// `#[parameters(crate = new_name)]`
fn krate(attributes: &[Attribute]) -> Result<TokenStream> {
    let mut krate = quote_spanned!(Span::mixed_site()=> ::layerwise);
    for attribute in attributes {
        if attribute.path().is_ident("parameters") {
            attribute.parse_nested_meta(|meta| {
                if !meta.path.is_ident("crate") {
                    return Err(meta.error("there is `crate = …` only"));
                }
                krate = meta.value()?.call(Path::parse_mod_style)?.to_token_stream();
                Ok(())
            })?;
        }
    }
    Ok(krate)
}

fn field(
    field: &syn::Field,
    index: usize,
    parameters: &[Ident],
    krate: &TokenStream,
) -> Result<Field> {
    let (member, key) = match &field.ident {
        Some(name) => (name.to_token_stream(), name.unraw().to_string()),
        None => (Index::from(index).to_token_stream(), index.to_string()),
    };
    let (ty, span) = (&field.ty, Span::mixed_site());
    // The library's own layers say more.
    let is_ours = krate.to_string() == "crate";
    let is_tensor = is_named(ty, "SMatrix") || is_named(ty, "SVector");
    // Of a generic struct, whose constants are known to its users only, a bound says it.
    let is_concrete = !is_tensor && parameters.is_empty();
    let mut new = Field {
        is_layer: is_concrete.then(|| quote_spanned!(span=> #krate::__private::is_layer!(#ty))),
        ..Field::new(member, key, ty.to_token_stream())
    };
    if is_named(ty, "SMatrix") {
        new.methods = quote_spanned!(Span::mixed_site()=> .matrix());
    }
    for attribute in &field.attrs {
        if !attribute.path().is_ident("parameters") {
            continue;
        }
        attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("constant") {
                let value: Expr = meta.value()?.parse()?;
                new.zeros = Some(value.to_token_stream());
                new.is_constant = true;
                new.is_layer = None;
            } else if meta.path.is_ident("init") {
                let value: Expr = meta.value()?.parse()?;
                new.methods.extend(quote_spanned!(span=> .init(#value)));
            } else if meta.path.is_ident("fan_in") && is_ours {
                let value: Expr = meta.value()?.parse()?;
                new.methods.extend(quote_spanned!(span=> .fan_in(#value)));
            } else if meta.path.is_ident("key") && is_ours {
                new.key = meta.value()?.parse::<syn::LitStr>()?.value();
            } else if meta.path.is_ident("buffer") {
                new.methods.extend(quote_spanned!(span=> .buffer()));
            } else {
                let message = "a field has `constant = …`, `init = …` or `buffer`";
                return Err(meta.error(message));
            }
            Ok(())
        })?;
    }
    Ok(new)
}

/// Whether the type, or what it is an array of, is written with this name, whatever its path and
/// its arguments.
fn is_named(ty: &Type, name: &str) -> bool {
    match ty {
        Type::Array(array) => is_named(&array.elem, name),
        Type::Path(path) => {
            let last = path.path.segments.last();
            last.is_some_and(|last| last.ident == name)
        }
        _ => false,
    }
}

fn mentions(ty: &TokenStream, parameters: &[Ident]) -> bool {
    ty.clone().into_iter().any(|token| match token {
        proc_macro2::TokenTree::Ident(ident) => parameters.contains(&ident),
        proc_macro2::TokenTree::Group(group) => mentions(&group.stream(), parameters),
        _ => false,
    })
}
