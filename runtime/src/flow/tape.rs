//! A block of samples on its way through a network and back: values one after another on a tape,
//! gradients in a few slots.
//!
//! A layer that takes statistics of the batch must have seen all blocks before the first of them can go
//! on. So a batch of several blocks goes through a network with `n` such layers 2n + 1 times: n times there,
//! once for each layer's mean and variance, n times there and back, for what the way back needs of the
//! batch, and once more for the gradient. A batch of one block goes once.
#![allow(unsafe_code, reason = "a buffer holds the values and the gradients")]

use core::{
    cell::Cell,
    marker::PhantomData,
    mem::{MaybeUninit, align_of},
    ptr, slice,
};

use nalgebra::{SMatrix, SVector};

use super::{
    Flow,
    batch_norm::{self, Batch, Phase, Statistics},
    buffers::{LINE, slots, widest},
    record::{Judge, Record, Samples, Standardized, Start},
    slots::{Handle, NOWHERE, Readers, Slots},
    standardized,
};
use crate::{
    backward::{Backward, Trainable},
    kernels::{
        BackEach, Function, InputGradient, Linear, Map, MapEach, Sizes, SlopeEach, Values,
        WeightGradient, Weights, Zip, ZipEach, dispatch::dispatch,
    },
    layer::Layer,
    parameters::{Parameters, layout::Layout},
    scalar::Scalar,
    value::Value,
};

/// Blocks that stay in the first-level cache are as fast as any, but no faster than those that give
/// a weight's gradient enough samples at a time.
const CACHE: usize = if cfg!(feature = "std") { 48 } else { 4 } << 10;

/// The bytes of the largest block that is made for them.
const MOST: usize = if cfg!(feature = "std") { 192 } else { 4 } << 10;

/// So many samples are enough.
const ENOUGH: usize = 64;

/// What a step needs for the values and gradients between the layers, for a block of samples.
#[derive(Clone, Copy)]
struct Needs {
    /// Bytes on the tape, for each sample.
    tape: usize,
    /// Values on the tape, of which each begins a cache line.
    values: usize,
    /// Bytes in each slot, for each sample.
    slot: usize,
    slots: usize,
    /// Features whose statistics over the batch are taken.
    features: usize,
}

impl Needs {
    const fn of<X: Value, L: Layer<X>>(input: bool) -> Self {
        let (tape, values) = given(&L::LAYOUT, size_of::<X::Scalar>());
        let widest = widest::<X, L>();
        Self {
            tape,
            values: values + 1,
            slot: if input && size_of::<X>() > widest {
                size_of::<X>()
            } else {
                widest
            },
            slots: slots::<X, L>(),
            features: standardized(&L::LAYOUT).1,
        }
    }

    /// The bytes of a block.
    const fn bytes(&self, samples: usize) -> usize {
        let padding = (self.values + self.slots) * LINE;
        samples * (self.tape + self.slots * self.slot) + padding + self.statistics()
    }

    /// The bytes of the batch's statistics.
    const fn statistics(&self) -> usize {
        (self.features * size_of::<Statistics>()).next_multiple_of(LINE)
    }

    /// The most samples that have room.
    const fn fit(&self, bytes: usize) -> usize {
        let each = self.tape + self.slots * self.slot;
        bytes.saturating_sub(self.bytes(0)) / if each == 0 { 1 } else { each }
    }

    /// How many samples go through the network at a time.
    const fn block(&self) -> usize {
        let (small, large) = (self.fit(CACHE), self.fit(MOST));
        let enough = if large < ENOUGH { large } else { ENOUGH };
        let block = if small < enough { enough } else { small };
        match block {
            0 => 1,
            // A multiple of the samples in a kernel's tile.
            12.. => block / 12 * 12,
            _ => block,
        }
    }
}

/// The bytes and the number of all values that stages give for one sample.
const fn given(layout: &Layout, scalar: usize) -> (usize, usize) {
    match layout {
        Layout::Tensor(_) => (0, 0),
        Layout::Array { len, item, .. } => {
            let (bytes, values) = given(item, scalar);
            (*len * bytes, *len * values)
        }
        Layout::Struct(fields) => {
            let mut sum = (0, 0);
            let mut rest = *fields;
            while let [field, tail @ ..] = rest {
                if let Some(stage) = field.stage {
                    sum = (sum.0 + stage.outputs * scalar, sum.1 + 1);
                }
                let inside = given(&field.layout, scalar);
                sum = (sum.0 + inside.0, sum.1 + inside.1);
                rest = tail;
            }
            sum
        }
    }
}

/// The bytes that a step needs beside the network and the gradient.
#[must_use]
pub const fn bytes<X: Value, L: Layer<X>>() -> usize {
    let needs = Needs::of::<X, L>(false);
    needs.bytes(needs.block())
}

/// Room for the values and the gradients of a block.
#[repr(C, align(64))]
pub struct Room<const BYTES: usize>(MaybeUninit<[u8; BYTES]>);

/// A [`Room`] of whatever size.
pub trait AnyRoom {
    /// Its bytes.
    const BYTES: usize;
    /// Nothing is in it.
    fn new() -> Self;
    /// Where it begins.
    fn as_mut_ptr(&mut self) -> *mut u8;
}

impl<const BYTES: usize> AnyRoom for Room<BYTES> {
    const BYTES: usize = BYTES;
    #[inline(always)]
    fn new() -> Self {
        Self(MaybeUninit::uninit())
    }
    #[inline(always)]
    fn as_mut_ptr(&mut self) -> *mut u8 {
        self.0.as_mut_ptr().cast()
    }
}

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
                },
                top: buffer.add(needs.slots * stride),
                end: base.add(bytes),
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
    fn of<const N: usize>(&self, which: Standardized) -> &mut [Statistics] {
        // SAFETY: the layout says how many features there are.
        unsafe { slice::from_raw_parts_mut(self.statistics.add(which.features), N) }
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
    fn function<X: Value>(&mut self, function: Function, x: OnTape<X>) -> OnTape<X> {
        if let Function::Identity = function {
            return x;
        }
        let x = self.own(x);
        X::Scalar::apply(function, self.numbers::<X>(x.at), X::LEN);
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
        assert!(at + X::LEN <= Y::LEN, "a branch gives more");
        for sample in 0..self.slots.samples {
            // SAFETY: both have a value of each sample.
            unsafe {
                let from = x.at.cast::<X>().add(sample).cast::<X::Scalar>();
                let to = y.at.cast::<Y>().add(sample).cast::<X::Scalar>().add(at);
                ptr::copy_nonoverlapping(from, to, X::LEN);
            }
        }
        y
    }
}

impl<'f> Record for Tape<'f> {
    type Slope<X: Value> = Handle<'f, X>;

    #[inline(always)]
    fn linear_back<T: Scalar, const IN: usize, const OUT: usize, const INPUT: bool>(
        &mut self,
        weight: &SMatrix<T, OUT, IN>,
        (dw, db): (&mut SMatrix<T, OUT, IN>, &mut [T]),
        x: OnTape<SVector<T, IN>>,
        dy: Handle<'f, SVector<T, OUT>>,
    ) -> Handle<'f, SVector<T, IN>> {
        let samples = self.slots.samples;
        let dy_at: *const T = dy.at.cast_const().cast();
        T::weight_gradient(&WeightGradient {
            x: x.at.cast_const().cast(),
            dy: dy_at,
            dw: dw.as_mut_slice().as_mut_ptr(),
            db: if db.len() == OUT {
                db.as_mut_ptr()
            } else {
                ptr::null_mut()
            },
            inputs: IN,
            outputs: OUT,
            samples,
            adds: !self.is_first,
        });
        if !INPUT {
            return self.nothing();
        }
        let dx = self.slots.take::<SVector<T, IN>>();
        T::input_gradient(&InputGradient {
            weight: weight.as_slice().as_ptr(),
            dy: dy_at,
            dx: dx.at.cast(),
            inputs: IN,
            outputs: OUT,
            samples,
        });
        dx
    }

    #[inline(always)]
    fn function_back<X: Value>(
        &mut self,
        function: Function,
        kept: OnTape<X>,
        dy: Handle<'f, X>,
    ) -> Handle<'f, X> {
        if let Function::Identity = function {
            return dy;
        }
        let dy = self.slots.own(dy);
        X::Scalar::function_back(&BackEach {
            function,
            kept: kept.at.cast_const().cast(),
            dy: dy.at.cast(),
            width: X::LEN,
            rows: self.slots.samples,
        });
        dy
    }

    #[inline(always)]
    fn map_back<X: Value, M: Map>(
        &mut self,
        map: &M,
        kept: OnTape<X>,
        dy: Handle<'f, X>,
    ) -> Handle<'f, X> {
        let dy = self.slots.own(dy);
        dispatch(SlopeEach {
            map,
            kept: kept.at.cast_const().cast::<X::Scalar>(),
            dy: dy.at.cast(),
            len: self.len::<X>(),
        });
        dy
    }

    #[inline(always)]
    fn layer_back<X: Value, L: Backward<X>, const INPUT: bool>(
        &mut self,
        layer: &L,
        gradient: &mut L,
        (x, y): (OnTape<X>, OnTape<L::Output>),
        dy: Handle<'f, L::Output>,
    ) -> Handle<'f, X> {
        self.begin(gradient);
        let dx = if INPUT {
            self.slots.take::<X>()
        } else {
            self.nothing()
        };
        for sample in 0..self.slots.samples {
            // SAFETY: all have a value of each sample.
            unsafe {
                let x = &*x.at.cast::<X>().add(sample);
                let y = &*y.at.cast::<L::Output>().add(sample);
                let dy = &*dy.at.cast::<L::Output>().add(sample);
                let back = layer.backward(gradient, x, y, dy);
                if INPUT {
                    dx.at.cast::<X>().add(sample).write(back);
                }
            }
        }
        dx
    }

    #[inline(always)]
    fn share_slope<X: Value>(&mut self, dy: &Handle<'f, X>) -> Handle<'f, X> {
        self.slots.handle(dy.at, dy.slot)
    }

    #[inline(always)]
    fn add_slopes<X: Value>(&mut self, a: Handle<'f, X>, b: Handle<'f, X>) -> Handle<'f, X> {
        let (a, b) = if a.is_last() { (a, b) } else { (b, a) };
        let a = self.slots.own(a);
        X::Scalar::zip(ZipEach {
            zip: Zip::Add,
            x: a.at.cast(),
            y: b.at.cast_const().cast(),
            len: self.len::<X>(),
        });
        a
    }

    #[inline(always)]
    fn scale_slope<X: Value>(&mut self, dy: Handle<'f, X>, x: &OnTape<X>) -> Handle<'f, X> {
        let dy = self.slots.own(dy);
        X::Scalar::zip(ZipEach {
            zip: Zip::Multiply,
            x: dy.at.cast(),
            y: x.at.cast_const().cast(),
            len: self.len::<X>(),
        });
        dy
    }

    #[inline(always)]
    fn part<X: Value, Y: Value<Scalar = X::Scalar>>(
        &mut self,
        dy: &Handle<'f, Y>,
        at: usize,
    ) -> Handle<'f, X> {
        assert!(at + X::LEN <= Y::LEN, "a branch gives more");
        let part = self.slots.take::<X>();
        for sample in 0..self.slots.samples {
            // SAFETY: both have a value of each sample.
            unsafe {
                let from = dy.at.cast::<Y>().add(sample).cast::<X::Scalar>().add(at);
                let to = part.at.cast::<X>().add(sample).cast::<X::Scalar>();
                ptr::copy_nonoverlapping(from, to, X::LEN);
            }
        }
        part
    }

    #[inline(always)]
    fn nothing<X: Value>(&mut self) -> Handle<'f, X> {
        self.slots.handle(ptr::null_mut(), NOWHERE)
    }

    #[inline(always)]
    fn begin<P: Parameters>(&mut self, gradient: &mut P) {
        if self.is_first {
            *gradient = P::ZEROS;
        }
    }

    fn standardize<T: Scalar, const N: usize>(
        &mut self,
        x: OnTape<SVector<T, N>>,
        eps: f64,
    ) -> (OnTape<SVector<T, N>>, Standardized) {
        let which = self.standardized;
        self.standardized.layer += 1;
        self.standardized.features += N;
        let x = self.own(x);
        let samples = self.numbers::<SVector<T, N>>(x.at);
        let batch = self.batch;
        let statistics = self.of::<N>(which);
        if batch.phase.takes(which) {
            batch_norm::add_samples(statistics, samples, batch.done);
        }
        if batch.phase.knows(which) {
            batch_norm::standardize(statistics, samples, batch.samples, eps);
        }
        (x, which)
    }

    fn standardize_back<T: Scalar, const N: usize>(
        &mut self,
        which: Standardized,
        eps: f64,
        kept: OnTape<SVector<T, N>>,
        dy: Handle<'f, SVector<T, N>>,
    ) -> Handle<'f, SVector<T, N>> {
        let dy = self.slots.own(dy);
        let slopes = self.numbers::<SVector<T, N>>(dy.at);
        let kept = &*self.numbers::<SVector<T, N>>(kept.at);
        let batch = self.batch;
        let statistics = self.of::<N>(which);
        if batch.phase.takes_back(which) {
            batch_norm::add_slopes(statistics, kept, slopes, batch.done == 0);
        }
        if batch.phase.knows_back(which) {
            batch_norm::back(statistics, kept, slopes, batch.samples, eps);
        }
        dy
    }

    fn statistics<const N: usize>(&self, which: Standardized) -> Option<[[f64; N]; 2]> {
        if !self.is_first {
            return None;
        }
        let statistics = self.of::<N>(which);
        let others = (self.batch.samples - 1) as f64;
        let (mut means, mut variances) = ([0.0; N], [0.0; N]);
        for ((mean, variance), of) in means.iter_mut().zip(&mut variances).zip(statistics) {
            (*mean, *variance) = (of.mean, of.squares / others);
        }
        Some([means, variances])
    }

    #[inline(always)]
    fn draw(&mut self) -> u64 {
        self.draws += 1;
        crate::random::mix(self.start.seed, self.draws)
    }

    #[inline(always)]
    fn change<X: Value>(
        &mut self,
        x: OnTape<X>,
        mut change: impl FnMut(u64, &mut [X::Scalar]),
    ) -> OnTape<X> {
        let x = self.own(x);
        let samples = self.numbers::<X>(x.at).chunks_exact_mut(X::LEN);
        for (sample, x) in (self.start.first..).zip(samples) {
            change(sample, x);
        }
        x
    }

    #[inline(always)]
    fn change_slope<X: Value>(
        &mut self,
        kept: OnTape<X>,
        dy: Handle<'f, X>,
        mut change: impl FnMut(u64, &[X::Scalar], &mut [X::Scalar]),
    ) -> Handle<'f, X> {
        let dy = self.slots.own(dy);
        let samples = self.numbers::<X>(dy.at).chunks_exact_mut(X::LEN);
        for (index, dy) in samples.enumerate() {
            // SAFETY: there is a value of each sample, which nobody changes meanwhile.
            let kept = unsafe { &*kept.at.cast::<X>().add(index) };
            change(self.start.first + index as u64, kept.as_slice(), dy);
        }
        dy
    }
}
