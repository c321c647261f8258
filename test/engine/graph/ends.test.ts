/** How runs end: by their stop condition, a check, a value that is no longer finite; each by itself, each at its step. */
import { expect, it } from "vitest";
import type { BlockState, CallResult } from "../../../src/engine/types.js";
import { Builder } from "../../../src/ir/builder.js";
import type { Program, ValueId } from "../../../src/ir/types.js";
import { varyingValues } from "../../support/blocks.js";
import { describeNative, graphEngine } from "./native.js";

/**
 * x doubles each step from a start of its own. A run stops where x > `top`; fails where x > 90 with `checked`; the square is watched.
 */
function doubling(options: { readonly checked: boolean }): Program {
  const b = new Builder();
  const scalar = { dtype: "f32", dims: [] } as const;
  const source = { kind: "scalar", index: 0 } as const;
  const start = b.input({ name: "start", type: scalar, source });
  const top = b.input({ name: "top", type: scalar, source });
  const x = b.carried(scalar);
  if (options.checked) {
    const condition: ValueId = b.lt(x, b.constant(90, "f32"));
    b.checks.push({ condition, message: "too large", span: null });
    b.checks.push({ condition: b.ge(start, b.constant(0, "f32")), message: "negative", span: null });
  }
  return b.finish({
    name: "doubling",
    loop: {
      carried: [{ name: "x", role: "state", type: scalar, init: start, next: b.add(x, x), watched: true }],
      stop: b.gt(x, top),
      groups: [
        {
          entries: [
            { name: "x", value: x },
            { name: "t", value: b.cast(b.step(), "f32") },
          ],
        },
      ],
    },
    outputs: [],
  });
}

function run(program: Program, starts: readonly number[], tops: readonly number[], steps: number, limit: number) {
  const runs = starts.length;
  const varying = varyingValues(program, new Set([0, 1]));
  const executable = graphEngine().prepare({ program, varying, runs, slotsPerCall: 4 });
  const inputs = { arrays: [Float32Array.from(starts), Float32Array.from(tops)] };
  const schedule = { steps, groups: [Array.from({ length: steps + 1 }, (_, k) => k)] };
  let state: BlockState | null = null;
  try {
    for (;;) {
      const result: CallResult = executable.call(inputs, schedule, state, (state?.step ?? 0) + limit);
      state = result.state;
      if (result.finished) return { state, last: result.last };
    }
  } finally {
    executable.dispose();
  }
}

describeNative("graph engine: ends of runs", () => {
  it("each run ends by itself and keeps its values", () => {
    const { state, last } = run(
      doubling({ checked: false }),
      [1, 3, 0, 2 ** 120, Infinity],
      [7, 100, 1, Infinity, NaN],
      10,
      3,
    );
    expect([...state.steps]).toEqual([3, 6, 10, 8, 10]);
    expect([...state.alive]).toEqual([0, 0, 1, 0, 1]);
    expect([...state.diverged]).toEqual([-1, -1, -1, 8, -1]);
    expect([...(state.carried[0] ?? [])]).toEqual([8, 192, 0, Infinity, Infinity]);
    expect(last?.map((group) => group.map((entry) => [...entry]))).toEqual([
      [
        [8, 192, 0, Infinity, Infinity],
        [3, 6, 10, 8, 10],
      ],
    ]);
    expect(state.step).toBe(10);
  }, 120_000);

  it("a failed check ends a run, the stop condition comes first, constant checks before all", () => {
    const { state } = run(doubling({ checked: true }), [64, 64, -1, 1], [60, 1000, 5, 1000], 8, 3);
    expect([...state.failed]).toEqual([-1, 0, 1, 0]);
    expect([...state.failedAt]).toEqual([-1, 1, 0, 7]);
    expect([...state.steps]).toEqual([0, 1, 0, 7]);
    expect(state.step).toBe(7);
  }, 120_000);
});
