//! How a network is trained: what each stage keeps on the way there, and the way back.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote_spanned};
use syn::Ident;

use super::network::ty;
use crate::{
    ir::{Declaration, Dim, Fits, Join, Memory, Network, Shape, Stage},
    layers,
};

/// The implementation of `Trainable`. That of a declaration with a size that isn't known never runs: it
/// is in error already, and whoever trains it has nothing to add.
pub(crate) fn expand(
    network: &Network,
    declaration: &Declaration,
    krate: &TokenStream,
) -> TokenStream {
    if declaration.memory != Memory::None {
        return TokenStream::new();
    }
    let span = Span::mixed_site();
    let Declaration { scalar, cfgs, .. } = declaration;
    let name = &network.name;
    let of_scalar = quote_spanned!(span=> #krate::__private::#scalar);
    let ty_of = |shape: &Shape| shape.ty(&of_scalar, krate);
    let Way {
        bounds,
        kept,
        keep,
        back,
    } = match &network.join {
        _ if is_unknown(network) => in_error(krate),
        Join::Chain => Chain::new(network, &ty_of, krate).way(),
        Join::Residual(fits) => residual(network, fits, &ty_of, krate),
        Join::Branches(name, _) => branches(network, name, &ty_of, krate),
    };
    let (input, output) = (ty_of(&network.input), ty_of(&network.output));
    let private = quote_spanned!(span=> #krate::__private);
    quote_spanned! {span=>
        #(#cfgs)*
        impl #krate::Trainable<#input> for #name where #(#bounds),* {
            type Output = #output;
            type Kept<__F: #private::Record> = #kept;

            #[allow(clippy::inline_always)]
            #[inline(always)]
            fn keep<__F: #private::Record>(
                &self,
                flow: &mut __F,
                x: __F::Of<#input>,
            ) -> (__F::Of<Self::Output>, Self::Kept<__F>) {
                #keep
            }

            #[allow(clippy::inline_always)]
            #[inline(always)]
            fn back<__F: #private::Record, const __INPUT: #private::bool>(
                &self,
                gradient: &mut Self,
                flow: &mut __F,
                kept: Self::Kept<__F>,
                dy: __F::Slope<Self::Output>,
            ) -> __F::Slope<#input> {
                #back
            }
        }
    }
}

fn is_unknown(network: &Network) -> bool {
    let is_hole = |shape: &Shape| shape.hole().is_some();
    is_hole(&network.input)
        || is_hole(&network.output)
        || network.stages.is_empty()
        || network.stages.iter().any(|stage| {
            is_hole(&stage.input)
                || is_hole(&stage.output)
                || matches!(stage.copies, Some(Dim::Hole(_)))
        })
}

/// The trait of a stage, which `x` enters; that of somebody's own layer says its place.
fn trainable(stage: &Stage, place: usize, x: &TokenStream, krate: &TokenStream) -> TokenStream {
    if stage.is_layer.is_some() {
        let at = at(krate);
        quote_spanned!(Span::mixed_site()=> #at<#place, #x>)
    } else {
        quote_spanned!(Span::mixed_site()=> #krate::Trainable<#x>)
    }
}

fn at(krate: &TokenStream) -> TokenStream {
    quote_spanned!(Span::mixed_site()=> #krate::__private::backward::TrainableAt)
}

/// Of a network that doesn't compile.
fn in_error(krate: &TokenStream) -> Way {
    let stage = quote_spanned!(Span::mixed_site()=> #krate::__private::Stage::<false>);
    Way {
        bounds: Vec::new(),
        kept: quote_spanned!(Span::mixed_site()=> ()),
        keep: quote_spanned!(Span::mixed_site()=> #stage::never((flow, x))),
        back: quote_spanned!(Span::mixed_site()=> #stage::never((gradient, flow, kept, dy))),
    }
}

/// The parts of an implementation.
struct Way {
    bounds: Vec<TokenStream>,
    kept: TokenStream,
    keep: TokenStream,
    back: TokenStream,
}

/// One stage after another.
struct Chain {
    bounds: Vec<TokenStream>,
    kept: Vec<TokenStream>,
    names: Vec<Ident>,
    steps: Vec<TokenStream>,
    /// From the last stage to the first.
    back: Vec<TokenStream>,
}

impl Chain {
    fn new(network: &Network, ty_of: &impl Fn(&Shape) -> TokenStream, krate: &TokenStream) -> Self {
        let span = Span::mixed_site();
        let mut chain = Self {
            bounds: Vec::new(),
            kept: Vec::new(),
            names: Vec::new(),
            steps: Vec::new(),
            back: Vec::new(),
        };
        let mut stages = network.stages.iter().peekable();
        while let Some(stage) = stages.next() {
            let field = &stage.field;
            let (x, y) = (ty_of(&stage.input), ty_of(&stage.output));
            let kept = chain.stage(stage, ty_of, krate);
            // An activation works on what its layer still holds in registers.
            let activation = stages.next_if(|next| {
                stage.is_plain() && next.is_plain() && layers::is_activation(&next.layer)
            });
            let step = match activation {
                Some(next) => {
                    let (field, before) = (&next.field, field);
                    let next = chain.stage(next, ty_of, krate);
                    quote_spanned! {span=>
                        let (x, #kept, #next) = #krate::Trainable::<#y>::keep_after::<_, #x, _>(
                            &self.#field, flow, &self.#before, x,
                        );
                    }
                }
                None => {
                    let place = chain.names.len() - 1;
                    let (ty, trainable) = (self::ty(stage), trainable(stage, place, &x, krate));
                    quote_spanned! {span=>
                        let (x, #kept) = <#ty as #trainable>::keep(&self.#field, flow, x);
                    }
                }
            };
            chain.steps.push(step);
        }
        chain.back.reverse();
        chain
    }

    /// What a stage keeps, and its way back; the name of what it keeps comes back.
    fn stage(
        &mut self,
        stage: &Stage,
        ty_of: &impl Fn(&Shape) -> TokenStream,
        krate: &TokenStream,
    ) -> Ident {
        let span = Span::mixed_site();
        let (field, ty) = (&stage.field, ty(stage));
        let (x, y) = (ty_of(&stage.input), ty_of(&stage.output));
        let place = self.names.len();
        let trainable = trainable(stage, place, &x, krate);
        // Whatever may hold somebody's own layer, and what only the compiler knows to fit.
        if stage.is_layer.is_some() {
            let at = at(krate);
            self.bounds
                .push(quote_spanned!(span=> for<'__t> #ty: #at<#place, #x, Output = #y>));
        } else if stage.block.is_some() || !matches!(stage.fits, Fits::Yes) {
            let trainable = quote_spanned!(span=> #krate::Trainable<#x, Output = #y>);
            self.bounds
                .push(quote_spanned!(span=> for<'__t> #ty: #trainable));
        }
        let is_read = if self.names.is_empty() {
            quote_spanned!(span=> __INPUT)
        } else {
            quote_spanned!(span=> true)
        };
        let kept = format_ident!("kept{place}", span = span);
        self.back.push(quote_spanned! {span=>
            let dy = <#ty as #trainable>::back::<__F, #is_read>(
                &self.#field, &mut gradient.#field, flow, #kept, dy,
            );
        });
        self.kept
            .push(quote_spanned!(span=> <#ty as #trainable>::Kept<__F>));
        self.names.push(kept.clone());
        kept
    }

    fn way(self) -> Way {
        let Self {
            bounds,
            kept,
            names,
            steps,
            back,
        } = self;
        let span = Span::mixed_site();
        Way {
            bounds,
            kept: quote_spanned!(span=> (#(#kept,)*)),
            keep: quote_spanned!(span=> #(#steps)* (x, (#(#names,)*))),
            back: quote_spanned!(span=> let (#(#names,)*) = kept; #(#back)* dy),
        }
    }
}

fn residual(
    network: &Network,
    fits: &Fits,
    ty_of: &impl Fn(&Shape) -> TokenStream,
    krate: &TokenStream,
) -> Way {
    let span = Span::mixed_site();
    let (x, left) = (ty_of(&network.input), ty_of(network.leaves()));
    let private = quote_spanned!(span=> #krate::__private);
    let Way {
        bounds,
        kept,
        keep,
        back,
    } = Chain::new(network, ty_of, krate).way();
    let residual = quote_spanned!(span=> #private::combine::Residual);
    let (close, inside) = match fits {
        Fits::Yes => (
            quote_spanned!(span=> #residual::close::<#x, _>),
            TokenStream::new(),
        ),
        Fits::Const(fits) => (
            quote_spanned!(span=> #private::Stage::<{ #fits }>::close::<#x, #left, _>),
            quote_spanned! {span=>
                let dy = #private::Stage::<{ #fits }>::inside::<#x, #left, __F>(dy);
            },
        ),
    };
    Way {
        bounds,
        kept,
        keep: quote_spanned! {span=>
            let entered = #residual::open::<#x, _>(flow, &x);
            let (left, kept) = { #keep };
            (#close(flow, left, entered), kept)
        },
        back: quote_spanned! {span=>
            let past = #residual::open_back::<#x, _>(flow, &dy);
            #inside
            let dx = { #back };
            #residual::close_back::<#x, _, __INPUT>(flow, dx, past)
        },
    }
}

fn branches(
    network: &Network,
    name: &str,
    ty_of: &impl Fn(&Shape) -> TokenStream,
    krate: &TokenStream,
) -> Way {
    let span = Span::mixed_site();
    let (x, y) = (ty_of(&network.input), ty_of(&network.output));
    let private = quote_spanned!(span=> #krate::__private);
    let name = Ident::new(name, span);
    // Lists of types, of references to the branches, and of those to their gradients.
    let list = |item: &dyn Fn(&Stage) -> TokenStream| {
        network
            .stages
            .iter()
            .rev()
            .fold(quote_spanned!(span=> ()), |rest, stage| {
                let item = item(stage);
                quote_spanned!(span=> (#item, #rest))
            })
    };
    let types = list(&ty);
    let branches = list(&|Stage { field, .. }| quote_spanned!(span=> &self.#field));
    let gradients = list(&|Stage { field, .. }| quote_spanned!(span=> &mut gradient.#field));
    let combinator = quote_spanned!(span=> #private::combine::#name);
    let trait_ = quote_spanned!(span=> #private::combine::CombineBack<#x, #y, #types>);
    let as_trait = quote_spanned!(span=> <#combinator as #trait_>);
    Way {
        bounds: vec![quote_spanned!(span=> for<'__t> #combinator: #trait_)],
        kept: quote_spanned!(span=> #as_trait::Kept<__F>),
        keep: quote_spanned!(span=> #as_trait::keep(flow, x, #branches)),
        back: quote_spanned! {span=>
            #as_trait::back::<__F, __INPUT>(flow, #branches, #gradients, kept, dy)
        },
    }
}
