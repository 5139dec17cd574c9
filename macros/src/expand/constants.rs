//! The hidden constants: the sizes that the compiler knows and the macro doesn't.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use crate::ir::{Constant, Declaration, Probe, Value};

/// They are inherent constants, for they must be reachable wherever the struct is, and be silent
/// where they are in error.
pub(crate) fn expand(declaration: &Declaration, krate: &TokenStream) -> TokenStream {
    let mut constants: Vec<TokenStream> = declaration
        .constants
        .iter()
        .map(|constant| self::constant(constant, krate))
        .collect();
    if let Some(error) = &declaration.hole {
        let error = error.to_compile_error();
        constants.push(quote_spanned! {Span::mixed_site()=>
            const NETWORK_HOLE: #krate::__private::usize = { #error };
        });
    }
    if constants.is_empty() {
        return TokenStream::new();
    }
    let (cfgs, name) = (&declaration.cfgs, &declaration.network.name);
    quote_spanned! {Span::mixed_site()=>
        #(#cfgs)*
        #[doc(hidden)]
        impl #name {
            #(#constants)*
        }
    }
}

fn constant(Constant { name, value }: &Constant, krate: &TokenStream) -> TokenStream {
    let span = Span::mixed_site();
    let private = quote_spanned!(span=> #krate::__private);
    let (ty, value) = match value {
        Value::Size(written) => (
            quote_spanned!(span=> usize),
            quote_spanned!(span=> #private::Size::<#written>::V),
        ),
        Value::Entrance(layer) => (
            quote_spanned!(span=> usize),
            quote_spanned!(span=> #private::entrance!(#layer)),
        ),
        Value::Reached(Probe {
            layer,
            scalar,
            input,
        }) => {
            let input = input.argument();
            let input = quote_spanned!(span=> #krate::SVector<#scalar, #input>);
            (
                quote_spanned!(span=> Reached),
                quote_spanned!(span=> #private::reached!(#layer, #input)),
            )
        }
        Value::Equal([a, b, c]) => (
            quote_spanned!(span=> bool),
            quote_spanned!(span=> #a == #b && #b == #c),
        ),
    };
    quote_spanned!(span=> const #name: #private::#ty = #value;)
}
