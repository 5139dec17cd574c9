use crate::{Activation, Parameters, Scalar};

/// `min(max(x, 0), 6)`, as
/// [`torch.nn.ReLU6`](https://docs.pytorch.org/docs/stable/generated/torch.nn.ReLU6.html).
/// NaN stays NaN.
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct ReLU6;

impl Activation for ReLU6 {
    #[inline]
    fn apply<T: Scalar>(&self, x: &mut [T]) {
        let six = T::from_f64(6.0);
        for x in x {
            let positive = if *x < T::ZERO { T::ZERO } else { *x };
            *x = if positive > six { six } else { positive };
        }
    }
}
