// Draws on the page with the mouse, reads the answers, and measures. Its second argument, if there is
// one, is where a picture of the page goes.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { answers, compare } from "./answers.mjs";
import { browser, serve } from "./browser.mjs";

// As a hand draws them, each in hundredths of the canvas: elsewhere, smaller and less upright than what
// the page's own buttons draw.
const HAND = [
  [[[44, 26], [37, 30], [32, 40], [31, 52], [35, 63], [44, 69], [54, 66], [61, 56], [63, 44], [59, 32], [52, 26], [45, 26]]],
  [[[52, 20], [52, 40], [51, 60], [51, 82]]],
  [[[30, 32], [36, 22], [48, 18], [58, 23], [60, 33], [54, 45], [44, 56], [33, 68], [28, 75], [42, 74], [56, 73], [66, 74]]],
  [[[34, 24], [46, 18], [58, 21], [62, 30], [56, 40], [46, 45], [57, 48], [65, 56], [64, 68], [54, 77], [42, 78], [33, 72]]],
  [[[42, 22], [38, 36], [32, 52], [46, 53], [64, 52]], [[58, 30], [57, 50], [55, 68], [54, 84]]],
  [[[40, 24], [38, 36], [36, 46], [48, 42], [60, 47], [65, 58], [61, 70], [50, 77], [36, 76]], [[40, 24], [52, 23], [66, 22]]],
  [[[60, 20], [48, 28], [39, 42], [35, 58], [38, 71], [48, 78], [59, 74], [63, 64], [57, 55], [47, 55], [38, 63]]],
  [[[32, 24], [46, 23], [66, 21], [60, 36], [53, 52], [47, 68], [44, 82]]],
  [[[60, 28], [52, 20], [42, 23], [39, 33], [46, 43], [56, 52], [62, 64], [57, 75], [46, 78], [38, 70], [40, 59], [50, 48], [60, 38], [60, 28]]],
  [[[62, 30], [54, 21], [43, 23], [37, 34], [42, 45], [53, 46], [61, 37], [63, 28], [62, 46], [59, 64], [55, 82]]],
];

const site = await serve(fileURLToPath(new URL("../page", import.meta.url)));
const page = await browser(site.url, { width: 960, height: 990 });
await page.until("globalThis.digits !== undefined");
const box = JSON.parse(await page.evaluate("JSON.stringify(document.getElementById('draw').getBoundingClientRect())"));

async function mouse(type, [x, y]) {
  const at = { x: box.x + (x / 100) * box.width, y: box.y + (y / 100) * box.height };
  await page.send("Input.dispatchMouseEvent", { type, ...at, button: "left", buttons: type === "mouseReleased" ? 0 : 1, clickCount: 1 });
}

async function draw(strokes) {
  await page.evaluate("document.getElementById('clear').click()");
  for (const [first, ...others] of strokes) {
    await mouse("mousePressed", first);
    for (const point of others) await mouse("mouseMoved", point);
    await mouse("mouseReleased", others.at(-1));
  }
  return JSON.parse(await page.evaluate("JSON.stringify([digits.best(), Math.max(...digits.probabilities), document.getElementById('said').textContent])"));
}

const wrong = [];
for (const [digit, strokes] of HAND.entries()) {
  const [read, probability, said] = await draw(strokes);
  console.log(`drawn ${digit}, read ${read} (${(100 * probability).toFixed(1)} %)`);
  if (read !== digit || !said.includes(`a ${digit}`)) wrong.push(digit);
}
for (let digit = 0; digit < 10; digit++) {
  await page.evaluate(`document.querySelectorAll("#ready button")[${digit}].click()`);
  await page.until(`document.getElementById("said").textContent.includes("a ${digit} (")`);
}

const rows = answers(process.argv[2]);
const images = JSON.stringify(rows.map(({ pixels }) => [...pixels]));
const there = JSON.parse(await page.evaluate(`JSON.stringify(${images}.map((image) => {
  digits.pixels.set(image);
  digits.net.read();
  return [...digits.probabilities];
}))`));
let next = 0;
compare("Chromium", rows, () => there[next++]);
const times = JSON.parse(await page.evaluate(`JSON.stringify(${images}.slice(0, 20).map((image) => {
  digits.pixels.set(image);
  return digits.time();
}))`));
console.log(`${Math.min(...times).toFixed(2)} to ${Math.max(...times).toFixed(2)} µs a sample`);

if (process.argv[3]) {
  await draw(HAND[3]);
  await page.until("document.getElementById('speed').textContent !== ''");
  const { data } = await page.send("Page.captureScreenshot", { format: "png" });
  writeFileSync(process.argv[3], Buffer.from(data, "base64"));
}
await page.close();
site.close();
if (wrong.length) throw new Error(`read wrongly: ${wrong.join(", ")}`);
