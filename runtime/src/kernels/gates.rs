//! What the gates of recurrent layers make of their sums.

use super::{
    Function, functions,
    isa::Vector,
    math::{self, Constants as _},
};
use crate::scalar::Scalar;

/// What enters or is remembered and is smaller than 2⁻⁶⁴ is taken for zero. In silence it would get smaller
/// with each step, and processors take tens of times longer for numbers that are smaller than normal
/// ones, or have such products.
const LEAST: f64 = 1.0 / (1_u128 << 64) as f64;

/// Zero in place of such numbers.
#[inline(always)]
pub(super) fn without_least<V: Vector>(isa: V::Isa, x: V) -> V {
    math::without_least(isa, x, V::Scalar::from_f64(LEAST))
}

/// `x` without such numbers, for products that are calculated elsewhere.
pub(crate) fn all_without_least<T: Scalar, const N: usize>(x: &[T; N]) -> [T; N] {
    let mut kept = *x;
    for x in &mut kept {
        if x.abs() < T::from_f64(LEAST) {
            *x = T::ZERO;
        }
    }
    kept
}

/// How far gates are open: 1 / (1 + e⁻ˣ), off by 2 · 10⁻⁷ at most in `f32`.
#[inline(always)]
fn opened<V: Vector>(isa: V::Isa, x: V) -> V {
    match V::Scalar::HALF_TANH_OF_HALF {
        Some(quotient) => quotient.of(isa, x).add(V::splat(isa, V::Scalar::HALF)),
        None => opened_by_power(isa, x),
    }
}

#[inline(always)]
fn opened_by_power<V: Vector>(isa: V::Isa, x: V) -> V {
    let [least, most] = V::Scalar::POWERS;
    let x = V::splat(isa, most).min(V::splat(isa, least).max(x));
    let negative = V::splat(isa, V::Scalar::ZERO).sub(x);
    let [power, u] = power_of(isa, negative, x, -V::Scalar::LOG2_E);
    math::reciprocal(isa, math::one_and(isa, power, u))
}

/// tanh x, within a few units in the last place.
#[inline(always)]
fn bounded<V: Vector>(isa: V::Isa, x: V) -> V {
    match V::Scalar::TANH_QUOTIENT {
        Some(quotient) => quotient.of(isa, x),
        None => bounded_by_power(isa, x),
    }
}

/// tanh x = v / (v + 2) with v = e²ˣ − 1.
#[inline(always)]
fn bounded_by_power<V: Vector>(isa: V::Isa, x: V) -> V {
    let most = V::splat(isa, V::Scalar::TANH_ONE);
    let x = most.min(V::splat(isa, -V::Scalar::TANH_ONE).max(x));
    let [power, u] = power_of(isa, x.add(x), x, V::Scalar::TWO * V::Scalar::LOG2_E);
    let v = u.mul_add(power, power.sub(V::splat(isa, V::Scalar::ONE)));
    functions::quotient(isa, v, v.add(V::splat(isa, V::Scalar::TWO)))
}

/// 2ⁿ and u, with e^y = 2ⁿ · (1 + u). There is x before there is y, of which y · log₂ e is a multiple.
#[inline(always)]
fn power_of<V: Vector>(isa: V::Isa, y: V, x: V, multiple: V::Scalar) -> [V; 2] {
    let magic = V::splat(isa, V::Scalar::MAGIC_AND_BIAS);
    let biased = x.mul_add(V::splat(isa, multiple), magic);
    let r = math::rest(isa, y, biased.sub(magic), true);
    [biased.shift_to_exponent(), math::less_one_in_pairs(isa, r)]
}

/// What a layer's gates do. There are `GATES` of them, and it remembers `VALUES` vectors, of which the
/// first is its output.
pub(crate) trait Gates<const GATES: usize, const VALUES: usize>: Copy {
    /// So many gates, the first ones, ask for one sum of both.
    const JOINED: usize = GATES;

    /// What is remembered next, for the sums of what enters and of what was remembered; the former have
    /// both where they are joined. Of `FEW` units nothing but the chain of steps takes time, and what nothing
    /// waits for comes last.
    fn next<V: Vector, const FEW: bool>(
        self,
        isa: V::Isa,
        from_input: [V; GATES],
        from_state: [V; GATES],
        state: [V; VALUES],
    ) -> [V; VALUES];
}

/// r, z and n of
/// [`torch.nn.GRU`](https://docs.pytorch.org/docs/stable/generated/torch.nn.GRU.html).
#[derive(Clone, Copy)]
pub(crate) struct Gru;

impl Gates<3, 1> for Gru {
    const JOINED: usize = 2;

    #[inline(always)]
    fn next<V: Vector, const FEW: bool>(
        self,
        isa: V::Isa,
        x: [V; 3],
        h: [V; 3],
        state: [V; 1],
    ) -> [V; 1] {
        let r = opened(isa, x[0]);
        let z = if FEW { x[1] } else { opened(isa, x[1]) };
        let n = bounded(isa, r.mul_add(h[2], x[2]));
        // z waits for nothing, and is done while n waits.
        let z = if FEW { opened(isa, z) } else { z };
        let rest = V::splat(isa, V::Scalar::ONE).sub(z);
        [n.mul_add(rest, z.mul(state[0]))]
    }
}

/// i, f, g and o of
/// [`torch.nn.LSTM`](https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html).
#[derive(Clone, Copy)]
pub(crate) struct Lstm;

impl Gates<4, 2> for Lstm {
    #[inline(always)]
    fn next<V: Vector, const FEW: bool>(
        self,
        isa: V::Isa,
        x: [V; 4],
        _: [V; 4],
        state: [V; 2],
    ) -> [V; 2] {
        let g = bounded(isa, x[2]);
        let (i, f) = (opened(isa, x[0]), opened(isa, x[1]));
        let c = f.mul_add(state[1], i.mul(g));
        // o waits for nothing, and is done while the output waits.
        let [c, o] = V::side_by_side([c, x[3]]);
        let output = bounded(isa, c);
        [opened(isa, o).mul(output), c]
    }
}

/// What [`torch.nn.RNN`](https://docs.pytorch.org/docs/stable/generated/torch.nn.RNN.html) does with
/// its sum.
#[derive(Clone, Copy)]
pub(crate) struct Rnn(pub(crate) Function);

impl Gates<1, 1> for Rnn {
    #[inline(always)]
    fn next<V: Vector, const FEW: bool>(
        self,
        isa: V::Isa,
        mut sum: [V; 1],
        _: [V; 1],
        _: [V; 1],
    ) -> [V; 1] {
        self.0.map(isa, &mut sum);
        sum
    }
}
