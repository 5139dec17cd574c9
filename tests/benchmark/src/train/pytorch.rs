//! PyTorch, eager, in a process of its own (`train.py`), where the environment variable `PYTHON` names an
//! interpreter that has it. A turn's time has one line to it and one back in it, some ten microseconds.

use std::env;
use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::{ffi::OsString, path::Path};

use super::tasks::{Loss, Task, Update};
use crate::contestants::{Prepared, Runner};
use crate::models::Activation;

fn python() -> Option<OsString> {
    env::var_os("PYTHON").filter(|python| !python.is_empty())
}

/// What is there.
pub fn version() -> Option<String> {
    let print = ["-c", "import torch; print(torch.__version__)"];
    let output = Command::new(python()?).args(print).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    (output.status.success()).then(|| text.trim().to_string())
}

struct PyTorch {
    process: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    outputs: Vec<f32>,
    updates: bool,
}

pub fn prepare(task: &Task) -> Prepared {
    if version().is_none() {
        return Ok(None);
    }
    let Some(python) = python() else {
        return Ok(None);
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("train.py");
    let mut process = Command::new(python)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut to = process.stdin.take().ok_or("no input")?;
    let mut from = BufReader::new(process.stdout.take().ok_or("no output")?);
    send(task, &mut to)?;
    // Its version, when it is ready.
    from.read_line(&mut String::new())?;
    Ok(Some(Box::new(PyTorch {
        process,
        to,
        from,
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
        let bytes: Vec<u8> = numbers.iter().flat_map(|x| x.to_le_bytes()).collect();
        to.write_all(&bytes)?;
    }
    Ok(to.flush()?)
}

impl Runner for PyTorch {
    fn run(&mut self, calls: u64) {
        let mut line = String::new();
        let answer = writeln!(self.to, "{calls}")
            .and_then(|()| self.to.flush())
            .and_then(|()| self.from.read_line(&mut line));
        answer.expect("train.py answers");
        let numbers = line.split_whitespace().map(str::parse);
        let numbers: Result<Vec<f32>, _> = numbers.collect();
        self.outputs = numbers.expect("train.py answers with numbers");
        self.outputs.truncate(if self.updates { 1 } else { 2 });
    }

    fn outputs(&self) -> Vec<f32> {
        self.outputs.clone()
    }
}

impl Drop for PyTorch {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
