//! Gradients of every layer, combinator and loss against central differences, in f64.

mod networks;

use layerwise::{
    BCELoss, BCEWithLogitsLoss, CrossEntropyLoss, HuberLoss, L1Loss, Layer, Loss, MSELoss, NLLLoss,
    Network, Parameters, Path, Reduction, SGD, SVector, Scalar, SmoothL1Loss, Trainable, Trainer,
    Value, VisitorMut, train::ends::Accepts,
};
use layerwise_tests::on_each_level;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

/// Half the distance between the two points of a difference.
const STEP: f64 = 1e-5;

/// The largest that a gradient may be off, by the largest of the network's.
const TOLERANCE: f64 = 1e-7;

/// Changes the number at an index, counted over all tensors that are trained.
struct Nudge {
    index: usize,
    by: f64,
}

impl VisitorMut<1> for Nudge {
    fn tensor<T: Scalar>(&mut self, path: &Path<'_>, [tensor]: [&mut [T]; 1]) {
        if path.is_buffer() {
            return;
        }
        if let Some(x) = tensor.get_mut(self.index) {
            *x = T::from_f64(x.to_f64() + self.by);
        }
        self.index = self.index.wrapping_sub(tensor.len());
    }
}

/// The trained numbers of a network.
struct Numbers(Vec<f64>);

impl VisitorMut<1> for Numbers {
    fn tensor<T: Scalar>(&mut self, path: &Path<'_>, [tensor]: [&mut [T]; 1]) {
        if !path.is_buffer() {
            self.0.extend(tensor.iter().map(|x| x.to_f64()));
        }
    }
}

fn numbers<N: Parameters>(network: &N) -> Vec<f64> {
    let mut numbers = Numbers(Vec::new());
    N::walk_mut([&mut network.clone()], &Path::root::<N>(), &mut numbers);
    numbers.0
}

/// Compares the gradient of a loss with central differences of it, for few and many samples.
fn check<N, X, Y, L>(
    name: &str,
    network: &N,
    counts: &[u64],
    loss: impl Fn() -> L,
    target: impl Fn(&mut StdRng) -> L::Target,
) where
    N: Network<Input = X> + Layer<X, Output = Y> + Trainable<X, Output = Y>,
    X: Value<Scalar = f64>,
    Y: Value<Scalar = f64>,
    L: Loss<Y, Takes: Accepts<N::End>>,
{
    for &samples in counts {
        let mut rng = StdRng::seed_from_u64(samples);
        let inputs: Vec<_> = (0..samples).map(|_| random(&mut rng)).collect();
        let targets: Vec<_> = (0..samples).map(|_| target(&mut rng)).collect();
        let mut trainer = Trainer::new(network.clone(), SGD::new(0.1), loss());
        let mut gradients = Vec::new();
        on_each_level(|level| {
            let (value, gradient) = trainer.gradient(&inputs, &targets);
            assert!(value.is_finite(), "{name}: a loss of {value} on {level:?}");
            gradients.push((level, numbers(gradient)));
        });
        let mut at = |index, by| {
            let root = Path::root::<N>();
            N::walk_mut([trainer.model_mut()], &root, &mut Nudge { index, by });
            let (loss, _) = trainer.gradient(&inputs, &targets);
            N::walk_mut([trainer.model_mut()], &root, &mut Nudge { index, by: -by });
            loss
        };
        let expected: Vec<f64> = (0..gradients[0].1.len())
            .map(|index| (at(index, STEP) - at(index, -STEP)) / (2.0 * STEP))
            .collect();
        let largest = expected.iter().fold(1.0_f64, |most, x| most.max(x.abs()));
        assert!(expected.iter().any(|&x| x != 0.0), "{name}: no gradient");
        for (level, gradient) in &gradients {
            for (index, (got, expected)) in gradient.iter().zip(&expected).enumerate() {
                assert!(
                    (got - expected).abs() <= TOLERANCE * largest,
                    "{name}, {samples} samples, {level:?}: gradient {index} is {got}, not {expected}"
                );
            }
        }
    }
}

/// Numbers around zero.
fn random<X: Value<Scalar = f64>>(rng: &mut StdRng) -> X {
    let mut numbers = X::zeros();
    for x in numbers.as_mut_slice() {
        *x = rng.random::<f64>() * 4.0 - 2.0;
    }
    numbers
}

/// Numbers from 0 to 1.
fn probabilities<const N: usize>(rng: &mut StdRng) -> SVector<f64, N> {
    SVector::from_fn(|_, _| rng.random())
}

/// A network of its own for each line, trained with a loss for targets that a function makes.
macro_rules! gradients {
    ($($name:ident: $loss:expr, $target:expr => [$($chain:tt)*])*) => {$(
        #[test]
        fn $name() {
            #[allow(unused_imports, reason = "of some")]
            use crate::networks::*;
            layerwise::network! { #[network(scalar = f64)] struct Net = $($chain)*; }
            // Statistics of a batch need two samples, and another way where there are many.
            let counts = if stringify!($($chain)*).contains("BatchNorm") {
                [5, 29, 700]
            } else {
                [1, 3, 29]
            };
            crate::check(stringify!($name), &Net::new(), &counts, || $loss, $target);
        }
    )*};
}

macro_rules! each_layer {
    ($($name:ident: [$($layer:tt)*])*) => {
        gradients! { $($name: MSELoss::new(), random => [Linear(3, 6) -> $($layer)* -> Linear(_, 2)])* }
    };
}

each_layer! {
    relu: [ReLU]
    relu6: [ReLU6]
    leaky_relu: [LeakyReLU]
    leaky_relu_of_a_negative_slope: [LeakyReLU(negative_slope = -0.5)]
    sigmoid: [Sigmoid]
    tanh: [Tanh]
    softmax: [Softmax]
    softmin: [Softmin]
    log_softmax: [LogSoftmax]
    identity: [Identity]
    elu: [ELU]
    elu_of_a_negative_alpha: [ELU(alpha = -0.7)]
    selu: [SELU]
    celu: [CELU(alpha = 0.6)]
    gelu: [GELU]
    gelu_tanh: [GELU(approximate = "tanh")]
    silu: [SiLU]
    mish: [Mish]
    hardtanh: [Hardtanh(min_val = -0.4, max_val = 0.3)]
    hardsigmoid: [Hardsigmoid]
    hardswish: [Hardswish]
    softplus: [Softplus(beta = 2.0, threshold = 1.0)]
    softsign: [Softsign]
    log_sigmoid: [LogSigmoid]
    tanhshrink: [Tanhshrink]
    softshrink: [Softshrink(lambd = 0.2)]
    hardshrink: [Hardshrink(lambd = 0.2)]
    threshold: [Threshold(0.1, -0.3)]
    rrelu: [RReLU]
    dropout: [Dropout(p = 0.3)]
    layer_norm: [LayerNorm(_)]
    layer_norm_without_bias: [LayerNorm(_, bias = false)]
    layer_norm_without_weights: [LayerNorm(_, elementwise_affine = false)]
    rms_norm: [RMSNorm(_)]
    prelu: [PReLU]
    prelu_of_each: [PReLU(_, init = -0.3)]
    glu: [GLU]
    batch_norm: [BatchNorm1d(_)]
    batch_norm_without_weights: [BatchNorm1d(_, affine = false)]
    batch_norms: [BatchNorm1d(_) -> Tanh -> Linear(_, 4) -> Residual(BatchNorm1d(_) -> ReLU)]
    own_layer: [Scale<6>]
    no_bias: [Linear(_, 5, bias = false)]
    nested_network: [inner: Inner]
    block: [body: (Linear(_, 5) -> Tanh -> Linear(_, 4))]
    repeat: [[Linear(6, 6) -> Sigmoid; 3]]
    residual: [Residual(Linear(6, 5) -> Tanh -> Linear(_, 6))]
    residual_of_one_activation: [Residual(Tanh) -> Residual(ReLU)]
    add: [Add(Linear(6, 4), Linear(6, 3) -> Tanh -> Linear(_, 4), Linear(6, 4, bias = false))]
    multiply: [Multiply(Linear(6, 4), Linear(6, 4) -> Sigmoid)]
    multiply_three: [Multiply(Linear(6, 4) -> Tanh, Linear(6, 4) -> Sigmoid, Linear(6, 4))]
    concat: [Concat(Linear(6, 4) -> Tanh, Identity, Linear(6, 1))]
    nested_branches: [
        Residual(Add(
            Multiply(Linear(6, 6) -> Tanh, Linear(6, 6) -> Sigmoid),
            Concat(Linear(6, 2), Linear(6, 4) -> LayerNorm(_)) -> ELU
        ))
    ]
    residual_blocks: [[Residual(LayerNorm(_) -> Linear(6, 8) -> GELU -> Linear(_, 6)); 3]]
    own_in_a_branch: [Add(Scale<6>, Identity)]
    constant_sizes: [Linear(N, 2 * N) -> Tanh -> Residual(Linear(2 * N, N) -> Linear(N, 2 * N))]
}

/// Layers over windows and images, at random too.
macro_rules! each_place {
    ($($name:ident: [$($chain:tt)*])*) => {
        gradients! { $($name: MSELoss::new(), random => [$($chain)*])* }
    };
}

each_place! {
    conv1d: [Input(3, 11) -> Conv1d(3, 4, 3, stride = 2, padding = 1) -> Tanh -> Conv1d(4, 2, 2, dilation = 2, groups = 2, bias = false)]
    conv2d: [Input(2, 5, 7) -> Conv2d(2, 5, 3, stride = (1, 2), padding = (1, 2)) -> Tanh -> Conv2d(5, 2, 2)]
    conv2d_of_groups: [Input(4, 5, 5) -> Conv2d(4, 6, 3, groups = 2) -> Conv2d(6, 6, (2, 3), groups = 6)]
    max_pool1d: [Input(2, 9) -> Conv1d(2, 3, 2) -> MaxPool1d(3, stride = 2, padding = 1)]
    max_pool2d: [Input(2, 6, 5) -> Conv2d(2, 3, 1) -> MaxPool2d(2, ceil_mode = true)]
    avg_pools1d: [Input(2, 10) -> Conv1d(2, 3, 2) -> AvgPool1d(3, stride = 2, padding = 1) -> Tanh -> AdaptiveAvgPool1d(4)]
    avg_pools2d: [
        Input(2, 6, 5) -> Conv2d(2, 3, 1) -> AvgPool2d(2, stride = 1, padding = 1, count_include_pad = false)
            -> Tanh -> AdaptiveAvgPool2d((2, 3))
    ]
    batch_norm_of_steps: [Input(2, 5) -> Conv1d(2, 3, 2) -> BatchNorm1d(3) -> Tanh]
    batch_norm_of_pixels: [Input(2, 3, 4) -> Conv2d(2, 3, 2) -> BatchNorm2d(3) -> Tanh]
    group_norm: [Input(2, 3, 4) -> Conv2d(2, 6, 2) -> GroupNorm(3, 6) -> PReLU(6)]
    by_channel: [Input(2, 3, 4) -> Conv2d(2, 6, 2) -> GLU(dim = 1) -> Softmax(dim = 1) -> Conv2d(3, 3, 1) -> Softmin(dim = 1)]
    flatten: [Input(2, 3, 4) -> Conv2d(2, 3, 2) -> LogSoftmax(dim = 1) -> Flatten -> Linear(_, 2)]
    branches_of_channels: [
        Input(2, 4, 4) -> Concat(Conv2d(2, 3, 1), Conv2d(2, 2, 3, padding = 1) -> ReLU)
            -> Residual(Conv2d(5, 5, (2, 3), padding = "same") -> Tanh)
    ]
}

/// Sizes from 1 to 12 that follow from a seed, by Knuth's MMIX.
const fn sizes<const N: usize>(mut seed: u64) -> [usize; N] {
    let mut sizes = [0; N];
    let mut index = 0;
    while index < N {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        sizes[index] = 1 + (seed >> 33) as usize % 12;
        index += 1;
    }
    sizes
}

/// A network of layers of all kinds, whose sizes follow from a seed.
macro_rules! each_seed {
    ($($name:ident: $seed:literal)*) => {$(
        mod $name {
            pub(super) const S: [usize; 6] = super::sizes($seed);
        }
        gradients! { $name: MSELoss::new(), random => [
            Linear($name::S[0], $name::S[1]) -> GELU
                -> Residual(LayerNorm(_) -> Linear(_, $name::S[2]) -> SiLU -> Linear(_, $name::S[1]))
                -> Concat(Linear(_, $name::S[3]) -> Softplus, Linear(_, $name::S[4], bias = false))
                -> RMSNorm(_) -> Linear(_, 2 * $name::S[5]) -> GLU
        ] }
    )*};
}

each_seed! {
    sizes_of_seed_1: 1
    sizes_of_seed_2: 2
    sizes_of_seed_3: 3
    sizes_of_seed_4: 4
}

gradients! {
    residual_first: MSELoss::new(), random => [Input(3) -> Residual(Linear(3, 4) -> Tanh -> Linear(_, 3))]
    branches_first: MSELoss::new(), random => [Input(3) -> Concat(Linear(3, 2), Tanh -> Linear(_, 2)) -> Multiply(Linear(4, 2), Linear(4, 2))]
    repeat_first: MSELoss::new(), random => [[Linear(4, 4) -> Tanh; 2] -> Linear(_, 1)]
    own_first: MSELoss::new(), random => [Input(5) -> Scale<5>]
    batch_norm_first: MSELoss::new(), random => [BatchNorm1d(5) -> Tanh -> Linear(_, 2)]
    norm_first: MSELoss::new(), random => [LayerNorm(5) -> Tanh]
    one_output: MSELoss::new(), random => [Linear(10, 5) -> ReLU -> Linear(5, 1)]
    wide: MSELoss::new(), random => [Linear(3, 37) -> Tanh -> Linear(_, 19) -> Tanh -> Linear(_, 33)]
    ends_in_softmax: MSELoss::new(), random => [Linear(3, 5) -> Softmax]
    mse_sum: MSELoss::new().reduction(Reduction::Sum), random => [Linear(3, 2)]
    l1: L1Loss::new(), random => [Linear(3, 2) -> Tanh]
    huber: HuberLoss::new().delta(0.7), random => [Linear(3, 2) -> Tanh]
    smooth_l1: SmoothL1Loss::new().beta(0.5), random => [Linear(3, 2) -> Tanh]
    bce: BCELoss::new(), probabilities => [Linear(3, 2) -> Sigmoid]
    bce_with_logits: BCEWithLogitsLoss::new(), probabilities => [Linear(3, 2)]
    cross_entropy: CrossEntropyLoss::new(), class::<5> => [Linear(3, 5)]
    cross_entropy_smoothed: CrossEntropyLoss::new().label_smoothing(0.2), class::<5> => [Linear(3, 5)]
    cross_entropy_sum: CrossEntropyLoss::new().reduction(Reduction::Sum), class::<5> => [Linear(3, 5)]
    nll: NLLLoss::new(), class::<5> => [Linear(3, 5) -> LogSoftmax]
}

/// One of `N` classes.
fn class<const N: usize>(rng: &mut StdRng) -> usize {
    rng.random_range(0..N)
}
