// Compares the module's answers with those of the desktop, in a file that `digits_answers` wrote.
import { readFileSync } from "node:fs";
import { answers, compare } from "./answers.mjs";

const module = new WebAssembly.Module(readFileSync(new URL("../page/digits.wasm", import.meta.url)));
const { exports: net } = new WebAssembly.Instance(module);
const numbers = (at, length) => new Float32Array(net.memory.buffer, at, length);
const [pixels, probabilities] = [numbers(net.pixels(), 64), numbers(net.probabilities(), 10)];
compare("Node", answers(process.argv[2]), (image) => {
  pixels.set(image);
  net.read();
  return probabilities;
});
