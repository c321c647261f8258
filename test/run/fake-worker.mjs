// A worker that speaks the protocol and computes w(t) = first input + t, without any engine. Behaviour by environment:
// FAKE_CALL_MS sleeps in each call, FAKE_STEPS updates a call, FAKE_STATES sends a state after each call,
// FAKE_KILL names a file: each death takes one line of it; FAKE_ERROR refuses to prepare; FAKE_NOT_READY dies at once;
// FAKE_DIVERGE and FAKE_FAIL: the first input for which a run ends so at step 3; FAKE_LOG names a file of starts,
// FAKE_PREPARED one of programs that were made ready; FAKE_EXIT_MS is how long it takes to end.
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";

/**
 * @typedef {import("../../src/engine/worker/protocol.js").ParentMessage} ParentMessage
 * @typedef {import("../../src/engine/worker/protocol.js").RunMessage} RunMessage
 * @typedef {import("../../src/engine/worker/protocol.js").WorkerMessage} WorkerMessage
 * @typedef {import("../../src/engine/types.js").BlockState} BlockState
 */

const { env } = process;
const number = (/** @type {string} */ name, /** @type {number} */ otherwise) =>
  env[name] === undefined ? otherwise : Number(env[name]);
const send = (/** @type {WorkerMessage} */ message) => process.send?.(message);
const sleep = (/** @type {number} */ ms) => new Promise((done) => setTimeout(done, ms));

if (env.FAKE_NOT_READY !== undefined) {
  console.error("no such library");
  process.exit(9);
}
process.on("disconnect", () => process.exit(0));

/** @type {Set<string>} */
const cancelled = new Set();
/** @type {Map<string, import("../../src/ir/types.js").Program | null>} */
const programs = new Map();
let queue = Promise.resolve();

/** Whether this call is one to die in. */
function dies() {
  const file = env.FAKE_KILL;
  if (file === undefined) return false;
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  if (lines.length === 0) return false;
  writeFileSync(
    file,
    lines
      .slice(1)
      .map((line) => `${line}\n`)
      .join(""),
  );
  return true;
}

/** By run. @param {RunMessage} message @param {number} step */
const values = (message, step) => {
  const input = message.inputs[0];
  const numbers = input === undefined || "shared" in input ? [] : input;
  return Float32Array.from({ length: message.program.runs }, (_, run) => step + (numbers[run] ?? NaN));
};

/** @param {RunMessage} message @param {number} step @returns {BlockState} */
function stateAt(message, step) {
  const { runs } = message.program;
  const inputs = values(message, 0);
  const marks = (/** @type {string} */ name, /** @type {number} */ value) =>
    Int32Array.from(inputs, (input) => (input === number(name, NaN) && step >= 3 ? value : -1));
  return {
    step,
    carried: [values(message, step)],
    alive: new Uint8Array(runs).fill(1),
    steps: new Int32Array(runs).fill(step),
    diverged: marks("FAKE_DIVERGE", 3),
    failed: marks("FAKE_FAIL", 0),
    failedAt: marks("FAKE_FAIL", 3),
  };
}

/** @param {RunMessage} message @param {BlockState} state @param {number} end @param {boolean} complete */
function recordsOf(message, state, end, complete) {
  return message.schedule.groups.map((steps) => {
    const taken = steps.filter((step) => step >= state.step && (step < end || (complete && step === end)));
    const entry = Float32Array.from(taken.flatMap((step) => [...values(message, step)]));
    return {
      from: Math.max(
        steps.findIndex((step) => step >= state.step),
        0,
      ),
      count: taken.length,
      entries: [entry],
    };
  });
}

/** @param {RunMessage} message */
async function run(message) {
  const { block, schedule } = message;
  const { runs } = message.program;
  if (env.FAKE_LOG !== undefined) appendFileSync(env.FAKE_LOG, `${block} ${message.state?.step ?? "start"}\n`);
  const isMeasure = programs.get(message.program.key)?.loop === null;
  const seconds = number("FAKE_SECONDS", 0.001);
  let state = message.state ?? stateAt(message, 0);
  for (let calls = 1; ; calls++) {
    if (cancelled.delete(block)) {
      send({ kind: "cancelled", block, state: calls === 1 ? message.state : state });
      return;
    }
    if (dies()) {
      console.error("out of luck");
      process.kill(process.pid, "SIGKILL");
    }
    await sleep(number("FAKE_CALL_MS", 0));
    const end = Math.min(state.step + number("FAKE_STEPS", 1000), schedule.steps);
    const complete = end === schedule.steps;
    const groups = recordsOf(message, state, end, complete);
    state = stateAt(message, end);
    const shown = env.FAKE_STATES !== undefined && !complete ? state : null;
    send({ kind: "progress", block, step: end, alive: runs, recorded: { groups }, state: shown, seconds });
    if (complete) {
      const last = schedule.groups.map(() => [values(message, end)]);
      const outputs = isMeasure ? [values(message, 0).map((value) => 2 * value)] : null;
      const totals = {
        calls,
        seconds: calls * seconds,
        firstCallSeconds: 0,
        compiled: true,
        programs: 1,
        peakBytes: 1,
      };
      send({ kind: "done", block, state, last, outputs, ...totals });
      return;
    }
    await sleep(0);
  }
}

/** @param {ParentMessage} message */
function receive(message) {
  switch (message.kind) {
    case "exit":
      setTimeout(() => process.exit(0), number("FAKE_EXIT_MS", 0));
      break;
    case "cancel":
      cancelled.add(message.block);
      break;
    case "forget":
      programs.delete(message.key);
      break;
    case "share":
    case "unshare":
      // Nothing is computed from shared arrays here.
      break;
    case "prepare": {
      const { key, program } = message.program;
      if (env.FAKE_ERROR !== undefined) {
        send({ kind: "failed", block: null, key, message: "XLA cannot do that\nat all" });
        break;
      }
      if (env.FAKE_PREPARED !== undefined) appendFileSync(env.FAKE_PREPARED, `${key}\n`);
      programs.set(key, program);
      send({ kind: "prepared", key, seconds: 0 });
      break;
    }
    case "run": {
      const { key } = message.program;
      if (programs.has(key)) queue = queue.then(() => run(message));
      else send({ kind: "failed", block: message.block, key, message: "unknown program" });
      break;
    }
  }
}
process.on("message", (message) => receive(/** @type {ParentMessage} */ (message)));
send({ kind: "ready", graph: { library: "tensorflow", version: "2.21.0", xla: true }, why: null, seconds: 0.1 });
