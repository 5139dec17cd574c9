use super::{Adam, Optimizer, Way, sealed::Sealed, update};
use crate::{parameters::Parameters, scalar::Scalar};

/// Adam with weight decay beside it, as
/// [`torch.optim.AdamW`](https://docs.pytorch.org/docs/stable/generated/torch.optim.AdamW.html): before
/// each of [`Adam`]'s steps, θ ← (1 − lr · weight_decay) · θ
/// ([Loshchilov and Hutter](https://arxiv.org/abs/1711.05101)).
///
/// ```
/// use layerwise::AdamW;
///
/// let adamw = AdamW::new(1e-3).weight_decay(0.1);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdamW(Adam);

impl AdamW {
    /// With this learning rate, and PyTorch's other defaults: betas 0.9 and 0.999, eps 1e-8, weight decay
    /// 0.01.
    #[must_use]
    pub const fn new(lr: f64) -> Self {
        Self(Adam::new(lr).weight_decay(0.01))
    }

    /// How much of the means is left after a step: of the gradient's, and of its square's.
    #[must_use]
    pub const fn betas(self, beta1: f64, beta2: f64) -> Self {
        Self(self.0.betas(beta1, beta2))
    }

    /// Added to the root; 1e-8 by default.
    #[must_use]
    pub const fn eps(self, eps: f64) -> Self {
        Self(self.0.eps(eps))
    }

    /// How much the parameters shrink in a step, times the learning rate; 0.01 by default.
    #[must_use]
    pub const fn weight_decay(self, weight_decay: f64) -> Self {
        Self(self.0.weight_decay(weight_decay))
    }
}

impl Sealed for AdamW {}

impl Optimizer for AdamW {
    type State<P: Parameters> = [P; 2];
    const STATES: &'static [&'static str] = Adam::STATES;

    fn lr(&self) -> f64 {
        self.0.lr
    }

    fn set_lr(&mut self, lr: f64) {
        self.0.lr = lr;
    }

    #[inline(always)]
    fn step_by<T: Scalar, P: Parameters, W: Way>(
        &self,
        way: W,
        network: &mut P,
        gradient: &P,
        state: &mut [P; 2],
        step: u64,
    ) {
        let mut moments = self.0.weight_decay(0.0).moments(step);
        moments.left = 1.0 - self.0.lr * self.0.weight_decay;
        update::<T, P, _, _, 2>(way, &moments, network, gradient, state);
    }
}
