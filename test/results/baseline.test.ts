import { describe, expect, test } from "vitest";
import type { Baseline } from "../../src/results/baseline.js";
import { baselineOf, compareWithBaseline, differenceWords } from "../../src/results/baseline.js";
import type { Verdict } from "../../src/results/chart-types.js";
import type { JudgedClaims } from "../../src/results/judged.js";
import { expectation, judged, measuring, verdict } from "./judged.js";

const of = (...claims: readonly Verdict[]): JudgedClaims => judged({ e: claims });
const wordsOf = (before: Baseline, after: JudgedClaims): readonly string[] =>
  compareWithBaseline("b.json", before, after).differences.map(
    (difference) => `${difference.experiment}.${difference.claim} ${differenceWords(difference)}`,
  );
const recorded = (left: number | null): Baseline => baselineOf(of(verdict("a", [measuring(left)])), null);
const apart = (before: number | null, after: number | null): number =>
  wordsOf(recorded(before), of(verdict("a", [measuring(after)]))).length;

describe("numbers", () => {
  test.each([
    [1, 1, 0],
    [1, 1 + 0.9e-6, 0],
    [1, 1 + 2e-6, 1],
    [-1e-3, -1e-3 * (1 + 0.9e-6), 0],
    [-1e-3, -1e-3 * (1 + 2e-6), 1],
    [1e-3, -1e-3, 1],
    [0, 0.9e-12, 0],
    [0, 2e-12, 1],
    [1e-8, 2e-8, 1],
    [Infinity, Infinity, 0],
    [Infinity, 1e300, 1],
    [Infinity, -Infinity, 1],
    [NaN, NaN, 0],
    [NaN, 1, 1],
    [1, NaN, 1],
    [-0, 0, 0],
    [null, null, 0],
    [null, 1, 1],
    [1, null, 1],
  ])("%d recorded, %d now: %d differences", (before, after, count) => {
    expect(apart(before, after)).toBe(count);
  });
  test("are told both, with what they may be off by", () => {
    expect(wordsOf(recorded(0.25), of(verdict("a", [measuring(0.5)])))).toEqual([
      "e.a left side of fit.loss < 1: 0.25 recorded, now 0.5 (may be off by 5e-7)",
    ]);
    const fewer = expectation({ counts: { total: 4, holding: 3, failing: 1, missing: 0 } });
    expect(wordsOf(recorded(0.25), of(verdict("a", [fewer])))).toEqual([
      "e.a points that hold of fit.loss < 1: 4 recorded, now 3",
    ]);
  });
  test("are the two sides, the share, and how many points hold", () => {
    const after = expectation({
      measured: { left: "a", comparator: "<", right: "b", leftValue: 0.3, rightValue: 2, distance: null },
      share: { asked: 0.9, of: "seed", found: 0.75 },
      counts: { total: 5, holding: 3, failing: 2, missing: 0 },
    });
    const { differences } = compareWithBaseline("b.json", recorded(0.25), of(verdict("a", [after])));
    expect(differences.map(({ what, recorded: was, measured }) => [what?.name, was, measured])).toEqual([
      ["left", 0.25, 0.3],
      ["right", 1, 2],
      ["share", null, 0.75],
      ["holding", 4, 3],
      ["total", 4, 5],
    ]);
  });
});

describe("tolerances", () => {
  const after = (engine: "graph" | "portable", precision: "f32" | "f64", left: number): JudgedClaims =>
    judged({ e: [verdict("a", [measuring(left)])] }, { engine, precision });
  test.each([
    ["portable", "f32", 1 + 5e-5, 1],
    ["graph", "f32", 1 + 5e-5, 0],
    ["graph", "f32", 1 + 2e-4, 1],
    ["graph", "f64", 1 + 5e-5, 1],
    ["graph", "f64", 1 + 0.9e-6, 0],
  ] as const)("recorded on portable, now on %s in %s: %d gives %d differences", (engine, precision, left, count) => {
    expect(wordsOf(baselineOf(after("portable", precision, 1), null), after(engine, precision, left))).toHaveLength(
      count,
    );
  });
  test("are those that the file states, of the claim before those of all", () => {
    const base = recorded(1);
    const claim = base.experiments.e?.claims.a;
    if (claim === undefined) throw new Error("the claim is not recorded");
    const stated = (ofAll: object, ofClaim: object): Baseline => ({
      ...base,
      tolerance: ofAll,
      experiments: { e: { precision: "f32", claims: { a: { ...claim, tolerance: ofClaim } } } },
    });
    const now = of(verdict("a", [measuring(1.05)]));
    expect(wordsOf({ ...base, tolerance: { relative: 0.1 } }, now)).toEqual([]);
    expect(wordsOf({ ...base, tolerance: { absolute: 0.06 } }, now)).toEqual([]);
    expect(wordsOf({ ...base, tolerance: { relative: 0.01 } }, now)).toHaveLength(1);
    expect(wordsOf(stated({ relative: 0.1 }, { relative: 0.01 }), now)).toHaveLength(1);
    expect(wordsOf(stated({ relative: 0 }, { relative: 0.1 }), now)).toEqual([]);
  });
  test("stay when numbers are recorded again, of claims that are still there", () => {
    const base = recorded(1);
    const claim = base.experiments.e?.claims.a;
    if (claim === undefined) throw new Error("the claim is not recorded");
    const tolerance = { relative: 0.5 };
    const claims = { a: { ...claim, tolerance }, gone: { ...claim, tolerance } };
    const before: Baseline = { ...base, tolerance: { absolute: 1 }, experiments: { e: { precision: "f32", claims } } };
    const again = baselineOf(of(verdict("a", [measuring(2)]), verdict("new", [])), before);
    expect(again.tolerance).toEqual({ absolute: 1 });
    expect(again.experiments.e?.claims).toMatchObject({ a: { tolerance, expectations: [{ left: 2 }] } });
    expect(Object.keys(again.experiments.e?.claims ?? {})).toEqual(["a", "new"]);
    expect(again.experiments.e?.claims.new).not.toHaveProperty("tolerance");
  });
});

describe("claims", () => {
  const base = baselineOf(of(verdict("a", [measuring(1)]), verdict("b", [measuring(1)])), null);
  test("that are as recorded make no difference", () => {
    expect(compareWithBaseline("b.json", base, of(verdict("a", [measuring(1)]), verdict("b", [measuring(1)])))).toEqual(
      {
        ...{ file: "b.json", compared: 2, differences: [] },
      },
    );
  });
  test("with another verdict or condition are told once", () => {
    const after = of(
      verdict("a", [measuring(1)], { verdict: "undecided" }),
      verdict("b", [expectation({ text: "fit.loss < 2" })]),
    );
    expect(wordsOf(base, after)).toEqual([
      "e.a verdict: holds recorded, now undecided",
      "e.b condition: `fit.loss < 1` recorded, now `fit.loss < 2`",
    ]);
  });
  test("that are new or gone are told, with their experiments", () => {
    const after = judged({ e: [verdict("b", [measuring(1)])], f: [verdict("a", [])] });
    expect(wordsOf(base, after)).toEqual([
      "e.a is in the baseline, and not in the spec any more",
      "f.a is not in the baseline",
    ]);
    expect(wordsOf(base, judged({}))).toHaveLength(2);
  });
  test("may be named like what every object has", () => {
    const names = ["constructor", "toString", "__proto__", "hasOwnProperty"];
    const odd = of(...names.map((name) => verdict(name, [measuring(1)])));
    expect(wordsOf(base, odd)).toHaveLength(names.length + 2);
    expect(wordsOf(baselineOf(odd, null), odd)).toEqual([]);
    expect(wordsOf(baselineOf(odd, base), of())).toHaveLength(names.length);
  });
});
