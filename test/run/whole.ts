/** Whole experiments that are run in a test: by the pipeline in this process, or by the command. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, onTestFinished } from "vitest";
import type { Diagnostic } from "../../src/base/diagnostic.js";
import { openOutside } from "../../src/cli/outside.js";
import { engineVersion } from "../../src/cli/session.js";
import { readSpec } from "../../src/cli/spec-texts.js";
import { checkSpec, planSpec, runExperiment, writePlans } from "../../src/pipeline.js";
import type { Plan } from "../../src/plan/types.js";
import { filesBelow, sha256 } from "../../src/results/store/files.js";
import type { RunOptions, RunOutcome } from "../../src/run/run.js";

export type EngineName = "graph" | "portable";

export interface Size {
  readonly rows: number;
  readonly columns: number;
  readonly etas?: number;
  readonly seeds?: number;
  readonly steps?: number;
}

/** A linear map learned from one example, for each step size and seed; then how large it became. */
export const mapSpec = ({ rows, columns, etas = 3, seeds = 8, steps = 6 }: Size): string => `
experiment map "A linear map from one example" {
  axis i = ${rows}
  axis j = ${columns}
  sweep eta in [${Array.from({ length: etas }, (_, k) => 0.001 * (k + 1)).join(", ")}]
  sweep seed in 0..${seeds - 1}
  x[j] ~ normal(0, 1)
  y[i] ~ normal(0, 1)
  param W[i, j] = 0
  loss = mean(i) (y[i] - sum(j) W[i, j] * x[j])^2
  train fit {
    minimize loss over W
    using slide(lr: eta)
    for ${steps} steps
    record every ${Math.max(1, Math.floor(steps / 20))} { loss }
    record last { W }
  }
  measure size {
    norm = sqrt(sum(i, j) W[i, j]^2)
  }
  claim falls "It learns" { expect fit.loss[step: last] < fit.loss[step: first] }
}
optimizer slide(lr) for w[..] {
  w[..] <- w[..] - lr * grad[..]
}
`;

/**
 * The same map by hand: runs rest at half of the loss, are stopped at two fifths or four fifths of the steps, become infinite, or go on
 * to the end. The claims say that all of these occur.
 */
export const endsSpec = (steps: number): string => `
experiment map "Runs that end in every way" {
  axis i = 100
  axis j = 32
  sweep eta in [${0.02 / steps}, ${0.04 / steps}]
  sweep seed in 0..15
  x[j] ~ normal(0, 1)
  y[i] ~ normal(0, 1)
  evolve fit {
    state W[i, j] = 0
    state large = 1
    err[i] = y[i] - sum(j) W[i, j] * x[j]
    loss = mean(i) err[i]^2
    W[i, j] <- W[i, j] + eta * err[i] * x[j]
    large <- (if seed == 5 then ${1 + 440 / steps} else 1) * large
    for ${steps} steps
    until loss < (if mod(seed, 4) == 3 then 0 else 0.5) * (mean(i) y[i]^2)
    stop when step == ${0.4 * steps} * (1 + mod(seed, 3))
    record stepwise { loss, large }
    record every ${steps / 20} { least = loss, one = W[0, 0] }
  }
  claim stops { expect any(eta, seed) (fit.stopped and fit.steps == ${0.4 * steps}) }
  claim rests { expect any(eta, seed) (fit.stopped and mod(fit.steps, ${0.4 * steps}) > 0) }
  claim ends { expect any(eta, seed) (fit.steps == ${steps} and not fit.stopped) }
  claim diverges { expect count(eta, seed) (fit.diverged) == 2 }
}
`;

/** A folder that goes with the test. */
export function folderOf(spec: string): string {
  const folder = mkdtempSync(join(tmpdir(), "amemc-whole-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  writeFileSync(join(folder, "s.amem"), spec);
  return folder;
}

export async function planIn(
  folder: string,
  engine: EngineName,
): Promise<{ readonly spec: Awaited<ReturnType<typeof checkSpec>>; readonly plan: Plan }> {
  const spec = await checkSpec(readSpec(join(folder, "s.amem")), { profile: null, settings: {} });
  expect(spec.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const [plan] = await planSpec(spec, engine, true);
  if (plan === undefined) throw new Error("no plan");
  return { spec, plan };
}

/** Runs what is missing with the real worker; results lie in `out/map`. */
export async function runWhole(
  folder: string,
  engine: EngineName,
  more: Partial<RunOptions> = {},
): Promise<RunOutcome & { readonly diagnostics: readonly Diagnostic[] }> {
  const { spec, plan } = await planIn(folder, engine);
  const out = join(folder, "out");
  const [file] = await writePlans(out, "../s.amem", spec, [plan]);
  if (file === undefined) throw new Error("no plan file");
  const diagnostics: Diagnostic[] = [];
  const outcome = await runExperiment(out, file, plan, folder, {
    outside: openOutside(plan, folder),
    where: { command: "amemc run s.amem", places: new Map() },
    jobs: 1,
    first: null,
    engineVersion: engineVersion(engine),
    progress: { start: () => undefined, update: () => undefined, end: () => undefined },
    report: (diagnostic) => diagnostics.push(diagnostic),
    interrupt: { onInterrupt: () => undefined },
    ...more,
  });
  return { ...outcome, diagnostics };
}

/** Block files and tables below a folder, by their names, with the hashes of their bytes. */
export function resultBytes(folder: string): Readonly<Record<string, string>> {
  const files = filesBelow(folder, (name) => /\.(?:bin|parquet)$|^[0-9a-f]{64}(?:-\d+)?\.json$/u.test(name));
  const blocks = files.filter((file) => /\.parquet$|\/blocks\//u.test(file));
  return Object.fromEntries(blocks.map((file) => [file.slice(folder.length), sha256(readFileSync(file))]));
}

/** The tables alone. A point may lie in another file than without a disturbance: a block is computed in parts when some of its points lack what they read. */
export function tableBytes(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(resultBytes(folder)).filter(([file]) => file.endsWith(".parquet")));
}

interface Sabotage {
  readonly log: string;
  readonly at?: "call" | "between" | "write" | "worker" | "twice";
  /** How long a call takes. */
  readonly seconds?: number;
}

let count = 0;

/** The environment of a command that writes down its workers' calls and is killed at a place. */
export function sabotaged(folder: string, { log, at, seconds }: Sabotage): Readonly<Record<string, string>> {
  count += 1;
  const marks = join(folder, "marks");
  mkdirSync(marks, { recursive: true });
  const saboteur = pathToFileURL(fileURLToPath(new URL("saboteur.mjs", import.meta.url))).href;
  return {
    NODE_OPTIONS: `--import ${saboteur}`,
    SABOTAGE_LOG: log,
    ...(at === undefined ? {} : { SABOTAGE_AT: at, SABOTAGE_ONCE: join(marks, String(count)) }),
    ...(seconds === undefined ? {} : { SABOTAGE_SECONDS: String(seconds) }),
  };
}

/** What workers have computed: updates in all, and the most of one call. */
export function callsIn(log: string): { readonly steps: number; readonly most: number; readonly calls: number } {
  const lines = readFileSync(log, "utf8").trim().split("\n");
  const steps = lines.map((line) => {
    const [, , before = "", after = ""] = line.split(" ");
    return Number(after) - Number(before);
  });
  return { steps: steps.reduce((sum, own) => sum + own, 0), most: Math.max(...steps), calls: steps.length };
}
