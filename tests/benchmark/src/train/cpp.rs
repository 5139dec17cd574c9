//! What anyone would write in C++: `cpp/train.cpp`.
#![allow(unsafe_code)]

use std::ffi::{CString, c_char, c_long};
use std::ptr::NonNull;

use super::tasks::{Task, Update};
use crate::contestants::{Prepared, Runner};

/// A `Learner` of `cpp/train.cpp`.
#[repr(C)]
struct Learner {
    _opaque: [u8; 0],
}

unsafe extern "C" {
    fn train_new(
        name: *const c_char,
        parameters: *const f32,
        x: *const f32,
        targets: *const f32,
    ) -> *mut Learner;
    fn train_delete(learner: *mut Learner);
    fn train_run(learner: *mut Learner, steps: c_long);
    fn train_outputs(learner: *const Learner, outputs: *mut f32);
}

struct Cpp {
    learner: NonNull<Learner>,
    /// The learner reads them.
    _samples: [Vec<f32>; 2],
    updates: bool,
}

pub fn prepare(task: &Task) -> Prepared {
    let name = CString::new(task.name)?;
    let samples = [task.inputs.clone(), task.targets.clone()];
    // SAFETY: the task has as many numbers as its namesake there, and the samples live as long.
    let learner = unsafe {
        train_new(
            name.as_ptr(),
            task.model.parameters().as_ptr(),
            samples[0].as_ptr(),
            samples[1].as_ptr(),
        )
    };
    let learner = NonNull::new(learner).ok_or("no such task in C++")?;
    Ok(Some(Box::new(Cpp {
        learner,
        _samples: samples,
        updates: task.update != Update::None,
    })))
}

impl Runner for Cpp {
    fn run(&mut self, calls: u64) {
        let steps = c_long::try_from(calls).unwrap_or(c_long::MAX);
        // SAFETY: it is alive.
        unsafe { train_run(self.learner.as_ptr(), steps) };
    }

    fn outputs(&self) -> Vec<f32> {
        let mut outputs = [0.0; 2];
        // SAFETY: it is alive, and writes two numbers.
        unsafe { train_outputs(self.learner.as_ptr(), outputs.as_mut_ptr()) };
        outputs[..if self.updates { 1 } else { 2 }].to_vec()
    }
}

impl Drop for Cpp {
    fn drop(&mut self) {
        // SAFETY: it came from `train_new`, and is deleted once.
        unsafe { train_delete(self.learner.as_ptr()) }
    }
}
