"""PyTorch's side of `train`: reads a task and its numbers from the standard input, then, line by line, how many
steps to make, and answers each line with the last step's outputs. layerwise-benchmark starts it, with the
interpreter that PYTHON names."""

import sys

import torch

torch.set_num_threads(1)
source = sys.stdin.buffer


def numbers(*shape):
    count = torch.Size(shape).numel()
    return torch.frombuffer(bytearray(source.read(4 * count)), dtype=torch.float32).reshape(shape)


name, activation, loss, update, samples, batch, *sizes = source.readline().decode().split()
samples, batch, sizes = int(samples), int(batch), [int(size) for size in sizes]

stages = []
for inputs, outputs in zip(sizes, sizes[1:]):
    layer = torch.nn.Linear(inputs, outputs)
    with torch.no_grad():
        layer.weight.copy_(numbers(outputs, inputs))
        layer.bias.copy_(numbers(outputs))
    stages += [layer, getattr(torch.nn, activation)()]
net = torch.nn.Sequential(*stages[:-1])
x = numbers(samples, sizes[0])
if loss == "CrossEntropyLoss":
    targets = numbers(samples).long()
else:
    targets = numbers(samples, sizes[-1])
loss = getattr(torch.nn, loss)()
parameters = list(net.parameters())
optimizer = {
    "Adam": lambda: torch.optim.Adam(parameters, lr=1e-3),
    "SGD": lambda: torch.optim.SGD(parameters, lr=1e-2),
    "none": lambda: None,
}[update]()

at = 0
print(torch.__version__, flush=True)
for line in source:
    for _ in range(int(line)):
        net.zero_grad(set_to_none=True)
        value = loss(net(x[at : at + batch]), targets[at : at + batch])
        value.backward()
        if optimizer is not None:
            optimizer.step()
        at = (at + batch) % samples
    size = sum(p.grad.abs().sum() for p in parameters)
    print(value.item(), size.item(), flush=True)
