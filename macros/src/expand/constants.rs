//! The hidden constants: the sizes that the compiler knows and the macro doesn't.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::Ident;

use super::checks;
use crate::ir::{Constant, Declaration, Probe, Producer, Slide, Value};

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
    let (_, ty) = value.kind();
    let ty = Ident::new(ty, span);
    let value = match value {
        Value::Size(written) => quote_spanned!(span=> #private::Size::<#written>::V),
        Value::First { layer, written } => {
            let arguments = quote_spanned!(span=> #private::first!(#layer), #written);
            checks::call("first", layer, &arguments, krate)
        }
        Value::Outputs {
            probe,
            written,
            producer,
        } => {
            let Probe {
                layer,
                scalar,
                input,
                streams,
            } = probe;
            let reached = if *streams { "streamed" } else { "reached" };
            let reached = Ident::new(reached, span);
            let input = input.ty(scalar, krate);
            let from = producer.as_ref().map_or_else(String::new, Producer::phrase);
            let write = checks::write(producer.as_ref());
            let arguments = quote_spanned! {span=>
                #private::#reached!(#layer, #input),
                #written,
                #from,
                #write,
            };
            match producer {
                Some(from) => {
                    checks::call_by_way_of(from, "outputs", "Shape", layer, &arguments, krate)
                }
                None => checks::call("outputs", layer, &arguments, krate),
            }
        }
        Value::Repeats {
            gets,
            takes,
            gives,
            block,
            producer,
        } => {
            let (written, write) = (&producer.written, checks::write(Some(producer)));
            let [gets, takes, gives] = [gets, takes, gives].map(|shape| shape.value(krate));
            let arguments =
                quote_spanned!(span=> #gets, [#takes, #gives], #block, #written, #write);
            checks::call("repeats", &producer.at, &arguments, krate)
        }
        Value::Half {
            size,
            at,
            written,
            producer,
        } => {
            let (from, write) = (producer.phrase(), checks::write(Some(producer)));
            let arguments = quote_spanned!(span=> #size, #written, #from, #write);
            checks::call_by_way_of(producer, "half", "usize", at, &arguments, krate)
        }
        Value::Takes {
            shape,
            takes,
            siblings,
            at,
            layer,
            producer,
        } => {
            let (shape, bits, from) = (shape.value(krate), takes.0, producer.phrase());
            let words = takes.words();
            let arguments =
                quote_spanned!(span=> #shape, #bits, #words, [#(#siblings),*], #layer, #from);
            checks::call_by_way_of(producer, "places::takes", "Shape", at, &arguments, krate)
        }
        Value::Slides {
            slide,
            at,
            layer,
            producer,
        } => {
            let arguments = slid(slide, layer, producer, krate);
            checks::call_by_way_of(producer, "places::slides", "usize", at, &arguments, krate)
        }
        Value::Number(value) | Value::Of(value) => value.clone(),
        Value::Sum(sizes) => quote_spanned!(span=> 0 #(+ #sizes)*),
        Value::Equal([a, b, c]) => {
            let [a, b, c] = [a, b, c].map(|shape| shape.value(krate));
            quote_spanned!(span=> #a.is(&#b) && #b.is(&#c))
        }
    };
    quote_spanned!(span=> const #name: #private::#ty = #value;)
}

/// What the runtime is asked about a window that slides.
fn slid(slide: &Slide, layer: &str, producer: &Producer, krate: &TokenStream) -> TokenStream {
    let span = Span::mixed_site();
    let Slide {
        shape,
        along,
        kernel,
        stride,
        padding,
        dilation,
        ceil_mode,
        adapts,
        behind,
    } = slide;
    let (mut shape, from) = (shape.value(krate), producer.phrase());
    if let Some(behind) = behind {
        shape = quote_spanned!(span=> { let _ = #behind; #shape });
    }
    quote_spanned! {span=>
        #shape, #along, [#kernel, #stride, #padding, #dilation], [#ceil_mode, #adapts], #layer, #from
    }
}
