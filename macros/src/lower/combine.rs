//! `Residual(chain)` and `Concat(chain, chain)`: structs of their own, of which the stages or the
//! branches are fields.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident};
use syn::Ident;

use super::{Building, Flow, Lowering, Reach};
use crate::{
    ast::{Chain, Combine, Stage as Written},
    combine::{self, Form, Spec},
    ir::{Check, Claim, Dim, Fits, Join, Network, Producer, Shape, Stage, Value},
};

impl Lowering<'_> {
    pub(super) fn combine(
        &mut self,
        to: &mut Building,
        name: &Ident,
        combine: &Combine,
        flow: &mut Flow,
    ) -> Stage {
        let written = combine.name.to_string();
        let spec = combine::meant(&written).expect("the name of a combinator, or nearly");
        if written != spec.name {
            let message = format!("`{written}` is no layer\nhelp: write `{}`", spec.name);
            self.errors.error(&combine.name, message);
        }
        let block = match (spec.form, &combine.branches[..]) {
            (Form::Skip, [chain]) => {
                let block = self.residual(name, chain, flow);
                *flow = Some(Reach {
                    shape: block.output.clone(),
                    from: producer(combine.text(), &combine.name),
                });
                block
            }
            (Form::Skip, _) => {
                let message = format!(
                    "`{}` takes one chain\nhelp: write `{}`",
                    spec.name, spec.example
                );
                self.wrong(name, combine, message, flow)
            }
            (_, [] | [_]) => {
                let message = format!(
                    "`{}` puts branches together, of which there are two at least\nhelp: write \
                     `{}`",
                    spec.name, spec.example
                );
                self.wrong(name, combine, message, flow)
            }
            (_, branches) => self.branches(spec, name, combine, branches, flow),
        };
        let stage = Stage {
            layer: spec.name.to_owned(),
            block: Some(name.clone()),
            written: format!("`{}`", combine.text()),
            takes: block.takes.clone(),
            ..Stage::new(
                name.to_token_stream(),
                block.input.clone(),
                block.output.clone(),
            )
        };
        to.blocks.push(block);
        stage
    }

    /// A struct in the place of one whose branches are too many or too few.
    fn wrong(
        &mut self,
        name: &Ident,
        combine: &Combine,
        message: String,
        flow: &mut Flow,
    ) -> Network {
        let block = self.unreadable(
            name.clone(),
            syn::Error::new_spanned(&combine.name, message),
        );
        *flow = Some(Reach {
            shape: block.output.clone(),
            from: producer(combine.text(), &combine.name),
        });
        block
    }

    fn residual(&mut self, name: &Ident, chain: &Chain, flow: &mut Flow) -> Network {
        let mut block = self.network(name.clone(), chain, flow);
        if let Some(Reach { from, .. }) = flow {
            self.checks.push(Check {
                at: at_fault(from, &block.input, &block.output),
                claim: Claim::Residual {
                    enters: block.input.clone(),
                    leaves: block.output.clone(),
                    producer: Box::new(from.clone()),
                },
            });
        }
        block.join = Join::Residual(self.same(&block.input, &block.output));
        // What enters leaves, also where the chain is in error: nothing more is said of it behind.
        block.output = block.input.clone();
        block
    }

    /// Branches of which each gets what reaches the combinator, or what the first one takes.
    fn branches(
        &mut self,
        spec: &'static Spec,
        name: &Ident,
        combine: &Combine,
        branches: &[Chain],
        flow: &mut Flow,
    ) -> Network {
        let mut building = Building::new(name.clone(), flow);
        let mut enters = flow.clone();
        let mut leaves: Vec<(Shape, Producer)> = Vec::new();
        for (place, branch) in branches.iter().enumerate() {
            let mut flow = enters.clone();
            self.branch(&mut building, place, branch, &mut flow);
            if let (None, Some(first)) = (&enters, building.stages.first()) {
                let mut from = producer(branch.text(), &combine.name);
                from.is_beside = true;
                let shape = first.takes.clone();
                enters = Some(Reach { shape, from });
            }
            if let Some(Reach { shape, from }) = flow {
                leaves.push((shape, from));
            }
        }
        let (output, fits) = match &leaves[..] {
            [] => (Shape::vector(self.unknown()), Fits::Yes),
            [(first, by), rest @ ..] => {
                let channels: Vec<Dim> = leaves
                    .iter()
                    .map(|(shape, _)| Self::channels(shape))
                    .collect();
                let mut fits = Fits::Yes;
                for ((shape, from), channels) in rest.iter().zip(&channels[1..]) {
                    // Of branches side by side, the channels are their own.
                    let first = match spec.form {
                        Form::InTurn => first.with_channels(channels),
                        _ => first.clone(),
                    };
                    if let (Form::InTurn, [_], [_]) = (spec.form, first.dims(), shape.dims()) {
                        continue;
                    }
                    self.checks.push(Check {
                        at: at_fault(from, &first, shape),
                        claim: Claim::Alike {
                            first: first.clone(),
                            gives: shape.clone(),
                            name: spec.name,
                            by: by.written.clone(),
                            producer: Box::new(from.clone()),
                        },
                    });
                    // One that is false stays.
                    if let Fits::Yes = fits {
                        fits = self.same(&first, shape);
                    }
                }
                let output = match spec.form {
                    Form::InTurn => first.with_channels(&self.sum(channels)),
                    _ => first.clone(),
                };
                (output, fits)
            }
        };
        *flow = Some(Reach {
            shape: output.clone(),
            from: producer(combine.text(), &combine.name),
        });
        self.built(building, output, Join::Branches(spec.name, fits))
    }

    /// A branch that is one stage with a name has that name; another is numbered by its place.
    fn branch(&mut self, to: &mut Building, place: usize, branch: &Chain, flow: &mut Flow) {
        if let [stage @ Written { name: Some(_), .. }] = &branch.stages[..] {
            return self.stage(to, stage, flow);
        }
        let name = format_ident!("{}Branch{place}", to.name, span = to.name.span());
        let field = format_ident!("branch{place}", span = to.name.span());
        to.fields.insert(field.to_string());
        let mut stage = self.block(to, &name, branch, flow);
        stage.field = field;
        stage.key = place.to_string();
        to.input.get_or_insert_with(|| stage.input.clone());
        to.takes.get_or_insert_with(|| stage.takes.clone());
        to.stages.push(stage);
    }

    pub(super) fn sum(&mut self, sizes: Vec<Dim>) -> Dim {
        let mut known = 0;
        for size in &sizes {
            match size {
                Dim::Known(size) => known += size,
                Dim::Hole(_) => return size.clone(),
                Dim::Const(..) => {
                    let texts: Vec<String> = sizes.iter().map(Dim::text).collect();
                    return Dim::Const(self.constant(Value::Sum(sizes)), texts.join(" + "));
                }
            }
        }
        Dim::Known(known)
    }

    /// Whether two shapes are the same.
    fn same(&mut self, a: &Shape, b: &Shape) -> Fits {
        match (a.known(), b.known()) {
            (Some(a), Some(b)) if a == b => Fits::Yes,
            _ => {
                let shapes = [a.clone(), b.clone(), b.clone()];
                Fits::Const(self.constant(Value::Equal(shapes)))
            }
        }
    }
}

/// What is wrong where a layer does not give the shape that it should: its number of outputs, or all of
/// it, if that number is right.
fn at_fault(from: &Producer, should: &Shape, gives: &Shape) -> TokenStream {
    let [should, gives] = [should, gives].map(|shape| Lowering::channels(shape).text());
    if should == gives {
        &from.layer
    } else {
        &from.at
    }
    .clone()
}

fn producer(written: String, at: &Ident) -> Producer {
    Producer {
        written,
        write: None,
        at: at.to_token_stream(),
        layer: at.to_token_stream(),
        is_beside: false,
    }
}
