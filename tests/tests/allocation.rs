//! `forward`, `forward_batch`, a step of training and the steps of streams allocate nothing.

use std::{hint::black_box, ops::ControlFlow};

use layerwise::{Adam, CosineAnnealingLR, CrossEntropyLoss, Fit, Image, SVector, Trainer, network};
use layerwise_tests::{Counting, usage};

#[global_allocator]
static COUNTING: Counting = Counting;

network! {
    struct Net = Linear(13, 33) -> ReLU -> ReLU6 -> LeakyReLU -> [Linear(_, 33) -> Tanh; 2]
        -> body: (Sigmoid -> Identity) -> Linear(_, 7, bias = false) -> Softmax;

    struct Learner = Linear(13, 33) -> GELU -> Dropout(0.1)
        -> [Residual(LayerNorm(33) -> Linear(33, 40) -> ReLU -> Linear(40, 33)); 2]
        -> Concat(Linear(33, 4), Multiply(Linear(33, 3), Linear(33, 3) -> Sigmoid));

    struct Amp = Stream(1) -> GRU(1, 8) -> LSTM(8, 9, num_layers = 2) -> [RNN(9, 9); 2]
        -> Residual(Conv1d(9, 9, 3, dilation = 2) -> Tanh) -> Linear(9, 1);
}

network! {
    struct Eye = Input(2, 12, 12) -> Conv2d(2, 9, 3, padding = 1) -> BatchNorm2d(_) -> ReLU -> MaxPool2d(2)
        -> Residual(Conv2d(9, 9, 3, padding = "same", groups = 9) -> GroupNorm(3, _) -> SiLU)
        -> AvgPool2d(2) -> Flatten -> Linear(_, 7);
}

#[test]
fn images_allocate_nothing() {
    let loss = CrossEntropyLoss::new();
    let mut trainer = Trainer::new(Eye::new(), Adam::new(1e-3), loss);
    let inputs = [Image::from_fn(|channel, row, column| (channel + row * column) as f32 / 99.0); 5];
    let mut outputs = [SVector::zeros(); 5];
    let step = usage(|| _ = black_box(trainer.step(&inputs, &[1, 2, 3, 4, 5])));
    assert_eq!(step.count, 0);
    let net = trainer.model();
    assert_eq!(usage(|| outputs[0] = net.forward(&inputs[0])).count, 0);
    assert_eq!(usage(|| net.forward_batch(&inputs, &mut outputs)).count, 0);
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

#[test]
fn a_step_of_training_allocates_nothing() {
    let loss = CrossEntropyLoss::new();
    let mut trainer = Trainer::new(Learner::new(), Adam::new(1e-3), loss).clip_grad_norm(1.0);
    let inputs = [SVector::from_element(0.1); 300];
    let targets = [3; 300];
    for samples in [1, 2, 300] {
        let (inputs, targets) = (&inputs[..samples], &targets[..samples]);
        let step = usage(|| _ = black_box(trainer.step(inputs, targets)));
        assert_eq!(step.count, 0, "a step of {samples} samples");
        let evaluate = usage(|| _ = black_box(trainer.evaluate(inputs, targets)));
        assert_eq!(evaluate.count, 0, "an evaluation of {samples} samples");
        let gradient = usage(|| _ = black_box(trainer.gradient(inputs, targets)));
        assert_eq!(gradient.count, 0, "a gradient of {samples} samples");
    }
    let gradient = Learner::new();
    assert_eq!(usage(|| trainer.apply(&gradient)).count, 0);
    let schedule = CosineAnnealingLR::new(3);
    let fit = Fit::new().epochs(3).schedule(&schedule);
    let on = |_: &mut Trainer<_, _, _>, _| ControlFlow::Continue(());
    let fitted = usage(|| _ = black_box(trainer.fit(&inputs, &targets, &fit, on)));
    assert_eq!(fitted.count, 0, "three epochs of ten steps");
}
