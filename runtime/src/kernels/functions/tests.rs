#![allow(clippy::float_cmp, reason = "special values are exact")]

use super::*;
use crate::kernels::{
    Function, Kernel,
    dispatch::{Parts, dispatch, on_each_level},
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
            Tested::Log1pOfExp => each!(isa, x, log1p_of_exp),
            Tested::Gelu => each!(isa, x, gelu),
            Tested::Silu => each!(isa, x, silu),
            Tested::Mish => each!(isa, x, mish),
            Tested::GeluTanh => each!(isa, x, gelu_tanh),
            Tested::Tanhshrink => each!(isa, x, tanhshrink),
            Tested::Log => {
                for x in x {
                    *x = x.logarithm();
                }
            }
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
        if tested == Tested::Log1pOfExp {
            continue;
        }
        assert!(special::<T>(tested, f64::NAN).is_nan(), "{tested:?}");
        let at_infinity = special::<T>(tested, infinity);
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
