/**
 * Every op on random and on edge-case inputs, batched into programs of about a hundred outputs (a program takes XLA 0.3 to 1 s to compile).
 * Expected values come from the oracle. What an op leaves unspecified does not occur.
 */
import { Builder } from "../../src/ir/builder.js";
import { at } from "../../src/ir/fault.js";
import type { OpDefinition, Tolerance } from "../../src/ir/ops/definition.js";
import { opNames, ops } from "../../src/ir/ops/index.js";
import { evaluateProgram } from "../../src/ir/oracle.js";
import type { OpSample, SampledOperand } from "../../src/ir/sampler.js";
import { Sampler } from "../../src/ir/sampler.js";
import type { DType, OpName, Output, Program, ValueId } from "../../src/ir/types.js";
import { varyingValues } from "./blocks.js";

export interface OpCase {
  readonly op: OpName;
  readonly name: string;
  readonly dtype: DType;
  /** Which output of the program. */
  readonly output: number;
  /** By run, in the order of the value's dims. */
  readonly expected: readonly Float64Array[];
  readonly tolerance: Tolerance;
}

export interface OpBatch {
  readonly program: Program;
  readonly runs: number;
  /** `inputs[run][input]`; `blockInputs` of `blocks.ts` makes an engine's arrays of them. */
  readonly inputs: readonly (readonly Float64Array[])[];
  readonly varyingInputs: ReadonlySet<number>;
  readonly varying: ReadonlySet<ValueId>;
  readonly cases: readonly OpCase[];
}

export interface OpCaseOptions {
  /** Only these ops. */
  readonly only?: readonly OpName[];
  readonly dtypes?: readonly DType[];
  /** Random samples of each op and dtype, beside the edge cases. */
  readonly samples?: number;
  /** With more than one run about half of the inputs vary over them. */
  readonly runs?: number;
  readonly perBatch?: number;
}

/** Ops of loops inside of a step: they mean something together, and are tried in random programs. */
const innerLoopOps: readonly OpName[] = ["loop_position", "loop_state", "loop", "loop_final", "loop_stack"];
/** Ops that have no meaning as outputs of a program without a loop. */
export const loopOps: readonly OpName[] = ["input", "carried", "step", ...innerLoopOps];

export function opCases(seed: number, options: OpCaseOptions = {}): OpBatch[] {
  const { dtypes = ["f32", "f64", "i32", "bool"], samples = 2, runs = 1, perBatch = 100 } = options;
  const batches: OpBatch[] = [];
  let batch = new Batch(runs, seed);
  for (const op of (options.only ?? opNames).filter((name) => !loopOps.includes(name))) {
    for (const dtype of dtypes.filter((each) => ops[op].dtypes.includes(each))) {
      if (batch.cases.length >= perBatch) {
        batches.push(batch.finish());
        batch = new Batch(runs, seed + batches.length);
      }
      batch.addOp(op, ops[op], dtype, samples);
    }
  }
  batches.push(batch.finish());
  return batches;
}

interface OpenCase {
  readonly op: OpName;
  readonly name: string;
  readonly dtype: DType;
  readonly tolerance: Tolerance;
}

class Batch {
  readonly cases: OpenCase[] = [];
  private readonly b = new Builder();
  private readonly outputs: Output[] = [];
  private readonly values: Float64Array[][];
  private readonly varyingInputs = new Set<number>();
  private readonly random: Sampler;

  constructor(
    private readonly runs: number,
    seed: number,
  ) {
    this.values = Array.from({ length: runs }, () => []);
    this.random = new Sampler(seed, this.b, "f32");
  }

  addOp<K extends OpName>(op: K, definition: OpDefinition<K>, dtype: DType, samples: number): void {
    const s = new Sampler(this.random.int(0, 2 ** 31), this.b, dtype);
    for (let k = 0; k < samples; k++)
      this.addCase(op, definition, definition.sample(s), `${op} ${dtype} sample ${k}`, dtype);
    definition.edges(s).forEach((edge, k) => {
      this.addCase(op, definition, edge, `${op} ${dtype} edge ${k}`, dtype);
    });
  }

  private addCase<K extends OpName>(
    op: K,
    definition: OpDefinition<K>,
    sample: OpSample<K>,
    name: string,
    dtype: DType,
  ): void {
    const operands = sample.operands.map((operand) => this.addInput(operand));
    const value = this.b.append(op, operands, sample.attributes, sample.declared);
    this.outputs.push({ name, value });
    const loosest = definition.tolerance(dtype);
    this.cases.push({ op, name, dtype, tolerance: loosest });
  }

  private addInput({ type, data, redraw }: SampledOperand): ValueId {
    const index = this.b.inputs.length;
    const varies = this.runs > 1 && this.random.chance(0.5);
    if (varies) this.varyingInputs.add(index);
    this.values.forEach((run, r) => {
      // Given values are turned round instead, so that runs differ in the order of the edge cases.
      const other = redraw ?? (() => data.map((_, k) => at(data, (k + r) % data.length)));
      run.push(varies && r > 0 ? other() : data);
    });
    return this.b.input({ name: `x${index}`, type, source: { kind: "result", phase: "test", value: `x${index}` } });
  }

  finish(): OpBatch {
    const program = this.b.finish({ name: "ops", loop: null, outputs: this.outputs });
    const results = this.values.map((inputs) => evaluateProgram(program, inputs).outputs);
    const cases = this.cases.map((each, output) => {
      const { dtype } = at(program.nodes, at(this.outputs, output).value).type;
      const expected = results.map((outputs) => {
        const value = at(outputs, output);
        // What a double can hold and a float cannot is an infinity there.
        return dtype === "f32" ? value.map(Math.fround) : value;
      });
      return { ...each, output, expected };
    });
    return {
      program,
      runs: this.runs,
      inputs: this.values,
      varyingInputs: this.varyingInputs,
      varying: varyingValues(program, this.varyingInputs),
      cases,
    };
  }
}
