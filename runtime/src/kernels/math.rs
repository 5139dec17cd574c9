//! eˣ, tanh and the logistic function without the standard library, the same text for every
//! instruction set and, with one lane, for single numbers.
//!
//! All three stand on eˣ = 2ⁿ · (1 + u), with n = round(x / ln 2), r = x − n · ln 2 in two steps
//! (Cody and Waite: the high part of ln 2 has so few bits that n times it is exact) and
//! u = eʳ − 1 = r + r² · q(r). The coefficients of q, and those of tanh near zero, are minimax
//! approximations by Remez' algorithm. No step needs a fused multiply-add to be accurate.

use super::{
    isa::Vector,
    tables::{self, Tables},
};
use crate::Scalar;

/// The numbers that differ between `f32` and `f64`.
pub trait Constants: Sized + 'static {
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
    /// eˣ is zero below, and infinite above.
    const EXP_RANGE: [Self; 2];
    /// The logistic function is zero below, and one above.
    const SIGMOID_RANGE: [Self; 2];
    /// 2^(half of the bits of a mantissa) + 1.
    const SPLIT: Self;
    /// The smallest exponent of a normal number.
    const MIN_EXPONENT: Self;
    /// (eʳ − 1 − r) / r² for |r| ≤ ln 2 / 2, from the highest power down.
    const EXP: &'static [Self];
    /// (tanh x − x) / x³ in x², for |x| < 0.625, from the highest power down.
    const TANH: &'static [Self];
    /// The end of that range.
    const TANH_SMALL: Self;
    /// From here on tanh rounds to 1.
    const TANH_ONE: Self;
    /// The functions by tables.
    const TABLES: Option<&'static Tables<Self>>;
}

impl Constants for f32 {
    const MAGIC: Self = 12_582_912.0;
    const MAGIC_AND_BIAS: Self = Self::MAGIC + 127.0;
    const HALF: Self = 0.5;
    const TWO: Self = 2.0;
    const LOG2_E: Self = core::f32::consts::LOG2_E;
    const LN2: Self = core::f32::consts::LN_2;
    const LN2_PARTS: [Self; 2] = [0.693_359_4, -2.121_944_4e-4];
    const EXP_RANGE: [Self; 2] = [-104.0, 89.0];
    const SIGMOID_RANGE: [Self; 2] = [-104.0, 40.0];
    const SPLIT: Self = 4097.0;
    const MIN_EXPONENT: Self = -126.0;
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
    const TABLES: Option<&'static Tables<Self>> = Some(&tables::F32);
}

impl Constants for f64 {
    const MAGIC: Self = 6_755_399_441_055_744.0;
    const MAGIC_AND_BIAS: Self = Self::MAGIC + 1023.0;
    const HALF: Self = 0.5;
    const TWO: Self = 2.0;
    const LOG2_E: Self = core::f64::consts::LOG2_E;
    const LN2: Self = core::f64::consts::LN_2;
    const LN2_PARTS: [Self; 2] = [0.693_147_180_369_123_8, 1.908_214_929_270_587_7e-10];
    const EXP_RANGE: [Self; 2] = [-746.0, 710.0];
    const SIGMOID_RANGE: [Self; 2] = [-746.0, 60.0];
    const SPLIT: Self = 134_217_729.0;
    const MIN_EXPONENT: Self = -1022.0;
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
    const TABLES: Option<&'static Tables<Self>> = None;
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

/// The polynomial with these coefficients, by Horner's rule.
#[inline(always)]
fn polynomial<V: Vector>(isa: V::Isa, x: V, coefficients: &[V::Scalar]) -> V {
    let mut sum = V::splat(isa, coefficients[0]);
    for &coefficient in &coefficients[1..] {
        sum = sum.mul_add(x, V::splat(isa, coefficient));
    }
    sum
}

/// `(n, u)` with eˣ = 2ⁿ · (1 + u). The low part of ln 2 may be left out where n is small and the
/// instruction set rounds `n · ln 2` and the difference once.
#[inline(always)]
fn reduce<V: Vector>(isa: V::Isa, x: V, in_one_step: bool) -> (V, V) {
    let magic = V::splat(isa, V::Scalar::MAGIC);
    let n = x
        .mul_add(V::splat(isa, V::Scalar::LOG2_E), magic)
        .sub(magic);
    let r = if V::FUSED && in_one_step {
        n.mul_sub_from(V::splat(isa, V::Scalar::LN2), x)
    } else {
        let [high, low] = V::Scalar::LN2_PARTS;
        let r = n.mul_sub_from(V::splat(isa, high), x);
        n.mul_sub_from(V::splat(isa, low), r)
    };
    let u = polynomial(isa, r, V::Scalar::EXP).mul_add(r.mul(r), r);
    (n, u)
}

/// 1 / (high + low), where `low` is less than a unit in the last place of `high`.
#[inline(always)]
pub(crate) fn reciprocal<V: Vector>(isa: V::Isa, high: V, low: Option<V>) -> V {
    let estimate = high.estimate_reciprocal(isa);
    if low.is_none() && !V::FUSED {
        return estimate;
    }
    let mut error = residual(isa, estimate, high, V::splat(isa, V::Scalar::ONE));
    if let Some(low) = low {
        error = estimate.mul_sub_from(low, error);
        // Two terms of Newton's series: what an estimate is off after one would show where the
        // logistic function grows by less than that.
        error = error.mul_add(error, error);
    }
    estimate.mul_add(error, estimate)
}

/// c − a · b, rounded once, where c is about a · b.
#[inline(always)]
fn residual<V: Vector>(isa: V::Isa, a: V, b: V, c: V) -> V {
    if V::FUSED {
        return a.mul_sub_from(b, c);
    }
    // Dekker's product, in halves whose products are exact.
    let split = |x: V| {
        let shifted = x.mul(V::splat(isa, V::Scalar::SPLIT));
        let high = shifted.sub(shifted.sub(x));
        (high, x.sub(high))
    };
    let ((a_high, a_low), (b_high, b_low)) = (split(a), split(b));
    let rest = c.sub(a_high.mul(b_high)).sub(a_high.mul(b_low));
    rest.sub(a_low.mul(b_high)).sub(a_low.mul(b_low))
}

#[inline(always)]
pub(crate) fn exp<V: Vector, const N: usize>(isa: V::Isa, x: [V; N]) -> [V; N] {
    if let Some(y) = tables::exp(isa, x) {
        return y;
    }
    each!(i => exp_of(isa, x[i]))
}

#[inline(always)]
fn exp_of<V: Vector>(isa: V::Isa, x: V) -> V {
    let [min, max] = V::Scalar::EXP_RANGE;
    let x = V::splat(isa, max).min(V::splat(isa, min).max(x));
    let (n, u) = reduce(isa, x, false);
    V::splat(isa, V::Scalar::ONE).add(u).scale(isa, n)
}

#[inline(always)]
pub(crate) fn sigmoid<V: Vector, const N: usize>(isa: V::Isa, x: [V; N]) -> [V; N] {
    if let Some(y) = tables::sigmoid(isa, x) {
        return y;
    }
    each!(i => sigmoid_of(isa, x[i]))
}

/// 1 / (1 + e⁻ˣ) = 2⁻ⁿ / (2⁻ⁿ + 1 + u), with the denominator in two parts.
#[inline(always)]
fn sigmoid_of<V: Vector>(isa: V::Isa, x: V) -> V {
    let one = V::splat(isa, V::Scalar::ONE);
    let zero = V::splat(isa, V::Scalar::ZERO);
    let [min, max] = V::Scalar::SIGMOID_RANGE;
    let x = V::splat(isa, max).min(V::splat(isa, min).max(x));
    let (n, u) = reduce(isa, zero.sub(x), false);
    // Below, the power is too small to matter.
    let power = V::splat(isa, V::Scalar::MIN_EXPONENT)
        .max(zero.sub(n))
        .power_of_two(isa);
    let sum = power.add(one);
    let high = sum.add(u);
    let low = u.sub(high.sub(sum)).add(power.sub(sum.sub(one)));
    reciprocal(isa, high, Some(low)).scale(isa, zero.sub(n))
}

#[inline(always)]
pub(crate) fn tanh<V: Vector, const N: usize>(isa: V::Isa, x: [V; N]) -> [V; N] {
    if let Some(y) = tables::tanh(isa, x) {
        return y;
    }
    each!(i => tanh_of(isa, x[i]))
}

/// x + x³ · p(x²) near zero, and 1 − 2 / (1 + e²ˣ) elsewhere.
#[inline(always)]
fn tanh_of<V: Vector>(isa: V::Isa, x: V) -> V {
    let one = V::splat(isa, V::Scalar::ONE);
    let magnitude = x.copysign(one);
    let square = x.mul(x);
    let small = polynomial(isa, square, V::Scalar::TANH).mul_add(magnitude.mul(square), magnitude);

    let bounded = V::splat(isa, V::Scalar::TANH_ONE).min(magnitude);
    let (n, u) = reduce(isa, bounded.add(bounded), true);
    let power = n.power_of_two(isa);
    // 2ⁿ + 1 is exact, so that 1 + e²ˣ is rounded once.
    let denominator = u.mul_add(power, power.add(one));
    let large = reciprocal(isa, denominator, None).mul_sub_from(V::splat(isa, V::Scalar::TWO), one);

    magnitude
        .select_less(V::splat(isa, V::Scalar::TANH_SMALL), small, large)
        .copysign(x)
}
