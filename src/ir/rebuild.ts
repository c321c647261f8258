/** Copies what the roots of a program need into a new builder, node by node; passes say what becomes of a node. */
import { renameDims } from "./attributes.js";
import { Builder } from "./builder.js";
import { toldOps } from "./copy-values.js";
import { sameOrder, union } from "./dims.js";
import { at, IrFault } from "./fault.js";
import type { NodeFor } from "./ops/definition.js";
import { ops } from "./ops/index.js";
import type { DimId, InputSource, Node, OpName, Output, Program, ValueId, ValueType } from "./types.js";
import { neededBy, rootsOf } from "./uses.js";

/** Scalars are made anew where a padded size is wanted. */
const sameSource = (a: InputSource, b: InputSource): boolean =>
  a === b || (a.kind === "scalar" && b.kind === "scalar" && a.index === b.index);

/** What becomes of a node of the old program: a value of the new one, or null for a plain copy. */
export type Rewrite = (copy: Rebuilding, node: Node) => ValueId | null;

/**
 * The same program with only what its roots need, renumbered. Values, inputs and dims that nothing needs are gone; carried values stay,
 * for later phases may read them. The arrays of records, outputs and carried values keep the order of their dims.
 */
export function rebuild(program: Program, rewrite: Rewrite): Program {
  return new Rebuilding(program).run(rewrite);
}

export class Rebuilding {
  readonly b = new Builder();
  private readonly values = new Map<ValueId, ValueId>();
  private readonly dims = new Map<DimId, DimId>();

  constructor(private readonly program: Program) {}

  run(rewrite: Rewrite): Program {
    const { b, program } = this;
    const loop = program.loop;
    // Carried values first: their numbers must not depend on where they are read.
    const carriedTypes = loop?.carried.map(({ type }) => this.type(type)) ?? [];
    const carried = carriedTypes.map((type) => b.carried(type));
    for (const id of [...neededBy(program, rootsOf(program))].sort((x, y) => x - y)) {
      const node = at(program.nodes, id);
      const value = b.within(program.origins[id] ?? null, () => {
        if (node.op === "carried") return at(carried, node.attributes.index);
        if (node.op === "input") return this.input(node.attributes.index);
        return rewrite(this, node) ?? this.copy<OpName>(node);
      });
      this.values.set(id, value);
    }
    for (const { condition, message, span } of program.checks) b.check(this.value(condition), message, span);
    return b.finish({
      name: program.name,
      outputs: this.outputs(program.outputs),
      loop:
        loop === null
          ? null
          : {
              stop: loop.stop === null ? null : this.value(loop.stop),
              groups: loop.groups.map(({ entries }) => ({ entries: this.outputs(entries) })),
              carried: loop.carried.map((c, k) => ({
                ...c,
                type: at(carriedTypes, k),
                init: this.value(c.init),
                next: this.value(c.next),
              })),
            },
    });
  }

  /** The new value of an old one. */
  value(id: ValueId): ValueId {
    const value = this.values.get(id);
    if (value === undefined) throw new IrFault("rebuild", `value ${id} is not there yet`);
    return value;
  }

  /** The new dim of an old one. */
  dim = (id: DimId): DimId => {
    const known = this.dims.get(id);
    if (known !== undefined) return known;
    const { name, size, filled } = at(this.program.dims, id);
    const fresh = this.b.dim(name, size, filled);
    this.dims.set(id, fresh);
    return fresh;
  };

  /** The node with new operands, as it is but for what the builder simplifies; operands that may be exchanged are sorted. */
  copy<K extends OpName>(node: NodeFor<K>): ValueId {
    const operands = this.sorted(
      node.op,
      node.operands.map((operand) => this.value(operand)),
    );
    const attributes = renameDims<K>(node.attributes, this.dim);
    // Sources, casts and broadcasts are told their type; the others find theirs, perhaps with dims in another order.
    const told = operands.length === 0 || toldOps.has(node.op);
    const type = this.type(node.type);
    const [x] = operands;
    const dims = node.op === "cast" && x !== undefined ? this.b.dimsOf(x) : type.dims;
    return this.b.apply(node.op, operands, attributes, told ? { dtype: type.dtype, dims } : null);
  }

  /** Operands that may be exchanged in the order of their numbers, unless the result's dims would change places. */
  private sorted(op: OpName, operands: readonly ValueId[]): readonly ValueId[] {
    if (!ops[op].commutative) return operands;
    const sorted = operands.toSorted((x, y) => x - y);
    const dims = (values: readonly ValueId[]): DimId[] => union(...values.map((value) => this.b.dimsOf(value)));
    return sameOrder(dims(sorted), dims(operands)) ? sorted : operands;
  }

  private input(index: number): ValueId {
    const { b } = this;
    const input = at(this.program.inputs, index);
    const type = this.type(input.type);
    const known = b.inputs.findIndex((other) => other.name === input.name && sameSource(other.source, input.source));
    return known < 0 ? b.input({ ...input, type }) : b.append("input", [], { index: known }, type);
  }

  private type({ dtype, dims }: ValueType): ValueType {
    return { dtype, dims: dims.map(this.dim) };
  }

  private outputs(outputs: readonly Output[]): Output[] {
    return outputs.map(({ name, value }) => {
      const dims = at(this.program.nodes, value).type.dims.map(this.dim);
      const found = this.value(value);
      return { name, value: sameOrder(this.b.dimsOf(found), dims) ? found : this.b.ordered(found, dims) };
    });
  }
}
