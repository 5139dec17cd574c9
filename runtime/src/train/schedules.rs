//! Learning rates that change: PyTorch's schedules, by PyTorch's names. Each says the rate after so many
//! of its own steps, so that there is nothing to keep and nothing to save.

use core::f64::consts::PI;

/// The learning rate after `step` steps of the schedule, from 0. A step is an epoch or a mini-batch, as
/// whoever uses it counts.
///
/// ```
/// use layerwise::{Adam, CosineAnnealingLR, MSELoss, SVector, Schedule, Trainer, network};
///
/// network! { pub struct Net = Linear(1, 4) -> ReLU -> Linear(_, 1); }
///
/// let mut trainer = Trainer::new(Net::new(), Adam::new(1e-3), MSELoss::new());
/// let schedule = CosineAnnealingLR::new(10);
/// for epoch in 0..10 {
///     trainer.set_lr(schedule.lr(1e-3, epoch));
///     trainer.step(&[SVector::from([0.5])], &[SVector::from([1.0])]);
/// }
/// assert!(trainer.lr() < 1e-4);
/// ```
pub trait Schedule {
    /// `initial` is the optimiser's learning rate as it was made.
    fn lr(&self, initial: f64, step: u64) -> f64;
}

/// `gamma` to the power of ⌊step / `step_size`⌋ times the initial rate, as
/// [`StepLR`](https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.StepLR.html).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepLR {
    step_size: u64,
    gamma: f64,
}

impl StepLR {
    /// With PyTorch's default: gamma 0.1.
    ///
    /// # Panics
    ///
    /// Where `step_size` is zero.
    #[must_use]
    pub const fn new(step_size: u64) -> Self {
        assert!(step_size > 0, "a step takes one step at least");
        let gamma = 0.1;
        Self { step_size, gamma }
    }

    /// What the rate is multiplied by; 0.1 by default.
    #[must_use]
    pub const fn gamma(mut self, gamma: f64) -> Self {
        self.gamma = gamma;
        self
    }
}

impl Schedule for StepLR {
    fn lr(&self, initial: f64, step: u64) -> f64 {
        initial * power(self.gamma, step / self.step_size)
    }
}

/// `gamma` to the power of the step times the initial rate, as
/// [`ExponentialLR`](https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ExponentialLR.html).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExponentialLR {
    gamma: f64,
}

impl ExponentialLR {
    /// What the rate is multiplied by at each step.
    #[must_use]
    pub const fn new(gamma: f64) -> Self {
        Self { gamma }
    }
}

impl Schedule for ExponentialLR {
    fn lr(&self, initial: f64, step: u64) -> f64 {
        initial * power(self.gamma, step)
    }
}

/// Half a period of a cosine from the initial rate to `eta_min` in `t_max` steps, as
/// [`CosineAnnealingLR`](https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingLR.html);
/// after them it rises again.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CosineAnnealingLR {
    t_max: u64,
    eta_min: f64,
}

impl CosineAnnealingLR {
    /// With PyTorch's default: down to zero.
    ///
    /// # Panics
    ///
    /// Where `t_max` is zero.
    #[must_use]
    pub const fn new(t_max: u64) -> Self {
        assert!(t_max > 0, "half a period takes one step at least");
        let eta_min = 0.0;
        Self { t_max, eta_min }
    }

    /// The least rate; 0 by default.
    #[must_use]
    pub const fn eta_min(mut self, eta_min: f64) -> Self {
        self.eta_min = eta_min;
        self
    }
}

impl Schedule for CosineAnnealingLR {
    fn lr(&self, initial: f64, step: u64) -> f64 {
        let part = (step % (2 * self.t_max)) as f64 / self.t_max as f64;
        between(initial, self.eta_min, part)
    }
}

/// A line from `start_factor` to `end_factor` times the initial rate in `total_iters` steps, as
/// [`LinearLR`](https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LinearLR.html).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LinearLR {
    start_factor: f64,
    end_factor: f64,
    total_iters: u64,
}

impl Default for LinearLR {
    fn default() -> Self {
        Self::new()
    }
}

impl LinearLR {
    /// With PyTorch's defaults: from a third to one, in 5 steps.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            start_factor: 1.0 / 3.0,
            end_factor: 1.0,
            total_iters: 5,
        }
    }

    /// Where it starts; 1/3 by default.
    #[must_use]
    pub const fn start_factor(mut self, start_factor: f64) -> Self {
        self.start_factor = start_factor;
        self
    }

    /// Where it ends; 1 by default.
    #[must_use]
    pub const fn end_factor(mut self, end_factor: f64) -> Self {
        self.end_factor = end_factor;
        self
    }

    /// In how many steps; 5 by default.
    #[must_use]
    pub const fn total_iters(mut self, total_iters: u64) -> Self {
        self.total_iters = total_iters;
        self
    }
}

impl Schedule for LinearLR {
    fn lr(&self, initial: f64, step: u64) -> f64 {
        let part = step.min(self.total_iters) as f64 / self.total_iters.max(1) as f64;
        initial * (self.start_factor + (self.end_factor - self.start_factor) * part)
    }
}

/// Up from `max_lr` / 25 to `max_lr` and down to nearly nothing, in halves of a cosine, as
/// [`OneCycleLR`](https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.OneCycleLR.html).
/// The initial rate of the optimiser says nothing, and its momentum stays as it is (there, it goes the
/// other way by default: `cycle_momentum = False` is this one).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OneCycleLR {
    max_lr: f64,
    total_steps: u64,
    pct_start: f64,
    div_factor: f64,
    final_div_factor: f64,
}

impl OneCycleLR {
    /// With PyTorch's defaults: 0.3 of the steps up, from 1/25 of the largest rate, and down to 1/10,000
    /// of where it began.
    #[must_use]
    pub const fn new(max_lr: f64, total_steps: u64) -> Self {
        Self {
            max_lr,
            total_steps,
            pct_start: 0.3,
            div_factor: 25.0,
            final_div_factor: 1e4,
        }
    }

    /// Which part of the steps goes up; 0.3 by default.
    #[must_use]
    pub const fn pct_start(mut self, pct_start: f64) -> Self {
        self.pct_start = pct_start;
        self
    }

    /// The largest rate over that at the start; 25 by default.
    #[must_use]
    pub const fn div_factor(mut self, div_factor: f64) -> Self {
        self.div_factor = div_factor;
        self
    }

    /// The rate at the start over that at the end; 10,000 by default.
    #[must_use]
    pub const fn final_div_factor(mut self, final_div_factor: f64) -> Self {
        self.final_div_factor = final_div_factor;
        self
    }
}

impl Schedule for OneCycleLR {
    fn lr(&self, _: f64, step: u64) -> f64 {
        let first = self.max_lr / self.div_factor;
        let last = first / self.final_div_factor;
        let up = self.pct_start * self.total_steps as f64 - 1.0;
        let down = self.total_steps as f64 - 1.0 - up;
        let step = (step as f64).min(self.total_steps as f64 - 1.0);
        if step <= up {
            between(first, self.max_lr, step / up.max(f64::MIN_POSITIVE))
        } else {
            between(self.max_lr, last, (step - up) / down)
        }
    }
}

/// From `from` to `to` along half a period of a cosine; `part` goes from 0 to 1, or on to 2.
fn between(from: f64, to: f64, part: f64) -> f64 {
    to + (from - to) * (1.0 + cosine(part)) / 2.0
}

/// cos(π · part) for 0 ≤ part ≤ 2, by its series: `core` has no cosine.
fn cosine(part: f64) -> f64 {
    // cos(π − x) = −cos x, and cos(2π − x) = cos x.
    let part = if part > 1.0 { 2.0 - part } else { part };
    let (part, sign) = if part > 0.5 {
        (1.0 - part, -1.0)
    } else {
        (part, 1.0)
    };
    let square = (PI * part) * (PI * part);
    let (mut term, mut sum) = (1.0, 1.0);
    for n in 1..12 {
        term *= -square / f64::from((2 * n - 1) * (2 * n));
        sum += term;
    }
    sign * sum
}

/// `base` to a whole power.
pub(super) fn power(mut base: f64, mut exponent: u64) -> f64 {
    let mut power = 1.0;
    while exponent > 0 {
        if exponent % 2 == 1 {
            power *= base;
        }
        base *= base;
        exponent /= 2;
    }
    power
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_cosine_is_that_of_the_standard_library() {
        for i in 0..=2000 {
            let part = f64::from(i) / 1000.0;
            let expected = (core::f64::consts::PI * part).cos();
            assert!((super::cosine(part) - expected).abs() < 1e-15, "{part}");
        }
    }
}
