//! Weights that are embedded while the program compiles are those that `load` reads when it runs.

use std::panic;

use layerwise::{Layer, Network, Parameters, SMatrix, SVector, Scalar, Value, network};
use layerwise_tests::{fixture, numbers};

const HIDDEN: usize = 33;

/// A layer of one's own, with a constant, a matrix of one column and a vector.
#[derive(Clone, Parameters)]
struct Head {
    weight: SMatrix<f32, 1, 6>,
    #[parameters(constant = 1.0)]
    gain: f32,
    bias: SVector<f32, 1>,
}

impl Layer<SVector<f32, 6>> for Head {
    type Output = SVector<f32, 1>;
    fn forward(&self, x: &SVector<f32, 6>) -> SVector<f32, 1> {
        self.weight * x * self.gain + self.bias
    }
}

network! {
    #[network(
        weights = "fixtures/odd_f32.safetensors",
        check = "fixtures/odd_f32_check.safetensors",
        tolerance = 2e-6,
    )]
    struct Odd = Linear(13, HIDDEN) -> ReLU
        -> Linear(_, 17) -> Tanh
        -> Linear(_, HIDDEN / 2) -> Sigmoid
        -> Linear(_, 15) -> LeakyReLU(0.3)
        -> Linear(_, 7);

    /// In the other scalar.
    #[network(
        scalar = f64,
        weights = "fixtures/odd_f64.safetensors",
        check = "fixtures/odd_f64_check.safetensors",
        tolerance = 1e-14,
    )]
    struct OddDouble = Linear(13, 33) -> ReLU -> Linear(_, 17) -> Tanh -> Linear(_, 16) -> Sigmoid
        -> Linear(_, 15) -> LeakyReLU(0.3) -> Linear(_, 7);

    /// Rounded once, from a file of the other scalar.
    #[network(weights = "fixtures/odd_f64.safetensors")]
    struct OddRounded = Linear(13, 33) -> ReLU -> Linear(_, 17) -> Tanh -> Linear(_, 16) -> Sigmoid
        -> Linear(_, 15) -> LeakyReLU(0.3) -> Linear(_, 7);

    struct Encoder = Linear(7, 6, bias = false) -> Tanh;

    /// Another network, a repeat, and a layer of one's own.
    #[network(
        weights = "fixtures/nested_f32.safetensors",
        check = "fixtures/nested_f32_check.safetensors",
        tolerance = 2e-6,
    )]
    struct Nested = encoder: Encoder
        -> blocks: [Linear(6, 6) -> LeakyReLU(0.2); 3]
        -> head: Head;

    /// Running statistics, and how many batches they are of.
    #[network(
        weights = "fixtures/batch_norm_f32.safetensors",
        check = "fixtures/batch_norm_f32_check.safetensors",
        tolerance = 2e-6,
    )]
    struct BatchNorm = BatchNorm1d(4, momentum = 0.3)
        -> Linear(_, 7) -> BatchNorm1d(_) -> Tanh
        -> Linear(_, 3, bias = false) -> BatchNorm1d(3, eps = 0.1, affine = false);

    /// The same in the other scalar, and what halves.
    #[network(
        scalar = f64,
        weights = "fixtures/gates_f64.safetensors",
        check = "fixtures/gates_f64_check.safetensors",
        tolerance = 1e-14,
    )]
    struct Gates = BatchNorm1d(9) -> Linear(_, 34) -> BatchNorm1d(_) -> PReLU(_)
        -> Linear(_, 26) -> GLU -> PReLU -> BatchNorm1d(_, affine = false)
        -> Linear(_, 21) -> BatchNorm1d(_, eps = 1e-3) -> ELU -> Linear(_, 5);

    /// Norms behind layers, in a block and in a repeat.
    #[network(
        weights = "fixtures/normed_f32.safetensors",
        check = "fixtures/normed_f32_check.safetensors",
        tolerance = 2e-6,
    )]
    struct Normed = body: (Linear(6, 8, bias = false) -> BatchNorm1d(8))
        -> blocks: [Residual(Linear(8, 8) -> BatchNorm1d(8, eps = 1e-3) -> ReLU); 3]
        -> head: Linear(8, 2) -> norm: BatchNorm1d(2) -> Sigmoid;

    /// Behind convolutions of an image, in blocks too.
    #[network(
        weights = "fixtures/separable_f32.safetensors",
        check = "fixtures/separable_f32_check.safetensors",
        tolerance = 2e-6,
    )]
    struct Separable = Input(3, 9, 8)
        -> stem: (Conv2d(3, 18, 3, stride = 2, padding = 1, bias = false) -> BatchNorm2d(_) -> ReLU)
        -> depth: Conv2d(18, 18, (3, 5), padding = (1, 2), groups = 18, bias = false)
        -> norm1: BatchNorm2d(18, eps = 1e-3) -> ReLU6
        -> point: Conv2d(18, 10, 1, groups = 2)
        -> norm2: BatchNorm2d(10, affine = false) -> Softmax(dim = 1)
        -> blocks: [
            Residual(
                Conv2d(10, 10, 3, padding = "same", dilation = (1, 2), groups = 5)
                    -> BatchNorm2d(10) -> SiLU
            ); 2
        ]
        -> AdaptiveAvgPool2d(1) -> Flatten -> head: Linear(10, 4);

    /// And of a window, in the other scalar.
    #[network(
        scalar = f64,
        weights = "fixtures/keywords_f64.safetensors",
        check = "fixtures/keywords_f64_check.safetensors",
        tolerance = 1e-14,
    )]
    struct Keywords = Input(5, 21)
        -> Conv1d(5, 12, 4, stride = 2, padding = 1) -> BatchNorm1d(_) -> GELU
        -> Conv1d(12, 12, 3, dilation = 2, groups = 12, bias = false) -> BatchNorm1d(_) -> PReLU(_)
        -> Conv1d(12, 7, 1) -> BatchNorm1d(_, eps = 0.1, affine = false)
        -> Flatten -> Linear(42, 3);

    #[network(weights = "fixtures/many_f32.safetensors")]
    struct Many = body: [Linear(2, 2) -> ReLU; 200];

    #[network(weights = "ui/weights/half.safetensors")]
    struct Half = fc1: Linear(3, 2) -> ReLU -> fc2: Linear(2, 1);

    #[network(weights = "ui/weights/net.safetensors", check = "ui/weights/net_check.safetensors")]
    struct Small = fc1: Linear(3, 2) -> ReLU -> fc2: Linear(2, 1);
}

#[test]
fn what_is_embedded_is_what_load_reads() {
    macro_rules! same {
        ($($Net:ident: $file:expr;)*) => {$(
            let loaded = $Net::load($file).unwrap();
            let bytes = loaded.to_safetensors();
            assert_eq!($Net::pretrained().to_safetensors(), bytes, stringify!($Net));
            assert_ne!($Net::new().to_safetensors(), bytes, stringify!($Net));
        )*};
    }
    let ui = |name: &str| fixture(name).with_file_name("../ui/weights/").join(name);
    same! {
        Odd: fixture("odd_f32");
        OddDouble: fixture("odd_f64");
        OddRounded: fixture("odd_f64");
        Nested: fixture("nested_f32");
        BatchNorm: fixture("batch_norm_f32");
        Gates: fixture("gates_f64");
        Normed: fixture("normed_f32");
        Separable: fixture("separable_f32");
        Keywords: fixture("keywords_f64");
        Many: fixture("many_f32");
        Half: ui("half.safetensors");
        Small: ui("net.safetensors");
    }
    assert_eq!(Nested::pretrained().head.gain.to_bits(), 1.0_f32.to_bits());
    let block = &Nested::pretrained().blocks[2];
    assert_eq!(block.leakyrelu1.negative_slope.to_bits(), 0.2_f64.to_bits());
}

/// The same outputs from a network and its copy, which has nothing folded.
fn compare_with_copy<N>(net: &N, file: &str, tolerance: f64)
where
    N: Network<Input: Value, Output: Value>,
{
    let inputs = numbers(file, "input");
    let inputs: Vec<N::Input> = inputs
        .chunks(N::Input::LEN)
        .map(|numbers| {
            let mut x = N::Input::zeros();
            for (to, number) in x.as_mut_slice().iter_mut().zip(numbers) {
                *to = Scalar::from_f64(*number);
            }
            x
        })
        .collect();
    let outputs = |net: &N| -> Vec<f64> {
        let mut outputs = vec![N::Output::zeros(); inputs.len()];
        net.forward_batch(&inputs, &mut outputs);
        outputs.extend(inputs.iter().map(|x| net.forward(x)));
        let numbers = outputs.iter().flat_map(Value::as_slice);
        numbers.map(|y| y.to_f64()).collect()
    };
    let (found, expected) = (outputs(net), outputs(&net.clone()));
    let largest = expected.iter().fold(0.0_f64, |most, y| most.max(y.abs()));
    for (found, expected) in found.iter().zip(&expected) {
        let error = (found - expected).abs() / largest;
        assert!(error <= tolerance, "{file}: {found} instead of {expected}");
    }
}

/// Whoever changes a number of a copy gets what the copy makes.
#[test]
fn norms_are_folded_into_the_layers_before_them_until_copied() {
    fn is_folded(norm: &impl std::fmt::Debug) -> bool {
        format!("{norm:?}").contains("folded: Folded")
    }
    let net = BatchNorm::pretrained();
    compare_with_copy(net, "batch_norm_f32_check", 2e-6);
    let net = Gates::pretrained();
    compare_with_copy(net, "gates_f64_check", 1e-14);
    let net = Normed::pretrained();
    compare_with_copy(net, "normed_f32_check", 2e-6);
    let net = Keywords::pretrained();
    compare_with_copy(net, "keywords_f64_check", 1e-14);
    assert!(is_folded(&net.batchnorm1d1) && is_folded(&net.batchnorm1d4));
    assert!(is_folded(&net.batchnorm1d7));
    let net = Separable::pretrained();
    compare_with_copy(net, "separable_f32_check", 2e-6);
    assert!(is_folded(&net.stem.batchnorm2d1) && is_folded(&net.norm1) && is_folded(&net.norm2));
    let blocks = &net.blocks;
    assert!(blocks.iter().all(|block| is_folded(&block.batchnorm2d1)));

    let net = Normed::pretrained();
    assert!(is_folded(&net.body.batchnorm1d1) && is_folded(&net.norm));
    assert!(
        net.blocks
            .iter()
            .all(|block| is_folded(&block.batchnorm1d1))
    );
    assert!(
        !is_folded(&BatchNorm::pretrained().batchnorm1d0),
        "nothing is before it"
    );
    assert!(!is_folded(
        &Normed::load(fixture("normed_f32")).unwrap().norm
    ));
    let mut copy = net.clone();
    assert!(!is_folded(&copy.norm) && copy.norm == net.norm);
    copy.norm.running_mean.fill(1e6);
    let x = SVector::from_element(0.5);
    assert_eq!(copy.forward(&x), SVector::from([0.0; 2]));
}

#[test]
fn it_is_one_value_that_begins_with_a_cache_line() {
    let net: &'static Odd = Odd::pretrained();
    assert!(std::ptr::eq(net, Odd::pretrained()));
    assert_eq!((&raw const *net).addr() % 64, 0);
}

#[test]
fn a_reference_that_is_missed_is_reported_with_what_is_farthest_off() {
    let bytes = std::fs::read(fixture("odd_f32_check")).unwrap();
    let check = |net: &Odd, tolerance| {
        let check = || {
            let names = ["Odd", "check.safetensors"];
            let forward = |x: &_| net.forward(x);
            layerwise::__private::reference::check(forward, names, &bytes, tolerance);
        };
        let message = panic::catch_unwind(panic::AssertUnwindSafe(check)).err()?;
        Some(message.downcast_ref::<String>().unwrap().clone())
    };
    assert_eq!(check(Odd::pretrained(), 2e-6), None);
    let mut net = Odd::pretrained().clone();
    net.linear8.bias[3] += 0.25;
    let message = check(&net, 2e-6).unwrap();
    assert!(
        message.contains("257 of 1799 outputs are off; output 3 of sample"),
        "{message}"
    );
    net.linear8.bias[3] = f32::NAN;
    let message = check(&net, 2e-6).unwrap();
    assert!(message.contains("is NaN instead of"), "{message}");
}

/// As it is expanded for a target that keeps the high bytes of numbers first.
mod big_endian {
    layerwise::__private::network! {
        ::layerwise big;
        #[network(weights = "ui/weights/net.safetensors")]
        pub struct Single = fc1: Linear(3, 2) -> ReLU -> fc2: Linear(2, 1);
        #[network(scalar = f64, weights = "ui/weights/net.safetensors")]
        pub struct Double = fc1: Linear(3, 2) -> ReLU -> fc2: Linear(2, 1);
    }
}

#[test]
fn numbers_are_the_targets() {
    let net = Small::pretrained();
    for (at, number) in net.fc1.weight.iter().enumerate() {
        let single = big_endian::Single::pretrained().fc1.weight[at];
        assert_eq!(single.to_bits(), number.to_bits().swap_bytes());
        let double = big_endian::Double::pretrained().fc1.weight[at];
        let bits = f64::from(*number).to_bits().swap_bytes();
        assert_eq!(double.to_bits(), bits);
    }
}

/// Of files that have more: a prefix, and keys that are left.
mod of_more {
    use layerwise::network;

    network! {
        #[network(weights = "ui/weights/checkpoint.safetensors", prefix = "actor.")]
        pub struct Actor = fc1: Linear(3, 2) -> ReLU -> fc2: Linear(2, 1);
        #[network(weights = "ui/weights/more.safetensors", strict = false)]
        pub struct Part = fc1: Linear(3, 2) -> ReLU -> fc2: Linear(2, 1);
        /// Of which the file has biases, too.
        #[network(weights = "ui/weights/checkpoint.safetensors", prefix = "act", strict = false)]
        pub struct Unbiased = or: (fc1: Linear(3, 2, bias = false));
        #[network(weights = "ui/weights/net.safetensors", strict = true)]
        pub struct Whole = fc1: Linear(3, 2) -> ReLU -> fc2: Linear(2, 1);
    }
}

#[test]
fn files_that_have_more_are_embedded_as_far_as_asked() {
    let whole = of_more::Whole::pretrained().to_safetensors();
    assert_eq!(of_more::Actor::pretrained().to_safetensors(), whole);
    assert_eq!(of_more::Part::pretrained().to_safetensors(), whole);
    assert_eq!(
        of_more::Unbiased::pretrained().or.fc1.weight,
        of_more::Whole::pretrained().fc1.weight
    );
}

/// Blocks in repeats, and branches with names and without.
mod branches {
    use layerwise::network;

    network! {
        #[network(
            weights = "fixtures/branches_f32.safetensors",
            check = "fixtures/branches_f32_check.safetensors",
        )]
        struct Branched = inp: Linear(8, 12) -> ELU
            -> blocks: [Residual(fc1: Linear(12, 20) -> GELU -> fc2: Linear(20, 12)); 3]
            -> parts: Concat(a: Linear(12, 7), b: (Linear(12, 5) -> SiLU))
            -> gated: Multiply(value: Linear(12, 4), gate: (Linear(12, 4) -> Sigmoid));
    }

    #[test]
    fn embedded_is_what_is_loaded() {
        let loaded = Branched::load("fixtures/branches_f32.safetensors").unwrap();
        let embedded = Branched::pretrained();
        assert_eq!(
            loaded.to_safetensors(),
            embedded.to_safetensors(),
            "{embedded:?}"
        );
    }
}
