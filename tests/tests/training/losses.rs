//! Values and gradients of losses.

use layerwise::{
    BCELoss, BCEWithLogitsLoss, Backward, CrossEntropyLoss, HuberLoss, L1Loss, Layer, Loss,
    MSELoss, NLLLoss, Network, Parameters, Reduction, SGD, SVector, Scalar, SmoothL1Loss,
    Trainable, Trainer, network, train::ends::Accepts,
};
use layerwise_tests::{numbers, on_each_level};

use crate::{classes, parameters, rows};

const WIDTH: usize = 5;

/// Adds a vector of zeros, whose gradient is that of the outputs, summed over the samples.
#[derive(Clone, Parameters)]
struct Shift<T: Scalar> {
    by: SVector<T, WIDTH>,
}

impl<T: Scalar> Layer<SVector<T, WIDTH>> for Shift<T> {
    type Output = SVector<T, WIDTH>;
    fn forward(&self, x: &SVector<T, WIDTH>) -> SVector<T, WIDTH> {
        *x
    }
}

impl<T: Scalar> Backward<SVector<T, WIDTH>> for Shift<T> {
    fn backward(
        &self,
        gradient: &mut Self,
        _: &SVector<T, WIDTH>,
        _: &SVector<T, WIDTH>,
        dy: &SVector<T, WIDTH>,
    ) -> SVector<T, WIDTH> {
        gradient.by += dy;
        *dy
    }
}

network! {
    struct Single = Input(WIDTH) -> shift: Shift<f32>;
    #[network(scalar = f64)]
    struct Double = Input(WIDTH) -> shift: Shift<f64>;
}

/// `scale` is the least size that the tolerance is taken of.
fn same(what: &str, got: f64, expected: f64, scale: f64, tolerance: f64) {
    assert!(
        (got - expected).abs() <= tolerance * expected.abs().max(scale),
        "{what} is {got} instead of {expected}"
    );
}

/// Of a mean over all rows a small derivative is still a few hundredths.
const SMALL: f64 = 0.03;

/// Compares a loss with its case: of each row by itself, and of all of them in a trainer.
fn compare<T, N, L>(network: N, file: &str, case: &str, loss: L, given: &str, targets: &[L::Target])
where
    T: Scalar,
    N: Network<Input = SVector<T, WIDTH>>
        + Layer<SVector<T, WIDTH>, Output = SVector<T, WIDTH>>
        + Trainable<SVector<T, WIDTH>, Output = SVector<T, WIDTH>>,
    L: Loss<SVector<T, WIDTH>, Takes: Accepts<N::End>>,
{
    let tolerance = if T::NAME == "f32" { 1e-6 } else { 1e-12 };
    let file = &format!("{file}_{}", T::NAME);
    let outputs = rows::<T, WIDTH>(&numbers(file, &format!("{given}.outputs")));
    let values = numbers(file, &format!("{case}.values"));
    let value = numbers(file, &format!("{case}.value"))[0];
    let slopes = rows::<f64, WIDTH>(&numbers(file, &format!("{case}.gradient")));
    let share = match loss.reduction() {
        Reduction::Mean => 1.0 / outputs.len() as f64,
        Reduction::Sum => 1.0,
    };
    for (row, (output, target)) in outputs.iter().zip(targets).enumerate() {
        let what = format!("{file}: {case} of row {row}");
        let mut gradient = SVector::from_element(T::ZERO);
        let value = loss.loss(output, target, &mut gradient).to_f64();
        same(&what, value, values[row], SMALL, tolerance);
        for (slope, expected) in gradient.iter().zip(&slopes[row]) {
            same(
                &format!("{what}, a derivative"),
                slope.to_f64() * share,
                *expected,
                SMALL,
                tolerance,
            );
        }
    }
    let mut trainer = Trainer::new(network, SGD::new(0.1), loss);
    let what = format!("{file}: {case}");
    let evaluated = trainer.evaluate(&outputs, targets).to_f64();
    same(&what, evaluated, value, SMALL, tolerance);
    let (loss, gradient) = trainer.gradient(&outputs, targets);
    same(&what, loss.to_f64(), value, SMALL, tolerance);
    for (at, slope) in parameters(gradient).into_iter().enumerate() {
        let what = format!("{what}, the derivative at {at}");
        let expected: f64 = slopes.iter().map(|row| row[at]).sum();
        let scale = slopes.iter().map(|row| row[at].abs()).sum();
        same(&what, slope, expected, scale, tolerance);
    }
}

/// Compares losses that are given the same, in both scalars.
macro_rules! compare {
    ($given:literal, $targets:ident: $($case:literal: $loss:expr;)*) => {
        on_each_level(|_| {$(
            let targets = $targets(&numbers("losses_f32", concat!($given, ".targets")));
            compare(Single::zeros(), "losses", $case, $loss, $given, &targets);
            let targets = $targets(&numbers("losses_f64", concat!($given, ".targets")));
            compare(Double::zeros(), "losses", $case, $loss, $given, &targets);
        )*})
    };
}

const SUM: Reduction = Reduction::Sum;

#[test]
fn errors_are_weighed_as_by_pytorch() {
    compare! { "plain", rows:
        "mse": MSELoss::new();
        "mse_sum": MSELoss::new().reduction(SUM);
        "l1": L1Loss::new();
        "l1_sum": L1Loss::new().reduction(SUM);
        "huber": HuberLoss::new();
        "huber_0.3": HuberLoss::new().delta(0.3);
        "huber_sum_2": HuberLoss::new().reduction(SUM).delta(2.0);
        "smooth_l1": SmoothL1Loss::new();
        "smooth_l1_0.25": SmoothL1Loss::new().beta(0.25);
        "smooth_l1_0": SmoothL1Loss::new().beta(0.0);
        "smooth_l1_sum_2": SmoothL1Loss::new().reduction(SUM).beta(2.0);
    }
}

#[test]
fn probabilities_of_zero_and_one_give_what_pytorch_does() {
    compare! { "probabilities", rows:
        "bce": BCELoss::new();
        "bce_sum": BCELoss::new().reduction(SUM);
    }
}

#[test]
fn large_logits_give_what_pytorch_does() {
    compare! { "binary", rows:
        "bce_with_logits": BCEWithLogitsLoss::new();
        "bce_with_logits_sum": BCEWithLogitsLoss::new().reduction(SUM);
    }
    compare! { "classes", classes:
        "cross_entropy": CrossEntropyLoss::new();
        "cross_entropy_sum": CrossEntropyLoss::new().reduction(SUM);
        "cross_entropy_0.1": CrossEntropyLoss::new().label_smoothing(0.1);
        "cross_entropy_sum_1": CrossEntropyLoss::new().reduction(SUM).label_smoothing(1.0);
    }
    compare! { "log_probabilities", classes:
        "nll": NLLLoss::new();
        "nll_sum": NLLLoss::new().reduction(SUM);
    }
}
