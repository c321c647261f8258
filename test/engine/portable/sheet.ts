/** Small programs made by hand, with their inputs, run on the portable engine. */
import { createPortableEngine } from "../../../src/engine/portable/index.js";
import type { BlockState, CallResult, Numbers } from "../../../src/engine/types.js";
import { Builder } from "../../../src/ir/builder.js";
import type { DimId, DType, Program, StepLoop, ValueId } from "../../../src/ir/types.js";
import { varyingValues } from "../../support/blocks.js";

export const engine = createPortableEngine();

/** A sheet to write a program on: inputs with their arrays, all varying over runs unless told. */
export class Sheet {
  readonly b = new Builder();
  readonly arrays: Numbers[] = [];
  private readonly varying = new Set<number>();

  constructor(readonly runs: number) {}

  /** One number for each run. */
  input(values: Numbers, dtype: DType, dims: readonly DimId[] = [], varies = true): ValueId {
    const index = this.arrays.push(values) - 1;
    if (varies) this.varying.add(index);
    const source = { kind: "scalar", index } as const;
    return this.b.input({ name: `x${index}`, type: { dtype, dims }, source });
  }

  carried(): ValueId {
    return this.b.carried({ dtype: "f32", dims: [] });
  }

  prepare(loop: StepLoop, slotsPerCall = 100) {
    const program = this.b.finish({ name: "test", loop, outputs: [] });
    return engine.prepare({ program, runs: this.runs, varying: this.varyingOf(program), slotsPerCall });
  }

  varyingOf(program: Program): ReadonlySet<ValueId> {
    return varyingValues(program, this.varying);
  }

  /** All in one call. */
  run(loop: StepLoop, steps: number, groups: readonly (readonly number[])[] = [], state: BlockState | null = null) {
    return this.prepare(loop).call({ arrays: this.arrays }, { steps, groups }, state, steps);
  }
}

/** A carried number of 32 bits, or an array of them. */
export const state = (name: string, init: ValueId, next: ValueId, watched = false, dims: readonly DimId[] = []) =>
  ({ name, role: "state", type: { dtype: "f32", dims }, init, next, watched }) as const;
export const f32 = (...values: number[]): Float32Array => Float32Array.from(values);
export const list = (values: ArrayLike<number> | undefined): number[] => Array.from(values ?? []);
/** The numbers of one entry's slots. */
export const entry = (result: CallResult, group = 0, k = 0): number[] =>
  list(result.recorded.groups[group]?.entries[k]);
