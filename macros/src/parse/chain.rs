//! Chains. After an error the reading goes on at the next arrow, so that the other stages are known.

use proc_macro2::{Spacing, Span, TokenStream, TokenTree};
use syn::{
    AngleBracketedGenericArguments, Ident, Result, Token, bracketed,
    ext::IdentExt,
    parenthesized,
    parse::{Parse, ParseStream},
    token,
};

use super::{expected, is_keyword};
use crate::{
    ast::{Argument, Arguments, Call, Chain, Combine, Layer, Path, Repeat, Segment, Stage},
    combine,
    errors::Errors,
};

pub(super) struct Chains<'e> {
    pub(super) errors: &'e mut Errors,
    /// Where an error goes that nothing follows.
    pub(super) end: Span,
    /// Whether the first error ends the reading: inside of a group, whose content stands or falls
    /// as a whole.
    pub(super) is_strict: bool,
    /// Whether it is a branch, which ends at a comma.
    pub(super) is_branch: bool,
}

impl Chains<'_> {
    /// Reads on after an error, if not strict; `Err` where there is no stage at all.
    pub(super) fn chain(&mut self, input: ParseStream<'_>) -> Result<Chain> {
        if input.peek(Token![<]) {
            input.parse::<Token![<]>()?;
            let chain = self.chain(input)?;
            if input.peek(Token![>]) {
                input.parse::<Token![>]>()?;
            } else {
                let what = "`->` and a layer, or `>` at the end";
                self.errors.push(expected(input, what, self.end));
                while !input.is_empty() && !input.peek(Token![;]) {
                    input.parse::<TokenTree>()?;
                }
            }
            return Ok(chain);
        }
        let mut stages = Vec::new();
        // The place of a stage before which there is no arrow, and the error that says so: not
        // certain before the next stage is seen to be one.
        let mut guess: Option<(usize, syn::Error)> = None;
        loop {
            let start = input.cursor();
            let is_path = starts_path(input);
            match self.stage(input) {
                Ok(stage) => {
                    stages.push(stage);
                    let certain = guess.take_if(|(place, _)| *place + 1 < stages.len());
                    self.errors.extend(certain.map(|(_, error)| error));
                }
                Err(error) if self.is_strict => return Err(error),
                Err(error) => {
                    skip_to_arrow(input)?;
                    if let Some((place, error)) = guess.take_if(|_| !is_path) {
                        stages.truncate(place);
                        stages.push(Stage::unreadable(error));
                    } else {
                        if stages.is_empty() && self.at_end(input) {
                            return Err(error);
                        }
                        // An arrow too many stands for no stage.
                        if input.cursor() == start {
                            self.errors.push(error);
                        } else {
                            stages.push(Stage::unreadable(error));
                        }
                    }
                }
            }
            if !self.at_end(input) && !input.peek(Token![->]) {
                let what = "`->` and a layer, or `;` at the end";
                let error = expected(input, what, self.end);
                if self.is_strict {
                    return Err(error);
                }
                skip_operator(input)?;
                if self.is_at_stage(input) {
                    let sure = guess.replace((stages.len(), error));
                    self.errors.extend(sure.map(|(_, error)| error));
                    continue;
                }
                skip_to_arrow(input)?;
                stages.push(Stage::unreadable(error));
            }
            if self.at_end(input) {
                self.errors.extend(guess.map(|(_, error)| error));
                return Ok(Chain { stages });
            }
            input.parse::<Token![->]>()?;
        }
    }

    /// Whether a whole stage follows, so that only the arrow before it is wrong.
    fn is_at_stage(&self, input: ParseStream<'_>) -> bool {
        let ahead = input.fork();
        let mut chains = Chains {
            errors: &mut Errors::default(),
            end: self.end,
            is_strict: true,
            is_branch: self.is_branch,
        };
        chains.stage(&ahead).is_ok() && (at_end(&ahead) || ahead.peek(Token![->]))
    }

    fn stage(&mut self, input: ParseStream<'_>) -> Result<Stage> {
        let named =
            input.peek(Ident::peek_any) && input.peek2(Token![:]) && !input.peek2(Token![::]);
        let name = if named {
            let name = stage_name(input)?;
            input.parse::<Token![:]>()?;
            Some(name)
        } else {
            None
        };
        let layer = self.layer(input)?;
        Ok(Stage { name, layer })
    }

    fn layer(&mut self, input: ParseStream<'_>) -> Result<Layer> {
        if input.peek(token::Paren) {
            let content;
            parenthesized!(content in input);
            let chain = drained(&content, |content| self.group(content));
            return chain.map(Layer::Group);
        }
        if input.peek(token::Bracket) {
            let content;
            bracketed!(content in input);
            let repeat = drained(&content, |content| self.repeat(content));
            return repeat.map(Layer::Repeat);
        }
        if !starts_path(input) {
            return Err(expected(
                input,
                "a layer, such as `Linear(10, 5)`",
                self.end,
            ));
        }
        self.python_modules(input)?;
        let path = path(input)?;
        if let Some(name) = path
            .bare()
            .filter(|name| combine::meant(&name.to_string()).is_some())
            && input.peek(token::Paren)
        {
            let content;
            parenthesized!(content in input);
            let branches = drained(&content, |content| self.branches(content))?;
            let name = name.clone();
            return Ok(Layer::Combine(Combine { name, branches }));
        }
        if input.peek(token::Bracket) || input.peek(token::Brace) {
            let what = "arguments in parentheses, as in `Linear(10, 5)`";
            return Err(expected(input, what, self.end));
        }
        let arguments = if input.peek(token::Paren) {
            let content;
            let parentheses = parenthesized!(content in input);
            let values = drained(&content, arguments)?;
            Some(Arguments {
                values,
                span: parentheses.span,
            })
        } else {
            None
        };
        Ok(Layer::Call(Call { path, arguments }))
    }

    /// `nn.`, as it stands before a layer in Python: an error, behind which the layer is read.
    fn python_modules(&mut self, input: ParseStream<'_>) -> Result<()> {
        let mut modules = TokenStream::new();
        while input.peek(Ident) && input.peek2(Token![.]) && input.peek3(Ident) {
            modules.extend([input.parse::<TokenTree>()?, input.parse()?]);
        }
        if !modules.is_empty() {
            let written = modules.to_string().replace(' ', "");
            let message = format!("a layer stands without `{written}` here\nhelp: leave it out");
            self.errors.push(syn::Error::new_spanned(modules, message));
        }
        Ok(())
    }

    /// `chain, chain`
    fn branches(&mut self, content: ParseStream<'_>) -> Result<Vec<Chain>> {
        let mut branches = Vec::new();
        while !content.is_empty() {
            let mut chains = Chains {
                errors: self.errors,
                end: content.span(),
                is_strict: true,
                is_branch: true,
            };
            branches.push(chains.chain(content)?);
            if !content.is_empty() && !content.peek(Token![,]) {
                return Err(expected(content, "`->` and a layer, `,` or `)`", self.end));
            }
            content.parse::<Option<Token![,]>>()?;
        }
        Ok(branches)
    }

    /// Whether the chain ends here.
    fn at_end(&self, input: ParseStream<'_>) -> bool {
        at_end(input) || self.is_branch && input.peek(Token![,])
    }

    fn group(&mut self, content: ParseStream<'_>) -> Result<Chain> {
        let chain = self.within(content)?;
        if content.is_empty() {
            return Ok(chain);
        }
        Err(expected(content, "`->` and a layer, or `)`", self.end))
    }

    fn repeat(&mut self, content: ParseStream<'_>) -> Result<Repeat> {
        let chain = self.within(content)?;
        if !content.peek(Token![;]) {
            let what = "`;` and how many copies, as in `[Linear(5, 5) -> ReLU; 3]`";
            return Err(expected(content, what, content.span()));
        }
        content.parse::<Token![;]>()?;
        if content.is_empty() {
            return Err(content.error("expected how many copies"));
        }
        let count = content.parse()?;
        if content.is_empty() {
            return Ok(Repeat { chain, count });
        }
        Err(expected(
            content,
            "`]` after the number of copies",
            self.end,
        ))
    }

    /// The chain in a group.
    fn within(&mut self, content: ParseStream<'_>) -> Result<Chain> {
        let mut chains = Chains {
            errors: self.errors,
            end: content.span(),
            is_strict: true,
            is_branch: false,
        };
        chains.chain(content)
    }
}

/// Reads a group, of which nothing may be left over even after an error.
fn drained<T>(
    content: ParseStream<'_>,
    read: impl FnOnce(ParseStream<'_>) -> Result<T>,
) -> Result<T> {
    let result = read(content);
    content.parse::<TokenStream>()?;
    result
}

/// Whether a chain ends here.
fn at_end(input: ParseStream<'_>) -> bool {
    input.is_empty() || input.peek(Token![;]) || input.peek(Token![>]) && !input.peek(Token![>=])
}

fn skip_to_arrow(input: ParseStream<'_>) -> Result<()> {
    while !at_end(input) && !input.peek(Token![->]) {
        input.parse::<TokenTree>()?;
    }
    Ok(())
}

/// What stands in the place of an arrow: `=>`, `-`, `- >`, `,` and the like.
fn skip_operator(input: ParseStream<'_>) -> Result<()> {
    let mut goes_on = true;
    while goes_on && let Some((operator, _)) = input.cursor().punct() {
        input.parse::<TokenTree>()?;
        let is_half = operator.as_char() == '-' && is_within(input);
        goes_on = operator.spacing() == Spacing::Joint || is_half;
    }
    Ok(())
}

/// Whether a `>` follows that ends no chain.
fn is_within(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    ahead.parse::<Token![>]>().is_ok() && !ahead.is_empty() && !ahead.peek(Token![;])
}

/// Whether an identifier follows, or one of the keywords that a path may hold.
pub(super) fn starts_path(input: ParseStream<'_>) -> bool {
    input.peek(Ident)
        || input.peek(Token![self])
        || input.peek(Token![Self])
        || input.peek(Token![super])
        || input.peek(Token![crate])
        || input.peek(Token![::])
}

fn stage_name(input: ParseStream<'_>) -> Result<Ident> {
    let name = input.call(Ident::parse_any)?;
    let message = match name.to_string().as_str() {
        "_" => "`_` is no name\nhelp: leave it out, and the stage is named by its place".to_owned(),
        "self" | "Self" | "super" | "crate" => {
            format!("`{name}` is a keyword\nhelp: write another name")
        }
        _ if is_keyword(&name) => {
            format!("`{name}` is a keyword\nhelp: write `r#{name}`, or another name")
        }
        _ => return Ok(name),
    };
    Err(syn::Error::new(name.span(), message))
}

fn path(input: ParseStream<'_>) -> Result<Path> {
    let leading_colon = input.parse()?;
    let mut segments: Vec<Segment> = Vec::new();
    let mut colon = None;
    loop {
        if !starts_path(input) || input.peek(Token![::]) {
            return Err(input.error("expected a name"));
        }
        let ident = input.call(Ident::parse_any)?;
        let has_generics =
            input.peek(Token![<]) || input.peek(Token![::]) && input.peek3(Token![<]);
        let generics = has_generics
            .then(|| input.parse::<AngleBracketedGenericArguments>())
            .transpose()?;
        let is_last = !input.peek(Token![::]);
        if is_last && is_keyword(&ident) {
            let message = format!("expected a layer, found keyword `{ident}`");
            return Err(syn::Error::new(ident.span(), message));
        }
        segments.push(Segment {
            colon,
            ident,
            generics,
        });
        if is_last {
            return Ok(Path {
                leading_colon,
                segments,
            });
        }
        colon = Some(input.parse()?);
    }
}

fn arguments(content: ParseStream<'_>) -> Result<Vec<Argument>> {
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
            return Err(expected(content, "`,` or `)`", content.span()));
        }
        content.parse::<Token![,]>()?;
    }
    Ok(values)
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
