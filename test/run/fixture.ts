/** A plan for the fake worker: `fit` computes w(t) = eta + t for each eta and seed, `look` doubles what it left behind. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { Diagnostic } from "../../src/base/diagnostic.js";
import type { Program, ValueType } from "../../src/ir/types.js";
import type { BlockPlan, Meaning, PhasePlan, Plan, PointPlan, ProgramPlan } from "../../src/plan/types.js";
import { Store } from "../../src/results/store/store.js";
import type { RunOptions, RunOutcome } from "../../src/run/run.js";
import { runPlan } from "../../src/run/run.js";
import { hash } from "../results/store/fixture.js";

const script = fileURLToPath(new URL("fake-worker.mjs", import.meta.url));
const scalar: ValueType = { dtype: "f32", dims: [] };

const fitProgram: Program = {
  name: "fit",
  dims: [],
  nodes: [
    { id: 0, op: "input", operands: [], attributes: { index: 0 }, type: scalar },
    { id: 1, op: "carried", operands: [], attributes: { index: 0 }, type: scalar },
  ],
  inputs: [{ name: "eta", type: scalar, source: { kind: "scalar", index: 0 } }],
  loop: {
    carried: [{ name: "w", role: "parameter", type: scalar, init: 0, next: 1, watched: true }],
    stop: null,
    groups: [{ entries: [{ name: "loss", value: 1 }] }],
  },
  outputs: [],
  checks: [{ condition: 0, message: "`label[token]` lies outside of `class`", span: null }],
  origins: {},
};
const lookProgram: Program = {
  name: "look",
  dims: [],
  nodes: [{ id: 0, op: "input", operands: [], attributes: { index: 0 }, type: scalar }],
  inputs: [{ name: "w", type: scalar, source: { kind: "result", phase: "fit", value: "final w" } }],
  loop: null,
  outputs: [{ name: "y", value: 0 }],
  checks: [],
  origins: {},
};

const meaning = (name: string): Meaning => ({ slice: hash(`slice ${name}`), reads: 0 });

interface Shape {
  readonly etas: number;
  readonly runs: number;
  readonly steps: number;
  readonly engine?: "graph" | "portable";
}

export function twoPhases({ etas, runs, steps, engine = "graph" }: Shape): Plan {
  const values = Array.from({ length: etas }, (_, k) => 10 * k);
  const phase = (name: "fit" | "look", program: Program, later: boolean): PhasePlan => {
    const key = hash(`${name} ${runs} ${steps}`);
    const points = values.map((eta, k): PointPlan => ({
      position: [k],
      program: 0,
      block: Math.floor(k / runs),
      place: k % runs,
      scalars: [eta],
      seed: 0,
      sources: later ? [k] : [],
      reads: [hash(`reads ${eta}`)],
      key: hash(`${key} ${eta}`),
    }));
    const blocks = Array.from({ length: Math.ceil(etas / runs) }, (_, b): BlockPlan => {
      const members = points.flatMap((point, k) => (point.block === b ? [k] : []));
      return { key: hash(`${key} ${members.join()}`), points: members };
    });
    const plan: ProgramPlan = {
      key,
      program,
      varying: [0, 1],
      runs,
      slotsPerCall: 100,
      steps: later ? 0 : steps,
      groups: later ? [] : [Array.from({ length: steps + 1 }, (_, step) => step)],
      scalars: 1,
      blocks,
      meanings: later
        ? { results: [meaning("y")], carried: [], ending: null }
        : { results: [meaning("loss"), meaning("w")], carried: [meaning("w")], ending: meaning("ending") },
      keepsState: !later,
      cost: { flopsPerStep: 1000, stateBytes: 4, recordBytes: 4 },
    };
    const base = { type: "real", labels: null, axes: [] } as const;
    const record = { kind: "record", group: 0, entry: 0 } as const;
    return {
      name,
      sort: later ? "measure" : "train",
      after: later ? ["fit"] : [],
      axes: ["eta"],
      holds: false,
      results: later
        ? [{ ...base, name: "y", from: { kind: "output", entry: 0 }, hidden: false, stepped: false }]
        : [
            { ...base, name: "loss", from: record, hidden: false, stepped: true },
            { ...base, name: "final w", from: { kind: "carried", index: 0 }, hidden: true, stepped: false },
          ],
      programs: [plan],
      points,
    };
  };
  return {
    format: 1,
    experiment: "two",
    title: null,
    precision: "f32",
    engine,
    profile: null,
    settings: {},
    sweeps: [{ name: "eta", coordinates: values, labels: null, integer: true }],
    phases: [phase("fit", fitProgram, false), phase("look", lookProgram, true)],
    datasets: [],
  };
}

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "amemc-run-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Sets variables of the environment for the rest of the test. */
export function setEnvironment(variables: Readonly<Record<string, string>>): void {
  const before = { ...process.env };
  Object.assign(process.env, variables);
  onTestFinished(() => {
    process.env = before;
  });
}

export interface Ran extends RunOutcome {
  readonly store: Store;
  readonly diagnostics: readonly Diagnostic[];
  readonly updates: readonly (readonly [number, number, number | null])[];
}

export async function runIn(folder: string, plan: Plan, more: Partial<RunOptions> = {}): Promise<Ran> {
  const diagnostics: Diagnostic[] = [];
  const updates: [number, number, number | null][] = [];
  const report = (diagnostic: Diagnostic): void => void diagnostics.push(diagnostic);
  const store = Store.open(folder, report);
  const outcome = await runPlan(plan, {
    store,
    outside: {
      draw: () => {
        throw new Error("nothing is drawn here");
      },
      key: () => [0, 0],
      column: () => [],
    },
    where: { command: "amemc run s.amem", places: new Map([["fit", { file: "s.amem", start: 0, end: 3 }]]) },
    jobs: 1,
    first: null,
    engineVersion: "2.21.0",
    progress: { start: () => undefined, update: (...args) => void updates.push(args), end: () => undefined },
    report,
    interrupt: { onInterrupt: () => undefined },
    script,
    ...more,
  });
  return { ...outcome, store, diagnostics, updates };
}
