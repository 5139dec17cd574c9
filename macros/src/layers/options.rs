//! What an option's value may be.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{Expr, ExprLit, ExprUnary, Ident, Lit, LitFloat, UnOp};

use super::{Kind, Options, Spec};
use crate::{ir::Dim, text::text};

/// What an option is given.
pub(crate) enum Taken<'a> {
    /// As Rust wants it.
    Tokens(TokenStream),
    /// Whole numbers of at least so much: one, or one for each dimension.
    Wholes(usize, Vec<Whole<'a>>),
}

/// A whole number.
pub(crate) enum Whole<'a> {
    Known(usize),
    /// What the compiler calculates.
    Constant(&'a Expr),
}

impl Kind {
    /// What is given; `Err` says what is wrong with it.
    pub(crate) fn value<'a>(
        self,
        name: &Ident,
        value: &'a Expr,
        krate: &TokenStream,
    ) -> Result<Taken<'a>, String> {
        let found = match self {
            Self::UpTo(most) => usize::try_from(whole(value).unwrap_or(0))
                .ok()
                .filter(|number| (1..=most).contains(number))
                .map(|number| Taken::Wholes(1, vec![Whole::Known(number)])),
            Self::Whole(least, dims) => wholes(value, least, dims),
            Self::OrNone(dims) => wholes(value, 1, dims),
            Self::Padding(dims) if !matches!(literal(value), Some(Lit::Str(_))) => {
                wholes(value, 0, dims)
            }
            _ => self.tokens(name, value, krate)?.map(Taken::Tokens),
        };
        found.ok_or_else(|| {
            let (takes, written) = (self.takes(), text(value));
            if is_constant(value) {
                format!("`{name}` is {takes}, and must be written out: what `{written}` is isn't known here")
            } else {
                format!("`{name}` is {takes}, not `{written}`")
            }
        })
    }

    /// The value as Rust wants it; `None` where it isn't what the option takes.
    fn tokens(
        self,
        name: &Ident,
        value: &Expr,
        krate: &TokenStream,
    ) -> Result<Option<TokenStream>, String> {
        let tokens = value.to_token_stream();
        Ok(match (self, literal(value)) {
            // Which of two numbers is more is known where both are.
            (Self::Number | Self::Above(..) | Self::NotBelow(..), _) => number(value),
            (Self::Nonzero, _) => number(value).filter(|_| known(value) != Some(0.0)),
            (Self::Within(least, most), _) => {
                let is_within = |number: f64| least <= number && number <= most;
                number(value).filter(|_| known(value).is_none_or(is_within))
            }
            (Self::True(reason), Some(Lit::Bool(flag))) if !flag.value => {
                return Err(format!("{reason}\nhelp: leave `{name}` out"));
            }
            (Self::False(reason), Some(Lit::Bool(flag))) if flag.value => {
                return Err(format!("{reason}\nhelp: leave `{name}` out"));
            }
            // What a count may be is known where the size that reaches the layer is.
            (Self::Count, _)
            | (Self::Flag | Self::Switch | Self::True(_) | Self::False(_), Some(Lit::Bool(_))) => {
                Some(tokens)
            }
            (Self::Padding(_), Some(Lit::Str(written))) => {
                matches!(&*written.value(), "same" | "valid").then_some(tokens)
            }
            (Self::Only(number, _), _) => (whole(value) == Some(number)).then_some(tokens),
            (Self::Features, _) => matches!(whole(value), Some(1 | -1)).then_some(tokens),
            (Self::Choice(words), Some(Lit::Str(written))) => {
                let written = written.value();
                let word = words.iter().find(|(word, _)| *word == written);
                word.and_then(|(_, path)| syn::parse_str::<syn::Path>(path).ok())
                    .map(|path| quote::quote!(#krate::#path))
            }
            _ => None,
        })
    }

    /// Whether only some numbers go, by themselves.
    pub(crate) fn is_bounded(self) -> bool {
        matches!(self, Self::Within(..) | Self::Nonzero)
    }

    /// Numbers as Rust wants them: one, or one for each dimension.
    pub(crate) fn numbers(self, numbers: &[Dim]) -> TokenStream {
        let (Self::Whole(_, dims) | Self::OrNone(dims) | Self::Padding(dims)) = self else {
            return quote::quote!(#(#numbers)*);
        };
        let numbers = numbers.iter().cycle().take(dims);
        match dims {
            1 => quote::quote!(#(#numbers)*),
            _ => quote_spanned!(Span::mixed_site()=> [#(#numbers),*]),
        }
    }

    /// What an option takes, for a message.
    pub(crate) fn takes(self) -> String {
        match self {
            Self::Number | Self::Above(..) | Self::NotBelow(..) => {
                "a number, such as `0.2`".to_owned()
            }
            Self::Nonzero => "a number other than 0".to_owned(),
            Self::Within(least, most) if most.is_finite() => {
                format!("a number from {least} to {most}")
            }
            Self::Within(least, _) => format!("a number that is {least} or more"),
            Self::Count => "1 or the number of features".to_owned(),
            Self::Flag | Self::Switch | Self::True(_) | Self::False(_) => {
                "`true` or `false`".to_owned()
            }
            Self::UpTo(most) => format!("a whole number from 1 to {most}"),
            Self::Whole(least, 1) => format!("a whole number that is at least {least}"),
            Self::OrNone(1) => "a whole number that is at least 1, or `None`".to_owned(),
            Self::Whole(least, _) => {
                format!("a whole number that is at least {least}, or a pair of them")
            }
            Self::OrNone(_) => {
                "a whole number that is at least 1, a pair of them, or `None`".to_owned()
            }
            Self::Padding(1) => "a whole number, `\"same\"` or `\"valid\"`".to_owned(),
            Self::Padding(_) => {
                "a whole number, a pair of them, `\"same\"` or `\"valid\"`".to_owned()
            }
            Self::Only(number, reason) => format!("{number}, {reason}"),
            Self::Features => {
                "1 for the features or channels, or -1 for the features of a vector".to_owned()
            }
            Self::Choice(words) => {
                let words = words.iter().map(|(word, _)| format!("`\"{word}\"`"));
                words.collect::<Vec<_>>().join(" or ")
            }
        }
    }
}

impl Spec {
    /// What is wrong with two numbers of which one must be more than the other, and at which of the
    /// options.
    pub(crate) fn disorder<'a>(&self, options: &'a Options) -> Option<(&'a TokenStream, String)> {
        self.options.iter().find_map(|&(most, kind)| {
            let (least, defaults, may_be_equal) = match kind {
                Kind::Above(least, defaults) => (least, defaults, false),
                Kind::NotBelow(least, defaults) => (least, defaults, true),
                _ => return None,
            };
            let given = [least, most].map(|name| options.value(name));
            let number = |i: usize| match given[i] {
                Some(value) => syn::parse2(value.clone())
                    .ok()
                    .and_then(|value| known(&value)),
                None => Some(defaults[i]),
            };
            let (lower, upper) = (number(0)?, number(1)?);
            if lower < upper || (may_be_equal && lower <= upper) {
                return None;
            }
            let rule = if may_be_equal {
                format!("`{most}` is `{least}` or more")
            } else {
                format!("`{most}` is more than `{least}`")
            };
            let (at, values, help) = match given {
                [Some(_), Some(at)] if lower <= upper => {
                    (at, format!("both are `{lower}`"), String::new())
                }
                [Some(_), Some(at)] => (
                    at,
                    format!("`{most}` is `{upper}` and `{least}` is `{lower}`"),
                    format!("\nhelp: write `{}({upper}, {lower})`", self.name),
                ),
                [Some(at), None] => (
                    at,
                    format!(
                        "`{most}` is {} by default and `{least}` is `{lower}`",
                        short(upper)
                    ),
                    format!("\nhelp: give `{most}` too, or a smaller `{least}`"),
                ),
                [None, Some(at)] => (
                    at,
                    format!(
                        "`{most}` is `{upper}` and `{least}` is {} by default",
                        short(lower)
                    ),
                    format!("\nhelp: give `{least}` too, or a larger `{most}`"),
                ),
                [None, None] => return None,
            };
            Some((at, format!("{rule}, but here {values}{help}")))
        })
    }
}

/// A default, of which three digits do.
fn short(number: f64) -> f64 {
    (number * 1000.0).round() / 1000.0
}

/// Python's and Rust's word for what isn't given.
pub(crate) fn is_none(value: &Expr) -> bool {
    matches!(value, Expr::Path(path) if path.path.is_ident("None"))
}

/// Whether it may well be what an option takes: a constant, or a calculation.
pub(crate) fn is_constant(value: &Expr) -> bool {
    match value {
        Expr::Path(path) => path.path.segments.last().is_some_and(|last| {
            let name = last.ident.to_string();
            !name.contains(char::is_lowercase)
        }),
        Expr::Binary(_)
        | Expr::Block(_)
        | Expr::Call(_)
        | Expr::Cast(_)
        | Expr::Const(_)
        | Expr::Field(_)
        | Expr::If(_)
        | Expr::Index(_)
        | Expr::Macro(_)
        | Expr::Match(_)
        | Expr::MethodCall(_) => true,
        Expr::Group(group) => is_constant(&group.expr),
        Expr::Paren(paren) => is_constant(&paren.expr),
        _ => false,
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

/// Whole numbers of at least so much: one for all dimensions, or a pair.
fn wholes(value: &Expr, least: usize, dims: usize) -> Option<Taken<'_>> {
    /// More than any value has places.
    const MOST: usize = 1 << 30;
    let number = |value| match whole(value) {
        None if is_constant(value) => Some(Whole::Constant(value)),
        number => {
            let number = usize::try_from(number?).ok()?;
            (least..=MOST)
                .contains(&number)
                .then_some(Whole::Known(number))
        }
    };
    let numbers = match value {
        Expr::Group(group) => return wholes(&group.expr, least, dims),
        Expr::Tuple(tuple) if tuple.elems.len() == dims => {
            tuple.elems.iter().map(number).collect::<Option<_>>()?
        }
        _ => vec![number(value)?],
    };
    Some(Taken::Wholes(least, numbers))
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
        None if is_none(value) => None,
        Some(Lit::Float(_) | Lit::Int(_)) | None => Some(value.to_token_stream()),
        Some(_) => None,
    }
}

/// The number, where it is a literal.
pub(crate) fn known(value: &Expr) -> Option<f64> {
    if let Some(unary) = negated(value) {
        return known(&unary.expr).map(|number| -number);
    }
    match literal(value)? {
        Lit::Int(int) => int.base10_parse().ok(),
        Lit::Float(float) => float.base10_parse().ok(),
        _ => None,
    }
}
