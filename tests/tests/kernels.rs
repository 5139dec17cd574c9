//! The kernels against a plain loop in `f64`: every size around the registers' widths, every
//! instruction set of this machine, and no number read or written outside the operands, each of
//! which ends or begins at a page that can't be touched.
#![cfg(unix)]
#![allow(unsafe_code, reason = "pages that can't be touched")]
#![allow(clippy::cast_ptr_alignment, reason = "asserted")]

use std::{
    ptr, slice,
    sync::{Mutex, PoisonError},
};

use layerwise::{
    __private::kernels::{Function, Level, Linear},
    Scalar,
};

/// Numbers between two pages that can't be touched.
struct Guarded<T> {
    pages: *mut libc::c_void,
    bytes: usize,
    first: *mut T,
    len: usize,
}

/// Which end of the numbers touches a forbidden page.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Edge {
    Front,
    Back,
}

impl<T: Scalar> Guarded<T> {
    fn new(values: &[T], edge: Edge) -> Self {
        // SAFETY: a question.
        let page = usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).unwrap();
        let size = size_of_val(values);
        let inside = size.next_multiple_of(page).max(page);
        let bytes = inside + 2 * page;
        // SAFETY: new pages, of which the inner ones are then opened.
        let pages = unsafe {
            let pages = libc::mmap(
                ptr::null_mut(),
                bytes,
                libc::PROT_NONE,
                libc::MAP_PRIVATE | libc::MAP_ANON,
                -1,
                0,
            );
            assert_ne!(pages, libc::MAP_FAILED);
            let open = libc::PROT_READ | libc::PROT_WRITE;
            assert_eq!(libc::mprotect(pages.byte_add(page), inside, open), 0);
            pages
        };
        let offset = match edge {
            Edge::Front => page,
            Edge::Back => page + inside - size,
        };
        // SAFETY: `size` bytes from there on are open.
        let first = unsafe { pages.byte_add(offset).cast::<T>() };
        let mut guarded = Self {
            pages,
            bytes,
            first,
            len: values.len(),
        };
        guarded.values().copy_from_slice(values);
        guarded
    }

    fn values(&mut self) -> &mut [T] {
        // SAFETY: they are open, aligned and nobody else's.
        unsafe { slice::from_raw_parts_mut(self.first, self.len) }
    }
}

impl<T> Drop for Guarded<T> {
    fn drop(&mut self) {
        // SAFETY: the pages are ours.
        unsafe { libc::munmap(self.pages, self.bytes) };
    }
}

/// Numbers between −1 and 1, the same in every run.
struct Numbers(u32);

impl Numbers {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(self.0 >> 8) / f64::from(1 << 23) - 1.0
    }

    fn take<T: Scalar>(&mut self, len: usize) -> Vec<T> {
        (0..len).map(|_| T::from_f64(self.next())).collect()
    }
}

/// What a function makes of one sample.
fn exact(function: Function, y: &mut [f64]) {
    let largest = y.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = y.iter().map(|y| (y - largest).exp()).sum();
    for y in y {
        *y = match function {
            Function::ReLU => y.max(0.0),
            Function::ReLU6 => y.clamp(0.0, 6.0),
            Function::LeakyReLU(slope) if *y < 0.0 => *y * slope,
            Function::Identity | Function::LeakyReLU(_) => *y,
            Function::Exp => y.exp(),
            Function::Sigmoid => 1.0 / (1.0 + (-*y).exp()),
            Function::Tanh => y.tanh(),
            Function::Softmax => (*y - largest).exp() / sum,
        };
    }
}

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
        let operands = Linear {
            weight: w.values().as_ptr(),
            bias: if self.bias {
                b.values().as_ptr()
            } else {
                ptr::null()
            },
            x: xs.values().as_ptr(),
            y: y.values().as_mut_ptr(),
            inputs,
            outputs,
            samples,
            function,
        };
        // SAFETY: the operands are as long as they should be.
        unsafe { T::linear(&operands) };

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
            let found = &y.values()[sample * outputs..][..outputs];
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

/// Runs a test on each instruction set of this machine, of which a process has one at a time.
fn on_each_level(run: impl Fn(Level)) {
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    for level in Level::available() {
        level.force();
        run(level);
    }
}

/// One of every `KERNELS_STRIDE` cases, for tools that make each take long.
fn stride() -> usize {
    std::env::var("KERNELS_STRIDE").map_or(1, |stride| stride.parse().unwrap())
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
        47, 48, 49, 63, 64, 65, 99, 100, 101, 127, 128, 129, 255, 256, 257,
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
fn nothing_is_done_with_no_samples() {
    on_each_level(|level| {
        let case = Case {
            inputs: 3,
            outputs: 4,
            samples: 0,
            bias: true,
            function: Function::Softmax,
            edge: Edge::Back,
        };
        case.check::<f32>(level);
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

/// Small networks are compiled with their sizes, so here is a sample of sizes.
mod small {
    use layerwise::{Layer, Parameters, SVector, network};

    use super::*;

    /// Twice the input: a layer that no flow knows.
    #[derive(Clone, Parameters)]
    pub(super) struct Double;

    impl<T: Scalar, const N: usize> Layer<SVector<T, N>> for Double {
        type Output = SVector<T, N>;
        fn forward(&self, x: &SVector<T, N>) -> SVector<T, N> {
            x + x
        }
    }

    /// `$In → $Mid → function → 3 → softmax` in both scalars, on every level.
    macro_rules! small {
        ($($name:ident: $In:literal, $Mid:literal, $function:ident $(($option:literal))? = $same:expr;)*) => {$(
            #[test]
            fn $name() {
                small!(@ $In, $Mid, $function $(($option))? = $same, f32, 1e-6);
                small!(@ $In, $Mid, $function $(($option))? = $same, f64, 1e-14);
            }
        )*};
        (@ $In:literal, $Mid:literal, $function:ident $(($option:literal))? = $same:expr, $T:ident, $tolerance:literal) => {{
            network! {
                #[network(scalar = $T)]
                struct Net = Linear($In, $Mid) -> $function $(($option))? -> Double
                    -> Linear($Mid, 3, bias = false) -> Softmax;
            }
            const { assert!(Net::PARAMETERS <= 128) };
            for edge in [Edge::Front, Edge::Back] {
                // The network, too, lies between the pages, on a cache line as it wants.
                let bytes = vec![0.0_f64; size_of::<Net>() / 8];
                let mut place = Guarded::new(&bytes, edge);
                let net = place.values().as_mut_ptr().cast::<Net>();
                // SAFETY: there is room for it, aligned to 64 bytes, which its size is a multiple of.
                let net: &Net = unsafe {
                    assert!(net.is_aligned());
                    net.write(Net::new());
                    &*net
                };
                on_each_level(|level| {
                    for samples in (1..=20).chain([33]) {
                        let inputs: Vec<$T> = Numbers(7).take($In * samples);
                        let mut x = Guarded::new(&inputs, edge);
                        let mut y = Guarded::new(&vec![9.0 as $T; 3 * samples], edge);
                        // SAFETY: a vector is its numbers, one after another.
                        let (x, y) = unsafe {
                            (
                                slice::from_raw_parts(x.values().as_ptr().cast::<SVector<$T, $In>>(), samples),
                                slice::from_raw_parts_mut(y.values().as_mut_ptr().cast::<SVector<$T, 3>>(), samples),
                            )
                        };
                        net.forward_batch(x, y);
                        for (x, y) in x.iter().zip(y) {
                            let expected = plain(
                                net.linear0.weight.as_slice(),
                                net.linear0.bias.as_slice(),
                                $same,
                                net.linear3.weight.as_slice(),
                                x.as_slice(),
                            );
                            for found in [*y, net.forward(x)] {
                                for (found, expected) in found.iter().zip(&expected) {
                                    let error = (f64::from(*found) - expected).abs();
                                    assert!(error <= $tolerance, "{level:?}: {found} instead of {expected}");
                                }
                            }
                        }
                    }
                });
            }
        }};
    }

    fn plain<T: Scalar>(
        weight: &[T],
        bias: &[T],
        function: Function,
        last: &[T],
        x: &[T],
    ) -> Vec<f64> {
        let product = |weight: &[T], x: &[f64], outputs: usize| -> Vec<f64> {
            (0..outputs)
                .map(|o| {
                    x.iter()
                        .enumerate()
                        .map(|(i, x)| weight[i * outputs + o].to_f64() * x)
                        .sum()
                })
                .collect()
        };
        let x: Vec<f64> = x.iter().map(|x| x.to_f64()).collect();
        let mut hidden = product(weight, &x, bias.len());
        for (y, bias) in hidden.iter_mut().zip(bias) {
            *y += bias.to_f64();
        }
        exact(function, &mut hidden);
        for y in &mut hidden {
            *y *= 2.0;
        }
        let mut y = product(last, &hidden, 3);
        exact(Function::Softmax, &mut y);
        y
    }

    small! {
        one_hidden: 1, 1, ReLU = Function::ReLU;
        two_hidden: 5, 2, Sigmoid = Function::Sigmoid;
        three_hidden: 7, 3, Tanh = Function::Tanh;
        four_hidden: 4, 4, LeakyReLU(0.3) = Function::LeakyReLU(0.3);
        five_hidden: 10, 5, ReLU6 = Function::ReLU6;
        seven_hidden: 6, 7, Softmax = Function::Softmax;
        eight_hidden: 9, 8, Identity = Function::Identity;
        nine_hidden: 9, 9, Tanh = Function::Tanh;
        sixteen_hidden: 4, 16, Sigmoid = Function::Sigmoid;
        seventeen_hidden: 3, 17, ReLU = Function::ReLU;
        wide_input: 31, 3, Softmax = Function::Softmax;
    }
}
