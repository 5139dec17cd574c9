//! MXCSR, the register in which a processor notes exceptions.

use std::{arch::asm, hint::black_box};

const EXCEPTIONS: [(u32, &str); 3] = [
    (1 << 0, "invalid operation"),
    (1 << 2, "division by zero"),
    (1 << 3, "overflow"),
];
const NOTED: u32 = 0x3f;

fn get() -> u32 {
    let mut register = 0_u32;
    // SAFETY: it writes the register's four bytes.
    unsafe { asm!("stmxcsr [{}]", in(reg) &raw mut register, options(nostack)) };
    register
}

fn set(register: u32) {
    // SAFETY: it reads four bytes, which came from `get` but for flags and masks of exceptions.
    unsafe { asm!("ldmxcsr [{}]", in(reg) &raw const register, options(nostack)) };
}

/// The exceptions that `run` raises, other than those of rounding, on a stack full of numbers that
/// raise some. Empty is what is wanted.
pub(crate) fn raised(run: impl FnOnce()) -> String {
    set(get() & !NOTED);
    soil();
    out_of_line(run);
    let noted = get();
    let names = EXCEPTIONS.iter().filter(|(bit, _)| noted & bit != 0);
    let names: Vec<&str> = names.map(|(_, name)| *name).collect();
    names.join(", ")
}

/// From now on exceptions other than those of rounding kill the process.
pub(crate) fn unmask() {
    let masks = EXCEPTIONS
        .iter()
        .fold(0, |masks, (bit, _)| masks | bit << 7);
    set(get() & !NOTED & !masks);
}

/// The compiler must not calculate before the flags are cleared, or after they are read.
#[inline(never)]
fn out_of_line(run: impl FnOnce()) {
    run();
}

/// The largest number, an infinity and a signaling NaN, over and over.
static NUMBERS: [[u32; 3]; 21 << 10] = [[0x7f7f_ffff, 0x7f80_0000, 0x7fa0_0001]; 21 << 10];

#[inline(never)]
fn soil() {
    let stack = NUMBERS;
    black_box(&stack);
}
