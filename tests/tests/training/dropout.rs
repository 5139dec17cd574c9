//! What is drawn at random while training.

use layerwise::{
    Adam, AnyOutput, Backward, Layer, Loss, MSELoss, Parameters, SGD, SVector, Trainer, network,
};
use layerwise_tests::on_each_level;

use crate::parameters;

const N: usize = 50;
const P: f64 = 0.3;

type Features = SVector<f64, N>;

/// What enters, so that its gradient is seen.
#[derive(Clone, Parameters)]
struct Given {
    gradient: Features,
}

impl Layer<Features> for Given {
    type Output = Features;
    fn forward(&self, x: &Features) -> Features {
        *x
    }
}

impl Backward<Features> for Given {
    fn backward(&self, gradient: &mut Self, _: &Features, _: &Features, dy: &Features) -> Features {
        gradient.gradient += dy;
        *dy
    }
}

/// The sum of the outputs.
struct Total;

impl Loss<Features> for Total {
    type Target = ();
    type Takes = AnyOutput;
    fn loss(&self, y: &Features, (): &(), gradient: &mut Features) -> f64 {
        gradient.fill(1.0);
        y.sum()
    }
}

network! {
    struct Net = Linear(2, 20) -> Tanh -> Dropout(0.4) -> Linear(_, 20) -> RReLU -> Linear(_, 1);
    #[network(scalar = f64)]
    struct Drops = Input(N) -> given: Given -> Dropout(P);
    #[network(scalar = f64)]
    struct Slopes = Input(N) -> given: Given -> RReLU(0.1, 0.5);
}

#[test]
fn what_is_learnt_follows_from_the_seed() {
    let xs: Vec<_> = (0..40)
        .map(|i| SVector::from([i as f32 / 20.0, 1.0]))
        .collect();
    let ys: Vec<_> = xs.iter().map(|x| SVector::from([x[0] * x[0]])).collect();
    let learn = |seed| {
        let mut trainer = Trainer::new(Net::new(), Adam::new(0.01), MSELoss::new()).seed(seed);
        let losses: Vec<f32> = (0..5).map(|_| trainer.step(&xs, &ys)).collect();
        (losses, parameters(trainer.model()))
    };
    on_each_level(|_| {
        assert_eq!(learn(7), learn(7));
        assert_ne!(learn(7), learn(8));
    });
}

/// Draws of so many steps with some samples each: the sum of the outputs for ones, and each factor.
fn draws(mut step: impl FnMut() -> (f64, Features)) -> (Vec<f64>, Vec<f64>) {
    let mut factors = Vec::new();
    let totals = (0..200).map(|_| {
        let (total, gradient) = step();
        factors.extend(gradient.iter().copied());
        total
    });
    (totals.collect(), factors)
}

fn mean(numbers: &[f64]) -> f64 {
    numbers.iter().sum::<f64>() / numbers.len() as f64
}

#[test]
fn dropout_keeps_the_mean_and_draws_anew_for_each_sample_and_step() {
    let ones = [Features::from_element(1.0)];
    let mut trainer = Trainer::new(Drops::zeros(), SGD::new(0.0), Total);
    let (totals, factors) = draws(|| {
        let gradient = trainer.gradient(&ones, &[()]).1.given.gradient;
        (trainer.step(&ones, &[()]), gradient)
    });
    // Each is dropped, or scaled by 1 / (1 − p); what goes back is what went there.
    let kept = 1.0 / (1.0 - P);
    assert!(
        factors
            .iter()
            .all(|&x| x == 0.0 || (x - kept).abs() < 1e-15)
    );
    for (total, factors) in totals.iter().zip(factors.chunks(N)) {
        assert!((total - factors.iter().sum::<f64>()).abs() < 1e-9);
    }
    // 10,000 draws of p = 0.3: the deviation of their mean is 0.0046.
    let dropped = factors.iter().filter(|&&x| x == 0.0).count() as f64 / factors.len() as f64;
    assert!((dropped - P).abs() < 0.02, "{dropped} is dropped");
    assert!(
        (mean(&totals) / N as f64 - 1.0).abs() < 0.03,
        "{}",
        mean(&totals)
    );
    let (first, second) = (&factors[..N], &factors[N..2 * N]);
    assert_ne!(first, second, "another step draws anew");

    // Of as many equal samples the mean gradient is near 1 everywhere: each draws by itself.
    let many = vec![ones[0]; 2000];
    let gradient = trainer.gradient(&many, &[(); 2000]).1.given.gradient;
    // The deviation is √(p / (1 − p) / 2000) = 0.015.
    assert!((gradient - ones[0]).amax() < 0.07, "{gradient}");
    assert!((trainer.evaluate(&ones, &[()]) - N as f64).abs() < 1e-12);
}

#[test]
fn rrelu_draws_a_slope_for_each_number_below_zero() {
    let ones = [Features::from_element(-1.0)];
    let mut trainer = Trainer::new(Slopes::zeros(), SGD::new(0.0), Total);
    let (totals, factors) = draws(|| {
        let gradient = trainer.gradient(&ones, &[()]).1.given.gradient;
        (trainer.step(&ones, &[()]), gradient)
    });
    assert!(factors.iter().all(|x| (0.1..=0.5).contains(x)));
    for (total, factors) in totals.iter().zip(factors.chunks(N)) {
        assert!((total + factors.iter().sum::<f64>()).abs() < 1e-9);
    }
    // Of a uniform number: √(0.4² / 12 / 10,000) = 0.0012.
    assert!((mean(&factors) - 0.3).abs() < 0.006, "{}", mean(&factors));
    let above = [Features::from_element(2.0)];
    assert!((trainer.step(&above, &[()]) - 2.0 * N as f64).abs() < 1e-12);
    assert!((trainer.evaluate(&ones, &[()]) + 0.3 * N as f64).abs() < 1e-12);
}
