//! The order of the samples in an epoch.

use crate::random;

/// A permutation that is calculated number by number, so that nothing is kept: a Feistel network over
/// the next power of four, whose numbers that are too large are sent through again
/// ([Black and Rogaway](https://doi.org/10.1007/3-540-45760-7_9)).
pub(super) struct Order {
    seed: Option<u64>,
    len: usize,
    /// The bits of a half.
    half: u32,
}

impl Order {
    /// That of `len` numbers, or no change without a seed.
    pub(super) fn new(seed: Option<u64>, len: usize) -> Self {
        let bits = usize::BITS - len.saturating_sub(1).leading_zeros();
        let half = bits.div_ceil(2).max(1);
        Self { seed, len, half }
    }

    /// Which number is at a place.
    pub(super) fn at(&self, place: usize) -> usize {
        const ROUNDS: u64 = 4;
        let Some(seed) = self.seed else {
            return place;
        };
        let mask = (1_u64 << self.half) - 1;
        let mut number = place as u64;
        loop {
            for round in 0..ROUNDS {
                let (left, right) = (number >> self.half, number & mask);
                let mixed = random::mix(random::mix(seed, round), right) & mask;
                number = right << self.half | (left ^ mixed);
            }
            if number < self.len as u64 {
                return number as usize;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Order;

    #[test]
    fn an_order_has_every_number_once() {
        for len in (1..70).chain([255, 256, 257, 1000]) {
            let mut all: Vec<usize> = (0..len).map(|i| Order::new(Some(7), len).at(i)).collect();
            assert!(len < 10 || all.windows(2).any(|pair| pair[0] > pair[1]));
            all.sort_unstable();
            assert!(all.into_iter().eq(0..len), "{len}");
        }
    }
}
