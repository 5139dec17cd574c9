use nalgebra::SVector;

use super::Start;
use crate::scalar::Scalar;

/// What `Conv1d` remembers: the last `PAST` values.
#[derive(Clone, Debug)]
pub struct Ring<T, const N: usize, const PAST: usize> {
    pub(crate) values: [[T; N]; PAST],
    /// Where the oldest is, below `PAST`, or 0.
    pub(crate) oldest: usize,
}

impl<T: Scalar, const N: usize, const PAST: usize> Ring<T, N, PAST> {
    /// Remembers `x` in place of the oldest.
    #[inline]
    pub(crate) fn push(&mut self, x: &SVector<T, N>) {
        if let Some(oldest) = self.values.get_mut(self.oldest) {
            *oldest = (*x).into();
            self.oldest += 1;
            if self.oldest == PAST {
                self.oldest = 0;
            }
        }
    }
}

impl<T: Scalar, const N: usize, const PAST: usize> Start for Ring<T, N, PAST> {
    const START: Self = Self {
        values: [[T::ZERO; N]; PAST],
        oldest: 0,
    };
}

impl<T: Scalar, const N: usize, const PAST: usize> Default for Ring<T, N, PAST> {
    fn default() -> Self {
        Self::START
    }
}
