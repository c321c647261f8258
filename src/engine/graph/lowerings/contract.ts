/**
 * Sums of products. Small ones are a broadcast product and a sum over leading axes, which XLA fuses and vectorises over
 * the runs; large ones are (batched) matrix products. The crossover was measured: see `isSmall`.
 */
import { orderContraction } from "../../../ir/contraction.js";
import type { ContractionTree } from "../../../ir/contraction.js";
import type { NodeOf } from "../../../ir/types.js";
import { align, arranged, permute, RUN } from "../axes.js";
import type { Axis, Value } from "../axes.js";
import type { Region } from "../region.js";
import { binary, matmul, reduce, reshape } from "../tensors.js";
import { operandAt, positions, without } from "./lowering.js";

/** How many steps a program is taken to have, for the cost of what is computed once. */
const typicalSteps = 1000;

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
  const { view, table } = region;
  const parts = node.operands.map((id, k) => {
    const { axes } = operandAt(operands, k);
    const weight = (view.changing[id] === true ? typicalSteps : 1) * (axes.includes(RUN) ? table.runs : 1);
    return { dims: without(axes, [RUN]), weight };
  });
  return evaluate(region, node, orderContraction(parts, node.attributes.over, table), operands, "");
}

/** A part of the contraction. What does not change in the loop is computed outside of it, under the name of its path. */
function evaluate(
  region: Region,
  node: NodeOf<"contract">,
  tree: ContractionTree,
  operands: readonly Value[] | null,
  path: string,
): Value {
  if (tree.kind === "operand") {
    const value = operands === null ? region.get(operandId(node, tree.index)) : operandAt(operands, tree.index);
    return sum(region, value, tree.over);
  }
  const constant = (inner: ContractionTree): boolean =>
    inner.kind === "pair"
      ? constant(inner.left) && constant(inner.right)
      : region.view.changing[operandId(node, inner.index)] !== true;
  if (operands !== null && region.view.changing[node.id] === true && constant(tree))
    return region.outside(`contract ${node.id}${path}`, (outermost) => evaluate(outermost, node, tree, null, path));
  const left = evaluate(region, node, tree.left, operands, `${path}.l`);
  const right = evaluate(region, node, tree.right, operands, `${path}.r`);
  return product(region, left, right, tree.over, node.type.dims);
}

function operandId(node: NodeOf<"contract">, index: number): number {
  const id = node.operands[index];
  if (id === undefined) throw new Error(`contraction ${node.id} has no operand ${index}`);
  return id;
}

/** The product of two values, summed over axes that nothing else needs. */
function product(region: Region, a: Value, b: Value, over: readonly Axis[], result: readonly Axis[]): Value {
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

/**
 * Whether a product is computed entry by entry. Measured for a gradient step, microseconds a step and run, sums against matrix
 * products: 5 x 5 0.1 and 4.5; 16 x 16 2.0 and 4.3; 24 x 24 6.7 and 12; 32 x 32 20 and 16; 64 x 16 85 and 41. Products that
 * are the same for all runs (or have none) are worth a call of a matrix product much earlier.
 */
function isSmall(region: Region, roles: Roles): boolean {
  const { table } = region;
  const own = (axes: readonly Axis[]) => table.count(without(axes, [RUN]));
  const [m, n, k] = [own(roles.left), own(roles.right), own(roles.summed)];
  if (roles.summed.length === 0 || m === 1 || n === 1) return true;
  return m * n * k <= (roles.batch.includes(RUN) ? 14_000 : 512);
}

function productAndSum(region: Region, a: Value, b: Value, roles: Roles, result: readonly Axis[]): Value {
  const { f, table } = region;
  const kept = [...roles.batch, ...roles.left, ...roles.right];
  const order = [...result.filter((axis) => kept.includes(axis)), ...kept.filter((axis) => !result.includes(axis))];
  const axes = arranged([...roles.summed, ...order]);
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
