/**
 * The command line. The first statement starts a worker for commands that run points; everything else is loaded after
 * it.
 */
import { keepCompiled, loadBundle } from "../base/compiled.js";
import { startEarlyWorker } from "../run/early-worker.js";
import type * as Program from "./program.js";

/** Commands whose code is kept apart. */
const COMMANDS = ["check", "compile", "run", "report", "compile-and-run", "explain", "plan", "why"];

const args = process.argv.slice(2);
const worker = startEarlyWorker(args);
const command = COMMANDS.find((name) => name === args[0]) ?? "other";
const { runCommandLine } = loadBundle("program.cjs", command) as typeof Program;
process.exitCode = await runCommandLine(args, worker);
keepCompiled();
