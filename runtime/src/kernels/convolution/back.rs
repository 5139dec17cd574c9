//! The way back, tap by tap: with one, it is the product of two matrices.

use core::{mem::MaybeUninit, ops::Range};

use super::Convolution;
use crate::{
    kernels::{
        Function,
        dispatch::Kernel,
        isa::{Isa, Vector},
        linear::{PACKED, Packed, Product, Tile, add_columns, transpose},
    },
    scalar::Scalar,
};

/// The gradients of a [`Convolution`], whose `y` is not looked at: those of the weight and the bias are
/// added to what is there.
///
/// # Safety
///
/// Whoever makes one sees to it that `dy` leads to an output, `dw` to as many numbers as the weight has,
/// `db` to as many as the bias has or is null, and `dx` to as many as a value has, all of them zero, or
/// is null; and that nothing else refers to what the last three lead to.
pub struct ConvolutionBack<T> {
    pub(crate) of: Convolution<T>,
    pub(crate) dy: *const T,
    pub(crate) dw: *mut T,
    pub(crate) db: *mut T,
    pub(crate) dx: *mut T,
}

impl<'a, T: Scalar> Kernel for &'a ConvolutionBack<T> {
    type Output = ();
    type First = &'a ConvolutionBack<T>;
    type Second = ();
    type Third = ();

    #[inline(always)]
    fn parts(self) -> (&'a ConvolutionBack<T>, (), (), Function) {
        (self, (), (), Function::Identity)
    }

    #[inline(always)]
    fn run<I: Isa>(isa: I, back: &'a ConvolutionBack<T>, (): (), (): (), _: Function) {
        let of = &back.of;
        // SAFETY: the operands are what the type says.
        unsafe {
            if of.is_depthwise() {
                back.each_channel::<T::Vector<I>>(isa);
            } else {
                for group in 0..of.groups {
                    back.weights::<T::Vector<I>>(isa, group);
                    if !back.dx.is_null() {
                        back.inputs::<T::Vector<I>>(isa, group);
                    }
                }
            }
            if !back.db.is_null() {
                let places = of.rows.outputs * of.columns.outputs;
                add_columns::<T::Vector<I>>(isa, (back.dy, places), (back.db, of.outputs), true);
            }
        }
    }
}

impl<T: Scalar> ConvolutionBack<T> {
    /// `dw += dy · xᵀ`, of the places that see one another by a tap.
    #[inline(always)]
    unsafe fn weights<V: Vector<Scalar = T>>(&self, isa: V::Isa, group: usize) {
        let of = &self.of;
        let each = of.outputs_each;
        for row_tap in 0..of.rows.taps {
            for tap in 0..of.columns.taps {
                let taps = [row_tap, tap];
                let mut row = 0;
                // SAFETY: rows stay below the group's outputs, columns below its inputs.
                unsafe {
                    while row < each {
                        let end = each.min(row + V::LANES);
                        self.columns_of::<V>(isa, group, taps, row..end);
                        row = end;
                    }
                }
            }
        }
    }

    #[inline(always)]
    unsafe fn columns_of<V: Vector<Scalar = T>>(
        &self,
        isa: V::Isa,
        group: usize,
        taps: [usize; 2],
        rows: Range<usize>,
    ) {
        let tile = Tile::<V, 1, false>::new(isa, rows.len());
        let row = group * self.of.outputs_each + rows.start;
        let (first, count) = (group * self.of.inputs_each, self.of.inputs_each);
        let mut input = 0;
        // SAFETY: by the caller.
        unsafe {
            while input + 6 <= count {
                self.sums_of::<V, 6>(tile, taps, row, [input, first + input]);
                input += 6;
            }
            while input < count {
                self.sums_of::<V, 1>(tile, taps, row, [input, first + input]);
                input += 1;
            }
        }
    }

    /// The sums over all places, of `C` inputs: their numbers in the group, and among all.
    #[inline(always)]
    unsafe fn sums_of<V, const C: usize>(
        &self,
        tile: Tile<V, 1, false>,
        [row_tap, tap]: [usize; 2],
        output: usize,
        [input, from]: [usize; 2],
    ) where
        V: Vector<Scalar = T>,
    {
        let of = &self.of;
        let columns = of.columns.outputs_of(tap);
        if columns.is_empty() {
            return;
        }
        let place = of.columns.place(columns.start, tap);
        let mut sums = [[V::splat(tile.isa, T::ZERO)]; C];
        // SAFETY: by the caller; the outputs see places of the value.
        unsafe {
            let dw = self.dw.add(of.column([row_tap, tap], input) + output);
            for (c, sums) in sums.iter_mut().enumerate() {
                *sums = tile.load(dw.add(c * of.outputs));
            }
            for row in of.rows.outputs_of(row_tap) {
                let x = of.from(of.rows.place(row, row_tap), place) + from;
                let product = Product {
                    a: self.dy.add(of.to(row, columns.start) + output),
                    a_next: of.outputs,
                    b: of.x.add(x),
                    b_next: of.columns.stride * of.inputs,
                    b_column: 1,
                    terms: columns.len(),
                };
                product.add_to(tile.isa, tile, &mut sums);
            }
            for (c, sums) in sums.iter().enumerate() {
                tile.store(sums, dw.add(c * of.outputs));
            }
        }
    }

    /// `dx += weightᵀ · dy`, of the places that see one another by a tap.
    #[inline(always)]
    unsafe fn inputs<V: Vector<Scalar = T>>(&self, isa: V::Isa, group: usize) {
        let of = &self.of;
        for row_tap in 0..of.rows.taps {
            for tap in 0..of.columns.taps {
                let mut input = 0;
                while input < of.inputs_each {
                    let rows = (of.inputs_each - input).min(V::LANES);
                    // SAFETY: rows stay below the group's inputs.
                    unsafe { self.inputs_of::<V>(isa, group, [row_tap, tap], input..input + rows) };
                    input += rows;
                }
            }
        }
    }

    /// Some inputs of a group. Their transposed weights are put together first, as many as there is room
    /// for.
    #[inline(always)]
    unsafe fn inputs_of<V: Vector<Scalar = T>>(
        &self,
        isa: V::Isa,
        group: usize,
        taps: [usize; 2],
        inputs: Range<usize>,
    ) {
        let of = &self.of;
        let rows = inputs.len();
        let part = (PACKED / size_of::<T>() / rows.max(1)).max(1);
        let mut packed = Packed::<PACKED>(MaybeUninit::uninit());
        let packed: *mut T = packed.0.as_mut_ptr().cast();
        let mut output = 0;
        while output < of.outputs_each {
            let terms = part.min(of.outputs_each - output);
            let from = group * of.outputs_each + output;
            // SAFETY: terms stay below the group's outputs, and what is packed has room.
            unsafe {
                let weight = of.weight.add(of.column(taps, inputs.start) + from);
                transpose::<V>(isa, (weight, of.outputs), packed, [rows, terms]);
                let product = Product {
                    a: packed.cast_const(),
                    a_next: rows,
                    b: self.dy.add(from),
                    b_next: 1,
                    b_column: of.outputs,
                    terms,
                };
                let first = group * of.inputs_each + inputs.start;
                self.places_of::<V>(isa, product, taps, first..first + rows);
            }
            output += terms;
        }
    }

    /// Adds what outputs give back to the places that they see by a tap.
    #[inline(always)]
    unsafe fn places_of<V: Vector<Scalar = T>>(
        &self,
        isa: V::Isa,
        product: Product<T>,
        [row_tap, tap]: [usize; 2],
        rows: Range<usize>,
    ) {
        let of = &self.of;
        let tile = Tile::<V, 1, false>::new(isa, rows.len());
        for row in of.rows.outputs_of(row_tap) {
            let place = of.rows.place(row, row_tap);
            let mut columns = of.columns.outputs_of(tap);
            while !columns.is_empty() {
                let column = columns.start;
                let to = of.from(place, of.columns.place(column, tap)) + rows.start;
                // SAFETY: by the caller; the outputs see places of the value.
                unsafe {
                    let b = product.b.add(of.to(row, column));
                    let (product, dx) = (Product { b, ..product }, self.dx.add(to));
                    columns.start += if columns.len() >= 6 {
                        self.places::<V, 6>(tile, product, dx)
                    } else {
                        self.places::<V, 1>(tile, product, dx)
                    };
                }
            }
        }
    }

    #[inline(always)]
    unsafe fn places<V, const C: usize>(
        &self,
        tile: Tile<V, 1, false>,
        product: Product<T>,
        dx: *mut T,
    ) -> usize
    where
        V: Vector<Scalar = T>,
    {
        let step = self.of.columns.stride * self.of.inputs;
        let mut sums = [[V::splat(tile.isa, T::ZERO)]; C];
        // SAFETY: by the caller.
        unsafe {
            for (c, sums) in sums.iter_mut().enumerate() {
                *sums = tile.load(dx.add(c * step));
            }
            product.add_to(tile.isa, tile, &mut sums);
            for (c, sums) in sums.iter().enumerate() {
                tile.store(sums, dx.add(c * step));
            }
        }
        C
    }
}
