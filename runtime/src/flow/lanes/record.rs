//! What goes back, in lanes.

use nalgebra::{SMatrix, SVector};

use super::{
    InLanes, MOST_LANES, Of,
    sums::{Entered, Sums, add},
    transpose_in, transpose_out,
};
use crate::{
    backward::Backward,
    flow::{Flow, record::Record},
    image::Grid,
    kernels::{
        Function, Map, Zip,
        isa::{Isa, Vector},
    },
    parameters::Parameters,
    scalar::Scalar,
    value::{Value, many_zeros},
};

impl<I: Isa> Record for InLanes<I, Sums<'_>> {
    type Slope<X: Value> = X::Lanes<Of<X, I>>;
    type Entered<X: Value> = Entered<X::Lanes<Of<X, I>>, Of<X, I>>;

    #[inline(always)]
    fn keep_linear<T: Scalar, const IN: usize, const OUT: usize>(
        &mut self,
        weight: &SMatrix<T, OUT, IN>,
        bias: &[T],
        x: Grid<T::Vector<I>, IN, 1, 1>,
        function: Function,
    ) -> (Grid<T::Vector<I>, OUT, 1, 1>, Self::Entered<SVector<T, IN>>) {
        // They are read where they are kept: one more copy takes longer than a small layer's products.
        if let Some(rows) = self.back.keep(&x.0[0][0], OUT) {
            let of_block = self.back.block_of(rows);
            // SAFETY: `keep` wrote all `IN` of them.
            let y = unsafe { self.linear_of(weight, bias, of_block, function) };
            return (y, Entered::Rows(rows));
        }
        (self.linear(weight, bias, x, function), x.into())
    }

    #[inline(always)]
    fn linear_back<T: Scalar, const IN: usize, const OUT: usize, const INPUT: bool>(
        &mut self,
        weight: &SMatrix<T, OUT, IN>,
        (dw, db): (&mut SMatrix<T, OUT, IN>, &mut [T]),
        x: Self::Entered<SVector<T, IN>>,
        dy: Grid<T::Vector<I>, OUT, 1, 1>,
    ) -> Grid<T::Vector<I>, IN, 1, 1> {
        let (gradient, numbers) = ((dw.as_mut_slice(), db), &dy.0[0][0]);
        match x {
            // SAFETY: `keep_linear` kept them, of the same layer.
            Entered::Rows(rows) => unsafe {
                self.back
                    .add_later::<_, IN, OUT>(self.isa, gradient, rows, numbers);
            },
            Entered::Here(x) => add(self.isa, gradient, &x.0[0][0], numbers),
        }
        let Grid([[dy]]) = dy;
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
            *dy = function.back(self.isa, *kept, *dy);
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
        let mut xs: [X; MOST_LANES] = many_zeros();
        let mut ys: [L::Output; MOST_LANES] = many_zeros();
        let mut dys: [L::Output; MOST_LANES] = many_zeros();
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
        self.back.draw()
    }

    #[inline(always)]
    fn change<X: Value>(
        &mut self,
        mut x: X::Lanes<Of<X, I>>,
        mut change: impl FnMut(u64, &mut [X::Scalar]),
    ) -> X::Lanes<Of<X, I>> {
        let mut xs: [X; MOST_LANES] = many_zeros();
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
        let mut xs: [X; MOST_LANES] = many_zeros();
        let mut dys: [X; MOST_LANES] = many_zeros();
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
