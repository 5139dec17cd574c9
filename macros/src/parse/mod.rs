//! From tokens to [`ast::Input`](crate::ast::Input).

mod chain;

use proc_macro2::{Delimiter, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    Attribute, Ident, Result, Token, Visibility,
    buffer::Cursor,
    ext::IdentExt,
    parse::{ParseStream, Parser},
    parse_quote,
};

use crate::{
    ast::{Chain, Input, Item},
    errors::Errors,
};
use chain::{Chains, starts_path};

/// Reads what it can: an item in error does not hide those after it.
pub(crate) fn input(tokens: TokenStream, errors: &mut Errors) -> Input {
    if tokens.is_empty() {
        errors.push(syn::Error::new(
            Span::call_site(),
            "a chain is missing\nhelp: write `network!(Linear(10, 5) -> ReLU -> Linear(_, 1))` for a value, or \
             `network! { struct Net = Linear(10, 5) -> ReLU -> Linear(_, 1); }` for a type",
        ));
    }
    if !tokens.is_empty() && !are_items(&tokens) {
        return Input {
            items: vec![expression(tokens, errors)],
            is_expression: true,
        };
    }
    let mut items = Vec::new();
    for tokens in split_items(tokens) {
        let header = header.parse2(tokens.clone());
        let header = header.or_else(|error| {
            errors.push(error);
            recover(tokens).ok_or(())
        });
        if let Ok(header) = header {
            items.push(Item {
                chain: definition(&header.name, header.rest, errors),
                attributes: header.attributes,
                visibility: header.visibility,
                name: header.name,
            });
        }
    }
    Input {
        items,
        is_expression: false,
    }
}

/// Whether these are items or a chain alone, which has no `;` and begins like a layer.
fn are_items(tokens: &TokenStream) -> bool {
    let has_end = tokens.clone().into_iter().any(|token| is_semicolon(&token));
    let starts_item = |input: ParseStream<'_>| {
        Attribute::parse_outer(input)?;
        let is_keyword = input.peek(Ident::peek_any) && !starts_path(input);
        let is_definition = input.peek(Ident) && input.peek2(Token![=]);
        input.parse::<TokenStream>()?;
        Ok(is_keyword || is_definition)
    };
    has_end || starts_item.parse2(tokens.clone()).unwrap_or(true)
}

fn is_semicolon(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == ';')
}

/// Cuts behind each `;`, so that each item is parsed by itself, and where the `;` is missing, before
/// what belongs to the next `struct`.
fn split_items(tokens: TokenStream) -> Vec<TokenStream> {
    let mut items = Vec::new();
    let mut item: Vec<TokenTree> = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let is_struct = matches!(&token, TokenTree::Ident(word) if word == "struct")
            && matches!(tokens.peek(), Some(TokenTree::Ident(_)));
        let is_defined = item
            .iter()
            .any(|token| matches!(token, TokenTree::Punct(p) if p.as_char() == '='));
        if is_struct && is_defined {
            let belongs = item.iter().rev().take_while(|token| match token {
                TokenTree::Ident(word) => word == "pub",
                TokenTree::Punct(punct) => punct.as_char() == '#',
                TokenTree::Group(group) => group.delimiter() == Delimiter::Bracket,
                TokenTree::Literal(_) => false,
            });
            let next = item.split_off(item.len() - belongs.count());
            items.push(std::mem::replace(&mut item, next));
        }
        let ends = is_semicolon(&token);
        item.push(token);
        if ends {
            items.push(std::mem::take(&mut item));
        }
    }
    items.push(item);
    items.retain(|item| !item.is_empty());
    items
        .into_iter()
        .map(|item| item.into_iter().collect())
        .collect()
}

/// What stands before the `=`, and the rest.
struct Header {
    attributes: Vec<Attribute>,
    visibility: Visibility,
    name: Ident,
    rest: TokenStream,
}

fn header(input: ParseStream<'_>) -> Result<Header> {
    let attributes = input.call(Attribute::parse_outer)?;
    let visibility: Visibility = input.parse()?;
    if !input.peek(Token![struct]) {
        return Err(input.error("expected `struct`, as in `struct Net = Linear(10, 5) -> ReLU;`"));
    }
    input.parse::<Token![struct]>()?;
    Ok(Header {
        attributes,
        visibility,
        name: input.parse()?,
        rest: input.parse()?,
    })
}

/// A header in which something is wrong: the name is most likely the last word before the `=`.
fn recover(tokens: TokenStream) -> Option<Header> {
    let attributes = |input: ParseStream<'_>| {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse().unwrap_or(Visibility::Inherited);
        Ok((attributes, visibility, input.parse::<TokenStream>()?))
    };
    let (mut attributes, visibility, tokens) =
        attributes
            .parse2(tokens.clone())
            .unwrap_or((Vec::new(), Visibility::Inherited, tokens));
    // An attribute that can't be read: the scalar is what matters to those who use the network.
    let has_setting = attributes
        .iter()
        .any(|attribute: &Attribute| attribute.path().is_ident("network"));
    if !has_setting && tokens.to_string().contains("scalar = f64") {
        attributes.push(parse_quote!(#[network(scalar = f64)]));
    }
    let mut words = Vec::new();
    let mut rest = tokens.into_iter().peekable();
    let is_equals = |token: &TokenTree| matches!(token, TokenTree::Punct(p) if p.as_char() == '=');
    while let Some(token) = rest.next_if(|token| !is_equals(token)) {
        if let TokenTree::Ident(word) = token {
            words.push(word);
        }
    }
    rest.peek()?;
    let is_public = words.iter().any(|word| word == "pub");
    Some(Header {
        attributes,
        visibility: if is_public {
            parse_quote!(pub)
        } else {
            visibility
        },
        name: words.into_iter().rfind(|word| !is_keyword(word))?,
        rest: rest.collect(),
    })
}

/// What follows the name: `= chain;`
fn definition(name: &Ident, tokens: TokenStream, errors: &mut Errors) -> Result<Chain> {
    let end = last_span(&tokens).unwrap_or(name.span());
    let parse = |input: ParseStream<'_>| {
        if !input.peek(Token![=]) || input.peek(Token![==]) || input.peek(Token![=>]) {
            let written =
                format!("`=` after the name, as in `struct {name} = Linear(10, 5) -> ReLU;`");
            return Err(expected(input, &written, end));
        }
        input.parse::<Token![=]>()?;
        let chain = Chains {
            errors,
            end,
            is_strict: false,
            is_branch: false,
        }
        .chain(input)?;
        if !input.peek(Token![;]) {
            errors.push(expected(input, "`->` and a layer, or `;` at the end", end));
        }
        input.parse::<TokenStream>()?;
        Ok(chain)
    };
    parse.parse2(tokens)
}

fn expression(tokens: TokenStream, errors: &mut Errors) -> Item {
    let end = last_span(&tokens).unwrap_or_else(Span::call_site);
    let mut attributes = Vec::new();
    let parse = |input: ParseStream<'_>| {
        attributes = input.call(Attribute::parse_outer)?;
        let chain = Chains {
            errors,
            end,
            is_strict: false,
            is_branch: false,
        }
        .chain(input)?;
        if !input.is_empty() {
            errors.push(expected(input, "`->` and a layer, or nothing more", end));
        }
        input.parse::<TokenStream>()?;
        Ok(chain)
    };
    let chain = parse.parse2(tokens);
    attributes.retain(|attribute| {
        let is_setting = attribute.path().is_ident("network");
        if !is_setting {
            let message = "only `#[network(scalar = …)]` can stand in front of a chain";
            errors.push(syn::Error::new_spanned(attribute, message));
        }
        is_setting
    });
    Item {
        attributes,
        visibility: Visibility::Inherited,
        name: Ident::new("UnnamedNetwork", Span::mixed_site()),
        chain,
    }
}

fn is_keyword(name: &Ident) -> bool {
    syn::parse2::<Ident>(name.to_token_stream()).is_err()
}

/// "expected … , found …", at what was found; at `end` where nothing was.
fn expected(input: ParseStream<'_>, what: &str, end: Span) -> syn::Error {
    match input.cursor().token_tree() {
        Some((token, rest)) => {
            let found = match &token {
                // `->` is two tokens, and one to whoever writes it.
                TokenTree::Punct(first) if is_arrow(first, rest) => {
                    let second = rest.punct().map(|(second, _)| second);
                    let both = quote::quote!(#first #second);
                    let second = second.map_or(' ', |second| second.as_char());
                    let message = format!("expected {what}, found `{}{second}`", first.as_char());
                    return syn::Error::new_spanned(both, message);
                }
                TokenTree::Group(group) => {
                    let open = match group.delimiter() {
                        proc_macro2::Delimiter::Parenthesis => "(",
                        proc_macro2::Delimiter::Bracket => "[",
                        proc_macro2::Delimiter::Brace => "{",
                        proc_macro2::Delimiter::None => "an expression",
                    };
                    return syn::Error::new(
                        group.span_open(),
                        format!("expected {what}, found `{open}`"),
                    );
                }
                other => other.to_string(),
            };
            syn::Error::new(token.span(), format!("expected {what}, found `{found}`"))
        }
        None => syn::Error::new(end, format!("expected {what}")),
    }
}

/// `->`, `=>` or `==`
fn is_arrow(first: &Punct, rest: Cursor<'_>) -> bool {
    let second = rest.punct().map(|(second, _)| second.as_char());
    first.spacing() == Spacing::Joint
        && matches!((first.as_char(), second), ('-' | '=', Some('>' | '=')))
}

fn last_span(tokens: &TokenStream) -> Option<Span> {
    tokens.clone().into_iter().last().map(|token| token.span())
}
