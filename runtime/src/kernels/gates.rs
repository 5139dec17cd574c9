//! One step of a recurrent layer: the products of what enters and of what it remembers with all gates,
//! and the gates, in registers.

use super::{
    Function, functions,
    isa::{Isa, Pairs, Vector},
    linear::hidden,
    math::{self, Constants as _, each},
};
use crate::scalar::Scalar;

// No vector is in a closure that a function of the standard library calls: that is compiled without
// the instruction set.

/// What enters or is remembered and is smaller than 2⁻⁶⁴ is taken for zero. In silence it would get smaller
/// with each step, and processors take tens of times longer for numbers that are smaller than normal
/// ones, or have such products.
const LEAST: f64 = 1.0 / (1_u128 << 64) as f64;

/// Zero in place of such numbers.
#[inline(always)]
fn without_least<V: Vector>(isa: V::Isa, x: V) -> V {
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
fn opened<V: Vector, const N: usize>(isa: V::Isa, x: [V; N]) -> [V; N] {
    let half = V::splat(isa, V::Scalar::HALF);
    each!(i => match V::Scalar::HALF_TANH_OF_HALF {
        Some(quotient) => quotient.of(isa, x[i]).add(half),
        None => opened_by_power(isa, x[i]),
    })
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
fn bounded<V: Vector, const N: usize>(isa: V::Isa, x: [V; N]) -> [V; N] {
    each!(i => match V::Scalar::TANH_QUOTIENT {
        Some(quotient) => quotient.of(isa, x[i]),
        None => bounded_by_power(isa, x[i]),
    })
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
    /// both where they are joined.
    fn next<V: Vector>(
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
    fn next<V: Vector>(self, isa: V::Isa, x: [V; 3], h: [V; 3], state: [V; 1]) -> [V; 1] {
        let [r, z] = opened(isa, [x[0], x[1]]);
        let [n] = bounded(isa, [r.mul_add(h[2], x[2])]);
        // n is last: what doesn't wait for it is done meanwhile.
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
    fn next<V: Vector>(self, isa: V::Isa, x: [V; 4], _: [V; 4], state: [V; 2]) -> [V; 2] {
        let [i, f, o] = opened(isa, [x[0], x[1], x[3]]);
        let [g] = bounded(isa, [x[2]]);
        let c = f.mul_add(state[1], i.mul(g));
        let [output] = bounded(isa, [c]);
        [o.mul(output), c]
    }
}

/// What [`torch.nn.RNN`](https://docs.pytorch.org/docs/stable/generated/torch.nn.RNN.html) does with
/// its sum.
#[derive(Clone, Copy)]
pub(crate) struct Rnn(pub(crate) Function);

impl Gates<1, 1> for Rnn {
    #[inline(always)]
    fn next<V: Vector>(self, isa: V::Isa, mut sum: [V; 1], _: [V; 1], _: [V; 1]) -> [V; 1] {
        self.0.map(isa, &mut sum);
        sum
    }
}

/// A layer's tensors: columns of gates, one gate after another. The biases may be null.
///
/// # Safety
///
/// Whoever makes one sees to it that `input` and `state` lead to a column of `gates · hidden` numbers
/// for each of `inputs` and of `remembered`, and the biases, if they are not null, to one.
#[derive(Clone, Copy)]
pub(crate) struct Cell<T> {
    pub(crate) input: *const T,
    pub(crate) state: *const T,
    pub(crate) input_bias: *const T,
    pub(crate) state_bias: *const T,
    pub(crate) inputs: usize,
    /// `hidden`, or 0 where the products are in the bias already.
    pub(crate) remembered: usize,
    pub(crate) hidden: usize,
}

impl<T: Scalar> Cell<T> {
    /// Puts what is remembered next in place of `state`, in which each of the values is `hidden`
    /// numbers.
    ///
    /// # Safety
    ///
    /// `x` leads to `inputs` numbers, and each of `state` and `next` to `hidden`.
    #[inline(always)]
    pub(crate) unsafe fn step<G, I, const GATES: usize, const VALUES: usize>(
        &self,
        isa: I,
        gates: G,
        x: *const T,
        state: [*const T; VALUES],
        next: [*mut T; VALUES],
    ) where
        G: Gates<GATES, VALUES>,
        I: Isa,
    {
        let one = T::Vector::<I>::LANES;
        let mut unit = 0;
        while unit < self.hidden {
            // SAFETY: by the caller.
            unsafe {
                if self.hidden - unit > one {
                    // The gates of two registers wait beside one another, not one after the other.
                    self.units::<G, _, GATES, VALUES, true>(
                        Pairs(isa),
                        gates,
                        x,
                        (state, next),
                        unit,
                    );
                    unit += 2 * one;
                } else {
                    self.units::<G, _, GATES, VALUES, false>(isa, gates, x, (state, next), unit);
                    unit += one;
                }
            }
        }
    }

    /// The same for the units of a register, or of a pair of them, from `unit` on.
    #[inline(always)]
    unsafe fn units<G, I, const GATES: usize, const VALUES: usize, const PAIR: bool>(
        &self,
        isa: I,
        gates: G,
        x: *const T,
        (state, next): ([*const T; VALUES], [*mut T; VALUES]),
        unit: usize,
    ) where
        G: Gates<GATES, VALUES>,
        I: Isa,
    {
        let lanes = Lanes::<T::Vector<I>>::first(isa, self.hidden - unit);
        // A loop over many is not unrolled whole.
        let remembered = if self.remembered < 16 {
            self.remembered
        } else {
            hidden(self.remembered)
        };
        // SAFETY: the lanes are numbers of every column and value.
        unsafe {
            let memory = (self.state, state[0], remembered);
            let bias = self.biases(lanes, self.state_bias, unit);
            // As many chains of sums as there are registers for.
            let from_state = if GATES == 1 || !PAIR && (I::WIDE || GATES < 4) {
                self.sums::<_, GATES, 4, false>(lanes, memory, bias, unit)
            } else if PAIR && GATES == 4 && !I::Half::WIDE {
                self.sums::<_, GATES, 1, false>(lanes, memory, bias, unit)
            } else {
                self.sums::<_, GATES, 2, false>(lanes, memory, bias, unit)
            };
            // What enters comes last: often it was made of what is remembered.
            let mut start = self.biases(lanes, self.input_bias, unit);
            for (sum, &other) in start.iter_mut().zip(&from_state[..G::JOINED]) {
                *sum = sum.add(other);
            }
            let input = (self.input, x, self.inputs);
            let from_input = if PAIR || self.inputs < 4 {
                self.sums::<_, GATES, 1, true>(lanes, input, start, unit)
            } else {
                self.sums::<_, GATES, 2, true>(lanes, input, start, unit)
            };
            let mut values = [T::Vector::<I>::splat(isa, T::ZERO); VALUES];
            for (value, from) in values.iter_mut().zip(state) {
                *value = lanes.load(from.add(unit));
            }
            let values = gates.next(isa, from_input, from_state, values);
            for (value, to) in values.into_iter().zip(next) {
                lanes.store(without_least(isa, value), to.add(unit));
            }
        }
    }

    /// The biases of each gate for the units from `unit` on.
    #[inline(always)]
    unsafe fn biases<V: Vector<Scalar = T>, const GATES: usize>(
        &self,
        lanes: Lanes<V>,
        bias: *const T,
        unit: usize,
    ) -> [V; GATES] {
        let mut biases = [V::splat(lanes.isa, T::ZERO); GATES];
        if !bias.is_null() {
            for (gate, numbers) in biases.iter_mut().enumerate() {
                // SAFETY: by the caller.
                *numbers = unsafe { lanes.load(bias.add(gate * self.hidden + unit)) };
            }
        }
        biases
    }

    /// The sums of each gate for the units from `unit` on: of a start, and the weights times what they
    /// are multiplied with. There are `CHAINS` of sums beside one another.
    #[inline(always)]
    unsafe fn sums<
        V: Vector<Scalar = T>,
        const GATES: usize,
        const CHAINS: usize,
        const ENTERS: bool,
    >(
        &self,
        lanes: Lanes<V>,
        (weight, x, inputs): (*const T, *const T, usize),
        start: [V; GATES],
        unit: usize,
    ) -> [V; GATES] {
        let mut sums = [[V::splat(lanes.isa, T::ZERO); GATES]; CHAINS];
        sums[0] = start;
        // SAFETY: by the caller.
        unsafe {
            let columns = Columns {
                first: weight.add(unit),
                stride: GATES * self.hidden,
                gate: self.hidden,
            };
            columns.add::<_, GATES, CHAINS, ENTERS>(lanes, &mut sums, x, inputs);
        }
        total(sums)
    }
}

/// Columns of weights, in which the numbers of one gate are so far from those of the next.
#[derive(Clone, Copy)]
pub(super) struct Columns<T> {
    pub(super) first: *const T,
    pub(super) stride: usize,
    pub(super) gate: usize,
}

impl<T: Scalar> Columns<T> {
    /// Adds the products of the first columns with the numbers of `x`, of which there are `inputs`; with
    /// none that are too small if they come from outside, where nobody has looked at them.
    #[inline(always)]
    pub(super) unsafe fn add<
        V: Vector<Scalar = T>,
        const GATES: usize,
        const CHAINS: usize,
        const ENTERS: bool,
    >(
        self,
        lanes: Lanes<V>,
        sums: &mut [[V; GATES]; CHAINS],
        x: *const T,
        inputs: usize,
    ) {
        let mut input = 0;
        while input + CHAINS <= inputs {
            for chain in &mut *sums {
                // SAFETY: by the caller.
                unsafe { self.add_one::<_, GATES, ENTERS>(lanes, chain, x, input) };
                input += 1;
            }
        }
        while input < inputs {
            // SAFETY: by the caller.
            unsafe { self.add_one::<_, GATES, ENTERS>(lanes, &mut sums[CHAINS - 1], x, input) };
            input += 1;
        }
    }

    /// The same of one column.
    #[inline(always)]
    unsafe fn add_one<V: Vector<Scalar = T>, const GATES: usize, const ENTERS: bool>(
        self,
        lanes: Lanes<V>,
        sums: &mut [V; GATES],
        x: *const T,
        input: usize,
    ) {
        // SAFETY: by the caller.
        unsafe {
            let mut x = V::splat(lanes.isa, *x.add(input));
            if ENTERS {
                x = without_least(lanes.isa, x);
            }
            let column = self.first.add(input * self.stride);
            for (gate, sum) in sums.iter_mut().enumerate() {
                *sum = lanes.load(column.add(gate * self.gate)).mul_add(x, *sum);
            }
        }
    }
}

/// The chains together.
#[inline(always)]
pub(super) fn total<V: Vector, const GATES: usize, const CHAINS: usize>(
    sums: [[V; GATES]; CHAINS],
) -> [V; GATES] {
    let mut all = sums[0];
    for chain in &sums[1..] {
        for (sum, &other) in all.iter_mut().zip(chain) {
            *sum = sum.add(other);
        }
    }
    all
}

/// The lanes of a register that hold units.
#[derive(Clone, Copy)]
pub(super) struct Lanes<V: Vector> {
    pub(super) isa: V::Isa,
    mask: V::Mask,
    is_whole: bool,
}

impl<V: Vector> Lanes<V> {
    /// The first of them, so many that there are.
    #[inline(always)]
    pub(super) fn first(isa: V::Isa, units: usize) -> Self {
        let used = units.min(V::LANES);
        Self {
            isa,
            mask: V::mask(isa, used),
            is_whole: used == V::LANES,
        }
    }

    #[inline(always)]
    pub(super) unsafe fn load(self, from: *const V::Scalar) -> V {
        // SAFETY: by the caller.
        unsafe {
            if self.is_whole {
                V::load(self.isa, from)
            } else {
                V::load_partial(self.isa, from, self.mask)
            }
        }
    }

    #[inline(always)]
    pub(super) unsafe fn store(self, values: V, to: *mut V::Scalar) {
        // SAFETY: by the caller.
        unsafe {
            if self.is_whole {
                values.store(to);
            } else {
                values.store_partial(to, self.mask);
            }
        }
    }
}
