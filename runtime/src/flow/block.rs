//! Many samples, a block at a time: the block stays in the cache through the whole network.
#![allow(
    unsafe_code,
    reason = "two buffers hold the values of every stage in turn"
)]

use core::{marker::PhantomData, mem::MaybeUninit, ptr};

use nalgebra::{SMatrix, SVector};

use super::Flow;
use crate::{
    Layer, Layout, Scalar, Value,
    kernels::{Function, Linear},
};

/// The bytes of each of two buffers on the stack.
const BUFFER: usize = if cfg!(feature = "std") {
    64 << 10
} else {
    2 << 10
};

/// Aligned as weights are.
#[repr(align(64))]
struct Buffer(MaybeUninit<[u8; BUFFER]>);

/// Fills `outputs`, which is as long as `inputs`.
#[allow(
    clippy::large_stack_arrays,
    reason = "it must not allocate, and a thread has 2 MB"
)]
pub(super) fn forward<X: Value, L: Layer<X>>(layer: &L, inputs: &[X], outputs: &mut [L::Output]) {
    // A multiple of the samples in a kernel's tile, if there is room for a few tiles.
    let fit = const { BUFFER / widest(&L::LAYOUT, size_of::<X::Scalar>(), size_of::<L::Output>()) };
    let block = if fit >= 12 { fit / 12 * 12 } else { fit };
    if block < 2 {
        for (input, output) in inputs.iter().zip(outputs) {
            *output = layer.forward(input);
        }
        return;
    }
    let mut buffers = [const { Buffer(MaybeUninit::uninit()) }; 2];
    for (inputs, outputs) in inputs.chunks(block).zip(outputs.chunks_mut(block)) {
        let mut flow = Block {
            samples: inputs.len().min(outputs.len()).min(block),
            value: inputs.as_ptr().cast(),
            buffers: buffers
                .each_mut()
                .map(|buffer| buffer.0.as_mut_ptr().cast()),
            output: outputs.as_mut_ptr().cast(),
            output_size: size_of::<L::Output>(),
        };
        let _ = layer.flow::<Block>(&mut flow, &PhantomData);
        if !ptr::eq(flow.value, flow.output) {
            // SAFETY: the last stage left as many outputs in a buffer.
            unsafe {
                ptr::copy_nonoverlapping(flow.value.cast(), outputs.as_mut_ptr(), flow.samples);
            }
        }
    }
}

/// The bytes of the largest value that a stage gives.
const fn widest(layout: &Layout, scalar: usize, least: usize) -> usize {
    let mut widest = least;
    match layout {
        Layout::Tensor(_) => {}
        Layout::Array { item, .. } => widest = self::widest(item, scalar, widest),
        Layout::Struct(fields) => {
            let mut rest = *fields;
            while let [field, tail @ ..] = rest {
                if let Some(stage) = field.stage
                    && stage.outputs * scalar > widest
                {
                    widest = stage.outputs * scalar;
                }
                widest = self::widest(&field.layout, scalar, widest);
                rest = tail;
            }
        }
    }
    if widest == 0 { 1 } else { widest }
}

/// Samples one after another in memory. Whatever stage is next reads `value`, writes to another
/// place and makes that the value.
struct Block {
    samples: usize,
    /// Where the values are: the inputs, a buffer, or the outputs.
    value: *const u8,
    /// The first of which is written to next.
    buffers: [*mut u8; 2],
    output: *mut u8,
    /// Bytes for each sample there.
    output_size: usize,
}

impl Block {
    /// Where a stage with an `X` for each sample writes.
    #[inline(always)]
    fn place<X: Value>(&mut self) -> *mut X {
        let size = size_of::<X>();
        let place = if size == self.output_size && !ptr::eq(self.value, self.output) {
            self.output
        } else {
            // By its layout, which is true, no value is larger.
            debug_assert!(self.samples * size <= BUFFER, "a stage gives more");
            self.buffers.swap(0, 1);
            self.buffers[1]
        };
        self.value = place;
        place.cast()
    }
}

impl Flow for Block {
    type Of<X: Value> = PhantomData<X>;

    #[inline(always)]
    fn linear<T: Scalar, const IN: usize, const OUT: usize>(
        &mut self,
        weight: &SMatrix<T, OUT, IN>,
        bias: &[T],
        _: &PhantomData<SVector<T, IN>>,
        function: Function,
    ) -> PhantomData<SVector<T, OUT>> {
        let x = self.value.cast();
        let y = self.place::<SVector<T, OUT>>();
        // SAFETY: the stage before wrote `samples` values of its type to `x`, and there is room
        // for as many at `y`, which is another place.
        unsafe {
            T::linear(&Linear {
                weight: weight.as_slice().as_ptr(),
                bias: Linear::bias(bias, OUT),
                x,
                y: y.cast(),
                inputs: IN,
                outputs: OUT,
                samples: self.samples,
                function,
            });
        }
        PhantomData
    }

    #[inline(always)]
    fn function<X: Value>(&mut self, function: Function, x: &PhantomData<X>) -> PhantomData<X> {
        let x = self.copy(x);
        // SAFETY: `copy` made it `samples` values of `X`, which are numbers.
        let numbers = unsafe {
            core::slice::from_raw_parts_mut(self.value.cast_mut().cast(), self.samples * X::LEN)
        };
        X::Scalar::apply(function, numbers, X::LEN);
        x
    }

    #[inline(always)]
    fn layer<X: Value, L: Layer<X>>(
        &mut self,
        layer: &L,
        _: &PhantomData<X>,
    ) -> PhantomData<L::Output> {
        let x = self.value.cast::<X>();
        let y = self.place::<L::Output>();
        for sample in 0..self.samples {
            // SAFETY: as in `linear`.
            unsafe { y.add(sample).write(layer.forward(&*x.add(sample))) };
        }
        PhantomData
    }

    #[inline(always)]
    fn copy<X: Value>(&mut self, _: &PhantomData<X>) -> PhantomData<X> {
        let x = self.value.cast::<X>();
        let y = self.place::<X>();
        // SAFETY: as in `linear`.
        unsafe { ptr::copy_nonoverlapping(x, y, self.samples) };
        PhantomData
    }
}
