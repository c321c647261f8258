/** Hand-made plans and folders for tests of the store. */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Diagnostic } from "../../../src/base/diagnostic.js";
import type { Program } from "../../../src/ir/types.js";
import { atEnd, atSteps } from "../../../src/plan/schedules.js";
import type { Meaning, PhasePlan, Plan, PointPlan, ProgramPlan } from "../../../src/plan/types.js";
import type { ColumnData, StoredPoint } from "../../../src/results/store/block-file.js";
import { Store } from "../../../src/results/store/store.js";

export const hash = (text: string): string => createHash("sha256").update(text).digest("hex");

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "amemc-store-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

export function openStore(folder: string): { readonly store: Store; readonly diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  return { store: Store.open(folder, (diagnostic) => diagnostics.push(diagnostic)), diagnostics };
}

const emptyProgram: Program = {
  name: "fit",
  dims: [],
  nodes: [],
  inputs: [],
  loop: null,
  outputs: [],
  checks: [],
  origins: {},
};

const meaning = (name: string): Meaning => ({ slice: hash(`slice ${name}`), reads: 0 });

export const enginePortable = {
  name: "portable",
  library: "amemc",
  version: "0.1.0",
  xla: false,
  compiled: false,
} as const;

/**
 * Sweeps eta (1, 10) and d (2, 3); d is structural and the own axis `dim` is ragged; the point (10, 3) is not in the plan.
 * Steps are 0, 2, 4 for d = 2 and 0, 3 for d = 3.
 */
export function raggedPlan(): Plan {
  const program = (d: number, steps: readonly number[], points: readonly number[]): ProgramPlan => ({
    key: hash(`program ${d}`),
    program: emptyProgram,
    varying: [],
    runs: 2,
    slotsPerCall: 4,
    steps: steps.at(-1) ?? 0,
    groups: [steps, [steps.at(-1) ?? 0]],
    scalars: 1,
    blocks: [{ key: hash(`block ${d}`), points }],
    meanings: { results: [meaning("loss"), meaning("w"), meaning("hits")], carried: [], ending: meaning("ending") },
    keepsState: false,
    cost: { flopsPerStep: 1, stateBytes: 8, recordBytes: 8 },
  });
  const point = (position: readonly number[], number: number, place: number): PointPlan => ({
    position,
    program: number,
    block: 0,
    place,
    scalars: [position[0] === 0 ? 1 : 10],
    seed: 0,
    sources: [],
    reads: [hash(`reads ${position.join()}`)],
    key: hash(`point ${position.join()}`),
  });
  const dim = {
    name: "dim",
    coordinates: [
      [0, 1],
      [0, 1, 2],
    ],
    labels: null,
    integer: true,
  };
  const phase: PhasePlan = {
    name: "fit",
    sort: "train",
    after: [],
    axes: ["eta", "d"],
    holds: false,
    results: [
      {
        name: "loss",
        type: "real",
        labels: null,
        axes: [],
        from: { kind: "record", group: 0, entry: 0 },
        hidden: false,
        stepped: true,
      },
      {
        name: "w",
        type: "real",
        labels: null,
        axes: [dim],
        from: { kind: "record", group: 0, entry: 1 },
        hidden: false,
        stepped: true,
      },
      {
        name: "hits",
        type: "int",
        labels: null,
        axes: [],
        from: { kind: "record", group: 1, entry: 0 },
        hidden: false,
        stepped: false,
      },
    ],
    programs: [program(2, [0, 2, 4], [0, 1]), program(3, [0, 3], [2])],
    points: [point([0, 0], 0, 0), point([1, 0], 0, 1), point([0, 1], 1, 0)],
  };
  return {
    format: 1,
    experiment: "small",
    title: null,
    precision: "f32",
    engine: "portable",
    profile: null,
    settings: {},
    sweeps: [
      { name: "eta", coordinates: [1, 10], labels: null, integer: true },
      { name: "d", coordinates: [2, 3], labels: null, integer: true },
    ],
    phases: [phase],
    datasets: [],
  };
}

/** How a run of the ragged plan ended; numbers are made from the point, the slot and the entry. */
export interface Ending {
  readonly steps: number;
  readonly stopped?: boolean;
  readonly diverged?: number;
  readonly failed?: string;
}

export const lossAt = (point: number, slot: number): number => point * 100 + slot;
export const wAt = (point: number, slot: number, entry: number): number => point * 100 + slot * 10 + entry + 0.5;

/** Stores some points of one program of the ragged plan. */
export async function storePoints(
  store: Store,
  plan: Plan,
  program: number,
  endings: ReadonlyMap<number, Ending>,
): Promise<void> {
  const phase = plan.phases[0];
  const chosen = phase?.programs[program];
  const block = chosen?.blocks[0];
  if (phase === undefined || chosen === undefined || block === undefined) throw new Error("no such program");
  const slots = chosen.groups[0]?.length ?? 0;
  const dims = program + 2;
  const members = [...endings.keys()];
  const points = members.map((number): StoredPoint => {
    const ending = endings.get(number);
    const diverged = ending?.diverged ?? -1;
    const failed = ending?.failed;
    return {
      key: phase.points[number]?.key ?? "",
      reads: phase.points[number]?.reads ?? [],
      place: phase.points[number]?.place ?? 0,
      state: failed !== undefined ? "failed" : diverged >= 0 ? "diverged" : "done",
      steps: ending?.steps ?? 0,
      stopped: ending?.stopped ?? false,
      diverged,
      failure: failed === undefined ? null : { check: 0, step: 1, reason: failed },
    };
  });
  const record = (entry: number): ColumnData["place"] => ({ kind: "record", group: 0, entry });
  const last = (group: number, entry: number): ColumnData["place"] => ({ kind: "last", group, entry });
  const at = atSteps(chosen.groups[0] ?? []);
  const after = atEnd(phase, chosen.steps);
  const kept = (name: string, schedule: string): ColumnData["meaning"] => ({ ...meaning(name), schedule });
  const columns: ColumnData[] = [
    {
      place: record(0),
      meaning: kept("loss", at),
      slots,
      dims: [],
      data: Float32Array.from(
        members.flatMap((point) => Array.from({ length: slots }, (_, slot) => lossAt(point, slot))),
      ),
    },
    {
      place: record(1),
      meaning: kept("w", at),
      slots,
      dims: [dims],
      data: Float32Array.from(
        members.flatMap((point) =>
          Array.from({ length: slots * dims }, (_, k) => wAt(point, Math.floor(k / dims), k % dims)),
        ),
      ),
    },
    {
      place: last(0, 0),
      meaning: kept("loss", after),
      slots: null,
      dims: [],
      data: Float32Array.from(members, (point) => lossAt(point, 9)),
    },
    {
      place: last(0, 1),
      meaning: kept("w", after),
      slots: null,
      dims: [dims],
      data: Float32Array.from(members.flatMap((point) => Array.from({ length: dims }, (_, k) => wAt(point, 9, k)))),
    },
    { place: last(1, 0), meaning: kept("hits", after), slots: null, dims: [], data: Int32Array.from(members) },
  ];
  const head = { block: block.key, program: chosen.key, engine: enginePortable, points, ending: kept("ending", after) };
  await store.addBlock(head, columns);
}
