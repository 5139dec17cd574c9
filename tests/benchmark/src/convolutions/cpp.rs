//! What an expert would write for each of two kinds of processor: `cpp/convolutions.h`.
#![allow(unsafe_code)]

use super::FromPixels;
use super::models::{Network, len, to_pixels};
use crate::contestants::cpp::{New, convolutions_avx2_new, convolutions_avx512_new, runner};
use crate::contestants::{Mode, Prepared, Runner};

pub fn expert(model: &Network, mode: Mode) -> Prepared {
    prepare(convolutions_avx512_new, model, mode)
}

pub fn expert_avx2(model: &Network, mode: Mode) -> Prepared {
    prepare(convolutions_avx2_new, model, mode)
}

fn prepare(new: New, model: &Network, mode: Mode) -> Prepared {
    let samples = to_pixels(&model.samples(mode.samples()), model.input);
    let (parameters, outputs) = (model.parameters(), len(model.output));
    // SAFETY: these are the parameters and sizes of the network of that name there.
    let runner = unsafe { runner(new, model.name, &parameters, &samples, outputs, mode)? };
    let shape = model.output;
    Ok(runner.map(|runner| -> Box<dyn Runner> { Box::new(FromPixels { runner, shape }) }))
}
