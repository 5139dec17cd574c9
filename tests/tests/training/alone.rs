//! A step with one sample of a small network, which is one function, beside a gradient and then an update:
//! where gradients are clipped, however far, a step goes that way.

use layerwise::{
    Adagrad, Adam, AdamW, Loss, MSELoss, Network, RMSprop, SGD, SVector, Trainable, Trainer,
    network,
    train::{ends::Accepts, optimizers::Optimizer},
};
use layerwise_tests::on_each_level;

use crate::parameters;

network! {
    struct Narrow = Linear(10, 5) -> ReLU -> Linear(_, 1);
    struct Dropped = Linear(3, 6) -> Tanh -> Dropout(0.2) -> Linear(_, 2);
    struct Unbiased = Linear(7, 3, bias = false) -> Sigmoid -> Linear(_, 4);
    struct Single = Linear(2, 1);
    struct Whole = Linear(2, 8) -> ELU -> Linear(_, 3);
    struct Around = Input(4) -> Residual(Linear(4, 4) -> GELU) -> Linear(_, 2);
}

/// Fifty steps, of which each tenth has a target that is no number.
fn follows<N, O, const IN: usize, const OUT: usize>(name: &str, new: fn() -> N, optimizer: &O)
where
    N: Network<Input = SVector<f32, IN>, Output = SVector<f32, OUT>>
        + Trainable<SVector<f32, IN>, Output = SVector<f32, OUT>>,
    O: Optimizer,
    MSELoss: Loss<SVector<f32, OUT>, Target = SVector<f32, OUT>, Takes: Accepts<N::End>>,
{
    let trainer = || Trainer::new(new(), optimizer.clone(), MSELoss::new());
    let (mut alone, mut apart) = (trainer(), trainer().clip_grad_norm(1e30));
    for step in 0..50 {
        let number = |i: usize| ((step * 7 + i * 3) % 11) as f32 * 0.2 - 1.0;
        let x = [SVector::from_fn(|i, _| number(i))];
        let mut y = [SVector::from_fn(|i, _| number(i + 5))];
        if step % 10 == 9 {
            y[0][OUT - 1] = f32::NAN;
            let before = parameters(alone.model());
            assert!(alone.step(&x, &y).is_nan());
            assert_eq!(
                (parameters(alone.model()), alone.steps()),
                (before, apart.steps())
            );
            continue;
        }
        let (loss, expected) = (alone.step(&x, &y), apart.step(&x, &y));
        let tolerance = 1e-4 * expected.abs().max(1e-3);
        assert!(
            (loss - expected).abs() <= tolerance,
            "{name}, step {step}: a loss of {loss}, not {expected}"
        );
    }
    for (i, (x, expected)) in parameters(alone.model())
        .into_iter()
        .zip(parameters(apart.model()))
        .enumerate()
    {
        assert!(
            (x - expected).abs() <= 1e-4,
            "{name}: parameter {i} is {x}, not {expected}"
        );
    }
    assert_ne!(parameters(alone.model()), parameters(&new()));
}

#[test]
fn a_step_with_one_sample_is_a_gradient_and_an_update() {
    // Each pair of a network and an optimiser is seconds of the compiler's time.
    fn with<O: Optimizer>(optimizer: &O) {
        follows("Narrow", Narrow::new, optimizer);
        follows("Around", Around::new, optimizer);
    }
    on_each_level(|_| {
        for optimizer in [SGD::new(0.05), SGD::new(0.05).weight_decay(0.01)] {
            with(&optimizer);
            follows("Dropped", Dropped::new, &optimizer);
            follows("Unbiased", Unbiased::new, &optimizer);
            follows("Single", Single::new, &optimizer);
            follows("Whole", Whole::new, &optimizer);
        }
        with(&SGD::new(0.05).momentum(0.9));
        with(&Adam::new(0.01));
        with(&AdamW::new(0.01));
        with(&RMSprop::new(0.01));
        with(&Adagrad::new(0.05));
    });
}
