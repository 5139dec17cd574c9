//! The struct, its parameters and its forward pass. What is the same for every network is in
//! `api.rs` of the runtime crate.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::ext::IdentExt;

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
    let clones = stages.iter().map(|stage| {
        let field = &stage.field;
        let clone = match &stage.is_layer {
            Some(is_layer) => quote_spanned!(span=> Own::<{ #is_layer }>),
            None => quote_spanned!(span=> Clone),
        };
        quote_spanned!(span=> #field: #krate::__private::#clone::clone(&self.#field))
    });
    let parameters = parameters::expand(name, &syn::Generics::default(), &walked, cfgs, krate);
    let (input, output) = (network.input.argument(), network.output.argument());
    let (inputs, outputs) = (&network.input, &network.output);
    let title = name.unraw().to_string();
    let forward = forward(network, scalar, krate);
    quote_spanned! {span=>
        #(#attributes)*
        #[doc = #table]
        #(#cfgs)*
        #visibility struct #name {
            #(#fields),*
        }

        #(#cfgs)*
        impl #krate::__private::Clone for #name {
            fn clone(&self) -> Self {
                Self { #(#clones),* }
            }
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
        is_layer,
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
        is_layer: is_layer.clone(),
        methods: quote_spanned!(span=> .stage(#layer, #input, #output)),
        ..Field::new(field.to_token_stream(), key.clone(), ty.clone())
    }
}

fn forward(network: &Network, scalar: &syn::Ident, krate: &TokenStream) -> TokenStream {
    let span = Span::mixed_site();
    let calls = network.stages.iter().enumerate().map(|(index, stage)| {
        let field = &stage.field;
        // The first stage takes the argument, which is a reference.
        let input = if index == 0 {
            quote_spanned!(span=> input)
        } else {
            quote_spanned!(span=> &x)
        };
        let forward = match &stage.fits {
            Fits::Yes => quote_spanned!(span=> Layer),
            Fits::Const(fits) => quote_spanned!(span=> __private::Stage::<{ #fits }>),
        };
        let output = stage.output.argument();
        let ty = quote_spanned!(span=> #krate::SVector<#krate::__private::#scalar, #output>);
        let call = quote_spanned!(span=> #krate::#forward::forward(&self.#field, #input));
        (matches!(stage.fits, Fits::Const(_)).then_some(ty), call)
    });
    let mut calls: Vec<_> = calls.collect();
    let last = calls.pop();
    let steps = calls.iter().map(|(ty, call)| {
        let ty = ty.as_ref().map(|ty| quote_spanned!(span=> : #ty));
        quote_spanned!(span=> let x #ty = #call;)
    });
    let body = match &last {
        Some((_, call)) => quote_spanned!(span=> #(#steps)* #call),
        None => quote_spanned!(span=> #krate::Value::zeros()),
    };
    let input = network.input.argument();
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
