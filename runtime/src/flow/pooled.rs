//! A convolution and a pool behind it.
#![allow(unsafe_code, reason = "a slot is a place in memory")]

use core::{mem::MaybeUninit, ptr};

use super::{buffers::InBuffers, slide::Slide, slots::Handle};
use crate::{kernels::Function, value::Value};

impl<'f, A> InBuffers<'f, A> {
    /// [`Flow::pooled`](super::Flow::pooled): what the layer halves itself is copied out of the slot for the whole
    /// image, so that there are as many slots in use as for the two one after another.
    #[inline(always)]
    pub(super) fn slide_pooled<X: Value, L: Slide<X>, P: Slide<L::Output>>(
        &mut self,
        layer: &L,
        pool: &P,
        x: Handle<'f, X>,
        function: Function,
    ) -> Handle<'f, P::Output> {
        let between = self.slots.take::<L::Output>();
        let mut is_halved = pool.halves();
        if !self.skips {
            for sample in 0..self.slots.samples {
                // SAFETY: there are so many samples, and room for as many.
                unsafe {
                    let to = between.at.cast::<MaybeUninit<L::Output>>();
                    let (x, to) = (&*x.at.cast::<X>().add(sample), &mut *to.add(sample));
                    // It is for all samples, or for none.
                    is_halved = is_halved && layer.slide_halved(x, to, function);
                    if !is_halved {
                        layer.slide(x, to, function);
                    }
                }
            }
        }
        drop(x);
        let y = self.slots.take::<P::Output>();
        if self.skips {
            return y;
        }
        for sample in 0..self.slots.samples {
            // SAFETY: as above; what is halved begins where the whole would.
            unsafe {
                let from = between.at.cast::<L::Output>().add(sample);
                let to = y.at.cast::<MaybeUninit<P::Output>>().add(sample);
                if is_halved {
                    ptr::copy_nonoverlapping(from.cast(), to, 1);
                } else {
                    pool.slide(&*from, &mut *to, Function::Identity);
                }
            }
        }
        y
    }
}
