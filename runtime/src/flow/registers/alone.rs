//! A whole step with one sample: what changes the weights stays in registers, too.

use super::back::sample;
use crate::{
    backward::Trainable,
    flow::record::Follow,
    kernels::{
        Function,
        dispatch::{Kernel, dispatch_avx2},
        isa::Isa,
    },
    layer::Layer,
    value::Value,
};

/// Does it and gives the loss, or gives nothing where the processor is another one.
#[inline(always)]
pub(in crate::flow) fn step<X, L, J>(layer: &mut L, x: &X, judge: &mut J) -> Option<J::Loss>
where
    X: Value,
    L: Layer<X> + Trainable<X, Output = <L as Layer<X>>::Output>,
    J: Follow<L, <L as Layer<X>>::Output>,
{
    dispatch_avx2(Step { layer, x, judge })
}

struct Step<'a, X, L, J> {
    layer: &'a mut L,
    x: &'a X,
    judge: &'a mut J,
}

impl<'a, X, L, J> Kernel for Step<'a, X, L, J>
where
    X: Value,
    L: Layer<X> + Trainable<X, Output = <L as Layer<X>>::Output>,
    J: Follow<L, <L as Layer<X>>::Output>,
{
    type Output = J::Loss;
    type First = &'a mut L;
    type Second = &'a X;
    type Third = &'a mut J;

    #[inline(always)]
    fn parts(self) -> (Self::First, Self::Second, Self::Third, Function) {
        (self.layer, self.x, self.judge, Function::Identity)
    }

    #[inline(always)]
    fn run<I: Isa>(isa: I, layer: &'a mut L, x: &'a X, judge: &'a mut J, _: Function) -> J::Loss {
        let mut gradient = L::ZEROS;
        let start = judge.start();
        if sample(isa, layer, &mut gradient, x, 0, judge, start).is_some() {
            judge.follow(isa, layer, &gradient);
        }
        judge.loss()
    }
}
