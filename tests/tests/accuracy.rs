//! The functions behind the activations, on every instruction set of this machine: over the whole
//! range of `f32` against the standard library's in `f64`, and for samples of `f64` against numbers
//! of twice the precision.
//!
//! Every `f32`, in minutes:
//!
//! ```text
//! cargo test --release -p layerwise-tests --test accuracy -- --ignored --nocapture
//! ```

use std::{num::NonZero, ops::Range, thread};

use layerwise::{
    __private::kernels::{Function, Level},
    SVector, Scalar, network,
};
use layerwise_tests::{numbers, on_each_level};

/// The most that a function may be off, in units in the last place, for every number.
fn bound<T: Scalar>(tested: Function, level: Level) -> f64 {
    // By tables it is more accurate, which are for numbers of this type.
    let by_tables = level.name() == "avx512" && T::NAME == "f32";
    if tested == Function::Sigmoid && !by_tables {
        2.5
    } else {
        1.5
    }
}

/// A prime, so that all mantissas and exponents are met.
const STRIDE: u32 = 1499;

/// The largest error and where it is.
#[derive(Clone, Copy, Default)]
struct Worst {
    error: f64,
    at: f32,
}

const TESTED: [Function; 3] = [Function::Exp, Function::Tanh, Function::Sigmoid];

fn exact(function: Function, x: f64) -> f64 {
    match function {
        Function::Exp => x.exp(),
        Function::Tanh => x.tanh(),
        Function::Sigmoid => sigmoid(x),
        _ => panic!("{function:?} isn't tested here"),
    }
}

/// Replaces each number.
fn run<T: Scalar>(function: Function, x: &mut [T]) {
    T::apply(function, x, x.len());
}

fn sigmoid(x: f64) -> f64 {
    let e = (-x.abs()).exp();
    if x < 0.0 {
        e / (1.0 + e)
    } else {
        1.0 / (1.0 + e)
    }
}

/// The distance between neighbouring `f32` around a value.
fn ulp(value: f64) -> f64 {
    let exponent = (value.abs().max(f64::from(f32::MIN_POSITIVE)).to_bits() >> 52) as i32 - 1023;
    2.0_f64.powi(exponent - 23)
}

/// The `index`-th `f32` in ascending order, from −∞ to ∞ with both zeros.
fn ordered(index: u32) -> f32 {
    let negative = f32::NEG_INFINITY.to_bits() - f32::to_bits(-0.0) + 1;
    if index < negative {
        f32::from_bits(f32::NEG_INFINITY.to_bits() - index)
    } else {
        f32::from_bits(index - negative)
    }
}

/// How many there are.
const ORDERED: u32 = 2 * (0x7f80_0000 + 1);

/// The inputs of one thread: exact values are dear, and computed once for all instruction sets.
struct Part {
    x: Vec<f32>,
    exact: Vec<f64>,
    y: Vec<f32>,
}

impl Part {
    /// Every `stride`-th of the `range` of [`ordered`] inputs, and the one before.
    fn new(tested: Function, range: Range<u32>, stride: u32) -> Self {
        let start = range.start.saturating_sub(stride);
        let x: Vec<f32> = (start..range.end)
            .step_by(stride as usize)
            .map(ordered)
            .collect();
        let exact = x.iter().map(|&x| exact(tested, f64::from(x))).collect();
        Self {
            x,
            exact,
            y: Vec::new(),
        }
    }

    /// The worst error. The functions grow, and so must what is computed.
    fn worst(&mut self, tested: Function, level: Level) -> Worst {
        self.y.clone_from(&self.x);
        run(tested, &mut self.y);
        let mut worst = Worst::default();
        let mut before = f32::NEG_INFINITY;
        for ((&x, &exact), &y) in self.x.iter().zip(&self.exact).zip(&self.y) {
            assert!(
                y >= before,
                "{tested:?} on {level:?} falls to {y:e} at {x:e}"
            );
            before = y;
            if y.is_infinite() {
                assert!(
                    exact > f64::from(f32::MAX),
                    "{tested:?}({x:e}) on {level:?}"
                );
                continue;
            }
            let error = (f64::from(y) - exact).abs() / ulp(exact);
            if error > worst.error {
                worst = Worst { error, at: x };
            }
        }
        worst
    }
}

/// Prints the worst error for each function and instruction set.
fn all(stride: u32) {
    /// As many numbers a part.
    const PART: u32 = 1 << 20;
    let threads = thread::available_parallelism().map_or(1, NonZero::get) as u32;
    for tested in TESTED {
        let mut worst = vec![Worst::default(); Level::ALL.len()];
        let mut next = 0;
        while next < ORDERED {
            let mut parts: Vec<Part> = thread::scope(|scope| {
                let starts = (0..threads).map(|thread| {
                    let start = next.saturating_add(thread.saturating_mul(PART));
                    start.min(ORDERED)
                });
                let handles: Vec<_> = starts
                    .map(|start| {
                        let end = start.saturating_add(PART).min(ORDERED);
                        scope.spawn(move || Part::new(tested, start..end, stride))
                    })
                    .collect();
                handles
                    .into_iter()
                    .map(|handle| handle.join().unwrap())
                    .collect()
            });
            next = next.saturating_add(threads.saturating_mul(PART));
            on_each_level(|level| {
                let found: Vec<Worst> = thread::scope(|scope| {
                    let handles: Vec<_> = parts
                        .iter_mut()
                        .map(|part| scope.spawn(move || part.worst(tested, level)))
                        .collect();
                    handles
                        .into_iter()
                        .map(|handle| handle.join().unwrap())
                        .collect()
                });
                for found in found {
                    if found.error > worst[level as usize].error {
                        worst[level as usize] = found;
                    }
                }
            });
        }
        for level in Level::available() {
            let Worst { error, at } = worst[level as usize];
            let name = format!("{tested:?}").to_lowercase();
            println!("{name:8} {:9} {error:.3} ULP at {at:e}", level.name());
            assert!(
                error <= bound::<f32>(tested, level),
                "{tested:?} on {level:?} at {at:e}"
            );
        }
    }
}

#[test]
fn exp_tanh_and_sigmoid_are_accurate_and_monotone() {
    all(STRIDE);
}

#[test]
#[ignore = "every f32: minutes in a release build"]
fn exp_tanh_and_sigmoid_are_accurate_and_monotone_for_every_f32() {
    all(1);
}

#[test]
fn nan_stays_nan_and_zeros_keep_their_signs() {
    on_each_level(|level| {
        for tested in TESTED {
            let mut nans = [f32::NAN, -f32::NAN, f32::from_bits(0x7f80_0001)];
            run(tested, &mut nans);
            assert!(nans.iter().all(|y| y.is_nan()), "{tested:?} on {level:?}");
            let mut nans = [f64::NAN, -f64::NAN];
            run(tested, &mut nans);
            assert!(nans.iter().all(|y| y.is_nan()), "{tested:?} on {level:?}");
        }
        let mut zeros = [0.0_f32, -0.0];
        run(Function::Tanh, &mut zeros);
        assert_eq!(zeros.map(f32::to_bits), [0.0_f32, -0.0].map(f32::to_bits));
        let mut zeros = [0.0_f64, -0.0];
        run(Function::Tanh, &mut zeros);
        assert_eq!(zeros.map(f64::to_bits), [0.0_f64, -0.0].map(f64::to_bits));
        let mut ones = [0.0_f32, -0.0];
        run(Function::Exp, &mut ones);
        assert_eq!(ones.map(f32::to_bits), [1.0_f32; 2].map(f32::to_bits));
    });
}

/// Against the standard library's functions, which are within one unit in the last place: a function
/// within 1.5 shows up to 2.5.
#[test]
fn f64_has_no_outlier_in_a_dense_sample() {
    let inputs: Vec<f64> = (-500_000..=500_000)
        .map(|i| f64::from(i) / 2.5e4 + 1e-7)
        .chain((-7400..7090).map(|i| f64::from(i) / 10.0))
        .chain((0..300).map(|i| 10.0_f64.powi(-i)))
        .collect();
    on_each_level(|level| {
        for tested in TESTED {
            let mut found = inputs.clone();
            run(tested, &mut found);
            let mut worst = (0.0, 0.0);
            for (&x, &y) in inputs.iter().zip(&found) {
                let exact = exact(tested, x);
                let ulp = exact.abs().next_up() - exact.abs();
                let error = (y - exact).abs() / ulp;
                if error > worst.0 {
                    worst = (error, x);
                }
            }
            println!(
                "{:8} {tested:?} {:.3} ULP at {:e}",
                level.name(),
                worst.0,
                worst.1
            );
            assert!(
                worst.0 <= bound::<f64>(tested, level) + 1.0,
                "{tested:?}({:e}) on {level:?}",
                worst.1
            );
        }
    });
}

/// Against eˣ, tanh and the logistic function with twice the precision.
#[test]
fn f64_is_within_the_bound() {
    let inputs = numbers("exact_f64", "x");
    for tested in TESTED {
        let name = format!("{tested:?}").to_lowercase();
        let exact = numbers("exact_f64", &name);
        let rest = numbers("exact_f64", &format!("{name}_rest"));
        on_each_level(|level| {
            let mut found = inputs.clone();
            run(tested, &mut found);
            let mut worst = (0.0, 0.0);
            for (((&x, &y), exact), rest) in inputs.iter().zip(&found).zip(&exact).zip(&rest) {
                let ulp = exact.abs().next_up() - exact.abs();
                let error = ((y - exact) / ulp - rest).abs();
                if error > worst.0 {
                    worst = (error, x);
                }
            }
            let (error, at) = worst;
            println!(
                "{name:8} {:9} {error:.3} ULP at {at:e} in f64",
                level.name()
            );
            assert!(
                error <= bound::<f64>(tested, level),
                "{tested:?} on {level:?} at {at:e} in f64"
            );
        });
    }
}

/// Small networks run on registers of their own width.
#[test]
fn small_networks_are_within_the_bound() {
    network! {
        struct Tanhs = Input(8) -> Tanh;
        struct Sigmoids = Input(8) -> Sigmoid;
    }
    let numbers: Vec<f32> = (0..ORDERED / STRIDE).map(|i| ordered(i * STRIDE)).collect();
    let (inputs, _) = numbers.as_chunks();
    on_each_level(|level| {
        let mut worst = [0.0_f64; 2];
        let mut before = [f32::NEG_INFINITY; 2];
        for &x in inputs {
            let x = SVector::<f32, 8>::from(x);
            let outputs = [Tanhs::zeros().forward(&x), Sigmoids::zeros().forward(&x)];
            for (index, tested) in [Function::Tanh, Function::Sigmoid].into_iter().enumerate() {
                for (&x, &y) in x.iter().zip(&outputs[index]) {
                    let exact = exact(tested, f64::from(x));
                    let error = (f64::from(y) - exact).abs() / ulp(exact);
                    worst[index] = worst[index].max(error);
                    assert!(y >= before[index], "{tested:?} on {level:?} falls at {x:e}");
                    before[index] = y;
                }
            }
        }
        for (error, tested) in worst.into_iter().zip([Function::Tanh, Function::Sigmoid]) {
            let bound = bound::<f32>(tested, level);
            assert!(error <= bound, "{tested:?} on {level:?}: {error}");
        }
    });
}

#[test]
fn single_numbers_are_the_portable_kernel() {
    on_each_level(|level| {
        if level != Level::Portable {
            return;
        }
        for i in -2000..2000_i16 {
            let x = f32::from(i) / 50.0;
            let single = [Scalar::exp(x), Scalar::tanh(x), Scalar::sigmoid(x)];
            for (tested, single) in TESTED.into_iter().zip(single) {
                let mut y = [x];
                run(tested, &mut y);
                assert_eq!(y[0].to_bits(), single.to_bits(), "{tested:?}({x})");
            }
        }
    });
}
