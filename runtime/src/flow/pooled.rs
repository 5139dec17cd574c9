//! A convolution and a pool behind it.
#![allow(unsafe_code, reason = "a slot is a place in memory")]

use core::{mem::MaybeUninit, ptr};

use super::{
    Flow,
    buffers::{Arithmetic, InBuffers},
    slide::Slide,
    slots::Handle,
};
use crate::{kernels::Function, value::Value};

impl<'f, A: Arithmetic> InBuffers<'f, A> {
    /// [`Flow::pooled`]: what the layer halves itself stays in the place of the whole image. So it does where it turns
    /// out not to be halved: which value is where is known when the program is compiled.
    #[inline(always)]
    pub(super) fn slide_pooled<X: Value, L: Slide<X>, P: Slide<L::Output>>(
        &mut self,
        layer: &L,
        pool: &P,
        x: Handle<'f, X>,
        function: Function,
    ) -> Handle<'f, P::Output> {
        if size_of::<P::Output>() > size_of::<L::Output>() || !layer.is_halved(function) {
            let x = self.slide::<X, L>(layer, x, function);
            return self.slide::<L::Output, P>(pool, x, Function::Identity);
        }
        let whole = self.slots.take::<L::Output>();
        let y = self.slots.handle::<P::Output>(whole.at, whole.slot);
        if self.skips {
            return y;
        }
        let mut is_halved = pool.halves();
        for sample in 0..self.slots.samples {
            // SAFETY: there are so many samples, and room for as many whole images.
            unsafe {
                let x = &*x.at.cast::<X>().add(sample);
                let to = y.at.cast::<P::Output>().add(sample);
                // It is for all samples, or for none.
                is_halved = is_halved && layer.slide_halved(x, &mut *to.cast(), function);
                if !is_halved {
                    let to = whole.at.cast::<MaybeUninit<L::Output>>().add(sample);
                    layer.slide(x, &mut *to, function);
                }
            }
        }
        drop(x);
        if !is_halved {
            let pooled = self.slide::<L::Output, P>(pool, whole, Function::Identity);
            let samples = self.slots.samples;
            // SAFETY: both are places of as many samples, not the same.
            unsafe {
                let from = pooled.at.cast::<P::Output>();
                ptr::copy_nonoverlapping(from, y.at.cast(), samples);
            }
        }
        y
    }
}
