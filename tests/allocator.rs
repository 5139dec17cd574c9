//! An allocator that counts what one thread allocates.
#![allow(unsafe_code, reason = "an allocator is unsafe by its trait")]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

thread_local! {
    static USAGE: Cell<Usage> = const { Cell::new(Usage { count: 0, live: 0, peak: 0 }) };
}

/// What has been allocated.
#[derive(Clone, Copy, Debug, Default)]
pub struct Usage {
    /// How often.
    pub count: usize,
    /// Bytes that were not given back.
    pub live: isize,
    /// The most bytes at any time.
    pub peak: isize,
}

/// The system's allocator, counted: `#[global_allocator] static COUNTING: Counting = Counting;`.
pub struct Counting;

// SAFETY: the system's allocator does the work.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let mut usage = USAGE.get();
        usage.count += 1;
        usage.live += layout.size().cast_signed();
        usage.peak = usage.peak.max(usage.live);
        USAGE.set(usage);
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        let mut usage = USAGE.get();
        usage.live -= layout.size().cast_signed();
        USAGE.set(usage);
        unsafe { System.dealloc(pointer, layout) }
    }
}

/// What `run` allocates on this thread, with [`Counting`] as the allocator.
pub fn usage(run: impl FnOnce()) -> Usage {
    let before = USAGE.replace(Usage::default());
    run();
    let usage = USAGE.get();
    USAGE.set(Usage {
        count: before.count + usage.count,
        live: before.live + usage.live,
        peak: before.peak.max(before.live + usage.peak),
    });
    usage
}
