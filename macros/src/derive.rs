//! `#[derive(Parameters)]`

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{Attribute, Data, DeriveInput, Expr, Ident, Index, Path, Result, Type, ext::IdentExt};

use crate::{
    errors::Errors,
    expand::parameters::{self, Field},
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
    let Data::Struct(data) = &input.data else {
        let message = "`Parameters` is for structs, whose fields are tensors and layers";
        errors.error(&input.ident, message);
        return errors.into_tokens();
    };
    let fields: Vec<Field> = data
        .fields
        .iter()
        .enumerate()
        .filter_map(|(index, field)| {
            self::field(field, index)
                .map_err(|error| errors.push(error))
                .ok()
        })
        .collect();
    let mut generics = input.generics.clone();
    let parameters: Vec<Ident> = generics
        .type_params()
        .map(|parameter| parameter.ident.clone())
        .collect();
    for field in fields.iter().filter(|field| !field.is_constant) {
        if mentions(&field.ty, &parameters) {
            let ty = &field.ty;
            let bound = quote_spanned!(Span::mixed_site()=> #ty: #krate::Parameters);
            if let Ok(bound) = syn::parse2(bound) {
                generics.make_where_clause().predicates.push(bound);
            }
        }
    }
    let errors = errors.into_tokens();
    if !errors.is_empty() {
        return errors;
    }
    parameters::expand(&input.ident, &generics, &fields, &[], &krate)
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

fn field(field: &syn::Field, index: usize) -> Result<Field> {
    let (member, key) = match &field.ident {
        Some(name) => (name.to_token_stream(), name.unraw().to_string()),
        None => (Index::from(index).to_token_stream(), index.to_string()),
    };
    let mut new = Field::new(member, key, field.ty.to_token_stream());
    if is_matrix(&field.ty) {
        new.methods = quote_spanned!(Span::mixed_site()=> .matrix());
    }
    for attribute in &field.attrs {
        if !attribute.path().is_ident("parameters") {
            continue;
        }
        attribute.parse_nested_meta(|meta| {
            let span = Span::mixed_site();
            if meta.path.is_ident("constant") {
                let value: Expr = meta.value()?.parse()?;
                new.zeros = Some(value.to_token_stream());
                new.is_constant = true;
            } else if meta.path.is_ident("init") {
                let value: Expr = meta.value()?.parse()?;
                new.methods.extend(quote_spanned!(span=> .init(#value)));
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

/// Whether the type is written `SMatrix`, with one column or not.
fn is_matrix(ty: &Type) -> bool {
    matches!(ty, Type::Path(path)
        if path.path.segments.last().is_some_and(|last| last.ident == "SMatrix"))
}

fn mentions(ty: &TokenStream, parameters: &[Ident]) -> bool {
    ty.clone().into_iter().any(|token| match token {
        proc_macro2::TokenTree::Ident(ident) => parameters.contains(&ident),
        proc_macro2::TokenTree::Group(group) => mentions(&group.stream(), parameters),
        _ => false,
    })
}
