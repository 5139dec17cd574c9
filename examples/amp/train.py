"""Fits the network of the `amp` example to a distortion, and writes what the example reads:

  riff.wav                 some plucked strings, as they come out of a guitar
  amp.safetensors          the weights
  amp_check.safetensors    the riff's first steps, and what PyTorch makes of them

Run with Python 3.11, torch 2.9.1, numpy 2.4.6 and safetensors 0.8.0, for two minutes:

  python train.py
"""

import math
import wave
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn

HERE = Path(__file__).parent
RATE = 48_000
STRETCH, WARM_UP, STREAMS, ROUNDS = 512, 128, 32, 500


class Amp(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(1, 8, batch_first=True)
        self.fc = nn.Linear(8, 1)

    def forward(self, x):
        return self.fc(self.gru(x)[0])


def distortion(x):
    """A tube that is driven: its bias sinks while it is loud, it clips one side harder than the other,
    and what is behind it lets little through above 6 kHz."""
    smooth, fall = 1 - math.exp(-2 * math.pi * 6000 / RATE), math.exp(-1 / (0.02 * RATE))
    y, level, low = np.empty_like(x), np.zeros(x.shape[0]), np.zeros(x.shape[0])
    for t in range(x.shape[1]):
        level = np.maximum(np.abs(x[:, t]), fall * level)
        driven = 6 * x[:, t] + 0.4 - 0.6 * level
        clipped = np.where(driven > 0, np.tanh(driven), 0.7 * np.tanh(driven / 0.7))
        low += smooth * (0.8 * (clipped - np.tanh(0.4)) - low)
        y[:, t] = low
    return y


def pluck(frequency, steps, random):
    """A string by Karplus and Strong (1983), with two ends that swallow high notes."""
    period = int(RATE / frequency)
    string = random.uniform(-1, 1, period)
    for _ in range(4):
        string = (string + np.roll(string, 1)) / 2
    string /= np.abs(string).max()
    rounds = [string]
    while len(rounds) * period < steps:
        string = 0.996 * (0.5 * string + 0.5 * np.append(rounds[-1][-1], string[:-1]))
        rounds.append(string)
    return np.concatenate(rounds)[:steps]


def played(notes, random):
    """Notes as (beginning in seconds, MIDI number, loudness), until a second behind the last."""
    steps = int((max(begin for begin, _, _ in notes) + 0.7) * RATE)
    sound = np.zeros(steps)
    for begin, note, loudness in notes:
        begin = int(begin * RATE)
        sound[begin:] += loudness * pluck(440 * 2 ** ((note - 69) / 12), steps - begin, random)
    return sound


def stretches(random):
    """Strings of all heights and some chords, loud and soft, with sounds that die away."""
    rows = []
    while len(rows) < 600:
        notes = random.integers(40, 77, random.integers(1, 4))
        loudness = 10 ** random.uniform(-1.3, -0.1)
        sound = played([(0.0, note, loudness / len(notes)) for note in notes], random)
        rows += [sound[at : at + STRETCH + WARM_UP] for at in random.integers(0, 20_000, 4)]
    return np.stack(rows)


random = np.random.default_rng(0)
torch.manual_seed(0)
torch.set_num_threads(1)

x = stretches(random)
y = distortion(x)
x, y = (torch.tensor(part, dtype=torch.float32).unsqueeze(-1) for part in (x, y))
model = Amp()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, ROUNDS)
for round in range(ROUNDS):
    batch = torch.randint(len(x), (STREAMS,))
    error = (model(x[batch]) - y[batch])[:, WARM_UP:]
    loss = error.square().mean() / y[batch].square().mean()
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    schedule.step()
    if round % 100 == 99:
        print(f"round {round + 1}: {100 * loss.item():.2f} % of the energy is wrong", flush=True)

# Two chords that fade, and a short run: E, A and a way down.
riff = [(0.02 * i, note, 0.28) for i, note in enumerate((40, 47, 52))]
riff += [(0.45 + 0.02 * i, note, 0.28) for i, note in enumerate((45, 52, 57))]
riff += [(0.9 + 0.12 * i, note, 0.5) for i, note in enumerate((64, 62, 59, 57))]
samples = np.round(np.clip(played(riff, random), -1, 1) * 32767).astype("<i2")
with wave.open(str(HERE / "riff.wav"), "wb") as file:
    file.setparams((1, 2, RATE, 0, "NONE", ""))
    file.writeframes(samples.tobytes())
sound = samples / 32768
with torch.no_grad():
    x = torch.tensor(sound, dtype=torch.float32).reshape(1, -1, 1)
    y = model(x)
wanted = torch.tensor(distortion(sound[None]), dtype=torch.float32).unsqueeze(-1)
print(f"riff: {100 * ((y - wanted).square().sum() / wanted.square().sum()).item():.2f} % of the energy is wrong")
check = {"input": x[0, :4800].contiguous(), "output": y[0, :4800].contiguous()}
save_file(check, HERE / "amp_check.safetensors")
save_file(model.state_dict(), HERE / "amp.safetensors")
