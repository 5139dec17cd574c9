//! The struct, its parameters and its forward pass. What is the same for every network is in
//! `api.rs` of the runtime crate.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::ext::IdentExt;

use super::{
    diagram, docs,
    parameters::{self, Field},
    stream, training,
};
use crate::{
    ir::{Declaration, Fits, Join, Memory, Network, Shape, Stage},
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
    let diagram = diagram::svg(network);
    let docs = docs::docs(network, &diagram);
    let fields = stages.iter().map(|stage| {
        let (field, ty) = (&stage.field, ty(stage));
        let doc = &stage.written;
        quote_spanned!(span=> #[doc = #doc] pub #field: #ty)
    });
    let beside = network.join.beside();
    let walked: Vec<Field> = stages
        .iter()
        .map(|stage| field(stage, beside, krate))
        .collect();
    let clones = stages.iter().map(|stage| {
        let field = &stage.field;
        let clone = match &stage.is_layer {
            Some(is_layer) => quote_spanned!(span=> Own::<{ #is_layer }>),
            None => quote_spanned!(span=> Clone),
        };
        quote_spanned!(span=> #field: #krate::__private::#clone::clone(&self.#field))
    });
    let parameters = parameters::expand(name, &syn::Generics::default(), &walked, cfgs, krate);
    let of_scalar = quote_spanned!(span=> #krate::__private::#scalar);
    let input = network.input.ty(&of_scalar, krate);
    let output = network.output.ty(&of_scalar, krate);
    let (inputs, outputs) = (network.input.len(krate), network.output.len(krate));
    let title = name.unraw().to_string();
    let api = if declaration.memory == Memory::Stream {
        stream::expand(network, declaration, &diagram, krate)
    } else {
        let flow = flow(network, scalar, krate);
        let trainable = training::expand(network, declaration, krate);
        let missing = stream::missing(network, declaration, krate);
        quote_spanned! {span=>
            #(#cfgs)*
            impl #krate::Layer<#input> for #name {
                type Output = #output;

                #flow
            }

            #trainable

            #krate::__private::network_api! {
                (#(#cfgs)*) #name, #title, (#input) (#output), #inputs, #outputs, #diagram
            }

            #missing
        }
    };
    quote_spanned! {span=>
        #(#attributes)*
        #[doc = #docs]
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

        #api
    }
}

/// The type of a field.
pub(super) fn ty(stage: &Stage) -> TokenStream {
    let ty = &stage.ty;
    match &stage.copies {
        Some(copies) => {
            let copies = copies.argument();
            quote_spanned!(Span::mixed_site()=> [#ty; #copies])
        }
        None => ty.clone(),
    }
}

fn field(stage: &Stage, beside: usize, krate: &TokenStream) -> Field {
    let Stage {
        field,
        key,
        layer,
        ty,
        options,
        init,
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
    let init = init
        .as_ref()
        .map(|value| quote_spanned!(span=> .init(#value)));
    let (input, output) = (input.value(krate), output.value(krate));
    let own = is_layer.as_ref().map(|_| quote_spanned!(span=> .own()));
    let beside = (beside > 0).then(|| quote_spanned!(span=> .beside(#beside)));
    Field {
        zeros,
        is_layer: is_layer.clone(),
        methods: quote_spanned!(span=> .stage(#layer, #input, #output) #own #init #beside),
        ..Field::new(field.to_token_stream(), key.clone(), self::ty(stage))
    }
}

/// Which layer follows which: the one thing that only the declaration knows.
fn flow(network: &Network, scalar: &syn::Ident, krate: &TokenStream) -> TokenStream {
    let span = Span::mixed_site();
    let private = quote_spanned!(span=> #krate::__private);
    let of_scalar = quote_spanned!(span=> #private::#scalar);
    let ty = |shape: &Shape| shape.ty(&of_scalar, krate);
    let (x, y) = (ty(&network.input), ty(&network.output));
    let body = match &network.join {
        Join::Chain => chain(network, &ty, krate),
        Join::Residual(fits) => {
            let chain = chain(network, &ty, krate);
            let close = match fits {
                Fits::Yes => quote_spanned!(span=> #private::combine::Residual::close),
                Fits::Const(fits) => {
                    let left = ty(network.leaves());
                    quote_spanned!(span=> #private::Stage::<{ #fits }>::close::<#x, #left, _>)
                }
            };
            quote_spanned! {span=>
                let entered = #private::combine::Residual::open::<#x, _>(flow, &x);
                let left = { #chain };
                #close(flow, left, entered)
            }
        }
        Join::Branches(name, fits) => {
            let name = syn::Ident::new(name, span);
            let fields = network.stages.iter().map(|stage| &stage.field);
            let list = fields.rev().fold(
                quote_spanned!(span=> ()),
                |rest, field| quote_spanned!(span=> (&self.#field, #rest)),
            );
            let fits = match fits {
                Fits::Yes => quote_spanned!(span=> true),
                Fits::Const(fits) => fits.clone(),
            };
            quote_spanned! {span=>
                #private::Stage::<{ #fits }>::combine::<#private::combine::#name, #x, #y, _, _>(
                    flow,
                    x,
                    #list,
                )
            }
        }
    };
    quote_spanned! {span=>
        #[inline]
        fn forward(&self, input: &#x) -> Self::Output {
            #private::flow::forward(self, input)
        }

        #[allow(clippy::inline_always)]
        #[inline(always)]
        fn flow<__F: #private::Flow>(
            &self,
            flow: &mut __F,
            x: __F::Of<#x>,
        ) -> __F::Of<Self::Output> {
            #body
        }
    }
}

/// One stage after another.
fn chain(
    network: &Network,
    ty: &impl Fn(&Shape) -> TokenStream,
    krate: &TokenStream,
) -> TokenStream {
    let span = Span::mixed_site();
    let mut steps = Vec::new();
    let mut stages = network.stages.iter().peekable();
    while let Some(stage) = stages.next() {
        let field = &stage.field;
        let (x, y) = (ty(&stage.input), ty(&stage.output));
        let norm = stages.next_if(|next| next.is_folded(stage));
        // An activation works on what its layer still holds in registers.
        let activation = stages.next_if(|next| {
            stage.is_plain() && next.is_plain() && layers::is_activation(&next.layer)
        });
        let pool = stages.next_if(|next| norm.is_none() && next.is_pooled(stage));
        if norm.is_some() || pool.is_some() {
            let activation = match activation {
                Some(Stage { field: next, .. }) => quote_spanned!(span=> self.#next),
                None => quote_spanned!(span=> #krate::Identity),
            };
            steps.extend(norm.map(|Stage { field: norm, .. }| {
                quote_spanned! {span=>
                    self.#norm.flow_behind::<_, #x, _, _, _>(flow, &self.#field, &#activation, x)
                }
            }));
            steps.extend(pool.map(|Stage { field: pool, .. }| quote_spanned! {span=>
                #krate::Layer::<#x>::flow_pooled(&self.#field, flow, x, &#activation, &self.#pool)
            }));
            continue;
        }
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
        let (x, y) = (ty(&network.input), ty(&network.output));
        quote_spanned!(span=> #krate::__private::Stage::<false>::flow::<#x, #y, _, _>(self, flow, x))
    });
    quote_spanned! {span=>
        #(let x = #steps;)*
        #last
    }
}

impl Join {
    /// How many values are kept while one of the stages runs.
    fn beside(&self) -> usize {
        match self {
            Self::Chain => 0,
            // What entered.
            Self::Residual(_) => 1,
            // What entered, and what the branches before made.
            Self::Branches(..) => 2,
        }
    }
}
