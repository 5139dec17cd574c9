//! One sample of few outputs.

use core::mem::MaybeUninit;

use super::{Linear, Sizes};
use crate::{kernels::isa::Vector, scalar::Scalar};

/// Whether registers can take whole columns: there are instructions for it, few outputs, and inputs
/// enough.
#[inline(always)]
pub(super) const fn can_pack<V: Vector>(&Sizes { inputs, outputs }: &Sizes) -> bool {
    V::PERMUTES && 0 < outputs && 2 * outputs <= V::LANES && columns::<V>(outputs) <= inputs
}

/// So many columns fill as many registers as the odd part of their length is.
#[inline(always)]
const fn columns<V: Vector>(outputs: usize) -> usize {
    V::LANES >> outputs.trailing_zeros()
}

impl<T: Scalar> Linear<T> {
    /// A few registers take whole columns of several inputs, so that each weight is read once.
    ///
    /// # Safety
    ///
    /// [`can_pack`].
    #[inline(always)]
    pub(super) unsafe fn packed<V: Vector<Scalar = T>>(&self, isa: V::Isa) {
        // SAFETY: by the caller.
        unsafe {
            let done = match self.outputs >> self.outputs.trailing_zeros() {
                1 => self.packed_in::<V, 1, 4>(isa),
                3 => self.packed_in::<V, 3, 2>(isa),
                5 => self.packed_in::<V, 5, 1>(isa),
                7 => self.packed_in::<V, 7, 1>(isa),
                _ => None,
            };
            debug_assert!(done.is_some(), "there is no way to pack them");
        }
    }

    /// In `R` registers, and `U` parts of the inputs with accumulators of their own.
    #[inline(always)]
    unsafe fn packed_in<V, const R: usize, const U: usize>(&self, isa: V::Isa) -> Option<()>
    where
        V: Vector<Scalar = T>,
    {
        let &Self {
            inputs, outputs, ..
        } = self;
        let zero = V::splat(isa, T::ZERO);
        let columns = columns::<V>(outputs);
        let (of_columns, of_outputs) = (V::mask(isa, columns), V::mask(isa, outputs));
        // ⌊number / outputs⌋ is the column of a number, here in the last bits of one.
        let half = V::splat(isa, T::HALF);
        let inverse = V::splat(isa, T::ONE / T::from_f64(outputs as f64));
        let mut indices = [V::from_fn(isa, |lane| T::from_f64(lane as f64)); R];
        for (r, index) in indices.iter_mut().enumerate() {
            let number = index.add(V::splat(isa, T::from_f64((r * V::LANES) as f64 + 0.5)));
            *index = number.mul(inverse).sub(half).add(V::splat(isa, T::MAGIC));
        }
        let mut sums = [[zero; R]; U];
        let mut rest = zero;
        let mut input = 0;
        // SAFETY: inputs stay below `inputs`, and so do their columns.
        unsafe {
            while input + U * columns <= inputs {
                for sums in &mut sums {
                    self.add_columns(isa, input, of_columns, &indices, sums)?;
                    input += columns;
                }
            }
            while input + columns <= inputs {
                self.add_columns(isa, input, of_columns, &indices, &mut sums[0])?;
                input += columns;
            }
            if !self.bias.is_null() {
                rest = V::load_partial(isa, self.bias, of_outputs);
            }
            while input < inputs {
                let column = self.weight.add(input * outputs);
                let weight = V::load_partial(isa, column, of_outputs);
                rest = weight.mul_add(V::splat(isa, *self.x.add(input)), rest);
                input += 1;
            }
            // `columns` sums for each output.
            let mut all = MaybeUninit::<[V; R]>::uninit();
            let all = all.as_mut_ptr().cast::<T>();
            for r in 0..R {
                let mut sum = sums[0][r];
                for sums in &sums[1..] {
                    sum = sum.add(sums[r]);
                }
                sum.store(all.add(r * V::LANES));
            }
            let mut totals = [rest, zero];
            for column in 0..columns {
                let sum = V::load_partial(isa, all.add(column * outputs), of_outputs);
                totals[column % 2] = totals[column % 2].add(sum);
            }
            let total = totals[0].add(totals[1]);
            self.finished(isa, total, of_outputs)
                .store_partial(self.y, of_outputs);
        }
        Some(())
    }

    /// The columns of the inputs of the mask, from `input` on: each number times its input, which
    /// is at its index among them.
    #[inline(always)]
    unsafe fn add_columns<V: Vector<Scalar = T>, const R: usize>(
        &self,
        isa: V::Isa,
        input: usize,
        of_columns: V::Mask,
        indices: &[V; R],
        sums: &mut [V; R],
    ) -> Option<()> {
        // SAFETY: by the caller.
        unsafe {
            let x = V::load_partial(isa, self.x.add(input), of_columns);
            let weights = self.weight.add(input * self.outputs);
            for (r, sum) in sums.iter_mut().enumerate() {
                let weight = V::load(isa, weights.add(r * V::LANES));
                *sum = weight.mul_add(x.permute(indices[r])?, *sum);
            }
        }
        Some(())
    }
}
