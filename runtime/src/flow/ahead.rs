//! The next sample of a batch, which comes to the cache while this one is calculated: where inputs and outputs are
//! more than caches hold, the first layer of each image would wait for it.

use core::{mem, ptr};

use super::slide::Slide;
use crate::value::Value;

/// What is read next.
pub(super) struct Ahead {
    at: *const u8,
    bytes: usize,
}

impl Ahead {
    pub(super) const NOTHING: Self = Self {
        at: ptr::null(),
        bytes: 0,
    };

    /// What is behind this sample, if there is something.
    #[inline(always)]
    pub(super) const fn behind<X>(input: *const X, is_there: bool) -> Self {
        if !is_there {
            return Self::NOTHING;
        }
        Self {
            at: input.wrapping_add(1).cast(),
            bytes: size_of::<X>(),
        }
    }

    /// What `layer` may prefetch from, for each number that it writes one. It is the first layer that can, if it
    /// writes no more than there is: no layer after it gets anything. Null if there is nothing, or if that layer
    /// reads the sample itself, which it does at a pace at which the processor reads ahead.
    #[inline(always)]
    pub(super) fn take<X: Value, L: Slide<X>>(
        &mut self,
        layer: &L,
        reads_sample: bool,
    ) -> *const X::Scalar {
        if !layer.is_pointwise() || size_of::<L::Output>() > self.bytes {
            return ptr::null();
        }
        let ahead = mem::replace(self, Self::NOTHING);
        if reads_sample {
            return ptr::null();
        }
        ahead.at.cast()
    }
}
