/** A program as prepared lists of kernels over preallocated buffers: how plain TypeScript executes a step. */
import type { Program, ValueId } from "../../ir/types.js";
import type { BlockInputs, BlockProgram, Numbers } from "../types.js";
import { carriedValue } from "./carried.js";
import type { CarriedValue } from "./carried.js";
import { expand, typeOf } from "./expand.js";
import type { Expanded } from "./expand.js";
import type { Lowered, Sources } from "./lower-program.js";
import type { Kernel } from "./lowering-context.js";
import { listFor, lowerOwnSteps, lowerParts, rootsOf, runAll } from "./program-parts.js";
import type { OwnSteps, Roots } from "./program-parts.js";
import { recorder } from "./recorder.js";
import type { Recorder } from "./recorder.js";
import type { Check, Flags, Section, StepMachine } from "./step-machine.js";
import { allocate, denseView, fits, lengthOf, newView } from "./storage.js";
import type { Shape, View } from "./storage.js";
import { varyingOf } from "./varying.js";
import type { Varying } from "./varying.js";

export class PortableMachine implements StepMachine {
  readonly runs: number;
  readonly stop: Flags | null;
  readonly checks: readonly Check[];
  private readonly program: Program;
  private readonly shape: Shape;
  private readonly expanded: Expanded;
  private readonly sources: Sources;
  private readonly roots: Roots;
  private readonly steps: Lowered;
  private readonly setupList: readonly Kernel[];
  private readonly carried: readonly CarriedValue[];
  private readonly stages: readonly Kernel[];
  private readonly recorders: readonly (readonly Recorder[])[];
  private readonly sections = new Map<string, Section>();
  private readonly ownSteps = new Map<number, { readonly part: OwnSteps; readonly recorders: readonly Recorder[] }>();

  constructor(block: BlockProgram) {
    const { program, runs } = block;
    this.program = program;
    this.runs = runs;
    this.shape = { sizes: new Map(program.dims.map((dim) => [dim.id, dim.size])), runs };
    const varying = varyingOf(block);
    this.expanded = expand(program, varying.values, this.shape);
    this.sources = sourcesOf(this.shape, program, varying);
    this.roots = rootsOf(program);
    const parts = lowerParts(this.shape, this.expanded, this.sources, this.roots);
    this.steps = parts.steps;
    this.setupList = parts.setup;
    this.carried = this.carriedValues();
    this.stages = this.carried.flatMap(({ stage }) => (stage === null ? [] : [stage]));
    this.recorders = this.roots.records.map((ids) => ids.map((id) => this.recorderOf(id, this.steps)));
    const [stop] = this.roots.stop;
    this.stop = stop === undefined ? null : flagsOf(this.steps.view(stop));
    this.checks = this.roots.checks.map((id) => ({
      holds: flagsOf(this.steps.view(id)),
      once: this.expanded.once(id),
    }));
  }

  setup(inputs: BlockInputs): void {
    takeInputs(this.shape, this.program, this.sources.inputs, inputs);
    runAll(this.setupList);
    for (const value of this.carried) value.start();
    for (const value of this.carried) value.noteStart();
  }

  restore(values: readonly Numbers[]): void {
    for (const [index, value] of this.carried.entries()) {
      const kept = values[index];
      if (kept === undefined) throw new Error("the kept state lacks a carried value");
      value.restore(kept);
    }
  }

  snapshot(): Numbers[] {
    return this.carried.map((value) => value.snapshot());
  }

  section(groups: readonly number[], update: boolean): Section {
    const key = `${groups.join()}${update ? "+" : ""}`;
    const known = this.sections.get(key);
    if (known !== undefined) return known;
    const { stop, checks, records, next } = this.roots;
    const recorded = groups.flatMap((group) => records[group] ?? []);
    const list = listFor(this.expanded, this.steps, [...stop, ...recorded, ...(update ? [...checks, ...next] : [])]);
    const section: Section = { run: () => runAll(list) };
    this.sections.set(key, section);
    return section;
  }

  setStep(step: number): void {
    this.sources.step.storage.data[0] = step;
  }

  commit(alive: Uint8Array | null): void {
    runAll(this.stages);
    if (alive === null) for (const value of this.carried) value.commit();
    else for (const value of this.carried) value.commitAlive(alive);
  }

  markNonFinite(marks: Uint8Array): boolean {
    let found = false;
    for (const value of this.carried) if (value.markNonFinite(marks)) found = true;
    return found;
  }

  recordBuffers(group: number, slots: number): Numbers[] {
    return (this.recorders[group] ?? []).map((entry) => entry.buffer(slots));
  }

  record(group: number, buffers: readonly Numbers[], slot: number, steps: Int32Array | null): void {
    const entries = (steps === null ? null : this.withOwnSteps(group, steps)) ?? this.recorders[group] ?? [];
    for (const [k, entry] of entries.entries()) {
      const buffer = buffers[k];
      if (buffer !== undefined) entry.copy(buffer, slot);
    }
  }

  outputs(): Numbers[] {
    return this.roots.outputs.map((id) => {
      const entry = this.recorderOf(id, this.steps);
      const buffer = entry.buffer(1);
      entry.copy(buffer, 0);
      return buffer;
    });
  }

  /** Computes a group's entries with each run's own number of updates; null where that makes no difference. */
  private withOwnSteps(group: number, steps: Int32Array): readonly Recorder[] | null {
    const ids = this.roots.records[group] ?? [];
    if (this.runs === 1 || !ids.some((id) => this.expanded.needsStep(id))) return null;
    let own = this.ownSteps.get(group);
    if (own === undefined) {
      const part = lowerOwnSteps(this.shape, this.expanded, this.sources, this.steps, ids);
      own = { part, recorders: ids.map((id) => this.recorderOf(id, part.lowered)) };
      this.ownSteps.set(group, own);
    }
    own.part.steps.set(steps);
    runAll(own.part.list);
    return own.recorders;
  }

  private recorderOf(id: ValueId, lowered: Lowered): Recorder {
    return recorder(this.shape, typeOf(this.expanded.byId, id), lowered.view(id));
  }

  private carriedValues(): CarriedValue[] {
    const buffers = this.sources.carried;
    return (this.program.loop?.carried ?? []).map((value, index) => {
      const own = buffers[index];
      if (own === undefined) throw new Error(`${value.name} has no buffer`);
      const next = this.steps.view(value.next);
      const nextIsCarried = buffers.some((view) => view.storage === next.storage);
      return carriedValue(this.shape, value, own, this.steps.view(value.init), next, nextIsCarried);
    });
  }
}

function flagsOf(view: View): Flags {
  return { at: (run) => view.storage.data[view.offset + run * view.lane] !== 0 };
}

/** Buffers of the carried values and the step; the inputs' arrays come with each call. */
function sourcesOf(shape: Shape, program: Program, varying: Varying): Sources {
  const inputVaries = (index: number): boolean =>
    program.nodes.some((node) => node.op === "input" && node.attributes.index === index && varying.values.has(node.id));
  return {
    inputs: program.inputs.map(({ type }, index) =>
      denseView(shape, type, inputVaries(index), { data: allocate(type.dtype, 0) }),
    ),
    carried: (program.loop?.carried ?? []).map(({ type }, index) =>
      newView(shape, type, varying.carried[index] === true),
    ),
    step: newView(shape, { dtype: "i32", dims: [] }, false),
    iterations: new Map(),
  };
}

function takeInputs(shape: Shape, program: Program, views: readonly View[], inputs: BlockInputs): void {
  program.inputs.forEach(({ name, type }, index) => {
    const view = views[index];
    const array = inputs.arrays[index];
    if (view === undefined || array === undefined) throw new Error(`input ${name} is missing`);
    const length = lengthOf(shape, type, view.lane !== 0);
    if (array.length !== length || !fits(type.dtype, array))
      throw new Error(`input ${name} wants ${length} numbers of type ${type.dtype}, not ${array.length}`);
    view.storage.data = array;
  });
}
