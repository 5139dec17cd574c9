//! Networks that remember: their states, and what is in a chain that begins with `Stream`.

use std::sync::Mutex;

use layerwise::{Layer, Parameters, Recurrent, SVector, network};
use layerwise_tests::on_each_level;

/// The sum of all that came so far.
#[derive(Clone, Parameters)]
struct Sum {}

#[derive(Clone)]
struct Sums<const N: usize>(SVector<f32, N>);

impl<const N: usize> Default for Sums<N> {
    fn default() -> Self {
        Self(SVector::zeros())
    }
}

impl<const N: usize> Recurrent<SVector<f32, N>> for Sum {
    type Output = SVector<f32, N>;
    type State = Sums<N>;
    fn step(&self, state: &mut Sums<N>, x: &SVector<f32, N>) -> SVector<f32, N> {
        state.0 += x;
        state.0
    }
}

const TWO: usize = 2;

network! {
    struct Inner = Stream(2) -> Sum -> Sum;
    struct Plain = Input(2) -> Identity;
    struct Parts = Stream(TWO)
        -> body: (Sum -> Identity)
        -> twice: [Sum; 2]
        -> Residual(Sum)
        -> Concat(Sum, Identity -> Identity)
        -> Multiply(Identity, Add(Sum, Identity))
        -> Linear(4, 2)
        -> inner: Inner
        -> plain: Plain;
    struct Forgetful = Stream(2) -> Linear(2, 2) -> Tanh;
}

/// The same, by hand.
fn parts(net: &Parts, inputs: &[[f32; 2]]) -> Vec<[f32; 2]> {
    let mut sums = [[0.0; 4]; 8];
    let mut sum = |index: usize, x: [f32; 4]| {
        for (sum, x) in sums[index].iter_mut().zip(x) {
            *sum += x;
        }
        sums[index]
    };
    let step = |&[a, b]: &[f32; 2]| {
        let x = sum(0, [a, b, 0.0, 0.0]);
        let x = sum(1, x);
        let x = sum(2, x);
        let y = sum(3, x);
        let x = [x[0] + y[0], x[1] + y[1], 0.0, 0.0];
        let y = sum(4, x);
        let x = [y[0], y[1], x[0], x[1]];
        let y = sum(5, x);
        let x = [0, 1, 2, 3].map(|i| x[i] * (y[i] + x[i]));
        let y = net.linear5.weight * SVector::from(x) + net.linear5.bias;
        let y = sum(6, [y[0], y[1], 0.0, 0.0]);
        let y = sum(7, y);
        [y[0], y[1]]
    };
    inputs.iter().map(step).collect()
}

const INPUTS: [[f32; 2]; 3] = [[1.0, 0.5], [-0.25, 2.0], [0.125, -1.0]];

#[test]
fn blocks_repeats_and_branches_remember() {
    on_each_level(|_| {
        let net = Parts::new();
        let expected = parts(&net, &INPUTS);
        let mut state = PartsState::default();
        for (x, expected) in INPUTS.iter().zip(&expected) {
            let found = net.step(&mut state, &SVector::from(*x));
            for (found, expected) in found.iter().zip(expected) {
                assert!((found - expected).abs() < 1e-4, "{found} {expected}");
            }
        }
    });
    assert_eq!(Parts::PARAMETERS, 4 * 2 + 2);
    assert!(Parts::SUMMARY.contains("Multiply"), "{}", Parts::SUMMARY);
}

#[test]
fn a_copy_goes_its_own_way_and_a_reset_begins_anew() {
    on_each_level(|_| {
        let net = Inner::new();
        let mut state = InnerState::default();
        let x = SVector::from([1.0, 2.0]);
        let first = net.step(&mut state, &x);
        let mut copy = state.clone();
        let second = net.step(&mut state, &x);
        assert_eq!(net.step(&mut copy, &x), second);
        net.step(&mut copy, &x);
        assert_ne!(net.step(&mut copy, &x), net.step(&mut state, &x));
        state.reset();
        assert_eq!(net.step(&mut state, &x), first);
    });
}

#[test]
fn stretches_and_batches_are_steps() {
    on_each_level(|_| {
        let net = Parts::new();
        let inputs = INPUTS.map(SVector::from);
        let mut state = net.state();
        let expected = inputs.map(|x| net.step(&mut state, &x));
        let mut found = [SVector::zeros(); 3];
        let mut state = net.state();
        net.steps(&mut state, &inputs[..1], &mut found[..1]);
        net.steps(&mut state, &inputs[1..], &mut found[1..]);
        assert_eq!(found, expected);
        let mut states = [(); 3].map(|()| net.state());
        net.step_batch(&mut states, &[inputs[0]; 3], &mut found);
        assert_eq!(found, [expected[0]; 3]);
    });
}

#[test]
fn a_state_without_ones_own_is_a_constant() {
    static STATE: Mutex<ForgetfulState> = Mutex::new(ForgetfulState::new());
    on_each_level(|_| {
        let net = Forgetful::new();
        let x = SVector::from([1.0, 2.0]);
        let y = net.step(&mut STATE.lock().unwrap(), &x);
        let expected = Layer::forward(&net.tanh1, &Layer::forward(&net.linear0, &x));
        assert_eq!(y, expected);
    });
}

#[test]
fn a_network_without_a_name_has_a_state() {
    let net = network!(Stream(2) -> Sum -> [Linear(2, 2); 2]);
    let mut state = net.state();
    let x = SVector::from([1.0, 2.0]);
    assert_ne!(net.step(&mut state, &x), net.step(&mut state, &x));
}

#[test]
#[should_panic(expected = "the stretch has 3 inputs and 2 outputs")]
fn a_stretch_has_as_many_outputs() {
    let mut outputs = [SVector::zeros(); 2];
    Inner::new().steps(
        &mut InnerState::default(),
        &INPUTS.map(SVector::from),
        &mut outputs,
    );
}

#[test]
#[should_panic(expected = "the batch has 3 inputs, 2 states and 3 outputs")]
fn a_batch_has_as_many_states() {
    let net = Inner::new();
    let (mut states, mut outputs) = ([net.state(), net.state()], [SVector::zeros(); 3]);
    net.step_batch(&mut states, &INPUTS.map(SVector::from), &mut outputs);
}

/// An activation is calculated in the step of the convolution before it, and a softmax of more outputs than a
/// register holds, too.
#[test]
fn an_activation_behind_a_convolution_is_that_of_its_outputs() {
    network! {
        struct Plain3 = Stream(2) -> conv: Conv1d(2, 3, 2);
        struct Plain19 = Stream(2) -> conv: Conv1d(2, 19, 2);
        struct Shares3 = Stream(2) -> conv: Conv1d(2, 3, 2) -> Softmax(dim = 1);
        struct Shares19 = Stream(2) -> conv: Conv1d(2, 19, 2) -> Softmax(dim = 1);
        struct Bounded19 = Stream(2) -> conv: Conv1d(2, 19, 2) -> Tanh;
    }
    fn compare<const N: usize>(found: &SVector<f32, N>, logits: &SVector<f32, N>) {
        let powers = logits.map(|x| f64::from(x).exp());
        for (found, power) in found.iter().zip(&powers) {
            assert!(
                (f64::from(*found) - power / powers.sum()).abs() <= 1e-6,
                "{found}"
            );
        }
    }
    on_each_level(|_| {
        let (few, many) = (Plain3::new(), Plain19::new());
        let (mut few_shares, mut shares) = (Shares3::new(), Shares19::new());
        let mut bounded = Bounded19::new();
        few_shares.conv = few.conv.clone();
        shares.conv = many.conv.clone();
        bounded.conv = many.conv.clone();
        let mut states = (
            few.state(),
            many.state(),
            few_shares.state(),
            shares.state(),
            bounded.state(),
        );
        for step in 0..5 {
            let x = SVector::from([step as f32, 1.5]);
            let logits = few.step(&mut states.0, &x);
            compare(&few_shares.step(&mut states.2, &x), &logits);
            let logits = many.step(&mut states.1, &x);
            compare(&shares.step(&mut states.3, &x), &logits);
            let found = bounded.step(&mut states.4, &x);
            for (found, x) in found.iter().zip(&logits) {
                assert!(
                    (f64::from(*found) - f64::from(*x).tanh()).abs() <= 1e-6,
                    "{found}"
                );
            }
        }
    });
}
