//! From PyTorch's first weights and batches, PyTorch's losses and last weights.

use layerwise::{
    Adagrad, Adam, AdamW, CrossEntropyLoss, Keys, Layer, Loss, MSELoss, Network, Parameters,
    RMSprop, SGD, SVector, Trainable, Trainer, network,
    train::{ends::Accepts, optimizers::Optimizer},
};
use layerwise_tests::{fixture, numbers, on_each_level};

use crate::{classes, parameters, rows};

const SAMPLES: usize = 8;
const STEPS: usize = 100;

/// How much a loss may be off, by itself.
const LOSS: f64 = 1e-5;

/// How much a parameter may be off at the end, by the largest one.
const PARAMETERS: f64 = 1e-4;

network! {
    /// As few numbers as stay in registers.
    struct Plain = Linear(4, 12) -> Tanh -> Linear(_, 3);
    struct Steps = Linear(13, 1, bias = false);
    struct Statistics = Linear(4, 12, bias = false) -> BatchNorm1d(_) -> Tanh -> Linear(_, 3);
    struct Residuals = inp: Linear(4, 10)
        -> blocks: [Residual(norm: LayerNorm(10) -> fc1: Linear(_, 20) -> GELU -> fc2: Linear(_, 10)); 2]
        -> norm: LayerNorm(_) -> out: Linear(_, 3);
}

type Inputs = SVector<f32, 4>;
type Outputs = SVector<f32, 3>;

/// Follows a case of a file.
fn follows<N, O, L>(
    file: &str,
    case: &str,
    last: &N,
    mut trainer: Trainer<N, O, L>,
    targets: &[L::Target],
) where
    N: Network<Input = Inputs>
        + Layer<Inputs, Output = Outputs>
        + Trainable<Inputs, Output = Outputs>,
    O: Optimizer,
    L: Loss<Outputs, Takes: Accepts<N::End>>,
{
    let inputs = rows(&numbers(file, "inputs"));
    let batches = inputs.chunks(SAMPLES).zip(targets.chunks(SAMPLES));
    let expected = numbers(file, &format!("{case}.losses"));
    assert_eq!(expected.len(), STEPS);
    for (step, (expected, (inputs, targets))) in expected.iter().zip(batches.cycle()).enumerate() {
        let loss = f64::from(trainer.step(inputs, targets));
        assert!(
            (loss - expected).abs() <= LOSS * expected,
            "{case}: the loss of step {step} is {loss} instead of {expected}"
        );
    }
    let (learnt, expected) = (parameters(trainer.model()), parameters(last));
    let scale = expected.iter().fold(0.0_f64, |most, p| most.max(p.abs()));
    for (index, (learnt, expected)) in learnt.iter().zip(&expected).enumerate() {
        assert!(
            (learnt - expected).abs() <= PARAMETERS * scale,
            "{case}: parameter {index} is {learnt} instead of {expected}"
        );
    }
}

fn plain(case: &str, optimizer: &impl Optimizer) {
    let file = "training";
    let load = |prefix: &str| Plain::load_with(fixture(file), Keys::new().prefix(prefix)).unwrap();
    let targets = rows(&numbers(file, "targets"));
    // Tensors alone: the losses are no part of the network.
    let keys = format!("{case}.");
    let last = Keys::new().prefix(&keys).strict(false);
    let last = Plain::load_with(fixture(file), last).unwrap();
    on_each_level(|_| {
        let trainer = Trainer::new(load("initial."), optimizer.clone(), MSELoss::new());
        follows(file, case, &last, trainer, &targets);
        goes_along(case, optimizer);
    });
}

/// What becomes of ½ along gradients of any size.
fn goes_along(case: &str, optimizer: &impl Optimizer) {
    let file = "steps";
    let (mut halves, mut gradient) = (Steps::zeros(), Steps::zeros());
    halves.linear0.weight.fill(0.5);
    gradient.linear0.weight = rows::<f32, 13>(&numbers(file, "gradients"))[0].transpose();
    let mut trainer = Trainer::new(halves, optimizer.clone(), MSELoss::new());
    for _ in 0..20 {
        trainer.apply(&gradient);
    }
    let learnt = trainer.model().linear0.weight;
    for (index, expected) in numbers(file, case).into_iter().enumerate() {
        let (learnt, gradient) = (f64::from(learnt[index]), gradient.linear0.weight[index]);
        assert!(
            (learnt - expected).abs() <= LOSS * expected.abs(),
            "{case}: along {gradient:?} it comes to {learnt} instead of {expected}"
        );
    }
}

#[test]
fn each_optimizer_follows_pytorch() {
    plain("sgd", &SGD::new(0.1));
    plain("sgd_weight_decay", &SGD::new(0.1).weight_decay(0.01));
    plain("sgd_momentum", &SGD::new(0.03).momentum(0.9));
    let nesterov = SGD::new(0.03)
        .momentum(0.8)
        .weight_decay(0.01)
        .nesterov(true);
    plain("sgd_nesterov", &nesterov);
    plain("adam", &Adam::new(0.01));
    let options = Adam::new(0.01)
        .betas(0.8, 0.99)
        .eps(1e-6)
        .weight_decay(0.02);
    plain("adam_options", &options);
    plain("adamw", &AdamW::new(0.01));
    let options = AdamW::new(0.01)
        .betas(0.85, 0.95)
        .eps(1e-7)
        .weight_decay(0.3);
    plain("adamw_options", &options);
    plain("rmsprop", &RMSprop::new(0.005));
    let momentum = RMSprop::new(0.003)
        .alpha(0.9)
        .eps(1e-6)
        .momentum(0.5)
        .weight_decay(0.01);
    plain("rmsprop_momentum", &momentum);
    let centered = RMSprop::new(0.003).momentum(0.5).centered(true);
    plain("rmsprop_centered", &centered);
    plain("adagrad", &Adagrad::new(0.05));
    let options = Adagrad::new(0.05)
        .lr_decay(0.02)
        .eps(1e-8)
        .weight_decay(0.01);
    plain("adagrad_options", &options);
}

#[test]
fn a_network_with_statistics_of_the_batch_follows_pytorch() {
    let file = "batch_norm";
    let load = |prefix: &str| {
        let keys = Keys::new().prefix(prefix).strict(false);
        Statistics::load_with(fixture(file), keys).unwrap()
    };
    let targets = rows(&numbers(file, "targets"));
    on_each_level(|_| {
        let trainer = Trainer::new(load("initial."), Adam::new(0.01), MSELoss::new());
        follows(file, "adam", &load("adam."), trainer, &targets);
    });
}

/// Where PyTorch's comes to NaN after 1213 steps.
#[test]
fn a_centered_step_along_a_gradient_that_never_changes_is_finite() {
    let centered = RMSprop::new(1e-6).centered(true);
    let (halves, mut gradient) = (Steps::zeros(), Steps::zeros());
    on_each_level(|level| {
        for scale in 1..40 {
            let mut trainer = Trainer::new(halves.clone(), centered, MSELoss::new());
            let slopes = (0..13).map(|i| (scale * 13 + i) as f32 * 0.037);
            gradient.linear0.weight = SVector::<f32, 13>::from_iterator(slopes).transpose();
            for step in 0..4000 {
                trainer.apply(&gradient);
                let learnt = trainer.model().linear0.weight;
                assert!(
                    learnt.iter().all(|x| x.is_finite()),
                    "{level:?}: {step}: {learnt}"
                );
            }
        }
    });
}

type Learning<O> = Trainer<Residuals, O, CrossEntropyLoss>;

fn residual<O: Optimizer>(case: &str, optimizer: &O, change: fn(Learning<O>) -> Learning<O>) {
    let file = "residual";
    let load = |prefix: &str| {
        let keys = Keys::new().prefix(prefix).strict(false);
        Residuals::load_with(fixture(file), keys).unwrap()
    };
    let targets = classes(&numbers(file, "targets"));
    let last = load(&format!("{case}."));
    on_each_level(|_| {
        let loss = CrossEntropyLoss::new();
        let trainer = Trainer::new(load("initial."), optimizer.clone(), loss);
        follows(file, case, &last, change(trainer), &targets);
    });
}

#[test]
fn a_residual_network_follows_pytorch_with_its_gradient_clipped_or_not() {
    let adam = Adam::new(3e-3);
    residual("adam", &adam, |trainer| trainer);
    residual("clip_grad_norm", &adam, |trainer| {
        trainer.clip_grad_norm(0.5)
    });
    residual("clip_grad_value", &adam, |trainer| {
        trainer.clip_grad_value(0.02)
    });
    residual("sgd", &SGD::new(0.03).momentum(0.9), |trainer| trainer);
    residual("adamw", &AdamW::new(3e-3), |trainer| trainer);
    residual("rmsprop", &RMSprop::new(1e-3), |trainer| trainer);
    residual("adagrad", &Adagrad::new(0.01), |trainer| trainer);
}

/// Takes a step along a gradient, and many along none, as of a unit that ReLU has switched off for good.
fn forgets<O: Optimizer>(optimizer: &O) {
    let mut net = Steps::zeros();
    let mut gradient = Steps::zeros();
    let mut state = O::State::<Steps>::ZEROS;
    gradient.linear0.weight.fill(1e-3);
    for step in 1..20_000 {
        optimizer.step::<f32, _>(&mut net, &gradient, &mut state, step);
        gradient.linear0.weight.fill(0.0);
        for kept in state.as_ref() {
            let kept = kept.linear0.weight;
            assert!(
                !kept.iter().any(|kept| kept.is_subnormal()),
                "step {step}: {kept}"
            );
        }
    }
    for kept in state.as_ref() {
        assert_eq!(kept.linear0.weight, Steps::zeros().linear0.weight);
    }
}

/// A processor takes a hundred times longer for numbers that are smaller than normal ones, and rounding keeps
/// nine tenths of the smallest of them what it was.
#[test]
fn what_is_kept_of_a_gradient_that_stopped_is_forgotten() {
    on_each_level(|_| {
        forgets(&SGD::new(0.1).momentum(0.9));
        forgets(&Adam::new(1e-3).betas(0.9, 0.99));
        forgets(&AdamW::new(1e-3).betas(0.9, 0.99));
        forgets(&RMSprop::new(1e-3).alpha(0.99).momentum(0.9).centered(true));
    });
}
