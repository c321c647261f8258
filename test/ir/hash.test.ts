/** Hashes of slices: blind to names, numbers and exchangeable operands, and to nothing else. */
import { describe, expect, it } from "vitest";
import { Builder } from "../../src/ir/builder.js";
import { at } from "../../src/ir/fault.js";
import { hashSlice, SliceHasher } from "../../src/ir/hash.js";
import { rootsOf } from "../../src/ir/uses.js";
import { simplifyProgram } from "../../src/ir/simplify.js";
import type { Program, ValueId } from "../../src/ir/types.js";
import { randomProgram } from "../support/programs.js";

interface Variation {
  readonly names?: string;
  readonly swapped?: boolean;
  readonly size?: number;
  readonly stream?: string;
  readonly factor?: number;
  readonly stop?: number;
  readonly extra?: boolean;
  readonly scalarsFirst?: number;
  readonly watched?: boolean;
}

/** A small training loop that can be written in many ways. */
function variant(v: Variation = {}): { readonly program: Program; readonly loss: ValueId } {
  const b = new Builder();
  const name = v.names ?? "a";
  if (v.extra === true) b.dim("unused", 9);
  const i = b.dim(name, v.size ?? 3);
  const j = b.dim(`${name}'`, 4);
  const first = v.scalarsFirst ?? 0;
  const rate = b.input({
    name: `${name}rate`,
    type: { dtype: "f32", dims: [] },
    source: { kind: "scalar", index: first },
  });
  const x = b.input({
    name: `${name}x`,
    type: { dtype: "f32", dims: [i, j] },
    source: { kind: "draw", stream: v.stream ?? "M.x", distribution: { kind: "normal" }, by: null },
  });
  const w = b.carried({ dtype: "f32", dims: [j] });
  const extra = v.extra === true ? b.exp(b.mul(rate, w)) : null;
  const left = b.exp(w);
  const right = b.tanh(w);
  const sum = v.swapped === true ? b.add(right, left) : b.add(left, right);
  const score = v.swapped === true ? b.contract([sum, x], [j]) : b.contract([x, sum], [j]);
  const loss = b.reduceSum(score, b.dimsOf(score));
  const next = b.sub(w, b.mul(rate, b.mul(b.constant(v.factor ?? 0.5, "f32"), sum)));
  const type = { dtype: "f32", dims: [j] } as const;
  const program = b.finish({
    name,
    loop: {
      carried: [
        {
          name: `${name}w`,
          role: "parameter",
          type,
          init: b.constant(0, "f32", [j]),
          next,
          watched: v.watched ?? true,
        },
      ],
      stop: v.stop === undefined ? null : b.lt(loss, b.constant(v.stop, "f32")),
      groups: [
        { entries: [{ name: "loss", value: loss }, ...(extra === null ? [] : [{ name: "extra", value: extra }])] },
      ],
    },
    outputs: [],
  });
  return { program, loss };
}

const hashOf = (v: Variation = {}): string => {
  const { program, loss } = variant(v);
  return hashSlice(program, [loss]).hash;
};

describe("the hash of a slice", () => {
  it("is blind to names, numbering, exchangeable operands, added records and unused scalars", () => {
    const plain = hashOf();
    expect(plain).toMatch(/^[0-9a-f]{64}$/);
    expect(hashOf({ names: "b" })).toBe(plain);
    expect(hashOf({ swapped: true })).toBe(plain);
    expect(hashOf({ extra: true })).toBe(plain);
    expect(hashOf({ scalarsFirst: 4 })).toBe(plain);
  });

  it("sees sizes, streams, constants, the end of the loop and what is watched", () => {
    const hashes = [
      hashOf(),
      hashOf({ size: 5 }),
      hashOf({ stream: "N.x" }),
      hashOf({ factor: 0.25 }),
      hashOf({ stop: 0.1 }),
      hashOf({ stop: 0.2 }),
      hashOf({ watched: false }),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it("tells what belongs to a key beside it", () => {
    const { program, loss } = variant({ scalarsFirst: 4 });
    const slice = hashSlice(program, [loss]);
    expect(slice).toMatchObject({ scalars: [4], datasets: [], usesSeed: true, results: [] });
    expect(slice.lines.length).toBe(slice.values.length);
    const once = hashSlice(program, [0]);
    expect(once.usesSeed).toBe(false);
    expect(once.lines.some((line) => line.startsWith("carried"))).toBe(false);
  });

  it("is the same whatever of the program was hashed before", () => {
    for (let seed = 0; seed < 20; seed++) {
      const { program } = randomProgram(seed);
      const roots = [...new Set(rootsOf(program))].map((root) => [root]);
      const hasher = new SliceHasher(program);
      const both = [...roots, rootsOf(program), ...roots].map((own) => [hasher.hash(own), hashSlice(program, own)]);
      for (const [found, alone] of both) expect(found).toEqual(alone);
    }
  });

  it("sees which label is which", () => {
    const hashes = [0, 1].map((which) => {
      const b = new Builder();
      const dims = [b.dim("i", 3), b.dim("j", 3)];
      const source = { kind: "result", phase: "p", value: "x" } as const;
      const x = b.input({ name: "x", type: { dtype: "f32", dims }, source });
      const y = b.reduceSum(x, [at(dims, which)]);
      const program = b.finish({ name: "p", loop: null, outputs: [{ name: "y", value: y }] });
      return hashSlice(program, [y]).hash;
    });
    expect(hashes[0]).not.toBe(hashes[1]);
  });

  it("is the same for a program that was numbered anew", () => {
    for (let seed = 1; seed <= 15; seed++) {
      const { program } = randomProgram(seed, { runs: 1, steps: 1, stop: true });
      // A simplified program is only renumbered when it is rebuilt in another order of dims: shift all labels.
      const simple = simplifyProgram(program);
      const shifted = shiftDims(simple);
      const roots = (p: Program): ValueId[] => p.loop?.groups.flatMap((g) => g.entries.map((e) => e.value)) ?? [];
      expect(hashSlice(shifted, roots(shifted)).hash).toBe(hashSlice(simple, roots(simple)).hash);
    }
  });
});

/** The same program with its dims listed backwards. */
function shiftDims(program: Program): Program {
  const last = program.dims.length - 1;
  const text = (key: string, value: unknown): unknown => {
    if (["over", "along", "from", "to", "first", "second", "dim", "dims"].includes(key)) {
      if (typeof value === "number") return last - value;
      if (Array.isArray(value) && value.every((x) => typeof x === "number")) return value.map((x: number) => last - x);
    }
    return value;
  };
  const copy = JSON.parse(JSON.stringify({ ...program, dims: [] }, text)) as Program;
  return { ...copy, dims: program.dims.toReversed().map((dim) => ({ ...dim, id: last - dim.id })) };
}
