//! The user's tokens as text, for messages and tables.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use quote::ToTokens;

/// The tokens as they are commonly written, since their own `to_string` depends on the compiler.
pub(crate) fn text(tokens: impl ToTokens) -> String {
    let mut text = String::new();
    write(&mut text, tokens.to_token_stream());
    text
}

fn write(text: &mut String, tokens: TokenStream) {
    let mut previous = Kind::Open;
    for token in tokens {
        let kind = Kind::of(&token, previous);
        if spaced(previous, kind) {
            text.push(' ');
        }
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => ("{ ", " }"),
                    Delimiter::None => ("", ""),
                };
                text.push_str(open);
                write(text, group.stream());
                text.push_str(close);
            }
            other => text.push_str(&other.to_string()),
        }
        previous = kind;
    }
}

/// What a token is, as far as the space between it and its neighbour depends on it.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// The beginning, or a token that clings to what follows it: `<`, `::`, a sign.
    Open,
    /// Clings to what stands before it: `,` or `;`.
    Separator,
    /// Clings to what stands before it, and to a group behind it: `>`.
    Close,
    /// Clings to both.
    Colons,
    /// `(…)` or `[…]`
    Group,
    Word,
    Operator,
    /// The first half of `->`, `::` and the like.
    Half,
}

impl Kind {
    fn of(token: &TokenTree, previous: Self) -> Self {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => Self::Word,
            TokenTree::Group(_) => Self::Group,
            TokenTree::Ident(_) | TokenTree::Literal(_) => Self::Word,
            TokenTree::Punct(punct) => match (punct.as_char(), punct.spacing()) {
                (',' | ';', _) => Self::Separator,
                (':' | '.', _) | ('<', Spacing::Alone) => Self::Colons,
                ('>', _) if previous != Self::Half => Self::Close,
                ('-' | '!' | '&' | '*', Spacing::Alone)
                    if matches!(previous, Self::Open | Self::Operator | Self::Half) =>
                {
                    Self::Open
                }
                (_, Spacing::Joint) => Self::Half,
                _ => Self::Operator,
            },
        }
    }
}

fn spaced(previous: Kind, next: Kind) -> bool {
    !matches!(
        (previous, next),
        (Kind::Open | Kind::Colons | Kind::Half, _)
            | (_, Kind::Close | Kind::Separator | Kind::Colons)
            | (Kind::Word | Kind::Group | Kind::Close, Kind::Group)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_read_as_people_write_them() {
        for written in [
            "Linear(6, 1)",
            "Linear(N, 2 * N)",
            "Linear(-5, 1 - 2)",
            "my::Scale<5>",
            "Linear(Net::IN, { a + b })",
            "LeakyReLU(negative_slope = 0.2)",
            "Linear(core::mem::size_of::<u8>(), LAYERS[0])",
            "[Linear(5, 5) -> ReLU; 3]",
        ] {
            let tokens: TokenStream = written.parse().unwrap();
            assert_eq!(text(tokens), written);
        }
    }
}
