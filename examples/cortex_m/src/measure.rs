//! What something costs here: instructions and stack.

use core::{arch::asm, ptr};

use cortex_m::{
    peripheral::{SYST, syst::SystClkSource},
    register::msp,
};

unsafe extern "C" {
    /// Where the stack must end, from the linker.
    static mut _stack_end: u32;
}

/// What is written where no stack has been.
const PAINT: u32 = 0xcccc_cccc;

/// How many bytes of stack `f` takes.
#[inline(never)]
pub(crate) fn stack<T>(f: impl FnOnce() -> T) -> (usize, T) {
    let end = &raw mut _stack_end;
    // Some words are left to this function.
    let top = (msp::read() as usize - 64) / 4 * 4;
    let words = (top - end as usize) / 4;
    for word in 0..words {
        // SAFETY: between the program's data and the stack there is nothing.
        unsafe { ptr::write_volatile(end.add(word), PAINT) };
    }
    let result = f();
    // SAFETY: as above.
    let untouched =
        (0..words).take_while(|word| unsafe { ptr::read_volatile(end.add(*word)) } == PAINT);
    (top - end as usize - 4 * untouched.count(), result)
}

/// Counts instructions by the timer, which goes with QEMU's clock.
pub(crate) struct Counter {
    timer: SYST,
    /// Of the timer, in `LOOP` instructions.
    ticks: u32,
}

/// The instructions of a loop that is known.
const LOOP: u32 = 2_000_000;

impl Counter {
    pub(crate) fn new(mut timer: SYST) -> Self {
        timer.set_clock_source(SystClkSource::Core);
        timer.set_reload(0x00ff_ffff);
        timer.clear_current();
        timer.enable_counter();
        let mut counter = Self { timer, ticks: LOOP };
        counter.ticks = counter.count(|| {
            // SAFETY: a loop of two instructions.
            unsafe {
                asm!("2:", "subs {0}, #1", "bne 2b", inout(reg) LOOP / 2 => _);
            }
        });
        counter
    }

    /// How many instructions `f` takes, to some tens.
    pub(crate) fn count(&mut self, f: impl FnOnce()) -> u32 {
        self.timer.clear_current();
        let start = SYST::get_current();
        f();
        let ticks = start.wrapping_sub(SYST::get_current()) & 0x00ff_ffff;
        (u64::from(ticks) * u64::from(LOOP) / u64::from(self.ticks)) as u32
    }
}
