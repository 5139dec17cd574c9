// Compares what two modules compute: `node compare.mjs PLAIN SIMD128`.
import { readFileSync } from "node:fs";

// Of the larger of one and the number: sums are in another order, and errors of functions differ.
const TOLERANCE = { f32: 2e-6, f64: 1e-14 };

const [plain, simd] = process.argv.slice(2).map((path) => {
  const bytes = readFileSync(path);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  return (number) => {
    const length = exports.run(number);
    return [...new Float64Array(exports.memory.buffer, exports.outputs(), length)];
  };
});
if (readFileSync(process.argv[2]).equals(readFileSync(process.argv[3]))) throw new Error("one module, twice");

let [failed, passed] = [0, 0];
for (let number = 0; number < 200; number++) {
  const [expected, computed] = [plain(number), simd(number)];
  if (expected.length === 0) continue;
  const scalar = number < 100 ? "f32" : "f64";
  let apart = 0;
  expected.forEach((x, i) => {
    const off = Math.abs(x - computed[i]) / Math.max(1, Math.abs(x));
    apart = off <= apart ? apart : off;
  });
  const good = expected.length === computed.length && apart <= TOLERANCE[scalar];
  if (good) passed++;
  else failed++;
  console.log(`case ${number % 100}, ${scalar}: ${expected.length} numbers, at most ${apart.toExponential(1)} apart${good ? "" : ": TOO FAR"}`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed || !passed ? 1 : 0);
