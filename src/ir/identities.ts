/** Identities of the elementwise ops that hold to the last bit for every float (so not x + 0, which turns -0 into 0). */
import type { Builder } from "./builder.js";
import { sameSet, union } from "./dims.js";
import { at } from "./fault.js";
import type { Rules } from "./fold.js";
import { splat } from "./fold.js";
import type { Node, OpName, ValueId } from "./types.js";

/** Whether a value is a constant of exactly this number, the sign of zero included. */
function isNumber(b: Builder, value: ValueId, number: number): boolean {
  return Object.is(splat(b, value), number);
}

/** The value with the dims of all operands. */
function withDims(b: Builder, value: ValueId, operands: readonly ValueId[]): ValueId {
  const dims = union(...operands.map((operand) => b.dimsOf(operand)));
  return sameSet(b.dimsOf(value), dims) ? value : b.broadcast(value, dims);
}

function operandOf(b: Builder, value: ValueId, op: OpName): ValueId | null {
  const node: Node = b.node(value);
  return node.op === op ? at(node.operands, 0) : null;
}

const pair = ({ operands }: { readonly operands: readonly ValueId[] }): readonly [ValueId, ValueId] => [
  at(operands, 0),
  at(operands, 1),
];

export const identities = {
  neg(b, { operands }) {
    return operandOf(b, at(operands, 0), "neg");
  },
  stop(b, { operands }) {
    return operandOf(b, at(operands, 0), "stop") === null ? null : at(operands, 0);
  },
  cast(b, { operands, declared }) {
    const x = at(operands, 0);
    return declared?.dtype === b.dtypeOf(x) ? x : null;
  },
  power_int(b, { operands, attributes }) {
    const x = at(operands, 0);
    if (attributes.exponent === 1) return x;
    return attributes.exponent === 0 ? withDims(b, b.number(1, x), operands) : null;
  },
  not(b, { operands }) {
    const x = b.node(at(operands, 0));
    if (x.op === "not") return at(x.operands, 0);
    if (x.op === "eq") return b.ne(...pair(x));
    return x.op === "ne" ? b.eq(...pair(x)) : null;
  },
  add(b, application) {
    const [x, y] = pair(application);
    const zero = b.dtypeOf(x) === "i32" ? 0 : -0;
    if (isNumber(b, x, zero)) return withDims(b, y, application.operands);
    if (isNumber(b, y, zero)) return withDims(b, x, application.operands);
    const minusY = operandOf(b, y, "neg");
    if (minusY !== null) return b.sub(x, minusY);
    const minusX = operandOf(b, x, "neg");
    return minusX === null ? null : b.sub(y, minusX);
  },
  sub(b, application) {
    const [x, y] = pair(application);
    if (isNumber(b, y, 0)) return withDims(b, x, application.operands);
    const minusY = operandOf(b, y, "neg");
    return minusY === null ? null : b.add(x, minusY);
  },
  mul(b, application) {
    const [x, y] = pair(application);
    if (isNumber(b, x, 1)) return withDims(b, y, application.operands);
    return isNumber(b, y, 1) ? withDims(b, x, application.operands) : null;
  },
  div(b, application) {
    const [x, y] = pair(application);
    return isNumber(b, y, 1) ? withDims(b, x, application.operands) : null;
  },
  max: (_b, application) => same(application),
  min: (_b, application) => same(application),
  and(b, application) {
    const [x, y] = pair(application);
    if (isNumber(b, x, 1)) return withDims(b, y, application.operands);
    if (isNumber(b, y, 1)) return withDims(b, x, application.operands);
    if (isNumber(b, x, 0) || isNumber(b, y, 0)) return withDims(b, b.constant(0, "bool"), application.operands);
    return same(application);
  },
  or(b, application) {
    const [x, y] = pair(application);
    if (isNumber(b, x, 0)) return withDims(b, y, application.operands);
    if (isNumber(b, y, 0)) return withDims(b, x, application.operands);
    if (isNumber(b, x, 1) || isNumber(b, y, 1) || b.isComplement(x, y)) {
      return withDims(b, b.constant(1, "bool"), application.operands);
    }
    return same(application);
  },
  select(b, { operands }) {
    const condition = at(operands, 0);
    const x = at(operands, 1);
    const y = at(operands, 2);
    const known = splat(b, condition);
    if (known !== null) return withDims(b, known === 1 ? x : y, operands);
    if (x === y) return withDims(b, x, operands);
    const opposite = operandOf(b, condition, "not");
    if (opposite !== null) return b.select(opposite, y, x);
    // What the same condition chose before, of a branch that is taken under it alone.
    const [inner, outer] = [b.node(x), b.node(y)];
    if (inner.op === "select" && inner.operands[0] === condition) {
      return withDims(b, b.select(condition, at(inner.operands, 1), y), operands);
    }
    if (outer.op === "select" && outer.operands[0] === condition) {
      return withDims(b, b.select(condition, x, at(outer.operands, 2)), operands);
    }
    return null;
  },
} satisfies Rules;

function same(application: { readonly operands: readonly ValueId[] }): ValueId | null {
  const [x, y] = pair(application);
  return x === y ? x : null;
}
