//! tanh, eˣ and the logistic function by tables, for processors that look up a number for each lane
//! in one instruction. This takes half the time of the formulas in `math`, and errs less.
//!
//! tanh has a polynomial of its own in each of 32 intervals. eˣ is 2^(n / 16) times a short
//! polynomial, where the 16 powers with fractions are tabulated, and what their rounding did to
//! their logarithms.
//!
//! The compiler calculates the tables. tanh satisfies y' = a + b·y + c·y², from which the terms of
//! its Taylor series around the middle of an interval follow one by one. Chebyshev polynomials,
//! taken away from the highest power down, then leave few terms with an error that is spread over
//! the interval (Lanczos' economization).
//!
//! A vector waits for its own results, and meanwhile others go on. What is faster was measured: tanh
//! takes its steps with all of `N` vectors side by side, eˣ and the logistic function only begin like
//! that, and then finish one vector after another.

mod gelu;

pub(super) use gelu::{gelu, gelu_tanh};

use super::{
    isa::Vector,
    math::{Constants as _, each},
};
use crate::scalar::Scalar;

/// As many numbers as one register of AVX-512 holds, or two.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub struct Table<T, const LEN: usize>(pub(super) [T; LEN]);

/// What is tabulated of a number type.
pub struct Tables<T> {
    tanh: Pieces<T, 6>,
    scaled_tail: Pieces<T, 5>,
    /// 2^(i / 16), rounded, and how much the logarithm of that is more than i / 16 · ln 2.
    powers: [Table<T, 16>; 2],
}

/// A polynomial for each of 32 intervals, in the distance from a center.
struct Pieces<T, const KEPT: usize> {
    centers: Table<T, 32>,
    /// Of the lowest power first.
    coefficients: [Table<T, 32>; KEPT],
}

/// Of `f32`; there are none of `f64`, of which a register holds half as many.
pub static F32: Tables<f32> = Tables {
    tanh: tanh_pieces(),
    scaled_tail: gelu::scaled_tail_pieces(),
    powers: powers(),
};

/// tanh, or nothing where there are no tables.
#[inline(always)]
pub(super) fn tanh<V: Vector, const N: usize>(isa: V::Isa, x: [V; N]) -> Option<[V; N]> {
    let bound = V::splat(isa, V::Scalar::TANH_ONE);
    let lowest = V::splat(isa, V::Scalar::from_f64(f64::from(TANH_LOWEST)));
    let magnitude = each!(i => bound.min(x[i].abs(isa)));
    let index = each!(i => lowest.max(magnitude[i]));
    let pieces = &V::Scalar::TABLES?.tanh;
    let y = pieces.values::<V, N, TANH_SHIFT>(index, magnitude)?;
    Some(each!(i => y[i].copysign(x[i])))
}

/// eˣ, where x is `most` at the most, or nothing where there are no tables.
#[inline(always)]
pub(super) fn exp<V: Vector, const N: usize>(
    isa: V::Isa,
    x: [V; N],
    most: V::Scalar,
) -> Option<[V; N]> {
    let (min, max) = (V::splat(isa, V::Scalar::EXP_RANGE[0]), V::splat(isa, most));
    bounded_exp(isa, each!(i => max.min(min.max(x[i]))))
}

/// e^−|x|, and any number where x is NaN, or nothing where there are no tables.
#[inline(always)]
pub(super) fn exp_of_negative_magnitude<V: Vector, const N: usize>(
    isa: V::Isa,
    x: [V; N],
) -> Option<[V; N]> {
    let bound = V::splat(isa, V::Scalar::ZERO).sub(V::splat(isa, V::Scalar::EXP_RANGE[0]));
    bounded_exp(isa, each!(i => x[i].negative_magnitude(bound)?))
}

/// The logistic function, or nothing where there are no tables. With e = e^−|x|, it is
/// e / (1 + e) below zero, and 1 / (1 + e) above.
#[inline(always)]
pub(super) fn sigmoid<V: Vector, const N: usize>(isa: V::Isa, x: [V; N]) -> Option<[V; N]> {
    let one = V::splat(isa, V::Scalar::ONE);
    let e = exp_of_negative_magnitude(isa, x)?;
    Some(each!(i => {
        let numerator = e[i].below_zero_else_one(isa, x[i])?;
        // A quotient of few digits, and what it leaves over times the reciprocal that it was made
        // with. What that was off shows in its square, which could be more than the function grows.
        // It never is with Zen 4's estimates, to which what was looked up of Intel's is equal.
        let reciprocal = e[i].add(one).estimate_reciprocal(isa);
        let quotient = numerator.mul(reciprocal);
        // The denominator is 2 at the most: where the estimate is a half at the least, as it should
        // be, this difference is of numbers that are at most twice one another, and exact.
        let rest = numerator.sub(quotient);
        let rest = quotient.mul_sub_from(e[i], rest);
        rest.mul_add(reciprocal, quotient)
    }))
}

/// eˣ where `x` is in `EXP_RANGE`: 2ⁿ · (1 + r · u) with n a multiple of 1/16.
#[inline(always)]
fn bounded_exp<V: Vector, const N: usize>(isa: V::Isa, x: [V; N]) -> Option<[V; N]> {
    const LN2_REST: f64 = core::f64::consts::LN_2 - core::f32::consts::LN_2 as f64;

    let [power, logarithm] = &V::Scalar::TABLES?.powers;
    let one = V::splat(isa, V::Scalar::ONE);
    let c2 = V::splat(isa, V::Scalar::from_f64(C2));
    let c3 = V::splat(isa, V::Scalar::from_f64(C3));
    let log2_e = V::splat(isa, V::Scalar::LOG2_E);
    let ln2 = V::splat(isa, V::Scalar::LN2);
    let ln2_rest = V::splat(isa, V::Scalar::from_f64(LN2_REST));
    // Its last bit is 1/16, and so the four last are the index.
    let magic = V::splat(isa, V::Scalar::MAGIC * V::Scalar::from_f64(1.0 / 16.0));
    let index = each!(i => x[i].mul_add(log2_e, magic));
    Some(each!(i => {
        let n = index[i].sub(magic);
        // What is small is added up on the way, and taken away at once.
        let rest = n.mul_add(ln2_rest, index[i].look_up::<0, 16>(logarithm)?);
        let r = n.mul_sub_from(ln2, x[i]).sub(rest);
        let power = index[i].look_up::<0, 16>(power)?;
        let u = r.mul_add(c3, c2).mul_add(r, one);
        power.mul(r).mul_add(u, power).scale_by_floor(n)?
    }))
}

/// (eʳ − 1 − r) / r² = C2 + C3 · r for |r| ≤ ln 2 / 32, minimax for eʳ.
const C2: f64 = 0.500_016_324_225_588_6;
const C3: f64 = 0.166_670_094_741_568_86;

/// Intervals have the numbers that agree in their exponent and two bits of their mantissa; the
/// lowest begins at zero.
const TANH_LOWEST: f32 = 1.5 / 32.0;
const TANH_LOWEST_END: f64 = 1.75 / 32.0;
const TANH_SHIFT: u32 = 21;

/// tanh of magnitudes.
const fn tanh_pieces<const KEPT: usize>() -> Pieces<f32, KEPT> {
    let lowest = TANH_LOWEST.to_bits() >> TANH_SHIFT;
    let mut pieces = Pieces {
        centers: Table([0.0; 32]),
        coefficients: [Table([0.0; 32]); KEPT],
    };
    // Around zero tanh is odd, and what is left of its series is, too.
    let odd = economized(series(0.0, [1.0, 0.0, -1.0]), TANH_LOWEST_END, KEPT);
    pieces.set(lowest, 0.0, odd);
    let mut interval = lowest + 1;
    while interval < lowest + 32 {
        let start = f32::from_bits(interval << TANH_SHIFT) as f64;
        let end = f32::from_bits((interval + 1) << TANH_SHIFT) as f64;
        let (middle, radius) = (f64::midpoint(start, end), (end - start) / 2.0);
        let power = exp_of(-2.0 * middle);
        let series = series((1.0 - power) / (1.0 + power), [1.0, 0.0, -1.0]);
        let polynomial = economized(series, radius, KEPT);
        let center = accurate_center(middle, radius, &polynomial);
        pieces.set(interval, center, moved(polynomial, center as f64 - middle));
        interval += 1;
    }
    pieces
}

const fn powers() -> [Table<f32, 16>; 2] {
    let mut powers = [Table([0.0; 16]); 2];
    let mut i = 0;
    while i < 16 {
        let power = exp_of(core::f64::consts::LN_2 * i as f64 / 16.0);
        powers[0].0[i] = power as f32;
        // ln(1 + t) is t here: half of its square is below 2⁻⁴⁹.
        powers[1].0[i] = (power as f32 as f64 / power - 1.0) as f32;
        i += 1;
    }
    powers
}

impl<T: Scalar, const KEPT: usize> Pieces<T, KEPT> {
    /// The values at `at`, each by the polynomial that the last bits of its index name, which are
    /// shifted out of what lies behind them.
    #[inline(always)]
    fn values<V: Vector<Scalar = T>, const N: usize, const SHIFT: u32>(
        &self,
        index: [V; N],
        at: [V; N],
    ) -> Option<[V; N]> {
        let distance = each!(i => at[i].sub(index[i].look_up::<SHIFT, 32>(&self.centers)?));
        let (highest, lower) = self.coefficients.split_last()?;
        let mut y = each!(i => index[i].look_up::<SHIFT, 32>(highest)?);
        for table in lower.iter().rev() {
            y = each!(i => y[i].mul_add(distance[i], index[i].look_up::<SHIFT, 32>(table)?));
        }
        Some(y)
    }
}

impl<const KEPT: usize> Pieces<f32, KEPT> {
    const fn set(&mut self, interval: u32, center: f32, polynomial: Series) {
        let index = interval as usize % 32;
        self.centers.0[index] = center;
        let mut power = 0;
        while power < KEPT {
            self.coefficients[power].0[index] = polynomial[power] as f32;
            power += 1;
        }
    }
}

/// The number near `middle` at which a polynomial's value is nearest to an `f32`, so that rounding
/// the first coefficient changes little (Gal's accurate tables).
const fn accurate_center(middle: f64, radius: f64, polynomial: &Series) -> f32 {
    let (mut center, mut least) = (middle as f32, f64::INFINITY);
    let mut step = -64;
    while step < 64 {
        let candidate = (middle + radius * step as f64 / 512.0) as f32;
        let y = value(polynomial, candidate as f64 - middle);
        let rounding = (y - y as f32 as f64).abs();
        if rounding < least {
            (center, least) = (candidate, rounding);
        }
        step += 1;
    }
    center
}

/// The coefficients of a polynomial, that of the lowest power first.
type Series = [f64; TERMS];
const TERMS: usize = 16;

/// The Taylor series of the function with y(0) = `y` and y' = a + b·y + c·y².
const fn series(y: f64, [a, b, c]: [f64; 3]) -> Series {
    let mut terms = [0.0; TERMS];
    terms[0] = y;
    let mut n = 0;
    while n + 1 < TERMS {
        let mut slope = if n == 0 { a } else { 0.0 } + b * terms[n];
        let mut i = 0;
        while i <= n {
            slope += c * terms[i] * terms[n - i];
            i += 1;
        }
        n += 1;
        terms[n] = slope / n as f64;
    }
    terms
}

/// `keep` terms that differ least from all of them within the radius.
const fn economized(mut terms: Series, radius: f64, keep: usize) -> Series {
    let mut k = TERMS;
    while k > keep {
        k -= 1;
        // The kth Chebyshev polynomial of t / radius.
        let (mut before, mut chebyshev) = ([0.0; TERMS], [0.0; TERMS]);
        (before[0], chebyshev[1]) = (1.0, 1.0 / radius);
        let mut degree = 1;
        while degree < k {
            let mut next = [0.0; TERMS];
            let mut i = 0;
            while i < TERMS {
                let shifted = if i == 0 { 0.0 } else { chebyshev[i - 1] };
                next[i] = 2.0 / radius * shifted - before[i];
                i += 1;
            }
            (before, chebyshev) = (chebyshev, next);
            degree += 1;
        }
        let factor = terms[k] / chebyshev[k];
        let mut i = 0;
        while i <= k {
            terms[i] -= factor * chebyshev[i];
            i += 1;
        }
    }
    terms
}

/// The same polynomial around `by`.
const fn moved(mut terms: Series, by: f64) -> Series {
    let mut from = 0;
    while from < TERMS {
        let mut i = TERMS - 1;
        while i > from {
            i -= 1;
            terms[i] += by * terms[i + 1];
        }
        from += 1;
    }
    terms
}

const fn value(terms: &Series, at: f64) -> f64 {
    let (mut sum, mut i) = (0.0, TERMS);
    while i > 0 {
        i -= 1;
        sum = sum * at + terms[i];
    }
    sum
}

/// eˣ for |x| < 24: the 64th power of that of x / 64.
const fn exp_of(x: f64) -> f64 {
    let mut power = value(&series(1.0, [0.0, 1.0, 0.0]), x / 64.0);
    let mut squared = 0;
    while squared < 6 {
        power *= power;
        squared += 1;
    }
    power
}
