//! The struct, its parameters and its forward pass. What is the same for every network is in
//! `api.rs` of the runtime crate.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};

use super::{
    docs,
    parameters::{self, Field},
};
use crate::ir::{Declaration, Fits, Network, Stage};

pub(crate) fn expand(
    network: &Network,
    declaration: &Declaration,
    krate: &TokenStream,
) -> TokenStream {
    let Network {
        attributes,
        visibility,
        name,
        stages,
        ..
    } = network;
    let Declaration { scalar, cfgs, .. } = declaration;
    let span = Span::mixed_site();
    let table = docs::table(network);
    let fields = stages.iter().map(|stage| {
        let Stage { field, ty, .. } = stage;
        let doc = &stage.written;
        quote_spanned!(span=> #[doc = #doc] pub #field: #ty)
    });
    let walked: Vec<Field> = stages.iter().map(|stage| field(stage, krate)).collect();
    let parameters = parameters::expand(name, &syn::Generics::default(), &walked, cfgs, krate);
    let (input, output) = (network.input.argument(), network.output.argument());
    let (inputs, outputs) = (&network.input, &network.output);
    let title = name.to_string();
    let forward = forward(network, scalar, krate);
    quote_spanned! {span=>
        #(#attributes)*
        #[doc = #table]
        #(#cfgs)*
        #[derive(#krate::__private::Clone)]
        #visibility struct #name {
            #(#fields),*
        }

        #parameters

        #(#cfgs)*
        impl #krate::Layer<#krate::SVector<#krate::__private::#scalar, #input>> for #name {
            type Output = #krate::SVector<#krate::__private::#scalar, #output>;

            #forward
        }

        #krate::__private::network_api! {
            (#(#cfgs)*) #name, #title, #scalar, #inputs, #outputs
        }
    }
}

fn field(stage: &Stage, krate: &TokenStream) -> Field {
    let Stage {
        field,
        key,
        layer,
        ty,
        options,
        input,
        output,
        ..
    } = stage;
    let span = Span::mixed_site();
    let zeros = (!options.is_empty()).then(|| {
        let (names, values) = (
            options.iter().map(|(name, _)| name),
            options.iter().map(|(_, value)| value),
        );
        quote_spanned! {span=> {
            let mut layer = <#ty as #krate::Parameters>::ZEROS;
            #(layer.#names = #values;)*
            layer
        }}
    });
    Field {
        zeros,
        methods: quote_spanned!(span=> .stage(#layer, #input, #output)),
        ..Field::new(field.to_token_stream(), key.clone(), ty.clone())
    }
}

fn forward(network: &Network, scalar: &syn::Ident, krate: &TokenStream) -> TokenStream {
    let span = Span::mixed_site();
    let steps = network.stages.iter().enumerate().map(|(index, stage)| {
        let field = &stage.field;
        // The first stage takes the argument, which is a reference.
        let input = if index == 0 {
            quote_spanned!(span=> input)
        } else {
            quote_spanned!(span=> &x)
        };
        match &stage.fits {
            Fits::Yes => quote_spanned! {span=>
                let x = #krate::Layer::forward(&self.#field, #input);
            },
            Fits::Const(fits) => {
                let output = stage.output.argument();
                quote_spanned! {span=>
                    let x: #krate::SVector<#krate::__private::#scalar, #output> =
                        #krate::__private::Stage::<{ #fits }>::forward(&self.#field, #input);
                }
            }
        }
    });
    let input = network.input.argument();
    let body = if network.stages.is_empty() {
        quote_spanned!(span=> #krate::Value::zeros())
    } else {
        quote_spanned!(span=> #(#steps)* x)
    };
    quote_spanned! {span=>
        #[inline]
        fn forward(
            &self,
            input: &#krate::SVector<#krate::__private::#scalar, #input>,
        ) -> Self::Output {
            #body
        }
    }
}
