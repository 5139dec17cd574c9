//! A program that links neither `std` nor an allocator: it brings a panic handler of its own, which
//! the compiler refuses beside that of `std`, and no allocator, without which `alloc` doesn't link.
#![no_std]
#![no_main]

use core::{ops::ControlFlow, panic::PanicInfo};

use layerwise::{Adam, CosineAnnealingLR, Fit, MSELoss, SVector, Trainer, network};

network! {
    /// Layers of each kind.
    pub struct Net = Linear(3, 4) -> Tanh -> Sigmoid -> LeakyReLU -> ReLU -> ReLU6 -> Identity
        -> [Linear(_, 4); 2] -> head: (Linear(_, 3, bias = false) -> Softmax);

    /// One that learns, and others.
    pub struct Learner = BatchNorm1d(3) -> Linear(_, 8) -> Residual(LayerNorm(_) -> GELU -> Linear(_, 8))
        -> Multiply(Linear(_, 4) -> Sigmoid, Linear(8, 4)) -> Dropout(p = 0.1) -> Linear(_, 1);
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

/// Whether some steps of training, and then some epochs, make a network better.
fn learns() -> bool {
    let inputs = [[0.1, -0.2, 0.3], [1.0, 0.5, 0.0], [-0.7, 0.2, 0.9]].map(SVector::from);
    let targets = [[0.5], [-1.0], [2.0]].map(SVector::from);
    let mut trainer = Trainer::new(Learner::new(), Adam::new(1e-2), MSELoss::new());
    let first = trainer.step(&inputs, &targets);
    for _ in 0..100 {
        trainer.step(&inputs, &targets);
    }
    let schedule = CosineAnnealingLR::new(100);
    let fit = Fit::new().epochs(100).schedule(&schedule);
    trainer.fit(&inputs, &targets, &fit, |_, _| ControlFlow::Continue(()));
    trainer.step(&inputs, &targets) < first / 4.0
}

/// Called by C's start-up code; exits with 0 where the probabilities sum to one and the other network
/// learns.
#[unsafe(no_mangle)]
extern "C" fn main() -> i32 {
    let net = Net::new();
    let inputs = [SVector::from([0.1, -0.2, 0.3]); 5];
    let mut outputs = [SVector::from([0.0; 3]); 5];
    net.forward_batch(&inputs, &mut outputs);
    let sum: f32 = outputs[4].iter().sum();
    let summary_is_there = Net::SUMMARY.ends_with("parameters");
    i32::from(!((0.99..1.01).contains(&sum) && summary_is_there && learns()))
}
