//! PyTorch, eager, in a process of its own (`train.py`), where the environment variable `PYTHON` names an
//! interpreter that has it. A turn's time has one line to it and one back in it, some ten microseconds.

use std::error::Error;
use std::io::{BufRead, Write};
use std::process::ChildStdin;
use std::sync::LazyLock;

use super::tasks::{Loss, Task, Update};
use crate::contestants::{Prepared, Runner};
use crate::models::Activation;
use crate::python::{self, Process};

/// What is there.
pub static VERSION: LazyLock<Option<String>> = LazyLock::new(|| python::version("torch"));

struct PyTorch {
    process: Process,
    outputs: Vec<f32>,
    updates: bool,
}

pub fn prepare(task: &Task) -> Prepared {
    if VERSION.is_none() {
        return Ok(None);
    }
    let Some(mut process) = Process::start("train.py")? else {
        return Ok(None);
    };
    send(task, &mut process.to)?;
    // Its version, when it is ready.
    process.from.read_line(&mut String::new())?;
    Ok(Some(Box::new(PyTorch {
        process,
        outputs: Vec::new(),
        updates: task.update != Update::None,
    })))
}

fn send(task: &Task, to: &mut ChildStdin) -> Result<(), Box<dyn Error>> {
    let activation = match task.activation {
        Activation::Tanh => "Tanh",
        _ => "ReLU",
    };
    let loss = match task.loss {
        Loss::CrossEntropy => "CrossEntropyLoss",
        Loss::MeanSquares => "MSELoss",
    };
    let update = match task.update {
        Update::Adam => "Adam",
        Update::Sgd => "SGD",
        Update::None => "none",
    };
    let Task {
        name,
        samples,
        batch,
        ..
    } = task;
    write!(
        to,
        "{name} {activation} {loss} {update} {samples} {batch} {}",
        task.model.inputs()
    )?;
    for layer in task.model.layers() {
        write!(to, " {}", layer.outputs)?;
    }
    writeln!(to)?;
    for numbers in [&task.model.parameters(), &task.inputs, &task.targets] {
        python::send(to, numbers)?;
    }
    Ok(())
}

impl Runner for PyTorch {
    fn run(&mut self, calls: u64) {
        let line = self.process.answer(calls);
        let numbers = line.split_whitespace().map(str::parse);
        let numbers: Result<Vec<f32>, _> = numbers.collect();
        self.outputs = numbers.expect("train.py answers with numbers");
        self.outputs.truncate(if self.updates { 1 } else { 2 });
    }

    fn outputs(&self) -> Vec<f32> {
        self.outputs.clone()
    }
}
