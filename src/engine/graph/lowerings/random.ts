/**
 * Threefry-2x32 in int32, whose sums wrap: a logical shift to the right is an arithmetic one with the new bits cut off.
 * The five groups of four rounds are a loop: written out, XLA takes most of a second for each draw.
 */
import { align, unionAxes, type Value } from "../axes.js";
import { whileLoop } from "../control-flow.js";
import type { FunctionBuilder, Tensor } from "../function-builder.js";
import type { Region } from "../region.js";
import { binary, bitwise, broadcastShape, broadcastTo, compare, scalar, select } from "../tensors.js";
import type { Lowering } from "./lowering.js";

const ROTATIONS = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
] as const;
const PARITY = 0x1bd11bda;
const GROUPS = 5;

export const threefry: Lowering<"threefry"> = (region, node, operands) => {
  const axes = unionAxes(operands);
  const tensors = (): readonly Tensor[] => operands.map((operand) => align(region.f, region.table, operand, axes));
  const words = region.pair(`threefry ${node.operands.join(" ")}`, () => block(region, tensors()));
  return { tensor: words[node.attributes.word], axes };
};

function block(region: Region, tensors: readonly Tensor[]): readonly [Tensor, Tensor] {
  const { f } = region;
  const [k0, k1, c0, c1] = tensors;
  if (k0 === undefined || k1 === undefined || c0 === undefined || c1 === undefined)
    throw new Error("threefry lacks an operand");
  const k2 = xor(f, scalar(f, "i32", PARITY), xor(f, k0, k1));
  const shape = tensors.reduce<readonly number[]>((all, tensor) => broadcastShape(all, tensor.shape), []);
  const x = broadcastTo(f, add(f, c0, k0), shape);
  const y = broadcastTo(f, add(f, c1, k1), shape);
  const keys = [k1, k2, k0].map((key) => broadcastTo(f, key, k2.shape));
  const state = [scalar(f, "i32", 0), x, y, ...keys].map(plain);
  const results = whileLoop(
    region,
    state,
    (inner, [group]) => compare(inner.f, "Less", tensorOf(group), scalar(inner.f, "i32", GROUPS)),
    (inner, values) => rounds(inner.f, values.map(tensorOf)).map(plain),
  );
  return [tensorOf(results[1]), tensorOf(results[2])];
}

/** One group: four rounds, then the key; the keys turn round. */
function rounds(f: FunctionBuilder, [group, x, y, first, second, third]: readonly Tensor[]): readonly Tensor[] {
  if (!group || !x || !y || !first || !second || !third) throw new Error("a loop lost a value");
  const isEven = compare(f, "Equal", bitwise(f, "BitwiseAnd", group, scalar(f, "i32", 1)), scalar(f, "i32", 0));
  let [a, b] = [x, y];
  for (let round = 0; round < 4; round++) {
    const by = (rotation: number): Tensor => scalar(f, "i32", rotation);
    const left = select(f, isEven, by(ROTATIONS[0][round] ?? 0), by(ROTATIONS[1][round] ?? 0));
    a = add(f, a, b);
    b = xor(f, rotated(f, b, left), a);
  }
  const next = add(f, group, scalar(f, "i32", 1));
  return [next, add(f, a, first), add(f, add(f, b, second), next), second, third, first];
}

function rotated(f: FunctionBuilder, x: Tensor, left: Tensor): Tensor {
  const one = scalar(f, "i32", 1);
  const high = bitwise(f, "LeftShift", x, left);
  const right = binary(f, "Sub", scalar(f, "i32", 32), left);
  const mask = binary(f, "Sub", bitwise(f, "LeftShift", one, left), one);
  return bitwise(f, "BitwiseOr", high, bitwise(f, "BitwiseAnd", bitwise(f, "RightShift", x, right), mask));
}

const add = (f: FunctionBuilder, x: Tensor, y: Tensor): Tensor => binary(f, "AddV2", x, y);
const xor = (f: FunctionBuilder, x: Tensor, y: Tensor): Tensor => bitwise(f, "BitwiseXor", x, y);
const plain = (tensor: Tensor): Value => ({ tensor, axes: [] });

function tensorOf(value: Value | undefined): Tensor {
  if (value === undefined) throw new Error("a loop lost a value");
  return value.tensor;
}
