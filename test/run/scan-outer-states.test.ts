/** Scans that change states of the phase around them, against loops written out here. */
import { expect, test } from "vitest";
import { checkText, oneLine } from "../language/support.js";
import { enginesHere } from "../engine/graph/native.js";
import { agreesWithOracle, runText } from "../support/spec-runs.js";

/** `count` positions: 6 are written out, 40 are a loop. */
const spec = (count: number): string => `experiment e {
  precision f64
  axis slot = 4
  axis i = ${count}
  axis j = 3
  to[i] = mod(i * 3, 4)
  state hits[slot] = 0
  state total = 0
  memory B(slot: axis) { state on[slot] = 1; param W[slot] = 0 }
  memory M = B(slot)
  evolve run {
    seen = hits[0]
    scan i {
      old[i] = hits[to[i]]
      hits[to[i]] <- hits[to[i]] + 1
      M.on[slot] <- M.on[slot] / (if hits[slot] > 2 then 2 else 1)
      scan j { total <- total + hits[0] * j }
    }
    hits[slot] <- hits[slot] + 10
    every 2 steps { scan swap: 3 { M.W[slot] <- 2 * M.W[slot] + M.on[slot] } }
    for 3 steps
    record { hits, total, on[slot] = M.on[slot], W[slot] = M.W[slot], seen, old[i] }
  }
}
`;

interface State {
  hits: number[];
  on: number[];
  W: number[];
  total: number;
}

function byHand(count: number): readonly State[] {
  const state: State = { hits: [0, 0, 0, 0], on: [1, 1, 1, 1], W: [0, 0, 0, 0], total: 0 };
  const all = [structuredClone(state)];
  for (let step = 1; step <= 3; step += 1) {
    for (let i = 0; i < count; i += 1) {
      const to = (i * 3) % 4;
      state.hits = state.hits.map((value, slot) => value + (slot === to ? 1 : 0));
      state.on = state.on.map((value, slot) => value / ((state.hits[slot] ?? 0) > 2 ? 2 : 1));
      for (let j = 0; j < 3; j += 1) state.total += (state.hits[0] ?? 0) * j;
    }
    state.hits = state.hits.map((value) => value + 10);
    if (step % 2 === 0)
      for (let swap = 0; swap < 3; swap += 1) state.W = state.W.map((value, slot) => 2 * value + (state.on[slot] ?? 0));
    all.push(structuredClone(state));
  }
  return all;
}

test.each(Object.keys(enginesHere()).flatMap((engine) => [6, 40].map((count) => [engine, count] as const)))(
  "on %s, %i positions",
  async (engine, count) => {
    const states = byHand(count);
    await runText(spec(count), engine as "graph" | "portable", (results) => {
      const found = (name: string): readonly number[] => [...(results.column("run", name)?.values ?? [])];
      expect(found("hits")).toEqual(states.flatMap(({ hits }) => hits));
      expect(found("total")).toEqual(states.map(({ total }) => total));
      expect(found("on")).toEqual(states.flatMap(({ on }) => on));
      expect(found("W")).toEqual(states.flatMap(({ W }) => W));
    });
    await agreesWithOracle(spec(count), engine as "graph" | "portable", 1e-12);
  },
  120_000,
);

test.each([
  ["typo[slot] <- 1", "AM2033"],
  ["x[slot] <- 1", "AM2022"],
  ["sum_[i] = s[0]\nsum_[i] <- 1", "AM2033"],
])("%s is refused", (statement, wanted) => {
  const text = `experiment e {
  axis slot = 2
  axis i = 3
  x[slot] = 1
  state s[slot] = 0
  evolve run { scan i { ${statement} }; for 2 steps; record { s } }
}
`;
  expect(checkText(text).diagnostics.map(oneLine).join("\n")).toContain(wanted);
});

test("outside of phases a scan has nothing to change but its own states", () => {
  const text = "experiment e { axis i = 3\nstate s = 0\nscan i { s <- s + 1 }\nmeasure m { y = s } }";
  expect(checkText(text).diagnostics.map(({ code }) => code)).toEqual(["AM2033"]);
});
