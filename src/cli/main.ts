#!/usr/bin/env node
/**
 * The command line. The first statement starts a worker for commands that run points; everything else is loaded after
 * it, and only what the command needs.
 */
import { startEarlyWorker } from "../run/early-worker.js";

const args = process.argv.slice(2);
const worker = startEarlyWorker(args);
const { runCommandLine } = await import("./program.js");
process.exitCode = await runCommandLine(args, worker);
