//! Blocks, which are structs of their own: `name: (chain)` and `[chain; n]`.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::Ident;

use super::{Building, Flow, Lowering, Reach};
use crate::{
    ast::{Chain, Layer, Repeat, Stage as Written},
    check,
    ir::{Dim, Fits, Stage, Value},
    text::text,
};

impl Lowering<'_> {
    /// `name: (chain)`
    pub(super) fn block(
        &mut self,
        to: &mut Building,
        name: &Ident,
        chain: &Chain,
        flow: &mut Flow,
    ) -> Stage {
        let block = self.network(name.clone(), chain, flow);
        let (input, output) = (block.input.clone(), block.output.clone());
        let stage = Stage {
            layer: name.to_string(),
            block: Some(name.clone()),
            written: format!("`{name}`"),
            takes: block.takes.clone(),
            ..Stage::new(name.to_token_stream(), input, output)
        };
        to.blocks.push(block);
        stage
    }

    /// `[chain; count]`
    pub(super) fn repeat(
        &mut self,
        to: &mut Building,
        name: &Ident,
        repeat: &Repeat,
        flow: &mut Flow,
    ) -> Stage {
        let input = flow.as_ref().map(|reach| reach.size.clone());
        let item = self.item(to, name, &repeat.chain, flow);
        let count = self.size(&repeat.count);
        let input = input.unwrap_or_else(|| item.input.clone());
        let sizes = [&input, &item.takes, &item.output].map(Dim::clone);
        let written = format!("[{}; {}]", repeat.chain.text(), text(&repeat.count));
        let output = self.leaves(&sizes, written, flow);
        let fits = match &sizes {
            [Dim::Known(a), Dim::Known(b), Dim::Known(c)] if a == b && b == c => Fits::Yes,
            _ => Fits::Const(self.constant(Value::Equal(sizes))),
        };
        Stage {
            written: format!("{} × {}", item.written, count.text()),
            copies: Some(count),
            input,
            output,
            fits,
            ..item
        }
    }

    /// What is repeated: a chain as a struct of its own. A stage that is alone in it has no part of
    /// its own in keys, and a combinator is that struct itself.
    fn item(&mut self, to: &mut Building, name: &Ident, chain: &Chain, flow: &mut Flow) -> Stage {
        let alone = match &chain.stages[..] {
            [Written { name: None, layer }] => Some(layer),
            _ => None,
        };
        if let Some(Layer::Combine(combine)) = alone {
            return self.combine(to, name, combine, flow);
        }
        let item = self.block(to, name, chain, flow);
        if let (Some(Layer::Call(_) | Layer::Repeat(_)), Some(block)) =
            (alone, to.blocks.last_mut())
            && let [stage] = &mut block.stages[..]
        {
            stage.key = String::new();
        }
        item
    }

    /// What leaves the last copy. A copy that takes what reaches the first and doesn't give it to
    /// the next is an error, and what leaves then is not known.
    fn leaves(&mut self, sizes: &[Dim; 3], block: String, flow: &mut Flow) -> Dim {
        let [gets, takes, gives] = sizes;
        let Some(Reach { size, from }) = flow else {
            return gives.clone();
        };
        *size = match (gets, takes, gives) {
            (Dim::Known(gets), Dim::Known(takes), Dim::Known(gives)) => {
                if gets == takes && takes != gives {
                    let message = check::repeats(*takes, *gives, &block, from);
                    self.hole(syn::Error::new_spanned(&from.at, message))
                } else {
                    Dim::Known(*gives)
                }
            }
            (Dim::Hole(_), ..) | (_, Dim::Hole(_), _) | (.., Dim::Hole(_)) => gives.clone(),
            _ => {
                let path: TokenStream = self.constant(Value::Repeats {
                    gets: gets.clone(),
                    takes: takes.clone(),
                    gives: gives.clone(),
                    block,
                    producer: from.clone(),
                });
                Dim::Const(path, gives.text())
            }
        };
        size.clone()
    }
}
