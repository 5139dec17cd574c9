//! One sample, or many a block at a time, which stays in the cache through the whole network.
#![allow(unsafe_code, reason = "a buffer holds the values between stages")]

use core::{cell::Cell, mem::MaybeUninit, ptr};

use nalgebra::{SMatrix, SVector};

use super::{
    Flow,
    ahead::Ahead,
    parts::{self, Turn},
    put,
    slide::Slide,
    slots::{Handle, INPUT, OUTPUT, Slots, is_missed, room, slots, stride, widest},
};
use crate::{
    kernels::{
        Function, Kernel, Linear, Map, MapEach, MapRow, MapRows, Sizes, Values, Weights, Zip,
        ZipEach, dispatch::dispatch,
    },
    layer::Layer,
    scalar::Scalar,
    value::Value,
};

/// Who calculates.
pub(super) trait Arithmetic: Copy {
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

    /// What doesn't know the sizes.
    fn run<K: Kernel<Output = ()>>(self, kernel: K);
}

/// The kernels that were compiled with this library.
#[derive(Clone, Copy)]
pub(super) struct Library;

impl Arithmetic for Library {
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

    #[inline(always)]
    fn run<K: Kernel<Output = ()>>(self, kernel: K) {
        dispatch(kernel);
    }
}

/// `layer.forward(x)`, in a buffer that has room for all values.
#[inline(always)]
pub(super) fn forward<X: Value, L: Layer<X>>(layer: &L, x: &X) -> L::Output {
    let mut output = MaybeUninit::uninit();
    // SAFETY: there is room for it, and it is filled.
    unsafe {
        fill(layer, x, output.as_mut_ptr());
        output.assume_init()
    }
}

/// Puts `layer.forward(x)` there. Out of line, it writes to where `forward`'s caller wants the output; in line,
/// the compiler would copy an image there at the end.
///
/// # Safety
///
/// There is room for it.
#[inline(never)]
unsafe fn fill<X: Value, L: Layer<X>>(layer: &L, x: &X, output: *mut L::Output) {
    /// Runs it with a power of two, of which each has to be written out.
    macro_rules! run_with {
        ($($bytes:literal)*) => {
            // SAFETY: there is one sample at each place, and the buffer has room for all values.
            match const { room::<X, L>().next_power_of_two() } {
                $($bytes => unsafe { run::<$bytes, X, L, _>(Library, layer, x, output, 1, 1) },)*
                0..0x200 => unsafe { run::<0x200, X, L, _>(Library, layer, x, output, 1, 1) },
                _ => const { assert!(room::<X, L>() <= MOST, "the values between stages take more than 32 MB") },
            }
        };
    }
    run_with! {
        0x200 0x400 0x800 0x1000 0x2000 0x4000 0x8000 0x1_0000 0x2_0000 0x4_0000 0x8_0000
        0x10_0000 0x20_0000 0x40_0000 0x80_0000 0x100_0000 0x200_0000
    }
}

/// The bytes of all values between stages: no thread has a stack for more.
const MOST: usize = 0x200_0000;

/// Fills `outputs`, which is as long as `inputs`.
#[inline(always)]
pub(super) fn forward_batch<X: Value, L: Layer<X>>(
    layer: &L,
    inputs: &[X],
    outputs: &mut [L::Output],
) {
    /// The bytes of all slots.
    const BUFFER: usize = if cfg!(feature = "std") {
        128 << 10
    } else {
        4 << 10
    };
    // How many samples of the widest value have room in a slot.
    let fit = const { stride(BUFFER, slots::<X, L>()) / widest::<X, L>() };
    if fit < 12 && const { parts::block::<BUFFER, X, L>().0 >= 2 } {
        let samples = inputs.len().min(outputs.len());
        let (inputs, outputs) = (inputs.as_ptr(), outputs.as_mut_ptr());
        // SAFETY: there are as many of both.
        return unsafe { parts::run::<BUFFER, X, L>(layer, inputs, outputs, samples) };
    }
    if fit < 2 {
        for (input, output) in inputs.iter().zip(outputs) {
            // SAFETY: there is room for one, which is a value of numbers.
            unsafe { fill(layer, input, output) };
        }
        return;
    }
    // Two of more don't stay in a first-level cache together, with what is made of them.
    let is_large = const { size_of::<X>() >= 8 << 10 };
    let block = if fit >= 12 {
        // A multiple of the samples in a kernel's tile, since there is room for a few tiles.
        fit / 12 * 12
    } else if is_large && const { !parts::has_linear(&L::LAYOUT) } {
        // Layers over images share nothing between samples.
        1
    } else {
        fit
    };
    let samples = inputs.len().min(outputs.len());
    // SAFETY: there are as many of both, and `block` of the widest value have room in a slot.
    unsafe {
        let (inputs, outputs) = (inputs.as_ptr(), outputs.as_mut_ptr());
        run::<BUFFER, X, L, _>(Library, layer, inputs, outputs, samples, block);
    }
}

/// The values between stages, slot by slot. How a stack is aligned changes from run to run, if
/// nothing is said.
#[repr(C, align(64))]
pub(super) struct Buffer<const BYTES: usize>(pub(super) MaybeUninit<[u8; BYTES]>);

/// Fills `samples` outputs, `block` at a time.
///
/// # Safety
///
/// `inputs` leads to so many values and `outputs` to room for as many, and `block` values of any
/// stage have room in a slot, of which the buffer has [`slots`].
#[allow(
    clippy::large_stack_arrays,
    reason = "it must not allocate; values of this size are on the stack anyway"
)]
#[inline(always)]
pub(super) unsafe fn run<const BYTES: usize, X: Value, L: Layer<X>, A: Arithmetic>(
    arithmetic: A,
    layer: &L,
    inputs: *const X,
    outputs: *mut L::Output,
    samples: usize,
    block: usize,
) {
    let mut buffer = Buffer::<BYTES>(MaybeUninit::uninit());
    let mut done = 0;
    while done < samples {
        // SAFETY: `done` is less than there are.
        let (input, output) = unsafe { (inputs.add(done), outputs.add(done)) };
        let readers = Cell::new(0);
        let count = block.min(samples - done);
        let mut flow = InBuffers {
            arithmetic,
            slots: Slots {
                samples: count,
                readers: &readers,
                buffer: buffer.0.as_mut_ptr().cast(),
                count: const { slots::<X, L>() },
                stride: const { stride(BYTES, slots::<X, L>()) },
                output: output.cast(),
                output_size: size_of::<L::Output>(),
                waits: const { is_missed(&L::LAYOUT, size_of::<X::Scalar>(), size_of::<L::Output>()) },
            },
            skips: false,
            turn: None,
            ahead: Ahead::behind(input, block == 1 && done + 1 < samples),
        };
        let input = flow.slots.handle(input.cast_mut().cast(), INPUT);
        let y = layer.flow::<InBuffers<'_, A>>(&mut flow, input);
        if y.slot != OUTPUT {
            // SAFETY: the last stage left as many outputs there.
            unsafe { ptr::copy_nonoverlapping(y.at.cast(), output, count) };
        }
        done += count;
    }
}

/// Samples one after another in memory.
pub(super) struct InBuffers<'f, A> {
    pub(super) arithmetic: A,
    pub(super) slots: Slots<'f>,
    /// Whether stages are passed over: they are of the other [part](parts).
    pub(super) skips: bool,
    pub(super) turn: Option<Turn>,
    pub(super) ahead: Ahead,
}

impl<'f, A: Arithmetic> Flow for InBuffers<'f, A> {
    type Of<X: Value> = Handle<'f, X>;

    #[inline(always)]
    fn linear<T: Scalar, const IN: usize, const OUT: usize>(
        &mut self,
        weight: &SMatrix<T, OUT, IN>,
        bias: &[T],
        x: Handle<'f, SVector<T, IN>>,
        function: Function,
    ) -> Handle<'f, SVector<T, OUT>> {
        let x = self.turn(x);
        let y = self.slots.take::<SVector<T, OUT>>();
        if self.skips {
            return y;
        }
        // SAFETY: the stage before wrote `samples` values of its type to `x`, and there is room
        // for as many at `y`, which is another place.
        unsafe {
            let weights = Weights::new(weight.as_slice(), bias, OUT);
            let values = Values {
                x: x.at.cast_const().cast(),
                y: y.at.cast(),
            };
            let (arithmetic, samples) = (self.arithmetic, self.slots.samples);
            arithmetic.linear::<T, IN, OUT>(weights, values, samples, function);
        }
        y
    }

    #[inline(always)]
    fn slide<X: Value, L: Slide<X>>(
        &mut self,
        layer: &L,
        x: Handle<'f, X>,
        function: Function,
    ) -> Handle<'f, L::Output> {
        let y = self.slots.take::<L::Output>();
        if self.skips {
            return y;
        }
        let ahead = self.ahead.take::<X, L>(layer, x.slot == INPUT);
        for sample in 0..self.slots.samples {
            // SAFETY: as in `linear`.
            unsafe {
                let (x, y) = (x.at.cast::<X>(), y.at.cast::<MaybeUninit<L::Output>>());
                let (x, y) = (&*x.add(sample), &mut *y.add(sample));
                layer.slide_before(x, y, function, ahead);
            }
        }
        y
    }

    #[inline(always)]
    fn pooled<X: Value, L: Slide<X>, P: Slide<L::Output>>(
        &mut self,
        layer: &L,
        pool: &P,
        x: Handle<'f, X>,
        function: Function,
    ) -> Handle<'f, P::Output> {
        self.slide_pooled(layer, pool, x, function)
    }

    #[inline(always)]
    fn function<X: Value>(&mut self, function: Function, x: Handle<'f, X>) -> Handle<'f, X> {
        if self.skips {
            return x;
        }
        let x = self.slots.own(x);
        // SAFETY: there are `samples` values of `X`, which are numbers, and nobody else has them.
        let numbers =
            unsafe { core::slice::from_raw_parts_mut(x.at.cast(), self.slots.samples * X::LEN) };
        X::Scalar::apply(function, numbers, X::CHANNELS);
        x
    }

    #[inline(always)]
    fn map<X: Value, M: Map>(&mut self, map: &M, x: Handle<'f, X>) -> Handle<'f, X> {
        if self.skips {
            return x;
        }
        let x = self.slots.own(x);
        self.arithmetic.run(MapEach {
            map,
            x: x.at.cast::<X::Scalar>(),
            len: self.slots.samples * X::LEN,
        });
        x
    }

    #[inline(always)]
    fn row<X: Value, M: MapRow<X::Scalar>>(&mut self, map: &M, x: Handle<'f, X>) -> Handle<'f, X> {
        if self.skips {
            return x;
        }
        let from = x.at;
        // Where somebody else reads it, it stays, and so does its place.
        let y = if x.is_last() {
            x
        } else {
            self.slots.take::<X>()
        };
        self.arithmetic.run(MapRows {
            map,
            x: from.cast_const().cast::<X::Scalar>(),
            y: y.at.cast(),
            width: X::CHANNELS,
            rows: self.slots.samples * X::SHAPE.places(),
        });
        y
    }

    #[inline(always)]
    fn layer<X: Value, L: Layer<X>>(
        &mut self,
        layer: &L,
        x: Handle<'f, X>,
    ) -> Handle<'f, L::Output> {
        let y = self.slots.take::<L::Output>();
        if self.skips {
            return y;
        }
        let (from, to) = (x.at.cast::<X>(), y.at.cast::<L::Output>());
        for sample in 0..self.slots.samples {
            // SAFETY: as in `linear`.
            unsafe { to.add(sample).write(layer.forward(&*from.add(sample))) };
        }
        y
    }

    #[inline(always)]
    fn share<X: Value>(&mut self, x: &Handle<'f, X>) -> Handle<'f, X> {
        self.slots.handle(x.at, x.slot)
    }

    #[inline(always)]
    fn zip<X: Value>(&mut self, zip: Zip, x: Handle<'f, X>, y: Handle<'f, X>) -> Handle<'f, X> {
        if self.skips {
            return x;
        }
        // Both orders are the same to a sum and to a product.
        let (x, y) = if x.is_last() { (x, y) } else { (y, x) };
        let x = self.slots.own(x);
        X::Scalar::zip(ZipEach {
            zip,
            x: x.at.cast(),
            y: y.at.cast_const().cast(),
            len: self.slots.samples * X::LEN,
        });
        x
    }

    #[inline(always)]
    fn room<X: Value>(&mut self) -> Handle<'f, X> {
        self.slots.take::<X>()
    }

    #[inline(always)]
    fn put<X: Value, Y: Value<Scalar = X::Scalar>>(
        &mut self,
        y: Handle<'f, Y>,
        at: usize,
        x: Handle<'f, X>,
    ) -> Handle<'f, Y> {
        if self.skips {
            return y;
        }
        // SAFETY: both have `samples` values.
        unsafe { put::<X, Y>(x.at.cast(), y.at.cast(), at, self.slots.samples) };
        y
    }
}
