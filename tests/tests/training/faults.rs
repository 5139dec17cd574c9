//! What can't be learnt from changes nothing, and what can't be compared says so at the caller.

use std::{
    cell::RefCell,
    ops::ControlFlow,
    panic::{self, AssertUnwindSafe},
    sync::Once,
};

use layerwise::{
    Adagrad, Adam, AdamW, CrossEntropyLoss, Fit, HuberLoss, Loss, MSELoss, NLLLoss, Network,
    RMSprop, Reduction, SGD, SMatrix, SVector, Trainable, Trainer, network,
    train::{ends::Accepts, optimizers::Optimizer},
};
use layerwise_tests::on_each_level;

use crate::parameters;

network! {
    struct Net = Linear(3, 6) -> Tanh -> Dropout(0.2) -> Linear(_, 2);
    struct Statistics = Linear(3, 6) -> BatchNorm1d(6) -> Linear(_, 2);
    struct Places = Input(2, 4) -> Conv1d(2, 3, 2) -> BatchNorm1d(3) -> Flatten -> Linear(_, 2);
    struct Both = Input(2, 4) -> BatchNorm1d(2) -> Flatten -> blocks: [Linear(8, 8) -> BatchNorm1d(8); 2]
        -> Linear(_, 2);
    struct Logits = Linear(1, 2);
    struct LogNet = Linear(3, 4) -> LogSoftmax;
}

type Inputs = SVector<f32, 3>;
type Window = SMatrix<f32, 2, 4>;
type Outputs = SVector<f32, 2>;

const X: Inputs = Inputs::new(0.5, -1.0, 2.0);
const Y: Outputs = Outputs::new(0.3, -0.6);

/// A step in between whose loss is not finite leaves neither the parameters nor what the optimiser
/// keeps otherwise than they were: the steps after it are the same to the bit.
fn is_left_alone<
    O: Optimizer,
    L: Loss<Outputs, Target = Outputs, Takes: Accepts<<Net as Network>::End>> + Clone,
>(
    optimizer: &O,
    loss: &L,
    x: Inputs,
    y: Outputs,
) where
    Net: Trainable<Inputs, Output = Outputs>,
{
    let trainer = || Trainer::new(Net::new(), optimizer.clone(), loss.clone()).clip_grad_norm(1.0);
    let (mut other, mut trainer) = (trainer(), trainer());
    for step in 0..4 {
        let before = (parameters(trainer.model()), trainer.steps());
        let value = trainer.step(&[X, x], &[Y, y]);
        assert!(!value.is_finite(), "a loss of {value}");
        assert_eq!(before, (parameters(trainer.model()), trainer.steps()));
        let losses = [&mut trainer, &mut other].map(|trainer| trainer.step(&[X, -X], &[Y, Y]));
        assert_eq!(losses[0].to_bits(), losses[1].to_bits(), "step {step}");
        assert_eq!(parameters(trainer.model()), parameters(other.model()));
    }
}

#[test]
fn a_loss_that_is_not_finite_changes_nothing() {
    let nan = Outputs::new(f32::NAN, 0.0);
    let infinite = Outputs::new(0.0, f32::INFINITY);
    // The square of it is finite in `f64` alone, as is the sum of two of the second.
    let large = Outputs::new(1e20, 0.0);
    let half = Outputs::new(3e38, 3e38);
    let mse = &MSELoss::new();
    on_each_level(|_| {
        for target in [nan, infinite, large] {
            is_left_alone(&SGD::new(0.1), mse, X, target);
            is_left_alone(&SGD::new(0.1).momentum(0.9).nesterov(true), mse, X, target);
            is_left_alone(&Adam::new(0.1), mse, X, target);
            is_left_alone(&AdamW::new(0.1), mse, X, target);
            is_left_alone(
                &RMSprop::new(0.1).momentum(0.9).centered(true),
                mse,
                X,
                target,
            );
            is_left_alone(&Adagrad::new(0.1).lr_decay(0.1), mse, X, target);
        }
        is_left_alone(&Adam::new(0.1), mse, X.map(|_| f32::NAN), Y);
        is_left_alone(&Adam::new(0.1), mse, X.map(|_| f32::INFINITY), Y);
        let sum = HuberLoss::new().reduction(Reduction::Sum);
        is_left_alone(&Adam::new(0.1), &sum, X, half);
    });
}

#[test]
fn a_loss_that_is_infinite_in_single_precision_changes_nothing() {
    let mut logits = Logits::zeros();
    logits.linear0.bias = Outputs::new(3e38, -3e38);
    let mut trainer = Trainer::new(logits, SGD::new(1e37), CrossEntropyLoss::new());
    let before = parameters(trainer.model());
    let (x, class) = ([SVector::from([1.0])], [1]);
    let loss = trainer.step(&x, &class);
    assert!(loss.is_infinite(), "a loss of {loss}");
    assert!(trainer.step_parallel(&x, &class).is_infinite());
    trainer.fit(&x, &class, &Fit::new().epochs(1), |_, _| {
        ControlFlow::Continue(())
    });
    assert_eq!((parameters(trainer.model()), trainer.steps()), (before, 0));
}

#[test]
fn statistics_of_a_batch_whose_loss_is_not_finite_are_not_kept() {
    let mut trainer = Trainer::new(Statistics::new(), Adam::new(0.1), MSELoss::new());
    trainer.step(&[X, -X], &[Y, -Y]);
    let before = trainer.model().to_safetensors();
    let nan = Outputs::new(f32::NAN, 0.0);
    assert!(trainer.step(&[X, X * 2.0], &[Y, nan]).is_nan());
    assert!(
        trainer.model().to_safetensors() == before,
        "what is kept changes"
    );
}

/// What a panic says, and the line of this file that it is at.
fn panics(run: impl FnOnce()) -> (String, &'static str) {
    thread_local! {
        static CAUGHT: RefCell<Option<(String, u32)>> = const { RefCell::new(None) };
    }
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let others = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let words = info.payload().downcast_ref::<String>().cloned();
            let words = words.or_else(|| {
                info.payload()
                    .downcast_ref::<&str>()
                    .map(|&words| words.to_owned())
            });
            if let (Some(words), Some(at)) = (words, info.location())
                && at.file() == file!()
            {
                CAUGHT.set(Some((words, at.line())));
            }
            others(info);
        }));
    });
    CAUGHT.take();
    let result = panic::catch_unwind(AssertUnwindSafe(run));
    assert!(result.is_err(), "there is no panic");
    let (words, line) = CAUGHT.take().expect("a panic at the caller, in this file");
    let mut lines = include_str!("faults.rs").lines();
    (words, lines.nth(line as usize - 1).unwrap_or_default())
}

macro_rules! assert_panics {
    ($words:expr, $($call:tt)*) => {{
        let (words, line) = panics(|| { let _ = $($call)*; });
        assert_eq!(words, $words);
        assert!(line.contains(stringify!($($call)*)), "the panic is at {line}");
    }};
}

#[test]
fn targets_that_do_not_fit_are_named_at_the_caller() {
    let mut trainer = Trainer::new(Net::new(), SGD::new(0.1), MSELoss::new());
    let before = parameters(trainer.model());
    let on = |_: &mut Trainer<_, _, _>, _| ControlFlow::Continue(());
    let fewer = "as many targets as inputs are needed: there are 2 inputs and 1 targets";
    assert_panics!(fewer, trainer.step(&[X, X], &[Y]));
    assert_panics!(fewer, trainer.evaluate(&[X, X], &[Y]));
    assert_panics!(fewer, trainer.gradient(&[X, X], &[Y]));
    let fit = Fit::new().epochs(1);
    assert_panics!(fewer, trainer.fit(&[X, X], &[Y], &fit, on));
    let empty = "a step needs one sample at least: the batch is empty";
    assert_panics!(empty, trainer.step(&[], &[]));
    assert_panics!(empty, trainer.evaluate(&[], &[]));
    assert_panics!(empty, trainer.gradient(&[], &[]));
    assert_panics!(empty, trainer.fit(&[], &[], &fit, on));
    assert_eq!(parameters(trainer.model()), before);
}

/// PyTorch refuses such a batch too: "Expected more than 1 value per channel when training".
#[test]
fn one_sample_has_no_variance_and_is_refused_before_the_first_step() {
    let mut trainer = Trainer::new(Statistics::new(), SGD::new(0.1), MSELoss::new());
    let before = trainer.model().to_safetensors();
    let on = |_: &mut Trainer<_, _, _>, _| ControlFlow::Continue(());
    let two = "`BatchNorm1d` takes the variance of a batch: a step needs two samples at least";
    assert_panics!(two, trainer.step(&[X], &[Y]));
    assert_panics!(two, trainer.gradient(&[X], &[Y]));
    assert_panics!(two, trainer.step_parallel(&[X], &[Y]));
    let left = |size: usize, samples: usize| {
        format!(
            "`BatchNorm1d` takes the variance of a batch, which needs two samples at least: with a \
             batch size of {size}, {samples} samples leave 1 for an epoch's last batch"
        )
    };
    let fit = Fit::new().epochs(1).batch_size(2);
    assert_panics!(left(2, 5), trainer.fit(&[X; 5], &[Y; 5], &fit, on));
    assert_panics!(left(2, 1), trainer.fit(&[X], &[Y], &fit, on));
    let fit = fit.batch_size(1);
    assert_panics!(left(1, 4), trainer.fit(&[X; 4], &[Y; 4], &fit, on));
    assert!(trainer.model().to_safetensors() == before, "it was trained");
    let fit = fit.batch_size(3);
    let last = trainer.fit(&[X; 5], &[Y; 5], &fit, on);
    assert!(last.is_some_and(|last| last.batches == 2));
}

/// As in PyTorch, where each step or pixel counts.
#[test]
fn one_sample_of_several_places_has_a_variance() {
    let x = [Window::from_fn(|channel, step| {
        (channel * 3 + step * step) as f32
    })];
    let mut trainer = Trainer::new(Places::new(), SGD::new(0.1), MSELoss::new());
    let before = parameters(trainer.model());
    assert!(trainer.step(&x, &[Y]).is_finite());
    let fit = Fit::new().epochs(1).batch_size(1);
    trainer.fit(&x, &[Y], &fit, |_, _| ControlFlow::Continue(()));
    assert_eq!(trainer.steps(), 2);
    assert_ne!(parameters(trainer.model()), before);
    let mut trainer = Trainer::new(Both::new(), SGD::new(0.1), MSELoss::new());
    let two = "`BatchNorm1d` takes the variance of a batch: a step needs two samples at least";
    assert_panics!(two, trainer.step(&x, &[Y]));
}

#[test]
fn a_class_that_is_none_of_the_outputs_is_named_at_the_caller() {
    let mut trainer = Trainer::new(Net::new(), SGD::new(0.1), CrossEntropyLoss::new());
    let none = "target 1: class 2 is none of the 2 outputs: classes count from 0 to 1";
    assert_panics!(none, trainer.step(&[X, X], &[0, 2]));
    assert_panics!(none, trainer.evaluate(&[X, X], &[0, 2]));
    assert_panics!(none, trainer.step_parallel(&[X, X], &[0, 2]));
    let mut trainer = Trainer::new(LogNet::new(), SGD::new(0.1), NLLLoss::new());
    let none = "target 0: class 4 is none of the 4 outputs: classes count from 0 to 3";
    assert_panics!(none, trainer.gradient(&[X], &[4]));
    assert!(trainer.step(&[X], &[3]).is_finite());
}
