use super::{super::schedules::power, Optimizer, Way, sealed::Sealed, update};
use crate::{
    kernels::{Rule, functions, isa::Vector, math::square_root, with_square},
    parameters::Parameters,
    scalar::Scalar,
};

/// Adam, as [`torch.optim.Adam`](https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html):
/// θ ← θ − lr · m̂ / (√v̂ + eps), with m̂ and v̂ the means of the gradient and of its square so far, free of
/// where they began ([Kingma and Ba](https://arxiv.org/abs/1412.6980)).
///
/// ```
/// use layerwise::Adam;
///
/// let adam = Adam::new(1e-3).betas(0.9, 0.95).weight_decay(1e-4);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adam {
    pub(super) lr: f64,
    pub(super) betas: [f64; 2],
    pub(super) eps: f64,
    pub(super) weight_decay: f64,
}

impl Adam {
    /// With this learning rate, and PyTorch's other defaults: betas 0.9 and 0.999, eps 1e-8, no weight
    /// decay.
    #[must_use]
    pub const fn new(lr: f64) -> Self {
        Self {
            lr,
            betas: [0.9, 0.999],
            eps: 1e-8,
            weight_decay: 0.0,
        }
    }

    /// How much of the means is left after a step: of the gradient's, and of its square's.
    #[must_use]
    pub const fn betas(mut self, beta1: f64, beta2: f64) -> Self {
        self.betas = [beta1, beta2];
        self
    }

    /// Added to the root; 1e-8 by default.
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

    /// What one step's arithmetic needs.
    #[inline(always)]
    pub(super) fn moments(&self, step: u64) -> Moments {
        let [first, second] = self.betas.map(|beta| 1.0 - power(beta, step));
        Moments {
            betas: self.betas,
            rate: self.lr / first,
            root: 1.0 / square_root(second),
            eps: self.eps,
            added: self.weight_decay,
            left: 1.0,
        }
    }
}

impl Sealed for Adam {}

impl Optimizer for Adam {
    type State<P: Parameters> = [P; 2];
    const STATES: &'static [&'static str] = &["exp_avg", "exp_avg_sq"];

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
        state: &mut [P; 2],
        step: u64,
    ) {
        update::<T, P, _, _, 2>(way, &self.moments(step), network, gradient, state);
    }
}

/// The numbers of one step of [`Adam`] or [`AdamW`](super::AdamW).
#[derive(Clone, Copy)]
pub(super) struct Moments {
    betas: [f64; 2],
    rate: f64,
    /// What the root of the second mean is multiplied by.
    root: f64,
    eps: f64,
    /// So many times the parameters are added to the gradient.
    added: f64,
    /// So much of the parameters is left before the step.
    pub(super) left: f64,
}

impl Rule<2> for Moments {
    #[inline(always)]
    fn step<V: Vector>(&self, isa: V::Isa, p: V, g: V, [m, v]: [V; 2]) -> (V, [V; 2]) {
        let [beta1, beta2] = [
            V::splat(isa, V::Scalar::from_f64(self.betas[0])),
            V::splat(isa, V::Scalar::from_f64(self.betas[1])),
        ];
        let [rest1, rest2] = [
            V::splat(isa, V::Scalar::from_f64(1.0 - self.betas[0])),
            V::splat(isa, V::Scalar::from_f64(1.0 - self.betas[1])),
        ];
        let g = if self.added == 0.0 {
            g
        } else {
            p.mul_add(V::splat(isa, V::Scalar::from_f64(self.added)), g)
        };
        let p = if self.left < 1.0 {
            p.mul(V::splat(isa, V::Scalar::from_f64(self.left)))
        } else {
            p
        };
        let g = with_square(isa, g);
        let m = m.mul_add(beta1, g.mul(rest1));
        let v = v.mul_add(beta2, g.mul(g).mul(rest2));
        let root = functions::root(isa, v);
        let eps = V::splat(isa, V::Scalar::from_f64(self.eps));
        let root = root.mul_add(V::splat(isa, V::Scalar::from_f64(self.root)), eps);
        let rate = V::splat(isa, V::Scalar::from_f64(self.rate));
        let step = functions::quotient(isa, m, root);
        (step.mul_sub_from(rate, p), [m, v])
    }
}
