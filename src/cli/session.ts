/** What commands on a spec share: reading and checking it, choosing the engine, planning within limits. */
import { availableParallelism, totalmem } from "node:os";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import type { Diagnostic } from "../base/diagnostic.js";
import { UserError } from "../base/diagnostic.js";
import { readNative, readNativeRecord } from "../base/native.js";
import { ownCommand, packageVersion } from "../base/package.js";
import { checkSpec, planSpec } from "../pipeline.js";
import type { CheckedSpec, RoundsSoFar } from "../pipeline.js";
import type { Plan } from "../plan/types.js";
import type { PlanningOptions, SpecOptions } from "./options.js";
import { showDiagnostics } from "./show.js";
import type { SpecTexts } from "./spec-texts.js";
import { readSpec } from "./spec-texts.js";
import type { Terminal } from "./terminal.js";

/** A command's work on one spec. */
export interface Session {
  readonly terminal: Terminal;
  readonly texts: SpecTexts;
  readonly spec: CheckedSpec;
  /** The folder that holds the spec's file. */
  readonly directory: string;
}

export async function openSpec(terminal: Terminal, path: string, options: SpecOptions): Promise<Session> {
  const texts = readSpec(path);
  const spec = await checkSpec(texts, { profile: options.profile ?? null, settings: options.set ?? {} });
  return { terminal, texts, spec, directory: dirname(path) };
}

export const hasErrors = (spec: CheckedSpec): boolean => spec.diagnostics.some(({ severity }) => severity === "error");

/** A spec that is to be planned or run must be right and hold something. */
export function refuseFaulty({ terminal, texts, spec }: Session): boolean {
  showDiagnostics(terminal, spec.diagnostics, texts);
  if (hasErrors(spec)) return true;
  if (spec.experiments.length > 0) return false;
  const message = `\`${texts.shown(texts.source.file)}\` holds no experiment`;
  showDiagnostics(
    terminal,
    [
      {
        code: "AM8010",
        severity: "error",
        message,
        span: null,
        help: "write one: `experiment name { … }`; `amemc init` shows how",
      },
    ],
    texts,
  );
  return true;
}

/** Where the results of a spec lie: `out/<spec>`. */
export function specFolder(path: string, out: string): string {
  return join(out, basename(path).replace(/\.amem$/u, ""));
}

/** The spec's place as seen from its results, so that both can move together. */
export const pathFromFolder = (folder: string, path: string): string =>
  relative(resolve(folder), resolve(path)).split(sep).join("/");

/** `auto` stays with what the folder has, else takes the graph engine where it works. */
export async function chooseEngine(
  terminal: Terminal,
  asked: PlanningOptions["engine"],
  folder: string,
): Promise<"graph" | "portable"> {
  if (asked !== "auto") return asked;
  const { plannedEngine } = await import("../results/store/spec-folder.js");
  const before = await plannedEngine(folder);
  const native = readNativeRecord();
  if (before !== null && (before === "portable" || native.info !== null)) return before;
  if (native.info !== null) return "graph";
  const why = native.why ?? "not set up";
  terminal.err(`the portable engine is used: no native TensorFlow (${why}); to set it up: ${ownCommand("setup")}\n`);
  return "portable";
}

/** The engine with its version: another one does not go on from what it left. */
export const engineTag = (engine: "graph" | "portable"): string => `${engine} ${engineVersion(engine)}`;

export const engineVersion = (engine: "graph" | "portable"): string =>
  engine === "graph" ? (readNative()?.version ?? "") : packageVersion();

export interface Planned {
  readonly plans: readonly Plan[];
  /** The most workers that fit into memory; null: no less than was asked for. */
  readonly jobs: number | null;
}

/** Plans all experiments, and refuses what would not fit into memory. */
export async function planWithin(
  spec: CheckedSpec,
  engine: "graph" | "portable",
  options: PlanningOptions & { readonly jobs?: number },
  folder: string | null = null,
  rounds: RoundsSoFar = new Map(),
): Promise<Planned> {
  const { estimateMemory } = await import("../run/memory.js");
  const plans = await planSpec(spec, engine, options.yes === true, folder, rounds);
  const budget = options.memory ?? 0.8 * totalmem();
  let jobs = options.jobs ?? availableParallelism();
  for (const plan of plans) {
    const { parent, worker } = estimateMemory(plan);
    const fitting = Math.floor((budget - parent) / worker);
    if (fitting < (options.jobs ?? 1))
      throw new UserError(tooMuchMemory(plan, parent + worker * (options.jobs ?? 1), budget));
    jobs = Math.min(jobs, fitting);
  }
  return { plans, jobs: options.jobs ?? (jobs < availableParallelism() ? jobs : null) };
}

function tooMuchMemory({ experiment }: Plan, needed: number, budget: number): Diagnostic {
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
  return {
    code: "AM7204",
    severity: "error",
    message: `\`${experiment}\` needs about ${gigabytes(needed)} of memory, and ${gigabytes(budget)} are allowed`,
    span: null,
    help: "`amemc explain` shows what needs it; record fewer steps, use fewer `--jobs`, or raise `--memory`",
  };
}
