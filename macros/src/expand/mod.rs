//! From what a declaration means to Rust. Nothing here can fail.

pub(crate) mod checks;
mod constants;
mod diagram;
mod docs;
mod network;
pub(crate) mod parameters;
mod stream;
mod training;
mod weights;

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::quote_spanned;

use crate::{
    ast, check, cycles,
    errors::Errors,
    ir::{Budget, Claim, Declaration, Network},
    lower, parse,
};

/// Expands one `network!`: the path of the runtime crate, `;`, and what the user wrote.
pub(crate) fn network(tokens: TokenStream) -> TokenStream {
    let (target, tokens) = split_target(tokens);
    let krate = &target.krate;
    let mut errors = Errors::default();
    let ast::Input {
        mut items,
        is_expression,
    } = parse::input(tokens, &mut errors);
    let is_whole = errors.is_empty();
    cycles::refuse(&mut items);
    let declared: Vec<String> = items.iter().map(|item| item.name.to_string()).collect();
    let mut declarations = Vec::new();
    let mut own_errors = TokenStream::new();
    for item in items {
        let mut errors = Errors::default();
        let mut declaration = lower::lower(item, &declared, &target, &mut errors);
        if is_expression {
            refuse_budgets(&mut declaration, &mut errors);
        }
        check::check(&mut declaration, &mut errors);
        if !is_whole {
            check::forget_budgets(&mut declaration);
        }
        if is_expression
            && let Some(weights) = declaration.weights.take()
            && let Some(file) = weights.file
        {
            let message = "a network without a name has no `pretrained()`\n\
                           help: write `struct Net = …;`, or `load` the weights";
            errors.error(file.path, message);
        }
        own_errors.extend(errors.into_tokens(&declaration.cfgs));
        declarations.push(declaration);
    }
    cycles::refuse_twice(&mut declarations, &mut errors);
    let errors = errors.into_tokens(&[]);
    let items = declarations
        .iter()
        .map(|declaration| self::declaration(declaration, krate));
    let items = quote_spanned!(Span::mixed_site()=> #errors #own_errors #(#items)*);
    match &declarations[..] {
        [unnamed] if is_expression => {
            let name = &unnamed.network.name;
            quote_spanned!(Span::mixed_site()=> { #items #name::new() })
        }
        _ => items,
    }
}

/// In front of a chain alone, only the scalar can be set.
fn refuse_budgets(declaration: &mut Declaration, errors: &mut Errors) {
    declaration.checks.retain(|check| {
        let Claim::Budget(Budget { setting, .. }) = &check.claim else {
            return true;
        };
        let message = format!(
            "a network without a name has no `{setting}`\nhelp: write `struct Net = …;`, with the \
             setting before it"
        );
        errors.error(&check.at, message);
        false
    });
}

/// What the runtime crate says of itself.
pub(crate) struct Target {
    /// The path to it.
    pub(crate) krate: TokenStream,
    /// Whether it is compiled for a machine that keeps the high bytes of numbers first.
    pub(crate) is_big_endian: bool,
}

/// The tokens before the first `;`, and those behind it.
fn split_target(tokens: TokenStream) -> (Target, TokenStream) {
    let mut tokens = tokens.into_iter();
    let mut krate: Vec<TokenTree> = tokens
        .by_ref()
        .take_while(|token| !matches!(token, TokenTree::Punct(punct) if punct.as_char() == ';'))
        .collect();
    let is_big = |token: &mut TokenTree| matches!(token, TokenTree::Ident(word) if word == "big");
    let target = Target {
        is_big_endian: krate.pop_if(is_big).is_some(),
        krate: krate.into_iter().collect(),
    };
    (target, tokens.collect())
}

fn declaration(declaration: &Declaration, krate: &TokenStream) -> TokenStream {
    let constants = constants::expand(declaration, krate);
    let networks = networks(&declaration.network, declaration, krate);
    let cfgs = &declaration.cfgs;
    let checks = declaration.checks.iter().map(|check| {
        let check = checks::expand(check, &declaration.network.name, krate);
        quote_spanned!(Span::mixed_site()=> #(#cfgs)* #check)
    });
    let weights = declaration
        .weights
        .as_ref()
        .map(|weights| weights::expand(weights, declaration, krate));
    quote_spanned!(Span::mixed_site()=> #networks #constants #(#checks)* #weights)
}

/// A network and the blocks inside it.
fn networks(network: &Network, declaration: &Declaration, krate: &TokenStream) -> TokenStream {
    let mut tokens = network::expand(network, declaration, krate);
    for block in &network.blocks {
        tokens.extend(networks(block, declaration, krate));
    }
    tokens
}
