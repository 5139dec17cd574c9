//! A batch of images in two parts: up to the first linear layer sample by sample, whose images stay in the
//! first-level cache, and from there on a block at a time, whose samples share the weights.
#![allow(unsafe_code, reason = "a buffer holds the values between stages")]

use core::{cell::Cell, mem::MaybeUninit, ptr};

use super::{
    ahead::Ahead,
    buffers::{Buffer, InBuffers, Library},
    slots::{Handle, INPUT, LINE, OUTPUT, Slots, room, slots},
};
use crate::{layer::Layer, parameters::layout::Layout, value::Value};

/// What happens at the first linear layer.
pub(super) struct Turn {
    /// Where what reaches it goes in the first part, sample behind sample, and comes from in the second.
    at: *mut u8,
    sample: usize,
    /// How many samples there are in the second part, and where their slots are.
    samples: usize,
    buffer: *mut u8,
    stride: usize,
}

impl<'f, A> InBuffers<'f, A> {
    /// What a linear layer takes: the first one ends a part, or begins it.
    #[inline(always)]
    pub(super) fn turn<X: Value>(&mut self, mut x: Handle<'f, X>) -> Handle<'f, X> {
        if let Some(turn) = self.turn.take() {
            if self.skips {
                x.at = turn.at;
                self.slots.samples = turn.samples;
                self.slots.buffer = turn.buffer;
                self.slots.stride = turn.stride;
            } else {
                // SAFETY: there is room for the widest vector from here on.
                unsafe {
                    let to = turn.at.cast::<X>().add(turn.sample);
                    ptr::copy_nonoverlapping(x.at.cast::<X>(), to, 1);
                }
            }
            self.skips = !self.skips;
        }
        x
    }
}

/// The bytes of the widest vector from the first linear layer on, with what reaches it. There is none where
/// no image comes before it, that layer is part of a block, or what follows is no vector.
pub(super) const fn widest_vector<X: Value, L: Layer<X>>() -> Option<usize> {
    let Layout::Struct(mut rest) = L::LAYOUT else {
        return None;
    };
    let (mut widest, mut has_images) = (0, false);
    while let [field, tail @ ..] = rest {
        if let Some(stage) = field.stage {
            has_images |= stage.inputs.dims().len() > 1;
            if widest == 0 && is_linear(stage.layer) && !field.own {
                if !has_images {
                    return None;
                }
                widest = stage.inputs.len();
            }
            if widest > 0 {
                if stage.inputs.dims().len() > 1 || stage.outputs.dims().len() > 1 {
                    return None;
                }
                if stage.outputs.len() > widest {
                    widest = stage.outputs.len();
                }
            }
        }
        let has_turned = widest > 0;
        if has_turned && !field.layout.is_flat() || !has_turned && has_linear(&field.layout) {
            return None;
        }
        rest = tail;
    }
    if widest == 0 {
        return None;
    }
    Some(widest * size_of::<X::Scalar>())
}

pub(super) const fn is_linear(layer: &str) -> bool {
    matches!(layer.as_bytes(), b"Linear")
}

/// Whether a linear layer is somewhere in it.
pub(super) const fn has_linear(layout: &Layout) -> bool {
    match layout {
        Layout::Tensor(_) => false,
        Layout::Array { item, .. } => has_linear(item),
        Layout::Struct(fields) => {
            let mut rest = *fields;
            while let [field, tail @ ..] = rest {
                if let Some(stage) = field.stage
                    && is_linear(stage.layer)
                {
                    return true;
                }
                if has_linear(&field.layout) {
                    return true;
                }
                rest = tail;
            }
            false
        }
    }
}

/// How many samples have room for what is between the parts, and in each slot of the second one; and the bytes
/// of such a place.
pub(super) const fn block<const BYTES: usize, X: Value, L: Layer<X>>() -> (usize, usize) {
    let Some(widest) = widest_vector::<X, L>() else {
        return (0, 0);
    };
    let left = BYTES.saturating_sub(room::<X, L>());
    let stride = left / (slots::<X, L>() + 1) / LINE * LINE;
    (stride / widest, stride)
}

/// Fills `samples` outputs.
///
/// # Safety
///
/// `inputs` leads to so many values and `outputs` to room for as many, and a [`block`] has one at least.
#[inline(always)]
pub(super) unsafe fn run<const BYTES: usize, X: Value, L: Layer<X>>(
    layer: &L,
    inputs: *const X,
    outputs: *mut L::Output,
    samples: usize,
) {
    let mut buffer = Buffer::<BYTES>(MaybeUninit::uninit());
    let buffer: *mut u8 = buffer.0.as_mut_ptr().cast();
    let (block, stride) = const { block::<BYTES, X, L>() };
    // A multiple of the samples in a kernel's tile, if there is room for a few tiles.
    let block = if block >= 12 { block / 12 * 12 } else { block };
    let between = buffer.wrapping_add(const { room::<X, L>() });
    let mut done = 0;
    while done < samples {
        let count = block.min(samples - done);
        let output = outputs.wrapping_add(done);
        for sample in 0..=count {
            let is_first = sample < count;
            let readers = Cell::new(0);
            let mut flow = InBuffers {
                arithmetic: Library,
                slots: Slots {
                    samples: 1,
                    readers: &readers,
                    buffer,
                    count: const { slots::<X, L>() },
                    stride: const { room::<X, L>() / slots::<X, L>() },
                    output: output.cast(),
                    output_size: size_of::<L::Output>(),
                    waits: false,
                },
                skips: !is_first,
                turn: Some(Turn {
                    at: between,
                    sample,
                    samples: count,
                    buffer: between.wrapping_add(stride),
                    stride,
                }),
                ahead: Ahead::NOTHING,
            };
            let input = inputs.wrapping_add((done + sample).min(samples - 1));
            let input = flow.slots.handle(input.cast_mut().cast(), INPUT);
            let y = layer.flow::<InBuffers<'_, Library>>(&mut flow, input);
            if !is_first && y.slot != OUTPUT {
                // SAFETY: the last stage left as many outputs there.
                unsafe { ptr::copy_nonoverlapping(y.at.cast(), output, count) };
            }
        }
        done += count;
    }
}
