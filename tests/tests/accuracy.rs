//! The functions behind the activations, over the whole range of `f32` and a dense sample of `f64`,
//! on every instruction set of this machine, against the standard library's in `f64`.
//!
//! Every `f32`, in minutes:
//!
//! ```text
//! cargo test --release -p layerwise-tests --test accuracy -- --ignored --nocapture
//! ```

use std::{
    sync::{Mutex, PoisonError},
    thread,
};

use layerwise::{
    __private::kernels::{Function, Level},
    Scalar,
};

/// Units in the last place.
const BOUND: f64 = 1.5;

/// A prime, so that all mantissas and exponents are met.
const STRIDE: u32 = 499;

/// What is known of a function over a range of inputs.
#[derive(Clone, Copy)]
struct Worst {
    error: f64,
    at: f32,
}

#[derive(Clone, Copy, Debug)]
enum Tested {
    Exp,
    Tanh,
    Sigmoid,
}

impl Tested {
    const ALL: [Self; 3] = [Self::Exp, Self::Tanh, Self::Sigmoid];

    fn exact(self, x: f64) -> f64 {
        match self {
            Self::Exp => x.exp(),
            Self::Tanh => x.tanh(),
            Self::Sigmoid => sigmoid(x),
        }
    }

    /// Replaces each number.
    fn run<T: Scalar>(self, x: &mut [T]) {
        let function = match self {
            Self::Exp => Function::Exp,
            Self::Tanh => Function::Tanh,
            Self::Sigmoid => Function::Sigmoid,
        };
        T::apply(function, x, x.len());
    }
}

/// Runs a test on each instruction set of this machine, of which a process has one at a time.
fn on_each_level(run: impl Fn(Level)) {
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    for level in Level::available() {
        level.force();
        run(level);
    }
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

/// The worst error for the `range` of [`ordered`] inputs. The functions grow, and so must what is
/// computed.
fn worst(tested: Tested, level: Level, range: std::ops::Range<u32>, stride: u32) -> Worst {
    let mut worst = Worst {
        error: 0.0,
        at: 0.0,
    };
    let mut before = f32::NEG_INFINITY;
    let (mut x, mut y) = (Vec::new(), Vec::new());
    let mut next = range.start;
    while next < range.end {
        x.clear();
        while next < range.end && x.len() < 4096 {
            x.push(ordered(next));
            next = next.saturating_add(stride);
        }
        y.clone_from(&x);
        tested.run(&mut y);
        for (&x, &y) in x.iter().zip(&y) {
            let exact = tested.exact(f64::from(x));
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
    }
    worst
}

/// Prints the worst error for each function and instruction set.
fn all(stride: u32) {
    on_each_level(|level| {
        for tested in Tested::ALL {
            let half = ORDERED / 2 / stride * stride;
            let worst = thread::scope(|scope| {
                let below = scope.spawn(|| worst(tested, level, 0..half + 1, stride));
                let above = worst(tested, level, half..ORDERED, stride);
                let below = below.join().unwrap();
                if below.error > above.error {
                    below
                } else {
                    above
                }
            });
            println!(
                "{:8} {:7} {:.3} ULP at {:e}",
                level.name(),
                format!("{tested:?}").to_lowercase(),
                worst.error,
                worst.at
            );
            assert!(
                worst.error <= BOUND,
                "{tested:?} on {level:?} at {:e}",
                worst.at
            );
        }
    });
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
        for tested in Tested::ALL {
            let mut nans = [f32::NAN, -f32::NAN, f32::from_bits(0x7f80_0001)];
            tested.run(&mut nans);
            assert!(nans.iter().all(|y| y.is_nan()), "{tested:?} on {level:?}");
            let mut nans = [f64::NAN, -f64::NAN];
            tested.run(&mut nans);
            assert!(nans.iter().all(|y| y.is_nan()), "{tested:?} on {level:?}");
        }
        let mut zeros = [0.0_f32, -0.0];
        Tested::Tanh.run(&mut zeros);
        assert_eq!(zeros.map(f32::to_bits), [0.0_f32, -0.0].map(f32::to_bits));
        let mut zeros = [0.0_f64, -0.0];
        Tested::Tanh.run(&mut zeros);
        assert_eq!(zeros.map(f64::to_bits), [0.0_f64, -0.0].map(f64::to_bits));
        let mut ones = [0.0_f32, -0.0];
        Tested::Exp.run(&mut ones);
        assert_eq!(ones.map(f32::to_bits), [1.0_f32; 2].map(f32::to_bits));
    });
}

/// The error of `f64` results in units in the last place. The standard library's are within one of
/// the exact value, so that a function within 1.5 shows up to 2.5.
#[test]
fn f64_is_as_accurate_where_it_is_sampled() {
    let inputs: Vec<f64> = (-2_000_000..=2_000_000)
        .map(|i| f64::from(i) / 1e5 + 1e-7)
        .chain((-7400..7090).map(|i| f64::from(i) / 10.0))
        .chain((0..300).map(|i| 10.0_f64.powi(-i)))
        .collect();
    on_each_level(|level| {
        for tested in Tested::ALL {
            let mut found = inputs.clone();
            tested.run(&mut found);
            let mut worst = (0.0, 0.0);
            for (&x, &y) in inputs.iter().zip(&found) {
                let exact = tested.exact(x);
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
                worst.0 <= BOUND + 1.0,
                "{tested:?}({:e}) on {level:?}",
                worst.1
            );
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
            for (tested, single) in Tested::ALL.into_iter().zip(single) {
                let mut y = [x];
                tested.run(&mut y);
                assert_eq!(y[0].to_bits(), single.to_bits(), "{tested:?}({x})");
            }
        }
    });
}
