use super::{Optimizer, Way, sealed::Sealed, update};
use crate::{
    kernels::{Rule, functions, isa::Vector, with_square},
    parameters::Parameters,
    scalar::Scalar,
};

/// RMSprop, as
/// [`torch.optim.RMSprop`](https://docs.pytorch.org/docs/stable/generated/torch.optim.RMSprop.html):
/// θ ← θ − lr · g / (√v + eps), with v the mean of the gradient's square so far. It keeps three numbers
/// for each parameter, whether or not there is momentum, and whether or not it is centered.
///
/// ```
/// use layerwise::RMSprop;
///
/// let plain = RMSprop::new(1e-2);
/// let more = RMSprop::new(1e-2).alpha(0.9).momentum(0.9).centered(true);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RMSprop {
    lr: f64,
    alpha: f64,
    eps: f64,
    weight_decay: f64,
    momentum: f64,
    centered: bool,
}

impl RMSprop {
    /// With this learning rate, and PyTorch's other defaults: alpha 0.99, eps 1e-8, no weight decay, no
    /// momentum, not centered.
    #[must_use]
    pub const fn new(lr: f64) -> Self {
        Self {
            lr,
            alpha: 0.99,
            eps: 1e-8,
            weight_decay: 0.0,
            momentum: 0.0,
            centered: false,
        }
    }

    /// How much of the mean is left after a step; 0.99 by default.
    #[must_use]
    pub const fn alpha(mut self, alpha: f64) -> Self {
        self.alpha = alpha;
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

    /// A step is added to so much of the last one; 0 by default.
    #[must_use]
    pub const fn momentum(mut self, momentum: f64) -> Self {
        self.momentum = momentum;
        self
    }

    /// Whether the square of the gradient's mean is taken from the mean of its square.
    #[must_use]
    pub const fn centered(mut self, centered: bool) -> Self {
        self.centered = centered;
        self
    }
}

impl Sealed for RMSprop {}

impl Optimizer for RMSprop {
    type State<P: Parameters> = [P; 3];
    const STATES: &'static [&'static str] = &["square_avg", "momentum_buffer", "grad_avg"];

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
        state: &mut [P; 3],
        _: u64,
    ) {
        update::<T, P, _, _, 3>(way, self, network, gradient, state);
    }
}

impl Rule<3> for RMSprop {
    #[inline(always)]
    fn step<V: Vector>(
        &self,
        isa: V::Isa,
        p: V,
        g: V,
        [mut square, mut velocity, mut mean]: [V; 3],
    ) -> (V, [V; 3]) {
        let alpha = V::splat(isa, V::Scalar::from_f64(self.alpha));
        let rest = V::splat(isa, V::Scalar::from_f64(1.0 - self.alpha));
        let lr = V::splat(isa, V::Scalar::from_f64(self.lr));
        let eps = V::splat(isa, V::Scalar::from_f64(self.eps));
        let mut g = g;
        if self.weight_decay != 0.0 {
            g = p.mul_add(V::splat(isa, V::Scalar::from_f64(self.weight_decay)), g);
        }
        g = with_square(isa, g);
        square = square.mul_add(alpha, g.mul(g).mul(rest));
        let mut spread = square;
        if self.centered {
            mean = g.sub(mean).mul_add(rest, mean);
            // Along a gradient that stays the same it goes to zero, and rounding must not lead below, as
            // it does in PyTorch: there the root is NaN.
            let zero = V::splat(isa, V::Scalar::ZERO);
            spread = zero.max(mean.mul_sub_from(mean, square));
        }
        let step = functions::quotient(isa, g, functions::root(isa, spread).add(eps));
        if self.momentum > 0.0 {
            let momentum = V::splat(isa, V::Scalar::from_f64(self.momentum));
            velocity = velocity.mul_add(momentum, step);
            (velocity.mul_sub_from(lr, p), [square, velocity, mean])
        } else {
            (step.mul_sub_from(lr, p), [square, velocity, mean])
        }
    }
}
