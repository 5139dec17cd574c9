use super::{Optimizer, Way, sealed::Sealed, update};
use crate::{
    kernels::{Rule, functions, isa::Vector, with_square},
    parameters::Parameters,
    scalar::Scalar,
};

/// Adagrad, as
/// [`torch.optim.Adagrad`](https://docs.pytorch.org/docs/stable/generated/torch.optim.Adagrad.html):
/// θ ← θ − lr · g / (√s + eps), with s the sum of the gradient's squares so far.
///
/// ```
/// use layerwise::Adagrad;
///
/// let adagrad = Adagrad::new(1e-2).lr_decay(1e-4);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adagrad {
    lr: f64,
    lr_decay: f64,
    eps: f64,
    weight_decay: f64,
}

impl Adagrad {
    /// With this learning rate, and PyTorch's other defaults: eps 1e-10, no decay.
    #[must_use]
    pub const fn new(lr: f64) -> Self {
        Self {
            lr,
            lr_decay: 0.0,
            eps: 1e-10,
            weight_decay: 0.0,
        }
    }

    /// In step n the learning rate is divided by 1 + (n − 1) · `lr_decay`; 0 by default.
    #[must_use]
    pub const fn lr_decay(mut self, lr_decay: f64) -> Self {
        self.lr_decay = lr_decay;
        self
    }

    /// Added to the root; 1e-10 by default.
    #[must_use]
    pub const fn eps(mut self, eps: f64) -> Self {
        self.eps = eps;
        self
    }

    /// So many times the parameters are added to the gradient; 0 by default.
    #[must_use]
    pub const fn weight_decay(mut self, weight_decay: f64) -> Self {
        self.weight_decay = weight_decay;
        self
    }
}

impl Sealed for Adagrad {}

impl Optimizer for Adagrad {
    type State<P: Parameters> = [P; 1];
    const STATES: &'static [&'static str] = &["sum"];

    fn lr(&self) -> f64 {
        self.lr
    }

    fn set_lr(&mut self, lr: f64) {
        self.lr = lr;
    }

    #[inline(always)]
    fn step_by<T: Scalar, P: Parameters, W: Way>(
        &self,
        way: W,
        network: &mut P,
        gradient: &P,
        state: &mut [P; 1],
        step: u64,
    ) {
        let lr = self.lr / (1.0 + step.saturating_sub(1) as f64 * self.lr_decay);
        update::<T, P, _, _, 1>(way, &Self { lr, ..*self }, network, gradient, state);
    }
}

impl Rule<1> for Adagrad {
    #[inline(always)]
    fn step<V: Vector>(&self, isa: V::Isa, p: V, g: V, [sum]: [V; 1]) -> (V, [V; 1]) {
        let lr = V::splat(isa, V::Scalar::from_f64(self.lr));
        let eps = V::splat(isa, V::Scalar::from_f64(self.eps));
        let mut g = g;
        if self.weight_decay != 0.0 {
            g = p.mul_add(V::splat(isa, V::Scalar::from_f64(self.weight_decay)), g);
        }
        g = with_square(isa, g);
        let sum = g.mul_add(g, sum);
        let step = functions::quotient(isa, g, functions::root(isa, sum).add(eps));
        (step.mul_sub_from(lr, p), [sum])
    }
}
