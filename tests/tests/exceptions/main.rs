//! Finite numbers that lead to finite numbers raise no floating-point exception but those of
//! rounding: no invalid operation, no division by zero, no overflow. Some hosts of plugins and games
//! have these kill the process, and what raises them is often a number that nobody asked for, behind
//! the last of a value.
#![cfg(target_arch = "x86_64")]
#![allow(unsafe_code, reason = "the register of the exceptions")]

mod networks;
mod register;

use std::{hint::black_box, ptr};

use layerwise::{
    __private::kernels::{Function, Level, Linear, Sizes, Values, Weights},
    Scalar,
};
use layerwise_tests::on_each_level;
use register::raised;

/// Not in plain Rust: what the compiler puts into the other lanes of a register is its own affair.
fn on_each_vector_level(mut run: impl FnMut(Level)) {
    on_each_level(|level| {
        if level != Level::Portable {
            run(level);
        }
    });
}

const FUNCTIONS: [Function; 8] = [
    Function::Identity,
    Function::ReLU,
    Function::ReLU6,
    Function::LeakyReLU(20.0),
    Function::Exp,
    Function::Sigmoid,
    Function::Tanh,
    Function::Softmax,
];

/// Large and small by turns, so that each with its own weight is about 1, and with its neighbour's
/// is more than there are numbers for.
fn magnitude<T: Scalar>(index: usize) -> f64 {
    let most = if T::NAME == "f32" { 1e30 } else { 1e200 };
    [most, 1.0, 1.0 / most][index % 3]
}

fn inputs<T: Scalar>(len: usize, samples: usize) -> Vec<T> {
    (0..len * samples)
        .map(|i| T::from_f64((1.0 + (i / len % 2) as f64) / magnitude::<T>(i % len)))
        .collect()
}

/// Column by column; the sums stay below what eˣ has numbers for.
fn weights<T: Scalar>(inputs: usize, outputs: usize) -> Vec<T> {
    let bound = 30.0 / inputs as f64;
    (0..inputs * outputs)
        .map(|i| {
            let (input, output) = (i / outputs, i % outputs);
            let sign = if output % 2 == 0 { -1.0 } else { 1.0 };
            T::from_f64(sign * bound * magnitude::<T>(input))
        })
        .collect()
}

fn check<T: Scalar>(inputs: usize, outputs: usize, samples: usize, function: Function) {
    let weight = weights::<T>(inputs, outputs);
    let bias = vec![T::from_f64(-0.5); outputs];
    let x = self::inputs::<T>(inputs, samples);
    let mut y = vec![T::ZERO; outputs * samples];
    let weights = Weights {
        weight: weight.as_ptr(),
        bias: if inputs.is_multiple_of(2) {
            bias.as_ptr()
        } else {
            ptr::null()
        },
    };
    let values = Values {
        x: x.as_ptr(),
        y: y.as_mut_ptr(),
    };
    let sizes = Sizes { inputs, outputs };
    // SAFETY: the operands are as long as they should be.
    let flags = raised(|| unsafe {
        if samples == 1 {
            T::linear_one(weights, values, &sizes, function);
        } else {
            T::linear(&Linear::new(weights, values, &sizes, samples, function));
        }
    });
    assert!(y.iter().all(|y| y.to_f64().is_finite()));
    assert_eq!(
        flags,
        "",
        "{inputs} → {outputs}, {samples} samples, {function:?}, {}",
        T::NAME
    );
}

#[test]
fn kernels_of_every_size() {
    on_each_vector_level(|_| {
        for inputs in (1..=20).chain([33, 64]) {
            for outputs in (1..=40).chain([47, 48, 49, 60, 63, 64, 65, 120, 129]) {
                let function = FUNCTIONS[(inputs + outputs) % FUNCTIONS.len()];
                for samples in [1, 1 + inputs % 7] {
                    check::<f32>(inputs, outputs, samples, function);
                    check::<f64>(inputs, outputs, samples, function);
                }
            }
        }
        // Weights that outgrow the first cache, and are packed for batches.
        for (outputs, samples) in [(40, 1), (47, 31)] {
            check::<f32>(400, outputs, samples, Function::Sigmoid);
            check::<f64>(400, outputs, samples, Function::Tanh);
        }
    });
}

/// Numbers of every magnitude for which the function's value is finite.
fn check_function<T: Scalar>(function: Function, width: usize, rows: usize) {
    let (most, least) = if T::NAME == "f32" {
        (f64::from(f32::MAX), f64::from(f32::from_bits(1)))
    } else {
        (f64::MAX, f64::from_bits(1))
    };
    let large = if function == Function::Exp {
        80.0
    } else {
        most
    };
    let sixteenth = if let Function::LeakyReLU(_) = function {
        -0.01
    } else {
        -1.0
    };
    for start in 0..6 {
        let numbers = [large, sixteenth * most, least, -least, 0.3, -100.0];
        let mut x: Vec<T> = (0..width * rows)
            .map(|i| {
                let x = numbers[(start + i) % numbers.len()];
                // Differences of a row must be numbers for softmax to have any.
                T::from_f64(if function == Function::Softmax {
                    x * 0.4
                } else {
                    x
                })
            })
            .collect();
        let flags = raised(|| T::apply(function, &mut x, width));
        assert!(x.iter().all(|y| y.to_f64().is_finite()));
        assert_eq!(flags, "", "{function:?} of {width}, {}", T::NAME);
    }
}

#[test]
fn functions_of_every_width() {
    on_each_vector_level(|_| {
        for function in FUNCTIONS {
            for width in 1..=70 {
                for rows in [1, 9] {
                    check_function::<f32>(function, width, rows);
                    check_function::<f64>(function, width, rows);
                }
            }
        }
    });
}

#[test]
fn an_exception_is_noticed() {
    let (zero, most) = black_box((0.0_f32, f32::MAX));
    let raises = |run: fn(f32, f32) -> f32| {
        raised(|| {
            black_box(run(zero, most));
        })
    };
    assert_eq!(raises(|zero, most| most / zero), "division by zero");
    assert_eq!(raises(|_, most| most + most), "overflow");
    assert_eq!(raises(|zero, _| zero / zero), "invalid operation");
    assert_eq!(raises(|_, most| 1.0 / most), "");
}
