//! Branches: what they compute, by the layers that they are made of, and what their tensors are called.

use layerwise::{Network, Parameters, SVector, Scalar, Visitor, kernels::Level, network};

network! {
    /// Each combinator inside another.
    struct Mixed = block: Residual(fc1: Linear(6, 9) -> ReLU -> fc2: Linear(9, 6))
        -> Concat(a: Linear(6, 4), Linear(6, 5) -> Tanh, Identity)
        -> Add(
            Linear(_, 7) -> Residual(Residual(Linear(7, 7)) -> Sigmoid),
            Multiply(gate: Linear(_, 7), Linear(_, 7) -> Sigmoid, Linear(_, 7)),
            Linear(_, 7)
        )
        -> [Residual(fc: Linear(7, 7) -> LeakyReLU(0.2)); 3]
        -> [LeakyReLU(0.5); 2]
        -> Linear(_, 3);

    /// Wider than what stays in registers.
    struct Wide = Linear(10, 40) -> blocks: [Residual(Linear(40, 80) -> ReLU -> Linear(80, 40)); 4]
        -> Concat(Linear(40, 33) -> Tanh, Multiply(Linear(40, 20), Linear(40, 20) -> Sigmoid))
        -> Linear(_, 40);

    /// As few numbers as stay in registers.
    struct Small = Concat(Linear(3, 2), Identity) -> Residual(Linear(5, 5) -> ReLU) -> Linear(_, 1);

    struct Block = fc1: Linear(5, 5) -> ReLU;
    struct Keys = Residual(fc1: Linear(5, 5) -> Linear(5, 5))
        -> Concat(a: Linear(5, 4), Linear(5, 3) -> ReLU)
        -> blocks: [Residual(fc: Linear(7, 7)); 2]
        -> Linear(_, 5)
        -> [Block; 2]
        -> [Linear(5, 5) -> ReLU; 1]
        -> [Linear(5, 5); 1];
}

/// `weight · x + bias`, by nalgebra.
macro_rules! linear {
    ($layer:expr, $x:expr) => {
        $layer.weight * $x + $layer.bias
    };
}

impl Mixed {
    fn expected(&self, x: &SVector<f32, 6>) -> SVector<f32, 3> {
        let sigmoid = |x: f32| 1.0 / (1.0 + (-x).exp());
        let b = &self.block;
        let x = x + linear!(b.fc2, linear!(b.fc1, x).map(|x| x.max(0.0)));
        let c = &self.concat1;
        let (a, t) = (
            linear!(c.a, x),
            linear!(c.branch1.linear0, x).map(f32::tanh),
        );
        let x = SVector::<f32, 15>::from_iterator(a.iter().chain(&t).chain(&x).copied());
        let add = &self.add2;
        let y = linear!(add.branch0.linear0, x);
        let inner = y + linear!(add.branch0.residual1.residual0.linear0, y);
        let first = y + inner.map(sigmoid);
        let m = &add.branch1.multiply0;
        let second = linear!(m.gate, x)
            .component_mul(&linear!(m.branch1.linear0, x).map(sigmoid))
            .component_mul(&linear!(m.branch2.linear0, x));
        let mut x = first + second + linear!(add.branch2.linear0, x);
        let leaky = |slope: f32| move |x: f32| if x > 0.0 { x } else { slope * x };
        for block in &self.repeat3 {
            x += linear!(block.fc, x).map(leaky(0.2));
        }
        linear!(self.linear5, x.map(leaky(0.25)))
    }
}

impl Wide {
    fn expected(&self, x: &SVector<f32, 10>) -> SVector<f32, 40> {
        let sigmoid = |x: f32| 1.0 / (1.0 + (-x).exp());
        let mut x = linear!(self.linear0, x);
        for block in &self.blocks {
            x += linear!(block.linear2, linear!(block.linear0, x).map(|x| x.max(0.0)));
        }
        let c = &self.concat2;
        let t = linear!(c.branch0.linear0, x).map(f32::tanh);
        let m = &c.branch1.multiply0;
        let g = linear!(m.branch0.linear0, x)
            .component_mul(&linear!(m.branch1.linear0, x).map(sigmoid));
        let x = SVector::<f32, 53>::from_iterator(t.iter().chain(&g).copied());
        linear!(self.linear3, x)
    }
}

impl Small {
    fn expected(&self, x: &SVector<f32, 3>) -> SVector<f32, 1> {
        let y = linear!(self.concat0.branch0.linear0, x);
        let x = SVector::<f32, 5>::from_iterator(y.iter().chain(x).copied());
        let x = x + linear!(self.residual1.linear0, x).map(|x| x.max(0.0));
        linear!(self.linear2, x)
    }
}

fn agrees<N, const IN: usize, const OUT: usize>(
    net: &N,
    batch: impl Fn(&[SVector<f32, IN>], &mut [SVector<f32, OUT>]),
    expected: impl Fn(&SVector<f32, IN>) -> SVector<f32, OUT>,
) where
    N: Network<Input = SVector<f32, IN>, Output = SVector<f32, OUT>>,
{
    let inputs: Vec<SVector<f32, IN>> = (0..300)
        .map(|sample| SVector::from_fn(|i, _| ((sample * IN + i) as f32 * 0.7).sin() * 2.0))
        .collect();
    for level in Level::available() {
        level.force();
        for samples in [1, 2, 7, 16, 33, 300] {
            let inputs = &inputs[..samples];
            let mut outputs = vec![SVector::from_element(f32::NAN); samples];
            batch(inputs, &mut outputs);
            for (x, y) in inputs.iter().zip(&outputs) {
                let expected = expected(x);
                let scale = expected.amax().max(1.0);
                for y in [y, &net.forward(x)] {
                    let error = (y - expected).amax() / scale;
                    assert!(error < 4e-6, "{level:?}, {samples} samples: {error}");
                }
            }
        }
    }
}

#[test]
fn branches_compute_what_their_layers_do() {
    let net = Mixed::new();
    agrees(&net, |x, y| net.forward_batch(x, y), |x| net.expected(x));
    let net = Wide::new();
    agrees(&net, |x, y| net.forward_batch(x, y), |x| net.expected(x));
    let net = Small::new();
    agrees(&net, |x, y| net.forward_batch(x, y), |x| net.expected(x));
}

#[test]
fn a_block_is_the_whole_combinator() {
    let net = Wide::new();
    let x = SVector::from_fn(|i, _| (i as f32).cos());
    let block = &net.blocks[0];
    let expected = x + linear!(block.linear2, linear!(block.linear0, x).map(|x| x.max(0.0)));
    assert!((block.forward(&x) - expected).amax() < 1e-5);
}

#[test]
fn tensors_have_the_names_of_modules_and_module_lists() {
    struct Names(Vec<String>);
    impl Visitor<1> for Names {
        fn tensor<T: Scalar>(&mut self, path: &layerwise::Path<'_>, _: [&[T]; 1]) {
            let name = path.to_string();
            self.0
                .extend(name.strip_suffix(".weight").map(str::to_owned));
        }
    }
    let mut names = Names(Vec::new());
    Keys::walk(
        [&Keys::zeros()],
        &layerwise::Path::root::<Keys>(),
        &mut names,
    );
    let expected = [
        "0.fc1",
        "0.1",
        "1.a",
        "1.1.0",
        "blocks.0.fc",
        "blocks.1.fc",
        "3",
        "4.0.fc1",
        "4.1.fc1",
        "5.0.0",
        "6.0",
    ];
    assert_eq!(names.0, expected);
    assert!(Keys::SUMMARY.contains("Residual"), "{}", Keys::SUMMARY);
}
