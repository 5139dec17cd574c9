//! The way back of convolutions of each channel by itself.

use super::back::ConvolutionBack;
use crate::{kernels::isa::Vector, scalar::Scalar};

impl<T: Scalar> ConvolutionBack<T> {
    /// The gradients of the weights and, if it is read, of what enters, which is zero before.
    #[inline(always)]
    pub(super) unsafe fn each_channel<V: Vector<Scalar = T>>(&self, isa: V::Isa) {
        let of = &self.of;
        let mut first = 0;
        while first < of.inputs {
            let mask = V::mask(isa, (of.inputs - first).min(V::LANES));
            for row_tap in 0..of.rows.taps {
                for tap in 0..of.columns.taps {
                    // SAFETY: channels stay below those of the value.
                    unsafe { self.one_tap::<V>(isa, (first, mask), [row_tap, tap]) };
                }
            }
            first += V::LANES;
        }
    }

    #[inline(always)]
    unsafe fn one_tap<V: Vector<Scalar = T>>(
        &self,
        isa: V::Isa,
        (first, mask): (usize, V::Mask),
        taps: [usize; 2],
    ) {
        let of = &self.of;
        let at = of.column(taps, 0) + first;
        // SAFETY: by the caller.
        unsafe {
            let weight = V::load_partial(isa, of.weight.add(at), mask);
            let mut sum = V::load_partial(isa, self.dw.add(at), mask);
            for row in of.rows.outputs_of(taps[0]) {
                let place = of.rows.place(row, taps[0]);
                for column in of.columns.outputs_of(taps[1]) {
                    let from = of.from(place, of.columns.place(column, taps[1])) + first;
                    let dy = V::load_partial(isa, self.dy.add(of.to(row, column) + first), mask);
                    sum = dy.mul_add(V::load_partial(isa, of.x.add(from), mask), sum);
                    if !self.dx.is_null() {
                        let dx = V::load_partial(isa, self.dx.add(from), mask);
                        weight
                            .mul_add(dy, dx)
                            .store_partial(self.dx.add(from), mask);
                    }
                }
            }
            sum.store_partial(self.dw.add(at), mask);
        }
    }
}
