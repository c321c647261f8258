/** `x in E` for every form of list, in runs and in what is known before them, against JavaScript's own. */
import { describe, expect, test } from "vitest";
import { agreesWithOracle, runText } from "../support/spec-runs.js";
import { checkText } from "./support.js";

const lists = `experiment e {
  sweep n in [3, 5]
  sweep kind in {a, b, c}
  axis i = 6
  axis probe in {near, far}
  let few = [1, 4]
  let both = concat(few, 2..3, powers(2, 3..4))
  let chosen = case kind { a: few, b: 0..1, else: linspace(0, 5, n) }
  let known = n in linspace(1, 9, 5)
  measure m {
    x[i] = i / 2
    range[i] = if i in 2..n then 1 else 0
    whole[i] = if x[i] in 1..2 then 1 else 0
    named[i] = if i in few then 1 else 0
    joined[i] = if 4 * i in both then 1 else 0
    by_label[i] = if i in chosen then 1 else 0
    spaced[i] = if x[i] in linspace(0, 3, n) then 1 else 0
    ratios[i] = if i + 1 in logspace(1, 4, 3) then 1 else 0
    constant = if known then 1 else 0
    labels = if kind in [a, c] then 1 else 0
    position[probe] = if probe in [far] then 1 else 0
    summed = sum(i where i in powers(2, 0..2)) x[i]
    never = if n in [] or n in 5..4 then 1 else 0
  }
}
`;
const positions = [0, 1, 2, 3, 4, 5];
const share = (list: readonly number[], of: (i: number) => number = (i) => i): readonly number[] =>
  positions.map((i) => Number(list.includes(of(i))));

type Expected = Readonly<Record<string, (n: number, kind: string) => readonly number[]>>;
const expected: Expected = {
  range: (n) => share(n === 3 ? [2, 3] : [2, 3, 4, 5]),
  whole: () => share([1, 2], (i) => i / 2),
  named: () => share([1, 4]),
  joined: () => share([1, 4, 2, 3, 8, 16], (i) => 4 * i),
  by_label: (n, kind) =>
    share(kind === "a" ? [1, 4] : kind === "b" ? [0, 1] : n === 3 ? [0, 2.5, 5] : [0, 1.25, 2.5, 3.75, 5]),
  spaced: (n) => share(n === 3 ? [0, 1.5, 3] : [0, 0.75, 1.5, 2.25, 3], (i) => i / 2),
  ratios: () => share([1, 2, 4], (i) => i + 1),
  constant: (n) => [Number([1, 3, 5, 7, 9].includes(n))],
  labels: (_, kind) => [Number(kind !== "b")],
  position: () => [0, 1],
  summed: () => [0.5 + 1 + 2],
  never: () => [0],
};

describe("lists that a value is looked for in", () => {
  test.each(["graph", "portable"] as const)("%s", async (engine) => {
    expect(checkText(lists).diagnostics).toEqual([]);
    await runText(lists, engine, (results, plan) => {
      const [phase] = plan.phases;
      for (const [name, of] of Object.entries(expected)) {
        const { values = [] } = results.column("m", name) ?? {};
        const found = Array.from(values);
        // The axes of sweeps that a result does not depend on are left out of it; `phase` has them all, the first slowest.
        const all = [3, 5].flatMap((n) => ["a", "b", "c"].map((kind) => of(n, kind)));
        expect(phase?.points.length).toBe(6);
        expect(found, name).toEqual(all.flat());
      }
    });
    await agreesWithOracle(lists, engine, 1e-6);
  });

  test.each([
    ["n in 3", "AM3009"],
    ["n in [1, true]", "AM3009"],
    ["(n > 1) in [1]", "AM3001"],
    ["kind in [d]", "AM2013"],
    ["kind in 1..2", "AM3009"],
    ["n in linspace(0, 1)", "AM3010"],
    ["n ++ n == 2", "AM3030"],
    ["n > 0 then 1 else 0; q = n | n; v = if n > 1", "AM3030"],
  ])("%s: %s", (condition, code) => {
    const text = `experiment e { sweep kind in {a, b}; sweep n in [1, 2]
measure m { y = if ${condition} then 1 else 0; z = n; k = if kind == a then 1 else 0 } }`;
    expect(checkText(text).diagnostics.map((diagnostic) => diagnostic.code)).toEqual([code]);
  });
});
