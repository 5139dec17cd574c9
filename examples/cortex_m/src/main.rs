//! Reads handwriting on a microcontroller, and learns there: the network's weights lie in flash, the
//! images come from a file of the machine that runs QEMU, and so do the answers that the same network
//! gave there.
#![no_std]
#![no_main]

mod file;
mod learn;
mod measure;
mod network;

use core::{hint::black_box, panic::PanicInfo};

use cortex_m::Peripherals;
use cortex_m_rt::entry;
use cortex_m_semihosting::{debug, hprintln};
use file::File;
use layerwise::SVector;
use measure::Counter;
use network::Digits;

/// How often something is done to count its instructions.
const TIMES: u32 = 1000;

#[entry]
fn main() -> ! {
    let mut counter = Peripherals::take()
        .map(|device| Counter::new(device.SYST))
        .expect("one call");
    let net = Digits::pretrained();

    let same = compare(net, "portable.bin", "plain Rust");
    compare(net, "best.bin", "its best instructions");

    let image = SVector::from_element(0.5);
    let (stack, _) = measure::stack(|| net.forward(&image));
    let instructions = counter.count(|| {
        for _ in 0..TIMES {
            black_box(net.forward(black_box(&image)));
        }
    });
    hprintln!(
        "{} instructions a sample, for {} multiply-accumulates",
        instructions / TIMES,
        Digits::MACS
    );
    hprintln!("{stack} bytes of stack for a sample");
    hprintln!("{} bytes of flash for the weights\n", Digits::BYTES);

    let learnt = learn::demonstrate(&mut counter);
    debug::exit(if same && learnt {
        debug::EXIT_SUCCESS
    } else {
        debug::EXIT_FAILURE
    });
    unreachable!("QEMU has ended")
}

/// Prints how far the answers are from those in a file, and returns whether each bit is the same.
fn compare(net: &Digits, name: &str, by: &str) -> bool {
    let Some(mut answers) = File::open(name) else {
        hprintln!("there is no {name} here: run.sh makes it");
        return false;
    };
    let (mut images, mut same, mut right, mut apart) = (0, 0, 0, 0.0_f32);
    while let Some(pixels) = answers.read::<64>() {
        let (Some(expected), Some([label])) = (answers.read::<10>(), answers.read::<1>()) else {
            break;
        };
        let here = net.forward(&SVector::from(pixels));
        images += 1;
        right += u32::from(here.argmax().0 == label as usize);
        same += u32::from(here.map(f32::to_bits) == SVector::from(expected).map(f32::to_bits));
        apart = (here - SVector::from(expected)).amax().max(apart);
    }
    hprintln!("{right} of {images} read right");
    hprintln!(
        "{same} of {images} answers have the bits of the desktop's by {by}; largest difference {apart:e}"
    );
    images == same && images > 0
}

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    hprintln!("{}", info);
    debug::exit(debug::EXIT_FAILURE);
    loop {}
}
