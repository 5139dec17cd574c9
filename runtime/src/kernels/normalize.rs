//! A row, divided by how far it spreads.

use super::{
    Function,
    dispatch::Kernel,
    isa::{Isa, Vector},
    math::square_root,
    rows::{InMemory, MapRow, Row},
};
use crate::scalar::Scalar;

/// `y = (x − center) / √(spread + eps) · weight + bias`, where the center is the mean or zero, and the
/// spread is the mean square of what is left. A weight or a bias of another length is none.
#[derive(Clone, Copy)]
pub(crate) struct Normalize<'a, T> {
    pub(crate) weight: &'a [T],
    pub(crate) bias: &'a [T],
    pub(crate) eps: f64,
    /// Whether the center is the mean.
    pub(crate) centers: bool,
}

impl<T: Scalar> MapRow<T> for Normalize<'_, T> {
    #[inline(always)]
    fn map<R: Row<T>>(&self, row: &mut R) {
        let normalize = *self;
        let zero = R::V::splat(row.isa(), T::ZERO);
        let [center, scale] = normalize.statistics(row);
        for i in 0..row.vectors() {
            // What lies behind the last number is no distance.
            let distance = row.keep(i, row.get(i).sub(center), zero);
            let mut y = distance.mul(scale);
            if normalize.weight.len() == row.width() {
                y = y.mul(row.beside(i, normalize.weight));
            }
            if normalize.bias.len() == row.width() {
                y = y.add(row.beside(i, normalize.bias));
            }
            row.set(i, y);
        }
    }
}

impl<T: Scalar> Normalize<'_, T> {
    /// The center, and 1 / √(spread + eps).
    #[inline(always)]
    fn statistics<R: Row<T>>(self, row: &R) -> [R::V; 2] {
        let zero = R::V::splat(row.isa(), T::ZERO);
        let len = T::from_f64(row.width() as f64);
        let mut center = zero;
        if self.centers {
            for i in 0..row.vectors() {
                center = center.add(row.keep(i, row.get(i), zero));
            }
            center = row.once(row.sum(center), |sum| sum / len);
        }
        let mut squares = zero;
        for i in 0..row.vectors() {
            let distance = row.keep(i, row.get(i).sub(center), zero);
            squares = distance.mul_add(distance, squares);
        }
        let scale = row.once(row.sum(squares), |sum| {
            let spread = (sum / len).to_f64() + self.eps;
            T::from_f64(1.0 / square_root(spread))
        });
        [center, scale]
    }
}

/// The way back of [`Normalize`]: with x̂ for what is normalized and g for `dy · weight`,
/// `dx = scale · (g − mean(g) − x̂ · mean(g · x̂))`, without the first mean where nothing was centered,
/// and `dw += dy · x̂`, `db += dy`.
///
/// # Safety
///
/// Whoever makes one sees to it that each pointer leads to `len` numbers, `dw` and `db` if they are not
/// null, and that nothing else refers to those of `dx`, `dw` and `db`.
pub(crate) struct NormalizeBack<'a, T> {
    pub(crate) normalize: Normalize<'a, T>,
    pub(crate) x: *const T,
    pub(crate) len: usize,
    pub(crate) dx: *mut T,
    pub(crate) dy: *const T,
    pub(crate) dw: *mut T,
    pub(crate) db: *mut T,
}

impl<'a, T: Scalar> Kernel for &'a NormalizeBack<'a, T> {
    type Output = ();
    type First = &'a NormalizeBack<'a, T>;
    type Second = ();
    type Third = ();

    #[inline(always)]
    fn parts(self) -> (&'a NormalizeBack<'a, T>, (), (), Function) {
        (self, (), (), Function::Identity)
    }

    #[inline(always)]
    fn run<I: Isa>(isa: I, back: &'a NormalizeBack<'a, T>, (): (), (): (), _: Function) {
        // SAFETY: by whoever made it.
        unsafe { back.run::<T::Vector<I>>(isa) };
    }
}

impl<T: Scalar> NormalizeBack<'_, T> {
    #[inline(always)]
    unsafe fn run<V: Vector<Scalar = T>>(&self, isa: V::Isa) {
        let zero = V::splat(isa, T::ZERO);
        let len = T::from_f64(self.len as f64);
        // SAFETY: the mask leaves out what is behind the row.
        unsafe {
            let row = InMemory::<V>::new(isa, self.x, self.dx, self.len);
            let [center, scale] = self.normalize.statistics(&row);
            let mut sums = [zero; 2];
            let mut i = 0;
            while i < self.len {
                let mask = V::mask(isa, (self.len - i).min(V::LANES));
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
            if self.normalize.centers {
                mean = V::splat(isa, sums[0].sum(V::LANES) / len);
            }
            let along = V::splat(isa, sums[1].sum(V::LANES) / len);
            let mut i = 0;
            while i < self.len {
                let mask = V::mask(isa, (self.len - i).min(V::LANES));
                let [g, normal] = self.parts::<V>(isa, i, mask, center, scale);
                let dx = normal.mul_sub_from(along, g.sub(mean)).mul(scale);
                dx.store_partial(self.dx.add(i), mask);
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
            if self.normalize.weight.len() == self.len {
                let weight = self.normalize.weight.as_ptr();
                g = g.mul(V::load_partial(isa, weight.add(i), mask));
            }
            let x = V::load_partial(isa, self.x.add(i), mask);
            let distance = x.sub(center).keep(mask, V::splat(isa, T::ZERO));
            [g, distance.mul(scale)]
        }
    }
}
