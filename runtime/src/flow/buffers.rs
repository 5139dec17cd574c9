//! One sample, or many a block at a time, which stays in the cache through the whole network.
#![allow(
    unsafe_code,
    reason = "two buffers hold the values of every stage in turn"
)]

use core::{marker::PhantomData, mem::MaybeUninit, ptr};

use nalgebra::{SMatrix, SVector};

use super::Flow;
use crate::{
    kernels::{Function, Linear, Sizes, Values, Weights},
    layer::Layer,
    parameters::layout::Layout,
    scalar::Scalar,
    value::Value,
};

/// Who calculates the linear layers.
pub(super) trait Linears: Copy {
    /// # Safety
    ///
    /// As of [`Linear::new`], for no more samples than whoever calculates them takes.
    unsafe fn linear<T: Scalar, const IN: usize, const OUT: usize>(
        self,
        weights: Weights<T>,
        values: Values<T>,
        samples: usize,
        function: Function,
    );
}

/// The kernels that were compiled with this library.
#[derive(Clone, Copy)]
struct Library;

impl Linears for Library {
    #[inline(always)]
    unsafe fn linear<T: Scalar, const IN: usize, const OUT: usize>(
        self,
        weights: Weights<T>,
        values: Values<T>,
        samples: usize,
        function: Function,
    ) {
        let sizes = Sizes::of::<IN, OUT>();
        // SAFETY: by the caller.
        unsafe {
            if samples == 1 {
                T::linear_one(weights, values, sizes, function);
            } else {
                T::linear(&Linear::new(weights, values, sizes, samples, function));
            }
        }
    }
}

/// `layer.forward(x)`, in buffers that have room for the widest value.
#[inline(always)]
pub(super) fn forward<X: Value, L: Layer<X>>(layer: &L, x: &X) -> L::Output {
    let mut output = MaybeUninit::uninit();
    /// Runs it with a power of two, of which each has to be written out.
    macro_rules! run_with {
        ($($bytes:literal)*) => {
            // SAFETY: there is one sample at each place, and a value has no more bytes.
            match const { widest::<X, L>().next_power_of_two() } {
                $($bytes => unsafe { run::<$bytes, X, L, _>(Library, layer, x, output.as_mut_ptr(), 1, 1) },)*
                0..0x100 => unsafe { run::<0x100, X, L, _>(Library, layer, x, output.as_mut_ptr(), 1, 1) },
                _ => const { assert!(widest::<X, L>() <= MOST, "a value has more than 16 MB") },
            }
        };
    }
    run_with! {
        0x100 0x200 0x400 0x800 0x1000 0x2000 0x4000 0x8000 0x1_0000 0x2_0000 0x4_0000 0x8_0000
        0x10_0000 0x20_0000 0x40_0000 0x80_0000 0x100_0000
    }
    // SAFETY: `run` filled it.
    unsafe { output.assume_init() }
}

/// The bytes of the largest value between two stages: no thread has a stack for larger ones.
const MOST: usize = 0x100_0000;

/// Fills `outputs`, which is as long as `inputs`.
#[inline(always)]
pub(super) fn forward_batch<X: Value, L: Layer<X>>(
    layer: &L,
    inputs: &[X],
    outputs: &mut [L::Output],
) {
    /// The bytes of each buffer.
    const BUFFER: usize = if cfg!(feature = "std") {
        64 << 10
    } else {
        2 << 10
    };
    if const { BUFFER / widest::<X, L>() < 2 } {
        for (input, output) in inputs.iter().zip(outputs) {
            *output = layer.forward(input);
        }
        return;
    }
    // A multiple of the samples in a kernel's tile, if there is room for a few tiles.
    let fit = const { BUFFER / widest::<X, L>() };
    let block = if fit >= 12 { fit / 12 * 12 } else { fit };
    let samples = inputs.len().min(outputs.len());
    // SAFETY: there are as many of both, and `block` of the widest value have room in a buffer.
    unsafe {
        let (inputs, outputs) = (inputs.as_ptr(), outputs.as_mut_ptr());
        run::<BUFFER, X, L, _>(Library, layer, inputs, outputs, samples, block);
    }
}

/// The bytes of the largest value between two stages, or at the end.
pub(super) const fn widest<X: Value, L: Layer<X>>() -> usize {
    wider(
        &L::LAYOUT,
        size_of::<X::Scalar>(),
        if size_of::<L::Output>() == 0 {
            1
        } else {
            size_of::<L::Output>()
        },
    )
}

/// `least`, or the bytes of the largest value that a stage gives.
const fn wider(layout: &Layout, scalar: usize, least: usize) -> usize {
    let mut widest = least;
    match layout {
        Layout::Tensor(_) => {}
        Layout::Array { item, .. } => widest = wider(item, scalar, widest),
        Layout::Struct(fields) => {
            let mut rest = *fields;
            while let [field, tail @ ..] = rest {
                if let Some(stage) = field.stage
                    && stage.outputs * scalar > widest
                {
                    widest = stage.outputs * scalar;
                }
                widest = wider(&field.layout, scalar, widest);
                rest = tail;
            }
        }
    }
    widest
}

/// Half of the values between stages. A vector that crosses cache lines takes twice as long, and
/// how a stack is aligned changes from run to run.
#[repr(C, align(64))]
struct Buffer<const BYTES: usize>(MaybeUninit<[u8; BYTES]>);

/// Fills `samples` outputs, `block` at a time.
///
/// # Safety
///
/// `inputs` leads to so many values and `outputs` to room for as many, and `block` values of any
/// stage have no more than `BYTES`.
#[allow(
    clippy::large_stack_arrays,
    reason = "it must not allocate; values of this size are on the stack anyway"
)]
#[inline(always)]
pub(super) unsafe fn run<const BYTES: usize, X: Value, L: Layer<X>, S: Linears>(
    linears: S,
    layer: &L,
    inputs: *const X,
    outputs: *mut L::Output,
    samples: usize,
    block: usize,
) {
    let mut buffers = [const { Buffer::<BYTES>(MaybeUninit::uninit()) }; 2];
    let mut done = 0;
    while done < samples {
        // SAFETY: `done` is less than there are.
        let (input, output) = unsafe { (inputs.add(done), outputs.add(done)) };
        let mut flow = InBuffers {
            linears,
            samples: block.min(samples - done),
            value: input.cast(),
            buffers: buffers
                .each_mut()
                .map(|buffer| buffer.0.as_mut_ptr().cast()),
            bytes: BYTES,
            output: output.cast(),
            output_size: size_of::<L::Output>(),
        };
        let _ = layer.flow::<InBuffers<S>>(&mut flow, &PhantomData);
        if !ptr::eq(flow.value, flow.output) {
            // SAFETY: the last stage left as many outputs in a buffer.
            unsafe { ptr::copy_nonoverlapping(flow.value.cast(), output, flow.samples) };
        }
        done += flow.samples;
    }
}

/// Samples one after another in memory. Whatever stage is next reads `value`, writes to another
/// place and makes that the value.
struct InBuffers<S> {
    linears: S,
    samples: usize,
    /// Where the values are: the inputs, a buffer, or the outputs.
    value: *const u8,
    /// The first of which is written to next.
    buffers: [*mut u8; 2],
    /// The room in each.
    bytes: usize,
    output: *mut u8,
    /// Bytes for each sample there.
    output_size: usize,
}

impl<S: Linears> InBuffers<S> {
    /// Where a stage with an `X` for each sample writes.
    #[inline(always)]
    fn place<X: Value>(&mut self) -> *mut X {
        let size = size_of::<X>();
        let place = if size == self.output_size && !ptr::eq(self.value, self.output) {
            self.output
        } else {
            // By its layout, which is true, no value is larger.
            debug_assert!(self.samples * size <= self.bytes, "a stage gives more");
            self.buffers.swap(0, 1);
            self.buffers[1]
        };
        self.value = place;
        place.cast()
    }
}

impl<S: Linears> Flow for InBuffers<S> {
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
            let weights = Weights::new(weight.as_slice(), bias, OUT);
            let values = Values { x, y: y.cast() };
            let (linears, samples) = (self.linears, self.samples);
            linears.linear::<T, IN, OUT>(weights, values, samples, function);
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
