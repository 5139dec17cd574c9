//! The functions behind the longer activations, each relative to its own size: also where it is
//! nearly zero, and where eˣ is.
//!
//! They stand on eˣ = 2ⁿ · (1 + u) of [`math`](super::math). The other coefficients are near-minimax
//! approximations at Chebyshev's nodes, for `f32` mostly refitted as one after the other is rounded.
//! No step needs a fused multiply-add to be accurate: where there is none, a product splits its
//! factors.

use super::{
    isa::Vector,
    math::{self, Constants as _, Reduced, one_and, polynomial, reciprocal, reduce, reduce_sum},
};
use crate::scalar::Scalar;

/// The numbers that differ between `f32` and `f64`. Polynomials go from the highest power down.
pub trait Coefficients: Sized + 'static {
    /// From here down eˣ − 1 rounds to −1.
    const EXPM1_LEAST: Self;
    /// From here down x · eˣ rounds to zero.
    const LEAST_GATED: Self;
    /// From here on 1 + e⁻ˣ rounds to 1, and tanh(ln(1 + eˣ)) too.
    const MOST_GATED: Self;
    /// Powers of two below the negative of it are nothing next to 1.
    const LEAST_POWER: Self;
    /// From here on, to either side, x · Φ(x) is zero or x.
    const GELU_RANGE: Self;
    /// The same for its approximation by tanh.
    const GELU_TANH_RANGE: [Self; 2];
    /// 2^⌈mantissa bits / 2⌉ + 1
    const SPLITTER: Self;
    /// (ln(1 + t) − t) / t² for t from 0 to 1.
    const LOG1P: &'static [Self];
    /// Φ(−a) · e^(a² / 2) · (a + 3.1875) in (a − 3.1875) / (a + 3.1875).
    const SCALED_TAIL: &'static [Self];
    /// (x − tanh x) / x³ in x², for |x| < 1.
    const TANHSHRINK: &'static [Self];
    /// √(8 / π): a part of half as many bits, and the rest.
    const GELU_LINEAR: [Self; 2];
    /// 0.044715 · √(8 / π), and what it loses in rounding.
    const GELU_CUBIC: [Self; 2];
}

impl Coefficients for f32 {
    const EXPM1_LEAST: Self = -30.0;
    const LEAST_GATED: Self = -110.0;
    const MOST_GATED: Self = 40.0;
    const LEAST_POWER: Self = 40.0;
    const GELU_RANGE: Self = 14.5;
    const GELU_TANH_RANGE: [Self; 2] = [-11.2, 8.0];
    const SPLITTER: Self = 4097.0;
    const LOG1P: &[Self] = &[
        0.002_801_642,
        -0.017_184_267,
        0.049_309_973,
        -0.091_394_14,
        0.130_333_65,
        -0.163_651_53,
        0.199_567_08,
        -0.249_967_6,
        0.333_332_36,
        -0.5,
    ];
    const SCALED_TAIL: &[Self] = &[
        0.000_033_698_732,
        0.000_175_187_74,
        0.000_045_430_08,
        -0.001_146_708_8,
        -0.000_609_088_05,
        0.008_257_301,
        -0.002_269_811_2,
        -0.072_321_23,
        0.263_665_4,
        -0.532_357_5,
        0.735_491_4,
    ];
    const TANHSHRINK: &[Self] = &[
        -0.000_152_973_02,
        0.000_962_345_86,
        -0.003_266_267,
        0.008_744_376,
        -0.021_849_14,
        0.053_967_677,
        -0.133_333_52,
        0.333_333_34,
    ];
    const GELU_LINEAR: [Self; 2] = [1.595_703_1, 0.000_065_996_6];
    const GELU_CUBIC: [Self; 2] = [0.071_354_814, 2.398_832_5e-9];
}

impl Coefficients for f64 {
    const EXPM1_LEAST: Self = -50.0;
    const LEAST_GATED: Self = -752.0;
    const MOST_GATED: Self = 60.0;
    const LEAST_POWER: Self = 64.0;
    const GELU_RANGE: Self = 39.0;
    const GELU_TANH_RANGE: [Self; 2] = [-21.57, 12.0];
    const SPLITTER: Self = 134_217_729.0;
    const LOG1P: &[Self] = &[
        -0.000_022_938_856_818_471_438,
        0.000_265_295_970_542_531,
        -0.001_456_924_847_332_917_4,
        0.005_081_090_478_548_994,
        -0.012_732_150_528_247_672,
        0.024_682_950_191_684_934,
        -0.039_125_051_152_339_44,
        0.053_223_522_460_321_214,
        -0.065_040_103_660_368_55,
        0.074_448_170_199_422_26,
        -0.082_561_854_162_782_5,
        0.090_718_352_925_342_61,
        -0.099_963_243_475_501_37,
        0.111_105_711_428_558_06,
        -0.124_999_412_815_076_87,
        0.142_857_097_454_455_43,
        -0.166_666_664_309_783_4,
        0.199_999_999_924_716_3,
        -0.249_999_999_998_720_5,
        0.333_333_333_333_324_66,
        -0.5,
    ];
    const SCALED_TAIL: &[Self] = &[
        1.212_400_945_483_513e-9,
        1.682_617_088_105_200_1e-9,
        -1.075_236_668_131_789e-8,
        -2.439_073_562_563_546_4e-8,
        2.514_683_857_488_249_7e-8,
        1.346_807_684_433_544_8e-7,
        8.526_848_646_600_328e-8,
        -3.790_075_767_442_286_6e-7,
        -8.947_938_783_386_179e-7,
        1.414_525_295_543_972_5e-7,
        3.911_338_970_453_005e-6,
        4.927_313_775_267_095e-6,
        -0.000_011_026_348_663_764_27,
        -0.000_036_451_907_659_671_8,
        0.000_014_626_683_818_953_7,
        0.000_201_860_383_849_985_54,
        0.000_066_720_727_012_855_68,
        -0.001_153_592_277_195_075_9,
        -0.000_614_047_125_149_039_8,
        0.008_258_473_097_893_055,
        -0.002_270_266_475_164_810_7,
        -0.072_321_453_216_739_56,
        0.263_665_632_775_969_7,
        -0.532_357_497_612_445_3,
        0.735_491_382_540_806,
    ];
    const TANHSHRINK: &[Self] = &[
        -2.515_502_365_938_210_5e-8,
        2.633_077_223_295_933_7e-7,
        -1.379_181_449_908_334_2e-6,
        4.987_760_317_520_347e-6,
        -0.000_014_606_131_676_715_378,
        0.000_038_389_607_893_147_334,
        -0.000_096_462_777_433_131_81,
        0.000_238_957_052_287_382_25,
        -0.000_589_979_294_630_005_2,
        0.001_455_824_692_096_494_1,
        -0.003_592_126_679_366_341,
        0.008_863_235_404_578_283,
        -0.021_869_488_529_129_09,
        0.053_968_253_968_046_37,
        -0.133_333_333_333_330_9,
        0.333_333_333_333_333_3,
    ];
    const GELU_LINEAR: [Self; 2] = [1.595_769_107_341_766_4, 1.426_396_435_433_791e-8];
    const GELU_CUBIC: [Self; 2] = [0.071_354_816_272_600_25, -6.175_149_918_155_315e-19];
}

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

/// |x|
#[inline(always)]
fn magnitude<V: Vector>(isa: V::Isa, x: V) -> V {
    x.copysign(V::splat(isa, V::Scalar::ONE))
}

/// x / y, rounded once, or nearly so where a processor divides slowly.
#[inline(always)]
fn quotient<V: Vector>(isa: V::Isa, x: V, y: V) -> V {
    if V::ESTIMATES {
        x.mul(reciprocal(isa, y))
    } else {
        x.div(y)
    }
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
    magnitude(isa, x)
        .select_less(
            V::splat(isa, V::Scalar::from_f64(SMALL)),
            u,
            halved.add(halved),
        )
        .copysign(x)
}

/// ln(1 + eˣ) where x is zero or less.
#[inline(always)]
pub(crate) fn log1p_of_exp_below_zero<V: Vector>(isa: V::Isa, x: V) -> V {
    let [t] = math::exp_below_zero(isa, [x]);
    polynomial(isa, t, V::Scalar::LOG1P).mul_add(t.mul(t), t)
}

/// x · Φ(x) = max(x, 0) − |x| · Φ(−|x|), where Φ is the distribution function of the standard
/// normal distribution.
#[inline(always)]
pub(crate) fn gelu<V: Vector>(isa: V::Isa, x: V) -> V {
    /// What the coefficients are made for.
    const MIDDLE: f64 = 3.1875;
    let zero = V::splat(isa, V::Scalar::ZERO);
    let half = V::splat(isa, V::Scalar::HALF);
    let a = V::splat(isa, V::Scalar::GELU_RANGE).min(magnitude(isa, x));

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
    let [least, most] = V::Scalar::GELU_TANH_RANGE;
    let [linear, linear_low] = V::Scalar::GELU_LINEAR.map(|number| V::splat(isa, number));
    let [cubic, cubic_low] = V::Scalar::GELU_CUBIC.map(|number| V::splat(isa, number));
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
    let magnitude = magnitude(isa, x);
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

/// ln x where x is 1 or more. It goes number by number, in `f64`, since it is for one number a row.
#[inline(always)]
pub(crate) fn log<V: Vector>(isa: V::Isa, x: V) -> V {
    /// No register has more.
    const MOST: usize = 16;
    let mut lanes = [V::Scalar::ONE; MOST];
    x.for_each(|lane, x| lanes[lane] = V::Scalar::from_f64(log_of(x.to_f64())));
    V::from_fn(isa, |lane| lanes[lane])
}

/// ln(2ⁿ · m) = n · ln 2 + 2s + s³ · p(s²) with s = (m − 1) / (m + 1), m around 1.
#[inline(always)]
fn log_of(x: f64) -> f64 {
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
#[allow(clippy::float_cmp, reason = "special values are exact")]
mod tests {
    use super::*;
    use crate::kernels::{
        Function, Kernel, Level,
        dispatch::{Parts, dispatch},
        isa::{Isa, Lane, Portable},
    };

    #[derive(Clone, Copy, Debug, PartialEq)]
    enum Tested {
        Expm1,
        Log1pOfExp,
        Gelu,
        Silu,
        Mish,
        GeluTanh,
        Tanhshrink,
        Log,
    }

    const ALL: [Tested; 8] = [
        Tested::Expm1,
        Tested::Log1pOfExp,
        Tested::Gelu,
        Tested::Silu,
        Tested::Mish,
        Tested::GeluTanh,
        Tested::Tanhshrink,
        Tested::Log,
    ];

    /// Not a closure, which would be compiled without the instruction set.
    macro_rules! each {
        ($isa:ident, $numbers:ident, $f:ident) => {{
            for x in $numbers.chunks_mut(T::Vector::<I>::LANES) {
                let vector =
                    T::Vector::<I>::from_fn($isa, |lane| x.get(lane).copied().unwrap_or(T::ONE));
                $f($isa, vector).for_each(|lane, y| {
                    if let Some(x) = x.get_mut(lane) {
                        *x = y;
                    }
                });
            }
        }};
    }

    /// Replaces each number.
    struct Replace<'a, T>(&'a mut [T], Tested);

    impl<'a, T: Scalar> Kernel for Replace<'a, T> {
        type Output = ();
        type First = &'a mut [T];
        type Second = Tested;
        type Third = ();

        fn parts(self) -> Parts<Self> {
            (self.0, self.1, (), Function::Identity)
        }

        #[inline(always)]
        fn run<I: Isa>(isa: I, x: &'a mut [T], tested: Tested, (): (), _: Function) {
            match tested {
                Tested::Expm1 => each!(isa, x, expm1),
                Tested::Log1pOfExp => each!(isa, x, log1p_of_exp_below_zero),
                Tested::Gelu => each!(isa, x, gelu),
                Tested::Silu => each!(isa, x, silu),
                Tested::Mish => each!(isa, x, mish),
                Tested::GeluTanh => each!(isa, x, gelu_tanh),
                Tested::Tanhshrink => each!(isa, x, tanhshrink),
                Tested::Log => each!(isa, x, log),
            }
        }
    }

    fn replaced<T: Scalar>(tested: Tested, x: &[T]) -> Vec<T> {
        let mut y = x.to_vec();
        dispatch(Replace(&mut y, tested));
        y
    }

    /// Whether the function is made for `x`.
    fn takes(tested: Tested, x: f64) -> bool {
        match tested {
            Tested::Log1pOfExp => x <= 0.0,
            Tested::Log => x >= 1.0,
            _ => true,
        }
    }

    /// Much more exact than an `f32`. Of Φ the standard library has nothing: what stands here for
    /// it is the kernel in `f64`, which another test holds to exact numbers.
    fn exact(tested: Tested, x: f64) -> f64 {
        let gated = |z: f64| {
            let e = (-z.abs()).exp();
            x * if z < 0.0 { e } else { 1.0 } / (1.0 + e)
        };
        match tested {
            Tested::Expm1 => x.exp_m1(),
            Tested::Log1pOfExp => x.exp().ln_1p(),
            Tested::Gelu => gelu(Portable, Lane(x)).0,
            Tested::Silu => gated(x),
            Tested::Mish => {
                let e = x.min(100.0).exp();
                let n = e * (e + 2.0);
                x * (n / (n + 2.0))
            }
            Tested::GeluTanh => {
                gated((8.0 / core::f64::consts::PI).sqrt() * (x + 0.044_715 * x * x * x))
            }
            Tested::Tanhshrink if x.abs() < 0.1 => {
                let s = x * x;
                let p = 62.0 / 2835.0 - s * (1382.0 / 155_925.0 - s * (21_844.0 / 6_081_075.0));
                s * x * (1.0 / 3.0 - s * (2.0 / 15.0 - s * (17.0 / 315.0 - s * p)))
            }
            Tested::Tanhshrink => x - x.tanh(),
            Tested::Log => x.ln(),
        }
    }

    /// The distance between neighbouring `f32` around a value.
    fn ulp(value: f64) -> f64 {
        let least = f64::from(f32::MIN_POSITIVE);
        let exponent = (value.abs().max(least).to_bits() >> 52) as i32 - 1023;
        2.0_f64.powi(exponent - 23)
    }

    /// What a function may be off, in units in the last place.
    const BOUND: f64 = 4.0;

    /// Every `stride`-th `f32`, and many where the functions bend.
    fn f32s(stride: usize) -> Vec<f32> {
        let all = (0..=u32::MAX).step_by(stride).map(f32::from_bits);
        let dense = (-1_500_000..1_500_000)
            .step_by(stride.div_ceil(500))
            .map(|i| i as f32 / 1e5);
        let tail = (0..120_000)
            .step_by(stride.div_ceil(500))
            .map(|i| -(i as f32) / 1e3);
        let x = all.chain(dense).chain(tail);
        x.filter(|x| x.is_finite()).collect()
    }

    fn on_each_level(mut f: impl FnMut(Level)) {
        for level in Level::available() {
            level.force();
            f(level);
        }
    }

    fn check(stride: usize) {
        let all = f32s(stride);
        for tested in ALL {
            let mut x = all.clone();
            x.retain(|&x| takes(tested, f64::from(x)));
            let exact: Vec<f64> = x.iter().map(|&x| exact(tested, f64::from(x))).collect();
            on_each_level(|level| {
                let mut worst = (0.0, 0.0);
                for ((&x, y), &exact) in x.iter().zip(replaced(tested, &x)).zip(&exact) {
                    if exact.abs() > f64::from(f32::MAX)
                        && f64::from(y) == exact.signum() * f64::INFINITY
                    {
                        continue;
                    }
                    let error = (f64::from(y) - exact).abs() / ulp(exact);
                    if error.is_nan() || error > worst.0 {
                        worst = (error, x);
                    }
                }
                let (error, at) = worst;
                println!("{tested:?} {} {error:.3} ULP at {at:e}", level.name());
                assert!(error <= BOUND, "{tested:?} on {level:?}: {error} at {at:e}");
            });
        }
    }

    #[test]
    fn f32_is_within_the_bound() {
        check(9973);
    }

    #[test]
    #[ignore = "takes a minute"]
    fn many_f32_are_within_the_bound() {
        check(997);
    }

    /// Of each function the exact values, rounded to `f64`, by arithmetic of 60 digits.
    const EXACT: &[(Tested, f64, f64)] = &[
        (Tested::Expm1, -40.0, -1.),
        (Tested::Expm1, -3.25, -0.961_225_792_168_278),
        (Tested::Expm1, -0.35, -0.295_311_910_281_286_56),
        (Tested::Expm1, -1.0e-9, -9.999_999_995e-10),
        (Tested::Expm1, 0.34, 0.404_947_590_563_593_8),
        (Tested::Expm1, 0.7, 1.013_752_707_470_476_4),
        (Tested::Expm1, 100.5, 4.431_955_909_845_895_5e43),
        (Tested::Expm1, 709.5, 1.354_986_319_314_632_8e308),
        (Tested::Log1pOfExp, -740.0, 4.2e-322),
        (Tested::Log1pOfExp, -700.5, 5.980_196_118_639_791e-305),
        (Tested::Log1pOfExp, -30.25, 7.287_724_095_819_427e-14),
        (Tested::Log1pOfExp, -1.0, 0.313_261_687_518_222_8),
        (Tested::Log1pOfExp, -0.125, 0.632_599_035_317_169_1),
        (Tested::Gelu, -38.25, -7.954_8e-319),
        (Tested::Gelu, -30.1, -7.292_228_326_137_134e-198),
        (Tested::Gelu, -12.3, -5.570_309_556_075_305e-34),
        (Tested::Gelu, -3.2, -0.002_198_841_401_330_714),
        (Tested::Gelu, -0.06, -0.028_564_669_040_753_59),
        (Tested::Gelu, 1.0e-5, 5.000_039_894_228_039_6e-6),
        (Tested::Gelu, 0.5, 0.345_731_230_637_006_56),
        (Tested::Gelu, 4.7, 4.699_993_886_204_966),
        (Tested::Silu, -745.1, -1.9e-321),
        (Tested::Silu, -710.3, -2.355_436_056_165_577e-306),
        (Tested::Silu, -20.7, -2.118_724_895_193_394_7e-8),
        (Tested::Silu, -0.3, -0.127_667_244_956_502_3),
        (Tested::Silu, 1.0e-8, 5.000_000_025e-9),
        (Tested::Silu, 2.9, 2.748_754_667_072_588_6),
        (Tested::Mish, -745.1, -1.9e-321),
        (Tested::Mish, -710.3, -2.355_436_056_165_577e-306),
        (Tested::Mish, -20.7, -2.118_724_896_277_693_2e-8),
        (Tested::Mish, -6.8, -0.007_569_453_324_685_905),
        (Tested::Mish, -0.3, -0.151_133_177_138_334_57),
        (Tested::Mish, 1.0e-8, 6.000_000_032e-9),
        (Tested::Mish, 2.9, 2.884_266_828_113_071_7),
        (Tested::GeluTanh, -21.4, -6.260_41e-318),
        (Tested::GeluTanh, -15.3, -3.906_386_269_708_258e-121),
        (Tested::GeluTanh, -4.9, -4.451_491_861_211_16e-7),
        (Tested::GeluTanh, -0.7, -0.169_429_865_294_883_24),
        (Tested::GeluTanh, 1.0e-8, 5.000_000_039_894_228e-9),
        (Tested::GeluTanh, 2.1, 2.062_669_004_961_112),
        (Tested::GeluTanh, 7.7, 7.7),
        (Tested::Tanhshrink, -25.3, -24.3),
        (Tested::Tanhshrink, -1.01, -0.244_237_981_751_561_06),
        (Tested::Tanhshrink, -0.99, -0.232_637_675_783_473_72),
        (Tested::Tanhshrink, 0.045, 0.000_030_350_416_399_753_293),
        (Tested::Tanhshrink, 1.0e-7, 3.333_333_333_333_319_5e-22),
        (Tested::Tanhshrink, 0.5, 0.037_882_842_739_990_24),
        (Tested::Log, 1.000_000_1, 9.999_999_505_838_704e-8),
        (Tested::Log, 1.375, 0.318_453_731_118_534_6),
        (Tested::Log, 1.414_3, 0.346_634_709_044_317_04),
        (Tested::Log, 3.0, 1.098_612_288_668_109_8),
        (Tested::Log, 1_000.0, 6.907_755_278_982_137),
        (Tested::Log, 1.0e300, 690.775_527_898_213_7),
    ];

    #[test]
    fn f64_is_within_the_bound() {
        on_each_level(|level| {
            for &(tested, x, exact) in EXACT {
                let y = replaced(tested, &[x])[0];
                let ulp = exact.abs().next_up() - exact.abs();
                let error = (y - exact).abs() / ulp;
                assert!(error <= BOUND, "{tested:?} on {level:?}: {error} at {x:e}");
            }
        });
    }

    fn special<T: Scalar + Into<f64>>(tested: Tested, x: f64) -> f64 {
        replaced(tested, &[T::from_f64(x)])[0].into()
    }

    fn specials<T: Scalar + Into<f64>>() {
        let infinity = f64::INFINITY;
        for tested in ALL {
            assert!(special::<T>(tested, f64::NAN).is_nan(), "{tested:?}");
            let at_infinity = if tested == Tested::Log1pOfExp {
                continue;
            } else {
                special::<T>(tested, infinity)
            };
            assert!(at_infinity == infinity, "{tested:?}: {at_infinity}");
            if tested == Tested::Log {
                assert!(special::<T>(tested, 1.0) == 0.0);
                continue;
            }
            for zero in [0.0, -0.0_f64] {
                let y = special::<T>(tested, zero);
                assert_eq!(y.to_bits(), zero.to_bits(), "{tested:?}({zero})");
            }
            let y = special::<T>(tested, -infinity);
            match tested {
                Tested::Expm1 => assert!(y == -1.0),
                Tested::Tanhshrink => assert!(y == -infinity),
                _ => {
                    assert!(y.is_nan(), "{tested:?}: {y}");
                    for x in [-1e3, -1e10, -1e30] {
                        let y = special::<T>(tested, x);
                        assert_eq!(y.to_bits(), (-0.0_f64).to_bits(), "{tested:?}({x})");
                    }
                }
            }
        }
        let log1p_of_exp = |x| special::<T>(Tested::Log1pOfExp, x);
        assert!(log1p_of_exp(-infinity) == 0.0 && log1p_of_exp(-1e30) == 0.0);
    }

    #[test]
    fn special_values_are_those_of_pytorch() {
        on_each_level(|_| {
            specials::<f32>();
            specials::<f64>();
        });
    }
}
