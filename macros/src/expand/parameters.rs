//! `impl Parameters`, for networks and for whoever derives it.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::{Attribute, Generics, Ident};

/// A field, as far as `Parameters` is concerned.
pub(crate) struct Field {
    /// The field's name, or its number in a tuple struct.
    pub(crate) member: TokenStream,
    pub(crate) name: String,
    /// Its part of a weight file's keys.
    pub(crate) key: String,
    pub(crate) ty: TokenStream,
    /// Its value in `ZEROS`, where that is not the type's own.
    pub(crate) zeros: Option<TokenStream>,
    /// Calls that complete its entry in the layout: `.stage("Linear", 10, 5)`.
    pub(crate) methods: TokenStream,
    /// A constant has no tensors and no place in the layout.
    pub(crate) is_constant: bool,
    /// Where the type is not known to be one of ours, a constant that says whether it implements
    /// `Parameters`.
    pub(crate) is_layer: Option<TokenStream>,
}

impl Field {
    pub(crate) fn new(member: TokenStream, key: String, ty: TokenStream) -> Self {
        Self {
            name: member.to_string().trim_start_matches("r#").to_owned(),
            member,
            key,
            ty,
            zeros: None,
            methods: TokenStream::new(),
            is_constant: false,
            is_layer: None,
        }
    }

    /// What to call for what the type does as `Parameters`. Somebody's own type may not implement
    /// it; then the constant is in error, and the compiler has nothing to add.
    fn parameters(&self, krate: &TokenStream) -> TokenStream {
        let span = Span::mixed_site();
        match &self.is_layer {
            Some(is_layer) => quote_spanned!(span=> #krate::__private::Own::<{ #is_layer }>),
            None => quote_spanned!(span=> #krate::Parameters),
        }
    }
}

pub(crate) fn expand(
    name: &Ident,
    generics: &Generics,
    fields: &[Field],
    cfgs: &[Attribute],
    krate: &TokenStream,
) -> TokenStream {
    let span = Span::mixed_site();
    let zeros = fields.iter().map(|field| {
        let (member, parameters) = (&field.member, field.parameters(krate));
        let value = match (&field.zeros, &field.is_layer) {
            (Some(value), _) => value.clone(),
            (None, Some(_)) => quote_spanned!(span=> #parameters::zeros()),
            (None, None) => quote_spanned!(span=> #parameters::ZEROS),
        };
        quote_spanned!(span=> #member: #value)
    });
    let tensors = fields.iter().filter(|field| !field.is_constant);
    let layout = tensors.map(|field| {
        let Field {
            member,
            name,
            key,
            ty,
            methods,
            is_layer,
            ..
        } = field;
        let parameters = field.parameters(krate);
        let layout = match is_layer {
            Some(_) => quote_spanned!(span=> #parameters::layout::<#ty>()),
            None => quote_spanned!(span=> <#ty as #krate::Parameters>::LAYOUT),
        };
        quote_spanned! {span=>
            #krate::Field::new(#name, #key, #layout, #krate::__private::offset_of!(Self, #member))
                #methods
        }
    });
    let places = fields.iter().map(|field| {
        let (member, parameters) = (&field.member, field.parameters(krate));
        match &field.zeros {
            Some(value) => quote_spanned!(span=> #member: |place| place.write(#value)),
            None => quote_spanned!(span=> #member: #parameters::place),
        }
    });
    // Elsewhere the macro is another crate's, which this lint leaves alone.
    let allow_unsafe = (krate.to_string() == "crate").then(
        || quote_spanned!(span=> #[allow(unsafe_code, reason = "in a macro with its argument")]),
    );
    let (implementation, ty, bounds) = generics.split_for_impl();
    quote_spanned! {span=>
        #(#cfgs)*
        #allow_unsafe
        unsafe impl #implementation #krate::Parameters for #name #ty #bounds {
            const ZEROS: Self = Self { #(#zeros),* };
            const LAYOUT: #krate::Layout = #krate::Layout::Struct(&[#(#layout),*]);

            fn place(place: &mut #krate::__private::MaybeUninit<Self>) -> &mut Self {
                #krate::__private::place_fields!(place: #(#places),*)
            }
        }
    }
}
