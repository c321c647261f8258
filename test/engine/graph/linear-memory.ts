/** A hand-made program: gradient descent on the cross entropy of a linear memory. Used before and beside generated ones. */
import type { Dim, Node, Program, ValueId } from "../../../src/ir/types.js";

type Draft = Node extends infer T ? (T extends Node ? Omit<T, "id"> : never) : never;

export interface LinearSizes {
  readonly tokens: number;
  readonly classes: number;
  readonly width: number;
}

/** Which nodes vary when everything but the target and the weights of the tokens does. */
export interface LinearProgram {
  readonly program: Program;
  readonly varying: ReadonlySet<ValueId>;
}

export function linearMemory(
  sizes: LinearSizes,
  options: { readonly record?: boolean; readonly stop?: number } = {},
): LinearProgram {
  const dims: Dim[] = [
    { id: 0, name: "x", size: sizes.tokens },
    { id: 1, name: "y", size: sizes.classes },
    { id: 2, name: "i", size: sizes.width },
    { id: 3, name: "o", size: sizes.width },
  ];
  const [x, y, i, o] = [0, 1, 2, 3] as const;
  const nodes: Node[] = [];
  const varying = new Set<ValueId>();
  const add = (draft: Draft, varies?: boolean): ValueId => {
    const id = nodes.length;
    nodes.push({ ...draft, id });
    if (varies ?? draft.operands.some((operand) => varying.has(operand))) varying.add(id);
    return id;
  };
  const real = (...over: number[]) => ({ dtype: "f32" as const, dims: over });
  const none = {};
  const E = add({ op: "input", operands: [], attributes: { index: 0 }, type: real(x, i) }, true);
  const U = add({ op: "input", operands: [], attributes: { index: 1 }, type: real(y, o) }, true);
  const eta = add({ op: "input", operands: [], attributes: { index: 2 }, type: real() }, true);
  const p = add({ op: "input", operands: [], attributes: { index: 3 }, type: real(x) }, false);
  const zero = add({ op: "constant", operands: [], attributes: { data: [0] }, type: real(i, o) });
  const W = add({ op: "carried", operands: [], attributes: { index: 0 }, type: real(i, o) }, true);
  const S = add({ op: "contract", operands: [E, W, U], attributes: { over: [i, o] }, type: real(x, y) });
  const m = add({ op: "reduce_max", operands: [S], attributes: { over: [y] }, type: real(x) });
  const shifted = add({ op: "sub", operands: [S, m], attributes: none, type: real(x, y) });
  const e = add({ op: "exp", operands: [shifted], attributes: none, type: real(x, y) });
  const Z = add({ op: "reduce_sum", operands: [e], attributes: { over: [y] }, type: real(x) });
  const soft = add({ op: "div", operands: [e, Z], attributes: none, type: real(x, y) });
  const px = add({ op: "iota", operands: [], attributes: none, type: { dtype: "i32", dims: [x] } });
  const count = add({
    op: "constant",
    operands: [],
    attributes: { data: [sizes.classes] },
    type: { dtype: "i32", dims: [] },
  });
  const target = add({ op: "mod", operands: [px, count], attributes: none, type: { dtype: "i32", dims: [x] } });
  const classes = add({ op: "iota", operands: [], attributes: none, type: { dtype: "i32", dims: [y] } });
  const hit = add({ op: "eq", operands: [target, classes], attributes: none, type: { dtype: "bool", dims: [x, y] } });
  const onehot = add({ op: "cast", operands: [hit], attributes: none, type: real(x, y) });
  const diff = add({ op: "sub", operands: [soft, onehot], attributes: none, type: real(x, y) });
  const R = add({ op: "mul", operands: [diff, p], attributes: none, type: real(x, y) });
  const G = add({ op: "contract", operands: [E, R, U], attributes: { over: [x, y] }, type: real(i, o) });
  const scaled = add({ op: "mul", operands: [eta, G], attributes: none, type: real(i, o) });
  const next = add({ op: "sub", operands: [W, scaled], attributes: none, type: real(i, o) });
  const logZ = add({ op: "log", operands: [Z], attributes: none, type: real(x) });
  const lse = add({ op: "add", operands: [logZ, m], attributes: none, type: real(x) });
  const own = add({ op: "gather", operands: [S, target], attributes: { dim: y }, type: real(x) });
  const each = add({ op: "sub", operands: [lse, own], attributes: none, type: real(x) });
  const weighted = add({ op: "mul", operands: [p, each], attributes: none, type: real(x) });
  const loss = add({ op: "reduce_sum", operands: [weighted], attributes: { over: [x] }, type: real() });
  let stop: ValueId | null = null;
  if (options.stop !== undefined) {
    const bound = add({ op: "constant", operands: [], attributes: { data: [options.stop] }, type: real() });
    stop = add({ op: "lt", operands: [loss, bound], attributes: none, type: { dtype: "bool", dims: [] } });
  }
  const input = (name: string, type: Node["type"]) => ({ name, type, source: { kind: "scalar" as const, index: 0 } });
  const program: Program = {
    name: "fit",
    dims,
    nodes,
    inputs: [input("E", real(x, i)), input("U", real(y, o)), input("eta", real()), input("p", real(x))],
    loop: {
      carried: [{ name: "W", role: "parameter", type: real(i, o), init: zero, next, watched: true }],
      stop,
      groups: options.record === true ? [{ entries: [{ name: "loss", value: loss }] }] : [],
    },
    outputs: [],
    checks: [],
    origins: {},
  };
  return { program, varying };
}

/** Embeddings of unit norm, step sizes, weights 1/(x+1): arrays as the engine takes them, the same for the same seed. */
export function linearInputs(sizes: LinearSizes, runs: number, eta: number): readonly Float32Array[] {
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  const rows = (count: number) => {
    const data = new Float32Array(count * sizes.width * runs);
    for (let run = 0; run < runs; run++)
      for (let row = 0; row < count; row++) {
        const entries = Array.from({ length: sizes.width }, next);
        const norm = Math.hypot(...entries);
        entries.forEach((value, k) => (data[(row * sizes.width + k) * runs + run] = value / norm));
      }
    return data;
  };
  const weights = Array.from({ length: sizes.tokens }, (_, k) => 1 / (k + 1));
  const total = weights.reduce((a, b) => a + b, 0);
  return [
    rows(sizes.tokens),
    rows(sizes.classes),
    new Float32Array(runs).fill(eta),
    Float32Array.from(weights, (w) => w / total),
  ];
}
