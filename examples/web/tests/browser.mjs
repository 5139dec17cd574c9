// Headless Chromium by its own protocol, through a pipe, and a server for a folder.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";

const TYPES = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".wasm": "application/wasm" };

export async function serve(folder) {
  const server = createServer((request, response) => {
    const name = request.url === "/" ? "/index.html" : request.url;
    const path = join(folder, name);
    try {
      const body = readFileSync(path);
      response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

export async function browser(url, { width, height }) {
  const profile = mkdtempSync(join(tmpdir(), "chromium-"));
  const quiet = ["--no-first-run", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
  const child = spawn(process.env.CHROMIUM ?? "chromium",
    ["--headless", "--no-sandbox", "--remote-debugging-pipe", `--user-data-dir=${profile}`, ...quiet],
    { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
  const [to, from] = [child.stdio[3], child.stdio[4]];
  const waiting = new Map();
  const failures = [];
  let rest = "";
  from.setEncoding("utf8").on("data", (text) => {
    const messages = (rest + text).split("\0");
    rest = messages.pop();
    for (const { id, result, error, method, params } of messages.map(JSON.parse)) {
      if (method === "Runtime.exceptionThrown") failures.push(params.exceptionDetails);
      waiting.get(id)?.(error ? Promise.reject(new Error(error.message)) : result);
      waiting.delete(id);
    }
  });
  let last = 0;
  let sessionId;
  const send = (method, params = {}) => new Promise((answered) => {
    waiting.set(++last, answered);
    to.write(JSON.stringify({ id: last, sessionId, method, params }) + "\0");
  });
  const { targetId } = await send("Target.createTarget", { url: "about:blank" });
  ({ sessionId } = await send("Target.attachToTarget", { targetId, flatten: true }));
  await send("Runtime.enable");
  await send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false });
  await send("Emulation.setScrollbarsHidden", { hidden: true });
  await send("Page.navigate", { url });

  const evaluate = async (expression) => {
    const { result, exceptionDetails } = await send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  const until = async (expression) => {
    for (let tries = 0; !(await evaluate(expression)); tries++) {
      if (tries === 200) throw new Error(`in vain for ${expression}; ${JSON.stringify(failures)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const close = async () => {
    await send("Browser.close");
    if (child.exitCode === null) await new Promise((ended) => child.on("exit", ended));
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    if (failures.length) throw new Error(JSON.stringify(failures));
  };
  return { send, evaluate, until, close };
}
