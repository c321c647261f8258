/**
 * Results of one experiment as columns, read lazily from its folder and kept. Reads files through the store only;
 * knows nothing of claims or charts.
 */
import { UserError } from "../base/diagnostic.js";
import type { Cells, RunFact } from "./cells.js";
import { LARGEST_COLUMN, NONFINITE, readCells, readFact } from "./cells.js";
import { gridOf, sizeOf, sweepAxes } from "./grid.js";
import type { StoredPhase, StoredPlan } from "./store/plan-file.js";
import type { Store } from "./store/store.js";
import type { Column, PointReport, ResultSource } from "./types.js";
import { VALID } from "./types.js";

export interface StoredResults extends ResultSource {
  /** The same numbers as they are stored, for tables. Not kept. */
  cells(phase: string, name: string): Cells | undefined;
}

const FACTS: Readonly<Record<RunFact, Column["type"]>> = {
  steps: "int",
  stopped: "bool",
  diverged: "bool",
  finished: "bool",
};
const isFact = (name: string): name is RunFact => Object.hasOwn(FACTS, name);

/** Why blocks were given up, by the keys of their points: such points have no file. */
export type Failures = ReadonlyMap<string, string>;

export function openResults(plan: StoredPlan, store: Store, failures: Failures = new Map()): StoredResults {
  const phases = new Map(plan.phases.map((phase) => [phase.name, phase]));
  const columns = new Map<string, Column | undefined>();

  const cells = (phaseName: string, name: string): Cells | undefined => {
    const phase = phases.get(phaseName);
    const result = phase?.results.find((candidate) => candidate.name === name && !candidate.hidden);
    if (phase === undefined || result === undefined) return undefined;
    const { size } = gridOf(plan, phase, result);
    if (size > LARGEST_COLUMN) throw tooLarge(`${phaseName}.${name}`, size);
    return readCells(plan, phase, result, store);
  };

  const column = (phaseName: string, name: string): Column | undefined => {
    const key = `${phaseName}\n${name}`;
    if (columns.has(key)) return columns.get(key);
    const made = make(phaseName, name);
    columns.set(key, made);
    return made;
  };

  const make = (phaseName: string, name: string): Column | undefined => {
    const stored = cells(phaseName, name);
    if (stored !== undefined) return toColumn(stored);
    const phase = phases.get(phaseName);
    if (phase === undefined || !isFact(name)) return undefined;
    if (phase.sort === "measure" && (name === "steps" || name === "stopped")) return undefined;
    return factColumn(plan, phase, name, store);
  };

  return {
    cells,
    column,
    refined: new Set((plan.adaptive ?? []).flatMap(({ sweeps }) => sweeps)),
    get phases() {
      return reportPoints(plan, store, failures);
    },
  };
}

function toColumn({ grid, result, values, states, last }: Cells): Column {
  return {
    axes: grid.axes,
    type: result.type,
    labels: result.labels,
    values,
    states: states.map(withNonfinite),
    last: last === null ? null : { values: last.values, states: last.states.map(withNonfinite) },
    ...(result.stepwise === true ? { stepwise: true } : {}),
  };
}

/** What is there and not finite is told apart when it is read. */
const withNonfinite = (state: number): number => (state === NONFINITE ? VALID : state);

function factColumn(plan: StoredPlan, phase: StoredPhase, fact: RunFact, store: Store): Column {
  const axes = sweepAxes(plan, phase);
  const grid = { axes, sweeps: axes.length, stepped: false, size: sizeOf(axes), cell: 1, inner: 1, shapes: [] };
  return { axes, type: FACTS[fact], labels: null, ...readFact(phase, fact, grid, store), last: null };
}

/** How every point of every phase ended. */
export function reportPoints(
  plan: StoredPlan,
  store: Store,
  failures: Failures,
): ReadonlyMap<string, readonly PointReport[]> {
  return new Map(
    plan.phases.map((phase) => [
      phase.name,
      phase.points.map((point): PointReport => {
        const found = store.find(point.key)?.point;
        const { position } = point;
        if (found === undefined) {
          const reason = failures.get(point.key);
          return { position, state: reason === undefined ? "missing" : "failed", detail: reason ?? null };
        }
        if (found.state === "diverged") {
          const step = found.diverged;
          return { position, state: "diverged", detail: `at step ${step}`, step };
        }
        return { position, state: found.state, detail: found.failure?.reason ?? null };
      }),
    ]),
  );
}

function tooLarge(name: string, size: number): UserError {
  return new UserError({
    code: "AM7103",
    severity: "error",
    message: `\`${name}\` has ${size} entries, more than can be held at once`,
    span: null,
    help: "record fewer steps, or reduce over its axes in the phase",
  });
}
