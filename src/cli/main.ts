#!/usr/bin/env node
/**
 * The command line. The first statement starts a worker for commands that run points; everything else is loaded after
 * it.
 */
import { setFlagsFromString } from "node:v8";
import { keepCompiled, loadBundle } from "../base/compiled.js";
import { startEarlyWorker } from "../run/early-worker.js";
import type * as Program from "./program.js";

/** Commands whose code is kept apart. */
const COMMANDS = ["check", "compile", "run", "report", "compile-and-run", "explain", "plan", "why"];

// A command ends before most of what V8 optimises for it is of use: a third of the CPU time of `check`. A V8 that does not know the flag would say so.
const LAST_KNOWN = 24;
if (Number.parseInt(process.versions.node, 10) <= LAST_KNOWN) setFlagsFromString("--interrupt-budget=300000");
const args = process.argv.slice(2);
const worker = startEarlyWorker(args);
const isHelp = args.includes("--help") || args.includes("-h");
const command = isHelp ? undefined : COMMANDS.find((name) => name === args[0]);
const program = loadBundle("program.cjs", command ?? "other") as typeof Program;
program.setImporter((url) => import(url));
const code = await program.runCommandLine(args, worker);
process.exitCode = code;
if (program.wentThrough(code)) {
  keepCompiled();
  // The program has loaded bundles too.
  program.keepCompiled();
}
