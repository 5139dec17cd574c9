//! The struct, its parameters and its forward pass. What is the same for every network is in
//! `api.rs` of the runtime crate.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::ext::IdentExt;

use super::{
    docs,
    parameters::{self, Field},
};
use crate::{
    ir::{Declaration, Dim, Fits, Network, Stage},
    layers,
};

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
    let flow = flow(network, scalar, krate);
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

            #flow
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

/// Which layer follows which: the one thing that only the declaration knows.
fn flow(network: &Network, scalar: &syn::Ident, krate: &TokenStream) -> TokenStream {
    let span = Span::mixed_site();
    let vector = |size: &Dim| {
        let size = size.argument();
        quote_spanned!(span=> #krate::SVector<#krate::__private::#scalar, #size>)
    };
    let mut steps = Vec::new();
    let mut stages = network.stages.iter().peekable();
    while let Some(stage) = stages.next() {
        let field = &stage.field;
        let (x, y) = (vector(&stage.input), vector(&stage.output));
        // An activation works on what its layer still holds in registers.
        let activation = stages
            .next_if(|next| matches!(stage.fits, Fits::Yes) && layers::is_activation(&next.layer));
        let call = match (&stage.fits, activation) {
            (Fits::Yes, Some(Stage { field: next, .. })) => quote_spanned! {span=>
                #krate::Layer::<#y>::flow_after::<_, #x, _>(&self.#next, flow, &self.#field, x)
            },
            (Fits::Yes, None) => quote_spanned! {span=>
                #krate::Layer::<#x>::flow(&self.#field, flow, x)
            },
            (Fits::Const(fits), _) => quote_spanned! {span=>
                #krate::__private::Stage::<{ #fits }>::flow::<#x, #y, _, _>(&self.#field, flow, x)
            },
        };
        steps.push(call);
    }
    let last = steps.pop().unwrap_or_else(|| {
        let (x, y) = (vector(&network.input), vector(&network.output));
        quote_spanned!(span=> #krate::__private::Stage::<false>::flow::<#x, #y, _, _>(self, flow, x))
    });
    let input = vector(&network.input);
    quote_spanned! {span=>
        #[inline]
        fn forward(&self, input: &#input) -> Self::Output {
            #krate::__private::flow::forward(self, input)
        }

        #[allow(clippy::inline_always)]
        #[inline(always)]
        fn flow<__F: #krate::__private::Flow>(
            &self,
            flow: &mut __F,
            x: &__F::Of<#input>,
        ) -> __F::Of<Self::Output> {
            #(let x = &#steps;)*
            #last
        }
    }
}
