/** Which columns of a block are kept, and of what shape: what the plan's results name, and nothing else. */
import type { Numbers } from "../engine/types.js";
import type { DType, Program, ValueType } from "../ir/types.js";
import { atEnd, atSteps } from "../plan/schedules.js";
import type { Meaning, PhasePlan, ProgramPlan } from "../plan/types.js";
import type { Place, StoredMeaning } from "../results/store/block-file.js";
import { placeKey } from "../results/store/block-file.js";

export interface KeptColumn {
  readonly place: Place;
  readonly meaning: StoredMeaning;
  readonly dtype: DType;
  /** Sizes of the own axes, and their product. */
  readonly dims: readonly number[];
  readonly inner: number;
  /** Null without slots. */
  readonly slots: number | null;
  /** Whether the engine's array has a run dimension. */
  readonly byRun: boolean;
  /** Whether a result needs it; else it is kept for going on with more steps only. */
  readonly needed: boolean;
}

/** What the endings of a program's points rest on. */
export function endingOf(phase: PhasePlan, { meanings, steps }: ProgramPlan): StoredMeaning | null {
  return meanings.ending === null ? null : { ...meanings.ending, schedule: atEnd(phase, steps) };
}

/** What results name; and everything carried, where more steps are to go on from it. */
export function keptColumns(phase: PhasePlan, plan: ProgramPlan): readonly KeptColumn[] {
  const after = atEnd(phase, plan.steps);
  const kept = new Map<string, KeptColumn>();
  const keep = (place: Place, meaning: Meaning, schedule: string, needed = true): void => {
    const key = placeKey(place);
    if (!kept.has(key)) kept.set(key, describe(place, { ...meaning, schedule }, plan, needed));
  };
  phase.results.forEach(({ from }, number) => {
    const meaning = plan.meanings.results[number];
    if (meaning === undefined) throw new Error(`program ${plan.key} has no meaning for result ${number}`);
    if (from.kind === "record") {
      keep(from, meaning, atSteps(plan.groups[from.group] ?? []));
      keep({ ...from, kind: "last" }, meaning, after);
    } else keep(from, meaning, after);
  });
  if (plan.keepsState)
    plan.meanings.carried.forEach((meaning, index) => keep({ kind: "carried", index }, meaning, after, false));
  return [...kept.values()];
}

function describe(place: Place, meaning: StoredMeaning, plan: ProgramPlan, needed: boolean): KeptColumn {
  const { program } = plan;
  const type = typeAt(program, place);
  const dims = type.dims.map((dim) => sizeOf(program, dim));
  const inner = dims.reduce((size, dim) => size * dim, 1);
  const slots = place.kind === "record" ? (plan.groups[place.group]?.length ?? 0) : null;
  const byRun = place.kind !== "carried" || carriedVaries(plan, place.index);
  return { place, meaning, dtype: type.dtype, dims, inner, slots, byRun, needed };
}

export function typeAt(program: Program, place: Place): ValueType {
  switch (place.kind) {
    case "record":
    case "last":
      return typeOf(program, program.loop?.groups[place.group]?.entries[place.entry]?.value);
    case "output":
      return typeOf(program, program.outputs[place.entry]?.value);
    case "carried": {
      const carried = program.loop?.carried[place.index];
      if (carried === undefined) throw new Error(`program ${program.name} carries no value ${place.index}`);
      return carried.type;
    }
  }
}

function typeOf(program: Program, value: number | undefined): ValueType {
  const node = value === undefined ? undefined : program.nodes[value];
  if (node === undefined) throw new Error(`program ${program.name} has no value ${value ?? "there"}`);
  return node.type;
}

export function sizeOf(program: Program, dim: number): number {
  const found = program.dims.find((candidate) => candidate.id === dim);
  if (found === undefined) throw new Error(`program ${program.name} has no dim ${dim}`);
  return found.size;
}

export function carriedVaries({ program, varying }: ProgramPlan, index: number): boolean {
  return program.nodes.some(
    (node) => node.op === "carried" && node.attributes.index === index && varying.includes(node.id),
  );
}

export function allocate(dtype: DType, length: number): Numbers {
  switch (dtype) {
    case "f32":
      return new Float32Array(length);
    case "f64":
      return new Float64Array(length);
    case "i32":
      return new Int32Array(length);
    case "bool":
      return new Uint8Array(length);
  }
}
