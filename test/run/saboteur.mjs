// Loaded before the command and before its workers (`NODE_OPTIONS=--import`): writes down what workers compute, and kills
// the command at a chosen place, once. By environment:
// SABOTAGE_LOG names a file that gets a line for each call: process, block, steps before and after it;
// SABOTAGE_AT says where the command is killed: `call` (while the first call runs), `between` (when a worker has done its
// second call), `write` (when the columns of a block are there and its header is not);
// `worker` (a worker is killed when it is given its first block), `twice` (as often as it is given that block);
// SABOTAGE_ONCE names a file that is there once it was done; SABOTAGE_SECONDS is how long a call takes.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const { SABOTAGE_LOG: log, SABOTAGE_AT: place, SABOTAGE_ONCE: once, SABOTAGE_SECONDS: seconds } = process.env;
const isWorker = process.argv[1]?.endsWith("worker.mjs") === true;

/** @param {number} victim */
function kill(victim) {
  if (once === undefined || victim <= 1) return;
  try {
    fs.writeFileSync(once, "", { flag: "wx" });
  } catch {
    return;
  }
  process.kill(victim, "SIGKILL");
}

if (isWorker) watchWorker();
else if (place === "write") watchWrites();

function watchWorker() {
  const parent = process.ppid;
  const send = process.send?.bind(process);
  let before = 0;
  let calls = 0;
  beforeListening((/** @type {import("../../src/engine/worker/protocol.js").ParentMessage} */ message) => {
    if (message.kind !== "run") return;
    if (seconds !== undefined) Object.assign(message, { secondsPerCall: Number(seconds) });
    before = message.state?.step ?? 0;
    // The call begins before anything else is heard.
    if (place === "call") kill(parent);
    if (place === "worker") kill(process.pid);
    if (place === "twice") abortFor(message.block);
  });
  process.send = (/** @type {import("../../src/engine/worker/protocol.js").WorkerMessage} */ message) => {
    if (message.kind === "progress" && log !== undefined) {
      fs.appendFileSync(log, `${process.pid} ${message.block} ${before} ${message.step}\n`);
      before = message.step;
      calls += 1;
      if (place === "between" && calls === 2) {
        kill(parent);
        // Until it is seen that nobody listens any more.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
      }
    }
    return send?.(message) ?? false;
  };
}

/** The first block that anybody is given is the unlucky one. @param {string} block */
function abortFor(block) {
  if (once === undefined) return;
  try {
    fs.writeFileSync(once, block, { flag: "wx" });
  } catch {
    // Somebody has chosen it.
  }
  if (fs.readFileSync(once, "utf8") !== block) return;
  console.error("out of luck");
  process.abort();
}

/**
 * Hears messages before the worker does, and not before the worker listens: they would be lost to it.
 * @param {(message: import("../../src/engine/worker/protocol.js").ParentMessage) => void} listener
 */
function beforeListening(listener) {
  const on = process.on.bind(process);
  process.on = (/** @type {string} */ event, /** @type {(...args: any[]) => void} */ own) => {
    if (event === "message") {
      process.on = on;
      on("message", listener);
    }
    return on(event, own);
  };
}

function watchWrites() {
  const { rename } = fs.promises;
  fs.promises.rename = async (from, to) => {
    if (/blocks.*\.json$/u.test(String(to))) kill(process.pid);
    await rename(from, to);
  };
  syncBuiltinESMExports();
}
