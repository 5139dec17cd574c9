//! The checks that are left to the compiler: calls in constants, which panic with our words at the
//! user's tokens.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::ext::IdentExt;

use crate::ir::{Budget, Check, Claim, Producer};

pub(crate) fn expand(
    Check { at, claim }: &Check,
    network: &Ident,
    krate: &TokenStream,
) -> TokenStream {
    let span = Span::mixed_site();
    let check = match claim {
        Claim::Asked {
            function,
            arguments,
        } => call(function, at, arguments, krate),
        Claim::Inputs {
            takes,
            gets,
            unit,
            layer,
            producer,
            write: [before, after],
        } => {
            let (written, function) = (producer.phrase(), format!("{unit}s"));
            let arguments =
                quote_spanned!(span=> #takes, #gets, #layer, #written, [#before, #after]);
            call_by_way_of(producer, &function, "Unit", at, &arguments, krate)
        }
        Claim::Shapes {
            takes,
            gets,
            layer,
            producer,
        } => {
            let (takes, gets) = (takes.value(krate), gets.value(krate));
            let written = producer.phrase();
            let arguments = quote_spanned!(span=> #takes, #gets, #layer, #written);
            call_by_way_of(producer, "places::shapes", "Unit", at, &arguments, krate)
        }
        Claim::Count {
            count,
            gets,
            layer,
            name,
            producer,
        } => {
            let written = producer.phrase();
            let arguments = quote_spanned!(span=> #count, #gets, #layer, #name, #written);
            call_by_way_of(producer, "count_of", "Unit", at, &arguments, krate)
        }
        Claim::Alike {
            first,
            gives,
            name,
            by,
            producer,
        } => {
            let (first, gives) = (first.value(krate), gives.value(krate));
            let (written, write) = (&producer.written, write(Some(producer)));
            let arguments = quote_spanned!(span=> #first, #gives, #name, [#by, #written], #write);
            call("branches::alike", at, &arguments, krate)
        }
        Claim::Residual {
            enters,
            leaves,
            producer,
        } => {
            let (enters, leaves) = (enters.value(krate), leaves.value(krate));
            let (written, write) = (&producer.written, write(Some(producer)));
            let arguments = quote_spanned!(span=> #enters, #leaves, #written, #write);
            call("branches::residual", at, &arguments, krate)
        }
        Claim::Groups { of, groups, layer } => {
            let of = of
                .iter()
                .map(|(size, what)| quote_spanned!(span=> (#size, #what)));
            let arguments = quote_spanned!(span=> &[#(#of),*], #groups, #layer);
            call("groups", at, &arguments, krate)
        }
        Claim::Padding { windows, layer } => {
            let windows = windows
                .iter()
                .map(|[kernel, padding]| quote_spanned!(span=> [#kernel, #padding]));
            let arguments = quote_spanned!(span=> &[#(#windows),*], #layer);
            call("places::padding", at, &arguments, krate)
        }
        Claim::Budget(Budget { setting, limit }) => {
            let title = network.unraw().to_string();
            let arguments = quote_spanned! {span=>
                #limit, #title, &<#network as #krate::Parameters>::LAYOUT, #network::BYTES
            };
            call(&format!("budget::{setting}"), at, &arguments, krate)
        }
    };
    quote_spanned!(span=> const _: () = #check;)
}

/// A call of a function of the runtime's `check`, such as `size` or `weights::stage`. It begins and
/// ends at the user's tokens, so that this is where the compiler shows its panic, and nowhere else.
pub(crate) fn call(
    function: &str,
    at: impl ToTokens,
    arguments: &TokenStream,
    krate: &TokenStream,
) -> TokenStream {
    let (start, end) = ends(at);
    let function = function
        .split("::")
        .map(|part| Ident::new(part, Span::mixed_site()));
    let check = Ident::new("__check", start);
    let mut list = Group::new(Delimiter::Parenthesis, arguments.clone());
    list.set_span(end);
    quote_spanned! {Span::mixed_site()=> {
        use #krate::__private::check::#(#function)::* as #check;
        #check #list
    }}
}

/// The same, by way of a function that stands at the producer, to which the compiler adds a note.
pub(crate) fn call_by_way_of(
    producer: &Producer,
    function: &str,
    returns: &str,
    at: impl ToTokens,
    arguments: &TokenStream,
    krate: &TokenStream,
) -> TokenStream {
    let (start, end) = ends(at);
    let inner = call(function, &producer.at, arguments, krate);
    let returns = Ident::new(returns, Span::mixed_site());
    let name = Ident::new("what_reaches_it", start);
    let mut list = Group::new(Delimiter::Parenthesis, TokenStream::new());
    list.set_span(end);
    quote_spanned! {Span::mixed_site()=> {
        const fn #name() -> #krate::__private::#returns #inner
        #name #list
    }}
}

/// The two halves around a producer's outputs; empty where it has none to change.
pub(crate) fn write(producer: Option<&Producer>) -> TokenStream {
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
