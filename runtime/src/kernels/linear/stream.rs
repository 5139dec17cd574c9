//! One sample of many weights, which come one after another.

use super::Linear;
use crate::{
    kernels::{
        function::Function,
        isa::{Isa, Vector},
    },
    scalar::Scalar,
};

/// Whether it pays: 32 registers hold pieces of a column that are long enough as they are, and without fused
/// instructions arithmetic is slower than the second cache.
pub(super) const fn can_stream<V: Vector>() -> bool {
    V::FUSED && !V::Isa::WIDE
}

impl<T: Scalar> Linear<T> {
    /// Whether the weights outgrow the first cache. Then they come fastest in the order in which they
    /// lie, and the sums of all outputs wait in memory meanwhile.
    #[inline(always)]
    pub(super) fn is_stream(&self) -> bool {
        self.inputs * self.outputs * size_of::<T>() > 32 << 10
    }

    /// All outputs, for a few inputs at a time.
    ///
    /// # Safety
    ///
    /// There are inputs and outputs, and `self` is of one sample.
    #[inline(always)]
    pub(super) unsafe fn stream<V: Vector<Scalar = T>>(&self, isa: V::Isa) {
        const AT_A_TIME: usize = 8;
        let mut sums = self.bias;
        let mut input = 0;
        // SAFETY: inputs stay below `inputs`.
        unsafe {
            while input + AT_A_TIME <= self.inputs {
                self.add_inputs::<V, AT_A_TIME>(isa, sums, input);
                sums = self.y;
                input += AT_A_TIME;
            }
            while input < self.inputs {
                self.add_inputs::<V, 1>(isa, sums, input);
                sums = self.y;
                input += 1;
            }
            if !matches!(self.function, Function::Identity | Function::Softmax) {
                self.apply(isa, 0, self.outputs, 0, 1);
            }
        }
    }

    /// `y ← sums + Σ weight[:, i] · x[i]` over `U` inputs from `first` on; `sums` may be `y`, or null
    /// for zeros.
    #[inline(always)]
    unsafe fn add_inputs<V: Vector<Scalar = T>, const U: usize>(
        &self,
        isa: V::Isa,
        sums: *const T,
        first: usize,
    ) {
        let mut row = 0;
        // SAFETY: by the caller, and rows stay below `outputs`.
        unsafe {
            let mut x = [V::splat(isa, T::ZERO); U];
            for (u, x) in x.iter_mut().enumerate() {
                *x = V::splat(isa, *self.x.add(first + u));
            }
            let column = self.weight.add(first * self.outputs);
            while row + V::LANES <= self.outputs {
                let mut sum = V::splat(isa, T::ZERO);
                if !sums.is_null() {
                    sum = V::load(isa, sums.add(row));
                }
                for (u, x) in x.into_iter().enumerate() {
                    let weight = V::load(isa, column.add(u * self.outputs + row));
                    sum = weight.mul_add(x, sum);
                }
                sum.store(self.y.add(row));
                row += V::LANES;
            }
            if row < self.outputs {
                let mask = V::mask(isa, self.outputs - row);
                let mut sum = V::splat(isa, T::ZERO);
                if !sums.is_null() {
                    sum = V::load_partial(isa, sums.add(row), mask);
                }
                for (u, x) in x.into_iter().enumerate() {
                    let weight = column.add(u * self.outputs + row);
                    sum = V::load_partial(isa, weight, mask).mul_add(x, sum);
                }
                sum.store_partial(self.y.add(row), mask);
            }
        }
    }
}
