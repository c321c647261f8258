/**
 * Sums of products. Small ones are a broadcast product and a sum over leading axes, which XLA fuses and vectorises over
 * the runs; large ones are (batched) matrix products. The crossover was measured: see `isSmall`.
 */
import type { NodeOf } from "../../../ir/types.js";
import { align, permute, RUN, unionAxes } from "../axes.js";
import type { Axis, Value } from "../axes.js";
import type { Region } from "../region.js";
import { binary, matmul, reduce, reshape } from "../tensors.js";
import { operandAt, positions, without } from "./lowering.js";

/** The axes of a product of two values, by where they occur. */
interface Roles {
  /** In both, kept. */
  readonly batch: readonly Axis[];
  /** In both, summed over. */
  readonly summed: readonly Axis[];
  readonly left: readonly Axis[];
  readonly right: readonly Axis[];
}

export function contract(region: Region, node: NodeOf<"contract">, operands: readonly Value[]): Value {
  let pending = [...operands];
  const over = new Set<Axis>(node.attributes.over);
  while (pending.length > 1) {
    const [i, j] = nextPair(region, pending);
    const rest = pending.filter((_, k) => k !== i && k !== j);
    const needed = new Set(rest.flatMap((value) => value.axes));
    const summed = [...over].filter((axis) => !needed.has(axis));
    const joined = product(region, operandAt(pending, i), operandAt(pending, j), summed, node.type.dims);
    pending = [...rest, joined];
  }
  const last = operandAt(pending, 0);
  return sum(
    region,
    last,
    [...over].filter((axis) => last.axes.includes(axis)),
  );
}

/** Positions of the two values whose product costs least. */
function nextPair(region: Region, pending: readonly Value[]): readonly [number, number] {
  let best: readonly [number, number] = [0, 1];
  let least = Infinity;
  pending.forEach((x, i) => {
    pending.slice(i + 1).forEach((y, k) => {
      const cost = region.table.count(unionAxes(region.table, [x, y]));
      if (cost < least) [best, least] = [[i, i + 1 + k], cost];
    });
  });
  return best;
}

/** The product of two values, summed over axes that nothing else needs. */
function product(region: Region, x: Value, y: Value, over: readonly Axis[], result: readonly Axis[]): Value {
  const onlyIn = (a: Value, b: Value) => over.filter((axis) => a.axes.includes(axis) && !b.axes.includes(axis));
  const a = sum(region, x, onlyIn(x, y));
  const b = sum(region, y, onlyIn(y, x));
  const summed = over.filter((axis) => a.axes.includes(axis) && b.axes.includes(axis));
  const roles: Roles = {
    batch: a.axes.filter((axis) => b.axes.includes(axis) && !summed.includes(axis)),
    summed,
    left: without(a.axes, b.axes),
    right: without(b.axes, a.axes),
  };
  if (isSmall(region, roles)) return productAndSum(region, a, b, roles, result);
  // The result's first dim comes from the left operand: then it needs no transposition later.
  const first = result.find((axis) => roles.left.includes(axis) || roles.right.includes(axis));
  return first !== undefined && roles.right.includes(first)
    ? matrixProduct(region, b, a, { ...roles, left: roles.right, right: roles.left })
    : matrixProduct(region, a, b, roles);
}

function isSmall(region: Region, roles: Roles): boolean {
  const { table } = region;
  const own = (axes: readonly Axis[]) => table.count(without(axes, [RUN]));
  const [m, n, k] = [own(roles.left), own(roles.right), own(roles.summed)];
  if (roles.summed.length === 0 || m === 1 || n === 1) return true;
  return roles.batch.includes(RUN) ? m * n * k <= 12 ** 3 : m * n * k <= 8 ** 3;
}

function productAndSum(region: Region, a: Value, b: Value, roles: Roles, result: readonly Axis[]): Value {
  const { f, table } = region;
  const kept = [...roles.batch, ...roles.left, ...roles.right];
  const order = [...result.filter((axis) => kept.includes(axis)), ...kept.filter((axis) => !result.includes(axis))];
  const axes = table.arranged([...roles.summed, ...order]);
  const tensor = binary(f, "Mul", align(f, table, a, axes), align(f, table, b, axes));
  return sum(region, { tensor, axes }, roles.summed);
}

function matrixProduct(region: Region, a: Value, b: Value, roles: Roles): Value {
  const { f, table } = region;
  const { batch, summed, left, right } = roles;
  const [x, y] = [matrix(region, a, batch, left, summed), matrix(region, b, batch, summed, right)];
  const tensor = matmul(f, x.tensor, y.tensor, { x: x.adjoint, y: y.adjoint });
  const axes = [...batch, ...left, ...right];
  return { tensor: reshape(f, tensor, table.shape(axes)), axes };
}

/** `[batch, rows, columns]`, or with rows and columns exchanged where the value already lies so. */
function matrix(region: Region, value: Value, batch: readonly Axis[], rows: readonly Axis[], columns: readonly Axis[]) {
  const { f, table } = region;
  const swapped = [...batch, ...columns, ...rows];
  const adjoint = swapped.every((axis, k) => axis === value.axes[k]);
  const ordered = adjoint ? value : permute(f, value, [...batch, ...rows, ...columns]);
  const [first, second] = adjoint ? [columns, rows] : [rows, columns];
  const shape = [table.count(first), table.count(second)];
  return { tensor: reshape(f, ordered.tensor, batch.length === 0 ? shape : [table.count(batch), ...shape]), adjoint };
}

function sum(region: Region, value: Value, over: readonly Axis[]): Value {
  if (over.length === 0) return value;
  return { tensor: reduce(region.f, "Sum", value.tensor, positions(value, over)), axes: without(value.axes, over) };
}
