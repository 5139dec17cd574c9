use super::Start;
use crate::scalar::Scalar;

/// What `GRU`, `LSTM` and `RNN` remember: `VALUES` vectors of `HIDDEN` numbers for each layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Hidden<T, const HIDDEN: usize, const VALUES: usize, const DEEPER: usize> {
    pub(crate) first: [[T; HIDDEN]; VALUES],
    pub(crate) deeper: [[[T; HIDDEN]; VALUES]; DEEPER],
}

impl<T: Scalar, const HIDDEN: usize, const VALUES: usize, const DEEPER: usize> Start
    for Hidden<T, HIDDEN, VALUES, DEEPER>
{
    const START: Self = Self {
        first: [[T::ZERO; HIDDEN]; VALUES],
        deeper: [[[T::ZERO; HIDDEN]; VALUES]; DEEPER],
    };
}

impl<T: Scalar, const HIDDEN: usize, const VALUES: usize, const DEEPER: usize> Default
    for Hidden<T, HIDDEN, VALUES, DEEPER>
{
    fn default() -> Self {
        Self::START
    }
}
