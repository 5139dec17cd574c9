//! eˣ, tanh and the logistic function without the standard library, the same text for every
//! instruction set and, with one lane, for single numbers.
//!
//! All three stand on eˣ = 2ⁿ · (1 + u), with n = round(x / ln 2), r = x − n · ln 2 in two steps
//! (Cody and Waite: the high part of ln 2 has so few bits that n times it is exact) and
//! u = eʳ − 1 = r + r² · q(r). The coefficients of q, and those of tanh near zero, are minimax
//! approximations by Remez' algorithm. No step needs a fused multiply-add to be accurate.

use super::{
    functions::Coefficients,
    isa::Vector,
    quotient::{OddQuotient, TANH},
    tables::{self, Tables},
};
use crate::scalar::Scalar;

/// The numbers that differ between `f32` and `f64`.
pub trait Constants: Coefficients + Sized + 'static {
    /// 1.5 · 2^(mantissa bits): added and taken away again, it rounds to a whole number.
    const MAGIC: Self;
    /// The same and the exponent's bias.
    const MAGIC_AND_BIAS: Self;
    const HALF: Self;
    const TWO: Self;
    const LOG2_E: Self;
    const LN2: Self;
    /// ln 2: a part with few bits, and the rest.
    const LN2_PARTS: [Self; 2];
    /// By how much the one number is too large.
    const LN2_EXCESS: Self;
    /// eˣ is zero below, and infinite above.
    const EXP_RANGE: [Self; 2];
    /// The logistic function is zero below, and one above.
    const SIGMOID_RANGE: [Self; 2];
    /// (eʳ − 1 − r) / r² for |r| ≤ ln 2 / 2, from the highest power down.
    const EXP: &'static [Self];
    /// (tanh x − x) / x³ in x², for |x| < 0.625, from the highest power down.
    const TANH: &'static [Self];
    /// The end of that range.
    const TANH_SMALL: Self;
    /// From here on tanh rounds to 1.
    const TANH_ONE: Self;
    /// tanh x, and tanh(x / 2) / 2, in fewer steps that wait for one another than a power takes.
    const TANH_QUOTIENT: Option<OddQuotient<Self>>;
    const HALF_TANH_OF_HALF: Option<OddQuotient<Self>>;
    /// eˣ is a normal number between them.
    const POWERS: [Self; 2];
    /// The functions by tables.
    const TABLES: Option<&'static Tables<Self>>;
    /// A few times the smallest normal number, and a number whose square is so large: what is smaller may
    /// become subnormal, or its square may, and processors take a hundred times longer for that.
    const SMALL: [Self; 2];
}

impl Constants for f32 {
    const MAGIC: Self = 12_582_912.0;
    const MAGIC_AND_BIAS: Self = Self::MAGIC + 127.0;
    const HALF: Self = 0.5;
    const TWO: Self = 2.0;
    const LOG2_E: Self = core::f32::consts::LOG2_E;
    const LN2: Self = core::f32::consts::LN_2;
    const LN2_PARTS: [Self; 2] = [0.693_359_4, -2.121_944_4e-4];
    const LN2_EXCESS: Self = 1.904_654_3e-9;
    const EXP_RANGE: [Self; 2] = [-104.0, 89.0];
    const SIGMOID_RANGE: [Self; 2] = [-104.0, 40.0];
    const EXP: &'static [Self] = &[
        0.001_395_067_1,
        0.008_368_985,
        0.041_666_202,
        0.166_665_18,
        0.5,
    ];
    const TANH: &'static [Self] = &[
        -0.005_716_589,
        0.020_650_199,
        -0.053_743_385,
        0.133_314_91,
        -0.333_332_84,
    ];
    const TANH_SMALL: Self = 0.625;
    const TANH_ONE: Self = 9.5;
    const TANH_QUOTIENT: Option<OddQuotient<Self>> = Some(TANH);
    const HALF_TANH_OF_HALF: Option<OddQuotient<Self>> = Some(TANH.halved());
    const POWERS: [Self; 2] = [-87.0, 87.0];
    const TABLES: Option<&'static Tables<Self>> = Some(&tables::F32);
    const SMALL: [Self; 2] = [64.0 * Self::MIN_POSITIVE, 1.0 / (1_u64 << 57) as Self];
}

impl Constants for f64 {
    const MAGIC: Self = 6_755_399_441_055_744.0;
    const MAGIC_AND_BIAS: Self = Self::MAGIC + 1023.0;
    const HALF: Self = 0.5;
    const TWO: Self = 2.0;
    const LOG2_E: Self = core::f64::consts::LOG2_E;
    const LN2: Self = core::f64::consts::LN_2;
    const LN2_PARTS: [Self; 2] = [0.693_147_180_369_123_8, 1.908_214_929_270_587_7e-10];
    const LN2_EXCESS: Self = -2.319_046_813_846_299_6e-17;
    const EXP_RANGE: [Self; 2] = [-746.0, 710.0];
    const SIGMOID_RANGE: [Self; 2] = [-746.0, 60.0];
    const EXP: &'static [Self] = &[
        2.092_705_779_005_736e-9,
        2.511_240_177_046_965e-8,
        2.755_723_295_414_681_4e-7,
        2.755_723_377_844_098_5e-6,
        2.480_158_737_428_526e-5,
        0.000_198_412_698_975_110_32,
        0.001_388_888_888_885_81,
        0.008_333_333_333_316_558,
        0.041_666_666_666_666_73,
        0.166_666_666_666_666_85,
        0.5,
    ];
    const TANH: &'static [Self] = &[
        6.097_513_354_798_903e-6,
        -3.031_937_046_631_817e-5,
        9.169_763_590_514_117e-5,
        -0.000_237_096_300_871_293_5,
        0.000_589_484_524_509_253_1,
        -0.001_455_734_359_488_295,
        0.003_592_115_452_373_948,
        -0.008_863_234_479_187_042,
        0.021_869_488_480_970_405,
        -0.053_968_253_966_598_2,
        0.133_333_333_333_309_82,
        -0.333_333_333_333_333_26,
    ];
    const TANH_SMALL: Self = 0.625;
    const TANH_ONE: Self = 20.0;
    const TANH_QUOTIENT: Option<OddQuotient<Self>> = None;
    const HALF_TANH_OF_HALF: Option<OddQuotient<Self>> = None;
    const POWERS: [Self; 2] = [-708.0, 708.0];
    const TABLES: Option<&'static Tables<Self>> = None;
    const SMALL: [Self; 2] = [
        64.0 * Self::MIN_POSITIVE,
        f64::from_bits((1023 - 505) << 52),
    ];
}

/// `[e, e, …]` with the index `i` in the expression. A closure would be a function of its own,
/// without the caller's instruction set.
macro_rules! each {
    ($i:ident => $e:expr) => {{
        let $i = 0;
        let mut each = [$e; N];
        for $i in 1..N {
            each[$i] = $e;
        }
        each
    }};
}
pub(super) use each;

/// Zero in place of numbers that are nearer to it than `least`.
#[inline(always)]
pub(crate) fn without_least<V: Vector>(isa: V::Isa, x: V, least: V::Scalar) -> V {
    x.unless_below(V::splat(isa, least), V::splat(isa, V::Scalar::ZERO))
}

/// The polynomial with these coefficients, by Horner's rule.
#[inline(always)]
pub(super) fn polynomial<V: Vector>(isa: V::Isa, x: V, coefficients: &[V::Scalar]) -> V {
    let mut sum = V::splat(isa, coefficients[0]);
    for &coefficient in &coefficients[1..] {
        sum = sum.mul_add(x, V::splat(isa, coefficient));
    }
    sum
}

/// eˣ = 2ⁿ · (1 + u) in parts.
pub(super) struct Reduced<V> {
    pub(super) n: V,
    /// n and the bias of an exponent, whose bits are the last ones.
    pub(super) biased: V,
    pub(super) u: V,
}

/// The low part of ln 2 may be left out where n is small and the instruction set rounds `n · ln 2`
/// and the difference once.
#[inline(always)]
pub(super) fn reduce<V: Vector>(isa: V::Isa, x: V, in_one_step: bool) -> Reduced<V> {
    let (n, biased) = whole(isa, x);
    let u = less_one(isa, rest(isa, x, n, in_one_step));
    Reduced { n, biased, u }
}

/// The same for x + low, where low is what x lost in rounding.
#[inline(always)]
pub(super) fn reduce_sum<V: Vector>(isa: V::Isa, x: V, low: V) -> Reduced<V> {
    let (n, biased) = whole(isa, x);
    let u = less_one(isa, rest(isa, x, n, false).add(low));
    Reduced { n, biased, u }
}

/// n, and n with the bias.
#[inline(always)]
fn whole<V: Vector>(isa: V::Isa, x: V) -> (V, V) {
    let magic = V::splat(isa, V::Scalar::MAGIC_AND_BIAS);
    let biased = x.mul_add(V::splat(isa, V::Scalar::LOG2_E), magic);
    (biased.sub(magic), biased)
}

/// r in two steps, or in one.
#[inline(always)]
pub(super) fn rest<V: Vector>(isa: V::Isa, x: V, n: V, in_one_step: bool) -> V {
    if V::FUSED && in_one_step {
        return n.mul_sub_from(V::splat(isa, V::Scalar::LN2), x);
    }
    let [high, low] = V::Scalar::LN2_PARTS;
    let r = n.mul_sub_from(V::splat(isa, high), x);
    n.mul_sub_from(V::splat(isa, low), r)
}

/// u = eʳ − 1
#[inline(always)]
pub(super) fn less_one<V: Vector>(isa: V::Isa, r: V) -> V {
    polynomial(isa, r, V::Scalar::EXP).mul_add(r.mul(r), r)
}

/// The same with two coefficients at a time: fewer steps that wait for one another.
#[inline(always)]
pub(super) fn less_one_in_pairs<V: Vector>(isa: V::Isa, r: V) -> V {
    less_one_of_sum(isa, r, r)
}

/// The same for another sum of r and something very small.
#[inline(always)]
fn less_one_of_sum<V: Vector>(isa: V::Isa, r: V, with_low: V) -> V {
    let square = r.mul(r);
    let (first, rest) = V::Scalar::EXP.split_at(V::Scalar::EXP.len() % 2);
    let mut sum = V::splat(isa, first.first().copied().unwrap_or(V::Scalar::ZERO));
    for pair in rest.chunks_exact(2) {
        let pair = r.mul_add(V::splat(isa, pair[0]), V::splat(isa, pair[1]));
        sum = sum.mul_add(square, pair);
    }
    sum.mul_add(square, with_low)
}

/// 1 / x, rounded once, or nearly so where a processor divides slowly.
#[inline(always)]
pub(crate) fn reciprocal<V: Vector>(isa: V::Isa, x: V) -> V {
    let one = V::splat(isa, V::Scalar::ONE);
    if !V::ESTIMATES {
        return one.div(x);
    }
    let estimate = x.estimate_reciprocal(isa);
    let error = estimate.mul_sub_from(x, one);
    estimate.mul_add(error, estimate)
}

/// 1 / x in every lane, by a division of single numbers: where only some lanes are asked for, the
/// compiler may put anything into the others, zeros too.
#[inline(always)]
pub(crate) fn inverse<V: Vector>(isa: V::Isa, x: V::Scalar) -> V {
    V::splat(isa, V::Scalar::ONE / x)
}

#[inline(always)]
pub(crate) fn exp<V: Vector, const N: usize>(isa: V::Isa, x: [V; N]) -> [V; N] {
    exp_up_to(isa, x, V::Scalar::EXP_RANGE[1])
}

/// eˣ where x is zero or less, and 1 above: what lies behind the numbers of a row, less the largest
/// of them, can be too large for its power.
#[inline(always)]
pub(crate) fn exp_below_zero<V: Vector, const N: usize>(isa: V::Isa, x: [V; N]) -> [V; N] {
    exp_up_to(isa, x, V::Scalar::ZERO)
}

/// e^−|x|, and any number where x is NaN.
#[inline(always)]
pub(super) fn exp_of_negative_magnitude<V: Vector>(isa: V::Isa, x: V) -> V {
    if const { V::LOOKS_UP }
        && let Some([y]) = tables::exp_of_negative_magnitude(isa, [x])
    {
        return y;
    }
    let minus_one = V::splat(isa, V::Scalar::from_f64(-1.0));
    let [y] = exp_below_zero(isa, [x.copysign(minus_one)]);
    y
}

#[inline(always)]
fn exp_up_to<V: Vector, const N: usize>(isa: V::Isa, x: [V; N], most: V::Scalar) -> [V; N] {
    if const { V::LOOKS_UP }
        && let Some(y) = tables::exp(isa, x, most)
    {
        return y;
    }
    each!(i => exp_of(isa, x[i], most))
}

#[inline(always)]
fn exp_of<V: Vector>(isa: V::Isa, x: V, most: V::Scalar) -> V {
    let least = V::splat(isa, V::Scalar::EXP_RANGE[0]);
    let x = V::splat(isa, most).min(least.max(x));
    let Reduced { n, u, .. } = reduce(isa, x, false);
    V::splat(isa, V::Scalar::ONE).add(u).scale(isa, n)
}

/// 2⁶⁴ · eˣ of one register without a lane above zero, which is a normal number: one multiplication less, and
/// quotients are the same. Nothing else is calculated meanwhile, so fewer steps wait for one another, and none
/// for tables, which take longer for half a register.
#[inline(always)]
pub(crate) fn raised_exp_of_zero_or_less<V: Vector>(isa: V::Isa, x: V) -> V {
    const RAISED: f64 = 64.0;
    let x = V::splat(isa, V::Scalar::EXP_RANGE[0]).max(x);
    let magic = V::Scalar::MAGIC_AND_BIAS + V::Scalar::from_f64(RAISED);
    let magic = V::splat(isa, magic);
    let biased = x.mul_add(V::splat(isa, V::Scalar::LOG2_E), magic);
    let n = biased.sub(magic);
    let r = rest(isa, x, n, true);
    let u = if V::FUSED {
        // What the one step lost is added last, where nothing waits for it.
        let excess = V::splat(isa, V::Scalar::LN2_EXCESS);
        less_one_of_sum(isa, r, n.mul_add(excess, r))
    } else {
        less_one_in_pairs(isa, r)
    };
    let power = biased.shift_to_exponent();
    u.mul_add(power, power)
}

#[inline(always)]
pub(crate) fn sigmoid<V: Vector, const N: usize>(isa: V::Isa, x: [V; N]) -> [V; N] {
    if const { V::LOOKS_UP }
        && let Some(y) = tables::sigmoid(isa, x)
    {
        return y;
    }
    each!(i => sigmoid_of(isa, x[i]))
}

/// 1 / (1 + e⁻ˣ), of which every step grows with x, rounding included.
#[inline(always)]
fn sigmoid_of<V: Vector>(isa: V::Isa, x: V) -> V {
    /// From here on 1 + 2ⁿ is 2ⁿ.
    const MOST: f64 = 64.0;
    let zero = V::splat(isa, V::Scalar::ZERO);
    let [min, max] = V::Scalar::SIGMOID_RANGE;
    let x = V::splat(isa, max).min(V::splat(isa, min).max(x));
    let Reduced { n, biased, u } = reduce(isa, zero.sub(x), false);
    // What a larger power has too much for an exponent goes into the numerator.
    let most = V::Scalar::MAGIC_AND_BIAS + V::Scalar::from_f64(MOST);
    let bounded = V::splat(isa, most).min(biased);
    let numerator = bounded.sub(n).shift_to_exponent();
    let power = bounded.shift_to_exponent();
    let denominator = one_and(isa, power, u);
    numerator.mul(reciprocal(isa, denominator))
}

/// 1 + 2ⁿ · (1 + u), rounded once: 1 + 2ⁿ is exact, or 2ⁿ · u is too small to matter.
#[inline(always)]
pub(super) fn one_and<V: Vector>(isa: V::Isa, power: V, u: V) -> V {
    u.mul_add(power, power.add(V::splat(isa, V::Scalar::ONE)))
}

#[inline(always)]
pub(crate) fn tanh<V: Vector, const N: usize>(isa: V::Isa, x: [V; N]) -> [V; N] {
    if const { V::LOOKS_UP }
        && let Some(y) = tables::tanh(isa, x)
    {
        return y;
    }
    each!(i => tanh_of(isa, x[i]))
}

/// x + x³ · p(x²) near zero, and 1 − 2 / (1 + e²ˣ) elsewhere.
#[inline(always)]
fn tanh_of<V: Vector>(isa: V::Isa, x: V) -> V {
    let one = V::splat(isa, V::Scalar::ONE);
    let magnitude = V::splat(isa, V::Scalar::TANH_ONE).min(x.abs(isa));
    let square = magnitude.mul(magnitude);
    let small = polynomial(isa, square, V::Scalar::TANH).mul_add(magnitude.mul(square), magnitude);

    let Reduced { biased, u, .. } = reduce(isa, magnitude.add(magnitude), true);
    let denominator = one_and(isa, biased.shift_to_exponent(), u);
    let large = reciprocal(isa, denominator).mul_sub_from(V::splat(isa, V::Scalar::TWO), one);

    magnitude
        .select_less(V::splat(isa, V::Scalar::TANH_SMALL), small, large)
        .copysign(x)
}

/// The square root.
#[cfg(feature = "std")]
#[inline(always)]
pub(crate) fn square_root(x: f64) -> f64 {
    x.sqrt()
}

/// Newton's method, from half of the exponent: `core` has no square root.
#[cfg(not(feature = "std"))]
pub(crate) fn square_root(x: f64) -> f64 {
    /// The bits of 1, halved.
    const HALF_OF_ONE: u64 = 0x1FF8_0000_0000_0000;
    if !(x > 0.0 && x < f64::INFINITY) {
        return if x >= 0.0 { x } else { f64::NAN };
    }
    let mut root = f64::from_bits((x.to_bits() >> 1) + HALF_OF_ONE);
    for _ in 0..5 {
        root = f64::midpoint(root, x / root);
    }
    root
}
