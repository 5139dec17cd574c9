//! The gradient of a layer with few outputs, of which the products go with inputs for rows, beside the sum that
//! it is: of one block of samples, of several, and of few.

use layerwise::{
    MSELoss, Network, SGD, SVector, Trainable, Trainer, network, train::ends::Accepts,
};
use layerwise_tests::on_each_level;

use crate::parameters;

network! {
    struct Two = Linear(200, 2);
    struct Three = Linear(300, 3);
    struct Four = Linear(70, 4);
    struct Seven = Linear(300, 7);
    struct Ten = Linear(37, 10);
    struct Sixteen = Linear(40, 16);
}

/// `Σ 2 · (y − t) · xᵀ / (samples · outputs)`, column by column, and the same without `x`.
fn expected<const IN: usize, const OUT: usize>(
    xs: &[SVector<f32, IN>],
    ys: &[SVector<f32, OUT>],
    targets: &[SVector<f32, OUT>],
) -> Vec<f64> {
    let mut sums = vec![0.0; OUT * (IN + 1)];
    for ((x, y), target) in xs.iter().zip(ys).zip(targets) {
        for output in 0..OUT {
            let slope = 2.0 * f64::from(y[output] - target[output]) / (xs.len() * OUT) as f64;
            for input in 0..IN {
                sums[input * OUT + output] += slope * f64::from(x[input]);
            }
            sums[IN * OUT + output] += slope;
        }
    }
    sums
}

fn adds_up<N, const IN: usize, const OUT: usize>(name: &str, net: N)
where
    N: Network<Input = SVector<f32, IN>, Output = SVector<f32, OUT>>
        + Trainable<SVector<f32, IN>, Output = SVector<f32, OUT>>,
    layerwise::AnyOutput: Accepts<N::End>,
{
    let mut trainer = Trainer::new(net, SGD::new(0.1), MSELoss::new());
    for samples in [1, 5, 16, 61, 300] {
        let number = |i: usize, j: usize| ((i * 7 + j * 3) % 23) as f32 / 11.0 - 1.0;
        let xs: Vec<_> = (0..samples)
            .map(|i| SVector::from_fn(|j, _| number(i, j)))
            .collect();
        let targets: Vec<_> = (0..samples)
            .map(|i| SVector::from_fn(|j, _| number(i + 4, j)))
            .collect();
        let ys: Vec<_> = xs.iter().map(|x| trainer.model().forward(x)).collect();
        let (_, gradient) = trainer.gradient(&xs, &targets);
        let pairs = parameters(gradient).into_iter();
        for (i, (g, sum)) in pairs.zip(expected(&xs, &ys, &targets)).enumerate() {
            assert!(
                (g - sum).abs() <= 1e-5,
                "{name}, {samples} samples: gradient {i} is {g}, not {sum}"
            );
        }
    }
}

#[test]
fn gradients_of_few_outputs_are_sums_over_the_samples() {
    on_each_level(|_| {
        adds_up("Two", Two::new());
        adds_up("Three", Three::new());
        adds_up("Four", Four::new());
        adds_up("Seven", Seven::new());
        adds_up("Ten", Ten::new());
        adds_up("Sixteen", Sixteen::new());
    });
}
