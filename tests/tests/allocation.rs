//! `forward`, `forward_batch` and the steps of streams allocate nothing.

use std::hint::black_box;

use layerwise::{SVector, network};
use layerwise_tests::{Counting, usage};

#[global_allocator]
static COUNTING: Counting = Counting;

network! {
    struct Net = Linear(13, 33) -> ReLU -> ReLU6 -> LeakyReLU -> [Linear(_, 33) -> Tanh; 2]
        -> body: (Sigmoid -> Identity) -> Linear(_, 7, bias = false) -> Softmax;
    struct Amp = Stream(1) -> GRU(1, 8) -> LSTM(8, 9, num_layers = 2) -> [RNN(9, 9); 2]
        -> Residual(Conv1d(9, 9, 3, dilation = 2) -> Tanh) -> Linear(9, 1);
}

#[test]
fn a_step_of_a_stream_allocates_nothing() {
    let amp = Amp::new();
    let mut states = [(); 3].map(|()| amp.state());
    let inputs = [SVector::from([0.1]); 3];
    let mut outputs = [SVector::zeros(); 3];
    let [state, ..] = &mut states;
    assert_eq!(usage(|| outputs[0] = amp.step(state, &inputs[0])).count, 0);
    assert_eq!(usage(|| amp.steps(state, &inputs, &mut outputs)).count, 0);
    assert_eq!(usage(|| state.reset()).count, 0);
    let batch = usage(|| amp.step_batch(&mut states, &inputs, &mut outputs));
    assert_eq!(batch.count, 0);
}

#[test]
fn a_forward_pass_allocates_nothing() {
    let net = Net::new();
    let inputs = [SVector::from_element(0.1); 9];
    let mut outputs = [SVector::zeros(); 9];
    let counted = usage(|| drop(black_box(Box::new(1))));
    assert_eq!(counted.count, 1, "allocations are counted");
    assert_eq!(usage(|| outputs[0] = net.forward(&inputs[0])).count, 0);
    assert_eq!(usage(|| net.forward_batch(&inputs, &mut outputs)).count, 0);
}
