//! Sizes: literals are known here, everything else becomes a constant.

use proc_macro2::Span;
use quote::{ToTokens, quote_spanned};
use syn::{Expr, ExprInfer, ExprLit, ExprPath, Lit, LitInt, UnOp};

use super::Lowering;
use crate::{
    ir::{Check, Claim, Dim, TOO_MANY, Value},
    text::text,
};

impl Lowering<'_> {
    pub(super) fn size(&mut self, written: &Expr) -> Dim {
        match written {
            Expr::Group(group) => self.size(&group.expr),
            Expr::Paren(paren) => self.size(&paren.expr),
            Expr::Lit(ExprLit {
                lit: Lit::Int(int), ..
            }) => match known(int) {
                Ok(size) => Dim::Known(size),
                Err(message) => self.wrong_size(written, &message),
            },
            Expr::Lit(_) => {
                let message = format!("a size is a whole number, not `{}`", text(written));
                self.wrong_size(written, &message)
            }
            Expr::Unary(unary)
                if matches!(unary.op, UnOp::Neg(_)) && matches!(*unary.expr, Expr::Lit(_)) =>
            {
                let message = format!("a size must be at least 1, not `{}`", text(written));
                self.wrong_size(written, &message)
            }
            Expr::Path(path) if path.path.segments.len() == 1 && is_keyword(path) => {
                let message = format!("`{}` is no size", text(written));
                self.wrong_size(written, &message)
            }
            _ => self.calculated(written, Some("a size")),
        }
    }

    /// What only the compiler can calculate: at least 1, if it has a name.
    pub(super) fn calculated(&mut self, written: &Expr, at_least_one: Option<&str>) -> Dim {
        if let Some(underscore) = underscore(written) {
            let message = "`_` stands for the whole size, and can't be a part of one";
            return self.wrong_size(underscore, message);
        }
        let argument = match written {
            Expr::Block(block) => block.to_token_stream(),
            _ => quote_spanned!(Span::mixed_site()=> { #written }),
        };
        let path = self.constant(Value::Size(argument));
        let name = text(written);
        let size = Dim::Const(path, name.clone());
        if let Some(what) = at_least_one {
            self.checks.push(Check {
                at: written.to_token_stream(),
                claim: Claim::Asked {
                    function: "size",
                    arguments: quote_spanned!(Span::mixed_site()=> #size, #what, #name),
                },
            });
        }
        size
    }

    fn wrong_size(&mut self, at: impl ToTokens, message: &str) -> Dim {
        self.hole(syn::Error::new_spanned(at, message))
    }
}

/// Whether the path is `self`, `Self`, `super` or `crate` alone.
fn is_keyword(path: &ExprPath) -> bool {
    let written = text(path);
    matches!(written.as_str(), "self" | "Self" | "super" | "crate")
}

/// A `_` among the operands, where it can't stand for anything.
fn underscore(written: &Expr) -> Option<&ExprInfer> {
    match written {
        Expr::Infer(underscore) => Some(underscore),
        Expr::Binary(binary) => underscore(&binary.left).or_else(|| underscore(&binary.right)),
        Expr::Unary(unary) => underscore(&unary.expr),
        Expr::Paren(paren) => underscore(&paren.expr),
        Expr::Group(group) => underscore(&group.expr),
        Expr::Call(call) => call.args.iter().find_map(underscore),
        _ => None,
    }
}

fn known(int: &LitInt) -> Result<usize, String> {
    if !matches!(int.suffix(), "" | "usize") {
        let (digits, suffix) = (int.base10_digits(), int.suffix());
        return Err(format!(
            "a size is a `usize`, not a `{suffix}`\nhelp: write `{digits}`"
        ));
    }
    match int.base10_parse() {
        Ok(0) => Err("a size must be at least 1, not 0".to_owned()),
        Ok(size) if size as u64 > TOO_MANY => Err(format!("`{int}` is too large for a size")),
        Ok(size) => Ok(size),
        Err(_) => Err(format!("`{int}` is too large for a size")),
    }
}
