"""ONNX Runtime's side of `convolutions`: reads shapes, layers, weights and inputs from the standard input, writes
the outputs of a first call, and then, line by line, reads how many calls to make and answers with the microseconds
of one. layerwise-benchmark starts it, with the interpreter that PYTHON names."""

import sys
import time

import numpy
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

source = sys.stdin.buffer


def numbers(*shape):
    count = int(numpy.prod(shape))
    return numpy.frombuffer(source.read(4 * count), dtype=numpy.float32).reshape(shape)


def graph(input_shape, output_shape, layers):
    nodes, constants, last = [], [], "x"

    def constant(value):
        name = f"constant{len(constants)}"
        constants.append(numpy_helper.from_array(numpy.asarray(value, dtype=numpy.float32), name))
        return name

    for place, layer in enumerate(layers):
        kind, *sizes = layer.split(",")
        sizes, operands, options = [int(size) for size in sizes], [], {}
        if kind == "Conv":
            *shape, stride, vertical, horizontal, groups = sizes
            operands = [constant(numbers(*shape)), constant(numbers(shape[0]))]
            options = dict(
                strides=[stride, stride], pads=[vertical, horizontal, vertical, horizontal], group=groups
            )
        elif kind == "Gemm":
            operands, options = [constant(numbers(*sizes)), constant(numbers(sizes[0]))], dict(transB=1)
        elif kind == "Clip":
            operands = [constant(0), constant(6)]
        elif kind == "MaxPool":
            options = dict(kernel_shape=[2, 2], strides=[2, 2])
        name = f"y{place}"
        nodes.append(helper.make_node(kind, [last, *operands], [name], **options))
        last = name
    nodes.append(helper.make_node("Identity", [last], ["y"]))
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, input_shape)
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, output_shape)
    model = helper.make_model(
        helper.make_graph(nodes, "network", [x], [y], constants),
        opset_imports=[helper.make_opsetid("", 13)],
        ir_version=8,
    )
    onnx.checker.check_model(model)
    return model.SerializeToString()


input_shape, output_shape = (
    [int(size) for size in shape.split(",")] for shape in source.readline().decode().split()
)
model = graph(input_shape, output_shape, source.readline().decode().split())
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

# Both stay where they are, so that a call copies nothing.
x = onnxruntime.OrtValue.ortvalue_from_numpy(numbers(*input_shape))
y = onnxruntime.OrtValue.ortvalue_from_numpy(numpy.zeros(output_shape, dtype=numpy.float32))
binding = session.io_binding()
binding.bind_ortvalue_input("x", x)
binding.bind_ortvalue_output("y", y)
run = session.run_with_iobinding
run(binding)
sys.stdout.buffer.write(y.numpy().tobytes())
sys.stdout.buffer.flush()

for line in source:
    calls = int(line)
    start = time.perf_counter()
    for _ in range(calls):
        run(binding)
    print(f"{(time.perf_counter() - start) / calls * 1e6:.2f}", flush=True)
