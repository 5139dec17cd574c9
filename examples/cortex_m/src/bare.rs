//! The network and nothing else, to see what it takes in flash: it reads pixels where some device would
//! put them, and leaves the probabilities for another.
#![no_std]
#![no_main]

mod network;

use core::{panic::PanicInfo, ptr};

use cortex_m_rt::entry;
use layerwise::SVector;
use network::Digits;

static mut PIXELS: [f32; 64] = [0.0; 64];
static mut PROBABILITIES: [f32; 10] = [0.0; 10];

#[entry]
fn main() -> ! {
    loop {
        // SAFETY: nothing else runs here.
        let pixels = unsafe { ptr::read_volatile(&raw const PIXELS) };
        let probabilities = Digits::pretrained().forward(&SVector::from(pixels));
        // SAFETY: as above.
        unsafe { ptr::write_volatile(&raw mut PROBABILITIES, probabilities.into()) };
    }
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    loop {}
}
