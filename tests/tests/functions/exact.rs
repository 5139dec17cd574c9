//! The elementwise activations, each beside the same function in `f64` by the standard library.

use std::f64::consts::PI;

use layerwise::{
    Approximate, CELU, ELU, GELU, Hardshrink, Hardsigmoid, Hardswish, Hardtanh, Identity,
    LeakyReLU, LogSigmoid, Mish, Parameters, RReLU, ReLU, ReLU6, SELU, SiLU, Sigmoid, Softplus,
    Softshrink, Softsign, Tanh, Tanhshrink, Threshold,
};

/// An activation with PyTorch's default options.
pub(crate) struct Function {
    /// Its file in `runtime/src/activation`.
    pub(crate) file: &'static str,
    /// As it is declared, with the options that are not the default.
    pub(crate) name: &'static str,
    /// What layerwise does.
    pub(crate) apply: fn(&mut [f32]),
    /// What is right.
    pub(crate) exact: fn(f64) -> f64,
}

macro_rules! functions {
    ($($file:ident: $name:literal, $layer:expr, $exact:expr;)*) => {
        pub(crate) const FUNCTIONS: &[Function] = &[$(Function {
            file: stringify!($file),
            name: $name,
            apply: |x| layerwise::Activation::apply(&$layer, x),
            exact: $exact,
        }),*];
    };
}

functions! {
    relu: "ReLU", ReLU::ZEROS, |x| x.max(0.0);
    relu6: "ReLU6", ReLU6::ZEROS, |x| x.clamp(0.0, 6.0);
    leaky_relu: "LeakyReLU", LeakyReLU::ZEROS, |x| if x > 0.0 { x } else { 0.01 * x };
    sigmoid: "Sigmoid", Sigmoid::ZEROS, sigmoid;
    tanh: "Tanh", Tanh::ZEROS, f64::tanh;
    identity: "Identity", Identity::ZEROS, |x| x;
    elu: "ELU", ELU::ZEROS, elu;
    selu: "SELU", SELU::ZEROS, |x| {
        1.050_700_987_355_480_5 * if x > 0.0 { x } else { 1.673_263_242_354_377_2 * x.exp_m1() }
    };
    celu: "CELU", CELU::ZEROS, elu;
    gelu: "GELU", GELU::ZEROS, |x| x.max(0.0) - x.abs() * normal_tail(x.abs());
    gelu: "GELU(approximate = \"tanh\")", GELU { approximate: Approximate::Tanh }, |x| {
        x * sigmoid((8.0 / PI).sqrt() * (x + 0.044_715 * x * x * x))
    };
    silu: "SiLU", SiLU::ZEROS, |x| x * sigmoid(x);
    mish: "Mish", Mish::ZEROS, |x| {
        let e = x.min(100.0).exp();
        let n = e * (e + 2.0);
        x * (n / (n + 2.0))
    };
    hardtanh: "Hardtanh", Hardtanh::ZEROS, |x| x.clamp(-1.0, 1.0);
    hardsigmoid: "Hardsigmoid", Hardsigmoid::ZEROS, hardsigmoid;
    hardswish: "Hardswish", Hardswish::ZEROS, |x| x * hardsigmoid(x);
    softplus: "Softplus", Softplus::ZEROS, |x| {
        if x > 20.0 { x } else { x.max(0.0) + log1p_of_exp(-x.abs()) }
    };
    softsign: "Softsign", Softsign::ZEROS, |x| x / (1.0 + x.abs());
    log_sigmoid: "LogSigmoid", LogSigmoid::ZEROS, |x| x.min(0.0) - log1p_of_exp(-x.abs());
    tanhshrink: "Tanhshrink", Tanhshrink::ZEROS, tanhshrink;
    softshrink: "Softshrink", Softshrink::ZEROS, |x| x - x.clamp(-0.5, 0.5);
    hardshrink: "Hardshrink", Hardshrink::ZEROS, |x| if x.abs() > 0.5 { x } else { 0.0 };
    threshold: "Threshold(0.5, 0.0)", Threshold { threshold: 0.5, value: 0.0 }, |x| {
        if x > 0.5 { x } else { 0.0 }
    };
    rrelu: "RReLU", RReLU::ZEROS, |x| if x > 0.0 { x } else { f64::midpoint(1.0 / 8.0, 1.0 / 3.0) * x };
}

fn sigmoid(x: f64) -> f64 {
    let e = (-x.abs()).exp();
    if x < 0.0 {
        e / (1.0 + e)
    } else {
        1.0 / (1.0 + e)
    }
}

fn elu(x: f64) -> f64 {
    if x > 0.0 { x } else { x.exp_m1() }
}

fn hardsigmoid(x: f64) -> f64 {
    (x + 3.0).clamp(0.0, 6.0) / 6.0
}

fn log1p_of_exp(x: f64) -> f64 {
    x.exp().ln_1p()
}

fn tanhshrink(x: f64) -> f64 {
    if x.abs() > 0.1 {
        return x - x.tanh();
    }
    // Its Taylor series: the difference would lose what `x` and tanh x share.
    let s = x * x;
    let p = 62.0 / 2835.0 - s * (1382.0 / 155_925.0 - s * (21_844.0 / 6_081_075.0));
    s * x * (1.0 / 3.0 - s * (2.0 / 15.0 - s * (17.0 / 315.0 - s * p)))
}

/// Φ(−a) for `a` of zero or more, with Φ the standard normal distribution's function: near zero by
/// its power series, farther out by Laplace's continued fraction (Abramowitz and Stegun, 26.2.11
/// and 26.2.14).
fn normal_tail(a: f64) -> f64 {
    let density = (-a * a / 2.0).exp() / (2.0 * PI).sqrt();
    if a < 3.0 {
        let (mut term, mut sum) = (a, a);
        for k in 1..60 {
            term *= a * a / f64::from(2 * k + 1);
            sum += term;
        }
        0.5 - density * sum
    } else {
        let fraction = (1..100).rev().fold(a, |rest, k| a + f64::from(k) / rest);
        density / fraction
    }
}

#[test]
fn the_normal_distribution_is_exact() {
    // By arithmetic of 60 digits.
    for (a, exact) in [
        (0.0, 0.5),
        (1.0, 0.158_655_253_931_457_05),
        (2.999, 0.001_354_336_533_727_106_5),
        (3.0, 0.001_349_898_031_630_094_6),
        (10.0, 7.619_853_024_160_527e-24),
    ] {
        let error = normal_tail(a) / exact - 1.0;
        assert!(error.abs() < 1e-11, "at {a}: {error:e}");
    }
}
