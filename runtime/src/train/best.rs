//! [`Best`]: the best network of a run.

use crate::{layer::Network, scalar::Scalar};

/// The best network so far, by a loss that is looked at now and then. Of one that is too large for a stack,
/// and is trained in a `Box`, write the best to a file instead: `trainer.model().save(path)`.
///
/// ```
/// use layerwise::{Best, network};
///
/// network! { pub struct Net = Linear(1, 1); }
///
/// let mut best = Best::new(Net::zeros());
/// assert!(best.offer(0.5, &Net::new()));
/// assert!(!best.offer(0.7, &Net::zeros()));
/// assert_eq!(best.loss(), 0.5);
/// assert_eq!(best.into_model().linear0.weight, Net::new().linear0.weight);
/// ```
#[derive(Clone)]
pub struct Best<N> {
    model: N,
    loss: f64,
}

impl<N: Network> Best<N> {
    /// Nothing is the best yet; `model` is what there is until then.
    #[must_use]
    pub const fn new(model: N) -> Self {
        let loss = f64::INFINITY;
        Self { model, loss }
    }

    /// Keeps a copy of the network if its loss is less than that of all before. Returns whether it is.
    pub fn offer(&mut self, loss: impl Scalar, model: &N) -> bool {
        let loss = loss.to_f64();
        let is_better = loss < self.loss;
        if is_better {
            self.loss = loss;
            self.model.clone_from(model);
        }
        is_better
    }

    /// The least loss; infinite before there is one.
    #[must_use]
    pub const fn loss(&self) -> f64 {
        self.loss
    }

    /// The network.
    #[must_use]
    pub const fn model(&self) -> &N {
        &self.model
    }

    /// Gives the network back.
    #[must_use]
    pub fn into_model(self) -> N {
        self.model
    }
}
