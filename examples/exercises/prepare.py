"""Writes `exercises.csv.gz` from the recordings that seglearn 1.2.5 ships (`seglearn/data/watch_dataset.npy`).

A line a recording: the person, the arm (0 is the left one), the exercise, and then the steps, six numbers
each: acceleration along x, y and z in fiftieths of g, and rotation about them in tenths of a radian a
second. A step is the mean of four of the watch's 50 in a second.

Run with Python 3.11, numpy 2.4.6 and seglearn's wheel, unpacked:

  python prepare.py seglearn/data/watch_dataset.npy
"""

import gzip
import sys
from pathlib import Path

import numpy

MEANS_OF = 4
UNITS = numpy.array([50, 50, 50, 10, 10, 10])

watch = numpy.load(sys.argv[1], allow_pickle=True).item()
lines = []
for steps, exercise, person, arm in zip(watch["X"], watch["y"], watch["subject"], watch["side"]):
    whole = len(steps) // MEANS_OF * MEANS_OF
    means = steps[:whole].reshape(-1, MEANS_OF, 6).mean(1)
    numbers = numpy.rint(means * UNITS).astype(int).ravel()
    lines.append(",".join(map(str, [person, int(arm), exercise, *numbers])))
text = "\n".join(sorted(lines, key=lambda line: [int(x) for x in line.split(",")[:3]])) + "\n"
with open(Path(__file__).parent / "exercises.csv.gz", "wb") as file:
    file.write(gzip.compress(text.encode(), 9, mtime=0))
