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
    /// The center, and 1 / √(spread + eps).
    #[inline(always)]
    unsafe fn statistics<V: Vector<Scalar = T>>(&self, isa: V::Isa) -> [V; 2] {
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
            [center, scale]
        }
    }

    #[inline(always)]
    unsafe fn run<V: Vector<Scalar = T>>(&self, isa: V::Isa) {
        let zero = V::splat(isa, T::ZERO);
        let whole = self.len / V::LANES * V::LANES;
        let rest = self.len - whole;
        let mask = V::mask(isa, rest.max(1));
        // SAFETY: below `whole` are whole vectors, and the mask has the rest.
        unsafe {
            let [center, scale] = self.statistics::<V>(isa);
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

/// The way back of [`Normalize`]: with x̂ for what is normalized and g for `dy · weight`,
/// `dx = scale · (g − mean(g) − x̂ · mean(g · x̂))`, without the first mean where nothing was centered,
/// and `dw += dy · x̂`, `db += dy`.
///
/// # Safety
///
/// Whoever makes one sees to it that `dy`, `dw` and `db` lead to `len` numbers, the last two if they
/// are not null, and that nothing else refers to those. `row.y` is the gradient `dx`.
pub(crate) struct NormalizeBack<T> {
    pub(crate) row: Normalize<T>,
    pub(crate) dy: *const T,
    pub(crate) dw: *mut T,
    pub(crate) db: *mut T,
}

impl<'a, T: Scalar> Kernel for &'a NormalizeBack<T> {
    type Output = ();
    type First = &'a NormalizeBack<T>;
    type Second = ();
    type Third = ();

    #[inline(always)]
    fn parts(self) -> (&'a NormalizeBack<T>, (), (), Function) {
        (self, (), (), Function::Identity)
    }

    #[inline(always)]
    fn run<I: Isa>(isa: I, back: &'a NormalizeBack<T>, (): (), (): (), _: Function) {
        // SAFETY: by whoever made it.
        unsafe { back.run::<T::Vector<I>>(isa) };
    }
}

impl<T: Scalar> NormalizeBack<T> {
    #[inline(always)]
    unsafe fn run<V: Vector<Scalar = T>>(&self, isa: V::Isa) {
        let row = &self.row;
        let zero = V::splat(isa, T::ZERO);
        let len = T::from_f64(row.len as f64);
        // SAFETY: the mask leaves out what is behind the row.
        unsafe {
            let [center, scale] = row.statistics::<V>(isa);
            let mut sums = [zero; 2];
            let mut i = 0;
            while i < row.len {
                let mask = V::mask(isa, (row.len - i).min(V::LANES));
                let [g, normal] = self.parts::<V>(isa, i, mask, center, scale);
                let dy = V::load_partial(isa, self.dy.add(i), mask);
                sums = [sums[0].add(g), g.mul_add(normal, sums[1])];
                if !self.dw.is_null() {
                    let dw = V::load_partial(isa, self.dw.add(i), mask);
                    dy.mul_add(normal, dw).store_partial(self.dw.add(i), mask);
                }
                if !self.db.is_null() {
                    let db = V::load_partial(isa, self.db.add(i), mask);
                    db.add(dy).store_partial(self.db.add(i), mask);
                }
                i += V::LANES;
            }
            let mut mean = zero;
            if row.centers {
                mean = V::splat(isa, sums[0].sum(V::LANES) / len);
            }
            let along = V::splat(isa, sums[1].sum(V::LANES) / len);
            let mut i = 0;
            while i < row.len {
                let mask = V::mask(isa, (row.len - i).min(V::LANES));
                let [g, normal] = self.parts::<V>(isa, i, mask, center, scale);
                let dx = normal.mul_sub_from(along, g.sub(mean)).mul(scale);
                dx.store_partial(row.y.add(i), mask);
                i += V::LANES;
            }
        }
    }

    /// `dy · weight`, and what is normalized: zero behind the row.
    #[inline(always)]
    unsafe fn parts<V: Vector<Scalar = T>>(
        &self,
        isa: V::Isa,
        i: usize,
        mask: V::Mask,
        center: V,
        scale: V,
    ) -> [V; 2] {
        // SAFETY: by the caller.
        unsafe {
            let mut g = V::load_partial(isa, self.dy.add(i), mask);
            if !self.row.weight.is_null() {
                g = g.mul(V::load_partial(isa, self.row.weight.add(i), mask));
            }
            let x = V::load_partial(isa, self.row.x.add(i), mask);
            let distance = x.sub(center).keep(mask, V::splat(isa, T::ZERO));
            [g, distance.mul(scale)]
        }
    }
}
