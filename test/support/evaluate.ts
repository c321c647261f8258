/** Values of small programs without a loop, for tests of formulas. */
import { Builder } from "../../src/ir/builder.js";
import { evaluateProgram } from "../../src/ir/oracle.js";
import type { DimId, DType, ValueId } from "../../src/ir/types.js";
import { verifyProgram } from "../../src/ir/verify.js";

/** What a test builds its values with: inputs do not fold, unlike constants. */
export class Sheet {
  readonly b = new Builder();
  private readonly values: Float64Array[] = [];

  /** An input with given numbers. */
  input(data: readonly number[], dims: readonly DimId[] = [], dtype: DType = "f64"): ValueId {
    const name = `x${this.values.length}`;
    this.values.push(Float64Array.from(data));
    return this.b.input({ name, type: { dtype, dims }, source: { kind: "result", phase: "test", value: name } });
  }

  /** One dim with an input along it. */
  row(data: readonly number[], dtype: DType = "f64"): { readonly dim: DimId; readonly x: ValueId } {
    const dim = this.b.dim("i", data.length);
    return { dim, x: this.input(data, [dim], dtype) };
  }

  /** The numbers of values, row-major in the order of their dims; the program is verified on the way. */
  evaluate(...values: readonly ValueId[]): number[][] {
    const outputs = values.map((value, k) => ({ name: `y${k}`, value }));
    const program = this.b.finish({ name: "sheet", loop: null, outputs });
    verifyProgram(program);
    return evaluateProgram(program, this.values).outputs.map((output) => [...output]);
  }
}
