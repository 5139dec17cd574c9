//! The way there where the outputs of a place fill one register of many. Two rows of outputs go together: most
//! numbers are read once for both, and a pool of 2×2 is taken before anything is stored.

use super::{Convolution, forward::cost, planes::Framed, rows::Scratch};
use crate::{
    kernels::{
        dispatch::Kernel,
        function::Function,
        is_common,
        isa::{Isa, Vector},
        linear::{Product, Tile, opaque},
    },
    scalar::Scalar,
};

/// Outputs side by side that are calculated together.
const N: usize = 10;

/// A convolution in pairs of rows that [suits](Convolution::suits_pairs) it, if there is room for the zeros around
/// the value. Says whether there was.
pub(super) struct Pairs<'a, T>(pub(super) &'a Convolution<T>);

impl<'a, T: Scalar> Kernel for Pairs<'a, T> {
    type Output = bool;
    type First = &'a Convolution<T>;
    type Second = ();
    type Third = ();

    #[inline(always)]
    fn parts(self) -> (&'a Convolution<T>, (), (), Function) {
        (self.0, (), (), self.0.function)
    }

    #[inline(always)]
    fn run<I: Isa>(isa: I, of: &'a Convolution<T>, (): (), (): (), _: Function) -> bool {
        if const { !are_known::<T::Vector<I>>() } {
            return false;
        }
        let of = *of;
        let mut scratch = Scratch::new();
        let tile = Tile::new(isa, of.outputs);
        let [height, width] = of.calculated();
        // SAFETY: the operands are what the type says, and there are so many rows and columns.
        unsafe {
            let Some(framed) = of.framed::<T::Vector<I>>(isa, &mut scratch) else {
                return false;
            };
            for row in (0..height).step_by(2) {
                for column in (0..width).step_by(N) {
                    // What is left at an end is calculated with some before it once more.
                    let place = [row.min(height - 2), column.min(width - N)];
                    of.pair::<T::Vector<I>>(tile, framed, place);
                }
            }
        }
        true
    }
}

/// Whether there are registers for the sums of two rows, and the code is worth its size.
const fn are_known<V: Vector>() -> bool {
    V::Isa::WIDE && is_common::<V::Scalar>()
}

impl<T: Scalar> Convolution<T> {
    /// Whether it takes fewer instructions than one row after another.
    #[inline(always)]
    pub(super) fn suits_pairs<V: Vector<Scalar = T>>(&self) -> bool {
        let [height, width] = self.calculated();
        are_known::<V>()
            && self.groups == 1
            && self.outputs == V::LANES
            && self.rows.stride == 1
            && self.rows.taps > 1
            && self.rows.dilation == 1
            && self.columns.dilation == 1
            && height >= 2
            && cost::<N>(width) < cost::<8>(width)
    }

    /// `N` outputs in each of two rows.
    #[inline(always)]
    unsafe fn pair<V: Vector<Scalar = T>>(
        &self,
        tile: Tile<V, 1, true>,
        (from, next): Framed<T>,
        [row, column]: [usize; 2],
    ) {
        let mut upper = [[V::splat(tile.isa, T::ZERO)]; N];
        let step = self.columns.stride * self.inputs;
        let terms = self.columns.taps * self.inputs;
        let mut product = Product {
            a: self.weight,
            a_next: self.outputs,
            b: from.wrapping_add(row * next + column * step),
            b_next: 1,
            b_column: step,
            terms,
        };
        // SAFETY: every tap sees numbers of the frame, and the tile's rows are outputs.
        unsafe {
            if !self.bias.is_null() {
                upper = [tile.load(self.bias); N];
            }
            let mut lower = upper;
            product.add_to(tile.isa, tile, &mut upper);
            for _ in 1..self.rows.taps {
                let above = product.a.wrapping_add(terms * self.outputs);
                product.b = product.b.wrapping_add(next);
                add_to_both(&product, above, tile, [&mut upper, &mut lower]);
                product.a = above;
            }
            product.b = product.b.wrapping_add(next);
            product.add_to(tile.isa, tile, &mut lower);
            self.put_pair(tile, [upper, lower], [row, column]);
        }
    }

    /// Stores the function of two rows, or of the largest of each 2×2.
    #[inline(always)]
    unsafe fn put_pair<V: Vector<Scalar = T>>(
        &self,
        tile: Tile<V, 1, true>,
        [upper, lower]: [[[V; 1]; N]; 2],
        [row, column]: [usize; 2],
    ) {
        // SAFETY: by the caller.
        unsafe {
            if self.halves {
                let mut largest = [upper[0]; N / 2];
                for (i, [largest]) in largest.iter_mut().enumerate() {
                    let [a, b] = [upper[2 * i][0], upper[2 * i + 1][0]];
                    let [c, d] = [lower[2 * i][0], lower[2 * i + 1][0]];
                    let below = c.maximum(tile.isa, d);
                    *largest = a.maximum(tile.isa, b).maximum(tile.isa, below);
                }
                let place = row / 2 * (self.columns.outputs / 2) + column / 2;
                self.put_row(tile, largest, self.y.add(place * self.outputs));
            } else {
                self.put_row(tile, upper, self.y.add(self.to(row, column)));
                self.put_row(tile, lower, self.y.add(self.to(row + 1, column)));
            }
        }
    }

    /// Stores the function of places side by side.
    #[inline(always)]
    unsafe fn put_row<V: Vector<Scalar = T>, const C: usize>(
        &self,
        tile: Tile<V, 1, true>,
        mut row: [[V; 1]; C],
        mut to: *mut T,
    ) {
        self.function.map_short(tile.isa, &mut row);
        for outputs in &row {
            // SAFETY: by the caller.
            unsafe { tile.store(outputs, to) };
            to = to.wrapping_add(self.outputs);
        }
    }
}

/// Adds the products of what both rows see: by `product` in the lower one, by A from `above` on in the upper.
#[inline(always)]
unsafe fn add_to_both<V: Vector>(
    product: &Product<V::Scalar>,
    mut above: *const V::Scalar,
    tile: Tile<V, 1, true>,
    [upper, lower]: [&mut [[V; 1]; N]; 2],
) {
    let Product {
        a: mut below,
        b,
        b_column,
        ..
    } = *product;
    let mut b = [b; N.div_ceil(3)];
    for (third, b) in b.iter_mut().enumerate() {
        *b = opaque(b.wrapping_add(3 * third * b_column));
    }
    for _ in 0..product.terms {
        // SAFETY: by the caller.
        unsafe {
            let ([for_upper], [for_lower]) = (tile.load(above), tile.load(below));
            for (c, ([upper], [lower])) in upper.iter_mut().zip(lower.iter_mut()).enumerate() {
                let b = V::splat(tile.isa, *b[c / 3].wrapping_add(c % 3 * b_column));
                *upper = for_upper.mul_add(b, *upper);
                *lower = for_lower.mul_add(b, *lower);
            }
        }
        above = above.wrapping_add(product.a_next);
        below = below.wrapping_add(product.a_next);
        for b in &mut b {
            *b = opaque(b.wrapping_add(product.b_next));
        }
    }
}
