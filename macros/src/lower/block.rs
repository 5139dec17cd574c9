//! Blocks, which are structs of their own: `name: (chain)` and `[chain; n]`.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{Expr, Ident};

use super::{Building, Flow, Lowering, Reach};
use crate::{
    ast::{Chain, Layer, Repeat, Stage as Written},
    check,
    ir::{Dim, Fits, Shape, Stage, Value},
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
        let input = flow.as_ref().map(|reach| reach.shape.clone());
        let item = self.item(to, name, &repeat.chain, flow);
        let count = match &repeat.count {
            count @ Expr::Infer(_) => {
                let message =
                    "`_` takes what reaches a layer; how many copies there are is a number";
                self.hole(syn::Error::new_spanned(count, message))
            }
            count => self.size(count),
        };
        let input = input.unwrap_or_else(|| item.input.clone());
        let shapes = [&input, &item.takes, &item.output].map(Shape::clone);
        let written = format!("[{}; {}]", repeat.chain.text(), text(&repeat.count));
        let output = self.leaves(&shapes, written, flow);
        let fits = match shapes.each_ref().map(Shape::known) {
            [Some(a), Some(b), Some(c)] if a == b && b == c => Fits::Yes,
            _ => Fits::Const(self.constant(Value::Equal(shapes))),
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
    fn leaves(&mut self, shapes: &[Shape; 3], block: String, flow: &mut Flow) -> Shape {
        let [gets, takes, gives] = shapes;
        let Some(Reach { shape, from }) = flow else {
            return gives.clone();
        };
        let is_hole = shapes.iter().any(|shape| shape.hole().is_some());
        *shape = match shapes.each_ref().map(Shape::known) {
            _ if is_hole => gives.clone(),
            [Some(reaches), Some(enters), Some(leaves)] => {
                if reaches == enters && enters != leaves {
                    let message = check::repeats(takes, gives, &block, from);
                    let hole = self.hole(syn::Error::new_spanned(&from.at, message));
                    Shape::Dims(vec![hole; gives.dims().len()])
                } else {
                    gives.clone()
                }
            }
            _ => {
                let path: TokenStream = self.constant(Value::Repeats {
                    gets: gets.clone(),
                    takes: takes.clone(),
                    gives: gives.clone(),
                    block,
                    producer: from.clone(),
                });
                match gives.dims() {
                    [features] => {
                        let value = quote_spanned!(Span::mixed_site()=> #path.channels());
                        Shape::vector(Dim::Const(value, features.text()))
                    }
                    _ => Shape::Own(path),
                }
            }
        };
        shape.clone()
    }
}
