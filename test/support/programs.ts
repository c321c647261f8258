/**
 * Random programs that look like a training run: parameters, a loss, a gradient step, records, sometimes a stop. Values stay of the order
 * of one for some ten steps, and nothing jumps where rounding decides, so engines can be compared with the oracle.
 */
import type { Schedule } from "../../src/engine/types.js";
import { Builder } from "../../src/ir/builder.js";
import { makeLoop } from "../../src/ir/compose/loop.js";
import { gradient } from "../../src/ir/derive.js";
import { dimSizes, entryCount } from "../../src/ir/dims.js";
import { at } from "../../src/ir/fault.js";
import type { Tolerance } from "../../src/ir/ops/definition.js";
import type { OracleResult } from "../../src/ir/oracle.js";
import { evaluateProgram } from "../../src/ir/oracle.js";
import { Sampler } from "../../src/ir/sampler.js";
import type { Carried, DimId, DType, Program, RecordGroup, ValueId, ValueType } from "../../src/ir/types.js";
import { varyingValues } from "./blocks.js";

export interface TestProgram {
  readonly program: Program;
  readonly runs: number;
  /** `inputs[run][input]`; `blockInputs` of `blocks.ts` makes an engine's arrays of them. */
  readonly inputs: readonly (readonly Float64Array[])[];
  readonly varyingInputs: ReadonlySet<number>;
  readonly varying: ReadonlySet<ValueId>;
  readonly schedule: Schedule;
  /** By run. */
  readonly expected: readonly OracleResult[];
  readonly tolerance: Tolerance;
}

export interface ProgramOptions {
  readonly runs?: number;
  readonly dtype?: "f32" | "f64";
  readonly steps?: number;
  /** Whether runs stop, each at a step of its own. */
  readonly stop?: boolean;
  /** Whether there are loops inside of a step, some of them nested. */
  readonly loops?: boolean;
}

/** A random well-typed loop with everything that an engine needs to be compared with the oracle. */
export function randomProgram(seed: number, options: ProgramOptions = {}): TestProgram {
  const { runs = 3, steps = 8 } = options;
  const b = new Builder();
  const draft = new Draft(b, new Sampler(seed, b, options.dtype ?? "f32", 4));
  const program = draft.build(options.stop ?? draft.s.chance(0.5), options.loops ?? false);
  const { inputs, varyingInputs } = drawInputs(program, draft, runs, steps);
  const schedule = drawSchedule(draft.s, program, steps);
  return {
    program,
    runs,
    inputs,
    varyingInputs,
    varying: varyingValues(program, varyingInputs),
    schedule,
    expected: inputs.map((run) => evaluateProgram(program, run, schedule)),
    tolerance: options.dtype === "f64" ? { relative: 1e-9, absolute: 1e-9 } : { relative: 2e-4, absolute: 2e-4 },
  };
}

/** Records at some steps (always the first and never all), the groups at different ones. */
function drawSchedule(s: Sampler, program: Program, steps: number): Schedule {
  const all = Array.from({ length: steps + 1 }, (_, t) => t);
  const groups = (program.loop?.groups ?? []).map((_, g) =>
    g === 0 ? all.filter((t) => t % 3 === 0 || t === steps) : all.filter(() => s.chance(0.5)),
  );
  return { steps, groups };
}

function drawInputs(program: Program, { s, stopAt }: Draft, runs: number, steps: number) {
  const sizes = dimSizes(program.dims);
  const varyingInputs = new Set<number>();
  const inputs = Array.from({ length: runs }, (): Float64Array[] => []);
  program.inputs.forEach(({ type, name }, k) => {
    const draw = () =>
      Float64Array.from({ length: entryCount(type.dims, sizes) }, () => {
        if (k === stopAt) return s.int(1, steps + 2);
        if (type.dtype === "i32") return s.int(0, 3);
        if (type.dtype === "bool") return s.int(0, 1);
        return Math.fround(name.startsWith("rate") ? s.real(0.02, 0.1) : s.real(-1, 1));
      });
    const first = draw();
    const varies = runs > 1 && (k === stopAt || s.chance(0.5));
    if (varies) varyingInputs.add(k);
    inputs.forEach((run, r) => run.push(varies && r > 0 ? draw() : first));
  });
  return { inputs, varyingInputs };
}

interface Parameter {
  readonly type: ValueType;
  readonly init: ValueId;
  readonly value: ValueId;
}

/** Makes a program, remembering the values that are there to go on from. */
class Draft {
  private readonly pool: ValueId[] = [];
  private readonly dtype: DType;
  private readonly dims: DimId[];
  /** The input that says at which step a run stops. */
  stopAt: number | null = null;

  constructor(
    private readonly b: Builder,
    readonly s: Sampler,
  ) {
    this.dtype = s.dtype;
    this.dims = Array.from({ length: 4 }, () => s.dim(s.int(1, 4)));
  }

  build(stops: boolean, loops: boolean): Program {
    const { b, s } = this;
    for (let k = 0; k < 3; k++) this.pool.push(this.input("x", this.someDims()));
    const rate = this.input("rate", []);
    const parameters = Array.from({ length: s.int(1, 3) }, () => this.parameter());
    const counter = b.carried({ dtype: "i32", dims: [] });
    this.pool.push(...parameters.map(({ value }) => value));
    for (let k = 0; k < 10; k++) {
      if (loops && k % 3 === 1) this.pool.push(...this.looped(k === 4));
      this.pool.push(this.grown());
    }
    const loss = this.loss();
    const values = parameters.map(({ value }) => value);
    const slopes = gradient(b, loss, values);
    const carried = parameters.map(({ type, init, value }, k): Carried => {
      // A bounded slope keeps the run finite whatever was drawn.
      const next = b.sub(value, b.mul(rate, b.tanh(at(slopes, k))));
      return { name: `p${k}`, role: "parameter", type, init, next, watched: true };
    });
    carried.push(this.counting(counter));
    return b.finish({
      name: "random",
      loop: { carried, stop: stops ? this.stopping() : null, groups: this.records(loss, values, counter) },
      outputs: [],
    });
  }

  private counting(counter: ValueId): Carried {
    const { b } = this;
    const one = b.constant(1, "i32");
    const type: ValueType = { dtype: "i32", dims: [] };
    return { name: "count", role: "state", type, init: one, next: b.add(counter, one), watched: false };
  }

  private stopping(): ValueId {
    this.stopAt = this.b.inputs.length;
    return this.b.ge(this.b.step(), this.input("stop", [], "i32"));
  }

  private records(loss: ValueId, values: readonly ValueId[], counter: ValueId): RecordGroup[] {
    const { b, s } = this;
    const step = b.mul(b.cast(b.step(), this.dtype), loss);
    return [
      {
        entries: [
          { name: "loss", value: loss },
          { name: "some", value: s.pick(this.pool) },
        ],
      },
      {
        entries: [
          { name: "p0", value: at(values, 0) },
          { name: "count", value: counter },
          { name: "timed", value: step },
          { name: "positive", value: b.gt(at(values, 0), b.number(5, loss)) },
        ],
      },
    ];
  }

  private input(kind: string, dims: readonly DimId[], dtype: DType = this.dtype): ValueId {
    const name = `${kind} ${this.b.inputs.length}`;
    return this.b.input({ name, type: { dtype, dims }, source: { kind: "result", phase: "test", value: name } });
  }

  private someDims(): DimId[] {
    return this.s.subset(this.dims, 0.5).slice(0, 3);
  }

  private parameter(): Parameter {
    const type: ValueType = { dtype: this.dtype, dims: this.someDims() };
    const init = this.input("init", type.dims);
    return { type, init, value: this.b.carried(type) };
  }

  /** The mean of a bounded function of everything, so that all parameters matter. */
  private loss(): ValueId {
    const { b } = this;
    const parts = this.pool.map((value) => {
      const dims = b.dimsOf(value);
      const count = entryCount(dims, b);
      return b.div(b.reduceSum(b.softplus(value), dims), b.number(count, value));
    });
    const sum = parts.reduce((x, y) => b.add(x, y));
    return b.div(sum, b.number(parts.length, sum));
  }

  /** A new value of the order of one out of those that are there. */
  private grown(): ValueId {
    const { b, s } = this;
    const x = s.pick(this.pool);
    const y = s.pick(this.pool);
    const dims = b.dimsOf(x);
    const some = s.subset(dims, 0.6);
    const along = dims[0];
    switch (s.int(0, 15)) {
      case 0:
        return b.tanh(b.add(x, y));
      case 1:
        return b.tanh(b.sub(x, y));
      case 2:
        return b.tanh(b.mul(x, y));
      case 3:
        return b.sigmoid(b.mul(b.number(2, x), x));
      case 4:
        return b.sin(x);
      case 5: {
        const all = [...new Set([...dims, ...b.dimsOf(y)])];
        return b.tanh(b.contract([x, y], s.subset(all, 0.5)));
      }
      case 6:
        return b.tanh(b.reduceSum(x, some));
      case 7:
        return b.reduceMax(b.add(x, this.spaced(some)), some);
      case 8:
        return b.log1p(b.powerInt(x, 2));
      case 9:
        return b.div(x, b.add(b.number(1, x), b.abs(b.mul(x, y))));
      case 10: {
        // The condition must not hang on rounding: it comes from an input of its own.
        const condition = this.input("mask", s.subset(dims, 0.6), "bool");
        return b.select(condition, x, b.exp(b.neg(b.powerInt(y, 2))));
      }
      case 11: {
        if (along === undefined) return b.cos(x);
        const index = this.input(
          "index",
          this.someDims().filter((dim) => dim !== along),
          "i32",
        );
        return b.gather(x, index, along);
      }
      case 12: {
        if (along === undefined) return b.neg(x);
        const long = s.dim(b.size(along) + 2);
        return b.reduceSum(b.mul(b.pad(x, along, long, 1), b.cast(b.iota(long), this.dtype)), [long]);
      }
      case 13: {
        if (along === undefined || b.size(along) === 0) return b.erf(x);
        const [first, rest] = [s.dim(1), s.dim(b.size(along) - 1)];
        const parts = [b.slice(x, along, rest, 1), b.slice(b.sin(x), along, first, 0)];
        return b.tanh(b.add(b.concat(parts, [rest, first], along), y));
      }
      case 14: {
        const [outer, inner] = s.shuffle(dims);
        if (outer === undefined || inner === undefined) return b.cos(x);
        const whole = s.dim(b.size(outer) * b.size(inner));
        const merged = b.merge(x, [outer, inner], whole);
        return b.tanh(b.split(b.mul(merged, b.cast(b.iota(whole), this.dtype)), whole, [outer, inner]));
      }
      default:
        return along === undefined ? b.erf(x) : b.tanh(b.cumulativeSum(x, along));
    }
  }

  /** What a loop leaves behind: final states, sums over its stack, how many iterations it did. */
  private looped(nests: boolean): ValueId[] {
    const { b, s } = this;
    const most = s.int(0, 4);
    const types = Array.from({ length: s.int(1, 2) }, (): ValueType => ({ dtype: this.dtype, dims: this.someDims() }));
    const states = types.map((type) => ({ type, initial: this.fitted(s.pick(this.pool), type.dims) }));
    const times = s.chance(0.5)
      ? b.constant(most, "i32")
      : b.min(this.input("count", [], "i32"), b.constant(most, "i32"));
    const ends = s.chance(0.4) ? this.input("end", [], "i32") : null;
    const outside = [...this.pool];
    const result = makeLoop(b, times, most, states, (position, now) => {
      this.pool.push(...now, b.tanh(b.cast(position, this.dtype)));
      if (nests) this.pool.push(...this.looped(false));
      for (let k = 0; k < 4; k++) this.pool.push(this.grown());
      const next = types.map(({ dims }) => b.tanh(this.fitted(at(this.pool, this.pool.length - s.int(1, 6)), dims)));
      const stacked = [at(this.pool, this.pool.length - 1), s.pick(this.pool)];
      const until =
        ends === null ? null : b.ge(b.mul(position, b.constant(2, "i32")), b.add(ends, b.constant(1, "i32")));
      return { next, stacked, until };
    });
    this.pool.length = 0;
    this.pool.push(...outside);
    const to = s.dim(most);
    const weights = b.cast(b.iota(to), this.dtype);
    const stacks = [0, 1].map((k) => b.tanh(b.contract([result.stack(k, to), weights], [to])));
    return [...result.finals, ...stacks, b.tanh(b.cast(result.done, this.dtype))];
  }

  /** The value with exactly these dims: others are summed over. */
  private fitted(x: ValueId, dims: readonly DimId[]): ValueId {
    const { b } = this;
    const rest = b.dimsOf(x).filter((dim) => !dims.includes(dim));
    return b.broadcast(b.tanh(b.reduceSum(x, rest)), dims);
  }

  /** Numbers that keep the entries of a maximum apart. */
  private spaced(dims: readonly DimId[]): ValueId {
    const { b } = this;
    const ranks = dims.map((dim) => b.cast(b.iota(dim), this.dtype));
    const sum = ranks.reduce((x, y) => b.add(b.mul(x, b.constant(5, this.dtype)), y), b.constant(0.25, this.dtype));
    return b.mul(sum, b.constant(3, this.dtype));
  }
}
