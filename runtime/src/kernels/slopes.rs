//! Gradients on their way back through what goes number by number, and through softmax.

use super::{
    Function, Map,
    dispatch::Kernel,
    isa::{Isa, Vector},
};
use crate::scalar::Scalar;

/// `dy ← dy · map′(kept)`
///
/// # Safety
///
/// Whoever makes one sees to it that `kept` and `dy` lead to `len` numbers, and that nothing else
/// refers to those of `dy`.
pub(crate) struct SlopeEach<'a, M, T> {
    pub(crate) map: &'a M,
    pub(crate) kept: *const T,
    pub(crate) dy: *mut T,
    pub(crate) len: usize,
}

impl<'a, M: Map, T: Scalar> Kernel for SlopeEach<'a, M, T> {
    type Output = ();
    type First = &'a M;
    type Second = (*const T, *mut T);
    type Third = usize;

    #[inline(always)]
    fn parts(self) -> (&'a M, (*const T, *mut T), usize, Function) {
        (self.map, (self.kept, self.dy), self.len, Function::Identity)
    }

    #[inline(always)]
    fn run<I: Isa>(isa: I, map: &'a M, (kept, dy): (*const T, *mut T), len: usize, _: Function) {
        // SAFETY: by whoever made it.
        unsafe {
            each::<T::Vector<I>, _>(isa, kept, dy, len, &ByMap(map));
        }
    }
}

/// The same for a function that the library knows, in rows: softmax is of each.
///
/// # Safety
///
/// Whoever makes one sees to it that `kept` and `dy` lead to `rows` rows of `width` numbers, and that
/// nothing else refers to those of `dy`.
pub struct BackEach<T> {
    pub(crate) function: Function,
    pub(crate) kept: *const T,
    pub(crate) dy: *mut T,
    pub(crate) width: usize,
    pub(crate) rows: usize,
}

impl<'a, T: Scalar> Kernel for &'a BackEach<T> {
    type Output = ();
    type First = &'a BackEach<T>;
    type Second = ();
    type Third = ();

    #[inline(always)]
    fn parts(self) -> (&'a BackEach<T>, (), (), Function) {
        (self, (), (), self.function)
    }

    #[inline(always)]
    fn run<I: Isa>(isa: I, rows: &'a BackEach<T>, (): (), (): (), function: Function) {
        // SAFETY: by whoever made it.
        unsafe {
            match function {
                Function::Identity => {}
                Function::Softmax => rows.softmax::<T::Vector<I>>(isa),
                // Each by itself: a choice in a loop is made in each round.
                Function::Exp => rows.each::<T::Vector<I>>(isa, Function::Exp),
                Function::Sigmoid => rows.each::<T::Vector<I>>(isa, Function::Sigmoid),
                Function::Tanh => rows.each::<T::Vector<I>>(isa, Function::Tanh),
                Function::ReLU => rows.each::<T::Vector<I>>(isa, Function::ReLU),
                Function::ReLU6 => rows.each::<T::Vector<I>>(isa, Function::ReLU6),
                Function::LeakyReLU(slope) => {
                    rows.each::<T::Vector<I>>(isa, Function::LeakyReLU(slope));
                }
            }
        }
    }
}

impl<T: Scalar> BackEach<T> {
    #[inline(always)]
    unsafe fn each<V: Vector<Scalar = T>>(&self, isa: V::Isa, function: Function) {
        let len = self.width * self.rows;
        // SAFETY: by the caller.
        unsafe {
            each::<V, _>(isa, self.kept, self.dy, len, &function);
        }
    }

    /// `dx = y · (dy − Σ dy · y)`
    #[inline(always)]
    unsafe fn softmax<V: Vector<Scalar = T>>(&self, isa: V::Isa) {
        let zero = V::splat(isa, T::ZERO);
        for row in 0..self.rows {
            // SAFETY: by the caller; the mask leaves out what is behind the row.
            unsafe {
                let y = self.kept.add(row * self.width);
                let dy = self.dy.add(row * self.width);
                let mut sum = zero;
                let mut i = 0;
                while i < self.width {
                    let mask = V::mask(isa, (self.width - i).min(V::LANES));
                    let y = V::load_partial(isa, y.add(i), mask);
                    sum = y.mul_add(V::load_partial(isa, dy.add(i), mask), sum);
                    i += V::LANES;
                }
                let spread = Spread(sum.sum(V::LANES).to_f64());
                each::<V, _>(isa, y, dy, self.width, &spread);
            }
        }
    }
}

/// What becomes of gradients. A trait and no closure, which would be a function of its own, without its
/// caller's instruction set.
trait Change {
    fn change<V: Vector>(&self, isa: V::Isa, kept: V, dy: V) -> V;
}

struct ByMap<'a, M>(&'a M);

impl<M: Map> Change for ByMap<'_, M> {
    #[inline(always)]
    fn change<V: Vector>(&self, isa: V::Isa, kept: V, dy: V) -> V {
        dy.mul(self.0.slope(isa, kept))
    }
}

impl Change for Function {
    #[inline(always)]
    fn change<V: Vector>(&self, isa: V::Isa, kept: V, dy: V) -> V {
        dy.mul(self.slope(isa, kept))
    }
}

/// Of softmax, with `Σ dy · y`.
struct Spread(f64);

impl Change for Spread {
    #[inline(always)]
    fn change<V: Vector>(&self, isa: V::Isa, y: V, dy: V) -> V {
        y.mul(dy.sub(V::splat(isa, V::Scalar::from_f64(self.0))))
    }
}

/// `dy ← change(kept, dy)`
///
/// # Safety
///
/// Both lead to `len` numbers.
#[inline(always)]
unsafe fn each<V: Vector, C: Change>(
    isa: V::Isa,
    kept: *const V::Scalar,
    dy: *mut V::Scalar,
    len: usize,
    change: &C,
) {
    let mut i = 0;
    // SAFETY: what is read and written stays below `len`.
    unsafe {
        while i + V::LANES <= len {
            let old = V::load(isa, dy.add(i));
            change
                .change(isa, V::load(isa, kept.add(i)), old)
                .store(dy.add(i));
            i += V::LANES;
        }
        if i < len {
            let mask = V::mask(isa, len - i);
            let kept = V::load_partial(isa, kept.add(i), mask);
            let last = V::load_partial(isa, dy.add(i), mask);
            change
                .change(isa, kept, last)
                .store_partial(dy.add(i), mask);
        }
    }
}
