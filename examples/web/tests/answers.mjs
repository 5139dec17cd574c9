// What the desktop answers.
import { readFileSync } from "node:fs";

export function answers(path) {
  const { buffer, byteOffset, length } = readFileSync(path);
  const numbers = new Float32Array(buffer.slice(byteOffset, byteOffset + length));
  const rows = [];
  for (let at = 0; at < numbers.length; at += 75) {
    rows.push({ pixels: numbers.slice(at, at + 64), expected: numbers.slice(at + 64, at + 74), label: numbers[at + 74] });
  }
  return rows;
}

export function compare(where, rows, read) {
  let [apart, right] = [0, 0];
  for (const { pixels, expected, label } of rows) {
    const read_here = [...read(pixels)];
    read_here.forEach((p, digit) => (apart = Math.max(apart, Math.abs(p - expected[digit]))));
    right += read_here.indexOf(Math.max(...read_here)) === label;
  }
  console.log(`${where}: ${right} of ${rows.length} right; largest difference from the desktop's answers ${apart.toExponential(2)}`);
  if (rows.length !== 359 || !(apart <= 1e-6)) throw new Error("expected 359 answers within 1e-6");
}
