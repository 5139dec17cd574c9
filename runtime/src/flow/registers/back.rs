//! The way back in registers, one sample after another.

use nalgebra::{SMatrix, SVector};

use super::{
    InRegisters, Registers,
    weights::{Way, parameters, suits},
};
use crate::{
    backward::{Backward, Trainable},
    flow::{
        Flow,
        record::{Judge, Record, Samples, Start},
    },
    kernels::{
        Function, Map, Zip,
        dispatch::{Kernel, dispatch_narrow},
        isa::{Isa, Vector},
    },
    layer::Layer,
    parameters::Parameters,
    scalar::Scalar,
    value::Value,
};

/// Puts the sum of what the samples give into `gradient`.
#[inline(always)]
pub(in crate::flow) fn gradient<X, L, S, J>(
    layer: &L,
    gradient: &mut L,
    inputs: S,
    judge: &mut J,
    start: Start,
) where
    X: Value,
    L: Layer<X> + Trainable<X, Output = <L as Layer<X>>::Output>,
    S: Samples<X>,
    J: Judge<<L as Layer<X>>::Output>,
{
    dispatch_narrow(Pass {
        layer,
        gradient,
        inputs,
        judge,
        start,
        input: core::marker::PhantomData,
    });
}

struct Pass<'a, X, L, S, J> {
    layer: &'a L,
    gradient: &'a mut L,
    inputs: S,
    judge: &'a mut J,
    start: Start,
    input: core::marker::PhantomData<X>,
}

impl<'a, X, L, S, J> Kernel for Pass<'a, X, L, S, J>
where
    S: Samples<X>,
    X: Value,
    L: Layer<X> + Trainable<X, Output = <L as Layer<X>>::Output>,
    J: Judge<<L as Layer<X>>::Output>,
{
    type Output = ();
    type First = (&'a L, &'a mut L);
    type Second = S;
    type Third = (&'a mut J, Start);

    #[inline(always)]
    fn parts(self) -> (Self::First, Self::Second, Self::Third, Function) {
        let third = (self.judge, self.start);
        (
            (self.layer, self.gradient),
            self.inputs,
            third,
            Function::Identity,
        )
    }

    #[inline(always)]
    fn run<I: Isa>(
        isa: I,
        (layer, gradient): Self::First,
        mut inputs: S,
        (judge, start): Self::Third,
        _: Function,
    ) {
        for index in 0..inputs.len() {
            let [x] = inputs.block(index, 1) else {
                return;
            };
            if sample(isa, layer, gradient, x, index, judge, start).is_none() {
                return;
            }
        }
    }
}

/// What one sample gives, put into the gradient or, after the first, added to it; unless the judge gives up.
#[inline(always)]
pub(super) fn sample<X, L, J, I>(
    isa: I,
    layer: &L,
    gradient: &mut L,
    x: &X,
    index: usize,
    judge: &mut J,
    start: Start,
) -> Option<()>
where
    I: Isa,
    X: Value,
    L: Layer<X> + Trainable<X, Output = <L as Layer<X>>::Output>,
    J: Judge<<L as Layer<X>>::Output>,
{
    let mut flow = InRegisters {
        isa,
        input: core::marker::PhantomData,
        back: Back {
            adds: index > 0,
            start: Start {
                first: start.first + index as u64,
                ..start
            },
            draws: 0,
        },
    };
    let (y, kept) = layer.keep(&mut flow, Registers::memory(isa, x));
    let y = y.into_value(isa);
    let mut dy = <L as Layer<X>>::Output::zeros();
    let (ys, dys) = (core::slice::from_ref(&y), core::slice::from_mut(&mut dy));
    judge.judge_in(isa, index, ys, dys);
    if judge.gives_up() {
        return None;
    }
    let dy = Registers::load(isa, dy.as_slice());
    layer.back::<_, false>(gradient, &mut flow, kept, dy);
    Some(())
}

/// What the way back needs.
pub(super) struct Back {
    /// Whether the gradient holds something to which is added.
    pub(super) adds: bool,
    start: Start,
    draws: u64,
}

impl Way for Back {
    const TRAINS: bool = true;
}

impl<'a, I: Isa> Record for InRegisters<'a, I, Back> {
    type Slope<X: Value> = Registers<'a, X, I>;
    type Entered<X: Value> = Registers<'a, X, I>;

    #[inline(always)]
    fn linear_back<T: Scalar, const IN: usize, const OUT: usize, const INPUT: bool>(
        &mut self,
        weight: &SMatrix<T, OUT, IN>,
        (dw, db): (&mut SMatrix<T, OUT, IN>, &mut [T]),
        x: Registers<'a, SVector<T, IN>, I>,
        dy: Registers<'a, SVector<T, OUT>, I>,
    ) -> Registers<'a, SVector<T, IN>, I> {
        let isa = self.isa;
        let lanes = T::Vector::<I>::LANES;
        let to = dw.as_mut_slice().as_mut_ptr();
        let from = weight.as_slice().as_ptr();
        let zero = T::Vector::<I>::splat(isa, T::ZERO);
        let mut dx = Registers::<SVector<T, IN>, I>::zeros(isa);
        let dy = dy.loaded(isa);
        if const { OUT == 1 } {
            let dy = dy[0].broadcast(isa, 0);
            let xs = x.loaded(isa);
            let mut index = 0;
            while index * lanes < IN {
                let n = (IN - index * lanes).min(lanes);
                // SAFETY: there are `IN` weights.
                unsafe {
                    self.write_sum(xs[index].mul(dy), to.add(index * lanes), n);
                    if INPUT {
                        let w: T::Vector<I> =
                            parameters::<_, Back>(isa, from.add(index * lanes), n);
                        dx.vectors[index] = w.mul(dy);
                    }
                }
                index += 1;
            }
        } else {
            let is_whole = const { suits::<T::Vector<I>>(IN, OUT) };
            if const { suits::<T::Vector<I>>(IN, OUT) } {
                // SAFETY: there are `IN` times `OUT` weights.
                unsafe { self.write_weights::<T, IN, OUT>(&x, dy[0], to) };
            }
            let mut numbers = SVector::<T, IN>::from_element(T::ZERO);
            for input in 0..if is_whole && !INPUT { 0 } else { IN } {
                let x = match x.memory {
                    Some(x) => Vector::splat(isa, x.as_slice()[input]),
                    None => x.vectors[input / lanes].broadcast(isa, input % lanes),
                };
                let mut sum = zero;
                let mut tile = 0;
                while tile * lanes < OUT {
                    let at = input * OUT + tile * lanes;
                    let n = (OUT - tile * lanes).min(lanes);
                    let mask = T::Vector::<I>::mask(isa, n);
                    // SAFETY: each column has `OUT` weights.
                    unsafe {
                        let product = dy[tile].mul(x);
                        if is_whole {
                            // They are written.
                        } else if !self.back.adds && at + lanes <= IN * OUT {
                            // What is written behind the column is overwritten by the next one.
                            product.store(to.add(at));
                        } else {
                            self.write_sum(product, to.add(at), n);
                        }
                        if INPUT {
                            let w = T::Vector::<I>::load_partial(isa, from.add(at), mask);
                            sum = w.mul_add(dy[tile].keep(mask, zero), sum);
                        }
                    }
                    tile += 1;
                }
                if INPUT {
                    numbers.as_mut_slice()[input] = sum.sum(lanes);
                }
            }
            if INPUT {
                dx = Registers::load(isa, numbers.as_slice());
            }
        }
        if db.len() == OUT {
            let mut tile = 0;
            while tile * lanes < OUT {
                let n = (OUT - tile * lanes).min(lanes);
                // SAFETY: there are `OUT` biases.
                unsafe { self.write_sum(dy[tile], db.as_mut_ptr().add(tile * lanes), n) };
                tile += 1;
            }
        }
        dx
    }

    #[inline(always)]
    fn function_back<X: Value>(
        &mut self,
        function: Function,
        kept: Registers<'a, X, I>,
        dy: Registers<'a, X, I>,
    ) -> Registers<'a, X, I> {
        let isa = self.isa;
        if let Function::Softmax = function {
            let (y, mut dx) = (kept.into_value(isa), dy.into_value(isa));
            let mut sum = X::Scalar::ZERO;
            for (dy, y) in dx.as_slice().iter().zip(y.as_slice()) {
                sum += *dy * *y;
            }
            for (dy, y) in dx.as_mut_slice().iter_mut().zip(y.as_slice()) {
                *dy = *y * (*dy - sum);
            }
            return Registers::load(isa, dx.as_slice());
        }
        let (kept, mut vectors) = (kept.loaded(isa), dy.loaded(isa));
        let used = X::LEN.div_ceil(Registers::<X, I>::LANES);
        for (dy, kept) in vectors.as_mut()[..used].iter_mut().zip(kept.as_ref()) {
            *dy = function.back(isa, *kept, *dy);
        }
        Registers {
            memory: None,
            vectors,
        }
    }

    #[inline(always)]
    fn map_back<X: Value, M: Map>(
        &mut self,
        map: &M,
        kept: Registers<'a, X, I>,
        dy: Registers<'a, X, I>,
    ) -> Registers<'a, X, I> {
        let (kept, mut vectors) = (kept.loaded(self.isa), dy.loaded(self.isa));
        let used = X::LEN.div_ceil(Registers::<X, I>::LANES);
        for (dy, kept) in vectors.as_mut()[..used].iter_mut().zip(kept.as_ref()) {
            *dy = dy.mul(map.slope(self.isa, *kept));
        }
        Registers {
            memory: None,
            vectors,
        }
    }

    #[inline(always)]
    fn layer_back<X: Value, L: Backward<X>, const INPUT: bool>(
        &mut self,
        layer: &L,
        gradient: &mut L,
        (x, y): (Registers<'a, X, I>, Registers<'a, L::Output, I>),
        dy: Registers<'a, L::Output, I>,
    ) -> Registers<'a, X, I> {
        let isa = self.isa;
        self.begin(gradient);
        let (x, y, dy) = (x.into_value(isa), y.into_value(isa), dy.into_value(isa));
        Registers::load(isa, layer.backward(gradient, &x, &y, &dy).as_slice())
    }

    #[inline(always)]
    fn share_slope<X: Value>(&mut self, dy: &Registers<'a, X, I>) -> Registers<'a, X, I> {
        self.share(dy)
    }

    #[inline(always)]
    fn add_slopes<X: Value>(
        &mut self,
        a: Registers<'a, X, I>,
        b: Registers<'a, X, I>,
    ) -> Registers<'a, X, I> {
        self.zip(Zip::Add, a, b)
    }

    #[inline(always)]
    fn scale_slope<X: Value>(
        &mut self,
        dy: Registers<'a, X, I>,
        x: &Registers<'a, X, I>,
    ) -> Registers<'a, X, I> {
        let x = self.share(x);
        self.zip(Zip::Multiply, dy, x)
    }

    #[inline(always)]
    fn part<X: Value, Y: Value<Scalar = X::Scalar>>(
        &mut self,
        dy: &Registers<'a, Y, I>,
        at: usize,
    ) -> Registers<'a, X, I> {
        let whole = self.share(dy).into_value(self.isa);
        Registers::load(self.isa, &whole.as_slice()[at..at + X::LEN])
    }

    #[inline(always)]
    fn nothing<X: Value>(&mut self) -> Registers<'a, X, I> {
        Registers::zeros(self.isa)
    }

    #[inline(always)]
    fn begin<P: Parameters>(&mut self, gradient: &mut P) {
        if !self.back.adds {
            *gradient = P::ZEROS;
        }
    }

    #[inline(always)]
    fn draw(&mut self) -> u64 {
        self.back.draws += 1;
        self.back.start.draw(self.back.draws)
    }

    #[inline(always)]
    fn change<X: Value>(
        &mut self,
        x: Registers<'a, X, I>,
        mut change: impl FnMut(u64, &mut [X::Scalar]),
    ) -> Registers<'a, X, I> {
        let mut value = x.into_value(self.isa);
        change(self.back.start.first, value.as_mut_slice());
        Registers::load(self.isa, value.as_slice())
    }

    #[inline(always)]
    fn change_slope<X: Value>(
        &mut self,
        kept: Registers<'a, X, I>,
        dy: Registers<'a, X, I>,
        mut change: impl FnMut(u64, &[X::Scalar], &mut [X::Scalar]),
    ) -> Registers<'a, X, I> {
        let (kept, mut value) = (kept.into_value(self.isa), dy.into_value(self.isa));
        let first = self.back.start.first;
        change(first, kept.as_slice(), value.as_mut_slice());
        Registers::load(self.isa, value.as_slice())
    }
}
