//! [tract](https://github.com/sonos/tract): the ONNX graph that PyTorch would export, optimised for its shapes.

use tract_onnx::pb;

use super::models::{Layer, Linear, Network};
use crate::contestants::tract::{int, ints, node, runner, tensor, value};
use crate::contestants::{Mode, Prepared};

pub fn prepare(model: &Network, mode: Mode) -> Prepared {
    let n = mode.samples();
    let [channels, height, width] = model.input;
    let shape = [n, channels, height, width];
    runner(onnx(model, n), &shape, &model.samples(n))
}

fn onnx(model: &Network, samples: usize) -> pb::GraphProto {
    let [channels, height, width] = model.input;
    let mut graph = pb::GraphProto {
        name: model.name.into(),
        input: vec![value("x", &[samples, channels, height, width])],
        ..Default::default()
    };
    let mut last = "x".to_string();
    for (place, layer) in model.layers.iter().enumerate() {
        let output = format!("y{place}");
        let (constants, mut made) = layer_node(layer, place, &output);
        made.input.push(last);
        made.input.extend(constants.iter().map(|c| c.name.clone()));
        graph.initializer.extend(constants);
        graph.node.push(made);
        last = output;
    }
    let output = match model.output {
        [outputs, 1, 1] => value(&last, &[samples, outputs]),
        [channels, height, width] => value(&last, &[samples, channels, height, width]),
    };
    graph.output.push(output);
    graph
}

/// A node without its inputs, and the constants that it has beside the first.
fn layer_node(layer: &Layer, place: usize, output: &str) -> (Vec<pb::TensorProto>, pb::NodeProto) {
    let names = ["weight", "bias"].map(|name| format!("{name}{place}"));
    let [weight_name, bias_name] = &names;
    let plain = |op| (Vec::new(), node(op, &[], output));
    match layer {
        Layer::Conv(conv) => {
            let [vertical, horizontal] = conv.padding;
            let mut made = node("Conv", &[], output);
            made.attribute = vec![
                ints("kernel_shape", &conv.kernel),
                ints("strides", &[conv.stride; 2]),
                ints("pads", &[vertical, horizontal, vertical, horizontal]),
                int("group", conv.groups),
            ];
            let weight = tensor(weight_name, &conv.shape(), &conv.weight);
            let bias = tensor(bias_name, &[conv.outputs], &conv.bias);
            (vec![weight, bias], made)
        }
        Layer::Linear(Linear {
            inputs,
            outputs,
            weight,
            bias,
        }) => {
            let mut made = node("Gemm", &[], output);
            made.attribute = vec![int("transB", 1)];
            let weight = tensor(weight_name, &[*outputs, *inputs], weight);
            (vec![weight, tensor(bias_name, &[*outputs], bias)], made)
        }
        Layer::Relu => plain("Relu"),
        Layer::Relu6 => {
            let bounds = [(weight_name, 0.0), (bias_name, 6.0)];
            let bounds = bounds.map(|(name, bound)| tensor(name, &[], &[bound]));
            (bounds.to_vec(), node("Clip", &[], output))
        }
        Layer::MaxPool => {
            let mut made = node("MaxPool", &[], output);
            made.attribute = vec![ints("kernel_shape", &[2, 2]), ints("strides", &[2, 2])];
            (Vec::new(), made)
        }
        Layer::Mean => plain("GlobalAveragePool"),
        Layer::Flatten => plain("Flatten"),
        Layer::Softmax => plain("Softmax"),
    }
}
