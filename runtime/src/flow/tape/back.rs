//! The way back, from the last value on the tape to the first.

use core::{mem::MaybeUninit, ptr};

use nalgebra::{SMatrix, SVector};

use super::{OnTape, Tape, fits};
use crate::{
    backward::Backward,
    flow::{
        batch_norm,
        record::{Record, Standardized},
        slide::Slide,
        slots::{Handle, LINE, NOWHERE},
    },
    kernels::{
        BackEach, Function, InputGradient, MANY_SAMPLES, Map, SlopeEach, WeightGradient, Zip,
        ZipEach, dispatch::dispatch,
    },
    parameters::Parameters,
    scalar::Scalar,
    value::Value,
};

impl<'f> Tape<'f> {
    /// A place for the gradient of what enters, if anybody reads it.
    #[inline(always)]
    fn for_input<X: Value, const INPUT: bool>(&mut self) -> Handle<'f, X> {
        if INPUT {
            self.slots.take::<X>()
        } else {
            self.nothing()
        }
    }
}

impl Tape<'_> {
    /// Where so many weights or their gradients stay transposed from block to block; null where there is no room.
    #[inline(always)]
    fn room_for_turned<T>(&mut self, len: usize) -> *mut T {
        let bytes = (len * size_of::<T>()).next_multiple_of(LINE);
        let (place, left) = self.turned;
        if bytes > left {
            return ptr::null_mut();
        }
        self.turned = (place.wrapping_add(bytes), left - bytes);
        place.cast()
    }
}

impl<'f> Record for Tape<'f> {
    type Slope<X: Value> = Handle<'f, X>;
    type Entered<X: Value> = OnTape<X>;

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
        // Those of more outputs stay as they are.
        let sideways =
            if OUT <= IN && OUT * size_of::<T>() <= LINE && self.batch.samples >= MANY_SAMPLES {
                self.room_for_turned::<T>(IN * OUT)
            } else {
                ptr::null_mut()
            };
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
            sideways,
            is_last: self.batch.done + samples == self.batch.samples,
        });
        if !INPUT {
            return self.nothing();
        }
        let dx = self.slots.take::<SVector<T, IN>>();
        let turned = self.room_for_turned::<T>(IN * OUT);
        T::input_gradient(&InputGradient {
            weight: weight.as_slice().as_ptr(),
            turned,
            is_turned: !turned.is_null() && !self.is_first,
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
            width: X::CHANNELS,
            rows: self.slots.samples * X::SHAPE.places(),
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
        let dx = self.for_input::<X, INPUT>();
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
    fn slide_back<X: Value, L: Slide<X>, const INPUT: bool>(
        &mut self,
        layer: &L,
        gradient: &mut L,
        x: OnTape<X>,
        dy: Handle<'f, L::Output>,
    ) -> Handle<'f, X> {
        self.begin(gradient);
        let dx = self.for_input::<X, INPUT>();
        for sample in 0..self.slots.samples {
            // SAFETY: all have a value of each sample, or room for one.
            unsafe {
                let x = &*x.at.cast::<X>().add(sample);
                let dy = &*dy.at.cast::<L::Output>().add(sample);
                let dx = INPUT.then(|| &mut *dx.at.cast::<MaybeUninit<X>>().add(sample));
                layer.slide_back(gradient, x, dy, dx);
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
        let part = self.slots.take::<X>();
        let places = fits::<X, Y>(at, self.slots.samples);
        for place in 0..places {
            // SAFETY: both have so many places, and the channels fit.
            unsafe {
                let from = dy.at.cast::<X::Scalar>().add(place * Y::CHANNELS + at);
                let to = part.at.cast::<X::Scalar>().add(place * X::CHANNELS);
                ptr::copy_nonoverlapping(from, to, X::CHANNELS);
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

    fn standardize<X: Value>(&mut self, x: OnTape<X>, eps: f64) -> (OnTape<X>, Standardized) {
        let which = self.standardized;
        self.standardized.layer += 1;
        self.standardized.features += X::CHANNELS;
        let x = self.own(x);
        let samples = self.numbers::<X>(x.at);
        let batch = self.batch.of_places(X::SHAPE.places());
        let statistics = self.of(which, X::CHANNELS);
        if batch.phase.takes(which) {
            batch_norm::add_samples(statistics, samples, batch.done);
        }
        if batch.phase.knows(which) {
            batch_norm::standardize(statistics, samples, batch.samples, eps);
        }
        (x, which)
    }

    fn standardize_back<X: Value>(
        &mut self,
        which: Standardized,
        eps: f64,
        kept: OnTape<X>,
        dy: Handle<'f, X>,
    ) -> Handle<'f, X> {
        let dy = self.slots.own(dy);
        let slopes = self.numbers::<X>(dy.at);
        let kept = &*self.numbers::<X>(kept.at);
        let batch = self.batch.of_places(X::SHAPE.places());
        let statistics = self.of(which, X::CHANNELS);
        if batch.phase.takes_back(which) {
            batch_norm::add_slopes(statistics, kept, slopes, batch.done == 0);
        }
        if batch.phase.knows_back(which) {
            batch_norm::back(statistics, kept, slopes, batch.samples, eps);
        }
        dy
    }

    fn statistics<const N: usize>(
        &self,
        which: Standardized,
        places: usize,
    ) -> Option<[[f64; N]; 2]> {
        if !self.is_first {
            return None;
        }
        let statistics = self.of(which, N);
        let others = (self.batch.samples * places - 1) as f64;
        let (mut means, mut variances) = ([0.0; N], [0.0; N]);
        for ((mean, variance), of) in means.iter_mut().zip(&mut variances).zip(statistics) {
            (*mean, *variance) = (of.mean, of.squares / others);
        }
        Some([means, variances])
    }

    #[inline(always)]
    fn draw(&mut self) -> u64 {
        self.draws += 1;
        self.start.draw(self.draws)
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
