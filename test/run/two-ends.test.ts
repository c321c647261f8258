/** `until` beside `stop when`: what rests holds its last value, what is only stopped is missing later. */
import { describe, expect, it, test } from "vitest";
import { heldEntries } from "../../src/results/held.js";
import type { StoredResults } from "../../src/results/source.js";
import { enginesHere } from "../engine/graph/native.js";
import { runText } from "../support/spec-runs.js";

const engines = Object.keys(enginesHere()) as ("graph" | "portable")[];

/** Halves until it is small, unless a counter gets there first, or neither does. */
const run = `experiment e {
  precision f64
  sweep most in [2, 3, 9]
  sweep start in [4, 64]
  evolve go {
    state s = start
    state n = 0
    s <- s / 2
    n <- n + 1
    for 5 steps
    until s <= 1
    stop when n == most
    record { s, n }
  }
  measure later { ended = go.stopped; after = go.steps }
}`;

/** Each query rests on its own; the sum of all stops the run. */
const slices = `experiment e {
  precision f64
  sweep low in [0, 6.5]
  axis query = 3
  axis k = 2
  evolve go {
    state s[query] = 2^(position(query) + 1)
    s[query] <- s[query] / 2
    for 5 steps
    until[query] s[query] <= 1
    stop when sum(query) s[query] < low
    record { s, all_of[k] = k + sum(query) s[query], both[k, query] = k + s[query] }
    record stepwise { was[query] = s[query] }
  }
  measure later { ended[query] = go.stopped[query]; after[query] = go.steps[query] }
}`;

const valuesOf = (results: StoredResults, phase: string, name: string): readonly number[] => [
  ...(results.cells(phase, name)?.values ?? []),
];

describe.each(engines)("two ends on %s", (engine) => {
  it("hold or miss as each run ended", async () => {
    await runText(run, engine, (results) => {
      const found = valuesOf(results, "go", "s");
      const steps = results.column("go", "steps")?.values ?? [];
      const stopped = results.column("go", "stopped")?.values ?? [];
      [2, 3, 9].forEach((most, i) =>
        [4, 64].forEach((start, j) => {
          const point = i * 2 + j;
          const expected: number[] = [];
          let [s, n, end] = [start, 0, ""];
          for (let step = 0; step <= 5; step++) {
            if (end === "") end = s <= 1 ? "rest" : n === most ? "stop" : "";
            expected.push(end === "stop" ? NaN : s);
            if (end !== "" || step === 5) continue;
            s /= 2;
            n += 1;
          }
          expect(found.slice(point * 6, point * 6 + 6)).toEqual(expected);
          expect(steps[point]).toBe(n);
          expect(stopped[point]).toBe(Number(end !== ""));
          expect(results.cells("go", "s")?.last?.values[point]).toBe(s);
        }),
      );
      expect(valuesOf(results, "later", "ended")).toEqual([...stopped]);
      expect(valuesOf(results, "later", "after")).toEqual([...steps]);
    });
  });

  it("hold the slices that rest, and miss the others and what is made of all", async () => {
    await runText(slices, engine, (results) => {
      const nan = NaN;
      // Without the stop: 2 4 8, 1 2 4, 1 1 2, 1 1 1.
      const free = [2, 4, 8, 1, 2, 4, 1, 1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1];
      const cut = [2, 4, 8, 1, 2, 4, 1, 1, nan, 1, 1, nan, 1, 1, nan, 1, 1, nan];
      expect(valuesOf(results, "go", "s")).toEqual([...free, ...cut]);
      const sums = (list: readonly number[]): number[] =>
        [0, 1, 2, 3, 4, 5].flatMap((step) => {
          const sum = list.slice(3 * step, 3 * step + 3).reduce((a, b) => a + b, 0);
          return [sum, 1 + sum];
        });
      expect(valuesOf(results, "go", "all_of")).toEqual([...sums(free), ...sums(cut)]);
      const both = (list: readonly number[]): number[] =>
        [0, 1, 2, 3, 4, 5].flatMap((step) => {
          const row = list.slice(3 * step, 3 * step + 3);
          return [...row, ...row.map((value) => value + 1)];
        });
      expect(valuesOf(results, "go", "both")).toEqual([...both(free), ...both(cut)]);
      // The last step that was taken is 2, and 1 in the run that was cut: what was made in it is held.
      const was = [...free.slice(0, 9), 1, 1, 2, 1, 1, 2, ...cut.slice(0, 6), 1, 2, nan, 1, 2, nan, 1, 2, nan];
      expect(valuesOf(results, "go", "was")).toEqual(was);
      expect(valuesOf(results, "later", "ended")).toEqual([1, 1, 1, 1, 1, 1]);
      expect(valuesOf(results, "later", "after")).toEqual([1, 2, 3, 1, 2, 2]);
      expect([...(results.cells("go", "s")?.last?.values ?? [])]).toEqual([1, 1, 1, 1, 1, 2]);
    });
  });

  it.each([
    ["until s == previous(s)", 1],
    ["stop when s == previous(s)", 1],
    ["stop when same", 1],
    ["until s >= 1", 0],
    ["stop when s >= 1", 0],
  ])("are judged from step 1 on where they look back, and only there: %s", async (end, steps) => {
    const text = `experiment e {
  evolve go {
    state s = 1
    s <- s
    for 4 steps
    ${end}
    record { same = s == previous(s), s }
  }
}`
      .replace("stop when same", "same = s == previous(s)\n    stop when same")
      .replace(/record \{ same = s == previous\(s\), s \}/u, end === "stop when same" ? "record { s }" : "$&");
    await runText(text, engine, (results) => {
      expect(results.column("go", "steps")?.values[0]).toBe(steps);
    });
  });
});

test("entries hold by the axes that they share with slices; padding counts for nothing", () => {
  const axis = (name: string, size: number, extent = size) => ({
    name,
    coordinates: [Array.from({ length: size }, (_, k) => k)],
    extents: [extent],
    labels: null,
    integer: true,
  });
  const result = { axes: [axis("i", 2), axis("q", 2, 3)] };
  const rests = { result: { axes: [axis("q", 2, 3), axis("r", 2)] }, rests: [1, 1, 1, 0, 0, 0] };
  expect([...heldEntries(result, 0, rests)]).toEqual([1, 0, 1, 1, 0, 1]);
  expect([...heldEntries({ axes: [axis("i", 2)] }, 0, rests)]).toEqual([0, 0]);
  expect([...heldEntries({ axes: [] }, 0, { ...rests, rests: [1, 1, 1, 1, 0, 0] })]).toEqual([1]);
});
