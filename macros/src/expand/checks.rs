//! The checks that are left to the compiler: a call in a constant, which panics with our words at
//! the user's tokens.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};

use crate::{
    ir::{Check, Claim, Producer},
    text::text,
};

pub(crate) fn expand(Check { at, claim }: &Check, krate: &TokenStream) -> TokenStream {
    let span = Span::mixed_site();
    let (function, arguments, producer) = match claim {
        Claim::Size { size, written } => ("size", quote_spanned!(span=> #size, #written), None),
        Claim::Inputs {
            takes,
            gets,
            layer,
            producer,
            write: [before, after],
        } => {
            let written = &producer.written;
            let arguments =
                quote_spanned!(span=> #takes, #gets, #layer, #written, [#before, #after]);
            ("inputs", arguments, Some(producer))
        }
        Claim::Repeats {
            takes,
            gives,
            block,
            producer,
        } => {
            let (written, write) = (&producer.written, write(Some(producer)));
            let arguments = quote_spanned!(span=> #takes, #gives, #block, #written, #write);
            ("repeats", arguments, Some(producer))
        }
        Claim::Fits {
            stage,
            layer,
            producer,
        } => {
            let producer = producer.as_ref();
            let written = producer.map_or("", |producer| &producer.written);
            let write = write(producer);
            let arguments = quote_spanned!(span=> #stage, #layer, #written, #write);
            ("fits", arguments, producer)
        }
    };
    let function = Ident::new(function, span);
    let path = quote_spanned!(span=> #krate::__private::check::#function);
    let call = match producer {
        Some(producer) if !matches!(claim, Claim::Repeats { .. }) => {
            // Called by way of a function that stands at the producer, to which the compiler adds
            // a note.
            let inner = spanned(&path, &TokenStream::new(), &arguments, &producer.at);
            let (start, end) = ends(at);
            let name = Ident::new("what_reaches_it", start);
            let mut list = Group::new(Delimiter::Parenthesis, TokenStream::new());
            list.set_span(end);
            quote_spanned!(span=> { const fn #name() #inner #name #list })
        }
        _ => spanned(&path, &TokenStream::new(), &arguments, at),
    };
    let condition = producer.and_then(|producer| producer.fits.as_ref());
    let call = match condition {
        Some(fits) => quote_spanned!(span=> if #fits #call),
        None => call,
    };
    quote_spanned!(span=> const _: () = #call;)
}

/// The value of a field whose type may not be a layer, which is then reported.
pub(crate) fn zeros(
    ty: &TokenStream,
    is_layer: &TokenStream,
    what: &str,
    krate: &TokenStream,
) -> TokenStream {
    let span = Span::mixed_site();
    let path = quote_spanned!(span=> #krate::__private::Own);
    let written = text(ty);
    let method = quote_spanned!(span=> ::<{ #is_layer }>::zeros);
    spanned(&path, &method, &quote_spanned!(span=> #written, #what), ty)
}

/// A call of `path` and `rest` that begins and ends at the user's tokens, so that this is where the
/// compiler shows its panic, and nowhere else.
fn spanned(
    path: &TokenStream,
    rest: &TokenStream,
    arguments: &TokenStream,
    at: impl ToTokens,
) -> TokenStream {
    let (start, end) = ends(at);
    let check = Ident::new("__Check", start);
    let mut list = Group::new(Delimiter::Parenthesis, arguments.clone());
    list.set_span(end);
    quote_spanned!(Span::mixed_site()=> { use #path as #check; #check #rest #list })
}

/// The two halves around a producer's outputs; empty where it has none to change.
fn write(producer: Option<&Producer>) -> TokenStream {
    let [before, after] = match producer.and_then(|producer| producer.write.as_ref()) {
        Some([before, after]) => [before.as_str(), after.as_str()],
        None => ["", ""],
    };
    quote_spanned!(Span::mixed_site()=> [#before, #after])
}

fn ends(tokens: impl ToTokens) -> (Span, Span) {
    let mut tokens = tokens.to_token_stream().into_iter();
    let first = tokens
        .next()
        .map_or_else(Span::mixed_site, |token| token.span());
    let last = tokens.last().map_or(first, |token| token.span());
    (first, last)
}
