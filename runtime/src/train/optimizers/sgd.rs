use super::{Optimizer, Way, sealed::Sealed, update};
use crate::{
    kernels::{Rule, isa::Vector},
    parameters::Parameters,
    scalar::Scalar,
};

/// Stochastic gradient descent, as
/// [`torch.optim.SGD`](https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html): θ ← θ − lr · g,
/// with g the gradient and, if they are asked for, weight decay and momentum.
///
/// `MOMENTUM` says whether there is momentum, which takes memory for one network more.
///
/// ```
/// use layerwise::SGD;
///
/// let plain = SGD::new(0.01);
/// let faster = SGD::new(0.01).momentum(0.9).weight_decay(1e-4).nesterov(true);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SGD<const MOMENTUM: bool = false> {
    lr: f64,
    momentum: f64,
    weight_decay: f64,
    nesterov: bool,
}

impl SGD {
    /// Plain gradient descent with this learning rate.
    #[must_use]
    pub const fn new(lr: f64) -> Self {
        Self {
            lr,
            momentum: 0.0,
            weight_decay: 0.0,
            nesterov: false,
        }
    }
}

impl<const MOMENTUM: bool> SGD<MOMENTUM> {
    /// The gradient is added to so much of what it was before.
    #[must_use]
    pub const fn momentum(self, momentum: f64) -> SGD<true> {
        SGD {
            lr: self.lr,
            momentum,
            weight_decay: self.weight_decay,
            nesterov: self.nesterov,
        }
    }

    /// So many times the parameters are added to the gradient; 0 by default.
    #[must_use]
    pub const fn weight_decay(mut self, weight_decay: f64) -> Self {
        self.weight_decay = weight_decay;
        self
    }

    /// Nesterov's momentum; it changes nothing where there is none.
    #[must_use]
    pub const fn nesterov(mut self, nesterov: bool) -> Self {
        self.nesterov = nesterov;
        self
    }
}

impl<const MOMENTUM: bool> Sealed for SGD<MOMENTUM> {}

impl Optimizer for SGD<false> {
    type State<P: Parameters> = [P; 0];
    const STATES: &'static [&'static str] = &[];

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
        state: &mut [P; 0],
        _: u64,
    ) {
        if self.weight_decay == 0.0 {
            // To ask once is less than at each number.
            update::<T, P, _, _, 0>(way, &Plain { lr: self.lr }, network, gradient, state);
        } else {
            update::<T, P, _, _, 0>(way, self, network, gradient, state);
        }
    }
}

impl Optimizer for SGD<true> {
    type State<P: Parameters> = [P; 1];
    const STATES: &'static [&'static str] = &["momentum_buffer"];

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
        _: u64,
    ) {
        update::<T, P, _, _, 1>(way, self, network, gradient, state);
    }
}

impl<const MOMENTUM: bool> SGD<MOMENTUM> {
    /// The gradient, with what the parameters add.
    #[inline(always)]
    fn decayed<V: Vector>(&self, isa: V::Isa, p: V, g: V) -> V {
        if self.weight_decay == 0.0 {
            return g;
        }
        p.mul_add(V::splat(isa, V::Scalar::from_f64(self.weight_decay)), g)
    }

    #[inline(always)]
    fn moved<V: Vector>(&self, isa: V::Isa, p: V, g: V) -> V {
        g.mul_sub_from(V::splat(isa, V::Scalar::from_f64(self.lr)), p)
    }
}

/// Neither momentum nor weight decay.
#[derive(Clone, Copy)]
struct Plain {
    lr: f64,
}

impl Rule<0> for Plain {
    #[inline(always)]
    fn step<V: Vector>(&self, isa: V::Isa, p: V, g: V, kept: [V; 0]) -> (V, [V; 0]) {
        let lr = V::splat(isa, V::Scalar::from_f64(self.lr));
        (g.mul_sub_from(lr, p), kept)
    }
}

impl Rule<0> for SGD<false> {
    #[inline(always)]
    fn step<V: Vector>(&self, isa: V::Isa, p: V, g: V, kept: [V; 0]) -> (V, [V; 0]) {
        let g = self.decayed(isa, p, g);
        (self.moved(isa, p, g), kept)
    }
}

impl Rule<1> for SGD<true> {
    #[inline(always)]
    fn step<V: Vector>(&self, isa: V::Isa, p: V, g: V, [velocity]: [V; 1]) -> (V, [V; 1]) {
        let momentum = V::splat(isa, V::Scalar::from_f64(self.momentum));
        let g = self.decayed(isa, p, g);
        let velocity = velocity.mul_add(momentum, g);
        let along = if self.nesterov {
            velocity.mul_add(momentum, g)
        } else {
            velocity
        };
        (self.moved(isa, p, along), [velocity])
    }
}
