//! How well a network reads.

use crate::samples::Sample;

/// How often each digit that was meant, row by row, was read as what.
pub(crate) type Confusion = [[u32; 10]; 10];

pub(crate) fn confusion(samples: &[Sample], read: impl Fn(&Sample) -> usize) -> Confusion {
    let mut counts = [[0; 10]; 10];
    for sample in samples {
        counts[sample.label][read(sample)] += 1;
    }
    counts
}

pub(crate) fn right(confusion: &Confusion) -> u32 {
    (0..10).map(|digit| confusion[digit][digit]).sum()
}
