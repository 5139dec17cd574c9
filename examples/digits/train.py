"""Trains the network of the `digits` example and writes what the example reads:

  digits.safetensors        the weights
  digits_check.safetensors  some of those rows, and what PyTorch's softmax makes of them
  pytorch.txt               PyTorch's accuracy on the rows that training didn't see

Run with Python 3.11, torch 2.9.1, numpy 2.4.6 and safetensors 0.8.0:

  python train.py
"""

import gzip
from pathlib import Path

import numpy
import torch
from safetensors.torch import save_file
from torch import nn

HERE = Path(__file__).parent


class Digits(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(64, 64)
        self.fc2 = nn.Linear(64, 10)

    def forward(self, x):
        return self.fc2(torch.relu(self.fc1(x)))


torch.manual_seed(0)
torch.set_num_threads(1)
with gzip.open(HERE / "digits.csv.gz") as file:
    rows = torch.from_numpy(numpy.loadtxt(file, delimiter=",", dtype=numpy.float32))
pixels, labels = rows[:, :64] / 16, rows[:, 64].long()
# Every fifth row is held out.
unseen = torch.arange(len(rows)) % 5 == 4
seen = ~unseen

model = Digits()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, weight_decay=1e-4)
loss = nn.CrossEntropyLoss()
for epoch in range(100):
    for batch in torch.randperm(int(seen.sum())).split(32):
        optimizer.zero_grad()
        loss(model(pixels[seen][batch]), labels[seen][batch]).backward()
        optimizer.step()

with torch.no_grad():
    right = int((model(pixels[unseen]).argmax(1) == labels[unseen]).sum())
total = int(unseen.sum())
save_file(model.state_dict(), HERE / "digits.safetensors")
check = pixels[unseen][:16].contiguous()
with torch.no_grad():
    save_file({"input": check, "output": model(check).softmax(1)}, HERE / "digits_check.safetensors")
report = f"{right} of {total} right ({100 * right / total:.1f} %), PyTorch {torch.__version__.split('+')[0]}"
(HERE / "pytorch.txt").write_text(report + "\n")
print(report)
