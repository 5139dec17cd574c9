//! One step of a recurrent layer: the products of what enters and of what it remembers with all gates,
//! and the gates, in registers.

use super::{
    gates::{Gates, without_least},
    isa::{Isa, Pairs, Vector},
    linear::hidden,
};
use crate::scalar::Scalar;

/// A layer's tensors: columns of gates, one gate after another. The biases may be null.
///
/// # Safety
///
/// Whoever makes one sees to it that `input` and `state` lead to a column of `gates · HIDDEN` numbers
/// for each of `inputs` and of `remembered`, and the biases, if they are not null, to one.
#[derive(Clone, Copy)]
pub(crate) struct Cell<T, const HIDDEN: usize> {
    pub(crate) input: *const T,
    pub(crate) state: *const T,
    pub(crate) input_bias: *const T,
    pub(crate) state_bias: *const T,
    pub(crate) inputs: usize,
    /// `HIDDEN`, or 0 where the products are in the bias already.
    pub(crate) remembered: usize,
}

/// The numbers of one step, each of the values `HIDDEN` of them.
#[derive(Clone, Copy)]
pub(crate) struct Numbers<T, const VALUES: usize> {
    /// What enters.
    pub(crate) x: *const T,
    /// What comes out, as it was calculated.
    pub(crate) y: *mut T,
    /// What is remembered, and what is remembered next, with zeros in place of the smallest numbers.
    pub(crate) state: [*const T; VALUES],
    pub(crate) next: [*mut T; VALUES],
    /// Whether the last units come first, and of their weights the last columns. The result is the same.
    pub(crate) turned: bool,
}

impl<T: Scalar, const HIDDEN: usize> Cell<T, HIDDEN> {
    /// How many columns at each end of the weights of `state` change places from step to step: weights that
    /// outgrow a first-level cache are read from the end that the last step left in it. None where all of them
    /// fit, or no two columns do.
    pub(crate) const fn edge(gates: usize) -> usize {
        /// The smallest such cache, and a good part of it.
        const CACHE: usize = 32 << 10;
        const KEPT: usize = 24 << 10;
        let column = gates * HIDDEN * size_of::<T>();
        if HIDDEN * column <= CACHE {
            return 0;
        }
        let (kept, half) = (KEPT / column, HIDDEN / 2);
        if kept < half { kept } else { half }
    }

    /// Calculates what comes out and what is remembered next.
    ///
    /// # Safety
    ///
    /// `x` leads to `inputs` numbers, and `y` and each of `state` and `next` to `HIDDEN`. Neither `y` nor the
    /// first of `next` is the first of `state`, which every unit reads.
    #[inline(always)]
    pub(crate) unsafe fn step<G, I, const GATES: usize, const VALUES: usize>(
        &self,
        isa: I,
        gates: G,
        numbers: Numbers<T, VALUES>,
    ) where
        G: Gates<GATES, VALUES>,
        I: Isa,
    {
        let lanes = T::Vector::<I>::LANES;
        let pairs = HIDDEN.div_ceil(lanes) / 2;
        // What is not reached isn't compiled in debug builds either.
        if const { HIDDEN > T::Vector::<I>::LANES } {
            for pair in 0..pairs {
                let pair = if numbers.turned {
                    pairs - 1 - pair
                } else {
                    pair
                };
                let unit = 2 * lanes * pair;
                // The gates of two registers wait beside one another, not one after the other.
                // SAFETY: by the caller.
                unsafe {
                    self.units::<G, _, GATES, VALUES, true>(Pairs(isa), gates, numbers, unit);
                }
            }
        }
        if const { HIDDEN.div_ceil(T::Vector::<I>::LANES) % 2 == 1 } {
            let unit = 2 * lanes * pairs;
            // SAFETY: by the caller.
            unsafe {
                self.units::<G, _, GATES, VALUES, false>(isa, gates, numbers, unit);
            }
        }
    }

    /// The same for the units of a register, or of a pair of them, from `unit` on.
    #[inline(always)]
    unsafe fn units<G, I, const GATES: usize, const VALUES: usize, const PAIR: bool>(
        &self,
        isa: I,
        gates: G,
        numbers: Numbers<T, VALUES>,
        unit: usize,
    ) where
        G: Gates<GATES, VALUES>,
        I: Isa,
    {
        let Numbers {
            x, y, state, next, ..
        } = numbers;
        let lanes = Lanes::<T::Vector<I>>::first(isa, HIDDEN - unit);
        // SAFETY: the lanes are numbers of every column and value.
        unsafe {
            let from_state =
                self.of_state::<_, GATES, PAIR>(lanes, (state[0], numbers.turned), unit);
            // What enters comes last: often it was made of what is remembered.
            let mut start = Self::biases(lanes, self.input_bias, unit);
            for (sum, &other) in start.iter_mut().zip(&from_state[..G::JOINED]) {
                *sum = sum.add(other);
            }
            let input = (self.input, x, self.inputs);
            let from_input = if PAIR || self.inputs < 4 {
                Self::sums::<_, GATES, 1, true>(lanes, input, start, unit)
            } else {
                Self::sums::<_, GATES, 2, true>(lanes, input, start, unit)
            };
            let mut values = [T::Vector::<I>::splat(isa, T::ZERO); VALUES];
            for (value, from) in values.iter_mut().zip(state) {
                *value = lanes.load(from.add(unit));
            }
            let mut values = if const { HIDDEN * size_of::<T>() <= 64 && I::Half::WIDE } {
                gates.next::<_, true>(isa, from_input, from_state, values)
            } else {
                gates.next::<_, false>(isa, from_input, from_state, values)
            };
            if const { PAIR && !HIDDEN.is_multiple_of(2 * T::Vector::<I>::LANES) } {
                // The optimiser would do this last, and have too few registers for the units that are left.
                let (first, last) = (values[0], values[VALUES - 1]);
                [values[0], values[VALUES - 1]] = Vector::side_by_side([first, last]);
            }
            // A layer waits for it.
            lanes.store(values[0], y.add(unit));
            for (value, to) in values.into_iter().zip(next) {
                lanes.store(without_least(isa, value), to.add(unit));
            }
        }
    }

    /// The sums of what is remembered, and its bias.
    #[inline(always)]
    unsafe fn of_state<V: Vector<Scalar = T>, const GATES: usize, const PAIR: bool>(
        &self,
        lanes: Lanes<V>,
        (state, turned): (*const T, bool),
        unit: usize,
    ) -> [V; GATES] {
        // SAFETY: by the caller, of all columns from the first one on.
        unsafe {
            let columns = |first: usize, count| {
                let weight = self.state.wrapping_add(first * GATES * HIDDEN);
                (weight, state.add(first), count)
            };
            let mut bias = Self::biases::<_, GATES>(lanes, self.state_bias, unit);
            if const { !PAIR && HIDDEN > V::LANES }
                && let [first, second, ..] = &mut bias[..]
            {
                // Behind the pairs.
                [*first, *second] = V::side_by_side([*first, *second]);
            }
            let edge = const { Self::edge(GATES) };
            if edge == 0 || self.remembered == 0 {
                let all = columns(0, self.remembered);
                return Self::chains::<_, GATES, PAIR>(lanes, all, bias, unit);
            }
            let mut edges = [[V::splat(lanes.isa, T::ZERO); GATES]; 2];
            let begin = if turned {
                [HIDDEN - edge, 0]
            } else {
                [0, HIDDEN - edge]
            };
            let [first, last] = begin.map(|first| columns(first, edge));
            edges[0] = Self::chains::<_, GATES, PAIR>(lanes, first, edges[0], unit);
            let middle = columns(edge, HIDDEN - 2 * edge);
            let middle = Self::chains::<_, GATES, PAIR>(lanes, middle, bias, unit);
            edges[1] = Self::chains::<_, GATES, PAIR>(lanes, last, edges[1], unit);
            // The edges first: their sum doesn't know which of them was calculated first.
            let mut sums = total(edges);
            for (sum, middle) in sums.iter_mut().zip(middle) {
                *sum = sum.add(middle);
            }
            sums
        }
    }

    /// The sums of columns of what is remembered, in as many chains as there are registers for.
    #[inline(always)]
    unsafe fn chains<V: Vector<Scalar = T>, const GATES: usize, const PAIR: bool>(
        lanes: Lanes<V>,
        columns: (*const T, *const T, usize),
        start: [V; GATES],
        unit: usize,
    ) -> [V; GATES] {
        // SAFETY: by the caller.
        unsafe {
            if GATES == 1 || !PAIR && (<V::Isa as Isa>::WIDE || GATES < 4) {
                Self::sums::<_, GATES, 4, false>(lanes, columns, start, unit)
            } else if PAIR && GATES == 4 && !<<V::Isa as Isa>::Half as Isa>::WIDE {
                Self::sums::<_, GATES, 1, false>(lanes, columns, start, unit)
            } else {
                Self::sums::<_, GATES, 2, false>(lanes, columns, start, unit)
            }
        }
    }

    /// The biases of each gate for the units from `unit` on.
    #[inline(always)]
    unsafe fn biases<V: Vector<Scalar = T>, const GATES: usize>(
        lanes: Lanes<V>,
        bias: *const T,
        unit: usize,
    ) -> [V; GATES] {
        let mut biases = [V::splat(lanes.isa, T::ZERO); GATES];
        if !bias.is_null() {
            for (gate, numbers) in biases.iter_mut().enumerate() {
                // SAFETY: by the caller.
                *numbers = unsafe { lanes.load(bias.add(gate * HIDDEN + unit)) };
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
                // Of no columns it may be null.
                first: weight.wrapping_add(unit),
                stride: GATES * HIDDEN,
                gate: HIDDEN,
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
        // A loop over many is not unrolled whole.
        let rounds = inputs / CHAINS;
        let rounds = if inputs < 16 { rounds } else { hidden(rounds) };
        let mut input = 0;
        for _ in 0..rounds {
            for chain in &mut *sums {
                // SAFETY: by the caller.
                unsafe { self.add_one::<_, GATES, ENTERS>(lanes, chain, x, input) };
                input += 1;
            }
        }
        for input in inputs / CHAINS * CHAINS..inputs {
            // SAFETY: by the caller.
            unsafe { self.add_one::<_, GATES, ENTERS>(lanes, &mut sums[CHAINS - 1], x, input) };
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
