//! Networks that begin with `Stream`: what they remember, and a step of them.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{Ident, ext::IdentExt};

use crate::{
    ir::{Declaration, Dim, Fits, Join, Memory, Network, Shape, Stage},
    layers,
    lower::state,
};

/// The implementation of `Recurrent`, the type of the state, and the methods of both.
pub(crate) fn expand(
    network: &Network,
    declaration: &Declaration,
    diagram: &str,
    krate: &TokenStream,
) -> TokenStream {
    let span = Span::mixed_site();
    let Declaration { scalar, cfgs, .. } = declaration;
    let name = &network.name;
    let types = Types { scalar, krate };
    let (input, output) = (types.vector(&network.input), types.vector(&network.output));
    let step = step(network, &types);
    let many = many(network, &types);
    let (inputs, outputs) = (network.input.len(krate), network.output.len(krate));
    let (title, state) = (name.unraw().to_string(), state(name));
    let state_struct = state_struct(network, &state, declaration, &types);
    quote_spanned! {span=>
        #(#cfgs)*
        impl #krate::Recurrent<#input> for #name {
            type Output = #output;
            type State = #state;

            #[inline]
            fn step(&self, state: &mut #state, x: &#input) -> #output {
                #step
            }

            #many
        }

        #state_struct

        #krate::__private::stream_api! {
            (#(#cfgs)*) #name, #state, #title, #scalar, #inputs, #outputs, #diagram
        }
    }
}

/// What a network without `Stream` has beside it, if it should have it, so that what uses it as one
/// that remembers type-checks.
pub(crate) fn missing(
    network: &Network,
    declaration: &Declaration,
    krate: &TokenStream,
) -> TokenStream {
    if declaration.memory != Memory::Missing || network.name != declaration.network.name {
        return TokenStream::new();
    }
    let Declaration { scalar, cfgs, .. } = declaration;
    let (name, visibility, state) = (&network.name, &network.visibility, state(&network.name));
    // What enters a stream are vectors; what else does is in error, as the hole.
    let of = |shape: &Shape| match shape.dims() {
        [_] => shape.len(krate),
        _ => quote_spanned!(Span::mixed_site()=> #name::NETWORK_HOLE),
    };
    let (inputs, outputs) = (of(&network.input), of(&network.output));
    quote_spanned! {Span::mixed_site()=>
        #(#cfgs)*
        #[allow(dead_code)]
        #visibility type #state = ();

        #krate::__private::stream_methods! {
            (#(#cfgs)*) #name, #state, #scalar, #inputs, #outputs
        }
    }
}

/// How types are written.
struct Types<'a> {
    scalar: &'a Ident,
    krate: &'a TokenStream,
}

impl Types<'_> {
    fn vector(&self, shape: &Shape) -> TokenStream {
        let (scalar, krate) = (self.scalar, self.krate);
        let scalar = quote_spanned!(Span::mixed_site()=> #krate::__private::#scalar);
        shape.ty(&scalar, krate)
    }

    /// Whether a stage gains where several values go through it at once.
    fn pays(&self, stage: &Stage) -> TokenStream {
        let (span, krate) = (Span::mixed_site(), self.krate);
        let (ty, x) = (&stage.ty, self.vector(&stage.input));
        match &stage.fits {
            Fits::Yes => quote_spanned!(span=> <#ty as #krate::Recurrent<#x>>::TOGETHER),
            Fits::Const(fits) => quote_spanned! {span=>
                <#krate::__private::Stage<{ #fits }> as #krate::__private::StateOf<#ty, #x>>::TOGETHER
            },
        }
    }

    /// What a stage remembers; `None` where that is known to be nothing.
    fn state(&self, stage: &Stage) -> Option<TokenStream> {
        let (span, krate) = (Span::mixed_site(), self.krate);
        if !stage.remembers && stage.block.is_none() && stage.is_layer.is_none() {
            return None;
        }
        let (ty, x) = (&stage.ty, self.vector(&stage.input));
        let one = match &stage.fits {
            Fits::Yes => quote_spanned!(span=> <#ty as #krate::Recurrent<#x>>::State),
            Fits::Const(fits) => quote_spanned! {span=>
                <#krate::__private::Stage<{ #fits }> as #krate::__private::StateOf<#ty, #x>>::State
            },
        };
        Some(match stage.copies.as_ref().map(Dim::argument) {
            Some(copies) => quote_spanned!(span=> [#one; #copies]),
            None => one,
        })
    }
}

/// The struct, and what every state has, field by field.
fn state_struct(
    network: &Network,
    state: &Ident,
    Declaration { cfgs, .. }: &Declaration,
    types: &Types<'_>,
) -> TokenStream {
    let span = Span::mixed_site();
    let private = {
        let krate = types.krate;
        quote_spanned!(span=> #krate::__private)
    };
    let (name, visibility) = (&network.name, &network.visibility);
    let doc = format!("What [`{}`] remembers of a stream.", name.unraw());
    let fields = || {
        let stages = network.stages.iter();
        stages.filter_map(|stage| Some((stage, types.state(stage)?)))
    };
    let (names, tys): (Vec<_>, Vec<_>) = fields().map(|(stage, ty)| (&stage.field, ty)).unzip();
    let defaults = fields().map(|(stage, _)| match stage.copies {
        Some(_) => quote_spanned! {span=>
            #private::array::from_fn(|_| #private::Default::default())
        },
        None => quote_spanned!(span=> #private::Default::default()),
    });
    quote_spanned! {span=>
        #[doc = #doc]
        #(#cfgs)*
        #visibility struct #state {
            #(#names: #tys),*
        }

        #(#cfgs)*
        impl #private::Clone for #state {
            fn clone(&self) -> Self {
                Self { #(#names: #private::Clone::clone(&self.#names)),* }
            }
        }

        #(#cfgs)*
        impl #private::Default for #state {
            fn default() -> Self {
                Self { #(#names: #defaults),* }
            }
        }

        #(#cfgs)*
        impl #private::stream::Start for #state
        where
            #(for<'__t> #tys: #private::stream::Start),*
        {
            const START: Self = Self { #(#names: <#tys as #private::stream::Start>::START),* };
        }
    }
}

/// The output for `x`, a reference.
fn step(network: &Network, types: &Types<'_>) -> TokenStream {
    let (span, krate) = (Span::mixed_site(), types.krate);
    let private = quote_spanned!(span=> #krate::__private);
    let (x, y) = (types.vector(&network.input), types.vector(&network.output));
    match &network.join {
        Join::Chain => chain(network, types, Way::Step),
        Join::Residual(fits) => {
            let chain = chain(network, types, Way::Step);
            let fits = fits.tokens();
            let zip = quote_spanned!(span=> #private::kernels::Zip::Add);
            let left = types.vector(network.leaves());
            quote_spanned! {span=>
                let entered = x;
                let left = { #chain };
                #private::Stage::<{ #fits }>::zip::<#x, #left>(
                    #zip, #private::Clone::clone(entered), &left,
                )
            }
        }
        Join::Branches("Concat", _) => {
            let parts = network.stages.iter().map(|stage| {
                let part = self::stage(stage, types, Way::Step);
                quote_spanned!(span=> let at = #private::stream::put(&mut y, at, &#part);)
            });
            quote_spanned! {span=>
                let mut y = <#y as #krate::Value>::zeros();
                let at = 0;
                #(#parts)*
                let _ = at;
                y
            }
        }
        Join::Branches(name, fits) => {
            let (name, fits) = (Ident::new(name, span), fits.tokens());
            let mut branches = network.stages.iter();
            let first = branches
                .next()
                .map(|stage| self::stage(stage, types, Way::Step));
            let rest = branches.map(|stage| {
                let branch = self::stage(stage, types, Way::Step);
                let other = types.vector(&stage.output);
                quote_spanned! {span=>
                    let y = #private::Stage::<{ #fits }>::zip::<#y, #other>(
                        #private::kernels::Zip::#name, y, &#branch,
                    );
                }
            });
            quote_spanned! {span=>
                let y = #first;
                #(#rest)*
                y
            }
        }
    }
}

/// How many values go through a chain.
#[derive(Clone, Copy)]
enum Way {
    Step,
    /// Several of one stream.
    Stretch,
    /// One of each of several streams.
    Abreast,
}

/// The same for several values, where the stages of a chain gain by it.
fn many(network: &Network, types: &Types<'_>) -> TokenStream {
    let (span, krate) = (Span::mixed_site(), types.krate);
    let is_plain = matches!(network.join, Join::Chain)
        && !network.stages.is_empty()
        && network.stages.iter().all(|stage| stage.copies.is_none());
    if !is_plain {
        return TokenStream::new();
    }
    let private = quote_spanned!(span=> #krate::__private);
    let (x, y) = (types.vector(&network.input), types.vector(&network.output));
    let values: Vec<_> = network
        .stages
        .iter()
        .map(|stage| types.vector(&stage.output))
        .collect();
    let pays = network.stages.iter().map(|stage| types.pays(stage));
    let [stretch, abreast] = [Way::Stretch, Way::Abreast].map(|way| chain(network, types, way));
    let together = quote_spanned!(span=> <Self as #krate::Recurrent<#x>>::TOGETHER);
    quote_spanned! {span=>
        const TOGETHER: [#private::bool; 2] =
            #private::stream::together(&[#(<#values as #krate::Value>::LEN),*], &[#(#pays),*]);

        #[inline]
        fn stretch<const __N: usize>(&self, state: &mut Self::State, x: &[#x; __N]) -> [#y; __N] {
            if !#together[0] {
                return #private::stream::one_by_one(self, state, x);
            }
            #stretch
        }

        #[inline]
        fn abreast<const __N: usize>(
            &self,
            mut states: [&mut Self::State; __N],
            x: &[#x; __N],
        ) -> [#y; __N] {
            if !#together[1] {
                return #private::stream::one_after_another(self, states, x);
            }
            #abreast
        }
    }
}

/// One stage after another.
fn chain(network: &Network, types: &Types<'_>, way: Way) -> TokenStream {
    let (span, krate) = (Span::mixed_site(), types.krate);
    let mut steps = Vec::new();
    let mut stages = network.stages.iter().peekable();
    while let Some(stage) = stages.next() {
        // An activation works on what its layer still holds in registers.
        let activation = stages.next_if(|next| {
            matches!(way, Way::Step)
                && [stage, next]
                    .iter()
                    .all(|stage| stage.is_plain() && matches!(stage.fits, Fits::Yes))
                && types.state(stage).is_some()
                && layers::is_activation(&next.layer)
        });
        steps.push(match activation {
            Some(Stage { field: next, .. }) => {
                let (field, x, y) = (&stage.field, types.vector(&stage.input), types.vector(&stage.output));
                quote_spanned! {span=>
                    #krate::Layer::<#y>::step_after::<#x, _>(&self.#next, &self.#field, &mut state.#field, x)
                }
            }
            None => self::stage(stage, types, way),
        });
    }
    let last = steps.pop().unwrap_or_else(|| {
        let (x, y) = (types.vector(&network.input), types.vector(&network.output));
        quote_spanned! {span=>
            #krate::__private::Stage::<false>::step::<#x, #y, _, _>(self, state, x)
        }
    });
    quote_spanned! {span=>
        #(let x = &#steps;)*
        #last
    }
}

/// What a stage makes of `x`, a reference.
fn stage(stage: &Stage, types: &Types<'_>, way: Way) -> TokenStream {
    let (span, krate) = (Span::mixed_site(), types.krate);
    let field = &stage.field;
    let (x, y) = (types.vector(&stage.input), types.vector(&stage.output));
    let has_state = types.state(stage).is_some();
    let memory = match (way, has_state) {
        (Way::Step | Way::Stretch, true) => quote_spanned!(span=> &mut state.#field),
        (Way::Step | Way::Stretch, false) => quote_spanned!(span=> &mut ()),
        (Way::Abreast, true) => quote_spanned! {span=>
            states.each_mut().map(|state| &mut state.#field)
        },
        (Way::Abreast, false) => quote_spanned!(span=> [(); __N].each_mut()),
    };
    let (name, many) = match way {
        Way::Step if stage.copies.is_some() => ("repeat", None),
        Way::Step => ("step", None),
        Way::Stretch => ("stretch", Some(quote_spanned!(span=> , __N))),
        Way::Abreast => ("abreast", Some(quote_spanned!(span=> , __N))),
    };
    let name = Ident::new(name, span);
    match (&stage.fits, &stage.copies, way) {
        (Fits::Yes, None, Way::Step) if !has_state => {
            quote_spanned!(span=> #krate::Layer::<#x>::forward(&self.#field, x))
        }
        (Fits::Yes, None, _) if !has_state => quote_spanned! {span=>
            #krate::__private::stream::forward::<#x, _, __N>(&self.#field, x)
        },
        (Fits::Yes, None, _) => quote_spanned! {span=>
            #krate::Recurrent::<#x>::#name(&self.#field, #memory, x)
        },
        (fits, ..) => {
            let fits = fits.tokens();
            quote_spanned! {span=>
                #krate::__private::Stage::<{ #fits }>::#name::<#x, #y, _, _ #many>(
                    &self.#field, #memory, x,
                )
            }
        }
    }
}

impl Fits {
    /// The constant that says it.
    fn tokens(&self) -> TokenStream {
        match self {
            Self::Yes => quote_spanned!(Span::mixed_site()=> true),
            Self::Const(fits) => fits.to_token_stream(),
        }
    }
}
