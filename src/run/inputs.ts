/**
 * The inputs of a block: constants of its points, draws, columns of data files, what earlier phases left behind.
 * Where an input varies, the run is its last dimension; the places behind the last point repeat it.
 */
import type { Numbers } from "../engine/types.js";
import type { Input, InputSource, Program } from "../ir/types.js";
import type { BlockPlan, PhasePlan, Plan, PointPlan, ProgramPlan, ResultPlan } from "../plan/types.js";
import type { Place, StoredArray } from "../results/store/block-file.js";
import { placeKey } from "../results/store/block-file.js";
import type { Store } from "../results/store/store.js";
import { allocate, sizeOf, typeAt } from "./columns.js";
import { extentsOf, filledSizes, reshaped } from "./padding.js";

/** Numbers that come from outside of plan and store. */
export interface Outside {
  /** Row-major over the sizes. */
  draw(
    source: Extract<InputSource, { kind: "draw" }>,
    seed: readonly number[],
    sizes: readonly number[],
    scalars: readonly number[],
  ): ArrayLike<number>;
  /** The key of a stream: two 32-bit words. */
  key(stream: string, seed: readonly number[]): readonly [number, number];
  /** Row-major over the sizes that the program has, which may be less than all that is there. */
  column(dataset: number, column: string, sizes: readonly number[]): ArrayLike<number>;
}

/** Bytes of draws that are kept for the next blocks. */
const KEPT_DRAWS = 128 * 2 ** 20;

export class InputMaker {
  private readonly draws = new Map<string, ArrayLike<number>>();
  private drawnBytes = 0;
  private readonly columns = new Map<string, StoredArray | undefined>();

  constructor(
    private readonly plan: Plan,
    private readonly store: Store,
    private readonly outside: Outside,
  ) {}

  /** What kept columns of earlier phases were for is over. */
  forgetColumns(): void {
    this.columns.clear();
  }

  /** By point of the block whether all that it needs from earlier phases is there. */
  isReady(phase: PhasePlan, point: PointPlan): boolean {
    return phase.after.every((name, k) => {
      const number = point.sources[k] ?? -1;
      // The first turn of a sequence reads less than the others.
      if (number < 0) return true;
      const source = this.phase(name).points[number];
      const found = source === undefined ? undefined : this.store.find(source.key);
      return found !== undefined && found.point.state !== "failed";
    });
  }

  readyPlaces(phase: PhasePlan, block: BlockPlan): readonly number[] {
    return block.points.flatMap((number) => {
      const point = phase.points[number];
      return point !== undefined && this.isReady(phase, point) ? [point.place] : [];
    });
  }

  /** Places whose points are not ready repeat one that is; there must be one. */
  make(phase: PhasePlan, program: ProgramPlan, block: BlockPlan): readonly Numbers[] {
    const points = block.points.flatMap((number) => phase.points[number] ?? []);
    const spare = points.findLast((point) => this.isReady(phase, point));
    if (spare === undefined) throw new LostInput("what earlier phases left behind cannot be read");
    const usable = points.map((point) => (this.isReady(phase, point) ? point : spare));
    const runs = Array.from({ length: program.runs }, (_, run) => usable[run] ?? usable.at(-1) ?? spare);
    const varying = varyingInputs(program);
    return program.program.inputs.map((input, index) =>
      varying.has(index)
        ? this.byRun(phase, program.program, input, runs)
        : this.shared(phase, program.program, input, spare),
    );
  }

  private shared(phase: PhasePlan, program: Program, input: Input, point: PointPlan): Numbers {
    const values = this.valuesOf(phase, program, input, point);
    const length = lengthOf(program, input);
    // Bytes stay bytes on the way to the worker, which widens them.
    if (input.source.kind === "data" && values instanceof Uint8Array && values.length === length) return values;
    const array = allocate(input.type.dtype, length);
    for (let k = 0; k < array.length; k++) array[k] = values[k] ?? 0;
    return array;
  }

  private byRun(phase: PhasePlan, program: Program, input: Input, runs: readonly PointPlan[]): Numbers {
    const length = lengthOf(program, input);
    const array = allocate(input.type.dtype, length * runs.length);
    runs.forEach((point, run) => {
      const values = this.valuesOf(phase, program, input, point);
      for (let k = 0, at = run; k < length; k++, at += runs.length) array[at] = values[k] ?? 0;
    });
    return array;
  }

  private valuesOf(phase: PhasePlan, program: Program, input: Input, point: PointPlan): ArrayLike<number> {
    const { source } = input;
    const sizes = filledSizes(program, input.type, point);
    const padded = (values: ArrayLike<number>): ArrayLike<number> =>
      reshaped(values, sizes, sizes, extentsOf(program, input.type));
    switch (source.kind) {
      case "scalar":
        return [point.scalars[source.index] ?? 0];
      case "draw":
        return padded(this.drawn(source, sizes, point));
      case "key": {
        const seed = source.by === null ? [point.seed] : source.by.map((index) => point.scalars[index] ?? 0);
        return [this.outside.key(source.stream, seed)[source.word] | 0];
      }
      case "data":
        return padded(this.outside.column(source.dataset, source.column, sizes));
      case "result":
        return this.left(phase, source, point, sizes, extentsOf(program, input.type));
    }
  }

  /** What varies over the seed only is drawn once for each seed. */
  private drawn(
    source: Extract<InputSource, { kind: "draw" }>,
    sizes: readonly number[],
    point: PointPlan,
  ): ArrayLike<number> {
    const seed = source.by === null ? [point.seed] : source.by.map((index) => point.scalars[index] ?? 0);
    const { distribution } = source;
    const parameter = "p" in distribution ? point.scalars[distribution.p] : null;
    const key = JSON.stringify([source.stream, distribution, seed.map(String), sizes, parameter, source.positions]);
    const known = this.draws.get(key);
    if (known !== undefined) return known;
    const values = this.outside.draw(source, seed, sizes, point.scalars);
    this.drawnBytes += values.length * 8;
    if (this.drawnBytes > KEPT_DRAWS) {
      this.draws.clear();
      this.drawnBytes = values.length * 8;
    }
    this.draws.set(key, values);
    return values;
  }

  /** The final value of a parameter or state of an earlier phase, or a result of a measure. */
  private left(
    phase: PhasePlan,
    source: Extract<InputSource, { kind: "result" }>,
    point: PointPlan,
    sizes: readonly number[],
    extents: readonly number[],
  ): ArrayLike<number> {
    const earlier = this.phase(source.phase);
    const number = point.sources[phase.after.indexOf(source.phase)] ?? -1;
    const found = this.store.find(earlier.points[number]?.key ?? "");
    const result = earlier.results.find((candidate) => candidate.name === source.value);
    if (found === undefined || result === undefined)
      throw new LostInput(`\`${source.phase}\` left no ${source.value} behind`);
    const key = `${found.stem} ${placeKey(placeOf(result))}`;
    if (!this.columns.has(key)) this.columns.set(key, this.store.column(found.stem, placeOf(result))?.data);
    const data = this.columns.get(key);
    const points = this.store.header(found.stem)?.points.length ?? 0;
    if (data === undefined || points === 0)
      throw new LostInput(`what \`${source.phase}\` left behind (${source.value}) cannot be read`);
    const size = data.length / points;
    const stored = storedExtents(earlier, number, placeOf(result));
    return reshaped(data.subarray(found.at * size, (found.at + 1) * size), sizes, stored, extents);
  }

  private phase(name: string): PhasePlan {
    const phase = this.plan.phases.find((candidate) => candidate.name === name);
    if (phase === undefined) throw new Error(`the plan has no phase ${name}`);
    return phase;
  }
}

/** The sizes of what a point has stored; with padding more than its own. */
function storedExtents(phase: PhasePlan, point: number, place: Place): readonly number[] {
  const plan = phase.programs[phase.points[point]?.program ?? -1];
  if (plan === undefined) throw new LostInput(`\`${phase.name}\` has no program for what it left behind`);
  return extentsOf(plan.program, typeAt(plan.program, place));
}

function placeOf({ from }: ResultPlan): Place {
  return from.kind === "record" ? { ...from, kind: "last" } : from;
}

/** How long each input of a program is, and whether every run of a block has its own. */
export function inputLengths(
  plan: ProgramPlan,
): readonly { readonly length: number; readonly bytes: number; readonly varies: boolean }[] {
  const varying = varyingInputs(plan);
  return plan.program.inputs.map((input, index) => ({
    length: lengthOf(plan.program, input),
    bytes: input.type.dtype === "f64" ? 8 : 4,
    varies: varying.has(index),
  }));
}

/** A result of an earlier phase that cannot be read any more. */
export class LostInput extends Error {}

const lengthOf = (program: Program, input: Input): number =>
  input.type.dims.reduce((size, dim) => size * sizeOf(program, dim), 1);

function varyingInputs({ program, varying }: ProgramPlan): ReadonlySet<number> {
  const ids = new Set(varying);
  const inputs = program.nodes.flatMap((node) =>
    node.op === "input" && ids.has(node.id) ? [node.attributes.index] : [],
  );
  return new Set(inputs);
}
