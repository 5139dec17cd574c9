//! Everything that a declaration can be.
#![allow(clippy::float_cmp, reason = "the numbers are exact")]

use layerwise::{Image, Layer, Network, Parameters, SMatrix, SVector, network};

const N: usize = 6;

struct Config;

impl Config {
    const HIDDEN: usize = 4;
}

/// Multiplies by a number.
#[derive(Clone, Parameters)]
struct Times<const N: usize> {
    factor: SMatrix<f32, 1, 1>,
}

impl<const N: usize> Layer<SVector<f32, N>> for Times<N> {
    type Output = SVector<f32, N>;
    fn forward(&self, x: &SVector<f32, N>) -> SVector<f32, N> {
        x * self.factor[0]
    }
}

mod deep {
    pub(super) mod er {
        layerwise::network! { pub(crate) struct Encoder = < Linear(6, 4) -> Tanh >; }
    }
}

network! {
    struct Sizes = Linear(N, 2 * N) -> Linear(_, Config::HIDDEN) -> Linear(Config::HIDDEN, { N - 1 });
    struct Options = Linear(2, 2, bias = false) -> LeakyReLU(negative_slope = 0.5) -> LeakyReLU(0.25)
        -> LeakyReLU -> Softmax -> Softmax(1) -> Softmax(dim = -1) -> LeakyReLU(negative_slope = 1,);
    struct Spliced = (Linear(6, 5) -> ReLU) -> (< Linear(5, 4) -> (ReLU6 -> Linear(_, 3)) >) -> Identity;
    struct Blocks = body: (Linear(3, 3) -> Tanh) -> [Linear(3, 3) -> ReLU; 2] -> more: [Linear(_, 3); N];
    struct Paths = deep::er::Encoder -> self::Times<4> -> Input4 -> last: crate::Times<{ 2 + 2 }>;
    struct Input4 = Input(4) -> Sigmoid;
    #[allow(non_camel_case_types)]
    struct r#type = r#fn: Linear(1, 1);
    #[network(scalar = f64)]
    #[derive(PartialEq)]
    #[allow(dead_code, reason = "attributes are passed on")]
    struct Double = Linear(2, 1);
    #[derive(PartialEq)]
    struct Attributed = body: (Linear(2, 2)) -> [(Linear(_, 3)) -> Linear(3, 2, bias = (false)); 2] -> Linear(match N { 6 => 2, _ => 1 }, 1);
    #[network(max_parameters = 143, max_macs = 115, max_bytes = 1_472)]
    struct Budgeted = Linear(N, 5, bias = false) -> Residual(norm: LayerNorm(_) -> Linear(5, 5) -> Tanh)
        -> [Linear(5, 5); 2] -> Concat(Times<5>, (Linear(_, 1) -> Tanh)) -> LeakyReLU;
    #[cfg(any())]
    struct Absent = Linear(N, 1) -> NotThere -> Linear(2, 1) -> Linear(5, 0);
    #[cfg(any())]
    struct Absent = Linear(3, 2) -> Relu;
}

/// Few parameters make no small network where many numbers go through.
#[test]
fn a_network_without_weights_may_be_wide() {
    network! { struct Wide = Input(1000) -> ReLU -> Softmax; }
    let x = SVector::from_fn(|row, _| row as f32 - 999.0);
    let y = Wide::new().forward(&x);
    assert!((y.sum() - 1.0).abs() < 1e-5 && y.iter().all(|y| (y - 1e-3).abs() < 1e-8));
    let mut outputs = [SVector::zeros(); 3];
    Wide::new().forward_batch(&[x; 3], &mut outputs);
    assert_eq!(outputs, [y; 3]);
}

#[test]
fn sizes_are_constant_expressions() {
    assert_eq!((Sizes::INPUTS, Sizes::OUTPUTS), (6, 5));
    let net = Sizes::new();
    let _: &SMatrix<f32, 12, 6> = &net.linear0.weight;
    let _: &SMatrix<f32, 4, 12> = &net.linear1.weight;
    let _: &SVector<f32, 5> = &net.linear2.bias;
}

#[test]
fn options_are_values() {
    let net = Options::zeros();
    assert_eq!(net.leakyrelu1.negative_slope, 0.5);
    assert_eq!(net.leakyrelu2.negative_slope, 0.25);
    assert_eq!(net.leakyrelu3.negative_slope, 0.01);
    assert_eq!(net.leakyrelu7.negative_slope, 1.0);
    assert_eq!(
        (net.softmax4.dim, net.softmax5.dim, net.softmax6.dim),
        (-1, 1, -1)
    );
    assert_eq!(Options::PARAMETERS, 4);
}

#[test]
fn costs_are_constants() {
    const {
        assert!(Blocks::MACS == 3 * 3 + 2 * 3 * 3 + N * 3 * 3);
        assert!(Paths::MACS == 6 * 4 + 1 + 1);
        assert!(Options::MACS == 2 * 2 && Input4::MACS == 0);
        assert!(Budgeted::MACS == 6 * 5 + 5 * 5 + 2 * 5 * 5 + 1 + 5);
        assert!(Budgeted::PARAMETERS == Budgeted::MACS + 5 + 5 + 5 + 2 * 5 + 1);
        assert!(Budgeted::BYTES == size_of::<Budgeted>());
    }
    assert!(Budgeted::DIAGRAM.starts_with("<svg"));
}

#[test]
fn parentheses_without_a_name_are_spliced() {
    let net = Spliced::new();
    let _: (&SVector<f32, 5>, &SVector<f32, 4>, &SVector<f32, 3>) =
        (&net.linear0.bias, &net.linear2.bias, &net.linear4.bias);
    let _ = (&net.relu1, &net.relu63, &net.identity5);
}

#[test]
fn blocks_have_types_of_their_own() {
    let net = Blocks::new();
    let body: &BlocksBody = &net.body;
    let copies: &[BlocksRepeat1; 2] = &net.repeat1;
    let more: &[BlocksMore; 6] = &net.more;
    let x = SVector::from([1.0, 2.0, 3.0]);
    let mut y = copies[1].forward(&copies[0].forward(&body.forward(&x)));
    for copy in more {
        y = copy.forward(&y);
    }
    // All of it at once may add up in another order.
    assert!((net.forward(&x) - y).amax() < 1e-6);
    assert_ne!(copies[0].linear0.weight, copies[1].linear0.weight);
}

#[test]
fn paths_are_the_users_own() {
    let mut net = Paths::new();
    assert_eq!((Paths::INPUTS, Paths::OUTPUTS), (6, 4));
    net.times1.factor[0] = 0.0;
    net.last.factor[0] = 2.0;
    assert!(
        net.forward(&SVector::from_element(1.0))
            .iter()
            .all(|y| *y == 1.0)
    );
    let _ = (&net.encoder0.linear0, &net.input42.sigmoid0);
}

#[test]
fn keywords_can_be_names() {
    let net = r#type::new();
    let text = String::from_utf8_lossy(&net.to_safetensors()).into_owned();
    assert!(text.contains("\"fn.weight\""));
}

#[test]
fn attributes_are_passed_on() {
    assert!(Double::new() == Double::new());
    assert!(Attributed::new() == Attributed::new());
    let _: SVector<f64, 1> = Double::new().forward(&SVector::from([0.5, 0.5]));
}

#[test]
fn a_chain_alone_is_a_value() {
    const WIDTH: usize = 3;
    let net = network!(< Linear(2, WIDTH) -> ReLU -> Linear(_, 1) >);
    let _: SVector<f32, 1> = net.forward(&SVector::from([1.0, 2.0]));
    let net = network!(#[network(scalar = f64)] Linear(2, 1) -> Sigmoid);
    let _: SVector<f64, 1> = net.forward(&SVector::from([1.0, 2.0]));
}

/// A user's own macro puts expressions, paths and whole chains in invisible groups.
macro_rules! declare {
    ($name:ident, $size:expr, $layer:path, $($chain:tt)*) => {
        network! { struct $name = Linear($size, $size) -> $layer -> $($chain)*; }
    };
}

#[test]
fn macros_can_write_declarations() {
    declare!(Written, 3, ReLU, Linear(3, 2));
    assert_eq!((Written::INPUTS, Written::OUTPUTS), (3, 2));
}

#[test]
fn zeros_is_a_constant() {
    static NET: Sizes = Sizes::zeros();
    let _: [f32; Sizes::OUTPUTS] = NET.forward(&SVector::from_element(1.0)).into();
    assert!(
        NET.forward(&SVector::from_element(1.0))
            .iter()
            .all(|y| *y == 0.0)
    );
}

#[test]
fn code_can_be_generic_over_networks() {
    fn first<N: Network<Input = SVector<f32, 6>, Output = SVector<f32, O>>, const O: usize>(
        net: &N,
    ) -> f32 {
        net.forward(&SVector::from_element(1.0))[0]
    }
    assert_eq!(first(&Sizes::zeros()), 0.0);
    assert_eq!(first(&Paths::zeros()), 0.0);
}

#[test]
fn batches_are_samples_one_by_one() {
    let net = Spliced::new();
    let inputs: Vec<_> = (0..257)
        .map(|i| SVector::from_fn(|j, _| (i * j) as f32 / 99.0))
        .collect();
    let mut outputs = vec![SVector::zeros(); 257];
    net.forward_batch(&inputs, &mut outputs);
    let mut parallel = vec![SVector::zeros(); 257];
    net.forward_batch_parallel(&inputs, &mut parallel);
    for ((input, output), parallel) in inputs.iter().zip(&outputs).zip(&parallel) {
        // The sums are added up in another order.
        let difference = (net.forward(input) - output).abs().max();
        assert!(difference <= 1e-6, "{difference}");
        assert_eq!(output, parallel);
    }
    net.forward_batch(&[], &mut []);
    net.forward_batch_parallel(&[], &mut []);
}

#[test]
#[should_panic = "the batch has 2 inputs and 1 outputs"]
fn batches_of_different_lengths_are_refused() {
    Spliced::new().forward_batch(&[SVector::zeros(); 2], &mut [SVector::zeros()]);
}

network! {
    struct Nothing = Input(2, 4, 4) -> AvgPool2d(2, stride = None, divisor_override = None) -> Flatten;
    struct Defaults = Input(2, 4, 4) -> AvgPool2d(2) -> Flatten;
}

#[test]
fn what_is_none_is_as_if_it_were_not_given() {
    let image = Image::from_fn(|channel, row, column| (channel + row * column) as f32);
    assert_eq!(
        Nothing::new().forward(&image),
        Defaults::new().forward(&image)
    );
}
