//! eˣ, tanh and the logistic function without the standard library, so that they are the same on
//! every machine, with or without `std`, and branch-free, so that loops over them vectorise.
//!
//! All three stand on eˣ = 2ᵏ · (1 + u), with k = round(x / ln 2), r = x − k · ln 2 in two steps
//! (Cody and Waite: the high part of ln 2 has so few bits that k times it is exact) and
//! u = eʳ − 1 by Taylor's series, which at |r| ≤ ln 2 / 2 falls below half a unit in the last
//! place after 7 terms in `f32` and 13 in `f64`.

macro_rules! math {
    (
        $name:ident, $T:ident, $U:ident, $I:ident, bias $bias:literal,
        magic $magic:literal, ln2 $ln2_high:literal + $ln2_low:literal,
        exp in $exp_min:literal..=$exp_max:literal, tanh is one from $one:literal,
        series [$($inverse_factorial:expr),+]
    ) => {
        pub(crate) mod $name {
            /// 2ᵏ for a `k` whose result is normal.
            #[inline]
            #[allow(clippy::cast_sign_loss, reason = "k + bias is positive for such a k")]
            fn power_of_two(k: $I) -> $T {
                $T::from_bits(((k + $bias) as $U) << ($T::MANTISSA_DIGITS - 1))
            }

            /// `(k, u)` with eˣ = 2ᵏ · (1 + u).
            #[inline]
            fn reduce(x: $T) -> ($I, $T) {
                // Adding 1.5 · 2^(digits − 1) leaves the rounded integer in the low bits.
                let k = (x * core::$T::consts::LOG2_E + $magic) - $magic;
                let r = (x - k * $ln2_high) - k * $ln2_low;
                let mut series = 0.0;
                $(series = series * r + $inverse_factorial;)+
                (k as $I, r + r * r * series)
            }

            #[inline]
            pub(crate) fn exp(x: $T) -> $T {
                // Not `clamp`, `min` or `max`: a comparison that fails lets NaN through.
                let x = if x > $exp_max { $exp_max } else { x };
                let x = if x < $exp_min { $exp_min } else { x };
                let (k, u) = reduce(x);
                // Two factors, so that neither overflows and a subnormal result rounds once.
                let half = k >> 1;
                (1.0 + u) * power_of_two(half) * power_of_two(k - half)
            }

            #[inline]
            pub(crate) fn sigmoid(x: $T) -> $T {
                let small = exp(-x.abs());
                let numerator = if x < 0.0 { small } else { 1.0 };
                numerator / (1.0 + small)
            }

            #[inline]
            pub(crate) fn tanh(x: $T) -> $T {
                let magnitude = x.abs();
                let magnitude = if magnitude > $one { $one } else { magnitude };
                let (k, u) = reduce(magnitude + magnitude);
                let scale = power_of_two(k);
                // e^2|x| − 1 without the cancellation that would cost small x its digits.
                let exp_m1 = scale * u + (scale - 1.0);
                (exp_m1 / (exp_m1 + 2.0)).copysign(x)
            }
        }
    };
}

math!(
    math32, f32, u32, i32, bias 127,
    magic 12_582_912.0, ln2 0.693_359_4 + -2.121_944_4e-4,
    exp in -104.0..=89.0, tanh is one from 10.0,
    series [1.0 / 5040.0, 1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5]
);
math!(
    math64, f64, u64, i64, bias 1023,
    magic 6_755_399_441_055_744.0, ln2 0.693_147_180_369_123_8 + 1.908_214_929_270_587_7e-10,
    exp in -746.0..=710.0, tanh is one from 20.0,
    series [
        1.0 / 6_227_020_800.0, 1.0 / 479_001_600.0, 1.0 / 39_916_800.0, 1.0 / 3_628_800.0,
        1.0 / 362_880.0, 1.0 / 40320.0, 1.0 / 5040.0, 1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0,
        1.0 / 6.0, 0.5
    ]
);
