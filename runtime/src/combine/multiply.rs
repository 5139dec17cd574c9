use super::{Alike, Combine, back::alike_back, fold};
use crate::{flow::Flow, kernels::Zip, layer::Layer, value::Value};

/// `Multiply(chain, chain, …)`: the product of what they give, number by number.
pub struct Multiply;

impl<X: Value, Y: Value, L: Layer<X, Output = Y>, Rest: Alike<X, Y>> Combine<X, Y, (&L, Rest)>
    for Multiply
{
    #[inline(always)]
    fn flow<F: Flow>(flow: &mut F, x: F::Of<X>, branches: (&L, Rest)) -> F::Of<Y> {
        fold(flow, x, branches, Zip::Multiply)
    }
}

alike_back!(Multiply, Zip::Multiply);
