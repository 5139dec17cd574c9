//! `forward` and `forward_batch` allocate nothing.
#![allow(unsafe_code, reason = "an allocator that counts")]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    hint::black_box,
};

use layerwise::{SVector, network};

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

struct Counting;

// SAFETY: the system's allocator does the work.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

network! {
    struct Net = Linear(13, 33) -> ReLU -> ReLU6 -> LeakyReLU -> [Linear(_, 33) -> Tanh; 2]
        -> body: (Sigmoid -> Identity) -> Linear(_, 7, bias = false) -> Softmax;
}

/// How often `run` allocates.
fn allocations(run: impl FnOnce()) -> usize {
    let before = ALLOCATIONS.get();
    run();
    ALLOCATIONS.get() - before
}

#[test]
fn a_forward_pass_allocates_nothing() {
    let net = Net::new();
    let inputs = [SVector::from_element(0.1); 9];
    let mut outputs = [SVector::zeros(); 9];
    assert_eq!(
        allocations(|| drop(black_box(Box::new(1)))),
        1,
        "allocations are counted"
    );
    assert_eq!(allocations(|| outputs[0] = net.forward(&inputs[0])), 0);
    assert_eq!(allocations(|| net.forward_batch(&inputs, &mut outputs)), 0);
}
