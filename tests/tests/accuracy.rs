//! The functions behind the activations, over the whole range of `f32`, against the standard
//! library's in `f64`.

use layerwise::Scalar;

/// A prime, so that all mantissas and exponents are met; `ACCURACY_STRIDE=1` takes every `f32`.
const STRIDE: usize = 499;

/// The worst error of `function` in units in the last place of the exact value, and where.
fn worst(function: fn(f32) -> f32, exact: fn(f64) -> f64) -> (f64, f32) {
    let stride = std::env::var("ACCURACY_STRIDE").map_or(STRIDE, |stride| stride.parse().unwrap());
    let mut worst = (0.0, 0.0);
    for bits in (0..=u32::MAX).step_by(stride) {
        let x = f32::from_bits(bits);
        let (found, exact) = (function(x), exact(f64::from(x)));
        if exact.is_nan() {
            assert!(found.is_nan(), "{x:?}");
            continue;
        }
        // Beyond the largest number, infinity is right.
        if found.is_infinite() {
            assert!(exact.abs() > f64::from(f32::MAX), "{x:?}");
            continue;
        }
        assert!(!found.is_nan(), "{x:?}");
        let error = (f64::from(found) - exact).abs() / ulp(exact);
        if error > worst.0 {
            worst = (error, x);
        }
    }
    worst
}

/// The distance between neighbouring `f32` around a value.
fn ulp(value: f64) -> f64 {
    let exponent = value.abs().max(f64::from(f32::MIN_POSITIVE)).log2().floor();
    (exponent - 23.0).exp2()
}

fn sigmoid(x: f64) -> f64 {
    // e⁻ˣ overflows nowhere in f32's range of results but where the result is zero anyway.
    1.0 / (1.0 + (-x).exp())
}

#[test]
fn exp_tanh_and_sigmoid_are_accurate_for_every_f32() {
    type Row = (&'static str, fn(f32) -> f32, fn(f64) -> f64, f64);
    let rows: [Row; 3] = [
        ("exp", Scalar::exp, f64::exp, 1.0),
        ("tanh", Scalar::tanh, f64::tanh, 2.4),
        ("sigmoid", Scalar::sigmoid, sigmoid, 2.2),
    ];
    for (name, function, exact, bound) in rows {
        let (error, x) = worst(function, exact);
        println!("{name}: {error:.3} ULP at {x:?}");
        assert!(error <= bound, "{name}({x:?}) is off by {error} ULP");
    }
}

#[test]
fn f64_is_as_accurate_where_it_is_sampled() {
    for i in -800_000..=800_000 {
        let x = f64::from(i) / 1000.0 + 1e-5;
        for (name, found, exact) in [
            ("exp", Scalar::exp(x), x.exp()),
            ("tanh", Scalar::tanh(x), x.tanh()),
            ("sigmoid", Scalar::sigmoid(x), sigmoid(x)),
        ] {
            let close =
                (found - exact).abs() <= 3.0 * f64::EPSILON * exact.abs() + f64::MIN_POSITIVE;
            assert!(
                close || found.to_bits() == exact.to_bits(),
                "{name}({x}): {found} {exact}"
            );
        }
    }
}

#[test]
fn zeros_keep_their_signs() {
    for zero in [0.0_f32, -0.0] {
        assert_eq!(Scalar::tanh(zero).to_bits(), zero.to_bits());
        assert_eq!(
            Scalar::tanh(f64::from(zero)).to_bits(),
            f64::from(zero).to_bits()
        );
        assert_eq!(Scalar::exp(zero).to_bits(), 1.0_f32.to_bits());
        assert_eq!(Scalar::sigmoid(zero).to_bits(), 0.5_f32.to_bits());
    }
}
