//! From what a declaration means to Rust. Nothing here can fail.

pub(crate) mod checks;
mod constants;
mod docs;
mod network;
pub(crate) mod parameters;

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::quote_spanned;

use crate::{
    ast, check, cycles,
    errors::Errors,
    ir::{Declaration, Network},
    lower, parse,
};

/// Expands one `network!`: the path of the runtime crate, `;`, and what the user wrote.
pub(crate) fn network(tokens: TokenStream) -> TokenStream {
    let (krate, tokens) = split_crate(tokens);
    let mut errors = Errors::default();
    let ast::Input {
        mut items,
        is_expression,
    } = parse::input(tokens, &mut errors);
    cycles::refuse(&mut items);
    let declared: Vec<String> = items.iter().map(|item| item.name.to_string()).collect();
    let mut declarations = Vec::new();
    let mut own_errors = TokenStream::new();
    for item in items {
        let mut errors = Errors::default();
        let mut declaration = lower::lower(item, &declared, &krate, &mut errors);
        check::check(&mut declaration, &mut errors);
        own_errors.extend(errors.into_tokens(&declaration.cfgs));
        declarations.push(declaration);
    }
    cycles::refuse_twice(&mut declarations, &mut errors);
    let errors = errors.into_tokens(&[]);
    let items = declarations
        .iter()
        .map(|declaration| self::declaration(declaration, &krate));
    let items = quote_spanned!(Span::mixed_site()=> #errors #own_errors #(#items)*);
    match &declarations[..] {
        [unnamed] if is_expression => {
            let name = &unnamed.network.name;
            quote_spanned!(Span::mixed_site()=> { #items #name::new() })
        }
        _ => items,
    }
}

/// The tokens before the first `;`, and those behind it.
fn split_crate(tokens: TokenStream) -> (TokenStream, TokenStream) {
    let mut tokens = tokens.into_iter();
    let krate = tokens
        .by_ref()
        .take_while(|token| !matches!(token, TokenTree::Punct(punct) if punct.as_char() == ';'))
        .collect();
    (krate, tokens.collect())
}

fn declaration(declaration: &Declaration, krate: &TokenStream) -> TokenStream {
    let constants = constants::expand(declaration, krate);
    let networks = networks(&declaration.network, declaration, krate);
    let cfgs = &declaration.cfgs;
    let checks = declaration.checks.iter().map(|check| {
        let check = checks::expand(check, krate);
        quote_spanned!(Span::mixed_site()=> #(#cfgs)* #check)
    });
    quote_spanned!(Span::mixed_site()=> #networks #constants #(#checks)*)
}

/// A network and the blocks inside it.
fn networks(network: &Network, declaration: &Declaration, krate: &TokenStream) -> TokenStream {
    let mut tokens = network::expand(network, declaration, krate);
    for block in &network.blocks {
        tokens.extend(networks(block, declaration, krate));
    }
    tokens
}
