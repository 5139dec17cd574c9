//! Vectors beside the same on each number.

#[cfg(target_arch = "x86_64")]
use super::{Avx2, Avx512, Avx512Half};
use super::{Isa, Portable, Vector};
use crate::{
    kernels::{
        Function,
        dispatch::{Kernel, Level, baseline},
    },
    scalar::Scalar,
};

#[test]
fn every_instruction_set_gives_what_numbers_do() {
    #[cfg(target_arch = "x86_64")]
    if Level::Avx512.is_available() {
        // SAFETY: it was found to be available.
        unsafe {
            Avx512::new().call(Check);
            Avx512Half::new().call(Check);
        }
    }
    #[cfg(target_arch = "x86_64")]
    if Level::Avx2.is_available() {
        // SAFETY: as above.
        unsafe { Avx2::new() }.call(Check);
    }
    baseline().call(Check);
    if Level::Portable.is_available() {
        Portable.call(Check);
    }
}

struct Check;

impl Kernel for Check {
    type Output = ();
    type First = ();
    type Second = ();
    type Third = ();

    #[inline(always)]
    fn parts(self) -> ((), (), (), Function) {
        ((), (), (), Function::Identity)
    }

    #[inline(always)]
    fn run<I: Isa>(isa: I, (): (), (): (), (): (), _: Function) {
        small_numbers::<I::F32>(isa);
        small_numbers::<I::F64>(isa);
        spread::<I::F32>(isa);
        spread::<I::F64>(isa);
    }
}

/// [`Vector::abs`], and [`Vector::unless_below`] about its bound, for all kinds of numbers.
#[inline(always)]
fn small_numbers<V: Vector>(isa: V::Isa) {
    let least = 2_f64.powi(-64);
    let below = least * (1.0 - 2_f64.powi(-24));
    let magnitudes = [
        0.0,
        1e-310,
        1e-40,
        below,
        least,
        1.0,
        f32::MAX.into(),
        f64::INFINITY,
        f64::NAN,
    ];
    for magnitude in magnitudes {
        for number in [magnitude, -magnitude] {
            let number = V::Scalar::from_f64(number);
            let (zero, bound) = (V::Scalar::ZERO, V::Scalar::from_f64(least));
            let found = V::splat(isa, number)
                .unless_below(V::splat(isa, bound), V::splat(isa, zero))
                .first();
            let size = V::splat(isa, number).abs(isa).first().to_f64();
            let expected = V::Scalar::from_f64(magnitude).to_f64();
            assert_eq!(size.to_bits(), expected.to_bits(), "|{number:?}|");
            let expected = if magnitude < least { zero } else { number };
            // Signs, too.
            let same = found.to_f64().to_bits() == expected.to_f64().to_bits();
            assert!(
                same || magnitude.is_nan() && found.to_f64().is_nan(),
                "{number:?}: {found:?}"
            );
        }
    }
}

/// Sums and largest of so many lanes, with a number that stands out in each of them in turn.
#[inline(always)]
fn spread<V: Vector>(isa: V::Isa) {
    for used in 1..=V::LANES {
        for place in 0..used {
            for number in [7.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
                let mut sum = number;
                let mut largest = number;
                for lane in (0..used).filter(|lane| *lane != place) {
                    sum += lane as f64;
                    largest = largest.max(lane as f64);
                }
                let at = |lane| match lane {
                    lane if lane == place => number,
                    lane if lane < used => lane as f64,
                    _ => 0.0,
                };
                let x = V::from_fn(isa, |lane| V::Scalar::from_f64(at(lane)));
                agrees(x.spread_sum(isa, used), used, sum);
                let x = V::from_fn(isa, |lane| {
                    let number = if lane < used {
                        at(lane)
                    } else {
                        f64::NEG_INFINITY
                    };
                    V::Scalar::from_f64(number)
                });
                if !number.is_nan() {
                    agrees(x.spread_largest(isa, used), used, largest);
                }
            }
        }
    }
}

/// Whether each of the first lanes has this number.
#[inline(always)]
fn agrees<V: Vector>(vector: V, used: usize, expected: f64) {
    vector.for_each(|lane, found| {
        let found = found.to_f64();
        let same = found.to_bits() == expected.to_bits() || found.is_nan() && expected.is_nan();
        assert!(
            same || lane >= used,
            "{found} in lane {lane} of {used}, not {expected}"
        );
    });
}
