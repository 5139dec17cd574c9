//! The way back in lanes: block by block, in each of which a lane is a sample.

use super::{
    InLanes, MOST_LANES, Of, in_lanes,
    sums::{Room, Sums},
    transpose_in, transpose_out,
};
use crate::{
    backward::Trainable,
    flow::{
        parts::is_linear,
        record::{Judge, Samples, Start},
    },
    kernels::{
        Function,
        dispatch::{Kernel, dispatch},
        isa::{Isa, Vector},
    },
    layer::Layer,
    parameters::layout::Layout,
    scalar::Scalar,
    value::{Value, many_zeros},
};

/// The bytes of the largest network for which that is faster.
pub(in crate::flow) const MOST: usize = 1024;

/// Puts the sum of what the samples give into `gradient`.
#[inline(never)]
pub(in crate::flow) fn gradient<X, L, S, J>(
    layer: &L,
    gradient: &mut L,
    inputs: S,
    judge: &mut J,
    start: Start,
) where
    X: Value,
    L: Layer<X> + Trainable<X, Output = <L as Layer<X>>::Output>,
    S: Samples<X>,
    J: Judge<<L as Layer<X>>::Output>,
{
    *gradient = L::ZEROS;
    dispatch(Pass {
        layer,
        gradient,
        inputs,
        judge,
        start,
        input: core::marker::PhantomData,
    });
}

struct Pass<'a, X, L, S, J> {
    layer: &'a L,
    gradient: &'a mut L,
    inputs: S,
    judge: &'a mut J,
    start: Start,
    input: core::marker::PhantomData<X>,
}

impl<'a, X, L, S, J> Kernel for Pass<'a, X, L, S, J>
where
    S: Samples<X>,
    X: Value,
    L: Layer<X> + Trainable<X, Output = <L as Layer<X>>::Output>,
    J: Judge<<L as Layer<X>>::Output>,
{
    type Output = ();
    type First = (&'a L, &'a mut L);
    type Second = S;
    type Third = (&'a mut J, Start);

    #[inline(always)]
    fn parts(self) -> (Self::First, Self::Second, Self::Third, Function) {
        let third = (self.judge, self.start);
        (
            (self.layer, self.gradient),
            self.inputs,
            third,
            Function::Identity,
        )
    }

    #[inline(always)]
    fn run<I: Isa>(
        isa: I,
        (layer, gradient): Self::First,
        mut inputs: S,
        (judge, start): Self::Third,
        _: Function,
    ) {
        let lanes = Of::<X, I>::LANES;
        let mut room = Room::NEW;
        let mut flow = InLanes {
            isa,
            samples: lanes,
            back: Sums::new::<Of<X, I>>(&mut room, const { linears(&L::LAYOUT) }, start),
        };
        let mut done = 0;
        while done < inputs.len() {
            let count = lanes.min(inputs.most()).min(inputs.len() - done);
            flow.samples = count;
            flow.back
                .next(start.first + done as u64, done + count == inputs.len());
            let block = inputs.block(done, count);
            flow.block(layer, gradient, block, done, judge);
            done += count;
        }
    }
}

/// How many numbers enter and leave all `Linear` of a network: what is kept of a sample.
const fn linears(layout: &Layout) -> usize {
    match layout {
        Layout::Tensor(_) => 0,
        Layout::Array { len, item, .. } => *len * linears(item),
        Layout::Struct(fields) => {
            let mut sum = 0;
            let mut rest = *fields;
            while let [field, tail @ ..] = rest {
                if let Some(stage) = field.stage
                    && is_linear(stage.layer)
                {
                    sum += stage.inputs.len() + stage.outputs.len();
                } else {
                    sum += linears(&field.layout);
                }
                rest = tail;
            }
            sum
        }
    }
}

impl<I: Isa> InLanes<I, Sums<'_>> {
    /// As many samples as there are lanes, or fewer.
    #[inline(always)]
    fn block<X, L, J>(
        &mut self,
        layer: &L,
        gradient: &mut L,
        inputs: &[X],
        done: usize,
        judge: &mut J,
    ) where
        X: Value,
        L: Layer<X> + Trainable<X, Output = <L as Layer<X>>::Output>,
        J: Judge<<L as Layer<X>>::Output>,
    {
        let isa = self.isa;
        let count = inputs.len();
        // SAFETY: a block has a sample at least.
        let x = unsafe { in_lanes(isa, inputs) };
        let (out, kept) = layer.keep(self, x);
        let mut slope = <L as Layer<X>>::Output::lanes(Vector::splat(isa, Scalar::ZERO));
        if !judge.judge_lanes(isa, done..done + count, out.as_ref(), slope.as_mut()) {
            let mut y: [<L as Layer<X>>::Output; MOST_LANES] = many_zeros();
            // Those of lanes without a sample stay zero.
            let mut dy: [<L as Layer<X>>::Output; MOST_LANES] = many_zeros();
            // SAFETY: there is room for as many samples as any register has lanes.
            unsafe {
                transpose_out(out.as_ref(), y.as_mut_ptr().cast());
                judge.judge_in(isa, done, &y[..count], &mut dy[..count]);
                transpose_in(isa, dy.as_ptr().cast(), slope.as_mut());
            }
        }
        layer.back::<_, false>(gradient, self, kept, slope);
    }
}
