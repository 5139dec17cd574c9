// The page: strokes go into the module point by point, and what the network makes of them is drawn.

// Strokes of the ten digits, in hundredths, for who has no pointer: `M` begins one, `L` goes on.
const READY = [
  "M50 8 L34 14 L24 32 L22 54 L28 76 L42 90 L58 90 L72 76 L78 54 L76 32 L66 14 L50 8",
  "M34 30 L56 10 L56 92",
  "M26 28 L34 12 L52 8 L68 16 L70 34 L58 54 L38 74 L24 90 L50 88 L76 90",
  "M28 16 L46 8 L66 14 L70 30 L60 44 L44 48 L62 52 L74 66 L70 82 L52 92 L34 90 L24 80",
  "M56 8 L40 34 L24 60 L50 62 L78 60 M60 38 L58 64 L56 92",
  "M72 10 L36 10 L32 44 L50 40 L68 48 L74 66 L66 84 L48 92 L26 86",
  "M64 8 L44 24 L30 48 L26 70 L34 86 L50 92 L66 84 L70 68 L60 56 L44 56 L30 66",
  "M24 12 L50 10 L76 10 L64 38 L52 66 L46 92",
  "M68 18 L54 8 L38 12 L34 26 L44 42 L60 56 L66 74 L58 88 L44 92 L32 82 L34 66 L48 50 L64 36 L68 18",
  "M70 26 L56 10 L38 14 L30 32 L38 48 L54 50 L68 38 L70 26 L68 56 L62 92",
];

const $ = (id) => document.getElementById(id);
const { instance } = await WebAssembly.instantiateStreaming(fetch("digits.wasm"));
const net = instance.exports;
const numbers = (at, length) => new Float32Array(net.memory.buffer, at, length);
const pixels = numbers(net.pixels(), 64);
const units = numbers(net.units(), 64);
const probabilities = numbers(net.probabilities(), 10);
const weights = numbers(net.weights(), 64 * 64);

const bars = [...probabilities].map((_, digit) => {
  const row = document.createElement("li");
  row.innerHTML = `<span>${digit}</span><span class="bar"><i></i></span><output></output>`;
  $("answer").append(row);
  return { row, bar: row.querySelector("i"), text: row.querySelector("output") };
});

// What is drawn, besides in the module: for the canvas.
const draw = $("draw");
const pen = draw.getContext("2d");
let strokes = [];
let due = false;

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function start(x, y) {
  strokes.push([[x, y]]);
  net.start(x, y);
  change();
}

function line(x, y) {
  strokes.at(-1).push([x, y]);
  net.line(x, y);
  change();
}

function clear() {
  strokes = [];
  net.clear();
  change();
}

// At most once a frame, however fast the points come.
function change() {
  if (due) return;
  due = true;
  requestAnimationFrame(() => {
    due = false;
    update();
  });
}

function update() {
  net.look();
  net.read();
  net.feel();
  paintStrokes();
  paintAnswer();
  paintSeen();
  paintUnits();
}

function paintStrokes() {
  const { width, height } = draw;
  pen.clearRect(0, 0, width, height);
  pen.strokeStyle = colour("--ink");
  pen.lineWidth = width / 16;
  pen.lineCap = pen.lineJoin = "round";
  for (const stroke of strokes) {
    pen.beginPath();
    for (const [x, y] of [stroke[0], ...stroke]) pen.lineTo(x * width, y * height);
    pen.stroke();
  }
}

function best() {
  return probabilities.indexOf(Math.max(...probabilities));
}

function paintAnswer() {
  const drawn = strokes.length > 0;
  bars.forEach(({ row, bar, text }, digit) => {
    const p = drawn ? probabilities[digit] : 0;
    bar.style.transform = `scaleX(${p})`;
    text.textContent = drawn ? `${(100 * p).toFixed(1)} %` : "";
    row.classList.toggle("best", drawn && digit === best());
  });
}

function paintSeen() {
  const image = new ImageData(8, 8);
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  pixels.forEach((ink, i) => {
    const grey = 255 * (dark ? ink : 1 - ink);
    image.data.set([grey, grey, grey, 255], 4 * i);
  });
  $("seen").getContext("2d").putImageData(image, 0, 0);
}

function paintUnits() {
  const canvas = $("units");
  const context = canvas.getContext("2d");
  const colours = [colour("--against"), colour("--for")];
  const columns = canvas.clientWidth > 600 ? 16 : 8;
  const tile = 72;
  [canvas.width, canvas.height] = [tile * columns, (tile * units.length) / columns];
  const dot = (tile - 8) / 8;
  const loudest = Math.max(1, ...units);
  units.forEach((output, unit) => {
    const [left, top] = [(unit % columns) * tile + 4, Math.floor(unit / columns) * tile + 4];
    const loud = strokes.length ? 0.12 + (0.88 * output) / loudest : 0.35;
    for (let pixel = 0; pixel < 64; pixel++) {
      const weight = weights[64 * pixel + unit];
      context.globalAlpha = loud * Math.min(1, Math.abs(weight) / 0.4);
      context.fillStyle = colours[Number(weight > 0)];
      context.fillRect(left + (pixel % 8) * dot, top + Math.floor(pixel / 8) * dot, dot, dot);
    }
    context.globalAlpha = strokes.length ? output / loudest : 0;
    context.strokeStyle = colour("--ink");
    context.lineWidth = 2;
    context.strokeRect(left - 2, top - 2, tile - 4, tile - 4);
  });
}

// Said once a stroke has ended, for who hears the page.
function say() {
  $("said").textContent = strokes.length
    ? `It reads a ${best()} (${(100 * probabilities[best()]).toFixed(1)} %).`
    : "";
}

const place = (event) => {
  const box = draw.getBoundingClientRect();
  return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
};
let pressed = null;
// Which of the ready digits is being drawn; one's own stroke or another button ends it.
let drawing = 0;
draw.addEventListener("pointerdown", (event) => {
  if (pressed !== null || event.button !== 0) return;
  pressed = event.pointerId;
  draw.setPointerCapture(pressed);
  drawing++;
  start(...place(event));
});
draw.addEventListener("pointermove", (event) => {
  if (event.pointerId !== pressed) return;
  const [x, y] = place(event);
  const [fromX, fromY] = strokes.at(-1).at(-1);
  // Closer points add nothing to the picture.
  if (Math.hypot(x - fromX, y - fromY) > 0.008) line(x, y);
});
const lift = (event) => {
  if (event.pointerId !== pressed) return;
  pressed = null;
  update();
  say();
};
draw.addEventListener("pointerup", lift);
draw.addEventListener("pointercancel", lift);
$("clear").addEventListener("click", () => {
  drawing++;
  clear();
  say();
});

// Draws a digit, a piece each frame, or at once where motion isn't wanted.
async function show(digit) {
  const mine = ++drawing;
  clear();
  for (const [, kind, x, y] of READY[digit].matchAll(/([ML])(\d+) (\d+)/g)) {
    const to = [x / 100, y / 100];
    if (kind === "M") {
      start(...to);
      continue;
    }
    const from = strokes.at(-1).at(-1);
    for (let part = 1; part <= 4; part++) {
      line(...from.map((at, axis) => at + ((to[axis] - at) * part) / 4));
      if (matchMedia("(prefers-reduced-motion: reduce)").matches) continue;
      await new Promise(requestAnimationFrame);
      if (mine !== drawing) return;
    }
  }
  update();
  say();
}
READY.forEach((_, digit) => {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = digit;
  button.ariaLabel = `Draw a ${digit}`;
  button.addEventListener("click", () => show(digit));
  $("ready").append(button);
});

// Microseconds an answer: of many, since a page's clock is coarse. The least, since others run here, too.
function time() {
  let least = Infinity;
  for (let round = 0; round < 20; round++) {
    const begin = performance.now();
    for (let call = 0; call < 1000; call++) net.read();
    least = Math.min(least, performance.now() - begin);
  }
  return least;
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", update);
new ResizeObserver(paintUnits).observe($("units"));
update();
setTimeout(() => {
  $("speed").textContent = `One answer takes ${time().toFixed(1)} µs here.`;
}, 300);
// For a test.
globalThis.digits = { pixels, probabilities, best, time, net };
