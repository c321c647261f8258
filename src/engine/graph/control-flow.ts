/** Loops and branches of the graph, built from functions over regions. What they do is told by whoever calls. */
import type { LoopId } from "../../ir/types.js";
import type { Value } from "./axes.js";
import type { Tensor } from "./function-builder.js";
import type { Attribute, TensorType } from "./proto/messages.js";
import { Region } from "./region.js";

const types = (tensors: readonly Tensor[]): Attribute => ({
  kind: "types",
  value: tensors.map((tensor): TensorType => tensor.type),
});
const shapes = (tensors: readonly Tensor[]): Attribute => ({ kind: "shapes", value: tensors.map((t) => t.shape) });

/**
 * Repeats `body` on the state while `condition` holds. The condition sees the state only; the body may also use any
 * value of the region around that does not change in the loop: all but the region of `loop`, or what changes from step to step.
 */
export function whileLoop(
  region: Region,
  state: readonly Value[],
  condition: (inner: Region, state: readonly Value[]) => Tensor,
  body: (inner: Region, state: readonly Value[]) => readonly Value[],
  loop: LoopId | null = null,
): readonly Value[] {
  const { f, view } = region;
  const inner = new Region(f.library.build("body"), view, region, "body", loop);
  const declared = state.map((value) => ({ tensor: inner.f.argument(value.tensor), axes: value.axes }));
  const next = body(inner, declared).map((value) => value.tensor);
  next.forEach((tensor, k) => {
    const before = state[k]?.tensor;
    if (before?.type !== tensor.type || tensor.shape.join() !== before.shape.join())
      throw new Error(`loop value ${k} changes from ${describe(before)} to ${describe(tensor)}`);
  });
  const test = new Region(f.library.build("condition"), view, null);
  const seen = state.map((value) => ({ tensor: test.f.argument(value.tensor), axes: value.axes }));
  for (const tensor of inner.captures) test.f.argument(tensor);
  const inputs = [...state.map((value) => value.tensor), ...inner.captures];
  const attributes: Record<string, Attribute> = {
    T: types(inputs),
    cond: { kind: "function", value: test.f.finish([condition(test, seen)]) },
    body: { kind: "function", value: inner.f.finish([...next, ...inner.capturedArguments]) },
    output_shapes: shapes(inputs),
    parallel_iterations: { kind: "int", value: 10 },
  };
  const results = f.nodeWithList("StatelessWhile", inputs, attributes, inputs);
  return state.map((value, k) => {
    const tensor = results[k];
    if (tensor === undefined) throw new Error("a loop lost a value");
    return { tensor, axes: value.axes };
  });
}

/** `branch` evaluated where the condition holds, else zeros of the same kinds. */
export function whenever(
  region: Region,
  condition: Tensor,
  branch: (inner: Region) => readonly Value[],
): readonly Value[] {
  const { f, view } = region;
  const inner = new Region(f.library.build("branch"), view, region, "branch");
  const values = branch(inner);
  const kinds = values.map((value) => value.tensor);
  const otherwise = f.library.build("otherwise");
  for (const tensor of inner.captures) otherwise.argument(tensor);
  const zeros = kinds.map((kind) => otherwise.constant(kind.type, kind.shape, 0));
  const attributes: Record<string, Attribute> = {
    Tcond: { kind: "type", value: "bool" },
    Tin: types(inner.captures),
    Tout: types(kinds),
    then_branch: { kind: "function", value: inner.f.finish(kinds) },
    else_branch: { kind: "function", value: otherwise.finish(zeros) },
    output_shapes: shapes(kinds),
  };
  const results = f.nodeWithList("StatelessIf", [condition, ...inner.captures], attributes, kinds);
  return values.map((value, k) => {
    const tensor = results[k];
    if (tensor === undefined) throw new Error("a branch lost a value");
    return { tensor, axes: value.axes };
  });
}

function describe(tensor: Tensor | undefined): string {
  return tensor === undefined ? "nothing" : `${tensor.type}[${tensor.shape.join()}]`;
}
