//! [tract](https://github.com/sonos/tract): the ONNX graph that PyTorch would export, optimised for its
//! shapes.

use std::hint::black_box;

use tract_onnx::pb::{
    self, attribute_proto::AttributeType, tensor_proto::DataType, tensor_shape_proto::dimension,
    type_proto,
};
use tract_onnx::prelude::*;

use super::{Mode, Prepared, Runner};
use crate::models::{Activation, Layer, Model};

struct Tract {
    network: TypedSimpleState,
    x: TValue,
    y: TVec<TValue>,
}

pub fn prepare(model: &Model, mode: Mode) -> Prepared {
    let (false, Some(layers)) = (mode == Mode::Dependent, model.chain()) else {
        return Ok(None);
    };
    let n = mode.samples();
    let graph = onnx(model, &layers, n);
    runner(graph, &[n, model.inputs()], &model.samples(n))
}

/// What tract makes of a graph, for inputs of `shape`.
pub fn runner(graph: pb::GraphProto, shape: &[usize], samples: &[f32]) -> Prepared {
    let onnx = pb::ModelProto {
        ir_version: 8,
        // The first in which the default axis of a softmax is the last.
        opset_import: vec![pb::OperatorSetIdProto {
            version: 13,
            ..Default::default()
        }],
        graph: Some(graph),
        ..Default::default()
    };
    let plan = tract_onnx::onnx()
        .model_for_proto_model(&onnx)?
        .into_optimized()?
        .into_runnable()?;
    let mut network = plan.spawn()?;
    let x = Tensor::from_shape(shape, samples)?.into_tvalue();
    let y = network.run(tvec!(x.clone()))?;
    Ok(Some(Box::new(Tract { network, x, y })))
}

impl Runner for Tract {
    fn run(&mut self, calls: u64) {
        for _ in 0..calls {
            let y = black_box(&mut self.network).run(tvec!(black_box(self.x.clone())));
            self.y = black_box(y).expect("a first call went well");
        }
    }

    fn outputs(&self) -> Vec<f32> {
        let y = self.y[0]
            .to_plain_array_view::<f32>()
            .expect("the output is of f32");
        y.iter().copied().collect()
    }
}

/// A `Gemm` for each layer, and a node for what follows it.
fn onnx(model: &Model, layers: &[&Layer], samples: usize) -> pb::GraphProto {
    let mut graph = pb::GraphProto {
        name: model.name.into(),
        input: vec![value("x", &[samples, model.inputs()])],
        ..Default::default()
    };
    let mut last = "x".to_string();
    for (k, layer) in layers.iter().enumerate() {
        let (weight, bias, sum) = (format!("weight{k}"), format!("bias{k}"), format!("sum{k}"));
        graph.initializer.push(tensor(
            &weight,
            &[layer.outputs, layer.inputs],
            &layer.weight,
        ));
        graph
            .initializer
            .push(tensor(&bias, &[layer.outputs], &layer.bias));
        let mut gemm = node("Gemm", &[&last, &weight, &bias], &sum);
        gemm.attribute.push(int("transB", 1));
        graph.node.push(gemm);
        last = sum;
        let after = match layer.activation {
            Activation::None => continue,
            Activation::Elu => "Elu",
            Activation::Gelu => "Gelu",
            Activation::Relu => "Relu",
            Activation::Sigmoid => "Sigmoid",
            Activation::Softmax => "Softmax",
            Activation::Tanh => "Tanh",
        };
        let output = format!("output{k}");
        graph.node.push(node(after, &[&last], &output));
        last = output;
    }
    graph.output.push(value(&last, &[samples, model.outputs()]));
    graph
}

pub fn node(op: &str, inputs: &[&str], output: &str) -> pb::NodeProto {
    pb::NodeProto {
        name: format!("{output}.{op}"),
        op_type: op.into(),
        input: inputs.iter().map(ToString::to_string).collect(),
        output: vec![output.into()],
        ..Default::default()
    }
}

pub fn int(name: &str, i: usize) -> pb::AttributeProto {
    pb::AttributeProto {
        name: name.into(),
        r#type: AttributeType::Int as i32,
        i: i as i64,
        ..Default::default()
    }
}

pub fn ints(name: &str, ints: &[usize]) -> pb::AttributeProto {
    pb::AttributeProto {
        name: name.into(),
        r#type: AttributeType::Ints as i32,
        ints: ints.iter().map(|&i| i as i64).collect(),
        ..Default::default()
    }
}

pub fn tensor(name: &str, shape: &[usize], values: &[f32]) -> pb::TensorProto {
    pb::TensorProto {
        name: name.into(),
        dims: shape.iter().map(|&d| d as i64).collect(),
        data_type: DataType::Float as i32,
        float_data: values.to_vec(),
        ..Default::default()
    }
}

pub fn value(name: &str, shape: &[usize]) -> pb::ValueInfoProto {
    let dim = |&d: &usize| pb::tensor_shape_proto::Dimension {
        value: Some(dimension::Value::DimValue(d as i64)),
        ..Default::default()
    };
    let tensor = type_proto::Tensor {
        elem_type: DataType::Float as i32,
        shape: Some(pb::TensorShapeProto {
            dim: shape.iter().map(dim).collect(),
        }),
    };
    pb::ValueInfoProto {
        name: name.into(),
        r#type: Some(pb::TypeProto {
            value: Some(type_proto::Value::TensorType(tensor)),
            ..Default::default()
        }),
        ..Default::default()
    }
}
