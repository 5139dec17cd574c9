//! Networks that begin with `Stream`: what they remember, and a step of them.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{Ident, ext::IdentExt};

use crate::{
    ir::{Declaration, Dim, Fits, Join, Memory, Network, Shape, Stage},
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
    let (inputs, outputs) = (network.input.len(krate), network.output.len(krate));
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
        Join::Chain => chain(network, types),
        Join::Residual(fits) => {
            let chain = chain(network, types);
            let fits = fits.tokens();
            let zip = quote_spanned!(span=> #private::kernels::Zip::Add);
            quote_spanned! {span=>
                let entered = x;
                let left = { #chain };
                #private::Stage::<{ #fits }>::zip::<#y, #x>(#zip, left, entered)
            }
        }
        Join::Branches("Concat", _) => {
            let parts = network.stages.iter().map(|stage| {
                let part = self::stage(stage, types);
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
            let first = branches.next().map(|stage| self::stage(stage, types));
            let rest = branches.map(|stage| {
                let (branch, other) = (self::stage(stage, types), types.vector(&stage.output));
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

/// One stage after another.
fn chain(network: &Network, types: &Types<'_>) -> TokenStream {
    let (span, krate) = (Span::mixed_site(), types.krate);
    let mut steps: Vec<TokenStream> = network
        .stages
        .iter()
        .map(|stage| self::stage(stage, types))
        .collect();
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
fn stage(stage: &Stage, types: &Types<'_>) -> TokenStream {
    let (span, krate) = (Span::mixed_site(), types.krate);
    let field = &stage.field;
    let (x, y) = (types.vector(&stage.input), types.vector(&stage.output));
    let has_state = types.state(stage).is_some();
    match (&stage.fits, &stage.copies) {
        (Fits::Yes, None) if !has_state => {
            quote_spanned!(span=> #krate::Layer::<#x>::forward(&self.#field, x))
        }
        (Fits::Yes, None) => quote_spanned! {span=>
            #krate::Recurrent::<#x>::step(&self.#field, &mut state.#field, x)
        },
        (fits, copies) => {
            let fits = fits.tokens();
            let step = match copies {
                Some(_) => quote_spanned!(span=> repeat),
                None => quote_spanned!(span=> step),
            };
            let memory = if has_state {
                quote_spanned!(span=> &mut state.#field)
            } else {
                quote_spanned!(span=> &mut ())
            };
            quote_spanned! {span=>
                #krate::__private::Stage::<{ #fits }>::#step::<#x, #y, _, _>(
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
