/**
 * Builds programs: a method for each op, and a few helpers. Values of several dims broadcast by label; the order of a result's dims
 * carries no meaning (use `ordered` where an array crosses a boundary). Longer formulas are in `compose/`, derivatives in `derive.ts`.
 */
import type { Span } from "../base/span.js";
import { entryCount, includesAll, sameOrder, sameSet, union } from "./dims.js";
import { IrFault } from "./fault.js";
import { NodeStore } from "./node-store.js";
import type { Contribution } from "./ops/definition.js";
import { simplified } from "./fold.js";
import type {
  Carried,
  Check,
  DimId,
  DType,
  Input,
  OpAttributes,
  OpName,
  Output,
  Program,
  StepLoop,
  ValueId,
  ValueType,
} from "./types.js";

/** What a program has beside its nodes. */
export interface Finish {
  readonly name: string;
  readonly loop: StepLoop | null;
  readonly outputs: readonly Output[];
}

export class Builder extends NodeStore {
  readonly checks: Check[] = [];
  private carriedCount = 0;

  /** An op by name; trivial cases become simpler values that are equal to the last bit, NaN and -0 included. */
  apply<K extends OpName>(
    op: K,
    operands: readonly ValueId[],
    attributes: OpAttributes[K],
    declared: ValueType | null = null,
  ): ValueId {
    // The rule is checked first: a simplification must not make sense of what has none.
    this.infer(op, operands, attributes, declared);
    return simplified(this, { op, operands, attributes, declared }) ?? this.append(op, operands, attributes, declared);
  }

  // sources
  input(input: Input): ValueId {
    this.inputs.push(input);
    return this.append("input", [], { index: this.inputs.length - 1 }, input.type);
  }
  /** The next carried value: the n-th call belongs to the n-th entry of the loop's `carried`. */
  carried(type: ValueType): ValueId {
    return this.append("carried", [], { index: this.carriedCount++ }, type);
  }
  step(): ValueId {
    return this.append("step", [], {}, null);
  }
  iota(dim: DimId, dtype: DType = "i32"): ValueId {
    return this.append("iota", [], {}, { dtype, dims: [dim] });
  }
  /** One number, for all entries where dims are given. Folded in doubles and rounded to the dtype where it is used. */
  constant(value: number, dtype: DType, dims: readonly DimId[] = []): ValueId {
    return this.append("constant", [], { data: [value] }, { dtype, dims });
  }
  /** Dense numbers, row-major in the order of the dims. */
  data(values: readonly number[], type: ValueType): ValueId {
    const [first = 0] = values;
    const same = values.length > 0 && values.every((value) => Object.is(value, first));
    return this.append("constant", [], { data: same ? [first] : values }, type);
  }
  /** A scalar of the dtype of another value. */
  number(value: number, like: ValueId): ValueId {
    return this.constant(value, this.dtypeOf(like));
  }
  zeros(type: ValueType): ValueId {
    return this.constant(0, type.dtype, type.dims);
  }

  // one operand
  neg = (x: ValueId): ValueId => this.apply("neg", [x], {});
  exp = (x: ValueId): ValueId => this.apply("exp", [x], {});
  log = (x: ValueId): ValueId => this.apply("log", [x], {});
  log1p = (x: ValueId): ValueId => this.apply("log1p", [x], {});
  expm1 = (x: ValueId): ValueId => this.apply("expm1", [x], {});
  sqrt = (x: ValueId): ValueId => this.apply("sqrt", [x], {});
  abs = (x: ValueId): ValueId => this.apply("abs", [x], {});
  sign = (x: ValueId): ValueId => this.apply("sign", [x], {});
  sin = (x: ValueId): ValueId => this.apply("sin", [x], {});
  cos = (x: ValueId): ValueId => this.apply("cos", [x], {});
  tan = (x: ValueId): ValueId => this.apply("tan", [x], {});
  tanh = (x: ValueId): ValueId => this.apply("tanh", [x], {});
  sigmoid = (x: ValueId): ValueId => this.apply("sigmoid", [x], {});
  softplus = (x: ValueId): ValueId => this.apply("softplus", [x], {});
  erf = (x: ValueId): ValueId => this.apply("erf", [x], {});
  erfInv = (x: ValueId): ValueId => this.apply("erf_inv", [x], {});
  lgamma = (x: ValueId): ValueId => this.apply("lgamma", [x], {});
  digamma = (x: ValueId): ValueId => this.apply("digamma", [x], {});
  floor = (x: ValueId): ValueId => this.apply("floor", [x], {});
  ceil = (x: ValueId): ValueId => this.apply("ceil", [x], {});
  round = (x: ValueId): ValueId => this.apply("round", [x], {});
  not = (x: ValueId): ValueId => this.apply("not", [x], {});
  isFinite = (x: ValueId): ValueId => this.apply("is_finite", [x], {});
  stop = (x: ValueId): ValueId => this.apply("stop", [x], {});
  powerInt = (x: ValueId, exponent: number): ValueId => this.apply("power_int", [x], { exponent });
  cast = (x: ValueId, dtype: DType): ValueId => this.apply("cast", [x], {}, { dtype, dims: this.dimsOf(x) });

  // two operands, broadcast by label
  add = (x: ValueId, y: ValueId): ValueId => this.apply("add", [x, y], {});
  sub = (x: ValueId, y: ValueId): ValueId => this.apply("sub", [x, y], {});
  mul = (x: ValueId, y: ValueId): ValueId => this.apply("mul", [x, y], {});
  div = (x: ValueId, y: ValueId): ValueId => this.apply("div", [x, y], {});
  max = (x: ValueId, y: ValueId): ValueId => this.apply("max", [x, y], {});
  min = (x: ValueId, y: ValueId): ValueId => this.apply("min", [x, y], {});
  pow = (x: ValueId, y: ValueId): ValueId => this.apply("pow", [x, y], {});
  atan2 = (y: ValueId, x: ValueId): ValueId => this.apply("atan2", [y, x], {});
  mod = (x: ValueId, y: ValueId): ValueId => this.apply("mod", [x, y], {});
  floorDiv = (x: ValueId, y: ValueId): ValueId => this.apply("floor_div", [x, y], {});
  eq = (x: ValueId, y: ValueId): ValueId => this.apply("eq", [x, y], {});
  ne = (x: ValueId, y: ValueId): ValueId => this.apply("ne", [x, y], {});
  lt = (x: ValueId, y: ValueId): ValueId => this.apply("lt", [x, y], {});
  le = (x: ValueId, y: ValueId): ValueId => this.apply("le", [x, y], {});
  gt = (x: ValueId, y: ValueId): ValueId => this.apply("gt", [x, y], {});
  ge = (x: ValueId, y: ValueId): ValueId => this.apply("ge", [x, y], {});
  and = (x: ValueId, y: ValueId): ValueId => this.apply("and", [x, y], {});
  or = (x: ValueId, y: ValueId): ValueId => this.apply("or", [x, y], {});
  threefry = (k0: ValueId, k1: ValueId, c0: ValueId, c1: ValueId, word: 0 | 1): ValueId =>
    this.apply("threefry", [k0, k1, c0, c1], { word });
  select = (condition: ValueId, x: ValueId, y: ValueId): ValueId => this.apply("select", [condition, x, y], {});

  // sums of products and reductions
  contract = (xs: readonly ValueId[], over: readonly DimId[]): ValueId => this.apply("contract", xs, { over });
  reduceSum = (x: ValueId, over: readonly DimId[]): ValueId => this.apply("reduce_sum", [x], { over });
  reduceProd = (x: ValueId, over: readonly DimId[]): ValueId => this.apply("reduce_prod", [x], { over });
  reduceMax = (x: ValueId, over: readonly DimId[]): ValueId => this.apply("reduce_max", [x], { over });
  reduceMin = (x: ValueId, over: readonly DimId[]): ValueId => this.apply("reduce_min", [x], { over });
  reduceAny = (x: ValueId, over: readonly DimId[]): ValueId => this.apply("reduce_any", [x], { over });
  reduceAll = (x: ValueId, over: readonly DimId[]): ValueId => this.apply("reduce_all", [x], { over });
  argMax = (x: ValueId, over: DimId): ValueId => this.apply("arg_max", [x], { over });
  argMin = (x: ValueId, over: DimId): ValueId => this.apply("arg_min", [x], { over });
  cumulativeSum = (x: ValueId, along: DimId): ValueId => this.apply("cumulative_sum", [x], { along });
  cumulativeProd = (x: ValueId, along: DimId): ValueId => this.apply("cumulative_prod", [x], { along });
  rank = (x: ValueId, along: DimId): ValueId => this.apply("rank", [x], { along });

  // structure
  relabel = (x: ValueId, from: readonly DimId[], to: readonly DimId[]): ValueId =>
    this.apply("relabel", [x], { from, to });
  diagonal = (x: ValueId, first: DimId, second: DimId): ValueId => this.apply("diagonal", [x], { first, second });
  slice = (x: ValueId, dim: DimId, to: DimId, start: number): ValueId => this.apply("slice", [x], { dim, to, start });
  pad = (x: ValueId, dim: DimId, to: DimId, start: number): ValueId => this.apply("pad", [x], { dim, to, start });
  concat = (parts: readonly ValueId[], from: readonly DimId[], to: DimId): ValueId =>
    this.apply("concat", parts, { from, to });
  merge = (x: ValueId, from: readonly DimId[], to: DimId): ValueId => this.apply("merge", [x], { from, to });
  split = (x: ValueId, dim: DimId, to: readonly DimId[]): ValueId => this.apply("split", [x], { dim, to });
  scatterAdd = (updates: ValueId, index: ValueId, dim: DimId, over: readonly DimId[]): ValueId =>
    this.apply("scatter_add", [updates, index], { dim, over });
  /** To exactly these dims, in this order; the value is constant along those that it lacks. */
  broadcast = (x: ValueId, dims: readonly DimId[]): ValueId =>
    this.apply("broadcast", [x], {}, { dtype: this.dtypeOf(x), dims });
  /** The index may have the dim that is read: its entries then run over that label. */
  gather(x: ValueId, index: ValueId, dim: DimId): ValueId {
    if (!this.dimsOf(index).includes(dim)) return this.apply("gather", [x, index], { dim });
    const read = this.copyOf(dim);
    return this.apply("gather", [this.relabel(x, [dim], [read]), index], { dim: read });
  }

  // helpers
  /** The same dims in the given order; throws where they are not the same. */
  ordered(x: ValueId, dims: readonly DimId[]): ValueId {
    if (!sameSet(this.dimsOf(x), dims)) throw new IrFault("builder", `value ${x} does not have exactly these dims`);
    return this.broadcast(x, dims);
  }
  /** Broadcast to at least the dims of another value. */
  spread(x: ValueId, like: ValueId): ValueId {
    const dims = this.dimsOf(like);
    return includesAll(this.dimsOf(x), dims) ? x : this.broadcast(x, union(dims, this.dimsOf(x)));
  }
  /** The sum of what is there; null without any. */
  sumOf(values: readonly (ValueId | null)[]): ValueId | null {
    return values.reduce(
      (sum, value) => (sum === null || value === null ? (sum ?? value) : this.add(sum, value)),
      null,
    );
  }
  /** A contribution with its strong zeros written out. */
  masked(part: Contribution): ValueId | null {
    if (part === null || typeof part === "number") return part;
    if (part.exact === true || part.mask === null) return part.value;
    return this.select(part.mask, part.value, this.number(0, part.value));
  }
  /** Whether one condition is known to be true exactly where the other is false. */
  isComplement(x: ValueId, y: ValueId): boolean {
    const [a, b] = [this.node(x), this.node(y)];
    if ((a.op === "not" && a.operands[0] === y) || (b.op === "not" && b.operands[0] === x)) return true;
    const compared = (a.op === "eq" && b.op === "ne") || (a.op === "ne" && b.op === "eq");
    return compared && a.operands.every((operand, k) => operand === b.operands[k]);
  }
  /** How many positions of a dim count, an int. */
  countOf(dim: DimId): ValueId {
    const filled = this.filledOf(dim);
    if (filled === undefined) return this.constant(this.size(dim), "i32");
    const known = this.inputs.findIndex(
      ({ source, type }) => source.kind === "scalar" && source.index === filled && type.dtype === "i32",
    );
    const type: ValueType = { dtype: "i32", dims: [] };
    if (known >= 0) return this.append("input", [], { index: known }, type);
    return this.input({ name: `scalar ${filled}`, type, source: { kind: "scalar", index: filled } });
  }
  /** How many entries over dims count, a number of the dtype. */
  entriesOf(dims: readonly DimId[], dtype: DType): ValueId {
    const exact = dims.filter((dim) => this.filledOf(dim) === undefined);
    const padded = dims.filter((dim) => this.filledOf(dim) !== undefined);
    return padded.reduce(
      (product, dim) => this.mul(product, this.cast(this.countOf(dim), dtype)),
      this.constant(entryCount(exact, this), dtype),
    );
  }
  /** The last position of a dim that counts, an int; 0 where there is none. */
  lastOf(dim: DimId): ValueId {
    if (this.filledOf(dim) === undefined) return this.constant(Math.max(this.size(dim) - 1, 0), "i32");
    return this.max(this.sub(this.countOf(dim), this.constant(1, "i32")), this.constant(0, "i32"));
  }
  /** The entries along a dim from last to first. */
  flip(x: ValueId, along: DimId): ValueId {
    const copy = this.copyOf(along);
    const from = this.sub(this.constant(this.exactSize(along) - 1, "i32"), this.iota(copy));
    return this.size(along) === 0 ? x : this.relabel(this.gather(x, from, along), [copy], [along]);
  }
  /** Whether a position lies in `start … start + size - 1`. */
  window(dim: DimId, start: number, size: number): ValueId {
    const position = this.iota(dim);
    const from = this.ge(position, this.constant(start, "i32"));
    return this.and(from, this.lt(position, this.constant(start + size, "i32")));
  }
  /** A copy of a dim under a fresh label, and the value with it. */
  renamed(x: ValueId, dim: DimId): { readonly value: ValueId; readonly dim: DimId } {
    const copy = this.copyOf(dim, `${this.dimName(dim)}'`);
    return { value: this.relabel(x, [dim], [copy]), dim: copy };
  }

  check(condition: ValueId, message: string, span: Span | null): void {
    this.checks.push({ condition, message, span });
  }

  /** The program as it stands, unsimplified; initial and next values are put into the order of their carried value. */
  finish({ name, loop, outputs }: Finish): Program {
    const carried = loop?.carried.map((value): Carried => ({
      ...value,
      init: this.aligned(value.init, value.type),
      next: this.aligned(value.next, value.type),
    }));
    if ((carried?.length ?? 0) !== this.carriedCount) throw new IrFault("builder", "a carried value has no update");
    return {
      name,
      loop: loop === null ? null : { ...loop, carried: carried ?? [] },
      outputs,
      nodes: [...this.nodes],
      dims: [...this.dims],
      inputs: [...this.inputs],
      checks: [...this.checks],
      origins: Object.fromEntries(this.origins),
    };
  }

  private aligned(x: ValueId, type: ValueType): ValueId {
    if (this.dtypeOf(x) !== type.dtype)
      throw new IrFault("builder", `value ${x} is ${this.dtypeOf(x)}, not ${type.dtype}`);
    return sameOrder(this.dimsOf(x), type.dims) ? x : this.broadcast(x, type.dims);
  }
}
