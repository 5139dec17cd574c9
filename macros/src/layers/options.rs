//! What an option's value may be.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Expr, ExprLit, ExprUnary, Lit, LitFloat, UnOp};

use super::Kind;

/// What an option takes, for a message.
type Takes = String;

impl Kind {
    /// The value as Rust wants it; `Err` says what the option takes.
    pub(crate) fn value(self, value: &Expr, krate: &TokenStream) -> Result<TokenStream, Takes> {
        match self {
            Self::Number => number(value).ok_or_else(|| "a number, such as `0.2`".to_owned()),
            Self::Flag => match literal(value) {
                Some(Lit::Bool(flag)) => Ok(flag.to_token_stream()),
                _ => Err("`true` or `false`".to_owned()),
            },
            Self::Features => match whole(value) {
                Some(1 | -1) => Ok(value.to_token_stream()),
                _ => Err("1 or -1, which both mean the features".to_owned()),
            },
            Self::Choice(words) => {
                let written = match literal(value) {
                    Some(Lit::Str(written)) => written.value(),
                    _ => String::new(),
                };
                let word = words.iter().find(|(word, _)| *word == written);
                let path = word.and_then(|(_, path)| syn::parse_str::<syn::Path>(path).ok());
                path.map(|path| quote::quote!(#krate::#path))
                    .ok_or_else(|| {
                        let words: Vec<String> = words
                            .iter()
                            .map(|(word, _)| format!("`\"{word}\"`"))
                            .collect();
                        words.join(" or ")
                    })
            }
        }
    }
}

/// A literal, also in parentheses or the invisible groups of somebody's `macro_rules!`.
fn literal(value: &Expr) -> Option<&Lit> {
    match value {
        Expr::Lit(ExprLit { lit, .. }) => Some(lit),
        Expr::Group(group) => literal(&group.expr),
        Expr::Paren(paren) => literal(&paren.expr),
        _ => None,
    }
}

fn negated(value: &Expr) -> Option<&ExprUnary> {
    match value {
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => Some(unary),
        Expr::Group(group) => negated(&group.expr),
        Expr::Paren(paren) => negated(&paren.expr),
        _ => None,
    }
}

fn whole(value: &Expr) -> Option<i64> {
    if let Some(unary) = negated(value) {
        return whole(&unary.expr)?.checked_neg();
    }
    match literal(value)? {
        Lit::Int(int) => int.base10_parse().ok(),
        _ => None,
    }
}

/// `1` for `1.0`, as in Python. What is no literal is left to the compiler.
fn number(value: &Expr) -> Option<TokenStream> {
    if let Some(unary) = negated(value) {
        let (minus, inner) = (&unary.op, number(&unary.expr)?);
        return Some(quote::quote!(#minus #inner));
    }
    match literal(value) {
        Some(Lit::Int(int)) if int.suffix().is_empty() => {
            let digits = format!("{}.0", int.base10_digits());
            Some(LitFloat::new(&digits, int.span()).to_token_stream())
        }
        Some(Lit::Float(_) | Lit::Int(_)) | None => Some(value.to_token_stream()),
        Some(_) => None,
    }
}
