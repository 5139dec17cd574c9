//! Learning rates of 30 steps.

use layerwise::{CosineAnnealingLR, ExponentialLR, LinearLR, OneCycleLR, Schedule, StepLR};
use layerwise_tests::numbers;

fn follows(case: &str, schedule: &impl Schedule) {
    let expected = numbers("schedules", case);
    assert_eq!(expected.len(), 31);
    for (step, expected) in (0..).zip(expected) {
        let lr = schedule.lr(0.2, step);
        // PyTorch goes from rate to rate, and rounds each time.
        assert!(
            (lr - expected).abs() <= 1e-14 + 1e-12 * expected,
            "{case}: after {step} steps the rate is {lr} instead of {expected}"
        );
    }
}

#[test]
fn schedules_follow_pytorch() {
    follows("step", &StepLR::new(7));
    follows("step_0.5", &StepLR::new(1).gamma(0.5));
    follows("exponential", &ExponentialLR::new(0.9));
    follows("cosine", &CosineAnnealingLR::new(30));
    follows("cosine_again", &CosineAnnealingLR::new(9).eta_min(0.01));
    follows("linear", &LinearLR::new());
    let options = LinearLR::new()
        .start_factor(0.5)
        .end_factor(0.1)
        .total_iters(20);
    follows("linear_options", &options);
    follows("one_cycle", &OneCycleLR::new(0.3, 31));
    let options = OneCycleLR::new(0.3, 31)
        .pct_start(0.45)
        .div_factor(10.0)
        .final_div_factor(100.0);
    follows("one_cycle_options", &options);
}
