//! The kernels against a plain loop in `f64`: every size around the registers' widths, every
//! instruction set of this machine, and no number read or written outside the operands, each of
//! which ends or begins at a page that can't be touched.
#![cfg(unix)]
#![allow(unsafe_code, reason = "pages that can't be touched")]
#![allow(clippy::cast_ptr_alignment, reason = "asserted")]

mod guarded;
mod networks;
mod places;
mod reference;

use std::ptr;

use guarded::{Edge, Guarded};
use layerwise::{
    __private::kernels::{Function, Level, Linear, Sizes, Values, Weights},
    Scalar,
};
use layerwise_tests::on_each_level;
use reference::{Numbers, exact};

#[derive(Clone, Copy, Debug)]
struct Case {
    inputs: usize,
    outputs: usize,
    samples: usize,
    bias: bool,
    function: Function,
    edge: Edge,
}

impl Case {
    fn check<T: Scalar>(self, level: Level) {
        let Self {
            inputs,
            outputs,
            samples,
            function,
            edge,
            ..
        } = self;
        let mut numbers = Numbers(12345);
        let weight: Vec<T> = numbers.take(inputs * outputs);
        let bias: Vec<T> = numbers.take(if self.bias { outputs } else { 0 });
        let x: Vec<T> = numbers.take(inputs * samples);
        let (mut w, mut b, mut xs) = (
            Guarded::new(&weight, edge),
            Guarded::new(&bias, edge),
            Guarded::new(&x, edge),
        );
        // An output that isn't written shows.
        let mut y = Guarded::new(&vec![T::from_f64(1e9); outputs * samples], edge);
        let weights = Weights {
            weight: w.values().as_ptr(),
            bias: if self.bias {
                b.values().as_ptr()
            } else {
                ptr::null()
            },
        };
        let values = Values {
            x: xs.values().as_ptr(),
            y: y.values().as_mut_ptr(),
        };
        let sizes = Sizes { inputs, outputs };
        // SAFETY: the operands are as long as they should be.
        T::linear(&unsafe { Linear::new(weights, values, &sizes, samples, function) });
        self.compare(level, &weight, &bias, &x, y.values());
        if samples != 1 {
            return;
        }
        y.values().fill(T::from_f64(1e9));
        // SAFETY: as above.
        unsafe { T::linear_one(weights, values, &sizes, function) };
        self.compare(level, &weight, &bias, &x, y.values());
    }

    /// With a plain loop in f64.
    fn compare<T: Scalar>(self, level: Level, weight: &[T], bias: &[T], x: &[T], y: &[T]) {
        let Self {
            inputs,
            outputs,
            samples,
            function,
            ..
        } = self;
        let epsilon = if T::NAME == "f32" { 1.2e-7 } else { 2.3e-16 };
        for sample in 0..samples {
            let x = &x[sample * inputs..][..inputs];
            let mut expected: Vec<f64> = (0..outputs)
                .map(|output| {
                    let products =
                        (0..inputs).map(|i| weight[i * outputs + output].to_f64() * x[i].to_f64());
                    products.sum::<f64>() + bias.get(output).map_or(0.0, |b| b.to_f64())
                })
                .collect();
            // The sums of |products| bound what rounding can do.
            let tolerance = epsilon * (inputs as f64 + 4.0);
            let scale: Vec<f64> = if matches!(function, Function::Exp) {
                expected.iter().map(|y| y.exp()).collect()
            } else {
                vec![1.0; outputs]
            };
            exact(function, &mut expected);
            let found = &y[sample * outputs..][..outputs];
            for (output, ((y, expected), scale)) in
                found.iter().zip(expected).zip(scale).enumerate()
            {
                let error = (y.to_f64() - expected).abs();
                assert!(
                    error <= tolerance * scale.max(1.0),
                    "{self:?} on {level:?} in {}: output {output} of sample {sample} is {} \
                     instead of {expected}",
                    T::NAME,
                    y.to_f64()
                );
            }
        }
    }
}

/// One of every `KERNELS_STRIDE` cases: by default all in a release build, and in a debug build, where
/// each takes long, as it does in other tools, every other one.
fn stride() -> usize {
    let default = if cfg!(debug_assertions) { 2 } else { 1 };
    std::env::var("KERNELS_STRIDE").map_or(default, |stride| stride.parse().unwrap())
}

const FUNCTIONS: [Function; 8] = [
    Function::Identity,
    Function::ReLU,
    Function::ReLU6,
    Function::LeakyReLU(0.2),
    Function::Exp,
    Function::Sigmoid,
    Function::Tanh,
    Function::Softmax,
];

/// 1 to 40, and around what registers, tiles and panels hold.
fn sizes() -> impl Iterator<Item = usize> + Clone {
    let around = [
        47, 48, 49, 60, 63, 64, 65, 99, 100, 101, 120, 127, 128, 129, 255, 256, 257,
    ];
    (1..=40).chain(around)
}

/// Every pair of sizes, with the rest of the case varying as the pairs go by.
fn every_size(edge: Edge) {
    // Coprime with one another, so that all combinations are met.
    const SAMPLES: [usize; 7] = [1, 2, 13, 1, 6, 1, 5];
    on_each_level(|level| {
        let pairs = sizes().flat_map(|inputs| sizes().map(move |outputs| (inputs, outputs)));
        for (index, (inputs, outputs)) in pairs.enumerate().step_by(stride()) {
            let case = Case {
                inputs,
                outputs,
                samples: SAMPLES[index % 7],
                bias: index % 3 != 0,
                function: FUNCTIONS[index / 3 % 8],
                edge,
            };
            case.check::<f32>(level);
            case.check::<f64>(level);
            // One sample is what most users run, and a batch takes other paths.
            let samples = if case.samples == 1 { 7 } else { 1 };
            let function = FUNCTIONS[index % 8];
            let other = Case {
                samples,
                function,
                ..case
            };
            other.check::<f32>(level);
            other.check::<f64>(level);
        }
    });
}

#[test]
fn every_size_between_pages_that_end_it() {
    every_size(Edge::Back);
}

#[test]
fn every_size_between_pages_that_begin_it() {
    every_size(Edge::Front);
}

#[test]
fn every_batch_and_function() {
    on_each_level(|level| {
        for (inputs, outputs) in [
            (3, 1),
            (17, 1),
            (5, 3),
            (9, 16),
            (31, 33),
            (64, 70),
            (1100, 65),
        ] {
            let samples = (1..=20).chain([48, 61]);
            for (index, samples) in samples.enumerate().step_by(stride()) {
                let functions = if inputs > 1000 { 1 } else { 8 };
                for function in FUNCTIONS.into_iter().cycle().skip(index).take(functions) {
                    for edge in [Edge::Front, Edge::Back] {
                        let case = Case {
                            inputs,
                            outputs,
                            samples,
                            bias: true,
                            function,
                            edge,
                        };
                        case.check::<f32>(level);
                        case.check::<f64>(level);
                    }
                }
            }
        }
    });
}

#[test]
fn nothing_is_done_with_no_samples_or_no_outputs() {
    on_each_level(|level| {
        for (outputs, samples) in [(4, 0), (0, 0), (0, 1), (0, 5)] {
            let case = Case {
                inputs: 3,
                outputs,
                samples,
                bias: true,
                function: Function::Softmax,
                edge: Edge::Back,
            };
            case.check::<f32>(level);
        }
    });
}

#[test]
fn outputs_are_the_biases_where_there_are_no_inputs() {
    on_each_level(|level| {
        for (outputs, samples) in [(1, 1), (6, 1), (40, 1), (6, 3), (40, 3)] {
            let case = Case {
                inputs: 0,
                outputs,
                samples,
                bias: true,
                function: Function::Tanh,
                edge: Edge::Back,
            };
            case.check::<f32>(level);
            case.check::<f64>(level);
        }
    });
}

/// Functions by themselves, over rows of every width, between forbidden pages.
#[test]
fn functions_of_rows_stay_within_them() {
    on_each_level(|level| {
        for width in sizes().step_by(stride()) {
            for (function, rows, edge) in FUNCTIONS.into_iter().flat_map(|function| {
                [
                    (1, Edge::Front),
                    (1, Edge::Back),
                    (9, Edge::Front),
                    (9, Edge::Back),
                ]
                .map(|(rows, edge)| (function, rows, edge))
            }) {
                let x: Vec<f32> = Numbers(1).take(width * rows);
                let mut y = Guarded::new(&x, edge);
                f32::apply(function, y.values(), width);
                for (x, y) in x.chunks(width).zip(y.values().chunks(width)) {
                    let mut expected: Vec<f64> = x.iter().map(|&x| f64::from(x)).collect();
                    exact(function, &mut expected);
                    for (y, expected) in y.iter().zip(expected) {
                        let error = (f64::from(*y) - expected).abs();
                        assert!(
                            error <= 5e-7,
                            "{function:?} of {width} on {level:?}: {y} instead of {expected}"
                        );
                    }
                }
            }
        }
    });
}
