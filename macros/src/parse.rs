//! From tokens to [`ast::Input`](crate::ast::Input).

use proc_macro2::{Punct, Spacing, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    AngleBracketedGenericArguments, Attribute, Ident, Result, Token, Visibility, bracketed,
    buffer::Cursor,
    ext::IdentExt,
    parenthesized,
    parse::{Parse, ParseStream, Parser},
    parse_quote, token,
};

use crate::{
    ast::{Argument, Arguments, Call, Chain, Input, Item, Layer, Path, Repeat, Segment, Stage},
    errors::Errors,
};

/// Reads what it can: an item in error does not hide those after it.
pub(crate) fn input(tokens: TokenStream, errors: &mut Errors) -> Input {
    if tokens.is_empty() {
        errors.push(syn::Error::new(
            Span::call_site(),
            "a network is declared here\nhelp: write `struct Net = Linear(10, 5) -> ReLU -> Linear(_, 1);`",
        ));
    }
    if !tokens.is_empty() && !are_items(&tokens) {
        return Input {
            items: vec![expression(tokens)],
            is_expression: true,
        };
    }
    let items = split_items(tokens)
        .into_iter()
        .filter_map(|tokens| {
            let unreadable = |error| {
                errors.push(error);
                recover(tokens.clone())
            };
            item.parse2(tokens.clone()).map_or_else(unreadable, Some)
        })
        .collect();
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

/// Cuts behind each `;`, so that each item is parsed by itself.
fn split_items(tokens: TokenStream) -> Vec<TokenStream> {
    let mut items = Vec::new();
    let mut item = TokenStream::new();
    for token in tokens {
        let ends = is_semicolon(&token);
        item.extend([token]);
        if ends {
            items.push(std::mem::take(&mut item));
        }
    }
    if !item.is_empty() {
        items.push(item);
    }
    items
}

fn item(input: ParseStream<'_>) -> Result<Item> {
    let attributes = input.call(Attribute::parse_outer)?;
    let visibility: Visibility = input.parse()?;
    if !input.peek(Token![struct]) {
        return Err(input.error("expected `struct`, as in `struct Net = Linear(10, 5) -> ReLU;`"));
    }
    input.parse::<Token![struct]>()?;
    let name: Ident = input.parse()?;
    let rest: TokenStream = input.parse()?;
    Ok(Item {
        attributes,
        visibility,
        chain: definition(&name, rest),
        name,
    })
}

/// An item in which something is wrong before the `=`: the name is most likely the last word there.
fn recover(tokens: TokenStream) -> Option<Item> {
    let mut header = Vec::new();
    let mut rest = tokens.into_iter().peekable();
    let is_equals = |token: &TokenTree| matches!(token, TokenTree::Punct(p) if p.as_char() == '=');
    while let Some(token) = rest.next_if(|token| !is_equals(token)) {
        header.push(token);
    }
    rest.peek()?;
    let words = || {
        header.iter().filter_map(|token| match token {
            TokenTree::Ident(word) => Some(word),
            _ => None,
        })
    };
    let name = words().rfind(|word| !is_keyword(word))?.clone();
    let is_public = words().any(|word| word == "pub");
    Some(Item {
        attributes: Vec::new(),
        visibility: if is_public {
            parse_quote!(pub)
        } else {
            Visibility::Inherited
        },
        chain: definition(&name, rest.collect()),
        name,
    })
}

/// What follows the name: `= chain;`
fn definition(name: &Ident, tokens: TokenStream) -> Result<Chain> {
    let end = last_span(&tokens).unwrap_or(name.span());
    let parse = |input: ParseStream<'_>| {
        if !input.peek(Token![=]) || input.peek(Token![==]) || input.peek(Token![=>]) {
            let written =
                format!("`=` after the name, as in `struct {name} = Linear(10, 5) -> ReLU;`");
            return Err(expected(input, &written, end));
        }
        input.parse::<Token![=]>()?;
        let chain = chain(input, end)?;
        if !input.peek(Token![;]) {
            return Err(expected(input, "`->` and a layer, or `;` at the end", end));
        }
        input.parse::<Token![;]>()?;
        Ok(chain)
    };
    parse.parse2(tokens)
}

fn expression(tokens: TokenStream) -> Item {
    let end = last_span(&tokens).unwrap_or_else(Span::call_site);
    let mut attributes = Vec::new();
    let parse = |input: ParseStream<'_>| {
        attributes = input.call(Attribute::parse_outer)?;
        let chain = chain(input, end)?;
        if input.is_empty() {
            return Ok(chain);
        }
        Err(expected(input, "`->` and a layer, or nothing more", end))
    };
    let chain = parse.parse2(tokens);
    Item {
        attributes,
        visibility: Visibility::Inherited,
        name: Ident::new("UnnamedNetwork", Span::mixed_site()),
        chain,
    }
}

/// `end` is where an error goes that nothing follows.
fn chain(input: ParseStream<'_>, end: Span) -> Result<Chain> {
    if input.peek(Token![<]) {
        input.parse::<Token![<]>()?;
        let chain = chain(input, end)?;
        if !input.peek(Token![>]) {
            return Err(expected(input, "`->` and a layer, or `>` at the end", end));
        }
        input.parse::<Token![>]>()?;
        return Ok(chain);
    }
    let mut stages = vec![stage(input, end)?];
    while input.peek(Token![->]) {
        input.parse::<Token![->]>()?;
        stages.push(stage(input, end)?);
    }
    Ok(Chain { stages })
}

fn stage(input: ParseStream<'_>, end: Span) -> Result<Stage> {
    let named = input.peek(Ident::peek_any) && input.peek2(Token![:]) && !input.peek2(Token![::]);
    let name = if named {
        let name = stage_name(input)?;
        input.parse::<Token![:]>()?;
        Some(name)
    } else {
        None
    };
    Ok(Stage {
        name,
        layer: layer(input, end)?,
    })
}

fn stage_name(input: ParseStream<'_>) -> Result<Ident> {
    let name = input.call(Ident::parse_any)?;
    if name == "_" {
        let message = "`_` is no name\nhelp: leave it out, and the stage is named by its place";
        return Err(syn::Error::new(name.span(), message));
    }
    if is_keyword(&name) {
        let message = format!("`{name}` is a keyword\nhelp: write `r#{name}`, or another name");
        return Err(syn::Error::new(name.span(), message));
    }
    Ok(name)
}

fn is_keyword(name: &Ident) -> bool {
    syn::parse2::<Ident>(name.to_token_stream()).is_err()
}

fn layer(input: ParseStream<'_>, end: Span) -> Result<Layer> {
    if input.peek(token::Paren) {
        let content;
        parenthesized!(content in input);
        let chain = chain(&content, content.span())?;
        if !content.is_empty() {
            return Err(expected(&content, "`->` and a layer, or `)`", end));
        }
        return Ok(Layer::Group(chain));
    }
    if input.peek(token::Bracket) {
        let content;
        bracketed!(content in input);
        let chain = chain(&content, content.span())?;
        if !content.peek(Token![;]) {
            let written = "`;` and how many copies, as in `[Linear(5, 5) -> ReLU; 3]`";
            return Err(expected(&content, written, content.span()));
        }
        content.parse::<Token![;]>()?;
        let count = content.parse()?;
        if !content.is_empty() {
            return Err(expected(&content, "`]` after the number of copies", end));
        }
        return Ok(Layer::Repeat(Repeat { chain, count }));
    }
    if !starts_path(input) {
        return Err(expected(input, "a layer, such as `Linear(10, 5)`", end));
    }
    let path = path(input)?;
    let arguments = if input.peek(token::Paren) {
        Some(arguments(input)?)
    } else {
        None
    };
    Ok(Layer::Call(Call { path, arguments }))
}

/// Whether an identifier follows, or one of the keywords that a path may hold.
fn starts_path(input: ParseStream<'_>) -> bool {
    input.peek(Ident)
        || input.peek(Token![self])
        || input.peek(Token![Self])
        || input.peek(Token![super])
        || input.peek(Token![crate])
        || input.peek(Token![::])
}

fn path(input: ParseStream<'_>) -> Result<Path> {
    let leading_colon = input.parse()?;
    let mut segments = Vec::new();
    let mut colon = None;
    loop {
        if !starts_path(input) || input.peek(Token![::]) {
            return Err(input.error("expected a name"));
        }
        let ident = input.call(Ident::parse_any)?;
        let generics = if input.peek(Token![<]) || input.peek(Token![::]) && input.peek3(Token![<])
        {
            Some(input.parse::<AngleBracketedGenericArguments>()?)
        } else {
            None
        };
        segments.push(Segment {
            colon,
            ident,
            generics,
        });
        if !input.peek(Token![::]) {
            let last = segments.last().map(|segment: &Segment| &segment.ident);
            if let Some(keyword) = last.filter(|last| is_keyword(last)) {
                let message = format!("expected a layer, found keyword `{keyword}`");
                return Err(syn::Error::new(keyword.span(), message));
            }
            return Ok(Path {
                leading_colon,
                segments,
            });
        }
        colon = Some(input.parse()?);
    }
}

fn arguments(input: ParseStream<'_>) -> Result<Arguments> {
    let content;
    let parentheses = parenthesized!(content in input);
    let mut values = Vec::new();
    while !content.is_empty() {
        values.push(content.parse()?);
        if content.is_empty() {
            break;
        }
        if content.peek(Token![:]) {
            let message = "an option and its value have `=` between them, as in `bias = false`";
            return Err(content.error(message));
        }
        if !content.peek(Token![,]) {
            return Err(expected(&content, "`,` or `)`", content.span()));
        }
        content.parse::<Token![,]>()?;
    }
    Ok(Arguments {
        values,
        span: parentheses.span,
    })
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let is_option =
            input.peek(Ident::peek_any) && input.peek2(Token![=]) && !input.peek2(Token![==]);
        if is_option {
            let name = input.call(Ident::parse_any)?;
            input.parse::<Token![=]>()?;
            return Ok(Self::Option(name, input.parse()?));
        }
        if input.peek(Token![_]) {
            return Ok(Self::Infer(input.parse()?));
        }
        Ok(Self::Value(input.parse()?))
    }
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
