//! A sensor that learns what is normal where it runs: an autoencoder, trained without an allocator. What
//! the program has is an allocator that counts, to show that nothing asks it for memory.
//!
//! `cargo run --release --example on_device`

use std::{
    alloc::{GlobalAlloc, Layout, System},
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    time::Instant,
};

use layerwise::{Adam, MSELoss, SVector, Trainer, network};

network! {
    /// Squeezes a window of eight readings into two numbers, and makes the window of them again.
    pub struct Monitor = Linear(8, 6) -> Tanh -> Linear(_, 2) -> Tanh -> Linear(_, 6) -> Tanh -> Linear(_, 8);
}

type Window = SVector<f32, { Monitor::INPUTS }>;

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);

struct Counting;

// SAFETY: the system's own allocator does the work.
#[allow(unsafe_code, reason = "an allocator")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Relaxed);
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How many windows are learnt from, four at a time.
const WINDOWS: usize = 20_000;

fn main() {
    let mut trainer = Trainer::new(Monitor::new(), Adam::new(3e-3), MSELoss::new());
    let (before, start) = (ALLOCATIONS.load(Relaxed), Instant::now());
    for first in (0..WINDOWS).step_by(4) {
        let windows = [0, 1, 2, 3].map(|i| reading(first + i));
        trainer.step(&windows, &windows);
    }
    let (time, allocations) = (start.elapsed(), ALLOCATIONS.load(Relaxed) - before);

    let normal = reading(WINDOWS);
    let mut broken = normal;
    broken[3] += 0.8;
    let monitor = trainer.model();
    println!("{monitor:?}\n");
    println!("{WINDOWS} windows learnt, {allocations} allocations");
    println!(
        "{} bytes for the network and what its optimiser keeps",
        size_of_val(&trainer)
    );
    println!("{} bytes of stack for a step", Monitor::TRAINING_BYTES);
    println!(
        "{:.0} ns per window\n",
        time.as_nanos() as f64 / WINDOWS as f64
    );
    println!("a normal window is off by {:.3}", off(monitor, &normal));
    println!("a broken one is off by    {:.3}", off(monitor, &broken));
}

/// A wave whose phase and height are different each time.
fn reading(index: usize) -> Window {
    let phase = index as f32 * 0.7;
    let height = 0.5 + 0.3 * (index as f32 * 0.13).sin();
    Window::from_fn(|i, _| height * (phase + i as f32 * 0.6).sin())
}

/// How far the window is from what the network makes of it.
fn off(monitor: &Monitor, window: &Window) -> f32 {
    let apart = monitor.forward(window) - window;
    (apart.dot(&apart) / window.len() as f32).sqrt()
}
