//! [ONNX Runtime](https://onnxruntime.ai), the graph that PyTorch would export, by its Python interface
//! (`onnx_runtime.py`).

use std::error::Error;
use std::fmt::Write;
use std::io::{Read, Write as _};
use std::sync::LazyLock;

use super::models::{Layer, Network, len};
use crate::contestants::{Mode, Prepared, Runner};
use crate::python::{self, Process};

pub const NAME: &str = "ONNX Runtime";

struct OnnxRuntime {
    process: Process,
    outputs: Vec<f32>,
}

/// What is there.
static VERSION: LazyLock<Option<String>> = LazyLock::new(|| {
    python::version("onnx")?;
    python::version("onnxruntime")
});

/// Its version, and what a call costs before any arithmetic.
pub fn describe() -> String {
    let Some(version) = &*VERSION else {
        return format!(
            "{NAME} is left out: PYTHON names no interpreter that has onnxruntime and onnx."
        );
    };
    match empty_call() {
        Ok(micros) => {
            format!("{NAME} {version}, of whose times {micros} µs are a call from Python")
        }
        Err(error) => format!("{NAME} {version}: {error}"),
    }
}

/// The microseconds of a call that copies one number.
fn empty_call() -> Result<String, Box<dyn Error>> {
    let mut process = Process::start("onnx_runtime.py")?.ok_or("no interpreter")?;
    writeln!(process.to, "1,1 1,1\n")?;
    python::send(&mut process.to, &[1.0])?;
    process.from.read_exact(&mut [0; 4])?;
    Ok(process.answer(10_000).trim().to_string())
}

pub fn prepare(model: &Network, mode: Mode) -> Prepared {
    if VERSION.is_none() {
        return Ok(None);
    }
    let Some(mut process) = Process::start("onnx_runtime.py")? else {
        return Ok(None);
    };
    let n = mode.samples();
    process.to.write_all(describe_graph(model, n)?.as_bytes())?;
    python::send(&mut process.to, &model.parameters())?;
    python::send(&mut process.to, &model.samples(n))?;
    let mut bytes = vec![0; 4 * n * len(model.output)];
    process.from.read_exact(&mut bytes)?;
    let numbers = bytes.chunks_exact(4);
    let outputs = numbers.map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]));
    Ok(Some(Box::new(OnnxRuntime {
        process,
        outputs: outputs.collect(),
    })))
}

/// A line with the shapes of input and output, and one with the layers.
fn describe_graph(model: &Network, samples: usize) -> Result<String, Box<dyn Error>> {
    let [channels, height, width] = model.input;
    let mut text = format!("{samples},{channels},{height},{width} {samples}");
    // What is flat has no more dimensions.
    let output = match model.output {
        [outputs, 1, 1] => vec![outputs],
        image => image.to_vec(),
    };
    for dimension in output {
        write!(text, ",{dimension}")?;
    }
    text.push('\n');
    for layer in &model.layers {
        match layer {
            Layer::Conv(conv) => {
                let [a, b, c, d] = conv.shape();
                let [vertical, horizontal] = conv.padding;
                let (stride, groups) = (conv.stride, conv.groups);
                write!(
                    text,
                    "Conv,{a},{b},{c},{d},{stride},{vertical},{horizontal},{groups} "
                )?;
            }
            Layer::Linear(linear) => write!(text, "Gemm,{},{} ", linear.outputs, linear.inputs)?,
            Layer::Relu => text.push_str("Relu "),
            Layer::Relu6 => text.push_str("Clip "),
            Layer::MaxPool => text.push_str("MaxPool "),
            Layer::Mean => text.push_str("GlobalAveragePool "),
            Layer::Flatten => text.push_str("Flatten "),
            Layer::Softmax => text.push_str("Softmax "),
        }
    }
    text.push('\n');
    Ok(text)
}

impl Runner for OnnxRuntime {
    fn run(&mut self, calls: u64) {
        self.process.answer(calls);
    }

    /// Those of a first call: the inputs never change.
    fn outputs(&self) -> Vec<f32> {
        self.outputs.clone()
    }
}
