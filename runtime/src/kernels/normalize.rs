//! A row, divided by how far it spreads.

use super::{
    Function,
    dispatch::Kernel,
    isa::{Isa, Vector},
    math::square_root,
};
use crate::scalar::Scalar;

/// `y = (x − center) / √(spread + eps) · weight + bias`, where the center is the mean or zero, and the
/// spread is the mean square of what is left.
///
/// # Safety
///
/// Whoever makes one sees to it that each pointer leads to `len` numbers, those of `weight` and `bias`
/// if they are not null.
#[derive(Clone, Copy)]
pub(crate) struct Normalize<T> {
    pub(crate) x: *const T,
    pub(crate) y: *mut T,
    pub(crate) weight: *const T,
    pub(crate) bias: *const T,
    pub(crate) len: usize,
    pub(crate) eps: f64,
    /// Whether the center is the mean.
    pub(crate) centers: bool,
}

impl<'a, T: Scalar> Kernel for &'a Normalize<T> {
    type Output = ();
    type First = &'a Normalize<T>;
    type Second = ();
    type Third = ();

    #[inline(always)]
    fn parts(self) -> (&'a Normalize<T>, (), (), Function) {
        (self, (), (), Function::Identity)
    }

    #[inline(always)]
    fn run<I: Isa>(isa: I, row: &'a Normalize<T>, (): (), (): (), _: Function) {
        // SAFETY: by whoever made it.
        unsafe { row.run::<T::Vector<I>>(isa) };
    }
}

impl<T: Scalar> Normalize<T> {
    #[inline(always)]
    unsafe fn run<V: Vector<Scalar = T>>(&self, isa: V::Isa) {
        let zero = V::splat(isa, T::ZERO);
        let whole = self.len / V::LANES * V::LANES;
        let rest = self.len - whole;
        let mask = V::mask(isa, rest.max(1));
        let len = T::from_f64(self.len as f64);
        // SAFETY: below `whole` are whole vectors, and the mask has the rest.
        unsafe {
            let mut center = zero;
            if self.centers {
                let mut i = 0;
                while i < whole {
                    center = center.add(V::load(isa, self.x.add(i)));
                    i += V::LANES;
                }
                if rest > 0 {
                    center = center.add(V::load_partial(isa, self.x.add(whole), mask));
                }
                center = V::splat(isa, center.sum(V::LANES) / len);
            }
            let mut squares = zero;
            let mut i = 0;
            while i < whole {
                let distance = V::load(isa, self.x.add(i)).sub(center);
                squares = distance.mul_add(distance, squares);
                i += V::LANES;
            }
            if rest > 0 {
                let last = V::load_partial(isa, self.x.add(whole), mask);
                // What lies behind the last number is no distance.
                let distance = last.sub(center).keep(mask, zero);
                squares = distance.mul_add(distance, squares);
            }
            let spread = (squares.sum(V::LANES) / len).to_f64() + self.eps;
            let scale = V::splat(isa, T::from_f64(1.0 / square_root(spread)));
            let mut i = 0;
            while i < whole {
                let mut y = V::load(isa, self.x.add(i)).sub(center).mul(scale);
                if !self.weight.is_null() {
                    y = y.mul(V::load(isa, self.weight.add(i)));
                }
                if !self.bias.is_null() {
                    y = y.add(V::load(isa, self.bias.add(i)));
                }
                y.store(self.y.add(i));
                i += V::LANES;
            }
            if rest > 0 {
                let last = V::load_partial(isa, self.x.add(whole), mask);
                let mut y = last.sub(center).keep(mask, zero).mul(scale);
                if !self.weight.is_null() {
                    y = y.mul(V::load_partial(isa, self.weight.add(whole), mask));
                }
                if !self.bias.is_null() {
                    y = y.add(V::load_partial(isa, self.bias.add(whole), mask));
                }
                y.store_partial(self.y.add(whole), mask);
            }
        }
    }
}
