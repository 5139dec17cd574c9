//! Many samples through a network of a few numbers: each lane of the registers is a sample.
#![allow(unsafe_code, reason = "loads and stores of registers")]

pub(super) mod back;
mod record;
mod side;
mod sums;

use core::mem::MaybeUninit;

use nalgebra::{SMatrix, SVector};
use side::Side;

use super::Flow;
use crate::{
    image::Grid,
    kernels::{
        Function, Map, MapRow, Zip,
        dispatch::{Kernel, dispatch},
        isa::{Isa, Vector},
        math, stack,
    },
    layer::Layer,
    scalar::Scalar,
    value::{Value, many_zeros},
};

/// Fills `outputs`, which is as long as `inputs`.
#[inline(always)]
pub(super) fn forward<X: Value, L: Layer<X>>(layer: &L, inputs: &[X], outputs: &mut [L::Output]) {
    dispatch(Forward {
        layer,
        inputs,
        outputs,
    });
}

struct Forward<'a, L, X, Y> {
    layer: &'a L,
    inputs: &'a [X],
    outputs: &'a mut [Y],
}

impl<'a, X: Value, L: Layer<X>> Kernel for Forward<'a, L, X, L::Output> {
    type Output = ();
    type First = &'a L;
    type Second = &'a [X];
    type Third = &'a mut [L::Output];

    #[inline(always)]
    fn parts(self) -> (&'a L, &'a [X], &'a mut [L::Output], Function) {
        (self.layer, self.inputs, self.outputs, Function::Identity)
    }

    #[inline(always)]
    fn run<I: Isa>(
        isa: I,
        layer: &'a L,
        all_inputs: &'a [X],
        all_outputs: &'a mut [L::Output],
        _: Function,
    ) {
        stack::align();
        let lanes = Of::<X, I>::LANES;
        let samples = all_inputs.len().min(all_outputs.len());
        let (whole, rest) = (samples / lanes, samples % lanes);
        let mut last = [const { MaybeUninit::<X>::uninit() }; MOST_LANES];
        let mut last_outputs = [const { MaybeUninit::<L::Output>::uninit() }; MOST_LANES];
        if rest > 0 {
            // The other lanes, too, have a sample that somebody gave: another's sums might be too
            // large for a number.
            let samples = all_inputs.iter().skip(whole * lanes).cycle();
            for (to, sample) in last.iter_mut().zip(samples) {
                to.write(sample.clone());
            }
        }
        let mut flow = InLanes {
            isa,
            samples: lanes,
            back: (),
        };
        let spans = [
            (all_inputs.as_ptr(), all_outputs.as_mut_ptr(), whole, lanes),
            (
                last.as_ptr().cast(),
                last_outputs.as_mut_ptr().cast(),
                usize::from(rest > 0),
                rest,
            ),
        ];
        for (mut x, mut y, blocks, samples) in spans {
            flow.samples = samples;
            for _ in 0..blocks {
                // SAFETY: both have a place for each lane, and the inputs a sample.
                unsafe {
                    block(layer, &mut flow, x, y);
                    (x, y) = (x.add(lanes), y.add(lanes));
                }
            }
        }
        let left = all_outputs.iter_mut().skip(whole * lanes).take(rest);
        for (to, from) in left.zip(last_outputs) {
            // SAFETY: as many as are left were written.
            *to = unsafe { from.assume_init() };
        }
    }
}

/// As many samples as there are lanes.
///
/// # Safety
///
/// `x` and `y` lead to as many.
#[inline(always)]
unsafe fn block<X: Value, L: Layer<X>, I: Isa>(
    layer: &L,
    flow: &mut InLanes<I>,
    x: *const X,
    y: *mut L::Output,
) {
    let mut vectors = X::lanes(Of::<X, I>::splat(flow.isa, Scalar::ZERO));
    // SAFETY: by the caller; a value is its numbers.
    unsafe {
        transpose_in(flow.isa, x.cast(), vectors.as_mut());
        transpose_out(layer.flow(flow, vectors).as_ref(), y.cast());
    }
}

type Of<X, I> = <<X as Value>::Scalar as Scalar>::Vector<I>;

/// One register for each number of a value.
///
/// # Safety
///
/// `from` leads to a value for each lane, of as many numbers as there are vectors.
#[inline(always)]
unsafe fn transpose_in<V: Vector>(isa: V::Isa, from: *const V::Scalar, vectors: &mut [V]) {
    let len = vectors.len();
    // SAFETY: by the caller.
    unsafe {
        if let [x, y] = vectors {
            [*x, *y] = V::gather_two(isa, from);
        } else if let Some(last) = len.checked_sub(4) {
            // Some twice, so that nothing beyond the last sample is read.
            for i in (0..len).step_by(4) {
                let i = i.min(last);
                let four = V::gather_four(isa, from.add(i), len);
                for (x, number) in vectors.iter_mut().skip(i).zip(four) {
                    *x = number;
                }
            }
        } else {
            for (i, x) in vectors.iter_mut().enumerate() {
                *x = V::gather(isa, from.add(i), len);
            }
        }
    }
}

/// A sample in each lane; others have the last one again.
///
/// # Safety
///
/// There is a sample at least.
#[inline(always)]
pub(crate) unsafe fn in_lanes<X: Value, V: Vector<Scalar = X::Scalar>>(
    isa: V::Isa,
    samples: &[X],
) -> X::Lanes<V> {
    let mut vectors = X::lanes(V::splat(isa, Scalar::ZERO));
    let again: [X; MOST_LANES];
    let from = if samples.len() >= V::LANES {
        samples.as_ptr()
    } else {
        again = core::array::from_fn(|lane| {
            // SAFETY: by the caller.
            unsafe { samples.get_unchecked(lane.min(samples.len() - 1)) }.clone()
        });
        again.as_ptr()
    };
    // SAFETY: there is one for each lane.
    unsafe { transpose_in(isa, from.cast(), vectors.as_mut()) };
    vectors
}

/// # Safety
///
/// `to` leads to room for a value for each lane, of as many numbers as there are vectors.
#[inline(always)]
unsafe fn transpose_out<V: Vector>(vectors: &[V], to: *mut V::Scalar) {
    // SAFETY: by the caller.
    unsafe {
        if let [x] = vectors {
            return x.store(to);
        }
        for (i, x) in vectors.iter().enumerate() {
            x.scatter(to.add(i), vectors.len());
        }
    }
}

struct InLanes<I, R = ()> {
    isa: I,
    /// As many lanes are in use.
    samples: usize,
    /// What is kept for the way back.
    back: R,
}

/// `f32` in AVX-512.
const MOST_LANES: usize = 16;

impl<I: Isa, R> Flow for InLanes<I, R> {
    type Of<X: Value> = X::Lanes<Of<X, I>>;

    #[inline(always)]
    fn linear<T: Scalar, const IN: usize, const OUT: usize>(
        &mut self,
        weight: &SMatrix<T, OUT, IN>,
        bias: &[T],
        x: Grid<T::Vector<I>, IN, 1, 1>,
        function: Function,
    ) -> Grid<T::Vector<I>, OUT, 1, 1> {
        // SAFETY: they are the inputs, one after another.
        unsafe { self.linear_of(weight, bias, (x.0[0][0].as_ptr(), 1), function) }
    }

    #[inline(always)]
    fn function<X: Value>(
        &mut self,
        function: Function,
        mut y: X::Lanes<Of<X, I>>,
    ) -> X::Lanes<Of<X, I>> {
        let isa = self.isa;
        let y_slice = y.as_mut();
        if let Function::Softmax = function {
            let mut largest = Of::<X, I>::splat(isa, X::Scalar::NEG_INFINITY);
            for x in y_slice.iter() {
                largest = largest.max(*x);
            }
            let mut sum = Of::<X, I>::splat(isa, X::Scalar::ZERO);
            for x in y_slice.iter_mut() {
                [*x] = math::exp_below_zero(isa, [x.sub(largest)]);
                sum = sum.add(*x);
            }
            let inverse = math::reciprocal(isa, sum);
            for x in y_slice {
                *x = x.mul(inverse);
            }
        } else {
            for x in y_slice {
                let mut one = [*x];
                function.map(isa, &mut one);
                [*x] = one;
            }
        }
        y
    }

    #[inline(always)]
    fn layer<X: Value, L: Layer<X>>(
        &mut self,
        layer: &L,
        x: X::Lanes<Of<X, I>>,
    ) -> <L::Output as Value>::Lanes<Of<L::Output, I>> {
        let isa = self.isa;
        let mut samples: [X; MOST_LANES] = many_zeros();
        // SAFETY: there is room for as many samples as any register has lanes.
        unsafe { transpose_out(x.as_ref(), samples.as_mut_ptr().cast()) };
        let mut outputs: [L::Output; MOST_LANES] = many_zeros();
        for lane in 0..MOST_LANES {
            // The lanes beyond the samples have one of them again.
            outputs[lane] = if lane < self.samples {
                layer.forward(&samples[lane])
            } else {
                outputs[lane % self.samples].clone()
            };
        }
        let mut y = L::Output::lanes(Vector::splat(isa, Scalar::ZERO));
        // SAFETY: as above.
        unsafe { transpose_in(isa, outputs.as_ptr().cast(), y.as_mut()) };
        y
    }

    #[inline(always)]
    fn map<X: Value, M: Map>(&mut self, map: &M, mut x: X::Lanes<Of<X, I>>) -> X::Lanes<Of<X, I>> {
        for x in x.as_mut() {
            *x = map.map(self.isa, *x);
        }
        x
    }

    #[inline(always)]
    fn row<X: Value, M: MapRow<X::Scalar>>(
        &mut self,
        map: &M,
        mut x: X::Lanes<Of<X, I>>,
    ) -> X::Lanes<Of<X, I>> {
        let (isa, numbers) = (self.isa, x.as_mut());
        map.map(&mut Side { isa, numbers });
        x
    }

    #[inline(always)]
    fn share<X: Value>(&mut self, x: &X::Lanes<Of<X, I>>) -> X::Lanes<Of<X, I>> {
        *x
    }

    #[inline(always)]
    fn zip<X: Value>(
        &mut self,
        zip: Zip,
        mut x: X::Lanes<Of<X, I>>,
        y: X::Lanes<Of<X, I>>,
    ) -> X::Lanes<Of<X, I>> {
        for (x, y) in x.as_mut().iter_mut().zip(y.as_ref()) {
            *x = zip.of(*x, *y);
        }
        x
    }

    #[inline(always)]
    fn room<X: Value>(&mut self) -> X::Lanes<Of<X, I>> {
        X::lanes(Vector::splat(self.isa, X::Scalar::ZERO))
    }

    #[inline(always)]
    fn put<X: Value, Y: Value<Scalar = X::Scalar>>(
        &mut self,
        mut y: Y::Lanes<Of<Y, I>>,
        at: usize,
        x: X::Lanes<Of<X, I>>,
    ) -> Y::Lanes<Of<Y, I>> {
        for (to, from) in y.as_mut().iter_mut().skip(at).zip(x.as_ref()) {
            *to = *from;
        }
        y
    }
}

impl<I: Isa, R> InLanes<I, R> {
    /// [`Flow::linear`] of inputs that lie so many vectors apart.
    ///
    /// # Safety
    ///
    /// There are `IN`.
    #[inline(always)]
    unsafe fn linear_of<T: Scalar, const IN: usize, const OUT: usize>(
        &mut self,
        weight: &SMatrix<T, OUT, IN>,
        bias: &[T],
        (x, stride): (*const T::Vector<I>, usize),
        function: Function,
    ) -> Grid<T::Vector<I>, OUT, 1, 1> {
        let isa = self.isa;
        let mut grid = SVector::<T, OUT>::lanes(Vector::splat(isa, T::ZERO));
        let y = &mut grid.0[0][0];
        for (y, &bias) in y.iter_mut().zip(bias) {
            *y = Vector::splat(isa, bias);
        }
        let columns = weight.as_slice().chunks_exact(OUT.max(1));
        for (input, column) in columns.enumerate().take(IN) {
            // SAFETY: by the caller.
            let x = unsafe { *x.add(input * stride) };
            for (y, &w) in y.iter_mut().zip(column) {
                *y = x.mul_add(Vector::splat(isa, w), *y);
            }
        }
        self.function::<SVector<T, OUT>>(function, grid)
    }
}
