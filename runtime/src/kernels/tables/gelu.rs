//! x · Φ(x) and its form with tanh: 2ⁿ · (1 + u) with the tabulated powers, where what the exponent
//! loses in rounding is added to the rest. All that looks up numbers also rounds `mul_add` once.

use core::f64::consts::{LN_2, LOG2_E};

use super::{C2, C3, Pieces, Series, TERMS, Table, accurate_center, economized, moved, value};
use crate::{
    kernels::{functions::Coefficients as _, isa::Vector, math::Constants as _},
    scalar::Scalar,
};

/// x · Φ(x) = max(x, 0) − |x| · Φ(−|x|), or nothing where there are no tables.
///
/// Φ(−a) · e^(a² / 2) is the polynomials', and e^(−a² / 2) has its exponent's multiple of 1/16 from
/// the rounded square, but the rest from the exact one.
#[inline(always)]
pub(crate) fn gelu<V: Vector>(isa: V::Isa, x: V) -> Option<V> {
    /// 2 · ln 2 with so few bits that the product with n is exact.
    const HIGH: f64 = 2839.0 / 2048.0;
    let number = |x: f64| V::splat(isa, V::Scalar::from_f64(x));
    let a = x.negative_magnitude(V::splat(isa, V::Scalar::GELU_RANGE))?;
    let index = number(1.0).sub(a);
    let pieces = &V::Scalar::TABLES?.scaled_tail;
    let [scaled] = pieces.values::<V, 1, SHIFT>([index], [a])?;

    let magic = V::splat(isa, V::Scalar::MAGIC * V::Scalar::from_f64(1.0 / 16.0));
    let index = a.mul(a).mul_add(number(-LOG2_E / 2.0), magic);
    let n = index.sub(magic);
    // a² + 2 · n · ln 2, which is twice the exponent's rest, negated.
    let r = a.mul_add(a, n.mul(number(HIGH)));
    let r = n.mul_add(number(2.0 * LN_2 - HIGH), r);
    let u = r.mul_add(number(-C3 / 8.0), number(C2 / 4.0));
    let power = power(index, r, u.mul_add(r, number(-0.5)))?;
    let tail = a.mul(scaled).mul(power).scale_by_floor(n)?;
    // The larger of equal zeros is x.
    number(-0.0).max(x).add(tail).but_at_infinities(isa, x)
}

/// x / (1 + e⁻ᶻ) with z = √(8 / π) · (x + 0.044715 · x³), or nothing where there are no tables.
#[inline(always)]
pub(crate) fn gelu_tanh<V: Vector>(isa: V::Isa, x: V) -> Option<V> {
    /// √(8 / π) / ln 2: a part that leaves out the last bits, so that taking it away from what it was added
    /// to is exact, and all of it.
    const LINEAR_HIGH: f64 = 2_414_040.0 / 1_048_576.0;
    const LINEAR: f64 = 2.302_208_198_144_325;
    const CUBIC: f64 = 0.044_715 * LINEAR;
    const CUBIC_HIGH: f64 = CUBIC as f32 as f64;
    let number = |x: f64| V::splat(isa, V::Scalar::from_f64(x));

    let [least, most] = V::Scalar::GELU_TANH_RANGE;
    let (least, most) = (V::splat(isa, least), V::splat(isa, most));
    let above = least.max(x);
    let bounded = most.min(above);
    // z / ln 2 = x · (factor + low), with what each step loses in `low`.
    let (linear, cubic) = (number(LINEAR_HIGH), number(CUBIC_HIGH));
    let square = bounded.mul(bounded);
    let factor = square.mul_add(cubic, linear);
    let low = square.mul_add(number(CUBIC - CUBIC_HIGH), number(LINEAR - LINEAR_HIGH));
    let low = bounded
        .mul_sub_from(bounded, square)
        .mul_sub_from(cubic, low);
    let low = low.sub(square.mul_sub_from(cubic, factor.sub(linear)));

    let magic = V::splat(isa, V::Scalar::MAGIC * V::Scalar::from_f64(1.0 / 16.0));
    let index = bounded.mul_add(factor, magic);
    let n = index.sub(magic);
    // n − z / ln 2, the exponent's rest, negated; what is small shows in its first power only.
    let r = bounded.mul_sub_from(factor, n);
    let u = r.mul_add(number(-C3 * LN_2 * LN_2 * LN_2), number(C2 * LN_2 * LN_2));
    let u = u.mul_add(r, number(-LN_2));
    let power = power(index, bounded.mul_sub_from(low, r), u)?;
    // x · 2ⁿ · (power / (1 + 2ⁿ · power)), where 2ⁿ comes last, to round a subnormal number once. Of a
    // large power the quotient is 2⁻ⁿ to the last bit.
    let denominator = power.scale_by_floor(n)?.add(number(1.0));
    let estimate = denominator.estimate_reciprocal(isa);
    let quotient = power.mul(estimate);
    let rest = quotient.mul_sub_from(denominator, power);
    let rest = rest.mul(estimate.mul(above));
    // ∞ times the rest, which is zero, is NaN.
    let y = quotient.mul_add(above, rest).scale_by_floor(n)?;
    y.but_at_infinities(isa, x)
}

/// The tabulated power that the index names, times 1 + r · u.
#[inline(always)]
fn power<V: Vector>(index: V, r: V, u: V) -> Option<V> {
    let [power, logarithm] = &V::Scalar::TABLES?.powers;
    let less = r.mul_sub_from(u, index.look_up::<0, 16>(logarithm)?);
    let power = index.look_up::<0, 16>(power)?;
    Some(power.mul_sub_from(less, power))
}

/// The intervals have the numbers 1 + a that agree in their exponent and three bits of their mantissa.
const SHIFT: u32 = 20;

/// Φ(x) · e^(x² / 2) for x from −15 to 0.
pub(super) const fn scaled_tail_pieces<const KEPT: usize>() -> Pieces<f32, KEPT> {
    let mut pieces = Pieces {
        centers: Table([0.0; 32]),
        coefficients: [Table([0.0; 32]); KEPT],
    };
    let first = 1.0_f32.to_bits() >> SHIFT;
    let mut interval = first + 32;
    // From far away to zero: into this direction an error becomes less.
    let mut at_start = far_tail(f32::from_bits(interval << SHIFT) as f64 - 1.0);
    while interval > first {
        let start = 1.0 - f32::from_bits(interval << SHIFT) as f64;
        interval -= 1;
        let end = 1.0 - f32::from_bits(interval << SHIFT) as f64;
        let (middle, radius) = (f64::midpoint(start, end), (end - start) / 2.0);
        let series = series(middle, value(&series(start, at_start), radius));
        at_start = value(&series, radius);
        let polynomial = economized(series, radius, KEPT);
        let center = accurate_center(middle, radius, &polynomial);
        pieces.set(interval, center, moved(polynomial, center as f64 - middle));
    }
    pieces
}

/// φ(0)
const DENSITY: f64 = 0.398_942_280_401_432_7;

/// Φ(−a) · e^(a² / 2) for a large a, by Laplace's continued fraction.
const fn far_tail(a: f64) -> f64 {
    let (mut fraction, mut term) = (a, 64.0);
    while term > 0.0 {
        fraction = a + term / fraction;
        term -= 1.0;
    }
    DENSITY / fraction
}

/// The Taylor series of the function around x where it is y: y' = x · y + φ(0).
const fn series(x: f64, y: f64) -> Series {
    let mut terms = [0.0; TERMS];
    terms[0] = y;
    terms[1] = x * y + DENSITY;
    let mut n = 1;
    while n + 1 < TERMS {
        terms[n + 1] = (x * terms[n] + terms[n - 1]) / (n + 1) as f64;
        n += 1;
    }
    terms
}
