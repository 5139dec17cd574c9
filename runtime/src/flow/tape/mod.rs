//! A block of samples on its way through a network and back: values one after another on a tape,
//! gradients in a few slots.
//!
//! A layer that takes statistics of the batch must have seen all blocks before the first of them can go
//! on. So a batch of several blocks goes through a network with `n` such layers 2n + 1 times: n times there,
//! once for each layer's mean and variance, n times there and back, for what the way back needs of the
//! batch, and once more for the gradient. A batch of one block goes once.
#![allow(unsafe_code, reason = "a buffer holds the values and the gradients")]

mod back;
mod needs;

use core::{
    cell::Cell,
    marker::PhantomData,
    mem::{MaybeUninit, align_of},
    ptr, slice,
};

use nalgebra::{SMatrix, SVector};

use needs::Needs;
pub use needs::{AnyRoom, Room, bytes};

use super::{
    Flow,
    batch_norm::{Batch, Phase, Statistics},
    fits, put,
    record::{Judge, Samples, Standardized, Start},
    slide::Slide,
    slots::{LINE, Readers, Slots},
    standardized,
};
use crate::{
    backward::Trainable,
    kernels::{
        Function, Linear, Map, MapEach, MapRow, MapRows, Sizes, Values, Weights, Zip, ZipEach,
        dispatch::dispatch,
    },
    layer::Layer,
    scalar::Scalar,
    value::Value,
};

/// Room for the transposed weights of small layers, and for the gradients of narrow ones before they are turned:
/// they stay from block to block.
const TURNED: usize = if cfg!(feature = "std") { 8 << 10 } else { 0 };

/// Puts the sum of what the samples give into `gradient`. By itself: whoever has so large a
/// frame touches each page of it, used or not.
#[inline(never)]
pub(super) fn gradient<X, L, R, S, J>(
    layer: &L,
    gradient: &mut L,
    mut inputs: S,
    judge: &mut J,
    start: Start,
) where
    X: Value,
    L: Layer<X> + Trainable<X, Output = <L as Layer<X>>::Output>,
    R: AnyRoom,
    S: Samples<X>,
    J: Judge<<L as Layer<X>>::Output>,
{
    let mut room = R::new();
    let mut turned = needs::Room::<TURNED>::new();
    let needs = const { Needs::of::<X, L>(false) };
    assert!(R::BYTES >= needs.bytes(needs.block()), "there is no room");
    let most = needs.block().min(inputs.most());
    let blocks = inputs.len().div_ceil(most).max(1);
    let block = inputs
        .len()
        .div_ceil(blocks)
        .next_multiple_of(if most < 12 { 1 } else { 12 })
        .min(most);
    let layers = const { standardized(&L::LAYOUT).0 };
    let passes = if blocks == 1 { 1 } else { 2 * layers + 1 };
    for pass in 0..passes {
        judge.begin();
        let mut done = 0;
        while done < inputs.len() {
            let count = block.min(inputs.len() - done);
            let batch = Batch {
                samples: inputs.len(),
                done,
                phase: Phase::of(pass, passes, layers),
            };
            let readers = Cell::new(0);
            // SAFETY: the room has what a block needs, and `done` is less than there are.
            unsafe {
                let base = room.as_mut_ptr();
                let mut tape = Tape::new(base, R::BYTES, needs, count, &readers, batch, start);
                tape.turned = (turned.as_mut_ptr(), TURNED);
                let x = OnTape::new(inputs.block(done, count).as_ptr().cast_mut().cast());
                x.is_shared.set(true);
                let (y, kept) = layer.keep(&mut tape, x);
                if !matches!(batch.phase, Phase::There(_)) {
                    let dy = tape.slots.take::<<L as Layer<X>>::Output>();
                    judge.judge(
                        done,
                        slice::from_raw_parts(y.at.cast(), count),
                        slice::from_raw_parts_mut(dy.at.cast(), count),
                    );
                    layer.back::<_, false>(gradient, &mut tape, kept, dy);
                }
            }
            done += count;
        }
    }
}

/// A value of each sample on the tape, or the inputs.
pub(crate) struct OnTape<X> {
    at: *mut u8,
    /// Whether somebody else reads it, so that it may not be changed.
    is_shared: Cell<bool>,
    value: PhantomData<X>,
}

impl<X> OnTape<X> {
    #[inline(always)]
    fn new(at: *mut u8) -> Self {
        Self {
            at,
            is_shared: Cell::new(false),
            value: PhantomData,
        }
    }
}

/// A block of samples.
pub(crate) struct Tape<'f> {
    /// Where gradients are.
    slots: Slots<'f>,
    /// Where the next value goes.
    top: *mut u8,
    end: *mut u8,
    /// Room for transposed weights, and how many bytes of it are free.
    turned: (*mut u8, usize),
    /// Whether the gradient holds nothing yet.
    is_first: bool,
    start: Start,
    draws: u64,
    batch: Batch,
    /// Those of each feature that is standardized.
    statistics: *mut Statistics,
    standardized: Standardized,
}

impl<'f> Tape<'f> {
    /// # Safety
    ///
    /// `base` leads to `bytes` bytes, as many as a block of `count` samples needs, at the start of a
    /// cache line, and the statistics in them are those of the batch.
    #[inline(always)]
    unsafe fn new(
        base: *mut u8,
        bytes: usize,
        needs: Needs,
        count: usize,
        readers: &'f Readers,
        batch: Batch,
        start: Start,
    ) -> Self {
        let stride = (count * needs.slot).next_multiple_of(LINE);
        // SAFETY: by the caller.
        unsafe {
            let buffer = base.add(needs.statistics());
            Self {
                slots: Slots {
                    samples: count,
                    readers,
                    buffer,
                    count: needs.slots,
                    stride,
                    output: ptr::null_mut(),
                    output_size: usize::MAX,
                    waits: false,
                },
                top: buffer.add(needs.slots * stride),
                end: base.add(bytes),
                turned: (ptr::null_mut(), 0),
                is_first: batch.done == 0,
                start: Start {
                    first: start.first + batch.done as u64,
                    ..start
                },
                draws: 0,
                batch,
                statistics: base.cast(),
                standardized: Standardized::default(),
            }
        }
    }
}

impl Tape<'_> {
    /// A place on the tape.
    #[inline(always)]
    fn push<X: Value>(&mut self) -> OnTape<X> {
        debug_assert!(
            align_of::<X>() <= LINE,
            "a line begins wherever a value may"
        );
        let at = self.top;
        let bytes = (self.slots.samples * size_of::<X>()).next_multiple_of(LINE);
        // By what layers say of themselves, no more values are given.
        assert!(
            bytes <= self.end as usize - at as usize,
            "a layer gives more values"
        );
        // SAFETY: there is as much.
        self.top = unsafe { at.add(bytes) };
        OnTape::new(at)
    }

    /// The same value where it may be changed.
    #[inline(always)]
    fn own<X: Value>(&mut self, x: OnTape<X>) -> OnTape<X> {
        if !x.is_shared.get() {
            return x;
        }
        let y = self.push::<X>();
        // SAFETY: both have a value of each sample, in different places.
        unsafe { ptr::copy_nonoverlapping(x.at.cast::<X>(), y.at.cast::<X>(), self.slots.samples) };
        y
    }

    /// The statistics of a layer's features.
    #[inline(always)]
    #[allow(
        clippy::mut_from_ref,
        reason = "they are in the buffer, and one layer at a time has its own"
    )]
    fn of(&self, which: Standardized, channels: usize) -> &mut [Statistics] {
        // SAFETY: the layout says how many channels there are.
        unsafe { slice::from_raw_parts_mut(self.statistics.add(which.features), channels) }
    }

    /// How many numbers a value has in all samples.
    #[inline(always)]
    fn len<X: Value>(&self) -> usize {
        self.slots.samples * X::LEN
    }

    /// A gradient's numbers.
    #[inline(always)]
    fn numbers<'a, X: Value>(&self, at: *mut u8) -> &'a mut [X::Scalar] {
        // SAFETY: there is a value of each sample, which is its numbers, and whoever asks is its
        // only reader.
        unsafe { slice::from_raw_parts_mut(at.cast(), self.len::<X>()) }
    }
}

impl Flow for Tape<'_> {
    type Of<X: Value> = OnTape<X>;

    #[inline(always)]
    fn linear<T: Scalar, const IN: usize, const OUT: usize>(
        &mut self,
        weight: &SMatrix<T, OUT, IN>,
        bias: &[T],
        x: OnTape<SVector<T, IN>>,
        function: Function,
    ) -> OnTape<SVector<T, OUT>> {
        let y = self.push::<SVector<T, OUT>>();
        // SAFETY: both have a value of each sample.
        unsafe {
            let weights = Weights::new(weight.as_slice(), bias, OUT);
            let values = Values {
                x: x.at.cast_const().cast(),
                y: y.at.cast(),
            };
            let sizes = Sizes::of::<IN, OUT>();
            let samples = self.slots.samples;
            T::linear(&Linear::new(weights, values, sizes, samples, function));
        }
        y
    }

    #[inline(always)]
    fn slide<X: Value, L: Slide<X>>(
        &mut self,
        layer: &L,
        x: OnTape<X>,
        function: Function,
    ) -> OnTape<L::Output> {
        let y = self.push::<L::Output>();
        for sample in 0..self.slots.samples {
            // SAFETY: there is a value of each sample, and room for one.
            unsafe {
                let (x, y) = (x.at.cast::<X>(), y.at.cast::<MaybeUninit<L::Output>>());
                layer.slide(&*x.add(sample), &mut *y.add(sample), function);
            }
        }
        y
    }

    #[inline(always)]
    fn function<X: Value>(&mut self, function: Function, x: OnTape<X>) -> OnTape<X> {
        if let Function::Identity = function {
            return x;
        }
        let x = self.own(x);
        X::Scalar::apply(function, self.numbers::<X>(x.at), X::CHANNELS);
        x
    }

    #[inline(always)]
    fn map<X: Value, M: Map>(&mut self, map: &M, x: OnTape<X>) -> OnTape<X> {
        let x = self.own(x);
        dispatch(MapEach {
            map,
            x: x.at.cast::<X::Scalar>(),
            len: self.len::<X>(),
        });
        x
    }

    #[inline(always)]
    fn row<X: Value, M: MapRow<X::Scalar>>(&mut self, map: &M, x: OnTape<X>) -> OnTape<X> {
        let from = x.at;
        let y = if x.is_shared.get() {
            self.push::<X>()
        } else {
            x
        };
        dispatch(MapRows {
            map,
            x: from.cast_const().cast::<X::Scalar>(),
            y: y.at.cast(),
            width: X::CHANNELS,
            rows: self.slots.samples * X::SHAPE.places(),
        });
        y
    }

    #[inline(always)]
    fn layer<X: Value, L: Layer<X>>(&mut self, layer: &L, x: OnTape<X>) -> OnTape<L::Output> {
        let y = self.push::<L::Output>();
        for sample in 0..self.slots.samples {
            // SAFETY: both have a value of each sample.
            unsafe {
                let x = &*x.at.cast::<X>().add(sample);
                y.at.cast::<L::Output>().add(sample).write(layer.forward(x));
            }
        }
        y
    }

    #[inline(always)]
    fn share<X: Value>(&mut self, x: &OnTape<X>) -> OnTape<X> {
        x.is_shared.set(true);
        let again = OnTape::new(x.at);
        again.is_shared.set(true);
        again
    }

    #[inline(always)]
    fn zip<X: Value>(&mut self, zip: Zip, x: OnTape<X>, y: OnTape<X>) -> OnTape<X> {
        // Both orders are the same to a sum and to a product.
        let (x, y) = if x.is_shared.get() { (y, x) } else { (x, y) };
        let x = self.own(x);
        X::Scalar::zip(ZipEach {
            zip,
            x: x.at.cast(),
            y: y.at.cast_const().cast(),
            len: self.len::<X>(),
        });
        x
    }

    #[inline(always)]
    fn room<X: Value>(&mut self) -> OnTape<X> {
        self.push::<X>()
    }

    #[inline(always)]
    fn put<X: Value, Y: Value<Scalar = X::Scalar>>(
        &mut self,
        y: OnTape<Y>,
        at: usize,
        x: OnTape<X>,
    ) -> OnTape<Y> {
        // SAFETY: both have a value of each sample.
        unsafe { put::<X, Y>(x.at.cast(), y.at.cast(), at, self.slots.samples) };
        y
    }
}
