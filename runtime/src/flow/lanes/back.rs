//! The way back in lanes: each number of the gradient has a register's worth of memory, to which every
//! lane adds its own sample's part, and whose sum is taken at the end.

use core::mem::MaybeUninit;

use nalgebra::{SMatrix, SVector};

use super::{InLanes, MOST_LANES, Of, transpose_in, transpose_out};
use crate::{
    backward::{Backward, Trainable},
    flow::record::{Judge, Record, Samples, Start},
    image::Grid,
    kernels::{
        Function, Map, Zip,
        dispatch::{Kernel, dispatch},
        isa::{Isa, Vector},
    },
    layer::Layer,
    parameters::{Parameters, runs},
    random,
    scalar::Scalar,
    value::Value,
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

/// Room for a register for each number of a network.
#[repr(C, align(64))]
struct Room(MaybeUninit<[u8; MOST * MOST_LANES]>);

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
        let mut room = Room(MaybeUninit::uninit());
        let sums: *mut u8 = room.0.as_mut_ptr().cast();
        let base = core::ptr::from_mut(gradient).cast::<u8>();
        // SAFETY: a network has `MOST` bytes at the most, and a register has `MOST_LANES` lanes.
        unsafe { sums.write_bytes(0, size_of::<L>() * lanes) };
        let mut flow = InLanes {
            isa,
            samples: lanes,
            back: Sums {
                base,
                first: sums,
                start,
                draws: 0,
            },
        };
        let mut done = 0;
        while done < inputs.len() {
            let count = lanes.min(inputs.most()).min(inputs.len() - done);
            flow.samples = count;
            flow.back.start.first = start.first + done as u64;
            flow.back.draws = 0;
            let block = inputs.block(done, count);
            flow.block(layer, gradient, block, done, judge);
            done += count;
        }
        runs::each::<X::Scalar, L>(&mut Add {
            isa,
            to: base,
            sums: sums.cast_const(),
        });
    }
}

/// Where the sums are.
struct Sums {
    /// Where the gradient begins: a number's sum is as many registers from the first as the number is
    /// numbers from here.
    base: *const u8,
    first: *mut u8,
    start: Start,
    draws: u64,
}

/// Adds the sums of the lanes to the gradient.
struct Add<I> {
    isa: I,
    to: *mut u8,
    sums: *const u8,
}

impl<I: Isa> runs::Each for Add<I> {
    #[inline(always)]
    fn run<T: Scalar>(&mut self, offset: usize, len: usize) {
        let lanes = T::Vector::<I>::LANES;
        for index in 0..len {
            let at = offset + index * size_of::<T>();
            // SAFETY: there is a register for each number.
            unsafe {
                let sum = T::Vector::<I>::load(self.isa, self.sums.add(at * lanes).cast());
                *self.to.add(at).cast::<T>() += sum.sum(lanes);
            }
        }
    }
}

impl<I: Isa> InLanes<I, Sums> {
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
        let (isa, lanes) = (self.isa, Of::<X, I>::LANES);
        let mut x = X::lanes(Of::<X, I>::splat(isa, Scalar::ZERO));
        let mut y: [<L as Layer<X>>::Output; MOST_LANES] = core::array::from_fn(|_| Value::zeros());
        // Those of lanes without a sample stay zero.
        let mut dy: [<L as Layer<X>>::Output; MOST_LANES] =
            core::array::from_fn(|_| Value::zeros());
        // SAFETY: there is a sample for each lane: others have one that somebody gave.
        unsafe {
            if inputs.len() == lanes {
                transpose_in(isa, inputs.as_ptr().cast(), x.as_mut());
            } else {
                let again: [X; MOST_LANES] =
                    core::array::from_fn(|lane| inputs[lane % inputs.len()].clone());
                transpose_in(isa, again.as_ptr().cast(), x.as_mut());
            }
            let (out, kept) = layer.keep(self, x);
            transpose_out(out.as_ref(), y.as_mut_ptr().cast());
            let count = inputs.len();
            judge.judge_in(isa, done, &y[..count], &mut dy[..count]);
            let mut slope = <L as Layer<X>>::Output::lanes(Vector::splat(isa, Scalar::ZERO));
            transpose_in(isa, dy.as_ptr().cast(), slope.as_mut());
            layer.back::<_, false>(gradient, self, kept, slope);
        }
    }

    /// Adds to the sums of the number at `to`.
    ///
    /// # Safety
    ///
    /// It is a number of the gradient.
    #[inline(always)]
    unsafe fn add<T: Scalar>(&mut self, to: *const T, dy: T::Vector<I>, x: Option<T::Vector<I>>) {
        // SAFETY: there is a register for each number.
        unsafe {
            let at = (to as usize - self.back.base as usize) * T::Vector::<I>::LANES;
            let at = self.back.first.add(at).cast::<T>();
            let sum = T::Vector::<I>::load(self.isa, at);
            match x {
                Some(x) => dy.mul_add(x, sum),
                None => sum.add(dy),
            }
            .store(at);
        }
    }
}

impl<I: Isa> Record for InLanes<I, Sums> {
    type Slope<X: Value> = X::Lanes<Of<X, I>>;

    #[inline(always)]
    fn linear_back<T: Scalar, const IN: usize, const OUT: usize, const INPUT: bool>(
        &mut self,
        weight: &SMatrix<T, OUT, IN>,
        (dw, db): (&mut SMatrix<T, OUT, IN>, &mut [T]),
        x: Grid<T::Vector<I>, IN, 1, 1>,
        dy: Grid<T::Vector<I>, OUT, 1, 1>,
    ) -> Grid<T::Vector<I>, IN, 1, 1> {
        let to = dw.as_slice().as_ptr();
        let (Grid([[x]]), Grid([[dy]])) = (x, dy);
        for (i, x) in x.iter().enumerate() {
            for (o, dy) in dy.iter().enumerate() {
                // SAFETY: it is one of the weights.
                unsafe { self.add::<T>(to.add(i * OUT + o), *dy, Some(*x)) };
            }
        }
        for (db, dy) in db.iter().zip(dy) {
            // SAFETY: it is one of the biases.
            unsafe { self.add::<T>(db, dy, None) };
        }
        let mut grid = SVector::<T, IN>::lanes(Vector::splat(self.isa, T::ZERO));
        let dx = &mut grid.0[0][0];
        if INPUT {
            let columns = weight.as_slice().chunks_exact(OUT.max(1));
            for (dx, column) in dx.iter_mut().zip(columns) {
                for (dy, w) in dy.iter().zip(column) {
                    *dx = dy.mul_add(Vector::splat(self.isa, *w), *dx);
                }
            }
        }
        grid
    }

    #[inline(always)]
    fn function_back<X: Value>(
        &mut self,
        function: Function,
        kept: X::Lanes<Of<X, I>>,
        mut dy: X::Lanes<Of<X, I>>,
    ) -> X::Lanes<Of<X, I>> {
        if let Function::Softmax = function {
            let mut sum = Of::<X, I>::splat(self.isa, Scalar::ZERO);
            for (dy, y) in dy.as_ref().iter().zip(kept.as_ref()) {
                sum = dy.mul_add(*y, sum);
            }
            for (dy, y) in dy.as_mut().iter_mut().zip(kept.as_ref()) {
                *dy = y.mul(dy.sub(sum));
            }
            return dy;
        }
        for (dy, kept) in dy.as_mut().iter_mut().zip(kept.as_ref()) {
            *dy = dy.mul(function.slope(self.isa, *kept));
        }
        dy
    }

    #[inline(always)]
    fn map_back<X: Value, M: Map>(
        &mut self,
        map: &M,
        kept: X::Lanes<Of<X, I>>,
        mut dy: X::Lanes<Of<X, I>>,
    ) -> X::Lanes<Of<X, I>> {
        for (dy, kept) in dy.as_mut().iter_mut().zip(kept.as_ref()) {
            *dy = dy.mul(map.slope(self.isa, *kept));
        }
        dy
    }

    #[inline(always)]
    fn layer_back<X: Value, L: Backward<X>, const INPUT: bool>(
        &mut self,
        layer: &L,
        gradient: &mut L,
        (x, y): (
            X::Lanes<Of<X, I>>,
            <L::Output as Value>::Lanes<Of<L::Output, I>>,
        ),
        dy: <L::Output as Value>::Lanes<Of<L::Output, I>>,
    ) -> X::Lanes<Of<X, I>> {
        let mut xs: [X; MOST_LANES] = core::array::from_fn(|_| X::zeros());
        let mut ys: [L::Output; MOST_LANES] = core::array::from_fn(|_| Value::zeros());
        let mut dys: [L::Output; MOST_LANES] = core::array::from_fn(|_| Value::zeros());
        let mut dx = X::lanes(Vector::splat(self.isa, Scalar::ZERO));
        // SAFETY: there is room for as many samples as any register has lanes.
        unsafe {
            transpose_out(x.as_ref(), xs.as_mut_ptr().cast());
            transpose_out(y.as_ref(), ys.as_mut_ptr().cast());
            transpose_out(dy.as_ref(), dys.as_mut_ptr().cast());
            for ((x, y), dy) in xs.iter_mut().zip(&ys).zip(&dys).take(self.samples) {
                *x = layer.backward(gradient, x, y, dy);
            }
            // A lane without a sample has no gradient.
            for x in &mut xs[self.samples..] {
                *x = X::zeros();
            }
            transpose_in(self.isa, xs.as_ptr().cast(), dx.as_mut());
        }
        dx
    }

    #[inline(always)]
    fn share_slope<X: Value>(&mut self, dy: &X::Lanes<Of<X, I>>) -> X::Lanes<Of<X, I>> {
        *dy
    }

    #[inline(always)]
    fn add_slopes<X: Value>(
        &mut self,
        mut a: X::Lanes<Of<X, I>>,
        b: X::Lanes<Of<X, I>>,
    ) -> X::Lanes<Of<X, I>> {
        for (a, b) in a.as_mut().iter_mut().zip(b.as_ref()) {
            *a = Zip::Add.of(*a, *b);
        }
        a
    }

    #[inline(always)]
    fn scale_slope<X: Value>(
        &mut self,
        mut dy: X::Lanes<Of<X, I>>,
        x: &X::Lanes<Of<X, I>>,
    ) -> X::Lanes<Of<X, I>> {
        for (dy, x) in dy.as_mut().iter_mut().zip(x.as_ref()) {
            *dy = Zip::Multiply.of(*dy, *x);
        }
        dy
    }

    #[inline(always)]
    fn part<X: Value, Y: Value<Scalar = X::Scalar>>(
        &mut self,
        dy: &Y::Lanes<Of<Y, I>>,
        at: usize,
    ) -> X::Lanes<Of<X, I>> {
        let mut part = X::lanes(Vector::splat(self.isa, Scalar::ZERO));
        for (to, from) in part.as_mut().iter_mut().zip(&dy.as_ref()[at..]) {
            *to = *from;
        }
        part
    }

    #[inline(always)]
    fn nothing<X: Value>(&mut self) -> X::Lanes<Of<X, I>> {
        X::lanes(Vector::splat(self.isa, Scalar::ZERO))
    }

    #[inline(always)]
    fn begin<P: Parameters>(&mut self, _: &mut P) {
        // All of it was zero before the first block.
    }

    #[inline(always)]
    fn draw(&mut self) -> u64 {
        self.back.draws += 1;
        random::mix(self.back.start.seed, self.back.draws)
    }

    #[inline(always)]
    fn change<X: Value>(
        &mut self,
        mut x: X::Lanes<Of<X, I>>,
        mut change: impl FnMut(u64, &mut [X::Scalar]),
    ) -> X::Lanes<Of<X, I>> {
        let mut xs: [X; MOST_LANES] = core::array::from_fn(|_| X::zeros());
        // SAFETY: there is room for as many samples as any register has lanes.
        unsafe {
            transpose_out(x.as_ref(), xs.as_mut_ptr().cast());
            for (sample, x) in (self.back.start.first..).zip(&mut xs[..self.samples]) {
                change(sample, x.as_mut_slice());
            }
            transpose_in(self.isa, xs.as_ptr().cast(), x.as_mut());
        }
        x
    }

    #[inline(always)]
    fn change_slope<X: Value>(
        &mut self,
        kept: X::Lanes<Of<X, I>>,
        mut dy: X::Lanes<Of<X, I>>,
        mut change: impl FnMut(u64, &[X::Scalar], &mut [X::Scalar]),
    ) -> X::Lanes<Of<X, I>> {
        let mut xs: [X; MOST_LANES] = core::array::from_fn(|_| X::zeros());
        let mut dys: [X; MOST_LANES] = core::array::from_fn(|_| X::zeros());
        // SAFETY: as in `change`.
        unsafe {
            transpose_out(kept.as_ref(), xs.as_mut_ptr().cast());
            transpose_out(dy.as_ref(), dys.as_mut_ptr().cast());
            let pairs = xs.iter().zip(&mut dys).take(self.samples);
            for (sample, (x, dy)) in (self.back.start.first..).zip(pairs) {
                change(sample, x.as_slice(), dy.as_mut_slice());
            }
            transpose_in(self.isa, dys.as_ptr().cast(), dy.as_mut());
        }
        dy
    }
}
