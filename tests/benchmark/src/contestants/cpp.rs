//! Those in C++: what anyone would write, and what an expert would for each of two kinds of processor.
#![allow(unsafe_code)]

use std::ffi::{CString, c_char, c_long};
use std::ptr::NonNull;

use super::{Mode, Prepared, Runner};
use crate::models::Model;

/// A `Network` of `cpp/network.h`.
#[repr(C)]
pub struct Network {
    _opaque: [u8; 0],
}

pub type New = unsafe extern "C" fn(model: *const c_char, parameters: *const f32) -> *mut Network;

unsafe extern "C" {
    fn plain_new(model: *const c_char, parameters: *const f32) -> *mut Network;
    fn expert_new(model: *const c_char, parameters: *const f32) -> *mut Network;
    fn expert_avx2_new(model: *const c_char, parameters: *const f32) -> *mut Network;
    pub fn convolutions_avx512_new(model: *const c_char, parameters: *const f32) -> *mut Network;
    pub fn convolutions_avx2_new(model: *const c_char, parameters: *const f32) -> *mut Network;
    fn network_delete(network: *mut Network);
    fn network_one(network: *const Network, x: *const f32, y: *mut f32, calls: c_long);
    fn network_batch(
        network: *const Network,
        x: *const f32,
        y: *mut f32,
        samples: usize,
        calls: c_long,
    );
    fn network_dependent(network: *const Network, x: *mut f32, y: *mut f32, calls: c_long);
}

pub fn plain(model: &Model, mode: Mode) -> Prepared {
    prepare(plain_new, model, mode)
}

pub fn expert(model: &Model, mode: Mode) -> Prepared {
    prepare(expert_new, model, mode)
}

pub fn expert_avx2(model: &Model, mode: Mode) -> Prepared {
    prepare(expert_avx2_new, model, mode)
}

struct Cpp {
    network: NonNull<Network>,
    mode: Mode,
    x: Lines,
    y: Lines,
}

fn prepare(new: New, model: &Model, mode: Mode) -> Prepared {
    let samples = model.samples(mode.samples());
    // SAFETY: the parameters and the sizes are those of the model of that name.
    unsafe {
        runner(
            new,
            model.name,
            &model.parameters(),
            &samples,
            model.outputs(),
            mode,
        )
    }
}

/// What `new` makes of a model; nothing where it does not know the name, or can't run here.
///
/// # Safety
///
/// `parameters` are all that the model of that name has, `samples` are of its inputs, and `outputs` is how
/// many numbers it gives for each.
pub unsafe fn runner(
    new: New,
    name: &str,
    parameters: &[f32],
    samples: &[f32],
    outputs: usize,
    mode: Mode,
) -> Prepared {
    let name = CString::new(name)?;
    // SAFETY: it reads a string that ends in zero, and the parameters, which are all there.
    let network = unsafe { new(name.as_ptr(), parameters.as_ptr()) };
    let Some(network) = NonNull::new(network) else {
        return Ok(None);
    };
    let x = Lines::new(samples);
    let y = Lines::new(&vec![0.0; outputs * mode.samples()]);
    Ok(Some(Box::new(Cpp {
        network,
        mode,
        x,
        y,
    })))
}

impl Runner for Cpp {
    fn run(&mut self, calls: u64) {
        let calls = c_long::try_from(calls).unwrap_or(c_long::MAX);
        let network = self.network.as_ptr();
        let (x, y) = (self.x.as_mut_ptr(), self.y.as_mut_ptr());
        // SAFETY: the network is alive, and `x` and `y` have its inputs and outputs for `samples` samples.
        unsafe {
            match self.mode {
                Mode::One => network_one(network, x, y, calls),
                Mode::Dependent => network_dependent(network, x, y, calls),
                Mode::Batch => {
                    network_batch(network, x, y, self.mode.samples(), calls);
                }
            }
        }
    }

    fn outputs(&self) -> Vec<f32> {
        self.y.numbers().collect()
    }
}

impl Drop for Cpp {
    fn drop(&mut self) {
        // SAFETY: it came from `new`, and is deleted once.
        unsafe { network_delete(self.network.as_ptr()) }
    }
}

/// Numbers from the start of a cache line on, as C++ programmers align them.
struct Lines {
    lines: Vec<Line>,
    len: usize,
}

#[derive(Clone)]
#[repr(align(64))]
struct Line([f32; 16]);

impl Lines {
    fn new(numbers: &[f32]) -> Self {
        let line = |chunk: &[f32]| {
            Line(std::array::from_fn(|i| {
                chunk.get(i).copied().unwrap_or(0.0)
            }))
        };
        Self {
            lines: numbers.chunks(16).map(line).collect(),
            len: numbers.len(),
        }
    }

    fn as_mut_ptr(&mut self) -> *mut f32 {
        self.lines.as_mut_ptr().cast()
    }

    fn numbers(&self) -> impl Iterator<Item = f32> {
        self.lines.iter().flat_map(|line| line.0).take(self.len)
    }
}
