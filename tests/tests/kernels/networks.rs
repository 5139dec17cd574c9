//! Networks of a few layers are compiled with their sizes, so here is a sample of sizes.

use std::{fmt::Debug, slice, thread};

use layerwise::{
    __private::{
        flow::{self, sized},
        kernels::Function,
    },
    Layer, Parameters, SVector, Scalar, Value, network,
};
use layerwise_tests::on_each_level;

use crate::{
    guarded::{Edge, Guarded},
    reference::{Numbers, exact},
};

/// Twice the input: a layer that no flow knows.
#[derive(Clone, Parameters)]
struct Double;

impl<T: Scalar, const N: usize> Layer<SVector<T, N>> for Double {
    type Output = SVector<T, N>;
    fn forward(&self, x: &SVector<T, N>) -> SVector<T, N> {
        x + x
    }
}

/// `$In → $Mid → function → $Out → $Last` in some scalars (each is minutes of the compiler's time for all
/// levels), on every level, and whether its values are in registers.
macro_rules! networks {
    ($small:tt $scalars:tt: $($name:ident: $In:literal, $Mid:literal, $Out:literal, $Last:ident, $function:ident $(($option:literal))? = $same:expr;)*) => {$(
        #[test]
        fn $name() {
            networks!(@each $small $scalars $In, $Mid, $Out, $Last, $function $(($option))? = $same);
        }
    )*};
    (@each $small:tt [$($T:ident)*] $($net:tt)*) => {
        networks!(@scalars $small [$($T)*] [$($net)*])
    };
    (@scalars $small:tt [$($T:ident)*] $net:tt) => {
        $(networks!(@scalar $small $T $net);)*
    };
    (@scalar $small:tt $T:ident [$($net:tt)*]) => {
        on_a_large_stack(|| networks!(@ $small, $($net)*, $T))
    };
    (@forward true, $net:ident, $x:ident) => { $net.forward($x) };
    (@forward false, $net:ident, $x:ident) => { as_in_a_release($net, $x) };
    (@ $small:tt, $In:literal, $Mid:literal, $Out:literal, $Last:ident, $function:ident $(($option:literal))? = $same:expr, $T:ident) => {{
        network! {
            #[network(scalar = $T)]
            struct Net = Linear($In, $Mid) -> $function $(($option))? -> Double
                -> Linear($Mid, $Out, bias = false) -> $Last;
        }
        const { assert!((Net::PARAMETERS <= 128) == $small) };
        let tolerance = f64::from($T::EPSILON) * if $small { 8.0 } else { 32.0 };
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
                let most = if $small { 20 } else { 3 };
                for samples in (1..=most).chain([33]) {
                    let inputs: Vec<$T> = Numbers(7).take($In * samples);
                    let mut x = Guarded::new(&inputs, edge);
                    let mut y = Guarded::new(&vec![9.0 as $T; $Out * samples], edge);
                    // SAFETY: a vector is its numbers, one after another.
                    let (x, y) = unsafe {
                        (
                            slice::from_raw_parts(x.values().as_ptr().cast::<SVector<$T, $In>>(), samples),
                            slice::from_raw_parts_mut(y.values().as_mut_ptr().cast::<SVector<$T, $Out>>(), samples),
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
                            $Out,
                            Function::$Last,
                        );
                        for found in [*y, net.forward(x), networks!(@forward $small, net, x)] {
                            for (found, expected) in found.iter().zip(&expected) {
                                let error = (f64::from(*found) - expected).abs();
                                assert!(error <= tolerance, "{level:?}: {found} instead of {expected}");
                            }
                        }
                    }
                }
            });
        }
    }};
}

/// As a release build does, with the same bits as a debug build.
fn as_in_a_release<X, L>(net: &L, x: &X) -> L::Output
where
    X: Value,
    L: Layer<X, Output: Debug + PartialEq>,
{
    assert!(sized::suits::<X, L>());
    let found = sized::forward(net, x);
    assert_eq!(found, flow::forward(net, x));
    found
}

/// What an optimizer keeps in a few registers has places of its own in a debug build.
fn on_a_large_stack(test: fn()) {
    let thread = thread::Builder::new().stack_size(64 << 20);
    thread.spawn(test).unwrap().join().unwrap();
}

fn plain<T: Scalar>(
    weight: &[T],
    bias: &[T],
    function: Function,
    last: &[T],
    x: &[T],
    outputs: usize,
    last_function: Function,
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
    let mut y = product(last, &hidden, outputs);
    exact(last_function, &mut y);
    y
}

networks! { true [f32 f64]:
    two_hidden: 5, 2, 3, Softmax, Sigmoid = Function::Sigmoid;
    four_hidden: 4, 4, 3, Softmax, LeakyReLU(0.3) = Function::LeakyReLU(0.3);
    seven_hidden: 6, 7, 3, Softmax, Softmax = Function::Softmax;
    sixteen_hidden: 4, 16, 3, Softmax, Sigmoid = Function::Sigmoid;
    one_output: 10, 5, 1, Sigmoid, ReLU = Function::ReLU;
    five_outputs: 5, 5, 5, Identity, Sigmoid = Function::Sigmoid;
}

networks! { true [f32]:
    one_hidden: 1, 1, 3, Softmax, ReLU = Function::ReLU;
    three_hidden: 7, 3, 3, Softmax, Tanh = Function::Tanh;
    five_hidden: 10, 5, 3, Softmax, ReLU6 = Function::ReLU6;
    eight_hidden: 9, 8, 3, Softmax, Identity = Function::Identity;
    nine_hidden: 9, 9, 3, Softmax, Tanh = Function::Tanh;
    seventeen_hidden: 3, 17, 3, Softmax, ReLU = Function::ReLU;
    two_outputs: 2, 6, 2, Identity, Tanh = Function::Tanh;
    wide_input: 31, 3, 3, Softmax, Softmax = Function::Softmax;
}

networks! { false [f32 f64]:
    seven_of_sixteen: 16, 16, 7, Identity, Tanh = Function::Tanh;
    ten_of_twenty: 12, 20, 10, Softmax, ReLU = Function::ReLU;
    thirty_of_thirty_two: 30, 32, 30, Softmax, Softmax = Function::Softmax;
    six_of_a_hundred_and_twenty: 17, 120, 6, Identity, Tanh = Function::Tanh;
}

networks! { false [f32]:
    one_of_sixty_four: 33, 64, 1, Identity, Sigmoid = Function::Sigmoid;
    sixteen_of_forty: 7, 40, 16, ReLU, LeakyReLU(0.3) = Function::LeakyReLU(0.3);
    four_of_a_hundred: 3, 100, 4, Tanh, Tanh = Function::Tanh;
    a_hundred_and_twenty_eight_of_five: 31, 5, 128, Softmax, Identity = Function::Identity;
    ten_of_sixty_four_of_many: 784, 64, 10, Softmax, ReLU = Function::ReLU;
}

#[test]
fn stages_of_every_kind_go_the_way_of_a_release() {
    network! {
        struct Net = Input(12) -> ReLU6 -> Linear(12, 48) -> [(Linear(48, 48) -> Sigmoid); 2] -> Double -> Tanh
            -> narrow: (Linear(48, 3) -> Softmax) -> Linear(3, 6);
    }
    on_a_large_stack(|| {
        let net = Net::new();
        let x = SVector::from_fn(|i, _| 0.7 * i as f32 - 3.0);
        on_each_level(|_| {
            as_in_a_release(&net, &x);
        });
    });
}
