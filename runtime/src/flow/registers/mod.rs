//! One sample through a network of a few numbers, which stay in registers.
#![allow(unsafe_code, reason = "loads and stores of registers")]

pub(super) mod alone;
pub(super) mod back;
mod row;
mod value;
mod weights;

use core::marker::PhantomData;

use nalgebra::{SMatrix, SVector};
use row::InRow;
use value::{Of, Registers};
use weights::{Way, in_whole, parameters};

use super::Flow;
use crate::{
    kernels::{
        Function, Map, MapRow, Zip,
        dispatch::{Kernel, dispatch_narrow},
        isa::{Isa, Vector},
    },
    layer::Layer,
    scalar::Scalar,
    value::Value,
};

/// `layer.forward(x)` in one function for each instruction set. Registers of half the width of
/// AVX-512's are wide enough, and cross fewer cache lines.
#[inline(always)]
pub(super) fn forward<X: Value, L: Layer<X>>(layer: &L, x: &X) -> L::Output {
    let kernel = Forward { layer, x };
    if const { L::Output::LEN == 1 } {
        let mut y = L::Output::zeros();
        y.as_mut_slice()[0] = dispatch_narrow(One(kernel));
        return y;
    }
    dispatch_narrow(kernel)
}

struct Forward<'a, L, X> {
    layer: &'a L,
    x: &'a X,
}

impl<'a, X: Value, L: Layer<X>> Kernel for Forward<'a, L, X> {
    type Output = L::Output;
    type First = &'a L;
    type Second = &'a X;
    type Third = ();

    #[inline(always)]
    fn parts(self) -> (&'a L, &'a X, (), Function) {
        (self.layer, self.x, (), Function::Identity)
    }

    #[inline(always)]
    fn run<I: Isa>(isa: I, layer: &'a L, x: &'a X, (): (), _: Function) -> L::Output {
        let mut flow = InRegisters {
            isa,
            input: PhantomData,
            back: (),
        };
        let y = layer.flow(&mut flow, Registers::memory(isa, x));
        y.into_value(isa)
    }
}

struct InRegisters<'a, I, R = ()> {
    isa: I,
    input: PhantomData<&'a ()>,
    /// What is kept for the way back.
    back: R,
}

/// The same where a single number leaves: in a register, where a value would go by way of memory.
struct One<'a, L, X>(Forward<'a, L, X>);

impl<'a, X: Value, L: Layer<X>> Kernel for One<'a, L, X> {
    type Output = <L::Output as Value>::Scalar;
    type First = &'a L;
    type Second = &'a X;
    type Third = ();

    #[inline(always)]
    fn parts(self) -> (&'a L, &'a X, (), Function) {
        self.0.parts()
    }

    #[inline(always)]
    fn run<I: Isa>(isa: I, layer: &'a L, x: &'a X, (): (), function: Function) -> Self::Output {
        Forward::run(isa, layer, x, (), function).as_slice()[0]
    }
}

impl<'a, I: Isa, R: Way> Flow for InRegisters<'a, I, R> {
    type Of<X: Value> = Registers<'a, X, I>;

    #[inline(always)]
    fn linear<T: Scalar, const IN: usize, const OUT: usize>(
        &mut self,
        weight: &SMatrix<T, OUT, IN>,
        bias: &[T],
        x: Registers<'a, SVector<T, IN>, I>,
        function: Function,
    ) -> Registers<'a, SVector<T, OUT>, I> {
        /// Chains of sums beside one another, of which few inputs use two.
        const CHAINS: usize = 4;
        // In training the chains had better be short: a step waits for what the one before has written.
        let few = if R::TRAINS { 7 } else { 10 };
        let chains = if IN <= few { 2 } else { CHAINS };
        let isa = self.isa;
        let zero = T::Vector::<I>::splat(isa, T::ZERO);
        let lanes = T::Vector::<I>::LANES;
        let mut y = Registers::<SVector<T, OUT>, I>::zeros(isa);
        let mut tile = 0;
        while bias.len() == OUT && tile * lanes < OUT {
            let n = (OUT - tile * lanes).min(lanes);
            // SAFETY: there are `OUT` biases.
            y.vectors[tile] =
                unsafe { parameters::<_, R>(isa, bias.as_ptr().add(tile * lanes), n) };
            tile += 1;
        }
        let weight = weight.as_slice().as_ptr();
        if const { OUT == 1 && IN > 1 } {
            let x_vectors = x.loaded(isa);
            let mut sum = y.vectors[0];
            let mut index = 0;
            while index * lanes < IN {
                let n = (IN - index * lanes).min(lanes);
                // SAFETY: there are `IN` weights.
                let w: T::Vector<I> =
                    unsafe { parameters::<_, R>(isa, weight.add(index * lanes), n) };
                sum = w.mul_add(x_vectors[index], sum);
                index += 1;
            }
            y.vectors[0] = sum.spread_sum(isa, IN);
        } else {
            let mut tile = 0;
            while tile * lanes < OUT {
                let mask = Registers::<SVector<T, OUT>, I>::mask(isa, tile);
                let used = (OUT - tile * lanes).min(lanes);
                let hidden = T::Vector::<I>::hidden_mask(isa, used);
                let mut sums = [zero; CHAINS];
                let start = y.vectors[tile];
                if !R::TRAINS {
                    sums[0] = start;
                }
                let registers = if const { in_whole::<R, T::Vector<I>>(IN, OUT) } {
                    // SAFETY: there are so many weights.
                    unsafe { weights::whole::<T::Vector<I>>(isa, weight, IN * OUT) }
                } else {
                    [zero; weights::MOST]
                };
                for step in (0..IN).rev() {
                    // Backwards: where an output is fed back, as the first input, it joins last. But the
                    // first lanes of a register, and the weights that a step wrote first, are at hand
                    // before the others.
                    let input = if !R::TRAINS && x.memory.is_some() {
                        step
                    } else {
                        IN - 1 - step
                    };
                    let from = input * OUT + tile * lanes;
                    // SAFETY: each column has `OUT` weights, and the mask leaves out the rest:
                    // products with those of other columns might be too large for a number.
                    let w = unsafe {
                        if const { in_whole::<R, T::Vector<I>>(IN, OUT) } {
                            weights::column::<T::Vector<I>, OUT>(isa, &registers, input)
                        } else if (tile + 1) * lanes <= OUT {
                            T::Vector::<I>::load(isa, weight.add(from))
                        } else if from + lanes <= IN * OUT {
                            T::Vector::<I>::load_first(isa, weight.add(from), hidden)
                        } else {
                            T::Vector::<I>::load_partial(isa, weight.add(from), mask)
                        }
                    };
                    let x = match x.memory {
                        Some(x) => Vector::splat(isa, x.as_slice()[input]),
                        None => x.vectors[input / lanes].broadcast_first(isa, input % lanes, used),
                    };
                    let sum = &mut sums[input % chains];
                    *sum = if R::TRAINS && input < chains {
                        // The chain's first: in training inputs go upwards.
                        w.mul(x)
                    } else {
                        w.mul_add(x, *sum)
                    };
                    if !R::TRAINS && chains == 2 && step % 2 == 0 {
                        [sums[0], sums[1]] = T::Vector::<I>::side_by_side([sums[0], sums[1]]);
                    }
                }
                if R::TRAINS {
                    // The step before wrote the bias last.
                    sums[chains - 1] = sums[chains - 1].add(start);
                }
                y.vectors[tile] = if chains == 2 {
                    sums[0].add(sums[1])
                } else if R::TRAINS {
                    sums[0].add(sums[1]).add(sums[2].add(sums[3]))
                } else {
                    sums[0].add(sums[1].add(sums[2].add(sums[3])))
                };
                if const { in_whole::<R, T::Vector<I>>(IN, OUT) } {
                    y.vectors[tile] = y.vectors[tile].keep(mask, zero);
                }
                tile += 1;
            }
        }
        self.function(function, y)
    }

    #[inline(always)]
    fn function<X: Value>(
        &mut self,
        function: Function,
        x: Registers<'a, X, I>,
    ) -> Registers<'a, X, I> {
        let isa = self.isa;
        let used = X::LEN.div_ceil(Registers::<X, I>::LANES);
        let mut vectors = x.loaded(isa);
        let first = &mut vectors.as_mut()[..used];
        if let Function::Softmax = function {
            row::softmax::<X, I>(isa, first);
        } else {
            for x in first {
                let mut one = [*x];
                function.map(isa, &mut one);
                [*x] = one;
            }
        }
        Registers {
            memory: None,
            vectors,
        }
    }

    #[inline(always)]
    fn layer<X: Value, L: Layer<X>>(
        &mut self,
        layer: &L,
        x: Registers<'a, X, I>,
    ) -> Registers<'a, L::Output, I> {
        let y = match x.memory {
            Some(x) => layer.forward(x),
            None => {
                let stored = x.into_value(self.isa);
                layer.forward(&stored)
            }
        };
        Registers::load(self.isa, y.as_slice())
    }

    #[inline(always)]
    fn map<X: Value, M: Map>(&mut self, map: &M, x: Registers<'a, X, I>) -> Registers<'a, X, I> {
        let mut vectors = x.loaded(self.isa);
        let used = X::LEN.div_ceil(Registers::<X, I>::LANES);
        for x in &mut vectors.as_mut()[..used] {
            *x = map.map(self.isa, *x);
        }
        Registers {
            memory: None,
            vectors,
        }
    }

    #[inline(always)]
    fn row<X: Value, M: MapRow<X::Scalar>>(
        &mut self,
        map: &M,
        x: Registers<'a, X, I>,
    ) -> Registers<'a, X, I> {
        let isa = self.isa;
        let mut y = Registers {
            memory: None,
            vectors: x.loaded(isa),
        };
        map.map(&mut InRow { isa, of: &mut y });
        y
    }

    #[inline(always)]
    fn share<X: Value>(&mut self, x: &Registers<'a, X, I>) -> Registers<'a, X, I> {
        Registers {
            memory: x.memory,
            vectors: x.vectors,
        }
    }

    #[inline(always)]
    fn zip<X: Value>(
        &mut self,
        zip: Zip,
        x: Registers<'a, X, I>,
        y: Registers<'a, X, I>,
    ) -> Registers<'a, X, I> {
        let (mut vectors, y) = (x.loaded(self.isa), y.loaded(self.isa));
        let used = X::LEN.div_ceil(Registers::<X, I>::LANES);
        for (x, y) in vectors.as_mut()[..used].iter_mut().zip(y.as_ref()) {
            *x = zip.of(*x, *y);
        }
        Registers {
            memory: None,
            vectors,
        }
    }

    #[inline(always)]
    fn room<X: Value>(&mut self) -> Registers<'a, X, I> {
        Registers::zeros(self.isa)
    }

    #[inline(always)]
    fn put<X: Value, Y: Value<Scalar = X::Scalar>>(
        &mut self,
        y: Registers<'a, Y, I>,
        at: usize,
        x: Registers<'a, X, I>,
    ) -> Registers<'a, Y, I> {
        // Lanes move by way of memory.
        let (mut y, x) = (y.into_value(self.isa), x.into_value(self.isa));
        for (to, from) in y.as_mut_slice().iter_mut().skip(at).zip(x.as_slice()) {
            *to = *from;
        }
        Registers::load(self.isa, y.as_slice())
    }
}
