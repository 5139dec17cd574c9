//! `#[network(scalar = f64, weights = "net.safetensors", prefix = "actor.", strict = false,
//! check = "check.safetensors", tolerance = 1e-5, max_parameters = 10_000, max_macs = 20_000,
//! max_bytes = 65_536)]`

use proc_macro2::{Literal, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Expr, ExprLit, Ident, Lit, LitStr, Token, meta::ParseNestedMeta};

use crate::{
    errors::Errors,
    ir::{Budget, Check, Claim, Reference, Weights},
    layers::is_constant,
    nearest::nearest,
    text::text,
    weights::{self, Keys, Numbers},
};

/// Each setting, and an example of it.
const SETTINGS: [(&str, &str); 9] = [
    ("scalar", "scalar = f64"),
    ("weights", "weights = \"net.safetensors\""),
    ("prefix", "prefix = \"actor.\""),
    ("strict", "strict = false"),
    ("check", "check = \"net_check.safetensors\""),
    ("tolerance", "tolerance = 1e-5"),
    ("max_parameters", "max_parameters = 10_000"),
    ("max_macs", "max_macs = 20_000"),
    ("max_bytes", "max_bytes = 65_536"),
];

/// A network's settings, each with what was written for it.
#[derive(Default)]
pub(crate) struct Settings {
    scalar: Option<Ident>,
    weights: Option<LitStr>,
    keys: Keys,
    check: Option<LitStr>,
    tolerance: Option<Literal>,
    budgets: Vec<Budget>,
    /// Whether one of them can't be read, which is an error, so that others may be missing.
    is_wrong: bool,
}

impl Settings {
    pub(crate) fn scalar(&self) -> Ident {
        let default = || Ident::new("f32", Span::mixed_site());
        self.scalar.clone().unwrap_or_else(default)
    }

    /// Reads one attribute.
    pub(crate) fn read(&mut self, attribute: &Attribute) -> syn::Result<()> {
        let read = attribute.parse_nested_meta(|meta| self.setting(&meta));
        self.is_wrong |= read.is_err();
        // The likeliest meaning, so that what uses the network has nothing to add.
        if read.is_err() && attribute.to_token_stream().to_string().contains("f64") {
            self.scalar = Some(Ident::new("f64", Span::mixed_site()));
        }
        read
    }

    fn setting(&mut self, meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
        let written = meta.path.to_token_stream().to_string();
        let names = SETTINGS.map(|(name, _)| name);
        let Some((name, example)) = SETTINGS.iter().find(|(name, _)| *name == written) else {
            let meant = nearest(&written, names)
                .map(|meant| format!("\nhelp: write `{meant}`"))
                .unwrap_or_default();
            let names = names.join("`, `");
            return Err(meta.error(format!(
                "`{written}` is no setting of a network; there are `{names}`{meant}"
            )));
        };
        let is_set = match *name {
            "scalar" => self.scalar.is_some(),
            "weights" => self.weights.is_some(),
            "prefix" => self.keys.prefix.is_some(),
            "strict" => self.keys.strict.is_some(),
            "check" => self.check.is_some(),
            "tolerance" => self.tolerance.is_some(),
            _ => self.budgets.iter().any(|budget| budget.setting == *name),
        };
        if is_set {
            return Err(meta.error(format!("`{name}` is given twice")));
        }
        if !meta.input.peek(Token![=]) {
            return Err(meta.error(format!("`{name}` has a value\nhelp: write `{example}`")));
        }
        let input = meta.value()?;
        let value = match input.fork().parse::<Expr>() {
            Ok(_) if name.starts_with("max_") => input.parse::<Expr>()?.to_token_stream(),
            _ => input.parse::<TokenTree>()?.into(),
        };
        let is_wrong = |what: &str| {
            let message = format!("{what}, not `{}`\nhelp: write `{example}`", text(&value));
            Err(syn::Error::new_spanned(&value, message))
        };
        let literal = syn::parse2::<Lit>(value.clone());
        match (*name, literal) {
            ("scalar", _) => match value.to_string().as_str() {
                name @ ("f32" | "f64") => self.scalar = Some(Ident::new(name, Span::mixed_site())),
                _ => return is_wrong("the scalar is `f32` or `f64`"),
            },
            ("weights", Ok(Lit::Str(path))) => self.weights = Some(path),
            ("check", Ok(Lit::Str(path))) => self.check = Some(path),
            ("weights" | "check", _) => return is_wrong("this is a path in quotes"),
            ("prefix", Ok(Lit::Str(prefix))) => self.keys.prefix = Some(prefix),
            ("prefix", _) => return is_wrong("the prefix is the beginning of keys, in quotes"),
            ("strict", Ok(Lit::Bool(strict))) => self.keys.strict = Some(strict),
            ("strict", _) => return is_wrong("strict is `true` or `false`"),
            ("tolerance", literal) => match literal.ok().and_then(|literal| tolerance(&literal)) {
                Some(tolerance) => self.tolerance = Some(tolerance),
                None => return is_wrong("the tolerance is a positive number"),
            },
            (setting, _) => match syn::parse2(value.clone()).ok().as_ref().and_then(limit) {
                Some(limit) => self.budgets.push(Budget { setting, limit }),
                None => return is_wrong("a budget is a whole number"),
            },
        }
        Ok(())
    }

    /// That the network costs no more than it may.
    pub(crate) fn budgets(&self) -> Vec<Check> {
        let budgets = self.budgets.iter();
        let checks = budgets.map(|budget| Check {
            at: budget.limit.clone(),
            claim: Claim::Budget(budget.clone()),
        });
        checks.collect()
    }

    /// Reads the files.
    pub(crate) fn weights(&self, is_big_endian: bool, errors: &mut Errors) -> Option<Weights> {
        if self.is_wrong {
            // Without a prefix, say, the file would not be the network's.
            return self.weights.as_ref().map(|_| Weights {
                file: None,
                reference: None,
            });
        }
        let numbers = Numbers::new(&self.scalar(), is_big_endian);
        let mut file = |path: &LitStr, keys, numbers| {
            let read = weights::read(path.clone(), keys, numbers);
            read.map_err(|error| errors.push(error)).ok()
        };
        let weights = self.weights.as_ref();
        let weights = weights.map(|path| file(path, self.keys.clone(), Some(numbers)));
        let check = self
            .check
            .as_ref()
            .map(|path| file(path, Keys::default(), None));
        if weights.is_none() {
            let help = "help: write `weights = \"net.safetensors\"` before it";
            if let Some(prefix) = &self.keys.prefix {
                let message = "a prefix is that of the keys in `weights`, and there are none";
                errors.error(prefix, format!("{message}\n{help}"));
            }
            if let Some(strict) = &self.keys.strict {
                let message = "`strict` is about the keys in `weights`, and there are none";
                errors.error(strict, format!("{message}\n{help}"));
            }
        }
        match (&weights, &self.check, &self.tolerance) {
            (None, Some(check), _) => {
                let message = "a check compares the network with `weights`, and there are none\n\
                               help: write `weights = \"net.safetensors\"` before it";
                errors.error(check, message);
            }
            (_, None, Some(tolerance)) => {
                let message = "a tolerance is that of a `check`, and there is none\n\
                               help: write `check = \"net_check.safetensors\"` before it";
                errors.error(tolerance, message);
            }
            _ => {}
        }
        Some(Weights {
            file: weights?,
            reference: check.flatten().map(|file| Reference {
                file,
                tolerance: self.tolerance.clone(),
            }),
        })
    }
}

/// A whole number that has no type of its own, as `usize` is written, or what the compiler calculates.
fn limit(written: &Expr) -> Option<TokenStream> {
    let Expr::Lit(ExprLit { lit, .. }) = written else {
        return is_constant(written).then(|| written.to_token_stream());
    };
    let Lit::Int(int) = lit else {
        return None;
    };
    let mut limit = Literal::usize_unsuffixed(int.base10_parse().ok()?);
    limit.set_span(int.span());
    int.suffix().is_empty().then(|| limit.to_token_stream())
}

/// A number that is finite and has no type of its own, as `f64` is written.
fn tolerance(literal: &Lit) -> Option<Literal> {
    let (digits, suffix) = match literal {
        Lit::Float(float) => (float.base10_digits(), float.suffix()),
        Lit::Int(int) => (int.base10_digits(), int.suffix()),
        _ => return None,
    };
    let value: f64 = digits.parse().ok()?;
    let is_number = suffix.is_empty() && value.is_finite();
    is_number.then(|| {
        let mut number = Literal::f64_unsuffixed(value);
        number.set_span(literal.span());
        number
    })
}
