/** A hand-made experiment with results, for tests of claims and charts: what they say is parsed, the rest is data. */
import { parse } from "../../../grammar/index.js";
import { Diagnostics } from "../../../src/base/diagnostic.js";
import type { Span } from "../../../src/base/span.js";
import { checkResults } from "../../../src/language/results/index.js";
import type { CheckedResults } from "../../../src/language/results/index.js";
import type {
  Axis,
  AxisId,
  CheckedExperiment,
  Constant,
  Definition,
  Expr,
  PhaseSignature,
  ResultName,
  ResultSignature,
  ScalarType,
  Sweep,
} from "../../../src/language/typed.js";
import type { Column, PointReport, ResultAxis, ResultSource } from "../../../src/results/types.js";

const span: Span = { file: "test.amem", start: 0, end: 0 };
const number = (value: number): Expr => ({
  kind: "number",
  value,
  type: { kind: Number.isInteger(value) ? "int" : "real" },
  span,
});

export interface AxisSpec {
  readonly name: string;
  readonly values?: readonly number[];
  readonly labels?: readonly string[];
  readonly size?: number;
}
/** A result: `axes` its own; `value` of its coordinates, labels as positions; "missing", "absent" or a number. */
export interface ResultSpec {
  readonly axes?: readonly (readonly [name: string, axis: string])[];
  readonly steps?: readonly number[];
  readonly type?: "real" | "int" | "bool" | readonly string[];
  readonly value: (at: Readonly<Record<string, number>>) => number | "missing" | "absent";
  readonly last?: (at: Readonly<Record<string, number>>) => number | "missing" | "absent";
}
export interface PhaseSpec {
  readonly sweeps?: readonly string[];
  readonly sort?: "train" | "measure";
  readonly results: Readonly<Record<string, ResultSpec>>;
  /** How runs ended, by their coordinates; all done without it. */
  readonly state?: (at: Readonly<Record<string, number>>) => PointReport["state"];
}
export interface Spec {
  readonly sweeps?: readonly AxisSpec[];
  readonly axes?: readonly AxisSpec[];
  readonly phases: Readonly<Record<string, PhaseSpec>>;
  readonly constants?: Readonly<Record<string, number>>;
  /** Values of the sweeps without a profile. */
  readonly full?: Readonly<Record<string, readonly number[]>>;
  readonly scope?: (ids: ReadonlyMap<string, number>) => readonly (readonly [string, ResultName])[];
  readonly definitions?: (ids: ReadonlyMap<string, number>) => readonly Definition[];
}

export interface Made {
  readonly checked: CheckedExperiment;
  readonly results: CheckedResults;
  readonly diagnostics: Diagnostics;
  readonly source: ResultSource;
}

export function make(spec: Spec, text: string): Made {
  const file = { file: "test.amem", text: `experiment e {\n${text}\n}\n` };
  const parsed = parse(file);
  if (parsed.diagnostics.length > 0) throw new Error(parsed.diagnostics.map((d) => d.message).join("\n"));
  const experiment = parsed.tree.statements[0];
  if (experiment?.kind !== "experiment") throw new Error("no experiment");
  const { axes, ids, sweeps } = makeAxes(spec);
  const constants = new Map<number, Constant>();
  const scope = new Map<string, ResultName>();
  for (const [name, id] of ids) scope.set(name, { kind: "axis", axis: id });
  for (const axis of [...(spec.sweeps ?? []), ...(spec.axes ?? [])])
    for (const label of axis.labels ?? []) if (!scope.has(label)) scope.set(label, { kind: "label", label });
  Object.entries(spec.constants ?? {}).forEach(([name, value], k) => {
    constants.set(k, { id: k, name, value: number(value), span });
    scope.set(name, { kind: "constant", constant: k });
  });
  for (const [name, phase] of Object.entries(spec.phases))
    scope.set(name, { kind: "phase", phase: signature(name, phase, ids) });
  const definitions = new Map((spec.definitions?.(ids) ?? []).map((definition) => [definition.id, definition]));
  for (const [name, entry] of spec.scope?.(ids) ?? []) scope.set(name, entry);
  const checked: CheckedExperiment = {
    experiment: {
      name: "e",
      title: null,
      doc: null,
      precision: "f32",
      sources: [],
      axes,
      constants,
      definitions,
      scans: new Map(),
      sweeps,
      planes: [],
      phases: [],
      datasets: [],
      span,
    },
    scope,
    statements: experiment.body ?? [],
  };
  const full =
    spec.full === undefined
      ? null
      : { ...checked, experiment: { ...checked.experiment, sweeps: fullSweeps(sweeps, axes, spec.full) } };
  const diagnostics = new Diagnostics();
  const results = checkResults(checked, [file], diagnostics, full);
  return { checked, results, diagnostics, source: makeSource(spec) };
}

function makeAxes(spec: Spec): {
  readonly axes: Map<AxisId, Axis>;
  readonly ids: Map<string, AxisId>;
  readonly sweeps: Sweep[];
} {
  const axes = new Map<AxisId, Axis>();
  const ids = new Map<string, AxisId>();
  const sweeps: Sweep[] = [];
  let next = 1;
  for (const { name, values, labels } of spec.sweeps ?? []) {
    const id = next++;
    ids.set(name, id);
    axes.set(id, {
      id,
      name,
      kind: { kind: "sweep", labels: labels ?? null, integer: (values ?? []).every(Number.isInteger) },
      span,
    });
    const list = { kind: "items" as const, items: (values ?? []).map(number), span };
    sweeps.push({
      axes: [id],
      values: labels === undefined ? { kind: "list", list } : { kind: "labels" },
      where: null,
      span,
    });
  }
  for (const { name, values, labels, size } of spec.axes ?? []) {
    const id = next++;
    ids.set(name, id);
    const kind: Axis["kind"] =
      labels !== undefined
        ? { kind: "labels", labels }
        : values !== undefined
          ? { kind: "coordinates", values: { kind: "items", items: values.map(number), span } }
          : { kind: "plain", size: number(size ?? 0) };
    axes.set(id, { id, name, kind, span });
  }
  return { axes, ids, sweeps };
}

function fullSweeps(
  sweeps: readonly Sweep[],
  axes: ReadonlyMap<AxisId, Axis>,
  full: Readonly<Record<string, readonly number[]>>,
): readonly Sweep[] {
  return sweeps.map((sweep) => {
    const values = full[axes.get(sweep.axes[0] ?? -1)?.name ?? ""];
    return values === undefined
      ? sweep
      : { ...sweep, values: { kind: "list", list: { kind: "items", items: values.map(number), span } } };
  });
}

function signature(name: string, phase: PhaseSpec, ids: ReadonlyMap<string, AxisId>): PhaseSignature {
  const results = new Map<string, ResultSignature>();
  for (const [own, result] of Object.entries(phase.results)) {
    const { type = "real" } = result;
    const scalar: ScalarType = typeof type === "string" ? { kind: type } : { kind: "label", labels: type };
    const axes = (result.axes ?? []).map(([label, axis]) => ({ name: label, axis: ids.get(axis) ?? -1 }));
    results.set(own, { name: own, axes, stepped: result.steps !== undefined, type: scalar, span });
  }
  return {
    name,
    sort: phase.sort ?? "train",
    axes: (phase.sweeps ?? []).map((sweep) => ids.get(sweep) ?? -1),
    results,
  };
}

function axisOf(spec: AxisSpec, kind: ResultAxis["kind"], name = spec.name): ResultAxis {
  const coordinates =
    spec.values ?? spec.labels?.map((_, k) => k) ?? Array.from({ length: spec.size ?? 0 }, (_, k) => k);
  return { name, kind, coordinates, labels: spec.labels ?? null, integer: coordinates.every(Number.isInteger) };
}

export function makeColumn(
  axes: readonly ResultAxis[],
  type: Column["type"],
  labels: readonly string[] | null,
  value: ResultSpec["value"],
): Column {
  const size = axes.reduce((product, axis) => product * axis.coordinates.length, 1);
  const values = new Float64Array(size);
  const states = new Uint8Array(size);
  for (let i = 0; i < size; i++) {
    let rest = i;
    const at: Record<string, number> = {};
    for (const axis of [...axes].reverse()) {
      const n = axis.coordinates.length;
      at[axis.name] = axis.coordinates[rest % n] ?? NaN;
      rest = Math.floor(rest / n);
    }
    const entry = value(at);
    if (typeof entry === "number") values[i] = entry;
    else {
      values[i] = NaN;
      states[i] = entry === "missing" ? 1 : 2;
    }
  }
  return { axes, type, labels, values, states, last: null };
}

export function makeSource(spec: Spec): ResultSource {
  const axisSpecs = new Map([...(spec.axes ?? [])].map((axis) => [axis.name, axis]));
  const sweepsOf = (phase: PhaseSpec): readonly ResultAxis[] =>
    (phase.sweeps ?? []).flatMap((name) =>
      (spec.sweeps ?? []).filter((sweep) => sweep.name === name).map((sweep) => axisOf(sweep, "sweep")),
    );
  const columns = new Map<string, Column>();
  const phases = new Map<string, readonly PointReport[]>();
  for (const [name, phase] of Object.entries(spec.phases)) {
    const sweeps = sweepsOf(phase);
    for (const [own, result] of Object.entries(phase.results)) {
      const { type = "real" } = result;
      const inner = (result.axes ?? []).map(([label, axis]) =>
        axisOf(axisSpecs.get(axis) ?? { name: axis }, "index", label),
      );
      const step: ResultAxis[] =
        result.steps === undefined
          ? []
          : [{ name: "step", kind: "step", coordinates: result.steps, labels: null, integer: true }];
      const kind = typeof type === "string" ? type : "label";
      const column = makeColumn(
        [...sweeps, ...step, ...inner],
        kind,
        typeof type === "string" ? null : type,
        result.value,
      );
      const lastStep = result.steps?.at(-1) ?? 0;
      const last =
        result.steps === undefined
          ? null
          : makeColumn(
              [...sweeps, ...inner],
              kind,
              null,
              result.last ?? ((at) => result.value({ ...at, step: lastStep })),
            );
      columns.set(`${name}.${own}`, {
        ...column,
        last: last === null ? null : { values: last.values, states: last.states },
      });
    }
    const state = phase.state ?? (() => "done" as const);
    const fact = (value: (at: Readonly<Record<string, number>>) => number): Column =>
      makeColumn(sweeps, "bool", null, value);
    if (!columns.has(`${name}.finished`))
      columns.set(
        `${name}.finished`,
        fact((at) => Number(state(at) === "done")),
      );
    if (!columns.has(`${name}.diverged`))
      columns.set(
        `${name}.diverged`,
        fact((at) => Number(state(at) === "diverged")),
      );
    const points: PointReport[] = [];
    makeColumn(sweeps, "bool", null, (at) => {
      points.push({ position: [], state: state(at), detail: state(at) === "diverged" ? "at step 7" : null });
      return 0;
    });
    phases.set(name, points);
  }
  return { column: (phase, name) => columns.get(`${phase}.${name}`), phases };
}

/** The messages of all diagnostics, with their codes. */
export function messages(made: Made): readonly string[] {
  return made.diagnostics.list.map((diagnostic) => `${diagnostic.code} ${diagnostic.message}`);
}
