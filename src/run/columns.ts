/** Which columns of a block are kept, and of what shape: what the plan's results name, and nothing else. */
import type { Numbers } from "../engine/types.js";
import type { DType, Program, ValueType } from "../ir/types.js";
import type { PhasePlan, ProgramPlan } from "../plan/types.js";
import type { Place } from "../results/store/block-file.js";
import { placeKey } from "../results/store/block-file.js";

export interface KeptColumn {
  readonly place: Place;
  readonly dtype: DType;
  /** Sizes of the own axes, and their product. */
  readonly dims: readonly number[];
  readonly inner: number;
  /** Null without slots. */
  readonly slots: number | null;
  /** Whether the engine's array has a run dimension. */
  readonly byRun: boolean;
}

export function keptColumns(phase: PhasePlan, plan: ProgramPlan): readonly KeptColumn[] {
  const places = phase.results.flatMap((result): readonly Place[] => {
    const { from } = result;
    return from.kind === "record" ? [from, { ...from, kind: "last" }] : [from];
  });
  const kept = new Map(places.map((place) => [placeKey(place), place]));
  return [...kept.values()].map((place) => describe(place, plan));
}

function describe(place: Place, plan: ProgramPlan): KeptColumn {
  const { program } = plan;
  const type = typeAt(program, place);
  const dims = type.dims.map((dim) => sizeOf(program, dim));
  const inner = dims.reduce((size, dim) => size * dim, 1);
  const slots = place.kind === "record" ? (plan.groups[place.group]?.length ?? 0) : null;
  return {
    place,
    dtype: type.dtype,
    dims,
    inner,
    slots,
    byRun: place.kind !== "carried" || carriedVaries(plan, place.index),
  };
}

function typeAt(program: Program, place: Place): ValueType {
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

function carriedVaries({ program, varying }: ProgramPlan, index: number): boolean {
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
