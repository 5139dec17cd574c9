//! A program that links neither `std` nor an allocator: it brings a panic handler of its own, which
//! the compiler refuses beside that of `std`, and no allocator, without which `alloc` doesn't link.
#![no_std]
#![no_main]

use core::panic::PanicInfo;

use layerwise::{SVector, network};

network! {
    /// Every layer.
    pub struct Net = Linear(3, 4) -> Tanh -> Sigmoid -> LeakyReLU -> ReLU -> ReLU6 -> Identity
        -> [Linear(_, 4); 2] -> head: (Linear(_, 3, bias = false) -> Softmax);
}

#[link(name = "c")]
unsafe extern "C" {}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    loop {}
}

/// The precompiled `core` refers to it, for unwinding that never happens here.
#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() {}

/// Called by C's start-up code; exits with 0 where the probabilities sum to one.
#[unsafe(no_mangle)]
extern "C" fn main() -> i32 {
    let net = Net::new();
    let inputs = [SVector::from([0.1, -0.2, 0.3]); 5];
    let mut outputs = [SVector::from([0.0; 3]); 5];
    net.forward_batch(&inputs, &mut outputs);
    let sum: f32 = outputs[4].iter().sum();
    let summary_is_there = Net::SUMMARY.ends_with("parameters");
    i32::from(!((0.99..1.01).contains(&sum) && summary_is_there))
}
