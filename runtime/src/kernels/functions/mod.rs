//! The functions behind the longer activations, each relative to its own size: also where it is
//! nearly zero, and where eˣ is.
//!
//! They stand on eˣ = 2ⁿ · (1 + u) of [`math`](super::math). The other coefficients are near-minimax
//! approximations at Chebyshev's nodes, for `f32` mostly refitted as one after the other is rounded.
//! No step needs a fused multiply-add to be accurate: where there is none, a product splits its
//! factors.

mod coefficients;

pub use coefficients::Coefficients;

use super::{
    isa::Vector,
    math::{self, Constants as _, Reduced, one_and, polynomial, reciprocal, reduce, reduce_sum},
    tables,
};
use crate::scalar::Scalar;

/// `a · b` as the rounded product and what that lost. The factors must be so small that the
/// product with [`Coefficients::SPLITTER`] is finite.
#[inline(always)]
fn product<V: Vector>(isa: V::Isa, a: V, b: V) -> (V, V) {
    let high = a.mul(b);
    if V::FUSED {
        let zero = V::splat(isa, V::Scalar::ZERO);
        return (high, a.mul_add(b, zero.sub(high)));
    }
    // Dekker: halves of a mantissa have exact products.
    let [a_high, a_low] = split(isa, a);
    let [b_high, b_low] = split(isa, b);
    let low = a_high.mul_add(b_low, a_high.mul(b_high).sub(high));
    let low = a_low.mul_add(b_high, low);
    (high, a_low.mul_add(b_low, low))
}

/// The upper half of the mantissa and the lower one, after Veltkamp.
#[inline(always)]
fn split<V: Vector>(isa: V::Isa, x: V) -> [V; 2] {
    let shifted = x.mul(V::splat(isa, V::Scalar::SPLITTER));
    let high = shifted.sub(shifted.sub(x));
    [high, x.sub(high)]
}

/// x / y, rounded once, or nearly so where a processor divides slowly.
#[inline(always)]
pub(crate) fn quotient<V: Vector>(isa: V::Isa, x: V, y: V) -> V {
    if V::ESTIMATES {
        x.mul(reciprocal(isa, y))
    } else {
        x.div(y)
    }
}

/// √x for x that is not negative, nearly rounded once.
#[inline(always)]
pub(crate) fn root<V: Vector>(isa: V::Isa, x: V) -> V {
    let Some(estimate) = x.estimate_inverse_root() else {
        return x.sqrt();
    };
    // Newton's method: s · (1 + (1 − s · r) / 2) with s = x · r.
    let root = x.mul(estimate);
    let error = root.mul_sub_from(estimate, V::splat(isa, V::Scalar::ONE));
    root.mul(V::splat(isa, V::Scalar::HALF))
        .mul_add(error, root)
}

/// `y`, but NaN where x is −∞, as PyTorch's product of −∞ and zero is.
#[inline(always)]
fn nan_at_negative_infinity<V: Vector>(isa: V::Isa, x: V, y: V) -> V {
    let zero = V::splat(isa, V::Scalar::ZERO);
    zero.min(x).mul_add(zero, y)
}

/// eˣ − 1
#[inline(always)]
pub(crate) fn expm1<V: Vector>(isa: V::Isa, x: V) -> V {
    /// Less than ln 2 / 2: n is zero up to here.
    const SMALL: f64 = 0.34;
    let half = V::splat(isa, V::Scalar::HALF);
    let least = V::splat(isa, V::Scalar::EXPM1_LEAST);
    let most = V::splat(isa, V::Scalar::EXP_RANGE[1]);
    let Reduced { biased, u, .. } = reduce(isa, most.min(least.max(x)), false);
    // By half of 2ⁿ, since the largest n has no power.
    let power = biased
        .sub(V::splat(isa, V::Scalar::ONE))
        .shift_to_exponent();
    let halved = u.mul_add(power, power.sub(half));
    // Half of a subnormal number would lose a bit.
    x.abs(isa)
        .select_less(
            V::splat(isa, V::Scalar::from_f64(SMALL)),
            u,
            halved.add(halved),
        )
        .copysign(x)
}

/// ln(1 + e^−|x|), and any number where x is NaN.
#[inline(always)]
pub(crate) fn log1p_of_exp<V: Vector>(isa: V::Isa, x: V) -> V {
    let t = math::exp_of_negative_magnitude(isa, x);
    polynomial(isa, t, V::Scalar::LOG1P).mul_add(t.mul(t), t)
}

/// x · Φ(x) = max(x, 0) − |x| · Φ(−|x|), where Φ is the distribution function of the standard
/// normal distribution.
#[inline(always)]
pub(crate) fn gelu<V: Vector>(isa: V::Isa, x: V) -> V {
    /// What the coefficients are made for.
    const MIDDLE: f64 = 3.1875;
    if const { V::LOOKS_UP }
        && let Some(y) = tables::gelu(isa, x)
    {
        return y;
    }
    let zero = V::splat(isa, V::Scalar::ZERO);
    let half = V::splat(isa, V::Scalar::HALF);
    let a = V::splat(isa, V::Scalar::GELU_RANGE).min(x.abs(isa));

    // The error of this quotient nearly cancels between the polynomial and the factor.
    let part = quotient(isa, a, a.add(V::splat(isa, V::Scalar::from_f64(MIDDLE))));
    let t = part.add(part).sub(V::splat(isa, V::Scalar::ONE));
    let scaled = polynomial(isa, t, V::Scalar::SCALED_TAIL).mul(part);

    let minus_half = zero.sub(half);
    let (square, low) = product(isa, a, a);
    let Reduced { n, u, .. } = reduce_sum(isa, square.mul(minus_half), low.mul(minus_half));
    let tail = u.mul_add(scaled, scaled).scale(isa, n);
    nan_at_negative_infinity(isa, x, zero.max(x).sub(tail).copysign(x))
}

/// x / (1 + e^(−z − low)), rounded once also where it is subnormal: for the logistic function by
/// itself that is too early. Both `z` and `x` must be bounded below.
#[inline(always)]
fn gated<V: Vector>(isa: V::Isa, x: V, z: V, low: V) -> V {
    /// From here on 1 + 2ⁿ is 2ⁿ.
    const MOST: f64 = 64.0;
    let zero = V::splat(isa, V::Scalar::ZERO);
    let Reduced { n, biased, u } = reduce_sum(isa, zero.sub(z), zero.sub(low));
    // What a larger power has too much for an exponent is divided by last.
    let most = V::Scalar::MAGIC_AND_BIAS + V::Scalar::from_f64(MOST);
    let bounded = V::splat(isa, most).min(biased);
    let denominator = one_and(isa, bounded.shift_to_exponent(), u);
    quotient(isa, x, denominator).mul(bounded.sub(n).shift_to_exponent())
}

/// x / (1 + e⁻ˣ)
#[inline(always)]
pub(crate) fn silu<V: Vector>(isa: V::Isa, x: V) -> V {
    let least = V::splat(isa, V::Scalar::LEAST_GATED);
    let most = V::splat(isa, V::Scalar::MOST_GATED);
    let zero = V::splat(isa, V::Scalar::ZERO);
    let bounded = least.max(x);
    let y = gated(isa, bounded, most.min(bounded), zero);
    nan_at_negative_infinity(isa, x, y)
}

/// x · tanh(ln(1 + eˣ)) = x · n / (n + 2) with n = eˣ · (eˣ + 2)
#[inline(always)]
pub(crate) fn mish<V: Vector>(isa: V::Isa, x: V) -> V {
    let least = V::splat(isa, V::Scalar::LEAST_GATED);
    let most = V::splat(isa, V::Scalar::MOST_GATED);
    let bounded = least.max(x);
    let Reduced { n, biased, u } = reduce(isa, most.min(bounded), false);
    // Of a small power the quotient is that power itself; what it has too little for an exponent
    // is multiplied by last, to round a subnormal number once.
    let smallest = V::Scalar::MAGIC_AND_BIAS - V::Scalar::LEAST_POWER;
    let raised = V::splat(isa, smallest).max(biased);
    let power = raised.shift_to_exponent();
    let exp = u.mul_add(power, power);
    let numerator = exp.mul_add(exp, exp.add(exp));
    let denominator = numerator.add(V::splat(isa, V::Scalar::TWO));
    let magic = V::splat(isa, V::Scalar::MAGIC_AND_BIAS);
    let rest = n.sub(raised.sub(magic)).add(magic).shift_to_exponent();
    let y = quotient(isa, numerator, denominator).mul(bounded).mul(rest);
    nan_at_negative_infinity(isa, x, y)
}

/// x · (1 + tanh(√(2 / π) · (x + 0.044715 · x³))) / 2 = x / (1 + e⁻ᶻ) with
/// z = √(8 / π) · (x + 0.044715 · x³)
#[inline(always)]
pub(crate) fn gelu_tanh<V: Vector>(isa: V::Isa, x: V) -> V {
    if const { V::LOOKS_UP }
        && let Some(y) = tables::gelu_tanh(isa, x)
    {
        return y;
    }
    let [least, most] = V::Scalar::GELU_TANH_RANGE;
    let [linear, linear_low] = V::Scalar::GELU_LINEAR;
    let (linear, linear_low) = (V::splat(isa, linear), V::splat(isa, linear_low));
    let [cubic, cubic_low] = V::Scalar::GELU_CUBIC;
    let (cubic, cubic_low) = (V::splat(isa, cubic), V::splat(isa, cubic_low));
    let above = V::splat(isa, least).max(x);
    let bounded = V::splat(isa, most).min(above);
    // z = x · (linear + cubic · x²), with what each step loses: the power grows by as much as z
    // does, not by the same part of itself.
    let (square, square_low) = product(isa, bounded, bounded);
    let (term, term_low) = product(isa, square, cubic);
    let sum = linear.add(term);
    // Exact, also where the term is larger, since `linear` has half the bits.
    let lost = term.sub(sum.sub(linear));
    let low = square.mul_add(cubic_low, linear_low.add(term_low));
    let low = square_low.mul_add(cubic, low).add(lost);
    let (z, z_low) = product(isa, bounded, sum);
    let y = gated(isa, above, z, bounded.mul_add(low, z_low));
    nan_at_negative_infinity(isa, x, y)
}

/// x − tanh x: x³ · p(x²) near zero, and x − 1 + 2 / (1 + e²ˣ) elsewhere.
#[inline(always)]
pub(crate) fn tanhshrink<V: Vector>(isa: V::Isa, x: V) -> V {
    let one = V::splat(isa, V::Scalar::ONE);
    let magnitude = x.abs(isa);
    let bounded = V::splat(isa, V::Scalar::TANH_ONE).min(magnitude);
    let square = bounded.mul(bounded);
    let small = polynomial(isa, square, V::Scalar::TANHSHRINK)
        .mul(square)
        .mul(bounded);

    let Reduced { biased, u, .. } = reduce(isa, bounded.add(bounded), true);
    let denominator = one_and(isa, biased.shift_to_exponent(), u);
    let large =
        reciprocal(isa, denominator).mul_add(V::splat(isa, V::Scalar::TWO), magnitude.sub(one));
    magnitude.select_less(one, small, large).copysign(x)
}

/// The derivative of [`gelu`]: Φ(x) + x · φ(x), with φ the density of the standard normal distribution.
#[inline(always)]
pub(crate) fn gelu_slope<V: Vector>(isa: V::Isa, x: V) -> V {
    /// 1 / √(2π)
    const DENSITY: f64 = 0.398_942_280_401_432_7;
    /// Below, Φ is a half, and the quotient could be of subnormal numbers.
    const SMALL: f64 = 1e-30;
    let half = V::splat(isa, V::Scalar::HALF);
    let zero = V::splat(isa, V::Scalar::ZERO);
    let one = V::splat(isa, V::Scalar::ONE);
    let (small, size) = (V::splat(isa, V::Scalar::from_f64(SMALL)), x.abs(isa));
    let quotient = gelu(isa, x).div(size.select_less(small, one, x));
    let distribution = size.select_less(small, half, quotient);
    let [density] = math::exp_below_zero(isa, [zero.sub(half).mul(x).mul(x)]);
    let density = density.mul(V::splat(isa, V::Scalar::from_f64(DENSITY)));
    x.mul_add(density, distribution)
}

/// The derivative of [`gelu_tanh`], with its z: σ(z) + x · σ(z) · (1 − σ(z)) · z′.
#[inline(always)]
pub(crate) fn gelu_tanh_slope<V: Vector>(isa: V::Isa, x: V) -> V {
    /// √(8 / π)
    const LINEAR: f64 = 1.595_769_121_605_730_7;
    const CUBIC: f64 = 0.044_715 * LINEAR;
    /// From here on it is zero or one.
    const MOST: f64 = 32.0;
    let one = V::splat(isa, V::Scalar::ONE);
    let most = V::splat(isa, V::Scalar::from_f64(MOST));
    let x = most.min(V::splat(isa, V::Scalar::from_f64(-MOST)).max(x));
    let square = x.mul(x);
    let linear = V::splat(isa, V::Scalar::from_f64(LINEAR));
    let cubic = V::splat(isa, V::Scalar::from_f64(CUBIC));
    let three = V::splat(isa, V::Scalar::from_f64(3.0 * CUBIC));
    let [y] = math::sigmoid(isa, [square.mul_add(cubic, linear).mul(x)]);
    let slope = square.mul_add(three, linear).mul(x);
    y.mul(one.sub(y)).mul_add(slope, y)
}

/// The derivative of [`mish`]: t + x · (1 − t²) · σ(x) with t = tanh(ln(1 + eˣ)).
#[inline(always)]
pub(crate) fn mish_slope<V: Vector>(isa: V::Isa, x: V) -> V {
    let zero = V::splat(isa, V::Scalar::ZERO);
    let one = V::splat(isa, V::Scalar::ONE);
    let two = V::splat(isa, V::Scalar::TWO);
    // t = n / (n + d) in w = e^(−|x|), which can't overflow: n = w² + 2w and d = 2 where x is below
    // zero, else n = 1 + 2w and d = 2w².
    let [w] = math::exp_below_zero(isa, [zero.sub(x.abs(isa))]);
    let (square, double) = (w.mul(w), w.add(w));
    let n = x.select_less(zero, square.add(double), double.add(one));
    let d = x.select_less(zero, two, square.add(square));
    let inverse = one.div(n.add(d));
    let t = n.mul(inverse);
    // 1 − t² = d · (2n + d) / (n + d)²
    let rest = d.mul(inverse).mul(n.add(n).add(d).mul(inverse));
    let sigmoid = x.select_less(zero, w, one).div(one.add(w));
    x.mul(rest).mul_add(sigmoid, t)
}

/// ln x where x is 1 or more: ln(2ⁿ · m) = n · ln 2 + 2s + s³ · p(s²) with s = (m − 1) / (m + 1),
/// m around 1. It is for one number a row.
pub(crate) fn log(x: f64) -> f64 {
    /// (2 artanh s − 2s) / s³ in s², for m from √½ to √2.
    const ARTANH: [f64; 8] = [
        0.130_867_576_669_520_7,
        0.132_687_605_620_367_24,
        0.153_862_401_724_478_38,
        0.181_817_956_314_982_43,
        0.222_222_223_917_947_27,
        0.285_714_285_708_032_53,
        0.400_000_000_000_008_8,
        0.666_666_666_666_666_6,
    ];
    /// ln 2: a part with few bits, and the rest.
    const LN2: [f64; 2] = [0.693_147_180_369_123_8, 1.908_214_929_270_587_7e-10];
    const MANTISSA: u32 = f64::MANTISSA_DIGITS - 1;
    let one = 1.0_f64.to_bits();
    if x.is_nan() || x == f64::INFINITY {
        return x;
    }
    let mut n = (x.to_bits() >> MANTISSA) as i32 - (one >> MANTISSA) as i32;
    let mut m = f64::from_bits(x.to_bits() & ((1 << MANTISSA) - 1) | one);
    if m > core::f64::consts::SQRT_2 {
        m *= 0.5;
        n += 1;
    }
    let f = m - 1.0;
    let s = f / (m + 1.0);
    let square = s * s;
    let mut p = ARTANH[0];
    for coefficient in &ARTANH[1..] {
        p = p * square + coefficient;
    }
    // 2s = f − s · f: f is exact, and s was rounded.
    let small = f - s * (f - square * p);
    let n = f64::from(n);
    n * LN2[0] + (small + n * LN2[1])
}

#[cfg(test)]
mod tests;
