//! What the page calls: a drawing comes in point by point, and the network's picture, its hidden units
//! and its answer lie in memory, where the page reads them. Nothing is generated for the boundary: the
//! functions take and return numbers.
#![no_std]

mod drawing;

use core::{cell::UnsafeCell, panic::PanicInfo};

use drawing::Drawing;
use layerwise::{SVector, nalgebra::ArrayStorage, network};

network! {
    #[network(weights = "../digits/digits.safetensors")]
    /// From the 64 pixels of an image, 0 (white) to 1 (black), to the probability of each digit.
    pub struct Digits = fc1: Linear(64, 64) -> ReLU -> fc2: Linear(64, 10) -> Softmax(dim = 1);
}

/// What lies in memory for the page.
struct Page {
    drawing: Drawing,
    pixels: SVector<f32, 64>,
    units: SVector<f32, 64>,
    probabilities: SVector<f32, 10>,
}

struct Shared(UnsafeCell<Page>);

// SAFETY: a module without threads.
unsafe impl Sync for Shared {}

static PAGE: Shared = Shared(UnsafeCell::new(Page {
    drawing: Drawing::EMPTY,
    pixels: SVector::from_array_storage(ArrayStorage([[0.0; 64]])),
    units: SVector::from_array_storage(ArrayStorage([[0.0; 64]])),
    probabilities: SVector::from_array_storage(ArrayStorage([[0.0; 10]])),
}));

fn page() -> &'static mut Page {
    // SAFETY: each function below asks once, and none calls another.
    unsafe { &mut *PAGE.0.get() }
}

/// Where the 64 numbers are that the network sees, row by row. They may be written, too.
#[unsafe(no_mangle)]
extern "C" fn pixels() -> *mut f32 {
    page().pixels.as_mut_ptr()
}

/// Where the outputs of the 64 hidden units are.
#[unsafe(no_mangle)]
extern "C" fn units() -> *const f32 {
    page().units.as_ptr()
}

/// Where the ten probabilities are.
#[unsafe(no_mangle)]
extern "C" fn probabilities() -> *const f32 {
    page().probabilities.as_ptr()
}

/// Where the hidden units' weights are: of all units for the first pixel, then for the second.
#[unsafe(no_mangle)]
extern "C" fn weights() -> *const f32 {
    Digits::pretrained().fc1.weight.as_ptr()
}

/// Takes the drawing away.
#[unsafe(no_mangle)]
extern "C" fn clear() {
    page().drawing = Drawing::EMPTY;
}

/// Begins a stroke.
#[unsafe(no_mangle)]
extern "C" fn start(x: f32, y: f32) {
    page().drawing.add(x, y, false);
}

/// Goes on with it.
#[unsafe(no_mangle)]
extern "C" fn line(x: f32, y: f32) {
    page().drawing.add(x, y, true);
}

/// Makes the pixels of the drawing.
#[unsafe(no_mangle)]
extern "C" fn look() {
    let page = page();
    page.pixels = page.drawing.pixels().into();
}

/// Makes the probabilities of the pixels.
#[unsafe(no_mangle)]
extern "C" fn read() {
    let page = page();
    page.probabilities = Digits::pretrained().forward(&page.pixels);
}

/// Makes the outputs of the hidden units of the pixels.
#[unsafe(no_mangle)]
extern "C" fn feel() {
    let page = page();
    // What lies within a network is nalgebra's.
    let layer = &Digits::pretrained().fc1;
    page.units = (layer.weight * page.pixels + layer.bias).map(|y| y.max(0.0));
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
