use super::Start;
use crate::scalar::Scalar;

/// What `GRU`, `LSTM` and `RNN` remember: `VALUES` vectors of `HIDDEN` numbers for each layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Hidden<T, const HIDDEN: usize, const VALUES: usize, const DEEPER: usize> {
    pub(crate) first: Memory<T, HIDDEN, VALUES>,
    pub(crate) deeper: [Memory<T, HIDDEN, VALUES>; DEEPER],
}

/// What one of the layers remembers.
#[derive(Clone, Debug)]
pub(crate) struct Memory<T, const HIDDEN: usize, const VALUES: usize> {
    pub(crate) values: [[T; HIDDEN]; VALUES],
    /// Whether the next step begins with the last weights. It changes nothing of what comes out, and isn't
    /// compared.
    pub(crate) turned: bool,
}

impl<T: PartialEq, const HIDDEN: usize, const VALUES: usize> PartialEq
    for Memory<T, HIDDEN, VALUES>
{
    fn eq(&self, other: &Self) -> bool {
        self.values == other.values
    }
}

impl<T: Scalar, const HIDDEN: usize, const VALUES: usize> Start for Memory<T, HIDDEN, VALUES> {
    const START: Self = Self {
        values: [[T::ZERO; HIDDEN]; VALUES],
        turned: false,
    };
}

impl<T: Scalar, const HIDDEN: usize, const VALUES: usize, const DEEPER: usize> Start
    for Hidden<T, HIDDEN, VALUES, DEEPER>
{
    const START: Self = Self {
        first: Memory::START,
        deeper: [Memory::START; DEEPER],
    };
}

impl<T: Scalar, const HIDDEN: usize, const VALUES: usize, const DEEPER: usize> Default
    for Hidden<T, HIDDEN, VALUES, DEEPER>
{
    fn default() -> Self {
        Self::START
    }
}
