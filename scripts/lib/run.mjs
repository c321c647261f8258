// Runs a program, keeps what it prints, never throws: the caller reads the outcome.
import { spawn, spawnSync } from "node:child_process";

/**
 * @typedef {{ ok: boolean, output: string, missing: boolean }} Outcome
 * @typedef {{ cwd?: string, env?: NodeJS.ProcessEnv, timeout?: number, show?: boolean }} Options
 */

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();

// Whoever stops us stops what we started.
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
  process.once(signal, () => {
    for (const child of running) child.kill(signal);
    process.exit(signal === "SIGINT" ? 130 : 143);
  });
}

/**
 * @param {readonly string[]} command @param {Options} [options]
 * @returns {Promise<Outcome>}
 */
export function run(command, options = {}) {
  const [program = "", ...args] = command;
  return new Promise((done) => {
    const child = spawn(program, args, {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: options.env ?? process.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(child);
    let output = "";
    const take = (/** @type {Buffer} */ data) => {
      output = (output + data.toString()).slice(-100_000);
      if (options.show === true) process.stderr.write(data);
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    const timer = options.timeout === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), options.timeout);
    const end = (/** @type {boolean} */ ok, /** @type {boolean} */ missing) => {
      clearTimeout(timer);
      running.delete(child);
      done({ ok, output: output.trim(), missing });
    };
    child.on("error", (error) => {
      output += error.message;
      end(false, "code" in error && error.code === "ENOENT");
    });
    child.on("close", (code) => end(code === 0, false));
  });
}

/** Whether a program can be started at all. @param {readonly string[]} command @param {NodeJS.ProcessEnv} [env] */
export function works(command, env = process.env) {
  const [program = "", ...args] = command;
  return spawnSync(program, args, { env, stdio: "ignore", timeout: 20_000 }).status === 0;
}

/** The last line that says something. @param {string} output */
export const lastLine = (output) =>
  output
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .at(-1) ?? "no message";
