//! What goes number by number in training: losses, and the steps of optimisers. They are compiled where
//! they are used.

use super::{
    Function,
    dispatch::Kernel,
    isa::{Isa, Vector},
    math::{self, Constants as _},
};
use crate::scalar::Scalar;

/// A loss of one number.
pub trait Pointwise {
    /// What the derivatives that `of` gives are still to be multiplied by.
    const FACTOR: f64 = 1.0;

    /// The loss and its derivative with respect to `y`, in each lane.
    fn of<V: Vector>(&self, isa: V::Isa, y: V, target: V) -> [V; 2];
}

/// The sum of the losses of some numbers; `dy` becomes their derivatives times `scale`.
///
/// # Safety
///
/// Whoever makes one sees to it that the pointers lead to `len` numbers, and that nothing else refers to
/// those of `dy`.
pub(crate) struct LossEach<'a, P, T> {
    pub(crate) pointwise: &'a P,
    pub(crate) y: *const T,
    pub(crate) target: *const T,
    pub(crate) dy: *mut T,
    pub(crate) len: usize,
    pub(crate) scale: f64,
}

impl<'a, P: Pointwise, T: Scalar> Kernel for &'a LossEach<'a, P, T> {
    type Output = f64;
    type First = &'a LossEach<'a, P, T>;
    type Second = ();
    type Third = ();

    #[inline(always)]
    fn parts(self) -> (Self::First, (), (), Function) {
        (self, (), (), Function::Identity)
    }

    #[inline(always)]
    fn run<I: Isa>(isa: I, each: Self::First, (): (), (): (), _: Function) -> f64 {
        each.run_in(isa)
    }
}

impl<P: Pointwise, T: Scalar> LossEach<'_, P, T> {
    /// The calculation, as part of a function for an instruction set.
    #[inline(always)]
    pub(crate) fn run_in<I: Isa>(&self, isa: I) -> f64 {
        // SAFETY: by whoever made it.
        unsafe { self.run::<T::Vector<I>>(isa) }
    }

    #[inline(always)]
    unsafe fn run<V: Vector<Scalar = T>>(&self, isa: V::Isa) -> f64 {
        let scale = V::splat(isa, T::from_f64(self.scale * P::FACTOR));
        let zero = V::splat(isa, T::ZERO);
        let mut sums = [zero; 2];
        let mut i = 0;
        // SAFETY: what is read and written stays below `len`.
        unsafe {
            if self.len == 1 {
                // A number that was just calculated goes on in its register.
                let (y, target) = (V::splat(isa, *self.y), V::splat(isa, *self.target));
                let [loss, slope] = self.pointwise.of(isa, y, target);
                *self.dy = slope.mul(scale).first();
                return loss.first().to_f64();
            }
            while i + 2 * V::LANES <= self.len {
                for (part, sum) in sums.iter_mut().enumerate() {
                    let at = i + part * V::LANES;
                    let y = V::load(isa, self.y.add(at));
                    let target = V::load(isa, self.target.add(at));
                    let [loss, slope] = self.pointwise.of(isa, y, target);
                    *sum = sum.add(loss);
                    slope.mul(scale).store(self.dy.add(at));
                }
                i += 2 * V::LANES;
            }
            while i < self.len {
                let mask = V::mask(isa, (self.len - i).min(V::LANES));
                let y = V::load_partial(isa, self.y.add(i), mask);
                let target = V::load_partial(isa, self.target.add(i), mask);
                let [loss, slope] = self.pointwise.of(isa, y, target);
                // Behind the last number there may be a loss of zero and zero.
                sums[0] = sums[0].add(loss.keep(mask, zero));
                slope.mul(scale).store_partial(self.dy.add(i), mask);
                i += V::LANES;
            }
        }
        sums[0].add(sums[1]).sum(V::LANES).to_f64()
    }
}

/// The same with a sample in each lane, of which `used` have one; `dy` becomes zero in the others.
#[inline(always)]
pub(crate) fn losses_in_lanes<P: Pointwise, V: Vector>(
    pointwise: &P,
    isa: V::Isa,
    (y, targets, dy): (&[V], &[V], &mut [V]),
    used: usize,
    scale: f64,
) -> f64 {
    let scale = V::splat(isa, V::Scalar::from_f64(scale * P::FACTOR));
    let zero = V::splat(isa, V::Scalar::ZERO);
    let mask = V::mask(isa, used.min(V::LANES));
    let mut sum = zero;
    for ((y, target), dy) in y.iter().zip(targets).zip(dy) {
        let [loss, slope] = pointwise.of(isa, *y, *target);
        sum = sum.add(loss);
        *dy = slope.mul(scale).keep(mask, zero);
    }
    sum.keep(mask, zero).sum(V::LANES).to_f64()
}

/// A gradient for an optimiser that squares it: zero where the square would be subnormal.
#[inline(always)]
pub(crate) fn with_square<V: Vector>(isa: V::Isa, g: V) -> V {
    math::without_least(isa, g, V::Scalar::SMALL[1])
}

/// What an optimiser kept, which gets smaller with each step where there is no gradient any more, as of a
/// unit that ReLU has switched off for good: zero before it is subnormal. Rounding would keep it there.
#[inline(always)]
fn kept_before<V: Vector>(isa: V::Isa, kept: V) -> V {
    math::without_least(isa, kept, V::Scalar::SMALL[0])
}

/// How an optimiser changes a number, with `K` numbers that it keeps for each.
pub trait Rule<const K: usize>: Copy {
    /// The parameter and what is kept, after a step along the gradient `g`.
    fn step<V: Vector>(&self, isa: V::Isa, p: V, g: V, kept: [V; K]) -> (V, [V; K]);
}

/// A step for some numbers.
///
/// # Safety
///
/// Whoever makes one sees to it that the pointers lead to `len` numbers, and that nothing else refers to
/// those of `p` and `kept`.
pub(crate) struct StepEach<'a, R, T, const K: usize> {
    pub(crate) rule: &'a R,
    pub(crate) p: *mut T,
    pub(crate) g: *const T,
    pub(crate) kept: [*mut T; K],
    pub(crate) len: usize,
}

impl<'a, R: Rule<K>, T: Scalar, const K: usize> Kernel for StepEach<'a, R, T, K> {
    type Output = ();
    type First = &'a R;
    type Second = (*mut T, *const T);
    type Third = ([*mut T; K], usize);

    #[inline(always)]
    fn parts(self) -> (Self::First, Self::Second, Self::Third, Function) {
        let Self {
            rule,
            p,
            g,
            kept,
            len,
        } = self;
        (rule, (p, g), (kept, len), Function::Identity)
    }

    #[inline(always)]
    fn run<I: Isa>(
        isa: I,
        rule: &'a R,
        (p, g): Self::Second,
        (kept, len): Self::Third,
        _: Function,
    ) {
        let lanes = T::Vector::<I>::LANES;
        // Of a copy it is known that no parameter is in it, so that its options are converted once.
        let rule = *rule;
        let mut i = 0;
        // SAFETY: what is read and written stays below `len`.
        unsafe {
            while i < len {
                let count = (len - i).min(lanes);
                if count == lanes {
                    let gradient = T::Vector::<I>::load(isa, g.add(i));
                    let mut now = [gradient; K];
                    for (now, kept) in now.iter_mut().zip(kept) {
                        *now = kept_before(isa, T::Vector::<I>::load(isa, kept.add(i)));
                    }
                    let old = T::Vector::<I>::load(isa, p.add(i));
                    let (new, now) = rule.step(isa, old, gradient, now);
                    new.store(p.add(i));
                    for (now, kept) in now.into_iter().zip(kept) {
                        now.store(kept.add(i));
                    }
                } else {
                    let gradient = T::Vector::<I>::load_pieces(isa, g.add(i), count);
                    let mut now = [gradient; K];
                    for (now, kept) in now.iter_mut().zip(kept) {
                        let before = T::Vector::<I>::load_pieces(isa, kept.add(i), count);
                        *now = kept_before(isa, before);
                    }
                    let old = T::Vector::<I>::load_pieces(isa, p.add(i), count);
                    let (new, now) = rule.step(isa, old, gradient, now);
                    new.store_first(isa, p.add(i), count);
                    for (now, kept) in now.into_iter().zip(kept) {
                        now.store_first(isa, kept.add(i), count);
                    }
                }
                i += lanes;
            }
        }
    }
}
