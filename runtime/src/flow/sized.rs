//! One sample through a network of a few layers, which are compiled together, with their sizes, for
//! each of the faster instruction sets. Calls of kernels for any sizes add some nanoseconds to each.
#![allow(unsafe_code, reason = "the kernels trust their operands")]

use core::mem::MaybeUninit;

use super::{
    buffers::{self, Arithmetic},
    slots,
};
use crate::{
    kernels::{
        Function, Linear, Sizes, Values, Weights,
        dispatch::{Kernel, dispatch},
        isa::{Isa, Vector},
    },
    layer::Layer,
    scalar::Scalar,
    value::Value,
};

/// The bytes of the largest value that a stage gives.
const WIDEST: usize = 0x400;

/// The bytes of all values between stages.
const ROOM: usize = 0xc00;

/// Whether this target may have faster instructions than those without a fused multiply-add. A network
/// is compiled once for targets that have none (WebAssembly, microcontrollers), and the kernels for
/// any sizes stay out of the program: they are larger, and some WebAssembly compilers leave the
/// registers of a function so large in memory.
const HAS_FASTER: bool = cfg!(any(target_arch = "x86_64", target_arch = "aarch64"));

/// Whether it pays: compiling takes time in proportion to the layers with weights, and beside more
/// weights what it spares of a sample's time, some ten nanoseconds, doesn't show. Nor does it with
/// wide layers of many weights.
#[must_use]
pub const fn suits<X: Value, L: Layer<X>>() -> bool {
    let widest = slots::widest::<X, L>();
    let most = if widest <= WIDEST / 2 {
        0x20000
    } else {
        0x4000
    };
    widest <= WIDEST
        && slots::room::<X, L>() <= ROOM
        && L::LAYOUT.parameters() <= most
        && L::LAYOUT.tensors() <= 16
}

/// `layer.forward(x)`, in this way or, where it doesn't suit, with the kernels of the library.
#[inline(always)]
pub fn forward<X: Value, L: Layer<X>>(layer: &L, x: &X) -> L::Output {
    if const { suits::<X, L>() } {
        dispatch(Forward { layer, x })
    } else {
        buffers::forward(layer, x)
    }
}

/// Of a network that [suits].
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
        if const { HAS_FASTER && !<X::Scalar as Scalar>::Vector::<I>::FUSED } {
            return by_the_library(layer, x);
        }
        let mut output = MaybeUninit::uninit();
        // SAFETY: there is one sample at each place, and no stage gives a value of more bytes.
        unsafe {
            buffers::run::<ROOM, X, L, _>(Here(isa), layer, x, output.as_mut_ptr(), 1, 1);
            output.assume_init()
        }
    }
}

/// For the slower instruction sets.
#[inline(never)]
fn by_the_library<X: Value, L: Layer<X>>(layer: &L, x: &X) -> L::Output {
    buffers::forward(layer, x)
}

/// As part of the function that asks for them, which is compiled for this instruction set: one
/// sample.
#[derive(Clone, Copy)]
struct Here<I>(I);

impl<I: Isa> Arithmetic for Here<I> {
    #[inline(always)]
    unsafe fn linear<T: Scalar, const IN: usize, const OUT: usize>(
        self,
        weights: Weights<T>,
        values: Values<T>,
        samples: usize,
        function: Function,
    ) {
        debug_assert!(samples == 1, "there is no way for {samples} samples");
        // SAFETY: by the caller.
        unsafe {
            Linear::new(weights, values, Sizes::of::<IN, OUT>(), samples, function)
                .one::<T::Vector<I>, IN, OUT>(self.0);
        }
    }

    #[inline(always)]
    fn run<K: Kernel<Output = ()>>(self, kernel: K) {
        self.0.call(kernel);
    }
}
